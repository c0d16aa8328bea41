import { Big } from 'big.js';
import { hashOf, isOneIn } from '../random.ts';
import { countUp, DAY_MS, type Desk, publish, schedule } from './desk.ts';
import { findProduct, post, quarantine, writeOff } from './stock.ts';

const REASON_CODES = ['DAMAGED', 'WRONG-ITEM', 'UNWANTED', 'REFUSED'] as const;
/** One return in so many arrives without a word on its order. */
const ANONYMOUS_EVERY = 7;

/** A customer sends part of a shipped order back, and it is put into stock again. */
export function receiveReturn(desk: Desk, orderId: string): void {
  const order = desk.book.orders.get(orderId);
  const shipped = order?.shipments[0]?.packages[0]?.items[0];
  const item = shipped === undefined ? undefined : order?.body.Items[shipped.line];
  const product = item === undefined ? undefined : findProduct(desk.book, item.Sku);
  if (order === undefined || product === undefined) return;
  const id = `RMA${String(countUp(desk.book, 'return')).padStart(6, '0')}`;
  const reasonCode = REASON_CODES[hashOf(desk.seed, 'reason', orderId) % REASON_CODES.length] ?? 'UNWANTED';
  const isAnonymous = isOneIn(ANONYMOUS_EVERY, desk.seed, 'anonymous', orderId);
  const record = {
    id,
    updateIndex: 0n,
    orderId: isAnonymous ? id : order.id,
    createdAt: desk.at,
    notes: 'Box opened\nContents checked',
    items: [{ productId: product.id, quantity: '1', reasonCode, notes: 'Put back into stock' }],
  };
  desk.book.returns.set(id, record);
  publish(desk, 'Returns', record);
  post(desk, product, 'Adjustment', id, new Big(1));
}

/** A day in the warehouse: one product is counted, and on every third day something goes into quarantine. */
export function passDay(desk: Desk, day: number): void {
  schedule(desk, DAY_MS, 'day', '', day + 1);
  if (!desk.switches.dailyAdjustments) return;
  const products = [...desk.book.products.values()].filter(({ components }) => components.length === 0);
  const product = products[hashOf(desk.seed, 'day', day) % products.length];
  if (product === undefined) return;
  const free = new Big(product.onHand).minus(product.quarantined);
  const difference = new Big((hashOf(desk.seed, 'difference', day) % 9) - 4);
  if (!difference.eq(0) && free.plus(difference).gte(0)) {
    post(desk, product, 'Adjustment', `COUNT-${day}`, difference);
  }
  if (day % 3 !== 0 || free.lt(6)) return;
  quarantine(desk, product, new Big(2), `QUARANTINE-${day}`);
  schedule(desk, 7 * DAY_MS, 'write-off', product.id, day);
}

/** What was put into quarantine on that day leaves the stock. */
export function endQuarantine(desk: Desk, productId: string, day: number): void {
  const product = desk.book.products.get(productId);
  if (product !== undefined) writeOff(desk, product, new Big(2), `QUARANTINE-${day}`);
}
