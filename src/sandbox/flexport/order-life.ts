import { countUp, type Desk, happens, HOUR_MS, MINUTE_MS, schedule, tell } from './desk.ts';
import { type OrderError, type OrderRecord, type OrderShipment } from './state.ts';
import { missingSkus, reserve, sumUnits, takeOut } from './stock.ts';
import { pack } from './parcels.ts';
import { type OrderBody } from './types.ts';

const ROUTE_AFTER_MS = MINUTE_MS;
const PICK_AFTER_MS = 15 * MINUTE_MS;
const SHIP_AFTER_MS = 30 * MINUTE_MS;
const HOLD_MS = HOUR_MS;
const REST_AFTER_MS = 4 * HOUR_MS;
const DELIVER_AFTER_MS = 48 * HOUR_MS;

/** Takes an order in. A second one under a taken id is an order of its own that ends in ERROR. */
export function receiveOrder(desk: Desk, body: OrderBody, isDuplicate: boolean): OrderRecord {
  const { book, at } = desk;
  const id = String(412_700_000 + countUp(book, 'order'));
  const order: OrderRecord = {
    id,
    status: 'CREATED',
    body,
    turn: 0,
    wasHeld: false,
    error: null,
    shipments: [],
    createdAt: at,
    updatedAt: at,
    shippedAt: null,
    deliveredAt: null,
  };
  book.orders.set(id, order);
  if (isDuplicate) {
    stop(desk, order, { type: 'UNKNOWN', message: 'Duplicate order', retriable: false, logisticsSkus: [] });
    return order;
  }
  book.externalIds.set(`order ${body.externalOrderId}`, id);
  tellOrder(desk, order, 'Order.Submitted');
  schedule(desk, at + ROUTE_AFTER_MS, 'order-route', id);
  return order;
}

export function tellOrder(desk: Desk, order: OrderRecord, type: string): void {
  tell(desk, type, { id: order.id, orderId: order.id, externalOrderId: order.body.externalOrderId });
}

function tellShipment(desk: Desk, order: OrderRecord, shipment: OrderShipment, type: string): void {
  tell(desk, type, { id: shipment.id, orderId: order.id, externalOrderId: order.body.externalOrderId });
}

/** The order an event is about, unless it has moved on since the event was planned. */
function current({ book }: Desk, id: string, turn: number, status: OrderRecord['status']): OrderRecord | undefined {
  const order = book.orders.get(id);
  return order?.status === status && order.turn === turn ? order : undefined;
}

/** Finds the warehouse and the stock for an order, or stops it. */
export function routeOrder(desk: Desk, id: string, turn: number): void {
  const order = current(desk, id, turn, 'CREATED');
  if (order === undefined || order.shipments.length > 0) return;
  if (!order.wasHeld && happens(desk, desk.switches.holdEvery, 'hold', id)) {
    order.wasHeld = true;
    touch(desk, order);
    tellOrder(desk, order, 'Order.Held');
    schedule(desk, desk.at + HOLD_MS, 'order-route', id, turn);
    return;
  }
  const units = sumUnits(order.body.lineItems);
  const error = findError(desk, order.body, units);
  if (error !== undefined) return stop(desk, order, error);
  for (const [sku, quantity] of units) reserve(desk.book, sku, quantity);
  addShipments(desk, order, units);
  touch(desk, order);
  schedule(desk, desk.at + PICK_AFTER_MS - ROUTE_AFTER_MS, 'order-pick', id, turn);
  schedule(desk, desk.at + SHIP_AFTER_MS - ROUTE_AFTER_MS, 'order-ship', id, turn);
}

function findError(
  desk: Desk,
  body: OrderBody,
  units: ReadonlyMap<string, number>,
): Omit<OrderError, 'code'> | undefined {
  const { countryCode = '', zip = '' } = body.address;
  if (countryCode === 'US' && (!/^[0-9]{5}(-[0-9]{4})?$/.test(zip) || zip.startsWith('00000'))) {
    return { type: 'BAD_ADDRESS', message: 'The address could not be verified', retriable: false, logisticsSkus: [] };
  }
  const unmeasured = [...units.keys()].filter((sku) => desk.book.products.get(sku)?.body.dimensions === undefined);
  if (unmeasured.length > 0) {
    const message = 'Dimensions are missing';
    return { type: 'BAD_PRODUCT_INFO', message, retriable: false, logisticsSkus: unmeasured };
  }
  const missing = missingSkus(desk.book, units);
  if (missing.length === 0) return undefined;
  return { type: 'STOCKOUT', message: 'Not enough stock', retriable: true, logisticsSkus: missing };
}

function stop(desk: Desk, order: OrderRecord, error: Omit<OrderError, 'code'>): void {
  order.status = 'ERROR';
  order.error = { ...error, code: 1000 + error.type.length };
  touch(desk, order);
}

