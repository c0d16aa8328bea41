import { countUp, DAY_MS, type Desk, happens, HOUR_MS, MINUTE_MS, schedule, tell } from './desk.ts';
import { nextTrackingNumber } from './parcels.ts';
import { type WholesaleRecord, type WholesaleShipment } from './state.ts';
import { findBySku, missingSkus, reserve, sumUnits, takeOut } from './stock.ts';
import { type WholesaleBody, type WholesaleLine } from './types.ts';

const BOOK_AFTER_MS = 5 * MINUTE_MS;
const START_AFTER_MS = 30 * MINUTE_MS;
const TENDER_AFTER_MS = 30 * MINUTE_MS;
const PART_AFTER_MS = 15 * MINUTE_MS;
const COMPLETE_AFTER_MS = 48 * HOUR_MS;

/** Takes a wholesale order in. A second one under a taken id ends in ERROR. */
export function receiveWholesale(desk: Desk, body: WholesaleBody, isDuplicate: boolean): WholesaleRecord {
  const { book, at } = desk;
  const id = String(613_400_000 + countUp(book, 'wholesale'));
  const status = isDuplicate ? 'ERROR' : 'PLANNED';
  const order: WholesaleRecord = { id, status, body, resolved: [], shipments: [], createdAt: at };
  book.wholesale.set(id, order);
  if (isDuplicate) return order;
  if (body.externalId !== undefined) book.externalIds.set(`wholesale ${body.externalId}`, id);
  tellOrder(desk, order, 'Order.Submitted');
  schedule(desk, at + BOOK_AFTER_MS, 'wholesale-book', id);
  return order;
}

function tellOrder(desk: Desk, { id, body }: WholesaleRecord, type: string): void {
  tell(desk, type, { id, orderId: id, externalOrderId: body.externalId ?? null });
}

function tellShipment(desk: Desk, order: WholesaleRecord, shipment: WholesaleShipment, type: string): void {
  tell(desk, type, { id: shipment.id, orderId: order.id, externalOrderId: order.body.externalId ?? null });
}

function current({ book }: Desk, id: string, status: string): WholesaleRecord | undefined {
  const order = book.wholesale.get(id);
  return order?.status === status ? order : undefined;
}

/** Allocates an order; what cannot be had ends it in ERROR, for which there is no retry. */
export function bookWholesale(desk: Desk, id: string): void {
  const order = current(desk, id, 'PLANNED');
  if (order === undefined) return;
  const { body } = order;
  const resolved = body.orderItems.map((line) => resolveSku(desk, line));
  const isKnown = resolved.every((sku) => desk.book.products.has(sku));
  const units = sumUnits(
    body.orderItems.map((line, at) => ({ logisticsSku: resolved[at] ?? '', quantity: eaches(line) })),
  );
  if (!isKnown || isBadAddress(body) || missingSkus(desk.book, units).length > 0) {
    order.status = 'ERROR';
    return;
  }
  order.resolved = resolved;
  for (const [sku, quantity] of units) reserve(desk.book, sku, quantity);
  order.status = 'BOOKED';
  addShipments(desk, order);
  const shipBy = body.shipBy === undefined ? 0 : Date.parse(body.shipBy) - DAY_MS;
  schedule(desk, Math.max(shipBy, order.createdAt + START_AFTER_MS), 'wholesale-start', id);
}

function resolveSku({ book }: Desk, { logisticsSku, productData }: WholesaleLine): string {
  return logisticsSku ?? findBySku(book, productData?.sku ?? '')?.logisticsSku ?? '';
}

function eaches({ quantity, quantityUOM, quantityPerPack = 1 }: WholesaleLine): number {
  return quantityUOM === 'CASE' ? quantity * quantityPerPack : quantity;
}

function isBadAddress({ shipToAddress: { country, zip } }: WholesaleBody): boolean {
  return country === 'US' && !/^(?!00000)[0-9]{5}(-[0-9]{4})?$/.test(String(zip));
}

