import { describe, expect, it } from 'vitest';
import { type SwitchChanges } from '../../../src/sandbox/index.ts';
import { FREIGHT, HOUR, MINUTE, order, type OrderInfo, shippedUnits, SHIP_TO, startClient } from './client.ts';

const STEADY: SwitchChanges['ctl'] & {} = { splitEvery: 0, lateEvery: 0, returnEvery: 0 };

describe('orders', () => {
  it('are created once and never updated', async () => {
    const ctl = await startClient();
    expect((await ctl.put('Orders/A1', order())).status).toBe(201);
    expect((await ctl.put('Orders/A1', order())).status).toBe(409);
    expect((await ctl.put('Orders/A1', order({ Comments: 'other' }))).status).toBe(409);
    const info = await ctl.get<OrderInfo>('Orders/A1');
    expect(info).toMatchObject({
      IsClosed: false,
      Shipments: [],
      Variables: [{ Key: 'BridgeOrderId', Value: 'SO-1' }],
    });
    expect(info).not.toHaveProperty('Id');
    expect((await ctl.send('GET', '/ctl/v1/Orders/A2')).status).toBe(404);
  });

  it('take ids that need escaping, and refuse broken ones', async () => {
    const ctl = await startClient();
    expect((await ctl.put('Orders/A%2F1%20%C3%BC', order())).status).toBe(201);
    expect((await ctl.admin('GET', 'state/ctl/orders')).json).toEqual({ ids: ['A/1 ü'] });
    expect((await ctl.put('Orders/__proto__', order())).status).toBe(201);
    expect((await ctl.put('Orders/A%0A', order())).status).toBe(400);
    expect((await ctl.put('Orders/A%', order())).status).toBe(400);
  });

  it('ship an hour after receipt and close', async () => {
    const ctl = await startClient({ switches: { ctl: STEADY } });
    await ctl.put('Orders/A1', order());
    ctl.advance(60 * MINUTE - 1);
    expect((await ctl.get<OrderInfo>('Orders/A1')).IsClosed).toBe(false);
    ctl.advance(1);
    const info = await ctl.get<OrderInfo>('Orders/A1');
    expect(info).toMatchObject({ IsClosed: true, ShipTo: SHIP_TO });
    const [shipment] = info.Shipments;
    expect(shipment?.ShipTo).toMatchObject({ Name: 'OKAFOR STUDIO', City: 'DAYTON' });
    expect(shipment?.MasterTrackingNumber).toBe(shipment?.Packages[0]?.TrackingNumber);
    expect(shipment?.Packages[0]?.Items[0]?.Metadata).toEqual([
      { Key: 'LotNumber', Value: expect.any(String) as unknown },
    ]);
    expect([shippedUnits(info, 'BTL-750-SLATE'), shippedUnits(info, 'CAP-STD')]).toEqual([2, 1]);
  });

  it('can be redirected and cancelled until processing begins', async () => {
    const ctl = await startClient();
    const other = { ...SHIP_TO, City: 'Toledo' };
    for (const id of ['A1', 'A2', 'A3']) await ctl.put(`Orders/${id}`, order());
    expect((await ctl.put('Orders/A1/ShipTo', other)).status).toBe(200);
    expect((await ctl.put('Orders/A2/IsCancelled', { Cancel: true })).status).toBe(200);
    expect((await ctl.put('Orders/A2/IsCancelled', { Cancel: true })).status).toBe(409);
    expect((await ctl.put('Orders/A2/ShipTo', other)).status).toBe(409);
    await ctl.admin('POST', 'switches', { ctl: { cancelTwice: '200' } });
    expect((await ctl.put('Orders/A2/IsCancelled', { Cancel: true })).status).toBe(200);
    ctl.advance(15 * MINUTE);
    expect((await ctl.put('Orders/A1/ShipTo', other)).status).toBe(409);
    expect((await ctl.put('Orders/A3/IsCancelled', { Cancel: true })).status).toBe(409);
    expect(await ctl.get<OrderInfo>('Orders/A1')).toMatchObject({ ShipTo: other });
    expect(await ctl.get<OrderInfo>('Orders/A2')).toMatchObject({ IsClosed: true, Shipments: [] });
    expect((await ctl.put('Orders/none/ShipTo', other)).status).toBe(404);
    expect((await ctl.put('Orders/none/IsCancelled', { Cancel: true })).status).toBe(404);
    expect((await ctl.put('Orders/A3/IsCancelled', { Cancel: false })).status).toBe(400);
  });

  it('without an address wait for one', async () => {
    const ctl = await startClient({ switches: { ctl: STEADY } });
    await ctl.put('Orders/A1', order({ ShipTo: undefined }));
    ctl.advance(5 * HOUR);
    expect(await ctl.get<OrderInfo>('Orders/A1')).toMatchObject({ IsClosed: false, ShipTo: null });
    await ctl.put('Orders/A1/ShipTo', SHIP_TO);
    ctl.advance(HOUR);
    expect((await ctl.get<OrderInfo>('Orders/A1')).Shipments).toHaveLength(1);
  });

  it('go to a preconfigured address', async () => {
    const ctl = await startClient();
    const { ShipTo: _none, ...rest } = order();
    expect((await ctl.put('Orders/A1', { ...rest, ShipToAddressId: 'STORE-001' })).status).toBe(201);
    expect((await ctl.put('Orders/A2', { ...rest, ShipToAddressId: 'STORE-999' })).status).toBe(400);
    expect((await ctl.get<OrderInfo>('Orders/A1')).ShipTo).toMatchObject({ Name: 'Riverside Store' });
  });

  it('ship in two parts when split, and close with the second', async () => {
    const ctl = await startClient({ switches: { ctl: { ...STEADY, splitEvery: 1 } } });
    await ctl.put('Orders/A1', order({ Items: [{ Sku: 'MUG-350', Quantity: 4.5 }] }));
    ctl.advance(HOUR);
    const first = await ctl.get<OrderInfo>('Orders/A1');
    expect([first.IsClosed, shippedUnits(first, 'MUG-350')]).toEqual([false, 2]);
    ctl.advance(4 * HOUR);
    const second = await ctl.get<OrderInfo>('Orders/A1');
    expect([second.IsClosed, second.Shipments.length, shippedUnits(second, 'MUG-350')]).toEqual([true, 2, 4.5]);
  });

  it('may get a late shipment after they were closed', async () => {
    const ctl = await startClient({ switches: { ctl: { ...STEADY, lateEvery: 1 } } });
    await ctl.put('Orders/A1', order());
    ctl.advance(HOUR);
    const first = await ctl.get<OrderInfo>('Orders/A1');
    expect([first.IsClosed, first.Shipments.length]).toEqual([true, 1]);
    ctl.advance(24 * HOUR);
    const second = await ctl.get<OrderInfo>('Orders/A1');
    expect(second.Shipments).toHaveLength(2);
    expect(second.UpdateIndex).toBeGreaterThan(first.UpdateIndex);
  });

  it('by freight carry a PRO and a bill of lading and no parcel tracking', async () => {
    const ctl = await startClient({ switches: { ctl: STEADY } });
    await ctl.put('Orders/A1', order({ CarrierId: FREIGHT }));
    ctl.advance(HOUR);
    const [shipment] = (await ctl.get<OrderInfo>('Orders/A1')).Shipments;
    expect(shipment).toMatchObject({
      CarrierId: FREIGHT,
      MasterTrackingNumber: 'PRO000000001',
      BillOfLadingNumber: 'BOL00000001',
    });
    expect(shipment?.Packages[0]).not.toHaveProperty('TrackingNumber');
  });

  it('are cancelled by hand where a switch has it so', async () => {
    const ctl = await startClient({ switches: { ctl: { ...STEADY, manualCancelEvery: 1 } } });
    await ctl.put('Orders/A1', order());
    ctl.advance(HOUR);
    expect(await ctl.get<OrderInfo>('Orders/A1')).toMatchObject({ IsClosed: true, Shipments: [] });
  });

  it('come back in part where a return is due', async () => {
    const ctl = await startClient({ switches: { ctl: { ...STEADY, returnEvery: 1 } } });
    await ctl.put('Orders/A1', order());
    ctl.advance(3 * HOUR);
    const [found] = await ctl.get<Record<string, unknown>[]>('Returns/?fromUpdateId=0');
    expect(found).toMatchObject({
      Id: 'RMA000001',
      Stream: 'ZZ-CO',
      Items: [{ ProductId: 'BTL-750-SLATE', Quantity: 1 }],
    });
  });

  it('are found by date, text and tracking number, in pages that expire', async () => {
    const ctl = await startClient({ switches: { ctl: { ...STEADY, snapshotPageSize: 2 } } });
    for (const id of ['A1', 'A2', 'A3']) await ctl.put(`Orders/${id}`, order({ PurchaseNumber: `PO-${id}` }));
    ctl.advance(HOUR);
    interface Page {
      TotalItems: number;
      TotalPages: number;
      CollectionKey: string;
      IsTruncated: boolean;
      Items: OrderInfo[];
    }
    const page = await ctl.get<Page>('Orders');
    expect(page).toMatchObject({ TotalItems: 3, TotalPages: 2, IsTruncated: false });
    await ctl.put('Orders/A4', order());
    const next = await ctl.get<Page>(`Orders?pageKey=${page.CollectionKey}-1`);
    expect([next.TotalItems, next.Items.length]).toEqual([3, 1]);
    const tracking = next.Items[0]?.Shipments[0]?.MasterTrackingNumber ?? '';
    expect(await ctl.get<Page>(`Orders?query=${tracking.toLowerCase()}`)).toMatchObject({ TotalItems: 1 });
    expect(await ctl.get<Page>('Orders?query=po-a2')).toMatchObject({ TotalItems: 1 });
    expect(await ctl.get<Page>('Orders?fromDate=2026-05-04T14:00:00Z&toDate=2026-05-04T15:00:00Z')).toMatchObject({
      TotalItems: 3,
    });
    expect(await ctl.get<Page>('Orders?maxResults=1')).toMatchObject({ TotalItems: 1, IsTruncated: true });
    expect((await ctl.send('GET', '/ctl/v1/Orders?fromDate=never')).status).toBe(400);
    ctl.advance(120_000);
    expect((await ctl.send('GET', `/ctl/v1/Orders?pageKey=${page.CollectionKey}-1`)).status).toBe(404);
  });
});
