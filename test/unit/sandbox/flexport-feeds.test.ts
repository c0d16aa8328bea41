import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from './client.ts';
import { consumerOrder, type Flexport, nextOf, readEvents, startFlexport } from './flexport-client.ts';

/** Orders enough for more than one page of events. */
async function createOrders(flexport: Flexport, count: number): Promise<void> {
  const sku = await flexport.skuOf('CAP-STD');
  for (let at = 1; at <= count; at++) {
    await flexport.call('POST', '/orders', consumerOrder(sku, { externalOrderId: `SO-${at}` }));
  }
}

describe('the event list', () => {
  it('is read oldest first, page by page', async () => {
    const flexport = await startFlexport();
    await createOrders(flexport, 5);
    flexport.advance(HOUR);
    const all = await readEvents(flexport, 'limit=4');
    expect(all).toHaveLength(35);
    expect(new Set(all.map(({ id }) => id)).size).toBe(35);
    expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort());
    expect(all[0]?.payload).toMatchObject({
      logisticsEventId: all[0]?.id,
      logisticsEventType: 'Order.Submitted',
      orderId: '412700001',
      externalOrderId: 'SO-1',
    });
    expect(await readEvents(flexport, 'limit=3&type=Order.Shipped')).toHaveLength(5);
    expect((await flexport.call('GET', '/events?limit=101')).status).toBe(400);
    expect((await flexport.call('GET', '/events?page_info=x')).status).toBe(400);
  });

  it('begins after a moment, unless it ignores it', async () => {
    const flexport = await startFlexport();
    await createOrders(flexport, 1);
    flexport.advance(HOUR);
    const later = 'after=2026-05-04T14:00:00Z';
    expect((await readEvents(flexport, later))[0]?.type).toBe('Shipment.Created');
    await flexport.admin('POST', 'switches', { flexport: { ignoreAfter: true } });
    expect((await readEvents(flexport, later))[0]?.type).toBe('Order.Submitted');
    expect((await flexport.call('GET', '/events?after=yesterday')).status).toBe(400);
  });

  it('has a page that is bad for good, which a new walk passes', async () => {
    const flexport = await startFlexport({ deadPageInfo: '2:500' });
    await createOrders(flexport, 5);
    const first = await flexport.call('GET', '/events?limit=2');
    const second = await flexport.call('GET', nextOf(first.headers) ?? '');
    const dead = nextOf(second.headers) ?? '';
    expect((await flexport.call('GET', dead)).status).toBe(500);
    expect((await flexport.call('GET', dead)).status).toBe(500);
    expect(await readEvents(flexport, 'limit=2')).toHaveLength(5);
  });

  it('sheds load when a switch says so', async () => {
    const flexport = await startFlexport({ shedEvery: 2 });
    expect((await flexport.call('GET', '/events')).status).toBe(200);
    expect((await flexport.call('GET', '/events')).status).toBe(400);
  });
});

interface Stock {
  logisticsSku: string;
  onHand: number;
  available: number;
  unavailable: number;
}

