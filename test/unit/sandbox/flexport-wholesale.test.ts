import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from './client.ts';
import { type Flexport, startFlexport, wholesaleOrder } from './flexport-client.ts';

interface Order {
  orderId: string;
  orderStatus: string;
  shipments: {
    shipmentId: string;
    status: string;
    carrierName: string;
    trackingDetails: { trackingNumber: string }[];
    shipmentItems: { quantity: number; lineItemId: string }[];
  }[];
}

async function create(flexport: Flexport, changes: Record<string, unknown> = {}): Promise<Order> {
  const body = wholesaleOrder(await flexport.skuOf('CAP-STD'), changes);
  const created = await flexport.call<Order>('POST', '/orders/rs', body);
  expect(created.status).toBe(200);
  return created.json;
}

async function read(flexport: Flexport, { orderId }: Order): Promise<Order> {
  return (await flexport.call<Order>('GET', `/orders/rs/${orderId}`)).json;
}

describe('wholesale orders', () => {
  it('are booked, picked, tendered and completed', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport);
    expect([order.orderStatus, order.shipments]).toEqual(['PLANNED', []]);
    const seen: string[] = [];
    for (const wait of [5 * MINUTE, 25 * MINUTE, 30 * MINUTE, 48 * HOUR]) {
      flexport.advance(wait);
      const { orderStatus, shipments } = await read(flexport, order);
      seen.push(`${orderStatus} ${shipments[0]?.status}`);
    }
    expect(seen).toEqual(['BOOKED CREATED', 'IN_PROGRESS WAREHOUSE', 'TENDERED SHIPPED', 'COMPLETED SHIPPED']);
    expect((await read(flexport, order)).shipments).toMatchObject([
      {
        carrierName: 'UPS',
        trackingDetails: [{ trackingNumber: '1Z00TEST0000000001' }],
        shipmentItems: [{ quantity: 2, quantityPerPack: 12, lineItemId: '1' }],
      },
    ]);
    expect((await flexport.call('GET', '/orders/rs/external_id/B2B-1')).json).toMatchObject({ orderId: order.orderId });
  });

  it('begin a day before they must ship', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport, { shipBy: '2026-05-12T20:00:00Z' });
    flexport.advance(7 * DAY);
    expect((await read(flexport, order)).orderStatus).toBe('BOOKED');
    flexport.advance(6 * HOUR);
    expect((await read(flexport, order)).orderStatus).toBe('IN_PROGRESS');
  });

  it('can be cancelled while planned or booked', async () => {
    const flexport = await startFlexport();
    const [early, late] = [await create(flexport), await create(flexport, { externalId: 'B2B-2' })];
    flexport.advance(10 * MINUTE);
    const cancelled = await flexport.call('POST', `/orders/rs/${early.orderId}/cancel`);
    expect([cancelled.status, cancelled.json['orderStatus']]).toEqual([200, 'CANCELLED']);
    flexport.advance(HOUR);
    expect((await flexport.call('POST', `/orders/rs/${late.orderId}/cancel`)).status).toBe(400);
  });

  it('leave in two shipments when split, the first in part', async () => {
    const flexport = await startFlexport({ splitEvery: 1 });
    const order = await create(flexport);
    flexport.advance(46 * MINUTE);
    expect((await read(flexport, order)).shipments.map(({ status }) => status)).toEqual([
      'PARTIALLY_SHIPPED',
      'WAREHOUSE',
    ]);
    flexport.advance(HOUR);
    const { shipments } = await read(flexport, order);
    expect(shipments.map(({ status, shipmentItems }) => [status, shipmentItems[0]?.quantity])).toEqual([
      ['SHIPPED', 1],
      ['SHIPPED', 1],
    ]);
  });

  it('may be over-shipped or lost', async () => {
    const flexport = await startFlexport({ overShipEvery: 1, lostEvery: 1 });
    const order = await create(flexport);
    flexport.advance(2 * HOUR);
    const { shipments } = await read(flexport, order);
    expect(shipments.map(({ status, shipmentItems }) => [status, shipmentItems[0]?.quantity])).toEqual([
      ['OVER_SHIPPED', 3],
    ]);
    flexport.advance(2 * DAY);
    expect((await read(flexport, order)).orderStatus).toBe('LOST_DAMAGED');
  });

  it.each([
    ['stock', { orderItems: [{ productData: { sku: 'SCALE-PRO' }, quantity: 1, quantityUOM: 'EACH' }] }],
    ['an unknown product', { orderItems: [{ productData: { sku: 'NOBODY' }, quantity: 1, quantityUOM: 'EACH' }] }],
    ['an address', { shipToAddress: { name: 'a', street1: 'b', city: 'c', state: 'NE', zip: '1', country: 'US' } }],
  ])('end in ERROR for %s', async (_what, changes) => {
    const flexport = await startFlexport();
    const order = await create(flexport, changes);
    flexport.advance(5 * MINUTE);
    expect((await read(flexport, order)).orderStatus).toBe('ERROR');
  });

  it('find products by their merchant SKU', async () => {
    const flexport = await startFlexport();
    const orderItems = [{ productData: { sku: 'MUG-350', gtin: 36000291452 }, quantity: 6, quantityUOM: 'EACH' }];
    const order = await create(flexport, { orderItems });
    flexport.advance(HOUR);
    expect((await read(flexport, order)).orderStatus).toBe('TENDERED');
  });

  it('are refused under a taken external id', async () => {
    const flexport = await startFlexport();
    await create(flexport);
    const body = wholesaleOrder(await flexport.skuOf('CAP-STD'), { notes: 'other' });
    expect((await flexport.call('POST', '/orders/rs', body)).status).toBe(409);
  });

  // The clock stands at 2026-05-04, a Monday.
  it.each([
    ['2026-05-07T00:00:00Z', 200],
    ['2026-05-06T23:59:59Z', 422],
    ['2026-05-04T20:00:00Z', 422],
    ['2026-05-01T20:00:00Z', 422],
  ])('must ship three business days ahead: %s gives %i', async (shipBy, status) => {
    const flexport = await startFlexport();
    const body = wholesaleOrder(await flexport.skuOf('CAP-STD'), { shipBy });
    expect((await flexport.call('POST', '/orders/rs', body)).status).toBe(status);
  });

  it('do not count Saturdays and Sundays', async () => {
    const flexport = await startFlexport();
    flexport.advance(3 * DAY);
    const sku = await flexport.skuOf('CAP-STD');
    const send = (shipBy: string) => flexport.call('POST', '/orders/rs', wholesaleOrder(sku, { shipBy }));
    expect((await send('2026-05-11T20:00:00Z')).status).toBe(422);
    expect((await send('2026-05-12T00:00:00Z')).status).toBe(200);
  });

  const FULL = { carrierName: 'UPS', carrierAccountId: 'A1', country: 'US', postalCode: '68138' };
  it.each([
    ['SELLER', 'FTL', {}, 200],
    ['FLEXPORT', 'PARCEL', { shippingSpeed: 'TWO_DAY' }, 200],
    ['FLEXPORT', 'LTL', { shippingSpeed: 'TWO_DAY' }, 422],
    ['SELLER', 'PARCEL', { shippingSpeed: 'TWO_DAY' }, 422],
    ['THIRD_PARTY', 'PARCEL', { carrierAccountDetails: FULL }, 200],
    ['THIRD_PARTY', 'LTL', { carrierAccountDetails: FULL }, 422],
    ['RECEIVER', 'PARCEL', {}, 422],
    ['RECEIVER', 'PARCEL', { carrierAccountDetails: { carrierName: 'UPS', carrierAccountId: 'A1' } }, 422],
    ['COLLECT', 'PARCEL', { carrierAccountDetails: { carrierName: 'FEDEX' } }, 200],
    ['COLLECT', 'PARCEL', { carrierAccountDetails: { carrierName: 'UPS' } }, 422],
    ['NOBODY', 'PARCEL', {}, 400],
  ])('by %s %s with %j give %i', async (shippingPartner, shippingType, more, status) => {
    const flexport = await startFlexport();
    const transportationDetails = { shippingPartner, shippingType, ...more };
    const body = wholesaleOrder(await flexport.skuOf('CAP-STD'), { transportationDetails });
    expect((await flexport.call('POST', '/orders/rs', body)).status).toBe(status);
  });

  it('hold at most 1000 lines, each product once, and a GTIN as a number', async () => {
    const flexport = await startFlexport();
    const sku = await flexport.skuOf('CAP-STD');
    const line = (changes: object) => ({ quantity: 1, quantityUOM: 'EACH', ...changes });
    const send = (orderItems: unknown[]) =>
      flexport.call<{ detail: string }>('POST', '/orders/rs', wholesaleOrder(sku, { orderItems }));
    const many = Array.from({ length: 1001 }, (_, at) => line({ productData: { sku: `P${at}` } }));
    expect((await send(many)).json.detail).toMatch('at most 1000');
    expect((await send(many.slice(1))).status).toBe(200);
    expect((await send([line({ logisticsSku: sku }), line({ logisticsSku: sku })])).json.detail).toMatch('given twice');
    expect((await send([line({})])).status).toBe(422);
    const gtin = { productData: { sku: 'MUG-350', gtin: '00036000291452' } };
    expect((await send([line(gtin)])).json.detail).toMatch('orderItems[0].productData.gtin');
  });
});

