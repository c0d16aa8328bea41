import { type Answer } from '../frame.ts';
import { json, refused } from './answers.ts';
import { checkReturn } from './checks.ts';
import { countUp, DAY_MS, type Desk, isoTimeOrNull, schedule, tell } from './desk.ts';
import { type Call, type Operation, readDocument } from './intake.ts';
import { linkPage } from './paging.ts';
import { nextTrackingNumber } from './parcels.ts';
import { shown } from './shown.ts';
import { type Book, type ReturnRecord } from './state.ts';
import { adjust } from './stock.ts';

const MOVES: readonly (readonly [status: string, days: number])[] = [
  ['SHIPPED', 1],
  ['RECEIVED_FOR_PROCESSING', 4],
  ['PROCESSED', 5],
];
const LABEL_STATUS: Readonly<Record<string, string>> = {
  CREATED: 'CREATED',
  SHIPPED: 'SHIPPED',
  CANCELLED: 'CANCELLED',
};

/** The vendor's own sandbox has no returns. */
function offered(operation: Operation): Operation {
  return (call) =>
    call.desk.switches.profile === 'vendor' ? refused(403, 'Returns are not offered here') : operation(call);
}

/** POST /returns */
export const createReturn = offered((call) => {
  const { desk } = call;
  const read = readDocument(call, 'return', (body) => checkReturn(desk, body));
  if (read.refusal !== undefined) return read.refusal;
  const { externalReturnId, externalLabel } = read.body;
  if (desk.book.externalIds.has(`return ${externalReturnId}`)) {
    return refused(409, `A return with external id ${externalReturnId} is already present`);
  }
  const label = externalLabel ?? { carrier: 'UPS', trackingCode: nextTrackingNumber(desk) };
  const record: ReturnRecord = {
    id: 330_000 + countUp(desk.book, 'return'),
    status: 'CREATED',
    body: { ...read.body, externalLabel: label },
    createdAt: desk.at,
    shippedAt: null,
    receivedAt: null,
    inspectedAt: null,
  };
  desk.book.returns.set(String(record.id), record);
  desk.book.externalIds.set(`return ${externalReturnId}`, String(record.id));
  tellReturn(desk, record);
  for (const [turn, [, days]] of MOVES.entries()) {
    schedule(desk, desk.at + days * DAY_MS, 'return-move', String(record.id), turn);
  }
  return json(201, shown(desk, viewReturn(desk.book, record)));
});

function onReturn(perform: (call: Call, record: ReturnRecord) => Answer): Operation {
  return offered((call) => {
    const record = call.desk.book.returns.get(call.id);
    return record === undefined ? refused(404, `Return ${call.id} not found`) : perform(call, record);
  });
}

/** GET /returns/{id} */
export const getReturn = onReturn(({ desk }, record) => json(200, shown(desk, viewReturn(desk.book, record))));

/** POST /returns/{id}/cancel */
export const cancelReturn = onReturn(({ desk }, record) => {
  if (record.status !== 'CREATED') return refused(400, `Return ${record.id} is ${record.status}`);
  record.status = 'CANCELLED';
  tellReturn(desk, record);
  return json(200, shown(desk, viewReturn(desk.book, record)));
});

/** GET /returns?externalReturnId=&rma=&trackingCode=&status=&limit=&page_info= */
export const listReturns = offered((call) => {
  const { desk, request } = call;
  const told = (record: ReturnRecord): Record<string, string | undefined> => ({
    externalReturnId: record.body.externalReturnId,
    rma: record.body.rma,
    trackingCode: record.body.externalLabel?.trackingCode,
    status: record.status,
  });
  const wanted = ['externalReturnId', 'rma', 'trackingCode', 'status'].filter((name) => request.query.has(name));
  const fitting = [...desk.book.returns.values()].filter((record) =>
    wanted.every((name) => told(record)[name] === request.query.get(name)),
  );
  return linkPage(call, fitting, (record) => viewReturn(desk.book, record));
});

/** A return moves on, until it is processed or cancelled. */
export function moveReturn(desk: Desk, id: string, turn: number): void {
  const record = desk.book.returns.get(id);
  const [status] = MOVES[turn] ?? [];
  if (record === undefined || status === undefined || record.status === 'CANCELLED') return;
  record.status = status;
  if (status === 'SHIPPED') record.shippedAt = desk.at;
  if (status === 'RECEIVED_FOR_PROCESSING') record.receivedAt = desk.at;
  if (status === 'PROCESSED') inspect(desk, record);
  tellReturn(desk, record);
}

function inspect(desk: Desk, record: ReturnRecord): void {
  record.inspectedAt = desk.at;
  for (const { identifier, type, quantity } of record.body.returnItems) {
    const logisticsSku = type === 'SKU' ? (desk.book.skus.get(identifier) ?? '') : identifier;
    adjust(desk, { pool: 'DEFAULT', logisticsSku, available: quantity, unavailable: 0, reason: 'RETURN' });
  }
}

function tellReturn(desk: Desk, record: ReturnRecord): void {
  tell(desk, 'Return.Updated', viewReturn(desk.book, record));
}

function viewReturn(book: Book, record: ReturnRecord): Record<string, unknown> {
  const { body, status } = record;
  const isProcessed = record.inspectedAt !== null;
  const inspected = { receivedCondition: 'NEW', finalCondition: 'NEW', disposition: 'RESTOCK' };
  return {
    id: record.id,
    status,
    rma: body.rma,
    externalReturnId: body.externalReturnId,
    fulfillmentOrderId: body.logisticsOrderId ?? null,
    shippingLabel: { ...body.externalLabel, trackingStatus: LABEL_STATUS[status] ?? 'DELIVERED' },
    returnItems: body.returnItems.map(({ identifier, type, quantity }) => ({
      identifier: type === 'SKU' ? (book.skus.get(identifier) ?? identifier) : identifier,
      expectedQuantity: quantity,
      inspectedItems: isProcessed ? Array.from({ length: quantity }, () => inspected) : [],
    })),
    shippedAt: isoTimeOrNull(record.shippedAt),
    receivedAt: isoTimeOrNull(record.receivedAt),
    inspectedAt: isoTimeOrNull(record.inspectedAt),
  };
}