describe('inventory', () => {
  it('is told by pool, page by page up to an empty one', async () => {
    const flexport = await startFlexport({ shortPages: true });
    const rows: Stock[] = [];
    for (let page: Stock[] = []; ; rows.push(...page)) {
      const path = `/products/inventory/all?limit=3&offset=${rows.length}&poolName=STORAGE`;
      page = (await flexport.call<Stock[]>('GET', path)).json;
      expect(page.length).toBeLessThan(3);
      if (page.length === 0) break;
    }
    expect(rows).toHaveLength(8);
    expect(rows.reduce((sum, { available }) => sum + available, 0)).toBe(22_800);
    expect((await flexport.call('GET', '/products/inventory/all?poolName=NONE')).status).toBe(400);
  });

  it('is cut by the gateway where a page is too large', async () => {
    const flexport = await startFlexport({ gatewayPageSize: 25 });
    const cut = await flexport.call('GET', '/products/inventory/all?limit=50');
    expect([cut.status, cut.json]).toEqual([504, { message: 'Endpoint request timed out' }]);
    expect((await flexport.call('GET', '/products/inventory/all?limit=25')).status).toBe(200);
  });

  it('of one product, and of each warehouse in either spelling', async () => {
    const flexport = await startFlexport();
    const sku = await flexport.skuOf('BTL-750-SLATE');
    expect((await flexport.call('GET', `/products/${sku}/inventory`)).json).toMatchObject({
      available: 4800,
      lotTrackingDetails: [{ available: 4800 }],
    });
    for (const name of ['logisticsSkus', 'logisticsSKUs']) {
      const answer = await flexport.call('POST', '/products/warehouse', { [name]: [sku, 'DNOBODY0000'] });
      expect(answer.json).toEqual([
        { logisticsSku: sku, warehouseDetails: [{ warehouseId: 'LAX2', available: 4800 }] },
      ]);
    }
  });
});

describe('products', () => {
  it('are created, listed and given bar codes once', async () => {
    const flexport = await startFlexport();
    const body = { name: 'Mug', merchantSku: 'MUG-1', customsInformation: { originCountry: 'PT' } };
    const created = await flexport.call<{ logisticsSku: string }>('POST', '/products', body);
    expect([created.status, created.json]).toMatchObject([
      201,
      { merchantSku: 'MUG-1', dimsLocked: false, international: { originCountry: 'PT' } },
    ]);
    const { logisticsSku } = created.json;
    expect(logisticsSku).toMatch(/^D[0-9A-Z]{10}$/);
    expect((await flexport.call('POST', '/products', body)).status).toBe(409);
    const add = (barcode: string, sku = logisticsSku) => flexport.call('POST', `/products/${sku}/barcode`, { barcode });
    expect((await add('036000291452')).json).toMatchObject({ barcodes: ['036000291452'] });
    expect((await add('036000291452')).json).toMatchObject({ detail: 'barcode: DUPLICATE' });
    const other = await flexport.skuOf('CAP-STD');
    expect((await add('036000291452', other)).json).toMatchObject({ detail: 'barcode: ALREADY_ASSIGNED' });
    expect((await add('036000291453')).json).toMatchObject({ detail: 'barcode: INVALID_BARCODE' });
    expect((await add('X00ABC1234')).json).toMatchObject({ detail: 'barcode: RESERVED_BY_ANOTHER_SELLER' });
    for (let number = 1; number < 10; number++) expect((await add(`CODE-${number}`)).status).toBe(201);
    expect((await add('CODE-10')).json).toMatchObject({ detail: 'barcode: NO_BARCODE_SLOTS_REMAINING' });
    expect((await flexport.call<unknown[]>('GET', '/products?offset=8')).json).toMatchObject([{ logisticsSku }]);
    expect((await flexport.call('GET', '/products/DNOBODY0000')).status).toBe(404);
    expect((await flexport.call('GET', '/products/merchant_sku/NOBODY')).json).toEqual([]);
  });
});

interface Inbound {
  id: string;
  status: string;
  items: { shipmentItemId: string; counts: { expected: number; sellable: number; damaged: number } }[];
}

