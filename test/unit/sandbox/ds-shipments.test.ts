import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDs, DAY, HOUR, MINUTE, refusal, shipment, startDs } from './ds-client.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { START } from './client.ts';

const NOON = new Date(START).toISOString();

describe('shipments', () => {
  it('are dispatched when they are created', async () => {
    const ds = await startDs();
    const created = await ds.send('POST', '/shipments', shipment());
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
      orderExternalId: 'SO-1',
      tenantId: 'demo-tenant',
      status: 'ORDER_DISPATCHED',
      createdAt: NOON,
      trackingId: expect.stringMatching(/^1Z[0-9A-F]{16}$/) as unknown,
      amount: 10.5,
      currencyCode: 'USD',
      pickupTime: null,
      signatureInfo: null,
    });
    const id = String(created.json['id']);
    expect((await ds.send('GET', `/shipments/${id}?force_update=true`)).json).toEqual(created.json);
    expect((await ds.send('GET', '/shipments/SO-1')).json).toEqual(created.json);
    expect(refusal(await ds.send('GET', '/shipments/SO-2'))).toEqual([404, 'NOT_FOUND', ['shipment_id']]);
    expect(refusal(await ds.send('GET', '/shipments/%'))).toEqual([422, 'INVALID_DATA', ['shipment_id']]);
  });

  it('go their way on the clock', async () => {
    const ds = await startDs();
    const { json } = await ds.send('POST', '/shipments', shipment());
    const seen: unknown[] = [];
    for (const wait of [2, 13, 5, 10, 210, 120].map((minutes) => minutes * MINUTE)) {
      ds.advance(wait - 1);
      const before = (await ds.find('SO-1'))['status'];
      ds.advance(1);
      const now = (await ds.find('SO-1'))['status'];
      expect(now).not.toBe(before);
      seen.push(now);
    }
    expect(seen).toEqual([
      'ORDER_ASSIGNED',
      'PICKUP_STARTED',
      'PICKUP_COMPLETED',
      'IN_TRANSIT',
      'OUT_FOR_DELIVERY',
      'ORDER_DELIVERED',
    ]);
    expect(await ds.find('SO-1')).toMatchObject({
      id: json['id'],
      actualPickupTime: START + 20 * MINUTE,
      actualDeliveryTime: START + 6 * HOUR,
      lastUpdatedAt: new Date(START + 6 * HOUR).toISOString(),
      signatureInfo: { signedBy: 'Mina Okafor', signedAt: START + 6 * HOUR },
      attachments: [{ type: 'PROOF_OF_DELIVERY' }],
    });
    ds.advance(DAY);
    expect((await ds.find('SO-1'))['status']).toBe('ORDER_DELIVERED');
  });

  it.each([
    ['SO-DELAY', ['ORDER_DELAYED', 'OUT_FOR_DELIVERY', 'ORDER_DELIVERED']],
    ['SO-REDELIVER', ['ORDER_REDELIVERY', 'OUT_FOR_DELIVERY', 'ORDER_DELIVERED']],
    ['SO-UNDELIVERABLE', ['OUT_FOR_DELIVERY', 'ORDER_UNDELIVERABLE', 'ORDER_UNDELIVERABLE']],
    ['SO-UNASSIGN', ['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'ORDER_DELIVERED']],
  ])('with %s in the id go another way', async (orderExternalId, last) => {
    const ds = await startDs();
    await ds.send('POST', '/shipments', shipment({ orderExternalId }));
    ds.advance(2 * DAY);
    const { json } = await ds.send('GET', `/shipments/${orderExternalId}/status-history`);
    const [{ orderStatus }] = json as unknown as [{ orderStatus: { status: string }[] }];
    expect(orderStatus.map(({ status }) => status).slice(0, 3)).toEqual([
      'REQUEST_RECEIVED',
      'ESTIMATES_RECEIVED',
      'ORDER_DISPATCHED',
    ]);
    expect(orderStatus.map(({ status }) => status).slice(-3)).toEqual(last);
    const isUnassigned = orderStatus.some(({ status }) => status === 'ORDER_UNASSIGNED');
    expect(isUnassigned).toBe(orderExternalId === 'SO-UNASSIGN');
  });

  it('by rate go other ways, the same ones each time', async () => {
    const ways = async (): Promise<unknown[]> => {
      const ds = await startDs({ switches: { ds: { undeliverableEvery: 3 } } });
      for (let each = 1; each <= 12; each++)
        await ds.send('POST', '/shipments', shipment({ orderExternalId: `N-${each}` }));
      ds.advance(DAY);
      const { json } = await ds.send('POST', '/shipments/list', {});
      return (json['data'] as Record<string, unknown>[]).map(({ orderExternalId, status }) => [
        orderExternalId,
        status,
      ]);
    };
    const first = await ways();
    expect(new Set(first.map((row) => (row as string[])[1]))).toEqual(
      new Set(['ORDER_DELIVERED', 'ORDER_UNDELIVERABLE']),
    );
    expect(await ways()).toEqual(first);
  });

  it('that fail at the dispatch wait, or can be tried again', async () => {
    const ds = await startDs();
    const statusOf = async (id: string) => (await ds.find(id))['status'];
    for (const id of ['A-AUTORETRY', 'A-NOESTIMATE', 'A-ORDERFAIL']) {
      expect((await ds.send('POST', '/shipments', shipment({ orderExternalId: id }))).status).toBe(201);
    }
    expect(await statusOf('A-AUTORETRY')).toBe('PENDING_AUTORETRY');
    expect(await ds.find('A-NOESTIMATE')).toMatchObject({ status: 'ESTIMATES_FAILED', provider: null, label: null });
    ds.advance(5 * MINUTE);
    expect(await statusOf('A-AUTORETRY')).toBe('ORDER_DISPATCHED');
    expect(await statusOf('A-ORDERFAIL')).toBe('ORDER_FAILED');
    const retried = await ds.send('POST', '/shipments/A-ORDERFAIL/retry');
    expect([retried.status, retried.json['status']]).toEqual([201, 'ORDER_DISPATCHED']);
    expect(refusal(await ds.send('POST', '/shipments/A-ORDERFAIL/retry')).slice(0, 2)).toEqual([
      409,
      'INVALID_OPERATION',
    ]);
    expect((await ds.send('POST', '/shipments/none/retry')).status).toBe(404);
    ds.advance(6 * HOUR);
    expect(await statusOf('A-ORDERFAIL')).toBe('ORDER_DELIVERED');
  });

  it('tell why they could not be delivered, and that the parcel is back', async () => {
    const ds = await startDs({ switches: { ds: { historyTime: 'words' } } });
    await ds.send('POST', '/shipments', shipment({ orderExternalId: 'B-UNDELIVERABLE' }));
    ds.advance(7 * HOUR);
    expect(await ds.find('B-UNDELIVERABLE')).toMatchObject({ returnLocationId: 'STORE-014', actualDeliveryTime: null });
    ds.advance(DAY);
    const history = await ds.send('GET', '/shipments/B-UNDELIVERABLE/status-history?is_unique=true');
    const [{ orderStatus }] = history.json as unknown as [{ orderStatus: object[] }];
    expect(orderStatus.at(-1)).toMatchObject({
      status: 'ORDER_UNDELIVERABLE',
      subStatus: 'RETURN_AT_LOCATION',
      eventReason: { code: 'CUSTOMER_REFUSED' },
      updatedAt: 'May 5th 2026, 3:00:00 pm CDT',
    });
  });

  it('can be cancelled until the driver is there', async () => {
    const ds = await startDs();
    for (const orderExternalId of ['C1', 'C2']) await ds.send('POST', '/shipments', shipment({ orderExternalId }));
    expect((await ds.send('DELETE', '/shipments/C1')).json['status']).toBe('ORDER_CANCELLED');
    expect(refusal(await ds.send('DELETE', '/shipments/C1')).slice(0, 2)).toEqual([409, 'ORDER_ALREADY_CANCELED']);
    await ds.admin('POST', 'switches', { ds: { cancelledType: 'OrderAlreadyCancelled' } });
    expect(refusal(await ds.send('DELETE', '/shipments/C1')).slice(0, 2)).toEqual([409, 'OrderAlreadyCancelled']);
    ds.advance(15 * MINUTE);
    expect(refusal(await ds.send('DELETE', '/shipments/C2')).slice(0, 2)).toEqual([422, 'ORDER_CANCELLATION_FAILED']);
    ds.advance(5 * MINUTE);
    expect(refusal(await ds.send('DELETE', '/shipments/C2')).slice(0, 2)).toEqual([403, 'CANCELLATION_NOT_ALLOWED']);
    expect((await ds.send('DELETE', '/shipments/none')).status).toBe(404);
    ds.advance(DAY);
    expect((await ds.find('C1'))['status']).toBe('ORDER_CANCELLED');
  });

  it('can be changed, but not everything and not for ever', async () => {
    const ds = await startDs();
    await ds.send('POST', '/shipments', shipment());
    const put = (body: object, query = '') => ds.send('PUT', `/shipments/SO-1${query}`, body);
    const deliveryAddress = { street1: '5 Pier Road', postalCode: '43215' };
    ds.advance(MINUTE);
    const changed = await put({ deliveryAddress, deliveryContact: { name: 'Ann Lee', phone: '1' } });
    expect(changed.json).toMatchObject({
      deliveryAddress: { ...deliveryAddress, countryCode: 'US' },
      deliveryContact: { name: 'Ann Lee', email: 'mina@example.test' },
      lastUpdatedAt: new Date(START + MINUTE).toISOString(),
    });
    expect(refusal(await put({ locationExternalId: 'STORE-022' }))).toEqual([
      422,
      'INVALID_DATA',
      ['locationExternalId'],
    ]);
    expect(refusal(await put({ package: { name: 'custom' } }))).toEqual([422, 'VALIDATION_ERROR', ['package']]);
    await ds.admin('POST', 'switches', { ds: { lateEditStatus: '400' } });
    const late = await put({ deliveryContact: { email: 'ann@example.test' } });
    expect(refusal(late)).toEqual([400, 'VALIDATION_ERROR', ['deliveryContact.email']]);
    expect((late.json['errors'] as object[])[0]).toMatchObject({ type: 'INVALID_OPERATION' });
    expect(refusal(await put({ deliveryAddress: { street1: 'A', postalCode: '00000' } })).slice(0, 2)).toEqual([
      422,
      'GEOCODING_FAILED',
    ]);
    ds.advance(15 * MINUTE);
    expect(refusal(await put({ deliveryAddress })).slice(0, 2)).toEqual([409, 'INVALID_OPERATION']);
    expect((await put({ deliveryAddress }, '?force_update=true')).status).toBe(200);
    ds.advance(15 * MINUTE);
    expect((await put({ deliveryAddress }, '?force_update=true')).status).toBe(409);
    expect((await ds.send('PUT', '/shipments/none', {})).status).toBe(404);
  });

  it('are brought into a status by hand', async () => {
    const ds = await startDs();
    await ds.send('POST', '/shipments', shipment());
    const force = (id: string, state: string) =>
      ds.admin('POST', 'transition', { provider: 'ds', kind: 'shipments', id, state });
    expect((await force('SO-1', 'error_exception')).json).toMatchObject({ status: 'ERROR_EXCEPTION' });
    ds.advance(DAY);
    expect((await ds.find('SO-1'))['status']).toBe('ERROR_EXCEPTION');
    expect((await force('SO-1', 'lost')).status).toBe(400);
    expect((await force('SO-2', 'IN_TRANSIT')).status).toBe(400);
  });

  it('outlive a restart, with all that is still to happen', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dray-ds-'));
    const stateFile = join(directory, 'state.json');
    const start = () => startSandbox({ stateFile, now: () => START });
    try {
      const before = await start();
      await (await connectDs(before)).send('POST', '/shipments', shipment({ orderExternalId: 'SO-DELAY' }));
      await before.close();
      const after = await start();
      try {
        const ds = await connectDs(after);
        expect((await ds.find('SO-DELAY'))['status']).toBe('ORDER_DISPATCHED');
        const again = shipment({ orderExternalId: 'SO-DELAY' });
        expect((await ds.send('POST', '/shipments', again)).json['type']).toBe('DUPLICATE_ID');
        after.advance(30 * MINUTE);
        expect((await ds.find('SO-DELAY'))['status']).toBe('IN_TRANSIT');
      } finally {
        await after.close();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
