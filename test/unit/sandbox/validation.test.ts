import { describe, expect, it } from 'vitest';
import { type Client, FEDEX, order, SHIP_TO, startClient } from './client.ts';

type Body = Record<string, unknown>;
/** Field path in ModelState, and what breaks it. */
type Case = readonly [path: string, body: Body];

const long = (length: number): string => 'x'.repeat(length);
const shipTo = (changes: Body): Body => order({ ShipTo: { ...SHIP_TO, ...changes } });
const item = (changes: Body): Body => order({ Items: [{ Sku: 'MUG-350', Quantity: 1, ...changes }] });
const without = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

const ORDER_CASES: readonly Case[] = [
  ['Items', without(order(), 'Items')],
  ['Items', order({ Items: [] })],
  ['Items', order({ Items: {} })],
  ['CarrierId', order({ CarrierId: 'UPS' })],
  ['CarrierId', order({ CarrierId: '00000000-0000-4000-a000-000000000000' })],
  ['StreamId', order({ StreamId: 'ZZ' })],
  ['Comments', order({ Comments: long(501) })],
  ['Comments', order({ Comments: 'bell \u0007' })],
  ['ThirdPartyShipAccount', order({ ThirdPartyShipAccount: long(21) })],
  ['JobNumber', order({ JobNumber: long(26) })],
  ['PurchaseNumber', order({ PurchaseNumber: long(26) })],
  ['GiftMessage', order({ GiftMessage: long(81) })],
  ['ShipToAddressId', order({ ShipToAddressId: 'STORE-001' })],
  ['Variables[0].Key', order({ Variables: [{ Value: 'a' }] })],
  ['Variables[0].Key', order({ Variables: [{ Key: long(33), Value: 'a' }] })],
  ['Variables[0].Value', order({ Variables: [{ Key: 'a', Value: long(513) }] })],
  ['Items[0].Sku', item({ Sku: long(33) })],
  ['Items[0].Sku', item({ Sku: 'Ā' })],
  ['Items[0].Quantity', item({ Quantity: 0.5 })],
  ['Items[0].Quantity', item({ Quantity: '1' })],
  ['Items[0].Description', item({ Description: long(101) })],
  ['Items[0].UnitOfMeasure', item({ UnitOfMeasure: long(11) })],
  ['Items[0].UnitOfMeasure', item({ UnitOfMeasure: 'PALLET' })],
  ['Items[0].DeclaredValuePerUOM', item({ DeclaredValuePerUOM: -1 })],
  [
    'Items[0].DeclaredValuePerUOM',
    { ...item({}), ShipTo: { ...SHIP_TO, CountryCode: 'CA', StateOrProvince: 'Ontario', PostalCode: 'K1A 0B1' } },
  ],
  ['BillTo.Name', order({ BillTo: { ...SHIP_TO, Name: long(36) } })],
  ['ThirdPartyShipBillTo.City', order({ ThirdPartyShipBillTo: without(SHIP_TO, 'City') })],
  ...['DateOrdered', 'ShipFromDate', 'ShipByDate', 'DeliverFromDate', 'DeliverByDate'].map((name): Case => [
    name,
    order({ [name]: '05/04/2026' }),
  ]),
  ...['Name', 'Address1', 'City', 'StateOrProvince', 'PostalCode'].map((name): Case => [
    `ShipTo.${name}`,
    order({ ShipTo: without(SHIP_TO, name) }),
  ]),
  ...Object.entries({ Attention: 35, Name: 35, Address1: 35, Address2: 35, City: 30, PhoneNumber: 30 }).map(
    ([name, limit]): Case => [`ShipTo.${name}`, shipTo({ [name]: long(limit + 1) })],
  ),
  ['ShipTo.StateOrProvince', shipTo({ StateOrProvince: 'Ohio' })],
  ['ShipTo.PostalCode', shipTo({ PostalCode: '4540' })],
  ['ShipTo.PostalCode', shipTo({ CountryCode: 'US', PostalCode: '45402 1187' })],
  ['ShipTo.CountryCode', shipTo({ CountryCode: 'USA' })],
  ['ShipTo.Email', shipTo({ Email: 'mina' })],
  ['ShipTo.Email', shipTo({ Email: `${long(60)}@a.com` })],
  ['ShipTo.PhoneNumber', shipTo({ PhoneNumber: '☎' })],
  ['ShipTo.IsResidential', shipTo({ IsResidential: 'no' })],
  ['ShipTo.Name', order({ CarrierId: FEDEX, ShipTo: { ...SHIP_TO, Name: long(31) } })],
];

const bought = (changes: Body): Body => ({ Items: [{ Sku: 'MUG-350', Quantity: 1, ...changes }] });