describe('inbound shipments', () => {
  async function create(flexport: Flexport, changes: Record<string, unknown> = {}) {
    const packages = [
      {
        length: 18,
        width: 14,
        height: 12,
        dimensionUnit: 'in',
        weight: 26.5,
        weightUnit: 'lb',
        numberOfIdenticalPkgs: 5,
        items: [{ logisticsSku: await flexport.skuOf('SCALE-PRO'), quantity: 3, lineItemId: '1' }],
      },
    ];
    const from = { address1: '40 Dock Street', city: 'Savannah', provinceCode: 'GA', zip: '31401', countryCode: 'US' };
    const body = { from, packages, prep: { boxContentLabels: false }, shippingPlanExternalId: 'PO-1', ...changes };
    return flexport.call<Inbound>('POST', '/inbounds/shipments', body);
  }

  it('are received in two steps, part of them damaged', async () => {
    const flexport = await startFlexport({ damageEvery: 1 });
    const { id } = (await create(flexport)).json;
    const seen: unknown[] = [];
    for (const wait of [0, 35, 10, 10]) {
      flexport.advance(wait * MINUTE);
      const { status, items } = (await flexport.call<Inbound>('GET', `/inbounds/shipments/${id}`)).json;
      seen.push([status, items[0]?.counts]);
    }
    expect(seen).toEqual([
      ['PENDING', { expected: 15, sellable: 0, damaged: 0 }],
      ['ARRIVED', { expected: 15, sellable: 0, damaged: 0 }],
      ['RECEIVING', { expected: 15, sellable: 7, damaged: 0 }],
      ['COMPLETED', { expected: 15, sellable: 14, damaged: 1 }],
    ]);
    const received = await readEvents(flexport, 'type=Inbound.Received');
    expect(received.map(({ payload }) => [payload['type'], payload['amount']])).toEqual([
      ['SELLABLE', 7],
      ['SELLABLE', 7],
      ['DAMAGED', 1],
    ]);
    const sku = await flexport.skuOf('SCALE-PRO');
    expect((await flexport.call('GET', `/products/${sku}/inventory`)).json).toMatchObject({
      onHand: 15,
      available: 14,
      unavailable: 1,
    });
  });

  it('are refused for a taken number, a wrong content, and a storage without warehouse', async () => {
    const flexport = await startFlexport();
    expect((await create(flexport)).status).toBe(201);
    expect((await create(flexport)).status).toBe(409);
    const items = [{ logisticsSku: 'DNOBODY0000', quantity: 1 }];
    expect((await create(flexport, { items })).status).toBe(422);
    expect((await create(flexport, { items, packages: undefined })).status).toBe(422);
    expect((await create(flexport, { shipmentDestination: 'STORAGE' })).status).toBe(422);
    expect((await create(flexport, { prep: undefined })).status).toBe(422);
  });

  it('are listed newest first and can be changed until they arrive', async () => {
    const flexport = await startFlexport();
    const { id } = (await create(flexport)).json;
    const second = (await create(flexport, { shippingPlanExternalId: 'PO-2' })).json;
    expect((await flexport.call<unknown[]>('GET', '/inbounds/shipments')).json).toMatchObject([
      { id: second.id },
      { id },
    ]);
    expect((await flexport.call<unknown[]>('GET', `/inbounds/shipments?shipmentIds=${id}`)).json).toMatchObject([
      { id },
    ]);
    const change = (body: object) => flexport.call('PATCH', `/inbounds/shipments/${id}/update`, body);
    expect((await change({ shippingPlanName: 'Spring' })).json).toMatchObject({ shippingPlanName: 'Spring' });
    expect((await change({ status: 'COMPLETED' })).status).toBe(400);
    flexport.advance(HOUR);
    expect((await change({ shippingPlanName: 'Summer' })).status).toBe(400);
  });
});

