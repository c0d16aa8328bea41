import { type Answer } from '../frame.ts';
import { created, done, invalid, invalidField, ok, type Problems, refused } from './answers.ts';
import { receiveChange } from './changes.ts';
import { publish, schedule } from './desk.ts';
import { type Call, readDocument, readFlag } from './intake.ts';
import { PROCESS_AFTER_MS, viewAsn } from './receiving.ts';
import { checkItems, checkProduct } from './references.ts';
import { ensureProduct } from './stock.ts';
import { type PurchaseItem } from './types.ts';

const OVERWRITE = 'X-Ctl-Overwrite';
const CANCEL_ITEMS = 'X-Ctl-CancelDisabledItems';

/** PUT /v1/PurchaseOrders/{id} */
export function putPurchaseOrder(call: Call): Answer {
  const { desk, id } = call;
  const read = readDocument(call, 'purchase-order');
  if (read.refusal !== undefined) return read.refusal;
  const { body } = read;
  const existing = desk.book.purchaseOrders.get(id);
  const isOpen = existing === undefined || existing.status === 'draft' || existing.status === 'ready';
  const refusal = refuseOverwrite(call, existing !== undefined, isOpen) ?? refuseItems(call, body.Items);
  if (refusal !== undefined) return refusal;
  const version = (existing?.version ?? 0) + 1;
  const status = body.ReadyForProcessing === false ? 'draft' : 'ready';
  desk.book.purchaseOrders.set(id, { id, status, body, version, receivedParts: 0 });
  schedule(desk, PROCESS_AFTER_MS, 'purchase-order-process', id, version);
  return created();
}

/** PUT /v1/PurchaseOrders/{id}/close */
export function closePurchaseOrder({ desk, id }: Call): Answer {
  const order = desk.book.purchaseOrders.get(id);
  if (order === undefined) return refused(404, `Purchase order ${id} is unknown.`);
  order.status = 'closed';
  return done(204);
}

/** PUT /v1/ASNs/{id} */
export function putAsn(call: Call): Answer {
  const { desk, id } = call;
  const read = readDocument(call, 'asn');
  if (read.refusal !== undefined) return read.refusal;
  const { body } = read;
  const existing = desk.book.asns.get(id);
  const isOpen = existing === undefined || existing.status === 'ready';
  const refusal = refuseOverwrite(call, existing !== undefined, isOpen) ?? refuseItems(call, body.Items);
  if (refusal !== undefined) return refusal;
  for (const { Sku } of body.Items) ensureProduct(desk, Sku);
  const version = (existing?.version ?? 0) + 1;
  const updateIndex = existing?.updateIndex ?? 0n;
  const asn = { id, updateIndex, status: 'ready' as const, body, version, postedAt: body.Items.map(() => null) };
  desk.book.asns.set(id, asn);
  publish(desk, 'ASNs', asn);
  schedule(desk, PROCESS_AFTER_MS, 'asn-process', id, version);
  return created();
}

/** GET /v1/ASNs/{id} */
export function getAsn({ desk, id }: Call): Answer {
  const asn = desk.book.asns.get(id);
  return asn === undefined ? refused(404, `ASN ${id} is unknown.`) : ok(viewAsn(desk, asn));
}

/** PUT /v1/ProductChanges/{id} */
export function putProductChange(call: Call): Answer {
  const { desk, id } = call;
  const read = readDocument(call, 'product-change');
  if (read.refusal !== undefined) return read.refusal;
  const cancelsItems = readFlag(call, CANCEL_ITEMS);
  if (cancelsItems === undefined) return refuseFlag(call, CANCEL_ITEMS);
  if (desk.book.changes.has(id)) return refused(409, `Product change ${id} already exists.`);
  const problems: Problems = new Map();
  checkProduct(problems, desk, read.body, cancelsItems);
  if (problems.size > 0) return invalid(problems, desk.switches);
  receiveChange(desk, id, read.body, cancelsItems);
  return created();
}

function refuseOverwrite(call: Call, exists: boolean, isOpen: boolean): Answer | undefined {
  const overwrites = readFlag(call, OVERWRITE);
  if (overwrites === undefined) return refuseFlag(call, OVERWRITE);
  if (!exists) return undefined;
  if (!overwrites) return refused(409, `${call.id} already exists and will not be updated.`);
  return isOpen ? undefined : refused(409, `${call.id} is already processed.`);
}

function refuseFlag(call: Call, name: string): Answer {
  return invalidField(name, `${name} must be true or false.`, call.desk.switches);
}

function refuseItems({ desk }: Call, items: readonly PurchaseItem[]): Answer | undefined {
  const problems: Problems = new Map();
  checkItems(problems, desk, items);
  return problems.size > 0 ? invalid(problems, desk.switches) : undefined;
}
