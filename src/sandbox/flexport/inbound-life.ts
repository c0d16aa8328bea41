import { itemsOf } from './checks.ts';
import { countUp, type Desk, happens, MINUTE_MS, schedule, tell } from './desk.ts';
import { type InboundCount, type InboundRecord } from './state.ts';
import { adjust } from './stock.ts';
import { type InboundBody } from './types.ts';

/** Statuses on the way, by minutes after creation. */
const MOVES: readonly (readonly [status: string, minutes: number])[] = [
  ['READY_TO_SHIP', 5],
  ['IN_TRANSIT', 10],
  ['ARRIVED', 30],
  ['RECEIVING', 40],
];
/** Units are received in two steps. */
const RECEIVE_MINUTES = [45, 55];

export function receiveInbound(desk: Desk, body: InboundBody): InboundRecord {
  const { book, at } = desk;
  const id = String(5_510_000 + countUp(book, 'inbound'));
  const inbound: InboundRecord = {
    id,
    receivingId: String(7_000_000 + countUp(book, 'receiving')),
    status: 'PENDING',
    body,
    counts: itemsOf(body).map((item) => ({
      itemId: String(880_000 + countUp(book, 'inbound-item')),
      logisticsSku: item.logisticsSku,
      lineItemId: item.lineItemId,
      expected: item.quantity,
      sellable: 0,
      damaged: 0,
    })),
    arrivedAt: null,
    completedAt: null,
    createdAt: at,
  };
  book.inbounds.set(id, inbound);
  if (body.shippingPlanExternalId !== undefined) book.externalIds.set(`inbound ${body.shippingPlanExternalId}`, id);
  for (const [turn, [, minutes]] of MOVES.entries()) schedule(desk, at + minutes * MINUTE_MS, 'inbound-move', id, turn);
  for (const [turn, minutes] of RECEIVE_MINUTES.entries()) {
    schedule(desk, at + minutes * MINUTE_MS, 'inbound-receive', id, turn);
  }
  return inbound;
}

function setStatus(desk: Desk, inbound: InboundRecord, status: string): void {
  inbound.status = status;
  if (status === 'ARRIVED') inbound.arrivedAt = desk.at;
  if (status === 'COMPLETED') inbound.completedAt = desk.at;
  tell(desk, 'Inbound.ShipmentStatusChanged', { shipmentId: inbound.id, status });
}

const rankOf = (status: string): number => MOVES.findIndex(([own]) => own === status);

/** Moves on to a status, unless the shipment is beyond it. */
export function moveInbound(desk: Desk, id: string, turn: number): void {
  const inbound = desk.book.inbounds.get(id);
  const [status] = MOVES[turn] ?? [];
  const isBeyond = inbound === undefined || inbound.status === 'COMPLETED' || rankOf(inbound.status) >= turn;
  if (!isBeyond && status !== undefined) setStatus(desk, inbound, status);
}

/** Receives half of each item, or the rest of it, part of which may be damaged. */
export function receiveUnits(desk: Desk, id: string, turn: number): void {
  const inbound = desk.book.inbounds.get(id);
  if (inbound === undefined || inbound.status === 'COMPLETED') return;
  for (const count of inbound.counts) {
    const open = count.expected - count.sellable - count.damaged;
    const units = turn === 0 ? Math.floor(open / 2) : open;
    const isDamaged = turn > 0 && happens(desk, desk.switches.damageEvery, 'damage', count.itemId);
    receiveItem(desk, inbound, count, units, isDamaged ? Math.min(1, units) : 0);
  }
  if (turn === RECEIVE_MINUTES.length - 1) setStatus(desk, inbound, 'COMPLETED');
}

function receiveItem(desk: Desk, inbound: InboundRecord, count: InboundCount, units: number, damaged: number): void {
  const sellable = units - damaged;
  if (units === 0) return;
  count.sellable += sellable;
  count.damaged += damaged;
  const product = desk.book.products.get(count.logisticsSku);
  // Goods are measured when they come; from then on their dimensions stand.
  if (product !== undefined && product.body.dimensions !== undefined) product.dimsLocked = true;
  for (const [type, amount] of Object.entries({ SELLABLE: sellable, DAMAGED: damaged })) {
    if (amount > 0) tell(desk, 'Inbound.Received', { shipmentItemId: Number(count.itemId), amount, type });
  }
  const pool = inbound.body.shipmentDestination === 'STORAGE' ? 'STORAGE' : 'DEFAULT';
  const { logisticsSku } = count;
  adjust(desk, { pool, logisticsSku, available: sellable, unavailable: damaged, reason: 'ASN_RECEIVE' });
}

/** False when the shipment has arrived. */
export function changeInbound(
  desk: Desk,
  inbound: InboundRecord,
  change: { shippingPlanName: string | undefined; status: string | undefined },
): boolean {
  const { shippingPlanName, status } = change;
  if (inbound.arrivedAt !== null || inbound.completedAt !== null) return false;
  if (status !== undefined && rankOf(status) < rankOf(inbound.status)) return false;
  if (shippingPlanName !== undefined) inbound.body.shippingPlanName = shippingPlanName;
  if (status !== undefined && status !== inbound.status) setStatus(desk, inbound, status);
  return true;
}
