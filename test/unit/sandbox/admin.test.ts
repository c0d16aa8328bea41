import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalEntry, startSandbox } from '../../../src/sandbox/index.ts';
import { type Client, connect, DAY, HOUR, order, type OrderInfo, readAll, START, startClient } from './client.ts';

async function playThrough(ctl: Client): Promise<unknown[]> {
  for (let number = 0; number < 20; number += 1) await ctl.put(`Orders/A${number}`, order());
  await ctl.put('PurchaseOrders/P1', { Items: [{ Sku: 'MUG-350', Quantity: 9 }] });
  ctl.advance(10 * DAY);
  const streams = ['Orders', 'ProductTransactions', 'PurchaseReceipts', 'Returns'];
  return Promise.all(streams.map((stream) => readAll(ctl, stream)));
}

describe('the same requests', () => {
  it('have the same outcome for a seed, and another one for another', async () => {
    const one = await playThrough(await startClient({ seed: 7 }));
    const same = await playThrough(await startClient({ seed: 7 }));
    const other = await playThrough(await startClient({ seed: 8 }));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('have the same outcome after a reset', async () => {
    const ctl = await startClient();
    const before = await playThrough(ctl);
    await ctl.admin('POST', 'reset');
    expect(ctl.journal()).toEqual([]);
    expect(await playThrough(ctl)).toEqual(before);
  });
});

describe('admin', () => {
  it('moves and speeds up the clock, never back', async () => {
    let real = START;
    const ctl = await startClient({ now: () => real, scale: 60 });
    real += 1000;
    expect((await ctl.admin('GET', 'clock')).json).toMatchObject({ now: '2026-05-04T14:01:00.000Z', scale: 60 });
    await ctl.admin('POST', 'clock', { advanceMs: HOUR, scale: 0 });
    real += 1000;
    expect((await ctl.admin('GET', 'clock')).json).toMatchObject({ now: '2026-05-04T15:01:00.000Z' });
    expect((await ctl.admin('POST', 'clock', { now: '2026-05-05T00:00:00Z' })).status).toBe(200);
    expect((await ctl.admin('POST', 'clock', { now: '2026-05-04T00:00:00Z' })).status).toBe(400);
  });

  it('keeps a journal without the ids of the caller', async () => {
    const ctl = await startClient({ journal: 2 });
    await ctl.put('Orders/A1', order());
    await ctl.put('Orders/A1', order());
    await ctl.get('Orders/A1');
    const entries = (await ctl.admin('GET', 'requests')).json as JournalEntry[];
    expect(entries).toMatchObject([
      {
        sequence: 2,
        method: 'PUT',
        path: '/ctl/v1/Orders/A1',
        status: 409,
        committed: false,
        body: JSON.stringify(order()),
      },
      { sequence: 3, method: 'GET', status: 200, committed: false, headers: { 'x-ctl-userid': '[redacted]' } },
    ]);
    expect((await ctl.admin('GET', 'requests?method=get&since=2&path=Orders')).json).toHaveLength(1);
    await ctl.admin('DELETE', 'requests');
    expect(ctl.journal()).toEqual([]);
  });

  it('shows records and forces their state', async () => {
    const ctl = await startClient({ switches: { ctl: { splitEvery: 1 } } });
    await ctl.put('Orders/A1', order());
    const force = (kind: string, id: string, state: string) =>
      ctl.admin('POST', 'transition', { provider: 'ctl', kind, id, state });
    expect((await force('orders', 'A1', 'shipped')).json).toMatchObject({ status: 'processing' });
    expect((await force('orders', 'A1', 'closed')).json).toMatchObject({ status: 'closed' });
    ctl.advance(DAY);
    expect((await ctl.get<OrderInfo>('Orders/A1')).Shipments).toHaveLength(2);
    await ctl.put('PurchaseOrders/P1', { Items: [{ Sku: 'MUG-350', Quantity: 9 }] });
    expect((await force('purchase-orders', 'P1', 'received')).json).toMatchObject({ status: 'received' });
    await ctl.put('ASNs/N1', { Items: [{ Sku: 'MUG-350', Quantity: 9 }] });
    expect((await force('asns', 'N1', 'received')).json).toMatchObject({ status: 'received' });
    await ctl.put('ProductChanges/C1', { ProductId: 'NEW', Description: 'New' });
    expect((await force('product-changes', 'C1', 'denied')).json).toMatchObject({ status: 'Denied' });
    expect((await force('orders', 'none', 'closed')).status).toBe(400);
    expect((await force('orders', 'A1', 'lost')).status).toBe(400);
    expect((await ctl.admin('GET', 'state/ctl/products/MUG-350')).json).toMatchObject({ id: 'MUG-350' });
    expect((await ctl.admin('GET', 'state/ctl/orders/none')).status).toBe(404);
    expect((await ctl.admin('GET', 'state/ctl/nothing')).status).toBe(400);
  });

  it('seeds products with stock, carriers and addresses', async () => {
    const ctl = await startClient({ switches: { ctl: { knownSkusOnly: true } } });
    const carrier = { Id: '00000000-0000-4000-a000-000000000001', Name: 'Wide', AddressFieldSizes: { Name: 50 } };
    const products = [{ ProductId: 'SEEDED', Description: 'Seeded', stock: 5 }];
    await ctl.admin('POST', 'seed', { ctl: { products, carriers: [carrier] } });
    expect((await ctl.put('Orders/A0', order({ Items: [{ Sku: 'NEVER-SEEN', Quantity: 1 }] }))).status).toBe(400);
    expect((await ctl.put('Orders/A1', order({ Items: [{ Sku: 'SEEDED', Quantity: 1 }] }))).status).toBe(201);
    const ShipTo = { ...(order()['ShipTo'] as object), Name: 'N'.repeat(50) };
    expect((await ctl.put('Orders/A2', order({ CarrierId: carrier.Id, ShipTo }))).status).toBe(201);
    expect((await ctl.admin('POST', 'seed', { ctl: { ships: [] } })).status).toBe(400);
    expect((await ctl.admin('POST', 'seed', { nobody: {} })).status).toBe(400);
  });

  it('refuses unknown switches, wrong values and unknown services', async () => {
    const ctl = await startClient();
    for (const bad of [
      { nothing: {} },
      { ctl: true },
      { ctl: { nothing: true } },
      { ctl: { longDecimals: 1 } },
      { ctl: { streamEnd: 'never' } },
      { ctl: { streamPageSize: 0 } },
      { ctl: { splitEvery: -1 } },
    ]) {
      expect((await ctl.admin('POST', 'switches', bad)).status).toBe(400);
    }
    expect((await ctl.admin('GET', 'switches')).json).toMatchObject({
      ctl: { streamEnd: 'empty', orderStreamIncludesId: false },
    });
    expect((await ctl.admin('GET', 'nothing')).status).toBe(404);
    expect((await ctl.admin('POST', 'switches', '{')).status).toBe(400);
  });
});

describe('a state file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets a restart continue: records, indexes, clock and switches', async () => {
    const options = { stateFile: join(folder, 'state.json'), now: () => START };
    const first = await startSandbox({ ...options, scale: 2 });
    const before = connect(first);
    await before.put('Orders/A1', order());
    await before.admin('POST', 'switches', { ctl: { orderStreamIncludesId: true } });
    first.advance(HOUR);
    const left = await before.get<OrderInfo>('Orders/A1');
    await first.close();
    const second = await startSandbox(options);
    try {
      const after = connect(second);
      expect(await after.get<OrderInfo>('Orders/A1')).toEqual({ ...left, Id: 'A1' });
      expect((await after.admin('GET', 'clock')).json).toMatchObject({ epochMs: START + HOUR, scale: 2 });
      await after.put('Orders/A2', order());
      expect((await after.get<OrderInfo>('Orders/A2')).UpdateIndex).toBeGreaterThan(left.UpdateIndex);
      second.advance(DAY);
      expect((await after.get<OrderInfo>('Orders/A2')).IsClosed).toBe(true);
    } finally {
      await second.close();
    }
    expect(JSON.parse(await readFile(options.stateFile, 'utf8'))).toMatchObject({ version: 1 });
  });

  it('of another version is refused', async () => {
    const stateFile = join(folder, 'state.json');
    const first = await startSandbox({ stateFile });
    await first.close();
    const text = await readFile(stateFile, 'utf8');
    await writeFile(stateFile, text.replace('"version":1', '"version":99'));
    await expect(startSandbox({ stateFile })).rejects.toThrow('version 1');
  });
});