const PURCHASE_CASES: readonly Case[] = [
  ['Items', {}],
  ['Items', { Items: [] }],
  ['ExpectedReceiptDate', { ...bought({}), ExpectedReceiptDate: 'soon' }],
  ['VendorName', { ...bought({}), VendorName: long(51) }],
  ['InvoiceNumber', { ...bought({}), InvoiceNumber: long(36) }],
  ['ReadyForProcessing', { ...bought({}), ReadyForProcessing: 'yes' }],
  ['Items[0].Sku', bought({ Sku: long(41) })],
  ['Items[0].Sku', bought({ Sku: 'Ā' })],
  ['Items[0].Quantity', bought({ Quantity: 0 })],
  ['Items[0].UnitOfMeasure', bought({ UnitOfMeasure: long(11) })],
];

const ASN_CASES: readonly Case[] = [
  ['Items', {}],
  ['PurchaseDate', { ...bought({}), PurchaseDate: 'then' }],
  ['ExpectedReceiptDate', { ...bought({}), ExpectedReceiptDate: 'soon' }],
  ['VendorName', { ...bought({}), VendorName: long(51) }],
  ['VendorInvoiceNumber', { ...bought({}), VendorInvoiceNumber: long(36) }],
  ['JobNumber', { ...bought({}), JobNumber: long(26) }],
  ['Items[0].Sku', bought({ Sku: long(41) })],
  ['Items[0].Quantity', bought({ Quantity: -1 })],
  ['Items[0].UnitOfMeasure', bought({ UnitOfMeasure: long(11) })],
  ['Items[0].VendorPartNumber', bought({ VendorPartNumber: long(51) })],
  ['Items[0].Description', bought({ Description: long(51) })],
  ['Items[0].CartonNumber', bought({ CartonNumber: long(21) })],
  ['Items[0].GroupCode', bought({ GroupCode: long(51) })],
];

const product = (changes: Body): Body => ({ ProductId: 'NEW-1', Description: 'New', ...changes });
const unit = (changes: Body): Body => product({ UnitsOfMeasure: { CASE: { BaseQuantity: 6, ...changes } } });
const component = (changes: Body): Body =>
  product({ BillOfMaterialEntries: [{ ProductId: 'MUG-350', UnitOfMeasure: 'EACH', Quantity: 1, ...changes }] });

const PRODUCT_CASES: readonly Case[] = [
  ['ProductId', without(product({}), 'ProductId')],
  ['ProductId', product({ ProductId: long(21) })],
  ['Description', without(product({}), 'Description')],
  ['Description', product({ Description: long(51) })],
  ['SecondaryDescription', product({ SecondaryDescription: long(51) })],
  ['ExtendedDescription', product({ ExtendedDescription: long(401) })],
  ['Aliases[1]', product({ Aliases: ['a', long(31)] })],
  ['UnitsOfMeasure.CASE.BaseQuantity', unit({ BaseQuantity: 1.5 })],
  ['UnitsOfMeasure.CASE.LengthInInches', unit({ LengthInInches: -1 })],
  ['UnitsOfMeasure.CASE.WidthInInches', unit({ WidthInInches: 'wide' })],
  ['UnitsOfMeasure.CASE.HeightInInches', unit({ HeightInInches: -1 })],
  ['UnitsOfMeasure.CASE.WeightInPounds', unit({ WeightInPounds: -1 })],
  [`UnitsOfMeasure.${long(11)}`, product({ UnitsOfMeasure: { [long(11)]: { BaseQuantity: 2 } } })],
  ['BillOfMaterialEntries[0].ProductId', component({ ProductId: long(21) })],
  ['BillOfMaterialEntries[0].UnitOfMeasure', component({ UnitOfMeasure: long(11) })],
  ['BillOfMaterialEntries[0].Quantity', component({ Quantity: 0 })],
  ['SalesUnitOfMeasure', product({ SalesUnitOfMeasure: long(11) })],
  ['PurchaseUnitOfMeasure', product({ PurchaseUnitOfMeasure: long(11) })],
  ['PutAwayUnitOfMeasure', product({ PutAwayUnitOfMeasure: 'BOX' })],
  ['ProductGroupCode', product({ ProductGroupCode: long(11) })],
  ...[1, 2, 3, 4].map((number): Case => [`Category${number}`, product({ [`Category${number}`]: long(31) })]),
  ['SpecialEquipmentCode', product({ SpecialEquipmentCode: 'X' })],
  ['CycleCountCode', product({ CycleCountCode: '' })],
  ['StartingUseDate', product({ StartingUseDate: 'now' })],
  ['FinalUseDate', product({ FinalUseDate: 'never' })],
  ['Enabled', product({ Enabled: 'no' })],
];

