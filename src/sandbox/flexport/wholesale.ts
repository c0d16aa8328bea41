import { type Answer } from '../frame.ts';
import { json, refused } from './answers.ts';
import { checkWholesale } from './checks.ts';
import { isoTime } from './desk.ts';
import { type Call, type Operation, readDocument } from './intake.ts';
import { shown } from './shown.ts';
import { type WholesaleRecord, type WholesaleShipment } from './state.ts';
import { cancelWholesale, receiveWholesale } from './wholesale-life.ts';

/** POST /orders/rs */
export function createWholesale(call: Call): Answer {
  const { desk } = call;
  const read = readDocument(call, 'b2b-order', (body) => checkWholesale(desk, body));
  if (read.refusal !== undefined) return read.refusal;
  const { externalId } = read.body;
  const isTaken = externalId !== undefined && desk.book.externalIds.has(`wholesale ${externalId}`);
  if (isTaken && desk.switches.duplicateMode === 'refuse') {
    return refused(409, `An order with external id ${externalId} is already present`);
  }
  return answerWholesale(call, receiveWholesale(desk, read.body, isTaken));
}

function answerWholesale({ desk }: Call, order: WholesaleRecord): Answer {
  return json(200, shown(desk, viewWholesale(order)));
}

function onWholesale(perform: (call: Call, order: WholesaleRecord) => Answer): Operation {
  return (call) => {
    const order = call.desk.book.wholesale.get(call.id);
    return order === undefined ? refused(404, `Order ${call.id} not found`) : perform(call, order);
  };
}

/** GET /orders/rs/{orderId} */
export const getWholesale = onWholesale((call, order) => answerWholesale(call, order));

/** GET /orders/rs/external_id/{externalId} */
export function findWholesale(call: Call): Answer {
  const { externalIds, wholesale } = call.desk.book;
  const order = wholesale.get(externalIds.get(`wholesale ${call.id}`) ?? '');
  return order === undefined ? refused(404, `Order ${call.id} not found`) : answerWholesale(call, order);
}

/** POST /orders/rs/{orderId}/cancel */
export const cancelOne = onWholesale((call, order) => {
  if (!cancelWholesale(call.desk, order)) {
    return refused(400, `Order ${order.id} is ${order.status} and can no longer be cancelled`);
  }
  return answerWholesale(call, order);
});

function viewWholesale(order: WholesaleRecord): unknown {
  const { body } = order;
  return {
    orderId: order.id,
    externalId: body.externalId ?? null,
    locationId: order.shipments.length === 0 ? null : 'ATL1',
    type: body.type,
    orderStatus: order.status,
    orderItems: body.orderItems,
    shipBy: body.shipBy ?? null,
    notes: body.notes ?? null,
    ingestionChannel: 'API',
    createdAt: isoTime(order.createdAt),
    shipments: order.shipments.map((shipment) => viewShipment(order, shipment)),
  };
}

function viewShipment({ body }: WholesaleRecord, shipment: WholesaleShipment): unknown {
  const { carrier: carrierName, trackingNumbers } = shipment;
  const [trackingNumber = null] = trackingNumbers;
  return {
    shipmentId: shipment.id,
    status: shipment.status,
    shippingPartner: body.transportationDetails.shippingPartner,
    shippingType: body.transportationDetails.shippingType,
    carrierName,
    trackingNumber,
    trackingDetails: trackingNumbers.map((number) => ({ carrierName, trackingNumber: number })),
    shipmentItems: shipment.items.map(({ line, logisticsSku, quantity }) => ({
      logisticsSku,
      quantity,
      quantityPerPack: body.orderItems[line]?.quantityPerPack ?? 1,
      lineItemId: body.orderItems[line]?.lineItemId,
      lotNumber: body.orderItems[line]?.lotNumber,
    })),
  };
}
