import { isObject } from '../json.ts';
import {
  atLeast,
  attributes,
  type Check,
  type Findings,
  list,
  moment,
  oneOf,
  report,
  shape,
  text,
  whole,
} from './checks.ts';
import { STATUSES } from './types.ts';

// Written from the provider's document and not from the schemas beside the mappings, so that a slip there shows.

const MOST = Number.MAX_SAFE_INTEGER;

const address = shape({
  'street1!': text(100),
  street2: text(100),
  apartmentNumber: text(50),
  city: text(100),
  state: text(100),
  'postalCode!': text(20),
  countryCode: oneOf('US', 'CA', 'GB', 'AU', 'IE'),
  latitude: atLeast(-90),
  longitude: atLeast(-180),
});
const CONTACT = { name: text(100), phone: text(20), email: text(100), userExternalId: text(100) };
const contact = shape({ 'name!': CONTACT.name, 'phone!': CONTACT.phone, email: CONTACT.email });
const customer = shape({ ...CONTACT, 'name!': CONTACT.name, 'phone!': CONTACT.phone });
const weight = shape({ 'value!': atLeast(0), 'unit!': oneOf('kg', 'lb') });
const size = shape({
  'length!': atLeast(0),
  'width!': atLeast(0),
  'height!': atLeast(0),
  'unit!': oneOf('cm', 'in'),
});
const item = shape({
  'sku!': text(100),
  quantity: whole(1, MOST),
  upc: text(100),
  category: text(100),
  size,
  weight,
  price: atLeast(0),
  salePrice: atLeast(0),
  image: text(200),
  title: text(200),
  description: text(10_000),
  itemAttributes: attributes,
  tags: list(text(100), 20),
});
const carton = shape({
  'name!': text(100),
  description: text(10_000),
  size,
  weight,
  itemQuantity: whole(1, MOST),
  itemList: list(item, 1000),
  temperatureControl: oneOf('frozen', 'refrigerated', 'cool', 'ambient', 'warm', 'none'),
  content: list(oneOf('alcohol', 'fragile', 'tobacco', 'rx', 'perishable'), 5),
  barcode: text(500),
});
const window: Check = (value, path, findings) => {
  shape({ startsAt: moment, endsAt: moment })(value, path, findings);
  if (!isObject(value) || !(Number(value['startsAt']) > Number(value['endsAt']))) return;
  report(findings, path, `${path} ends before it starts`);
};

const CONTENT = {
  groupId: text(100),
  pickupTime: window,
  deliveryTime: window,
  itemList: list(item, 100),
  package: carton,
  signature: oneOf('unattended', 'required_recipient', 'required', 'not_required'),
  deliveryInstructions: text(10_000),
  orderValue: atLeast(0),
  createdDate: whole(0, MOST),
  orderAttributes: attributes,
  proposedProviders: list(shape({ 'name!': text(1000), services: list(shape({ id: text(1000) }), 100) }), 100),
};
const pickup = shape({
  'address!': address,
  'contact!': contact,
  name: text(100),
  locationExternalId: text(100),
  brandExternalId: text(100),
  pickupInstructions: text(10_000),
  providers: list(shape({ name: text(1000) }), 100),
  providerAttributes: attributes,
});

const requestShape = shape({
  ...CONTENT,
  'orderExternalId!': text(100),
  locationExternalId: text(100),
  pickup,
  'deliveryAddress!': address,
  'deliveryContact!': customer,
  locale: text(5),
});

/** The body of a create. */
export const shipmentRequest: Check = (value, path, findings) => {
  requestShape(value, path, findings);
  if (!isObject(value)) return;
  const origins = ['locationExternalId', 'pickup'].filter((name) => Object.hasOwn(value, name));
  if (origins.length !== 1) report(findings, 'locationExternalId', 'either locationExternalId or pickup is required');
  checkPackaged(value, findings);
};

/** The body of an edit. */
export const shipmentEdit: Check = shape({
  ...CONTENT,
  orderExternalId: text(100),
  locationExternalId: text(100),
  deliveryAddress: address,
  deliveryContact: shape(CONTACT),
  locale: text(50),
});

/** The body of a list. */
export const listRequest: Check = (value, path, findings) => {
  shape({
    limit: whole(1, 1000),
    paginationToken: text(500),
    lastUpdatedAt: window,
    createdAt: window,
    pickupTime: window,
    deliveryTime: window,
    orderExternalIds: list(text(100), 100),
    locationExternalIds: list(text(100), 100),
    groupId: text(100),
    status: list(oneOf(...STATUSES), 100),
  })(value, path, findings);
};

/** The body that makes a location. */
export const locationRequest: Check = shape({
  'locationExternalId!': text(100),
  'name!': text(100),
  'address!': address,
  'contact!': contact,
});

/** What a package holds must be part of the order. */
function checkPackaged(body: Record<string, unknown>, findings: Findings): void {
  const ordered = countBySku(body['itemList']);
  const packaged = countBySku(isObject(body['package']) ? body['package']['itemList'] : undefined);
  for (const [sku, quantity] of packaged) {
    if (quantity <= (ordered.get(sku) ?? 0)) continue;
    report(findings, 'package.itemList', `the package holds more of ${sku} than the order`);
  }
}

function countBySku(items: unknown): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of Array.isArray(items) ? (items as unknown[]) : []) {
    if (!isObject(entry)) continue;
    const { sku, quantity = 1 } = entry;
    counts.set(String(sku), (counts.get(String(sku)) ?? 0) + Number(quantity));
  }
  return counts;
}
