import { Big } from 'big.js';
import { countUp, type Desk, publish } from './desk.ts';
import { type Book, type ProductRecord } from './state.ts';
import { type ProductBody, type UnitOfMeasure } from './types.ts';

/** Stock of a product nobody announced; topped up by as much whenever orders need more. */
const MAKESHIFT_STOCK = 1_000;
/** EACHes in a unit of measure nobody defined. */
const MAKESHIFT_BASE_QUANTITY = 12;

/** The product with this id or alias. */
export function findProduct(book: Book, sku: string): ProductRecord | undefined {
  return book.products.get(sku) ?? book.products.get(book.aliases.get(sku) ?? '');
}

/** The product with this id or alias; one nobody announced is made up, with stock. */
export function ensureProduct(desk: Desk, sku: string): ProductRecord {
  const known = findProduct(desk.book, sku);
  if (known !== undefined) return known;
  const product = saveProduct(desk.book, { ProductId: sku, Description: sku });
  product.isMakeshift = true;
  post(desk, product, 'Adjustment', 'INITIAL', new Big(MAKESHIFT_STOCK));
  return product;
}

/** Creates or changes a product as its master data says; what that leaves out stays as it is. */
export function saveProduct(book: Book, body: ProductBody): ProductRecord {
  const product = book.products.get(body.ProductId) ?? emptyProduct(body.ProductId);
  book.products.set(product.id, product);
  product.description = body.Description;
  product.isMakeshift = false;
  product.isEnabled = body.Enabled ?? product.isEnabled;
  product.components = body.BillOfMaterialEntries ?? product.components;
  product.salesUnit = body.SalesUnitOfMeasure ?? product.salesUnit;
  product.purchaseUnit = body.PurchaseUnitOfMeasure ?? product.purchaseUnit;
  for (const [code, unit] of Object.entries(body.UnitsOfMeasure ?? {})) product.units.set(code, unit);
  if (body.Aliases !== undefined) {
    for (const alias of product.aliases) book.aliases.delete(alias);
    for (const alias of body.Aliases) book.aliases.set(alias, product.id);
    product.aliases = body.Aliases;
  }
  return product;
}

function emptyProduct(id: string): ProductRecord {
  return {
    id,
    description: id,
    aliases: [],
    units: new Map<string, UnitOfMeasure>([['EACH', { BaseQuantity: 1 }]]),
    components: [],
    salesUnit: 'EACH',
    purchaseUnit: 'EACH',
    isEnabled: true,
    isMakeshift: false,
    tracking: 'none',
    onHand: '0',
    quarantined: '0',
    allocated: '0',
  };
}

/** A quantity in EACH. */
export function toEach(product: ProductRecord, quantity: string | number, unitOfMeasure: string): Big {
  return new Big(quantity).times(product.units.get(unitOfMeasure)?.BaseQuantity ?? MAKESHIFT_BASE_QUANTITY);
}

/** Books a movement in EACH. The only place where stock on hand changes, so that it is the sum of all movements. */
export function post(desk: Desk, product: ProductRecord, type: string, sourceId: string, quantity: Big): void {
  product.onHand = new Big(product.onHand).plus(quantity).toFixed();
  record(desk, product, type, sourceId, quantity);
}

function record(desk: Desk, product: ProductRecord, type: string, sourceId: string, quantity: Big): void {
  const id = `T${countUp(desk.book, 'transaction')}`;
  const transaction = {
    id,
    updateIndex: 0n,
    at: desk.at,
    type,
    sourceId,
    productId: product.id,
    quantity: quantity.toFixed(),
  };
  desk.book.transactions.set(id, transaction);
  publish(desk, 'ProductTransactions', transaction);
}

/** Makes sure that so many EACHes can leave, finding the missing ones in a stock count. */
export function ensureStock(desk: Desk, product: ProductRecord, needed: Big): void {
  const missing = needed.minus(new Big(product.onHand).minus(product.quarantined));
  if (missing.lte(0)) return;
  const found = missing.div(MAKESHIFT_STOCK).round(0, Big.roundUp).times(MAKESHIFT_STOCK);
  post(desk, product, 'Adjustment', 'COUNT', found);
}

/** Moves units on hand into quarantine: one movement out and one in, so that the sum stays. */
export function quarantine(desk: Desk, product: ProductRecord, units: Big, sourceId: string): void {
  product.quarantined = new Big(product.quarantined).plus(units).toFixed();
  record(desk, product, 'Quarantine', sourceId, units.times(-1));
  record(desk, product, 'Quarantine', sourceId, units);
}

/** Takes units in quarantine out of stock for good. */
export function writeOff(desk: Desk, product: ProductRecord, units: Big, sourceId: string): void {
  product.quarantined = new Big(product.quarantined).minus(units).toFixed();
  post(desk, product, 'Adjustment', sourceId, units.times(-1));
}

/** Reserves units for an open order, or gives them back when negative. */
export function allocate(product: ProductRecord, units: Big): void {
  product.allocated = new Big(product.allocated).plus(units).toFixed();
}

/** On hand less open orders and quarantine. */
export function availableUnits(product: ProductRecord): string {
  return new Big(product.onHand).minus(product.allocated).minus(product.quarantined).toFixed();
}