describe('returns', () => {
  const sourceAddress = { name: 'a', street1: 'b', city: 'c', state: 'OH', zip: '45402', country: 'US' };
  const body = {
    rma: 'RMA-1',
    externalReturnId: 'RT-1',
    returnItems: [{ identifier: 'CAP-STD', type: 'SKU', quantity: 2 }],
    sourceAddress,
  };

  it('are announced, come and are inspected', async () => {
    const flexport = await startFlexport();
    const created = await flexport.call('POST', '/returns', body);
    expect([created.status, created.json]).toMatchObject([
      201,
      { status: 'CREATED', shippingLabel: { carrier: 'UPS', trackingStatus: 'CREATED' } },
    ]);
    flexport.advance(6 * DAY);
    const listed = await flexport.call<unknown[]>('GET', '/returns?externalReturnId=RT-1');
    expect(listed.json).toMatchObject([
      {
        status: 'PROCESSED',
        returnItems: [
          { expectedQuantity: 2, inspectedItems: [{ disposition: 'RESTOCK' }, { disposition: 'RESTOCK' }] },
        ],
      },
    ]);
    const events = await readEvents(flexport, 'type=Return.Updated');
    expect(events.map(({ payload }) => payload['status'])).toEqual([
      'CREATED',
      'SHIPPED',
      'RECEIVED_FOR_PROCESSING',
      'PROCESSED',
    ]);
    expect((await flexport.call('GET', '/returns?status=CREATED')).json).toEqual([]);
  });

  it('are refused for unknown products and without address or label, and can be cancelled at first', async () => {
    const flexport = await startFlexport();
    const unknown = { ...body, returnItems: [{ identifier: 'NOBODY', type: 'SKU', quantity: 1 }] };
    expect((await flexport.call('POST', '/returns', unknown)).status).toBe(422);
    expect((await flexport.call('POST', '/returns', { ...body, sourceAddress: undefined })).status).toBe(422);
    const { id } = (await flexport.call<{ id: number }>('POST', '/returns', body)).json;
    expect((await flexport.call('POST', '/returns', body)).status).toBe(409);
    expect((await flexport.call('POST', `/returns/${id}/cancel`)).json).toMatchObject({ status: 'CANCELLED' });
    expect((await flexport.call('POST', `/returns/${id}/cancel`)).status).toBe(400);
    expect((await flexport.call('GET', `/returns/${id}`)).status).toBe(200);
    expect((await flexport.call('GET', '/returns/1')).status).toBe(404);
    await flexport.admin('POST', 'switches', { flexport: { profile: 'vendor' } });
    expect((await flexport.call('POST', '/returns', body)).status).toBe(403);
  });
});