/** One shipment, or two where the order is split; a quantity is in the unit of its line. */
function addShipments(desk: Desk, order: WholesaleRecord): void {
  const { orderItems, transportationDetails: transport } = order.body;
  const isSplit = happens(desk, desk.switches.splitEvery, 'wholesale-split', order.id);
  const isOver = happens(desk, desk.switches.overShipEvery, 'over', order.id);
  const carrier = transport.shippingType === 'PARCEL' ? carrierOf(transport.shippingMethod) : 'FREIGHT';
  const halves = orderItems.map(({ quantity }) => (isSplit ? Math.ceil(quantity / 2) : quantity));
  const rests = orderItems.map(({ quantity }, line) => quantity - (halves[line] ?? 0));
  for (const [part, quantities] of [halves, rests].entries()) {
    const items = quantities
      .map((quantity, line) => ({ line, logisticsSku: order.resolved[line] ?? '', quantity }))
      .filter(({ quantity }) => quantity > 0)
      .map((item, place) => (isOver && part + place === 0 ? { ...item, quantity: item.quantity + 1 } : item));
    if (items.length === 0) continue;
    const id = String(97_300_000 + countUp(desk.book, 'wholesale-shipment'));
    const shipment = { id, status: 'CREATED', items, carrier, trackingNumbers: [] };
    order.shipments.push(shipment);
    tellShipment(desk, order, shipment, 'Shipment.Submitted');
  }
}

function carrierOf(method: string | undefined): string {
  return /^([A-Z]+)\./.exec(method ?? '')?.[1] ?? 'UPS';
}

export function startWholesale(desk: Desk, id: string): void {
  const order = current(desk, id, 'BOOKED');
  if (order === undefined) return;
  order.status = 'IN_PROGRESS';
  for (const shipment of order.shipments) shipment.status = 'WAREHOUSE';
  tellOrder(desk, order, 'Order.PickingStarted');
  schedule(desk, desk.at + PART_AFTER_MS, 'wholesale-part', id);
  schedule(desk, desk.at + TENDER_AFTER_MS, 'wholesale-tender', id);
}

/** A parcel has a tracking number, freight a bill of lading. */
function trackingFor(desk: Desk, { carrier }: WholesaleShipment): string {
  if (carrier !== 'FREIGHT') return nextTrackingNumber(desk);
  return `BOL${String(countUp(desk.book, 'bill-of-lading')).padStart(8, '0')}`;
}

/** Half of a first of two shipments leaves before the rest. */
export function shipPart(desk: Desk, id: string): void {
  const order = current(desk, id, 'IN_PROGRESS');
  const [first, second] = order?.shipments ?? [];
  if (order === undefined || first === undefined || second === undefined) return;
  first.status = 'PARTIALLY_SHIPPED';
  first.trackingNumbers.push(trackingFor(desk, first));
  tellShipment(desk, order, first, 'Shipment.PartiallyShipped');
}

export function tenderWholesale(desk: Desk, id: string): void {
  const order = current(desk, id, 'IN_PROGRESS');
  if (order === undefined) return;
  order.status = 'TENDERED';
  for (const shipment of order.shipments) {
    const ordered = order.body.orderItems;
    const isOver =
      order.shipments.length === 1 &&
      shipment.items.some(({ line, quantity }) => quantity > (ordered[line]?.quantity ?? 0));
    shipment.status = isOver ? 'OVER_SHIPPED' : 'SHIPPED';
    if (shipment.trackingNumbers.length === 0) shipment.trackingNumbers.push(trackingFor(desk, shipment));
    for (const { line, logisticsSku, quantity } of shipment.items) {
      const item = ordered[line];
      if (item !== undefined) takeOut(desk, logisticsSku, eaches({ ...item, quantity }));
    }
    tellShipment(desk, order, shipment, 'Shipment.Shipped');
  }
  tellOrder(desk, order, 'Order.Shipped');
  schedule(desk, desk.at + COMPLETE_AFTER_MS, 'wholesale-complete', id);
}

export function completeWholesale(desk: Desk, id: string): void {
  const order = current(desk, id, 'TENDERED');
  if (order === undefined) return;
  if (happens(desk, desk.switches.lostEvery, 'lost', id)) {
    order.status = 'LOST_DAMAGED';
    return;
  }
  order.status = 'COMPLETED';
  for (const shipment of order.shipments) tellShipment(desk, order, shipment, 'Shipment.Delivered');
  tellOrder(desk, order, 'Order.Delivered');
}

/** False unless the order is PLANNED or BOOKED. */
export function cancelWholesale(desk: Desk, order: WholesaleRecord): boolean {
  if (order.status !== 'PLANNED' && order.status !== 'BOOKED') return false;
  for (const [line, sku] of order.resolved.entries()) {
    const item = order.body.orderItems[line];
    if (item !== undefined) reserve(desk.book, sku, -eaches(item));
  }
  order.status = 'CANCELLED';
  for (const shipment of order.shipments) {
    shipment.status = 'CANCELLED';
    tellShipment(desk, order, shipment, 'Shipment.Cancelled');
  }
  tellOrder(desk, order, 'Order.Cancelled');
  return true;
}