async function expectRefused(ctl: Client, path: string, cases: readonly Case[]): Promise<void> {
  for (const [field, body] of cases) {
    const { status, json } = await ctl.put(path, body);
    const { ModelState = {} } = (json ?? {}) as { ModelState?: object };
    expect([field, status, Object.keys(ModelState)]).toEqual([field, 400, [field]]);
  }
}

describe('CTL refuses with the path of the field', () => {
  it('a broken order', async () => expectRefused(await startClient(), 'Orders/A1', ORDER_CASES));
  it('a broken purchase order', async () => expectRefused(await startClient(), 'PurchaseOrders/P1', PURCHASE_CASES));
  it('a broken ASN', async () => expectRefused(await startClient(), 'ASNs/N1', ASN_CASES));
  it('a broken product change', async () => expectRefused(await startClient(), 'ProductChanges/C1', PRODUCT_CASES));

  it('a broken address of an order', async () => {
    const ctl = await startClient();
    await ctl.put('Orders/A1', order({ CarrierId: FEDEX }));
    await expectRefused(ctl, 'Orders/A1/ShipTo', [
      ['PostalCode', { ...SHIP_TO, PostalCode: 'x' }],
      ['City', { ...SHIP_TO, City: long(21) }],
    ]);
  });
});

describe('CTL', () => {
  it('names everything that is wrong at once, in text or in lists', async () => {
    const ctl = await startClient();
    const body = order({ ShipTo: { ...SHIP_TO, City: long(31), PostalCode: '1' }, Items: [{ Sku: 'A', Quantity: 0 }] });
    const { json } = await ctl.put('Orders/A1', body);
    expect(json).toMatchObject({
      Message: 'A validation error occurred.',
      ModelState: {
        'Items[0].Quantity': 'Quantity must be at least 1.',
        'ShipTo.City': 'City must be at most 30 characters long.',
        'ShipTo.PostalCode': expect.stringContaining('ZIP+4') as unknown,
      },
    });
    await ctl.admin('POST', 'switches', { ctl: { modelStateText: 'array' } });
    expect((await ctl.put('Orders/A1', body)).json).toMatchObject({
      ModelState: { 'Items[0].Quantity': ['Quantity must be at least 1.'] },
    });
  });

  it('ignores properties it does not know, unless told otherwise, and takes null for absent', async () => {
    const ctl = await startClient();
    expect((await ctl.put('Orders/A1', order({ Unknown: 1, Comments: null }))).status).toBe(201);
    await ctl.admin('POST', 'switches', { ctl: { unknownProperties: 'refuse' } });
    await expectRefused(ctl, 'Orders/A2', [['Unknown', order({ Unknown: 1 })]]);
  });

  it('refuses what is no JSON, and reads the charset it is told', async () => {
    const ctl = await startClient();
    for (const body of ['', '{', '[]', '"text"', '<xml/>']) expect((await ctl.put('Orders/A1', body)).status).toBe(400);
    const headers = {
      'x-ctl-clientid': 'demo',
      'x-ctl-userid': 'demo',
      'content-type': 'application/json; charset=latin1',
    };
    const put = async (id: string, body: Buffer) =>
      (await fetch(`${ctl.url}/ctl/v1/Orders/${id}`, { method: 'PUT', headers, body: new Uint8Array(body) })).status;
    expect(await put('A1', Buffer.from(JSON.stringify(shipTo({ City: 'Zürich' })), 'latin1'))).toBe(201);
    expect((await ctl.get<{ ShipTo: Body }>('Orders/A1')).ShipTo['City']).toBe('Zürich');
    const utf8 = { 'content-type': 'application/json' };
    const broken = Buffer.from([0x7b, 0xff, 0x7d]);
    const url = `${ctl.url}/ctl/v1/Orders/A2`;
    const answer = await fetch(url, { method: 'PUT', headers: { ...headers, ...utf8 }, body: new Uint8Array(broken) });
    expect(answer.status).toBe(400);
  });

  it('takes a complete order to another country', async () => {
    const ctl = await startClient();
    const ShipTo = {
      Name: 'Ōtautahi Ltd',
      Address1: '1 High',
      City: 'Christchurch',
      StateOrProvince: 'Canterbury',
      PostalCode: '8011',
      CountryCode: 'NZ',
    };
    const Items = [{ Sku: 'MUG-350', Quantity: 1, DeclaredValuePerUOM: 12.5 }];
    expect((await ctl.put('Orders/A1', order({ ShipTo, Items }))).status).toBe(201);
  });
});
