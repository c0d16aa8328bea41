import { isObject } from '../json.ts';
import { addProblem, type Problems } from './answers.ts';
import { findOpenOrders, findOpenPurchases } from './changes.ts';
import { type Desk } from './desk.ts';
import { findCarrier } from './shipping.ts';
import { findProduct } from './stock.ts';
import { type Carrier, type OrderBody, type ProductBody, type PurchaseItem } from './types.ts';

/** Sizes that hold when an order names no carrier. */
export const DEFAULT_ADDRESS_SIZES: Readonly<Record<string, number>> = {
  Attention: 35,
  Name: 35,
  Address1: 35,
  Address2: 35,
  City: 30,
  StateOrProvince: 30,
  PostalCode: 20,
  CountryCode: 2,
  PhoneNumber: 30,
};

/** Rules of an order that lie across fields or need the carriers. The body may break its schema. */
export function checkOrderFields(problems: Problems, desk: Desk, body: Record<string, unknown>): void {
  const { ShipTo, ShipToAddressId, CarrierId } = body;
  if (ShipTo !== undefined && ShipToAddressId !== undefined) {
    addProblem(problems, 'ShipToAddressId', 'ShipToAddressId and ShipTo exclude each other.');
  }
  const carrier = typeof CarrierId === 'string' ? findCarrier(desk.carriers, CarrierId) : undefined;
  if (CarrierId !== undefined && carrier === undefined) addProblem(problems, 'CarrierId', 'CarrierId is unknown.');
  if (isObject(ShipTo)) checkAddressSizes(problems, 'ShipTo.', ShipTo, carrier);
}

/** Lengths the chosen carrier's labels allow, or the usual ones. */
export function checkAddressSizes(
  problems: Problems,
  prefix: string,
  address: Record<string, unknown>,
  carrier: Carrier | undefined,
): void {
  const sizes = { ...DEFAULT_ADDRESS_SIZES, ...carrier?.AddressFieldSizes };
  for (const [field, limit] of Object.entries(sizes)) {
    const value = address[field];
    if (typeof value !== 'string' || Array.from(value).length <= limit) continue;
    addProblem(problems, `${prefix}${field}`, `${field} must be at most ${limit} characters long.`);
  }
}

/** Rules of an order that need the client's own data. */
export function checkOrderReferences(problems: Problems, desk: Desk, body: OrderBody): void {
  const { ShipToAddressId, Items } = body;
  if (ShipToAddressId !== undefined && !desk.book.addresses.has(ShipToAddressId)) {
    addProblem(problems, 'ShipToAddressId', 'ShipToAddressId is unknown.');
  }
  checkItems(problems, desk, Items);
}

/** Product and unit of measure of each item. */
export function checkItems(problems: Problems, desk: Desk, items: readonly PurchaseItem[]): void {
  items.forEach(({ Sku, UnitOfMeasure }, line) => {
    const product = findProduct(desk.book, Sku);
    if (product === undefined) {
      if (desk.switches.knownSkusOnly) addProblem(problems, `Items[${line}].Sku`, `Sku ${Sku} is unknown.`);
      return;
    }
    if (!product.isEnabled) addProblem(problems, `Items[${line}].Sku`, `Sku ${Sku} is disabled.`);
    const isFree = product.isMakeshift || !desk.switches.knownUomsOnly || UnitOfMeasure === undefined;
    if (isFree || product.units.has(UnitOfMeasure)) return;
    const known = [...product.units.keys()].join(', ');
    addProblem(problems, `Items[${line}].UnitOfMeasure`, `UnitOfMeasure must be one of ${known}.`);
  });
}

/** Rules of a product change that lie across fields or need other products. */
export function checkProduct(problems: Problems, desk: Desk, body: ProductBody, cancelsItems: boolean): void {
  const existing = desk.book.products.get(body.ProductId);
  const units = new Set(['EACH', ...Object.keys(body.UnitsOfMeasure ?? {}), ...(existing?.units.keys() ?? [])]);
  for (const field of ['SalesUnitOfMeasure', 'PurchaseUnitOfMeasure', 'PutAwayUnitOfMeasure'] as const) {
    const unit = body[field];
    if (unit !== undefined && !units.has(unit)) addProblem(problems, field, `${field} must be one of UnitsOfMeasure.`);
  }
  body.BillOfMaterialEntries?.forEach(({ ProductId, UnitOfMeasure }, line) => {
    const component = desk.book.products.get(ProductId);
    const path = `BillOfMaterialEntries[${line}]`;
    if (component === undefined) addProblem(problems, `${path}.ProductId`, `Product ${ProductId} is unknown.`);
    else if (!component.units.has(UnitOfMeasure)) {
      addProblem(problems, `${path}.UnitOfMeasure`, `Product ${ProductId} has no unit of measure ${UnitOfMeasure}.`);
    }
  });
  if (body.Enabled === false) checkDisabling(problems, desk, body.ProductId, cancelsItems);
}

function checkDisabling(problems: Problems, desk: Desk, productId: string, cancelsItems: boolean): void {
  const blocking = findOpenOrders(desk, productId).filter(({ status }) => !cancelsItems || status !== 'received');
  if (blocking.length > 0) addProblem(problems, 'Enabled', `${blocking.length} sales orders are not shipped yet.`);
  const purchases = findOpenPurchases(desk, productId);
  if (purchases.length > 0)
    addProblem(problems, 'Enabled', `${purchases.length} purchase orders are not received yet.`);
}
