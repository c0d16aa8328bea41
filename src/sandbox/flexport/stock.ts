import { countUp, type Desk, tell } from './desk.ts';
import { type Book, type ProductRecord, type StockRecord } from './state.ts';

export const POOLS = ['DEFAULT', 'UNALLOCATED', 'STORAGE', 'PREP'];

/** The stock of a product in a pool; empty when there never was any. */
export function stockOf(book: Book, pool: string, logisticsSku: string): StockRecord {
  const key = `${pool} ${logisticsSku}`;
  let record = book.stock.get(key);
  if (record === undefined) {
    record = { onHand: 0, available: 0, unavailable: 0 };
    book.stock.set(key, record);
  }
  return record;
}

interface Change {
  pool: string;
  logisticsSku: string;
  available: number;
  unavailable: number;
  reason: string;
}

/** Adds units to a pool and tells of it. */
export function adjust(desk: Desk, { pool, logisticsSku, available, unavailable, reason }: Change): void {
  const record = stockOf(desk.book, pool, logisticsSku);
  record.onHand += available + unavailable;
  record.available += available;
  record.unavailable += unavailable;
  const changes = [
    { state: 'AVAILABLE', delta: available },
    { state: 'UNAVAILABLE', delta: unavailable },
  ].filter(({ delta }) => delta !== 0);
  if (changes.length === 0) return;
  const adjustmentId = String(countUp(desk.book, 'adjustment'));
  // The field is spelled in this way in this event alone.
  tell(desk, 'Inventory.Adjusted', { adjustmentId, reason, adjustments: [{ logisticsSKU: logisticsSku, changes }] });
}

/** Sets units of the sellable pool aside for an order. */
export function reserve(book: Book, logisticsSku: string, units: number): void {
  stockOf(book, 'DEFAULT', logisticsSku).available -= units;
}

/** Reserved units leave the warehouse. */
export function takeOut(desk: Desk, logisticsSku: string, units: number): void {
  reserve(desk.book, logisticsSku, -units);
  adjust(desk, { pool: 'DEFAULT', logisticsSku, available: -units, unavailable: 0, reason: 'SHIPPED' });
}

/** Units of each SKU; lines of one SKU are added up. */
export function sumUnits(lines: readonly { logisticsSku: string; quantity: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { logisticsSku, quantity } of lines) sums.set(logisticsSku, (sums.get(logisticsSku) ?? 0) + quantity);
  return sums;
}

/** SKUs of which less is available than is needed. */
export function missingSkus(book: Book, needed: ReadonlyMap<string, number>): string[] {
  return [...needed].filter(([sku, units]) => stockOf(book, 'DEFAULT', sku).available < units).map(([sku]) => sku);
}

/** The product of a merchant SKU. */
export function findBySku(book: Book, merchantSku: string): ProductRecord | undefined {
  return book.products.get(book.skus.get(merchantSku) ?? '');
}