/** One shipment, or two where the order is split. */
function addShipments(desk: Desk, order: OrderRecord, units: ReadonlyMap<string, number>): void {
  const all = [...units].map(([logisticsSku, quantity]) => ({ logisticsSku, quantity }));
  const isSplit = happens(desk, desk.switches.splitEvery, 'split', order.id);
  const first = isSplit ? all.map((item) => ({ ...item, quantity: Math.ceil(item.quantity / 2) })) : all;
  const rest = all.map((item, line) => ({ ...item, quantity: item.quantity - (first[line]?.quantity ?? 0) }));
  for (const items of [first, rest.filter(({ quantity }) => quantity > 0)]) {
    if (items.length === 0) continue;
    const id = String(88_120_000 + countUp(desk.book, 'shipment'));
    const shipment = { id, status: 'NOT_SYNCED', items, packages: [], createdAt: desk.at, shippedAt: null };
    order.shipments.push(shipment);
    tellShipment(desk, order, shipment, 'Shipment.Created');
    tellShipment(desk, order, shipment, 'Shipment.Submitted');
  }
}

/** The warehouse begins; from here an order cannot be cancelled. */
export function pickOrder(desk: Desk, id: string, turn: number): void {
  const order = current(desk, id, turn, 'CREATED');
  if (order === undefined) return;
  for (const shipment of order.shipments) shipment.status = 'WAREHOUSE';
  touch(desk, order);
  tellOrder(desk, order, 'Order.PickingStarted');
}

export function shipOrder(desk: Desk, id: string, turn: number): void {
  const order = current(desk, id, turn, 'CREATED');
  const [first, second] = order?.shipments ?? [];
  if (order === undefined || first === undefined) return;
  shipOne(desk, order, first);
  if (second === undefined) finishShipping(desk, order);
  else schedule(desk, desk.at + REST_AFTER_MS, 'order-rest', id, turn);
}

/** The second shipment of a split order. */
export function shipRest(desk: Desk, id: string, turn: number): void {
  const order = current(desk, id, turn, 'CREATED');
  const rest = order?.shipments.find(({ shippedAt }) => shippedAt === null);
  if (order === undefined || rest === undefined) return;
  shipOne(desk, order, rest);
  finishShipping(desk, order);
}

function shipOne(desk: Desk, order: OrderRecord, shipment: OrderShipment): void {
  shipment.packages = pack(desk, shipment.items, order.body.shipMethod);
  shipment.status = 'SHIPPED';
  shipment.shippedAt = desk.at;
  for (const { logisticsSku, quantity } of shipment.items) takeOut(desk, logisticsSku, quantity);
  touch(desk, order);
  tellShipment(desk, order, shipment, 'Shipment.Shipped');
}

function finishShipping(desk: Desk, order: OrderRecord): void {
  order.status = 'SHIPPED';
  order.shippedAt = desk.at;
  tellOrder(desk, order, 'Order.Shipped');
  schedule(desk, desk.at + DELIVER_AFTER_MS, 'order-deliver', order.id, order.turn);
}

export function deliverOrder(desk: Desk, id: string, turn: number): void {
  const order = current(desk, id, turn, 'SHIPPED');
  if (order === undefined) return;
  order.status = 'DELIVERED';
  order.deliveredAt = desk.at;
  touch(desk, order);
  for (const shipment of order.shipments) {
    for (const parcel of shipment.packages) parcel.deliveredAt = desk.at;
    tellShipment(desk, order, shipment, 'Shipment.Delivered');
  }
  tellOrder(desk, order, 'Order.Delivered');
}

/** False when the warehouse has begun, or the order is over. */
export function cancelOrder(desk: Desk, order: OrderRecord): boolean {
  const isWaiting = order.status === 'CREATED' && order.shipments.every(({ status }) => status === 'NOT_SYNCED');
  if (!isWaiting && order.status !== 'ERROR') return false;
  for (const shipment of order.shipments) {
    shipment.status = 'CANCELLED';
    for (const { logisticsSku, quantity } of shipment.items) reserve(desk.book, logisticsSku, -quantity);
    tellShipment(desk, order, shipment, 'Shipment.Cancelled');
  }
  order.status = 'CANCELLED';
  touch(desk, order);
  tellOrder(desk, order, 'Order.Cancelled');
  return true;
}

/** False unless the order stopped with an error. */
export function retryOrder(desk: Desk, order: OrderRecord): boolean {
  if (order.status !== 'ERROR') return false;
  order.status = 'CREATED';
  order.error = null;
  order.turn += 1;
  touch(desk, order);
  schedule(desk, desk.at + ROUTE_AFTER_MS, 'order-route', order.id, order.turn);
  return true;
}

function touch(desk: Desk, order: OrderRecord): void {
  order.updatedAt = desk.at;
}