describe('reports', () => {
  type Shown = Record<string, string>;
  const order = async (flexport: Flexport, reportType: string, more: object = {}) => {
    const made = await flexport.call<{ reportReference: string }>('POST', '/reports', { reportType, ...more });
    return async () => (await flexport.call<Shown>('GET', `/reports/${made.json.reportReference}`)).json;
  };

  it('are made while one waits, say how things were when they were ordered, and are fetched at a signed address', async () => {
    const flexport = await startFlexport();
    const poll = await order(flexport, 'Inventory-Levels_Today');
    expect(await poll()).toMatchObject({ status: 'PENDING' });
    await flexport.admin('POST', 'seed', { flexport: { stock: [{ merchantSku: 'CAP-STD', units: 1 }] } });
    flexport.advance(2 * MINUTE);
    const { status, url = '', urlExpiration } = await poll();
    expect([status, urlExpiration]).toEqual(['SUCCESS', '2026-05-04T15:02:00Z']);
    const lines = (await (await fetch(url)).text()).split('\r\n');
    expect([lines[0], lines.length]).toEqual(['"DSKU","MSKU","On Hand","Available"', 10]);
    expect(lines.find((line) => line.includes('CAP-STD'))).toContain('"9600","9600"');
    expect((await fetch(url.replace(/signature=./, 'signature=x'))).status).toBe(403);
    expect((await fetch(url, { headers: { authorization: 'Bearer demo' } })).status).toBe(400);
  });

  it('have an address that expires, and give a new one unless a switch says otherwise', async () => {
    const flexport = await startFlexport();
    const poll = await order(flexport, 'Inventory-Levels_Today');
    flexport.advance(2 * MINUTE);
    const { url: first = '' } = await poll();
    flexport.advance(HOUR);
    expect((await fetch(first)).status).toBe(403);
    const { url: second = '' } = await poll();
    expect((await fetch(second)).status).toBe(200);
    await flexport.admin('POST', 'switches', { flexport: { renewLinks: false } });
    flexport.advance(HOUR);
    expect((await poll())['url']).toBe(second);
    expect((await fetch(second)).status).toBe(403);
  });

  it('are about the days that were asked for, both ends included, and may be empty', async () => {
    const flexport = await startFlexport();
    const move = () => flexport.admin('POST', 'seed', { flexport: { stock: [{ merchantSku: 'CAP-STD', units: 1 }] } });
    await move();
    await move();
    flexport.advance(DAY);
    await move();
    const read = async (startDate: string, endDate: string): Promise<string[]> => {
      const poll = await order(flexport, 'Inventory-Ecommerce_Transaction_History', { startDate, endDate });
      flexport.advance(2 * MINUTE);
      return (await (await fetch((await poll())['url'] ?? '')).text()).trim().split('\r\n').slice(1);
    };
    const first = await read('2026-05-04', '2026-05-04');
    expect([first.length, new Set(first).size]).toEqual([2, 1]);
    expect(await read('2026-05-04', '2026-05-05')).toHaveLength(3);
    expect(await read('2026-05-01', '2026-05-03')).toEqual([]);
    for (const dates of [{ startDate: '2026-05-05', endDate: '2026-05-04' }, { startDate: 'yesterday' }]) {
      const body = { reportType: 'Orders-All_Orders', ...dates };
      expect((await flexport.call('POST', '/reports', body)).status).toBe(400);
    }
  });

  it('may fail, be too many, or be unknown', async () => {
    const flexport = await startFlexport({ failReports: 2, reportLimit: 2 });
    const polls = [await order(flexport, 'Orders-All_Orders'), await order(flexport, 'Orders-All_Orders')];
    const refused = await flexport.call('POST', '/reports', { reportType: 'Orders-All_Orders' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    flexport.advance(2 * MINUTE);
    const states = await Promise.all(polls.map(async (poll) => (await poll())['status']));
    expect(states).toEqual(['SUCCESS', 'ERROR']);
    const never = await order(flexport, 'Inbounds-Inventory_Reconciliation');
    flexport.advance(2 * MINUTE);
    expect((await never())['status']).toBe('ERROR');
    expect((await flexport.call('POST', '/reports', { reportType: 'Weather' })).status).toBe(400);
    expect((await flexport.call('GET', '/reports/none')).status).toBe(404);
  });
});

describe('webhooks', () => {
  it('are kept with what they are owed, and never tell their secrets', async () => {
    const flexport = await startFlexport();
    const hook = { type: 'Order.Submitted', url: 'https://erp.example.test/in', method: 'POST' };
    const create = (changes: object) => flexport.call('POST', '/webhooks', { ...hook, ...changes });
    const made = await create({ authMethod: 'TOKEN', token: 'secret', tokenHeader: 'x-token' });
    expect([made.status, made.json]).toEqual([202, { id: 101, ...hook, authMethod: 'TOKEN', tokenHeader: 'x-token' }]);
    expect((await create({})).status).toBe(409);
    expect((await create({ url: 'http://erp.example.test/in' })).status).toBe(422);
    expect((await create({ type: 'Order.Shipped', authMethod: 'BASIC_AUTH', username: 'u' })).status).toBe(422);
    expect((await create({ method: 'GET' })).status).toBe(400);
    await createOrders(flexport, 2);
    expect((await flexport.admin('GET', 'state/flexport/deliveries')).json).toEqual({ ids: ['1', '2'] });
    expect((await flexport.call<unknown[]>('GET', '/webhooks')).json).toHaveLength(1);
    expect((await flexport.call('GET', '/webhooks/101')).json).not.toHaveProperty('token');
    expect((await flexport.call('DELETE', '/webhooks/101')).status).toBe(204);
    expect((await flexport.call('DELETE', '/webhooks/101')).status).toBe(404);
  });
});
