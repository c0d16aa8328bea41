import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { answer, loadShipped, open, operationOf, serve } from './support.ts';

/** What was sent, how the provider shows it, and things of it that another document would have otherwise. */
interface Case {
  readonly provider: string;
  readonly operation: string;
  readonly key: string;
  readonly sent: JsonObject;
  readonly shown: JsonObject;
  readonly answered: (record: Json) => Json;
  readonly others: readonly JsonObject[];
}

const address = { street1: '18 Harbor Lane', apartmentNumber: '4', city: 'Dayton', state: 'OH', postalCode: '45402' };
const ds = {
  orderExternalId: 'SO-1',
  locationExternalId: 'STORE-014',
  deliveryContact: { name: 'Mina', phone: '+1 937-555-0142' },
  deliveryAddress: address,
  deliveryTime: { endsAt: 1_778_014_800_000 },
  itemList: [{ sku: 'A', quantity: 1 }],
};
const shipTo = { name: 'Depot', address1: '1 Elm', city: 'Milwaukee', state: 'WI', postalCode: '53202', country: 'US' };
const line = { partNumber: 'CTRL-BRD-7', quantity: 1, serialized: true, serialNumbers: ['CB7-1'] };
const ticket = { subaccount: 'NORDIC', ssl: 'ORD-SSL-004', shipTo, lines: [line] };
const to = {
  name: 'Mina',
  address1: '18 Harbor Lane',
  city: 'Dayton',
  provinceCode: 'OH',
  zip: '45402',
  countryCode: 'US',
};
const order = { externalOrderId: 'SO-1', address: to, lineItems: [{ logisticsSku: 'DAB12CD34EF', quantity: 1 }] };
const item = { logisticsSku: 'DAB12CD34EF', quantity: 24, quantityUOM: 'CASE', quantityPerPack: 12 };
const b2b = {
  externalId: 'B2B-1',
  shipBy: '2026-05-12T20:00:00Z',
  orderItems: [item],
  transportationDetails: { shippingPartner: 'FLEXPORT', shippingType: 'PARCEL' },
};
const dimensions = { weight: 0.91, weightUnit: 'lb', length: 3.2, width: 3.2, height: 10.8, lengthUnit: 'in' };
const product = { name: 'Bottle', merchantSku: 'BTL', dimensions, customsInformation: { originCountry: 'PT' } };
const returned = { rma: 'RMA-1', externalReturnId: 'RT-1', returnItems: [{ identifier: 'DAB12CD34EF', quantity: 2 }] };

