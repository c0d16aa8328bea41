import { Big } from 'big.js';
import { hashOf, isOneIn } from '../random.ts';
import { countUp, type Desk, HOUR_MS, isoDay, MINUTE_MS, publish, schedule } from './desk.ts';
import { type AsnRecord, type ProductRecord, type PurchaseOrderRecord } from './state.ts';
import { ensureProduct, post, quarantine, toEach } from './stock.ts';
import { type PurchaseItem } from './types.ts';

/** When a purchase order or ASN can no longer be overwritten. */
export const PROCESS_AFTER_MS = 10 * MINUTE_MS;
const PART_AFTER_MS = 2 * HOUR_MS;
const MOST_PARTS = 3;

export function processPurchaseOrder(desk: Desk, id: string, version: number): void {
  const order = desk.book.purchaseOrders.get(id);
  if (order?.status !== 'ready' || order.version !== version) return;
  order.status = 'processed';
  schedule(desk, PART_AFTER_MS, 'purchase-order-receive', id, 1);
}

/** Receives one part of a purchase order and plans the next. Parts count from 1. */
export function receivePurchaseOrder(desk: Desk, id: string, part: number): void {
  const order = desk.book.purchaseOrders.get(id);
  if (order?.status !== 'processed' || part !== order.receivedParts + 1) return;
  order.receivedParts = part;
  const parts = 1 + (hashOf(desk.seed, 'parts', id) % MOST_PARTS);
  const lines = order.body.Items.map((item) => ({ item, quantity: shareOf(item.Quantity, part, parts) }));
  const received = lines.filter(({ quantity }) => quantity.gt(0));
  if (received.length > 0) writeReceipt(desk, order, part, received);
  if (part >= parts) order.status = 'received';
  else schedule(desk, PART_AFTER_MS, 'purchase-order-receive', id, part + 1);
}

/** Whole units in each part, and whatever is left in the last. */
function shareOf(quantity: number, part: number, parts: number): Big {
  const share = new Big(quantity).div(parts).round(0, Big.roundDown);
  return part < parts ? share : new Big(quantity).minus(share.times(parts - 1));
}

function writeReceipt(
  desk: Desk,
  order: PurchaseOrderRecord,
  part: number,
  lines: readonly { item: PurchaseItem; quantity: Big }[],
): void {
  const id = `PR${String(countUp(desk.book, 'receipt')).padStart(7, '0')}`;
  const isDamaged = isOneIn(desk.switches.damageEvery, desk.seed, 'damage', order.id, part);
  const items = lines.map(({ item, quantity }) => {
    const { product, unit } = bookIn(desk, id, item, quantity, isDamaged);
    return { productId: product.id, quantity: quantity.toFixed(), unitOfMeasure: unit };
  });
  const receipt = { id, updateIndex: 0n, purchaseOrderId: order.id, receivedAt: desk.at, items, isDamaged };
  desk.book.receipts.set(id, receipt);
  publish(desk, 'PurchaseReceipts', receipt);
}

function bookIn(
  desk: Desk,
  sourceId: string,
  item: PurchaseItem,
  quantity: Big,
  isDamaged: boolean,
): { product: ProductRecord; unit: string } {
  const product = ensureProduct(desk, item.Sku);
  const unit = item.UnitOfMeasure ?? product.purchaseUnit;
  const units = toEach(product, quantity.toFixed(), unit);
  post(desk, product, 'Purchase Receipt', sourceId, units);
  if (isDamaged) quarantine(desk, product, units.lt(1) ? units : new Big(1), sourceId);
  return { product, unit };
}

export function processAsn(desk: Desk, id: string, version: number): void {
  const asn = desk.book.asns.get(id);
  if (asn?.status !== 'ready' || asn.version !== version) return;
  asn.status = 'processed';
  publish(desk, 'ASNs', asn);
  schedule(desk, PART_AFTER_MS, 'asn-receive', id, 1);
}

/** Receives some items of an ASN, each whole, and plans the next part. */
export function receiveAsn(desk: Desk, id: string, part: number): void {
  const asn = desk.book.asns.get(id);
  if (asn?.status !== 'processed') return;
  const parts = Math.min(asn.body.Items.length, 1 + (hashOf(desk.seed, 'parts', id) % MOST_PARTS));
  asn.body.Items.forEach((item, line) => {
    if (line % parts !== part - 1 || asn.postedAt[line] !== null) return;
    asn.postedAt[line] = desk.at;
    bookIn(desk, id, item, new Big(item.Quantity), false);
  });
  if (part >= parts) asn.status = 'received';
  else schedule(desk, PART_AFTER_MS, 'asn-receive', id, part + 1);
  publish(desk, 'ASNs', asn);
}

/** An ASN as it is read: header, items, and what was received when. Dates come as calendar days without offset. */
export function viewAsn(desk: Desk, asn: AsnRecord): unknown {
  const { Items, PurchaseDate, ExpectedReceiptDate, ...header } = asn.body;
  const day = (text: string | undefined): string | null =>
    text === undefined ? null : `${text.slice(0, 10)}T00:00:00`;
  return {
    Id: asn.id,
    UpdateIndex: asn.updateIndex,
    ...header,
    PurchaseDate: day(PurchaseDate),
    ExpectedReceiptDate: day(ExpectedReceiptDate),
    Items: Items.map((item, line) => {
      const postedAt = asn.postedAt[line] ?? null;
      return {
        ...item,
        ...viewLot(desk, asn.id, item, line),
        PostedReceiptDate: postedAt === null ? null : isoDay(postedAt),
      };
    }),
  };
}

function viewLot(desk: Desk, id: string, item: PurchaseItem, line: number): Record<string, string> {
  const tracking = ensureProduct(desk, item.Sku).tracking;
  if (tracking === 'none') return {};
  const first = hashOf(desk.seed, 'serial', id, line) % 1_000_000;
  const last = tracking === 'lot' ? first : first + Math.max(0, Math.ceil(item.Quantity) - 1);
  const [low, high] = [first, last].map((number) => `${tracking === 'lot' ? 'L' : 'SN'}${number}`);
  return { SerialLotRange: `${low}-${high}`, SerialLotLow: low ?? '', SerialLotHigh: high ?? '' };
}
