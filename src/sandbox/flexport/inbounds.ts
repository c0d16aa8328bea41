import { type Answer } from '../frame.ts';
import { invalid, json, refused } from './answers.ts';
import { checkInbound } from './checks.ts';
import { isoTimeOrNull } from './desk.ts';
import { changeInbound, receiveInbound } from './inbound-life.ts';
import { type Call, type Operation, readDocument, readObject } from './intake.ts';
import { offsetPage } from './paging.ts';
import { shown } from './shown.ts';
import { type Book, type InboundRecord } from './state.ts';

/** POST /inbounds/shipments */
export function createInbound(call: Call): Answer {
  const { desk } = call;
  const read = readDocument(call, 'inbound-shipment', (body) => checkInbound(desk, body));
  if (read.refusal !== undefined) return read.refusal;
  const { shippingPlanExternalId } = read.body;
  if (shippingPlanExternalId !== undefined && desk.book.externalIds.has(`inbound ${shippingPlanExternalId}`)) {
    return refused(409, `A shipping plan with external id ${shippingPlanExternalId} is already present`);
  }
  return answerInbound(call, receiveInbound(desk, read.body), 201);
}

function answerInbound({ desk }: Call, inbound: InboundRecord, status = 200): Answer {
  return json(status, shown(desk, viewInbound(desk.book, inbound)));
}

function onInbound(perform: (call: Call, inbound: InboundRecord) => Answer): Operation {
  return (call) => {
    const inbound = call.desk.book.inbounds.get(call.id);
    return inbound === undefined ? refused(404, `Shipment ${call.id} not found`) : perform(call, inbound);
  };
}

/** GET /inbounds/shipments?shipmentIds=1&shipmentIds=2, or newest first by limit and offset */
export function listInbounds(call: Call): Answer {
  const { book } = call.desk;
  const wanted = call.request.query.getAll('shipmentIds');
  const all = [...book.inbounds.values()].toReversed();
  const fitting = wanted.length === 0 ? all : all.filter(({ id }) => wanted.includes(id));
  return offsetPage(call, fitting, (inbound) => viewInbound(book, inbound), { usual: 20, most: 100 });
}

/** GET /inbounds/shipments/{shipmentId} */
export const getInbound = onInbound((call, inbound) => answerInbound(call, inbound));

/** PATCH /inbounds/shipments/{shipmentId}/update: which fields it takes is not documented; these are. */
export const updateInbound = onInbound((call, inbound) => {
  const body = readObject(call);
  if (body === undefined) return refused(400, 'The body is not a JSON object');
  const { shippingPlanName, status } = body;
  const unknown = Object.keys(body).filter((name) => name !== 'shippingPlanName' && name !== 'status');
  const isName = shippingPlanName === undefined || typeof shippingPlanName === 'string';
  const isStatus = status === undefined || status === 'READY_TO_SHIP' || status === 'IN_TRANSIT';
  if (!isName || !isStatus || unknown.length > 0) {
    return invalid(400, [{ path: unknown[0] ?? (isName ? 'status' : 'shippingPlanName'), message: 'is not allowed' }]);
  }
  if (!changeInbound(call.desk, inbound, { shippingPlanName, status })) {
    return refused(400, `Shipment ${inbound.id} is ${inbound.status} and can no longer be changed`);
  }
  return answerInbound(call, inbound);
});

function viewInbound(book: Book, inbound: InboundRecord): unknown {
  const { body } = inbound;
  return {
    id: inbound.id,
    receivingId: inbound.receivingId,
    status: inbound.status,
    addresses: {
      from: body.from,
      to: { name: 'Receiving', address1: '1 Depot Way', city: 'Atlanta', countryCode: 'US' },
    },
    items: inbound.counts.map(({ itemId, logisticsSku, lineItemId, expected, sellable, damaged }) => ({
      logisticsSku,
      shipmentItemId: itemId,
      merchantSku: book.products.get(logisticsSku)?.body.merchantSku,
      lineItemId,
      counts: { expected, sellable, damaged },
    })),
    packages: (body.packages ?? []).map((carton, place) => ({ id: `${inbound.id}-${place + 1}`, ...carton })),
    arrivedAt: isoTimeOrNull(inbound.arrivedAt),
    completedAt: isoTimeOrNull(inbound.completedAt),
    prep: { boxContentLabels: body.prep?.boxContentLabels ?? false },
    shippingPlanId: `${inbound.id}0`,
    shippingPlanExternalId: body.shippingPlanExternalId ?? null,
    shippingPlanName: body.shippingPlanName ?? null,
    shipmentDestination: body.shipmentDestination ?? 'NETWORK',
    bookingId: body.bookingId ?? null,
  };
}