const cases: readonly Case[] = [
  {
    provider: 'ds',
    operation: 'order.create',
    key: 'SO-1',
    sent: ds,
    shown: {
      ...ds,
      id: 'x',
      status: 'ORDER_DISPATCHED',
      deliveryAddress: { ...address, countryCode: 'US' },
      pickupTime: null,
    },
    answered: (record) => ({ data: [record] }),
    others: [
      { deliveryContact: { name: 'Ann' } },
      { deliveryAddress: { ...address, city: 'Oakwood' } },
      { deliveryAddress: { ...address, apartmentNumber: '5' } },
      { locationExternalId: 'STORE-022' },
      { deliveryTime: { endsAt: 1_778_014_900_000 } },
      { itemList: [{ sku: 'A', quantity: 2 }] },
    ],
  },
  {
    provider: 'choice',
    operation: 'ticket.outbound',
    key: 'SO-1',
    sent: ticket,
    shown: { ...ticket, ticketId: 'T-1', clientRef: 'SO-1', requestType: 'OUTBOUND' },
    answered: (record) => ({ items: [record] }),
    others: [
      { shipTo: { ...shipTo, name: 'Other Customer' } },
      { shipTo: { ...shipTo, address1: '99 Elsewhere Blvd' } },
      { lines: [{ ...line, serialNumbers: ['CB7-2'] }] },
      { lines: [line, line] },
    ],
  },
  {
    provider: 'flexport',
    operation: 'order.create',
    key: 'SO-1',
    sent: order,
    shown: { ...order, id: '7', lineItems: [{ ...order.lineItems[0], lineItemId: '10' }], promisedShipByTime: null },
    answered: (record) => record,
    others: [
      { address: { ...to, name: 'Somebody Else' } },
      { address: { ...to, address2: 'Apt 99' } },
      { address: { ...to, provinceCode: 'WA', zip: '99328' } },
      { lineItems: [{ logisticsSku: 'DAB12CD34EF', quantity: 2 }] },
    ],
  },
  {
    provider: 'flexport',
    operation: 'b2b-order.create',
    key: 'B2B-1',
    sent: b2b,
    shown: {
      orderId: '7',
      externalId: 'B2B-1',
      shipBy: '2026-05-12T20:00:00.000Z',
      orderItems: [{ ...item, lineItemId: '1' }],
      shipments: [{ shippingPartner: 'FLEXPORT', shippingType: 'PARCEL' }],
    },
    answered: (record) => record,
    others: [
      { shipBy: null },
      { orderItems: [{ ...item, quantityUOM: 'EACH' }] },
      { orderItems: [{ ...item, quantityPerPack: 48 }] },
      { shipments: [{ shippingPartner: 'SELLER', shippingType: 'LTL' }] },
      { orderItems: [] },
    ],
  },
  {
    provider: 'flexport',
    operation: 'product.create',
    key: 'BTL',
    sent: product,
    shown: {
      logisticsSku: 'DAB12CD34EF',
      merchantSku: 'BTL',
      name: 'Bottle',
      dimensions: { ...dimensions, weight: 0.91 },
      international: { originCountry: 'PT', description: 'filled in' },
    },
    answered: (record) => [record],
    others: [
      { name: 'Bottle, red' },
      { dimensions: { ...dimensions, weight: 99 } },
      { dimensions: { ...dimensions, weightUnit: 'kg' } },
      { dimensions: null },
      { international: { originCountry: 'CN' } },
    ],
  },
  {
    provider: 'flexport',
    operation: 'return.create',
    key: 'RT-1',
    sent: returned,
    shown: {
      id: 7,
      rma: 'RMA-1',
      externalReturnId: 'RT-1',
      shippingLabel: { carrier: 'UPS', trackingCode: '1Z' },
      returnItems: [{ identifier: 'DAB12CD34EF', expectedQuantity: 2 }],
    },
    answered: (record) => [record],
    others: [
      { returnItems: [{ identifier: 'DZX98YW76VU', expectedQuantity: 2 }] },
      { returnItems: [{ identifier: 'DAB12CD34EF', expectedQuantity: 1 }] },
      { rma: 'RMA-2' },
    ],
  },
];

const settings = { token: 'token-1', version: '2026-02', clientId: 'a', clientSecret: 'b' };

describe.each(cases)('$provider $operation', ({ provider, operation, key, sent, shown, answered, others }) => {
  const isSame = async (record: JsonObject): Promise<boolean> => {
    const { url } = await serve((request, response) => {
      const isToken = request.url.endsWith('/oauth/token');
      const body = isToken ? { access_token: 'token-1', expires_in: 3600 } : answered(record);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const opened = operationOf(open(loadShipped(provider), url, { settings }), operation);
    const found = await opened.lookUp?.(key, { method: 'POST', path: '/', headers: {}, body: JSON.stringify(sent) });
    if (found?.kind !== 'found') throw new Error(found?.kind ?? 'no look-up');
    return found.isSame;
  };

  it('is ours as the provider shows it, with what it fills in', async () => {
    expect(await isSame(shown)).toBe(true);
  });

  it.each(others)('is another one with %j', async (other) => {
    expect(await isSame({ ...shown, ...other })).toBe(false);
  });
});

it('a key of Flexport that came with other content is looked up', async () => {
  const { url } = await serve(answer(422, { detail: 'The idempotency key was used with another body' }));
  const flexport = open(loadShipped('flexport'), url, { settings });
  for (const name of ['order.create', 'product.create', 'return.create', 'asn.create']) {
    const operation = operationOf(flexport, name);
    const outcome = await operation.send({ method: 'POST', path: '/', headers: {}, body: '{}' }, undefined, 'SO-1');
    expect(outcome).toMatchObject({ class: 'ALREADY_EXISTS' });
  }
});
