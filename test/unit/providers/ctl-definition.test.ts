import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { createAjv } from '../../../src/core/shape.ts';
import { put } from '../mapping/broken/payloads.ts';
import { answer, loadShipped, open, operationOf, serve } from './support.ts';

const settings = { clientId: 'client-1', userId: 'user-1' };

it('offers every operation and feed of CTL', () => {
  const provider = open(loadShipped('ctl'), 'http://127.0.0.1:1', { settings });
  expect([...provider.operations.keys()]).toEqual([
    'order.create',
    'order.ship-to',
    'order.cancel',
    'product.upsert',
    'purchase-order.create',
    'purchase-order.close',
    'asn.create',
  ]);
  expect([...provider.feeds].map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
    'shipments stream',
    'receipts stream',
    'asn-receipts stream',
    'transactions stream',
    'returns stream',
    'product-results stream',
    'inventory snapshot',
  ]);
  expect([...provider.operations.values()].every(({ isRepeatable }) => isRepeatable)).toBe(true);
});

it.each([
  ['order.create', 201, 'ACCEPTED'],
  ['order.create', 409, 'ALREADY_EXISTS'],
  ['order.create', 400, 'FIX_DATA'],
  ['order.create', 401, 'FIX_CREDENTIALS'],
  ['order.create', 404, 'FIX_CREDENTIALS'],
  ['order.create', 500, 'AMBIGUOUS'],
  ['order.create', 503, 'RETRY_LATER'],
  ['order.ship-to', 200, 'ACCEPTED'],
  ['order.ship-to', 404, 'NOT_FOUND'],
  ['order.ship-to', 409, 'TOO_LATE'],
  ['order.cancel', 409, 'TOO_LATE'],
  ['product.upsert', 409, 'ALREADY_EXISTS'],
  ['purchase-order.create', 409, 'ALREADY_EXISTS'],
  ['purchase-order.close', 204, 'ACCEPTED'],
  ['purchase-order.close', 404, 'NOT_FOUND'],
  ['asn.create', 201, 'ACCEPTED'],
])('%s: %i means %s', async (name, status, expected) => {
  const { url, received } = await serve(answer(status));
  const operation = operationOf(open(loadShipped('ctl'), url, { settings }), name);
  expect(await operation.send(operation.freeze('X-1', { Items: [] }))).toMatchObject({ class: expected });
  expect(received[0]?.headers).toMatchObject({ 'x-ctl-clientid': 'client-1', 'x-ctl-userid': 'user-1' });
});