describe('attachments', () => {
  it('go to an address that takes a PDF for an hour, without a token', async () => {
    const flexport = await startFlexport();
    const order = await create(flexport);
    flexport.advance(5 * MINUTE);
    const id = (await read(flexport, order)).shipments[0]?.shipmentId;
    const ask = (contentType: string, shipment = id) =>
      flexport.call<{ uploadUrl: string }>('POST', `/orders/rs/${shipment}/attachments`, {
        attachmentType: 'BILL_OF_LADING',
        contentType,
      });
    expect((await ask('image/png')).status).toBe(422);
    expect((await ask('application/pdf', '1')).status).toBe(404);
    const { uploadUrl } = (await ask('application/pdf')).json;
    const put = async (headers: Record<string, string>, body = '%PDF-1.7 …') =>
      (await fetch(uploadUrl, { method: 'PUT', headers: { 'content-type': 'application/pdf', ...headers }, body }))
        .status;
    expect(await put({ authorization: 'Bearer demo' })).toBe(400);
    expect(await put({}, 'GIF89a')).toBe(400);
    const forged = await fetch(uploadUrl.replace(/.$/, '-'), { method: 'PUT', body: '%PDF-1.7 …' });
    expect([forged.status, await forged.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    expect(await put({})).toBe(200);
    flexport.advance(HOUR);
    expect(await put({})).toBe(403);
  });
});
