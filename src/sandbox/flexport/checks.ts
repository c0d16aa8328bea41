import { type Problem } from './answers.ts';
import { DAY_MS, type Desk } from './desk.ts';
import { type InboundBody, type OrderBody, type ReturnBody, type Transport, type WholesaleBody } from './types.ts';

const CARRIER_ACCOUNT = ['carrierName', 'carrierAccountId', 'country', 'postalCode'];
const LEAST_BUSINESS_DAYS = 3;

/** Rules of a consumer order that go beyond its shape. */
export function checkOrder({ book, at }: Desk, { lineItems, ...body }: OrderBody): Problem[] {
  const problems: Problem[] = [];
  for (const [line, { logisticsSku }] of lineItems.entries()) {
    if (logisticsSku.startsWith('D') && !book.products.has(logisticsSku)) {
      problems.push({ path: `lineItems[${line}].logisticsSku`, message: `${logisticsSku} not found` });
    }
  }
  const [shipBy, deliverBy] = [body.promisedShipByTime, body.promisedDeliveryByTime];
  for (const [path, text] of Object.entries({ promisedShipByTime: shipBy, promisedDeliveryByTime: deliverBy })) {
    if (text !== undefined && Date.parse(text) <= at) problems.push({ path, message: 'must be in the future' });
  }
  if (shipBy !== undefined && deliverBy !== undefined && Date.parse(shipBy) > Date.parse(deliverBy)) {
    problems.push({ path: 'promisedShipByTime', message: 'must be before promisedDeliveryByTime' });
  }
  return problems;
}

/** Rules of a wholesale order that go beyond its shape. */
export function checkWholesale({ at }: Desk, body: WholesaleBody): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [line, { logisticsSku, productData }] of body.orderItems.entries()) {
    const path = `orderItems[${line}]`;
    const identifier = logisticsSku ?? productData?.sku;
    if (identifier === undefined) problems.push({ path, message: 'needs logisticsSku or productData' });
    else if (seen.has(identifier)) problems.push({ path, message: `${identifier} is given twice` });
    else seen.add(identifier);
  }
  if (body.shipBy !== undefined && businessDaysBetween(at, Date.parse(body.shipBy)) < LEAST_BUSINESS_DAYS) {
    problems.push({ path: 'shipBy', message: `must be at least ${LEAST_BUSINESS_DAYS} business days ahead` });
  }
  return [...problems, ...checkTransport(body.transportationDetails)];
}

/** Days from Monday to Friday after the UTC day of `from`, up to that of `to`. */
function businessDaysBetween(from: number, to: number): number {
  const last = Math.floor(to / DAY_MS);
  let count = 0;
  for (let day = Math.floor(from / DAY_MS) + 1; day <= last && count < LEAST_BUSINESS_DAYS; day++) {
    // Day 0 of the epoch was a Thursday.
    const weekday = (day + 4) % 7;
    if (weekday !== 0 && weekday !== 6) count += 1;
  }
  return count;
}

function checkTransport(details: Transport): Problem[] {
  const problems: Problem[] = [];
  const add = (name: string, message: string): void => {
    problems.push({ path: `transportationDetails.${name}`, message });
  };
  const {
    shippingPartner: partner,
    shippingType: type,
    shippingSpeed: speed,
    carrierAccountDetails: account,
  } = details;
  const isForeign = ['THIRD_PARTY', 'RECEIVER', 'COLLECT'].includes(partner);
  if (isForeign && type !== 'PARCEL') add('shippingType', `must be PARCEL for ${partner}`);
  if (speed !== undefined && (partner !== 'FLEXPORT' || type !== 'PARCEL')) {
    add('shippingSpeed', 'is only possible for FLEXPORT and PARCEL');
  }
  if (!isForeign) return problems;
  const needed = partner === 'COLLECT' ? ['carrierName'] : CARRIER_ACCOUNT;
  for (const name of needed) {
    if ((account?.[name] ?? '') === '') add(`carrierAccountDetails.${name}`, `is required for ${partner}`);
  }
  const carriers = partner === 'COLLECT' ? ['FEDEX'] : ['UPS', 'FEDEX'];
  const carrier = account?.['carrierName'];
  if (carrier !== undefined && !carriers.includes(carrier)) {
    add('carrierAccountDetails.carrierName', `must be ${carriers.join(' or ')} for ${partner}`);
  }
  return problems;
}

/** Rules of an inbound shipment that go beyond its shape. */
export function checkInbound({ book }: Desk, body: InboundBody): Problem[] {
  const problems: Problem[] = [];
  const hasItems = (body.items?.length ?? 0) > 0;
  const hasPackages = (body.packages?.length ?? 0) > 0;
  if (hasItems === hasPackages) problems.push({ path: 'items', message: 'either items or packages are required' });
  for (const { logisticsSku } of itemsOf(body)) {
    if (!book.products.has(logisticsSku)) problems.push({ path: 'items', message: `${logisticsSku} not found` });
  }
  const isStorage = body.shipmentDestination === 'STORAGE';
  if (isStorage && body.storageWarehouseId === undefined) {
    problems.push({ path: 'storageWarehouseId', message: 'is required for STORAGE' });
  }
  if (isStorage && body.cargoType === undefined) {
    problems.push({ path: 'cargoType', message: 'is required for STORAGE' });
  }
  if (!isStorage && body.prep?.boxContentLabels === undefined) {
    problems.push({ path: 'prep.boxContentLabels', message: 'is required for NETWORK' });
  }
  return problems;
}

/** Everything an inbound shipment holds, in units. */
export function itemsOf({ items = [], packages = [] }: InboundBody): InboundBody['items'] & {} {
  const packed = packages.flatMap(({ items: inside, numberOfIdenticalPkgs }) =>
    inside.map((item) => ({ ...item, quantity: item.quantity * numberOfIdenticalPkgs })),
  );
  return [...items, ...packed];
}

/** Rules of a return that go beyond its shape. */
export function checkReturn({ book }: Desk, body: ReturnBody): Problem[] {
  const problems: Problem[] = [];
  if (body.sourceAddress === undefined && body.externalLabel === undefined) {
    problems.push({ path: 'sourceAddress', message: 'is required without externalLabel' });
  }
  for (const [line, { identifier, type }] of body.returnItems.entries()) {
    const isKnown = type === 'SKU' ? book.skus.has(identifier) : book.products.has(identifier);
    if (!isKnown) problems.push({ path: `returnItems[${line}].identifier`, message: `${identifier} not found` });
  }
  return problems;
}
