import { type Answer } from '../frame.ts';
import { answer, refused, refusedFor } from './answers.ts';
import { type Desk, findShipment, idOf } from './desk.ts';
import { type Call, readDocument } from './intake.ts';
import { dispatch, forceStatus, startShipment } from './life.ts';
import { type Shipment } from './state.ts';
import { invalidData, placeFailed, placeFails, refuseByData, viewWarnings } from './triggers.ts';
import { type ShipmentBody, type Status } from './types.ts';
import { viewHistory, viewShipment } from './views.ts';

/** POST /shipments */
export function createShipment(call: Call): Answer {
  const { desk } = call;
  const { tenant, switches } = desk;
  const read = readDocument(call, 'create');
  if ('refusal' in read) return read.refusal;
  const { body } = read;
  const externalId = body.orderExternalId;
  if (switches.uniqueOrderIds && tenant.named.has(externalId)) {
    const message = `Order ${externalId} already exists`;
    const where = { parameter: 'orderExternalId', entityId: externalId, entity: 'order' };
    return refusedFor(422, 'DUPLICATE_ID', message, where);
  }
  const refusal = refuseByData(desk, body);
  if (refusal !== undefined) return refusal;
  const failure = placeFails(desk, externalId);
  if (failure === 'without-record') return placeFailed(externalId);
  const shipment = addShipment(desk, body);
  if (failure === 'with-record') {
    forceStatus(desk, shipment, 'ORDER_FAILED');
    return placeFailed(externalId);
  }
  startShipment(desk, shipment);
  return answer(201, viewCreated(shipment, desk));
}

function addShipment(desk: Desk, body: ShipmentBody): Shipment {
  const { tenant, at } = desk;
  const known = tenant.named.get(body.orderExternalId) ?? [];
  const shipment: Shipment = {
    id: idOf(desk, 'shipment', body.orderExternalId, known.length),
    body,
    status: 'REQUEST_RECEIVED',
    createdAt: at,
    lastUpdatedAt: at,
    history: [],
    provider: undefined,
    trackingId: undefined,
    dispatchedAt: undefined,
    pickedUpAt: undefined,
    deliveredAt: undefined,
    plan: [],
  };
  tenant.shipments.set(shipment.id, shipment);
  tenant.named.set(body.orderExternalId, [...known, shipment.id]);
  return shipment;
}

function viewCreated(shipment: Shipment, desk: Desk): unknown {
  const { tenant, switches } = desk;
  const { id, ...view } = viewShipment(shipment, tenant);
  const empty = switches.emptyCreatedAt ? { createdAt: '', lastUpdatedAt: '' } : {};
  const warnings = viewWarnings(desk, shipment.body);
  return { ...(switches.createAnswerId ? { id } : {}), ...view, ...empty, ...warnings };
}

/** GET /shipments/{id} */
export function getShipment(call: Call): Answer {
  const found = findOrRefuse(call);
  return 'refusal' in found ? found.refusal : answer(200, viewShipment(found.shipment, call.desk.tenant));
}

/** GET /shipments/{id}/status-history */
export function getHistory(call: Call): Answer {
  const found = findOrRefuse(call);
  if ('refusal' in found) return found.refusal;
  const isUnique = call.request.query.get('is_unique') === 'true';
  return answer(200, viewHistory(found.shipment, call.desk.tenant, isUnique, call.desk.switches));
}

/** Before the carrier has anything to do with a shipment. */
const UNPLACED: readonly Status[] = [
  'REQUEST_RECEIVED',
  'PENDING_DISPATCH',
  'PENDING_RELEASE',
  'PENDING_AUTORETRY',
  'ESTIMATES_RECEIVED',
  'ESTIMATES_FAILED',
  'ORDER_FAILED',
];
/** While the driver has not begun. */
const EDITABLE: readonly Status[] = [...UNPLACED, 'ORDER_DISPATCHED', 'STAGED', 'ORDER_ASSIGNED', 'ORDER_UNASSIGNED'];

