import { type Answer } from '../frame.ts';
import { answer, refusedFor } from './answers.ts';
import { DAY_MS, type Desk, idOf } from './desk.ts';
import { type Call, readDocument } from './intake.ts';
import { type Page, type Shipment } from './state.ts';
import { type ListBody, type TimeWindow } from './types.ts';
import { viewShipment } from './views.ts';

const LONGEST_WINDOW_MS = 30 * DAY_MS;

/** POST /shipments/list */
export function listShipments(call: Call): Answer {
  const { desk } = call;
  const read = readDocument(call, 'list');
  if ('refusal' in read) return read.refusal;
  const { body } = read;
  const limit = Math.min(body.limit ?? 1000, desk.switches.listPageSize);
  if (body.paginationToken !== undefined) return continueList(desk, body.paginationToken);
  const refusal = refuseList(body);
  if (refusal !== undefined) return refusal;
  const ids = select(desk, body).map(({ id }) => id);
  return showPage(desk, { ids, from: 0, limit, endsAt: 0 });
}

function refuseList(body: ListBody): Answer | undefined {
  for (const name of ['lastUpdatedAt', 'createdAt'] as const) {
    const { startsAt, endsAt } = body[name] ?? {};
    if (startsAt === undefined || endsAt === undefined || endsAt - startsAt <= LONGEST_WINDOW_MS) continue;
    return invalid(name, `${name} must not span more than 30 days`);
  }
  if ((body.pickupTime?.startsAt === undefined) === (body.deliveryTime?.endsAt === undefined)) return undefined;
  return invalid('pickupTime', 'pickupTime.startsAt and deliveryTime.endsAt go together');
}

function invalid(parameter: string, message: string): Answer {
  return refusedFor(400, 'INVALID_DATA', message, { parameter });
}

function select({ tenant, at, switches }: Desk, body: ListBody): Shipment[] {
  const hasFilter = Object.keys(body).some((name) => name !== 'limit');
  const asked: ListBody = hasFilter ? body : { lastUpdatedAt: { startsAt: at - DAY_MS } };
  const found = [...tenant.shipments.values()].filter((shipment) => fits(shipment, asked));
  found.sort((one, other) => one.lastUpdatedAt - other.lastUpdatedAt || (one.id < other.id ? -1 : 1));
  return switches.listOrder === 'oldest' ? found : found.toReversed();
}

function fits(shipment: Shipment, asked: ListBody): boolean {
  const { body, status } = shipment;
  return (
    isWithin(shipment.lastUpdatedAt, asked.lastUpdatedAt) &&
    isWithin(shipment.createdAt, asked.createdAt) &&
    asked.orderExternalIds?.includes(body.orderExternalId) !== false &&
    asked.locationExternalIds?.includes(body.locationExternalId ?? '') !== false &&
    asked.status?.includes(status) !== false &&
    (asked.groupId === undefined || asked.groupId === body.groupId) &&
    (asked.pickupTime?.startsAt ?? -Infinity) <= (body.pickupTime?.startsAt ?? -Infinity) &&
    (asked.deliveryTime?.endsAt ?? Infinity) >= (body.deliveryTime?.endsAt ?? Infinity)
  );
}

function isWithin(time: number, window: TimeWindow = {}): boolean {
  return time >= (window.startsAt ?? 0) && time <= (window.endsAt ?? Infinity);
}

function continueList(desk: Desk, token: string): Answer {
  const page = desk.tenant.pages.get(token);
  if (page !== undefined && page.endsAt > desk.at) return showPage(desk, page);
  return invalid('paginationToken', 'The paginationToken is unknown or over');
}

function showPage(desk: Desk, page: Page): Answer {
  const { tenant, switches } = desk;
  const end = page.from + page.limit;
  const shown = page.ids.slice(page.from, end).flatMap((id) => tenant.shipments.get(id) ?? []);
  const next = end < page.ids.length ? keepPage(desk, { ...page, from: end }) : null;
  const isSilent = next === null && switches.lastPageToken === 'absent';
  return answer(200, {
    data: shown.map((shipment) => viewShipment(shipment, tenant)),
    ...(isSilent ? {} : { paginationToken: { next, previous: null } }),
  });
}

function keepPage(desk: Desk, page: Page): string {
  const { pages } = desk.tenant;
  for (const [token, { endsAt }] of pages) if (endsAt <= desk.at) pages.delete(token);
  desk.tenant.counter += 1;
  const token = idOf(desk, 'page', desk.tenant.counter);
  pages.set(token, { ...page, endsAt: desk.at + desk.switches.pageTokenSeconds * 1000 });
  return token;
}
