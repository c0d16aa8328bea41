import { type Answer } from '../frame.ts';
import { created, done, invalid, invalidField, ok, type Problems, refused } from './answers.ts';
import { type Call, readDocument } from './intake.ts';
import { cancelOrder, receiveOrder, redirectOrder } from './order-life.ts';
import { checkAddressSizes, checkOrderFields, checkOrderReferences } from './references.ts';
import { findCarrier } from './shipping.ts';
import { type OrderRecord } from './state.ts';
import { type OrderBody } from './types.ts';
import { viewOrder } from './views.ts';

/** PUT /v1/Orders/{id} */
export function putOrder(call: Call): Answer {
  const { desk, id } = call;
  const read = readDocument(call, 'order', (problems, body) => checkOrderFields(problems, desk, body));
  if (read.refusal !== undefined) return read.refusal;
  // Before anything that may have changed since: a repeated request must find its order.
  if (desk.book.orders.has(id)) return refused(409, `Order ${id} already exists and will not be updated.`);
  const problems: Problems = new Map();
  checkOrderReferences(problems, desk, read.body);
  if (problems.size > 0) return invalid(problems, desk.switches);
  receiveOrder(desk, createRecord(call, read.body));
  return created();
}

function createRecord({ desk, id }: Call, body: OrderBody): OrderRecord {
  return {
    id,
    updateIndex: 0n,
    status: 'received',
    body,
    shipTo: body.ShipTo ?? desk.book.addresses.get(body.ShipToAddressId ?? ''),
    receivedAt: desk.at,
    open: body.Items.map(({ Quantity }) => String(Quantity)),
    shipments: [],
  };
}

/** PUT /v1/Orders/{id}/ShipTo */
export function putShipTo(call: Call): Answer {
  const { desk, id } = call;
  const order = desk.book.orders.get(id);
  const carrierId = order?.body.CarrierId;
  const carrier = carrierId === undefined ? undefined : findCarrier(desk.carriers, carrierId);
  const read = readDocument(call, 'ship-to', (problems, address) => checkAddressSizes(problems, '', address, carrier));
  if (read.refusal !== undefined) return read.refusal;
  if (order === undefined) return refused(404, `Order ${id} is unknown.`);
  if (order.status !== 'received') return refused(409, `Order ${id} is already processed.`);
  order.shipTo = read.body;
  redirectOrder(desk, order);
  return done(200);
}

/** PUT /v1/Orders/{id}/IsCancelled */
export function putCancelled(call: Call): Answer {
  const { desk, id } = call;
  const read = readDocument(call, 'order-cancel');
  if (read.refusal !== undefined) return read.refusal;
  const order = desk.book.orders.get(id);
  if (order === undefined) return refused(404, `Order ${id} is unknown.`);
  if (order.status === 'cancelled' && desk.switches.cancelTwice === '200') return done(200);
  if (order.status !== 'received') return refused(409, `Order ${id} is already processed.`);
  cancelOrder(desk, order);
  return done(200);
}

/** GET /v1/Orders/{id} */
export function getOrder({ desk, id }: Call): Answer {
  const order = desk.book.orders.get(id);
  return order === undefined ? refused(404, `Order ${id} is unknown.`) : ok(viewOrder(order, desk.switches));
}

/** An order's texts, in lower case, for a search. */
export function searchText(order: OrderRecord): string {
  const addresses = [order.shipTo, order.body.BillTo, ...order.shipments.map(({ shipTo }) => shipTo)];
  const tracking = order.shipments.flatMap(({ masterTrackingNumber, packages }) => [
    masterTrackingNumber,
    ...packages.map(({ trackingNumber }) => trackingNumber),
  ]);
  const texts = addresses.flatMap((address) => Object.values(address ?? {}).map(String));
  return [order.id, order.body.PurchaseNumber, ...texts, ...tracking].join('\n').toLowerCase();
}

/** The moment a search bound names; undefined when there is none, the 400 when it is no date. */
export function readMoment(call: Call, name: string): number | undefined | Answer {
  const text = call.request.query.get(name);
  if (text === null || text === '') return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? invalidField(name, `${name} is not an ISO 8601 date.`, call.desk.switches) : time;
}