/** PUT /shipments/{id} */
export function editShipment(call: Call): Answer {
  const { desk, request } = call;
  const found = findOrRefuse(call);
  if ('refusal' in found) return found.refusal;
  const read = readDocument(call, 'edit');
  if ('refusal' in read) return read.refusal;
  const { shipment } = found;
  const isForced = request.query.get('force_update') === 'true' && shipment.status === 'PICKUP_STARTED';
  const refusal = isForced || EDITABLE.includes(shipment.status) ? undefined : tooLate(shipment, 'changed');
  const later = refusal ?? refuseEdit(desk, shipment, read.body);
  if (later !== undefined) return later;
  const contact = { ...shipment.body.deliveryContact, ...read.body.deliveryContact };
  const body = { ...shipment.body, ...read.body, deliveryContact: contact };
  const unfit = refuseByData(desk, body);
  if (unfit !== undefined) return unfit;
  shipment.body = { ...body, orderExternalId: shipment.body.orderExternalId };
  shipment.lastUpdatedAt = desk.at;
  return answer(200, { ...viewShipment(shipment, desk.tenant), ...viewWarnings(desk, shipment.body) });
}

function refuseEdit(desk: Desk, shipment: Shipment, body: Partial<ShipmentBody>): Answer | undefined {
  if (body.locationExternalId !== undefined) {
    return invalidData(desk, 'locationExternalId cannot be changed', { parameter: 'locationExternalId' });
  }
  if (UNPLACED.includes(shipment.status)) return undefined;
  const email = body.deliveryContact?.email;
  const fixed =
    email !== undefined && email !== shipment.body.deliveryContact.email ? 'deliveryContact.email' : undefined;
  const parameter = body.package === undefined ? fixed : 'package';
  if (parameter === undefined) return undefined;
  const message = `${parameter} cannot be changed after the dispatch`;
  const problem = { type: 'INVALID_OPERATION', message, parameter };
  return refused(Number(desk.switches.lateEditStatus), 'VALIDATION_ERROR', message, [problem]);
}

/** DELETE /shipments/{id} */
export function cancelShipment(call: Call): Answer {
  const { desk } = call;
  const found = findOrRefuse(call);
  if ('refusal' in found) return found.refusal;
  const { shipment } = found;
  const { orderExternalId } = shipment.body;
  if (shipment.status === 'ORDER_CANCELLED') {
    return refused(409, desk.switches.cancelledType, `Order ${orderExternalId} is already cancelled`);
  }
  if (shipment.status === 'PICKUP_STARTED') {
    const inner = [{ type: 'VOID_PERIOD_OVER', message: 'The driver is under way' }];
    return refused(422, 'ORDER_CANCELLATION_FAILED', `Order ${orderExternalId} could not be cancelled`, inner);
  }
  if (!EDITABLE.includes(shipment.status)) {
    return refused(403, 'CANCELLATION_NOT_ALLOWED', `The provider does not allow to cancel order ${orderExternalId}`);
  }
  forceStatus(desk, shipment, 'ORDER_CANCELLED');
  return answer(200, viewShipment(shipment, desk.tenant));
}

const FAILED: readonly Status[] = ['PENDING_AUTORETRY', 'ESTIMATES_FAILED', 'ORDER_FAILED'];

/** POST /shipments/{id}/retry */
export function retryShipment(call: Call): Answer {
  const { desk } = call;
  const found = findOrRefuse(call);
  if ('refusal' in found) return found.refusal;
  const { shipment } = found;
  if (!FAILED.includes(shipment.status)) return tooLate(shipment, 'tried again');
  const refusal = refuseByData(desk, shipment.body);
  if (refusal !== undefined) return refusal;
  dispatch(desk, shipment);
  return answer(201, viewShipment(shipment, desk.tenant));
}

function tooLate({ body, status }: Shipment, what: string): Answer {
  return refused(409, 'INVALID_OPERATION', `Order ${body.orderExternalId} is ${status} and cannot be ${what}`);
}

function findOrRefuse({ desk, id }: Call): { shipment: Shipment } | { refusal: Answer } {
  if (id === '' || id.length > 100) {
    return { refusal: invalidData(desk, 'The id is not valid', { parameter: 'shipment_id' }) };
  }
  const shipment = findShipment(desk.tenant, id);
  if (shipment !== undefined) return { shipment };
  const where = { parameter: 'shipment_id', entityId: id, entity: 'order' };
  return { refusal: refusedFor(404, 'NOT_FOUND', `Order ${id} is not known`, where) };
}
