import { type Answer } from '../frame.ts';
import { json, refused } from './answers.ts';
import { checkOrder } from './checks.ts';
import { type Call, type Operation, readDocument } from './intake.ts';
import { cancelOrder, receiveOrder, retryOrder } from './order-life.ts';
import { viewOrder } from './order-view.ts';
import { shown } from './shown.ts';
import { type OrderRecord } from './state.ts';

/** Refusals that say a record has moved on. */
const WRONG_STATE = 407001;

/** POST /orders */
export function createOrder(call: Call): Answer {
  const { desk } = call;
  const read = readDocument(call, 'order', (body) => checkOrder(desk, body));
  if (read.refusal !== undefined) return read.refusal;
  const { externalOrderId } = read.body;
  const isTaken = desk.book.externalIds.has(`order ${externalOrderId}`);
  if (isTaken && desk.switches.duplicateMode === 'refuse') {
    return refused(409, `An order with reference ${externalOrderId} is already present`);
  }
  return answerOrder(call, receiveOrder(desk, read.body, isTaken), 201);
}

function answerOrder({ desk }: Call, order: OrderRecord, status = 200): Answer {
  return json(status, shown(desk, viewOrder(order)));
}

/** An operation on the order of an id in the path. */
function onOrder(perform: (call: Call, order: OrderRecord) => Answer): Operation {
  return (call) => {
    const order = call.desk.book.orders.get(call.id);
    return order === undefined ? refused(404, `Order ${call.id} not found`) : perform(call, order);
  };
}

/** GET /orders/{orderId} */
export const getOrder = onOrder((call, order) => answerOrder(call, order));

/** GET /orders/external_id/{externalOrderId} */
export function findOrder(call: Call): Answer {
  const { externalIds, orders } = call.desk.book;
  const order = orders.get(externalIds.get(`order ${call.id}`) ?? '');
  return order === undefined ? refused(404, `Order ${call.id} not found`) : answerOrder(call, order);
}

/** POST /orders/{orderId}/cancel */
export const cancel = onOrder((call, order) => {
  const read = readDocument(call, 'order-cancel');
  if (read.refusal !== undefined) return read.refusal;
  if (!cancelOrder(call.desk, order)) return refused(400, `Order ${order.id} can no longer be cancelled`);
  return answerOrder(call, order);
});

/** POST /orders/{orderId}/retry */
export const retry = onOrder((call, order) => {
  if (!retryOrder(call.desk, order)) {
    return refused(400, `Order ${order.id} has a status that does not allow a retry`, { code: WRONG_STATE });
  }
  return answerOrder(call, order);
});
