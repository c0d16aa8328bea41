import { type Desk, isoTime, MINUTE_MS, publish, schedule } from './desk.ts';
import { removeItems } from './order-life.ts';
import { type ChangeRecord, type OrderRecord, type PurchaseOrderRecord } from './state.ts';
import { findProduct, saveProduct } from './stock.ts';
import { type ProductBody } from './types.ts';

const DECIDE_AFTER_MS = 5 * MINUTE_MS;

/** Takes a product change request in, for an account manager to decide on. */
export function receiveChange(desk: Desk, id: string, body: ProductBody, cancelsDisabledItems: boolean): void {
  const change: ChangeRecord = {
    id,
    updateIndex: 0n,
    status: 'Pending',
    body,
    resultMessage: null,
    createdAt: desk.at,
    processedAt: null,
    cancelsDisabledItems,
  };
  desk.book.changes.set(id, change);
  publish(desk, 'ProductChanges', change);
  schedule(desk, DECIDE_AFTER_MS, 'change-decide', id);
}

/** Accepts or denies a pending change by the rules, or as told. */
export function decideChange(desk: Desk, id: string, denial?: string | null): void {
  const change = desk.book.changes.get(id);
  if (change?.status !== 'Pending') return;
  change.resultMessage = denial === undefined ? findDenial(change.body) : denial;
  change.status = change.resultMessage === null ? 'Accepted' : 'Denied';
  change.processedAt = desk.at;
  if (change.status === 'Accepted') applyChange(desk, change);
  publish(desk, 'ProductChanges', change);
}

function findDenial(body: ProductBody): string | null {
  if (body.ProductId.startsWith('DENY')) return `Product ${body.ProductId} is not carried for this account.`;
  for (const [code, { BaseQuantity }] of Object.entries(body.UnitsOfMeasure ?? {})) {
    if (code === 'EACH' && BaseQuantity !== 1) return 'The base quantity of EACH must be 1.';
    if (code !== 'EACH' && BaseQuantity === 1) return `Unit of measure ${code} must hold more than one EACH.`;
  }
  return null;
}

function applyChange(desk: Desk, change: ChangeRecord): void {
  if (change.body.Enabled === false && change.cancelsDisabledItems) {
    for (const order of findOpenOrders(desk, change.body.ProductId)) {
      if (order.status === 'received') removeItems(desk, order, change.body.ProductId);
    }
  }
  saveProduct(desk.book, change.body);
}

/** Orders that still have to ship this product. */
export function findOpenOrders({ book }: Desk, productId: string): OrderRecord[] {
  return [...book.orders.values()].filter(
    ({ status, body, open }) =>
      status !== 'cancelled' &&
      body.Items.some(({ Sku }, line) => open[line] !== '0' && findProduct(book, Sku)?.id === productId),
  );
}

/** Purchase orders that still have to bring this product. */
export function findOpenPurchases({ book }: Desk, productId: string): PurchaseOrderRecord[] {
  return [...book.purchaseOrders.values()].filter(
    ({ status, body }) =>
      status !== 'received' &&
      status !== 'closed' &&
      body.Items.some(({ Sku }) => findProduct(book, Sku)?.id === productId),
  );
}

/** A change request as it is read. */
export function viewChange(change: ChangeRecord): unknown {
  const { SpecialEquipmentCode, ...body } = change.body;
  return {
    UpdateIndex: change.updateIndex,
    Id: change.id,
    Status: change.status,
    ResultMessage: change.resultMessage,
    DateCreated: isoTime(change.createdAt),
    DateProcessed: change.processedAt === null ? null : isoTime(change.processedAt),
    ...body,
    SpecialHandlingCode: SpecialEquipmentCode ?? null,
  };
}
