import { Big } from 'big.js';
import { isOneIn } from '../random.ts';
import { DAY_MS, type Desk, HOUR_MS, MINUTE_MS, publish, schedule } from './desk.ts';
import { ship } from './shipping.ts';
import { type OrderRecord } from './state.ts';
import { allocate, ensureProduct, toEach } from './stock.ts';

const PROCESS_AFTER_MS = 15 * MINUTE_MS;
/** After the start of processing, which is an hour after receipt. */
const SHIP_AFTER_MS = 45 * MINUTE_MS;

/** Books a new order and sets its life going. */
export function receiveOrder(desk: Desk, order: OrderRecord): void {
  desk.book.orders.set(order.id, order);
  allocateOpen(desk, order, 1);
  publish(desk, 'Orders', order);
  schedule(desk, PROCESS_AFTER_MS, 'order-process', order.id);
}

/** Gives an unprocessed order its address; one that waited for it is processed in due time. */
export function redirectOrder(desk: Desk, order: OrderRecord): void {
  publish(desk, 'Orders', order);
  if (desk.at >= order.receivedAt + PROCESS_AFTER_MS) schedule(desk, PROCESS_AFTER_MS, 'order-process', order.id);
}

/** Closes an order without shipments. */
export function cancelOrder(desk: Desk, order: OrderRecord): void {
  allocateOpen(desk, order, -1);
  order.open = order.open.map(() => '0');
  order.status = 'cancelled';
  publish(desk, 'Orders', order);
}

/** From here on the order can be neither changed nor cancelled. Orders without an address wait. */
export function processOrder(desk: Desk, id: string): void {
  const order = desk.book.orders.get(id);
  if (order?.status !== 'received' || order.shipTo === undefined) return;
  if (isOneIn(desk.switches.manualCancelEvery, desk.seed, 'manual-cancel', id)) return cancelOrder(desk, order);
  order.status = 'processing';
  publish(desk, 'Orders', order);
  schedule(desk, SHIP_AFTER_MS, 'order-ship', id);
}

/** Ships an order: whole, in two parts, or closed short with the rest shipped late. */
export function shipOrder(desk: Desk, id: string): void {
  const order = desk.book.orders.get(id);
  if (order?.status !== 'processing' || order.shipments.length > 0) return;
  const half = takeHalf(order.open);
  const isSplit = half !== undefined && isOneIn(desk.switches.splitEvery, desk.seed, 'split', id);
  const isLate = half !== undefined && !isSplit && isOneIn(desk.switches.lateEvery, desk.seed, 'late', id);
  ship(desk, order, isSplit || isLate ? half : order.open);
  if (isSplit) schedule(desk, 4 * HOUR_MS, 'order-rest', id);
  else closeOrder(desk, order);
  if (isLate) schedule(desk, DAY_MS, 'order-rest', id);
  publish(desk, 'Orders', order);
}

/** Ships what is left, also of an order that was closed already. */
export function shipRest(desk: Desk, id: string): void {
  const order = desk.book.orders.get(id);
  if (order === undefined || order.status === 'cancelled' || isShipped(order)) return;
  ship(desk, order, order.open);
  if (order.status !== 'closed') closeOrder(desk, order);
  publish(desk, 'Orders', order);
}

/** Removes a product's items from an unprocessed order; an order left without any is cancelled. */
export function removeItems(desk: Desk, order: OrderRecord, productId: string): void {
  allocateOpen(desk, order, -1);
  const kept = order.body.Items.map((item) => ensureProduct(desk, item.Sku).id !== productId);
  order.body.Items = order.body.Items.filter((_item, line) => kept[line]);
  order.open = order.open.filter((_quantity, line) => kept[line]);
  if (order.body.Items.length === 0) return cancelOrder(desk, order);
  allocateOpen(desk, order, 1);
  publish(desk, 'Orders', order);
}

function isShipped(order: OrderRecord): boolean {
  return order.open.every((quantity) => new Big(quantity).eq(0));
}

function closeOrder(desk: Desk, order: OrderRecord): void {
  order.status = 'closed';
  const { seed, switches } = desk;
  if (isOneIn(switches.returnEvery, seed, 'return', order.id)) schedule(desk, 2 * HOUR_MS, 'return', order.id);
}

/** About half of the quantities, leaving something on both sides; undefined where that cannot be. */
function takeHalf(open: readonly string[]): string[] | undefined {
  if (open.length > 1) return open.map((quantity, line) => (line * 2 < open.length ? quantity : '0'));
  const only = new Big(open[0] ?? 0);
  return only.gte(2) ? [only.div(2).round(0, Big.roundDown).toFixed()] : undefined;
}

function allocateOpen(desk: Desk, order: OrderRecord, sign: 1 | -1): void {
  order.body.Items.forEach((item, line) => {
    const product = ensureProduct(desk, item.Sku);
    const units = toEach(product, order.open[line] ?? 0, item.UnitOfMeasure ?? product.salesUnit);
    allocate(product, units.times(sign));
  });
}
