import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from './client.ts';
import { consumerOrder, type Flexport, readEvents, startFlexport } from './flexport-client.ts';

interface Order {
  id: string | number;
  state: { internalStatus: string; fulfillmentStatus: string };
  error: { type: string; retriable: boolean; lineItemErrors: { logisticsSku: string }[] } | null;
  lineItems: { lineItemId?: string }[];
  shipments: {
    id: string | number;
    status: string;
    packages: {
      lineItems: { logisticsSku: string; quantity: number; lotNumber?: string | null }[];
      label: { carrier: string; trackingCode: string };
    }[];
  }[];
}

async function create(flexport: Flexport, sku = 'CAP-STD', changes: Record<string, unknown> = {}): Promise<Order> {
  const body = consumerOrder(await flexport.skuOf(sku), changes);
  const created = await flexport.call<Order>('POST', '/orders', body);
  expect(created.status).toBe(201);
  return created.json;
}

async function read(flexport: Flexport, { id }: Order): Promise<Order> {
  return (await flexport.call<Order>('GET', `/orders/${id}`)).json;
}

describe('consumer orders', () => {
  it('are created once, found under either id, and refused under a taken one', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport, 'CAP-STD', { externalOrderId: 'SO/1' });
    expect(order).toMatchObject({
      id: '412700001',
      externalOrderId: 'SO/1',
      state: { internalStatus: 'CREATED', fulfillmentStatus: 'ROUTING_IN_PROGRESS' },
      source: 'WEBSITE',
    });
    expect((await flexport.call('GET', '/orders/external_id/SO%2F1')).json).toEqual(order);
    expect((await flexport.call('GET', '/orders/external_id/SO-2')).status).toBe(404);
    const body = consumerOrder(await flexport.skuOf('CAP-STD'), { externalOrderId: 'SO/1' });
    const again = await flexport.call('POST', '/orders', body);
    expect(again.status).toBe(409);
    expect(again.headers.get('content-type')).toBe('application/problem+json');
    expect(again.json).toMatchObject({
      title: 'Conflict',
      status: 409,
      detail: 'An order with reference SO/1 is already present',
    });
  });

  it('are replayed for the same idempotency key, and not for another body', async () => {
    const flexport = await startFlexport();
    const body = consumerOrder(await flexport.skuOf('CAP-STD'));
    const key = { 'idempotency-key': 'k1' };
    const first = await flexport.call('POST', '/orders', body, key);
    const second = await flexport.call('POST', '/orders', body, key);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(second.json).toEqual(first.json);
    const other = { ...body, shipMethod: 'UPS.2ND.DAY.AIR' };
    expect((await flexport.call('POST', '/orders', other, key)).status).toBe(422);
    flexport.advance(24 * HOUR);
    expect((await flexport.call('POST', '/orders', body, key)).status).toBe(409);
  });

  it('can be mended and sent again under the key of a refused request', async () => {
    const flexport = await startFlexport();
    const body = consumerOrder(await flexport.skuOf('CAP-STD'));
    const key = { 'idempotency-key': 'k1' };
    expect((await flexport.call('POST', '/orders', { ...body, lineItems: [] }, key)).status).toBe(400);
    expect((await flexport.call('POST', '/orders', body, key)).status).toBe(201);
  });

  it('ship after half an hour and arrive two days later', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport, 'BTL-750-SLATE');
    flexport.advance(30 * MINUTE - 1);
    expect((await read(flexport, order)).shipments).toMatchObject([{ status: 'WAREHOUSE', packages: [] }]);
    flexport.advance(1);
    const shipped = await read(flexport, order);
    expect(shipped.state).toMatchObject({ internalStatus: 'SHIPPED', fulfillmentStatus: 'SHIPPED' });
    expect(shipped.shipments[0]?.packages).toMatchObject([
      {
        lineItems: [{ quantity: 2, lotNumber: 'L2409', expirationDate: '2049-09-30T00:00:00Z' }],
        label: { carrier: 'UPS', trackingCode: '1Z00TEST0000000001' },
      },
    ]);
    flexport.advance(48 * HOUR);
    expect((await read(flexport, order)).state.internalStatus).toBe('DELIVERED');
    const types = (await readEvents(flexport)).map(({ type }) => type);
    expect(types).toEqual([
      'Order.Submitted',
      'Shipment.Created',
      'Shipment.Submitted',
      'Order.PickingStarted',
      'Inventory.Adjusted',
      'Shipment.Shipped',
      'Order.Shipped',
      'Shipment.Delivered',
      'Order.Delivered',
    ]);
  });

  it('ship in two parts when split', async () => {
    const flexport = await startFlexport({ splitEvery: 1 });
    const order = await create(flexport);
    flexport.advance(HOUR);
    const first = await read(flexport, order);
    expect([first.state.internalStatus, ...first.shipments.map(({ status }) => status)]).toEqual([
      'CREATED',
      'SHIPPED',
      'WAREHOUSE',
    ]);
    flexport.advance(4 * HOUR);
    const both = await read(flexport, order);
    expect(both.state.internalStatus).toBe('SHIPPED');
    const tracking = both.shipments.flatMap(({ packages }) => packages.map(({ label }) => label.trackingCode));
    expect(new Set(tracking).size).toBe(2);
  });

  it('may be held for an hour first', async () => {
    const flexport = await startFlexport({ holdEvery: 1 });
    const order = await create(flexport);
    flexport.advance(HOUR);
    expect((await readEvents(flexport)).map(({ type }) => type)).toEqual(['Order.Submitted', 'Order.Held']);
    flexport.advance(HOUR);
    expect((await read(flexport, order)).state.internalStatus).toBe('SHIPPED');
  });

  it('can be cancelled until the warehouse begins', async () => {
    const flexport = await startFlexport();
    const [early, late] = [await create(flexport), await create(flexport, 'CAP-STD', { externalOrderId: 'SO-2' })];
    flexport.advance(14 * MINUTE);
    const cancelled = await flexport.call('POST', `/orders/${early.id}/cancel`, { cancellationReason: 'none' });
    expect([cancelled.status, cancelled.json['state']]).toMatchObject([
      200,
      { internalStatus: 'CANCELLED', fulfillmentStatus: 'STOPPED' },
    ]);
    expect((await flexport.call('POST', `/orders/${early.id}/cancel`)).status).toBe(400);
    flexport.advance(MINUTE);
    expect((await flexport.call('POST', `/orders/${late.id}/cancel`)).status).toBe(400);
    expect((await flexport.call('POST', '/orders/999/cancel')).status).toBe(404);
  });

  it('stop for want of stock and go on when they are retried', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport, 'SCALE-PRO');
    expect((await flexport.call('POST', `/orders/${order.id}/retry`)).json).toMatchObject({ code: 407001 });
    flexport.advance(MINUTE);
    const stopped = await read(flexport, order);
    expect(stopped).toMatchObject({
      state: { internalStatus: 'ERROR', fulfillmentStatus: 'STOPPED' },
      error: {
        type: 'STOCKOUT',
        retriable: true,
        lineItemErrors: [{ logisticsSku: await flexport.skuOf('SCALE-PRO') }],
      },
    });
    await flexport.admin('POST', 'seed', { flexport: { stock: [{ merchantSku: 'SCALE-PRO', units: 5 }] } });
    const retried = await flexport.call('POST', `/orders/${order.id}/retry`);
    expect([retried.status, retried.json['error']]).toEqual([200, null]);
    flexport.advance(HOUR);
    expect((await read(flexport, order)).state.internalStatus).toBe('SHIPPED');
  });

  it.each([
    ['BAD_ADDRESS', { address: { address1: 'x', city: 'y', countryCode: 'US', zip: '4540' } }],
    ['BAD_PRODUCT_INFO', {}],
  ])('stop with %s', async (type, changes) => {
    const flexport = await startFlexport();
    const product = { name: 'Unmeasured', merchantSku: 'NEW-1' };
    const { logisticsSku } = (await flexport.call<{ logisticsSku: string }>('POST', '/products', product)).json;
    const sku = type === 'BAD_ADDRESS' ? await flexport.skuOf('CAP-STD') : logisticsSku;
    const created = await flexport.call<Order>('POST', '/orders', consumerOrder(sku, changes));
    flexport.advance(MINUTE);
    expect((await read(flexport, created.json)).error).toMatchObject({ type, retriable: false });
  });

  it('under a taken id become a second order in ERROR when a switch says so', async () => {
    const flexport = await startFlexport({ duplicateMode: 'error-state' });
    const first = await create(flexport);
    const second = await create(flexport);
    expect([second.id === first.id, second.state.internalStatus]).toEqual([false, 'ERROR']);
    expect((await flexport.call('GET', '/orders/external_id/SO-1')).json).toMatchObject({ id: first.id });
  });

  it.each([
    ['lineItems[0].logisticsSku', { lineItems: [{ logisticsSku: 'CAP-STD', quantity: 1 }] }, 400],
    ['lineItems[0].quantity', { lineItems: [{ logisticsSku: 'DAB12CD34EF', quantity: 0 }] }, 400],
    ['lineItems[0].logisticsSku', { lineItems: [{ logisticsSku: 'DAB12CD34EF', quantity: 1 }] }, 422],
    ['address.city', { address: { address1: 'x', countryCode: 'US' } }, 400],
    ['giftMessage', { giftMessage: 'hello' }, 400],
    ['promisedShipByTime', { promisedShipByTime: '2026-05-04T14:00:00Z' }, 422],
    [
      'promisedShipByTime',
      { promisedShipByTime: '2026-05-08T00:00:00Z', promisedDeliveryByTime: '2026-05-07T00:00:00Z' },
      422,
    ],
  ])('are refused for a wrong %s', async (path, changes, status) => {
    const flexport = await startFlexport();
    const body = consumerOrder(await flexport.skuOf('CAP-STD'), changes);
    const answer = await flexport.call<{ detail: string }>('POST', '/orders', body);
    expect(answer.status).toBe(status);
    expect(answer.json.detail).toMatch(path);
  });

  it('tell ids as numbers, and no more than they must, when switches say so', async () => {
    const flexport = await startFlexport({ numericIds: true, omitOptional: true });
    const order = await create(flexport);
    expect(order.id).toBe(412_700_001);
    expect(order.lineItems[0]).not.toHaveProperty('lineItemId');
    flexport.advance(HOUR);
    const [shipment] = (await read(flexport, order)).shipments;
    expect(shipment?.id).toBe(88_120_001);
    expect(shipment?.packages[0]?.lineItems[0]).not.toHaveProperty('lotNumber');
  });

  it('keep to the happy path in the profile of the vendor', async () => {
    const flexport = await startFlexport({ profile: 'vendor', splitEvery: 1, holdEvery: 1 });
    const order = await create(flexport, 'BTL-750-SLATE');
    flexport.advance(HOUR);
    const shipped = await read(flexport, order);
    expect([shipped.state.internalStatus, shipped.shipments.length]).toEqual(['SHIPPED', 1]);
    expect(shipped.shipments[0]?.packages[0]?.lineItems[0]?.lotNumber).toBeNull();
  });

  it('can be forced into a state', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport);
    const force = (state: string) =>
      flexport.admin('POST', 'transition', { provider: 'flexport', kind: 'orders', id: order.id, state });
    expect((await force('delivered')).json).toMatchObject({ status: 'DELIVERED' });
    expect((await force('lost')).status).toBe(400);
    expect((await flexport.admin('GET', 'state/flexport/orders')).json).toEqual({ ids: [order.id] });
  });
});
