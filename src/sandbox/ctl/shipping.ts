import { Big } from 'big.js';
import { guidOf, hashOf } from '../random.ts';
import { countUp, type Desk } from './desk.ts';
import { nextProNumber, nextShippingCode, nextTrackingNumber } from './numbers.ts';
import { type OrderRecord, type PackageRecord, type ProductRecord } from './state.ts';
import { allocate, ensureProduct, ensureStock, post, toEach } from './stock.ts';
import { type Address, type Carrier, type OrderItem } from './types.ts';

const FREIGHT_WEIGHT_POUNDS = 48;
/** Items beyond this count go into a second carton. */
const ITEMS_PER_CARTON = 3;
const CARTONS = [
  { sku: 'CTN-S', upToPounds: 2, inches: [4, 6, 8] },
  { sku: 'CTN-M', upToPounds: 10, inches: [6, 9, 12] },
  { sku: 'CTN-L', upToPounds: Infinity, inches: [12, 16, 20] },
] as const;

interface Portion {
  line: number;
  quantity: string;
  item: OrderItem;
  product: ProductRecord;
  units: Big;
}

/** Adds a shipment of `quantities` (per item, in its unit of measure) to the order and takes them out of stock. */
export function ship(desk: Desk, order: OrderRecord, quantities: readonly string[]): void {
  const portions = listPortions(desk, order, quantities);
  for (const portion of portions) takeOut(desk, order.id, portion);
  const carrier = findCarrier(desk.carriers, order.body.CarrierId);
  const isFreight = isFreightCarrier(carrier);
  const packages: PackageRecord[] = [];
  for (let first = 0; first < portions.length; first += ITEMS_PER_CARTON) {
    packages.push(pack(desk, order, portions.slice(first, first + ITEMS_PER_CARTON), isFreight));
  }
  order.open = order.open.map((open, line) => new Big(open).minus(quantities[line] ?? 0).toFixed());
  order.shipments.push({
    id: guidOf(desk.seed, 'shipment', order.id, order.shipments.length),
    carrierId: carrier?.Id ?? '',
    shipTo: correctAddress(order.shipTo),
    masterTrackingNumber: isFreight ? nextProNumber(desk.book) : (packages[0]?.trackingNumber ?? ''),
    billOfLadingNumber: isFreight ? `BOL${String(countUp(desk.book, 'bill-of-lading')).padStart(8, '0')}` : undefined,
    shippedAt: desk.at,
    packages,
  });
}

/** The carrier of this id; the first one is the default. */
export function findCarrier(carriers: readonly Carrier[], id: string | undefined): Carrier | undefined {
  return id === undefined ? carriers[0] : carriers.find((carrier) => carrier.Id.toLowerCase() === id.toLowerCase());
}

function isFreightCarrier(carrier: Carrier | undefined): boolean {
  return carrier?.Name.includes('LTL') ?? false;
}

function listPortions(desk: Desk, order: OrderRecord, quantities: readonly string[]): Portion[] {
  const portions = order.body.Items.map((item, line) => {
    const product = ensureProduct(desk, item.Sku);
    const quantity = quantities[line] ?? '0';
    return { line, quantity, item, product, units: toEach(product, quantity, item.UnitOfMeasure ?? product.salesUnit) };
  });
  return portions.filter(({ units }) => units.gt(0));
}

function takeOut(desk: Desk, orderId: string, { product, units }: Portion): void {
  if (product.components.length > 0) assemble(desk, orderId, product, units);
  ensureStock(desk, product, units);
  post(desk, product, 'Sales Shipment', orderId, units.times(-1));
  allocate(product, units.times(-1));
}

/** Kits are put together when they are shipped. */
function assemble(desk: Desk, sourceId: string, kit: ProductRecord, units: Big): void {
  for (const { ProductId, UnitOfMeasure, Quantity } of kit.components) {
    const component = ensureProduct(desk, ProductId);
    const consumed = toEach(component, Quantity, UnitOfMeasure).times(units);
    ensureStock(desk, component, consumed);
    post(desk, component, 'Consumption', sourceId, consumed.times(-1));
  }
  post(desk, kit, 'Output', sourceId, units);
}

function pack(desk: Desk, order: OrderRecord, portions: readonly Portion[], isFreight: boolean): PackageRecord {
  const net = portions.reduce((sum, { product, units }) => sum.plus(units.times(weightOf(product))), new Big(0));
  const weight = Number(net.plus(isFreight ? FREIGHT_WEIGHT_POUNDS : 0.4).round(2));
  const carton = CARTONS.find(({ upToPounds }) => weight <= upToPounds) ?? CARTONS[2];
  const [height, width, thickness] = isFreight ? [48, 40, 48] : carton.inches;
  return {
    id: guidOf(desk.seed, 'package', order.id, order.shipments.length, portions[0]?.line ?? 0),
    trackingNumber: isFreight ? undefined : nextTrackingNumber(desk.book),
    serialShippingCode: nextShippingCode(desk.book),
    cartonSku: isFreight ? 'PALLET' : carton.sku,
    weightInPounds: weight,
    inches: [height, width, thickness],
    items: portions.map(({ line, quantity, product, units }) => ({
      line,
      quantity,
      metadata: traceUnits(desk, product, units),
    })),
  };
}

function weightOf(product: ProductRecord): number {
  return product.units.get('EACH')?.WeightInPounds ?? 0.5;
}

function traceUnits(desk: Desk, product: ProductRecord, units: Big): { Key: string; Value: string }[] {
  if (product.tracking === 'lot')
    return [{ Key: 'LotNumber', Value: `L${2401 + (hashOf(desk.seed, 'lot', product.id) % 12)}` }];
  if (product.tracking === 'none') return [];
  const count = Math.min(20, Math.ceil(Number(units)));
  return Array.from({ length: count }, () => {
    const serial = String(countUp(desk.book, 'serial')).padStart(8, '0');
    return { Key: 'SerialNumber', Value: `SN${serial}` };
  });
}

/** What an address correction service makes of it: US addresses come back in capitals. */
function correctAddress(address: Address | undefined): Address {
  const given = address ?? { Name: '', Address1: '', City: '', StateOrProvince: '', PostalCode: '' };
  if ((given.CountryCode ?? 'US') !== 'US') return given;
  const corrected = { ...given };
  for (const field of ['Attention', 'Name', 'Address1', 'Address2', 'City'] as const) {
    const value = given[field];
    if (value !== undefined) corrected[field] = value.toUpperCase();
  }
  return corrected;
}
