import { describe, expect, it } from 'vitest';
import { type Fields, refusal, shipment, startDs } from './ds-client.ts';

const ADDRESS = { street1: '18 Harbor Lane', postalCode: '45402' };

describe('a new shipment', () => {
  it.each<[string, Fields, string[]]>([
    [
      'without what it needs',
      { orderExternalId: undefined, deliveryContact: { name: 'Mina' } },
      ['orderExternalId', 'deliveryContact.phone'],
    ],
    ['without an origin', { locationExternalId: undefined }, ['locationExternalId']],
    ['with two origins', { pickup: { address: ADDRESS, contact: { name: 'A', phone: '1' } } }, ['locationExternalId']],
    [
      'to a country it does not go to',
      { deliveryAddress: { ...ADDRESS, countryCode: 'DE' } },
      ['deliveryAddress.countryCode'],
    ],
    ['with a long phone', { deliveryContact: { name: 'A', phone: '1'.repeat(21) } }, ['deliveryContact.phone']],
    ['with half a piece', { itemList: [{ sku: 'A', quantity: 0.5 }] }, ['itemList[0].quantity']],
    ['with too many lines', { itemList: Array.from({ length: 101 }, () => ({ sku: 'A' })) }, ['itemList']],
    ['with a window in seconds', { pickupTime: { startsAt: 1_777_903_200 } }, ['pickupTime.startsAt']],
    [
      'with a window that ends first',
      { pickupTime: { startsAt: 1_777_903_200_001, endsAt: 1_777_903_200_000 } },
      ['pickupTime'],
    ],
    [
      'with more in the package than ordered',
      { package: { name: 'custom', itemList: [{ sku: 'CAP-STD', quantity: 2 }] } },
      ['package.itemList'],
    ],
    [
      'with unknown words',
      { signature: 'maybe', package: { name: 'custom', content: ['gold'] } },
      ['signature', 'package.content[0]'],
    ],
    ['with an attribute in an attribute', { orderAttributes: { a: { b: 1 } } }, ['orderAttributes.a']],
  ])('%s is refused', async (_name, changes, parameters) => {
    const ds = await startDs();
    const refused = refusal(await ds.send('POST', '/shipments', shipment(changes)));
    expect(refused.slice(0, 2)).toEqual([400, 'VALIDATION_ERROR']);
    expect(new Set(refused[2])).toEqual(new Set(parameters));
    expect((await ds.admin('GET', 'state/ds/shipments')).json).toEqual({ ids: [] });
  });

  it('takes null for nothing, and lets pass what nobody knows unless a switch refuses it', async () => {
    const ds = await startDs();
    expect((await ds.send('POST', '/shipments', shipment({ deliveryTime: null, colour: 'red' }))).status).toBe(201);
    await ds.admin('POST', 'switches', { ds: { unknownProperties: 'refuse' } });
    const refused = await ds.send('POST', '/shipments', shipment({ orderExternalId: 'SO-2', colour: 'red' }));
    expect(refusal(refused)).toEqual([400, 'VALIDATION_ERROR', ['colour']]);
    expect((await ds.send('POST', '/shipments', '{ "orderExternalId": ')).status).toBe(400);
  });

  it('is taken with warnings when its id asks for them, in the form a switch names', async () => {
    const ds = await startDs();
    const create = async (number: number, warningsAs: string): Promise<Fields> => {
      await ds.admin('POST', 'switches', { ds: { warningsAs } });
      const { status, json } = await ds.send('POST', '/shipments', shipment({ orderExternalId: `SO-${number}-WARN` }));
      expect(status).toBe(201);
      return json;
    };
    expect((await create(1, 'objects'))['warnings']).toMatchObject([
      { parameter: 'deliveryAddress.postalCode' },
      { message: 'The estimated fee may change' },
    ]);
    expect((await create(2, 'texts'))['warnings']).toHaveLength(2);
    const asErrors = await create(3, 'errors');
    expect([asErrors['warnings'], asErrors['errors']]).toMatchObject([undefined, [{}, {}]]);
    expect((await ds.send('POST', '/shipments', shipment())).json).not.toHaveProperty('warnings');
  });

  it('says in its headers what was wrong', async () => {
    const ds = await startDs();
    const { headers } = await ds.send('POST', '/shipments', shipment({ locationExternalId: 'STORE-999' }));
    expect(headers.get('apierrorcode')).toBe('INVALID_DATA');
    expect(headers.get('apierrormsg')).toContain('STORE-999');
  });

  it.each<[string, Fields, unknown[]]>([
    ['an unknown location', { locationExternalId: 'STORE-999' }, [422, 'INVALID_DATA', ['locationExternalId']]],
    [
      'a location without carriers',
      { locationExternalId: 'NOPROV' },
      [422, 'NO_PROVIDER_ASSIGNED', ['locationExternalId']],
    ],
    [
      'a place that is nowhere',
      { deliveryAddress: { street1: 'A', postalCode: '00000' } },
      [422, 'GEOCODING_FAILED', ['deliveryAddress']],
    ],
    [
      'alcohol to Ireland',
      {
        deliveryAddress: { ...ADDRESS, countryCode: 'IE' },
        package: { name: 'custom', content: ['alcohol'] },
      },
      [422, 'NO_PROVIDER_MATCHED', ['package.content']],
    ],
  ])('with %s is refused', async (_name, changes, expected) => {
    const ds = await startDs();
    expect(refusal(await ds.send('POST', '/shipments', shipment(changes)))).toEqual(expected);
    expect((await ds.admin('GET', 'state/ds/shipments')).json).toEqual({ ids: [] });
  });

  it('is refused when its id is known, unless the tenant allows it', async () => {
    const ds = await startDs();
    await ds.send('POST', '/shipments', shipment());
    const again = await ds.send('POST', '/shipments', shipment({ orderValue: 5 }));
    expect(refusal(again)).toEqual([422, 'DUPLICATE_ID', ['orderExternalId']]);
    await ds.admin('POST', 'switches', { ds: { uniqueOrderIds: false } });
    expect((await ds.send('POST', '/shipments', shipment())).status).toBe(201);
    const { json } = await ds.send('POST', '/shipments/list', { orderExternalIds: ['SO-1'] });
    expect(json['data']).toHaveLength(2);
  });

  it('that cannot be placed twice leaves nothing, then a failed record that a retry mends', async () => {
    const ds = await startDs();
    const order = shipment({ orderExternalId: 'SO-1-PLACEFAIL' });
    const create = async () => refusal(await ds.send('POST', '/shipments', order)).slice(0, 2);
    const listed = async () => (await ds.send('POST', '/shipments/list', {})).json['data'];
    expect(await create()).toEqual([422, 'PLACE_ORDER_FAILED']);
    expect(await listed()).toEqual([]);
    expect(await create()).toEqual([422, 'PLACE_ORDER_FAILED']);
    expect(await listed()).toMatchObject([{ status: 'ORDER_FAILED' }]);
    expect(await create()).toEqual([422, 'DUPLICATE_ID']);
    expect((await ds.send('POST', '/shipments/SO-1-PLACEFAIL/retry')).status).toBe(201);
  });

  it('may be answered without an id and without a date', async () => {
    const ds = await startDs({ switches: { ds: { createAnswerId: false, emptyCreatedAt: true } } });
    const { json } = await ds.send('POST', '/shipments', shipment());
    expect(json).not.toHaveProperty('id');
    expect(json).toMatchObject({ createdAt: '', lastUpdatedAt: '' });
    expect(await ds.find('SO-1')).toHaveProperty('id');
  });

  it('is refused as known after an answer that was lost', async () => {
    const ds = await startDs();
    const lost = ds.send('POST', '/shipments', shipment(), { 'x-sandbox-fault': 'drop-after-commit' });
    await expect(lost).rejects.toThrow();
    expect((await ds.send('POST', '/shipments', shipment())).json['type']).toBe('DUPLICATE_ID');
  });

  it('may start anywhere, or at a location made before', async () => {
    const ds = await startDs();
    const pickup = { name: 'Workshop', address: ADDRESS, contact: { name: 'Ann', phone: '+1 937-555-0101' } };
    const adHoc = await ds.send('POST', '/shipments', shipment({ locationExternalId: undefined, pickup }));
    expect(adHoc.json).toMatchObject({ locationExternalId: '', pickupAddress: ADDRESS, status: 'ORDER_DISPATCHED' });
    const authorization = { locationExternalId: 'NEW', name: 'New', address: ADDRESS, contact: pickup.contact };
    expect((await ds.send('POST', '/../../location/v1/locations', authorization)).status).toBe(201);
    expect((await ds.send('POST', '/../../location/v1/locations', authorization)).json['type']).toBe('DUPLICATE_ID');
    expect((await ds.send('GET', '/../../location/v1/locations/NEW')).json).toMatchObject({ name: 'New' });
    const there = shipment({ orderExternalId: 'SO-2', locationExternalId: 'NEW' });
    expect((await ds.send('POST', '/shipments', there)).status).toBe(201);
  });
});