it('sends what CTL documents', async () => {
  const { url, received } = await serve(answer(204));
  const provider = open(loadShipped('ctl'), url, { settings });
  for (const name of provider.operations.keys()) {
    const operation = operationOf(provider, name);
    await operation.send(operation.freeze('X-1', {}));
  }
  expect(received.map((request) => `${request.method} ${request.url} ${request.body}`)).toEqual([
    'PUT /v1/Orders/X-1 {}',
    'PUT /v1/Orders/X-1/ShipTo {}',
    'PUT /v1/Orders/X-1/IsCancelled {}',
    'PUT /v1/ProductChanges/X-1 {}',
    'PUT /v1/PurchaseOrders/X-1 {}',
    'PUT /v1/PurchaseOrders/X-1/close ',
    'PUT /v1/ASNs/X-1 {}',
  ]);
  expect(received[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(received[5]?.headers['content-type']).toBeUndefined();
});

/** What a schema has against its first example with some values changed: pointers and keywords. */
function refusals(name: string, changes: Readonly<Record<string, Json | undefined>>): string[] {
  const file = new URL(`../../../mappings/ctl/schemas/${name}.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { readonly examples: readonly Json[] };
  const validate = createAjv().compile(schema);
  const payload = Object.entries(changes).reduce<Json>(
    (made, [pointer, value]) => put(made, pointer, value),
    schema.examples[0] ?? {},
  );
  if (validate(payload)) return [];
  const told = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return told.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

const letters = (count: number): string => 'A'.repeat(count);
const fedEx = { '/CarrierId': '2c9f4e80-83b7-4d16-a5c2-6f8091b3d432' };
const oldHarbor = { '/CarrierId': '91d3a7f4-5e28-4f6b-b0d9-8a1c2e4f6543' };

describe('the longest texts CTL takes', () => {
  it.each([
    ['order', '/Items/0/Sku', 32],
    ['purchase-order', '/Items/0/Sku', 40],
    ['asn', '/Items/0/Sku', 40],
    ['product-change', '/ProductId', 20],
    ['product-change', '/Aliases/0', 30],
    ['product-change', '/BillOfMaterialEntries/0/ProductId', 20],
    ['product-change', '/ExtendedDescription', 400],
    ['order', '/ThirdPartyShipAccount', 20],
    ['order', '/JobNumber', 25],
    ['order', '/PurchaseNumber', 25],
    ['order', '/GiftMessage', 80],
    ['order', '/Items/0/Description', 100],
    ['order', '/Items/0/UnitOfMeasure', 10],
    ['order', '/Variables/0/Key', 32],
    ['order', '/Variables/0/Value', 512],
    ['order', '/ShipTo/Name', 35],
    ['order', '/ShipTo/City', 30],
    ['order', '/BillTo/Address1', 35],
    ['ship-to', '/Attention', 35],
    ['asn', '/VendorInvoiceNumber', 35],
    ['asn', '/Items/0/CartonNumber', 20],
    ['asn', '/Items/0/GroupCode', 50],
    ['purchase-order', '/VendorName', 50],
  ])('%s %s: %i', (name, at, longest) => {
    expect(refusals(name, { [at]: letters(longest) })).toEqual([]);
    expect(refusals(name, { [at]: letters(longest + 1) })).toEqual([`${at} maxLength`]);
  });

  it.each([
    ['FedEx Ground', fedEx, '/ShipTo/Name', 30],
    ['FedEx Ground', fedEx, '/ShipTo/Address2', 30],
    ['FedEx Ground', fedEx, '/ShipTo/City', 20],
    ['FedEx Ground', fedEx, '/ShipTo/PhoneNumber', 15],
    ['Old Harbor', oldHarbor, '/ShipTo/Attention', 25],
    ['Old Harbor', oldHarbor, '/ShipTo/City', 25],
    ['Old Harbor', oldHarbor, '/ShipTo/Name', 35],
    ['no carrier', { '/CarrierId': undefined }, '/ShipTo/Name', 35],
  ])('with %s %o %s: %i', (_carrier, chosen, at, longest) => {
    expect(refusals('order', { ...chosen, [at]: letters(longest) })).toEqual([]);
    expect(refusals('order', { ...chosen, [at]: letters(longest + 1) })).toEqual([`${at} maxLength`]);
  });
});

describe('the rules CTL states', () => {
  it.each([
    ['order', { '/ShipTo/StateOrProvince': 'Ohio' }, ['/ShipTo/StateOrProvince enum']],
    [
      'order',
      { '/ShipTo/StateOrProvince': 'Ohio', '/ShipTo/CountryCode': undefined },
      ['/ShipTo/StateOrProvince enum'],
    ],
    ['order', { '/ShipTo/PostalCode': '4540' }, ['/ShipTo/PostalCode pattern']],
    ['order', { '/BillTo/PostalCode': '45402-118' }, ['/BillTo/PostalCode pattern']],
    ['ship-to', { '/PostalCode': '45402 1187' }, ['/PostalCode pattern']],
    ['order', { '/ShipToAddressId': 'STORE-001' }, [' not']],
    ['order', { '/ShipTo': undefined }, []],
    ['order', { '/ShippingPaymentType': 'Prepaid' }, [' additionalProperties']],
    ['order', { '/Items': [] }, ['/Items minItems']],
    ['order', { '/Items/0/Quantity': 1 }, []],
    ['order', { '/Items/0/Quantity': 0.5 }, ['/Items/0/Quantity minimum']],
    ['purchase-order', { '/Items/0/Quantity': 0.5 }, []],
    ['purchase-order', { '/Items/0/Quantity': 0 }, ['/Items/0/Quantity exclusiveMinimum']],
    ['asn', { '/Items/0/Quantity': 0 }, ['/Items/0/Quantity exclusiveMinimum']],
    ['order', { '/Items/0/Sku': 'SKU-\u20ac\u0160' }, []],
    ['order', { '/Items/0/Sku': 'SKU-\u0416' }, ['/Items/0/Sku pattern']],
    ['order', { '/Items/0/Sku': 'A\tB' }, ['/Items/0/Sku pattern']],
    ['order', { '/ShipTo/PhoneNumber': '\uff10\uff11' }, ['/ShipTo/PhoneNumber pattern']],
    ['order', { '/ShipTo/Name': '\u0416\u0435\u043d\u044f' }, []],
    ['order', { '/ShipTo/Name': 'A\u0000' }, ['/ShipTo/Name pattern']],
    ['product-change', { '/ProductId': '\u0416' }, ['/ProductId pattern']],
    ['product-change', { '/Aliases/0': '\u0416' }, ['/Aliases/0 pattern']],
    ['product-change', { '/UnitsOfMeasure/EACH/BaseQuantity': 2 }, ['/UnitsOfMeasure/EACH/BaseQuantity const']],
    ['product-change', { '/UnitsOfMeasure/CASE/BaseQuantity': 0 }, ['/UnitsOfMeasure/CASE/BaseQuantity minimum']],
    ['product-change', { '/UnitsOfMeasure/CASE/BaseQuantity': 1.5 }, ['/UnitsOfMeasure/CASE/BaseQuantity type']],
    ['product-change', { '/SpecialEquipmentCode': 'HLG' }, []],
    ['product-change', { '/SpecialEquipmentCode': 'HX' }, ['/SpecialEquipmentCode enum']],
    ['product-change', { '/CycleCountCode': '' }, ['/CycleCountCode minLength']],
    ['product-change', { '/BillOfMaterialEntries/0/Quantity': 0 }, ['/BillOfMaterialEntries/0/Quantity minimum']],
    ['order-cancel', { '/Cancel': false }, ['/Cancel const']],
    ['order', { '/DateOrdered': '05/04/2026' }, ['/DateOrdered format', '/DateOrdered anyOf', '/DateOrdered pattern']],
  ] as [string, Readonly<Record<string, Json | undefined>>, string[]][])('%s %o', (name, changes, expected) => {
    expect([...new Set(refusals(name, changes))]).toEqual(expected);
  });

  it('a declared value for each item that leaves the US', () => {
    const abroad = {
      '/ShipTo/CountryCode': 'CA',
      '/ShipTo/StateOrProvince': 'Ontario',
      '/ShipTo/PostalCode': 'M5H 2M9',
    };
    expect(refusals('order', abroad)).toEqual(['/Items/0 required']);
    expect(refusals('order', { ...abroad, '/Items/0/DeclaredValuePerUOM': 12.5 })).toEqual([]);
  });
});
