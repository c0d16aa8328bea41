import { describe, expect, it } from 'vitest';
import { DAY, type DsClient, type Fields, MINUTE, refusal, shipment, startDs } from './ds-client.ts';
import { START } from './client.ts';

async function createAll(ds: DsClient, ids: readonly string[]): Promise<void> {
  for (const orderExternalId of ids) {
    await ds.send('POST', '/shipments', shipment({ orderExternalId }));
    ds.advance(1);
  }
}

async function listIds(ds: DsClient, body: Fields): Promise<unknown[]> {
  const { json } = await ds.send('POST', '/shipments/list', body);
  return (json['data'] as Fields[]).map(({ orderExternalId }) => orderExternalId);
}

describe('the list of shipments', () => {
  it('comes in pages', async () => {
    const ds = await startDs();
    await createAll(ds, ['A', 'B', 'C', 'D', 'E']);
    const seen: unknown[] = [];
    let paginationToken: string | undefined;
    do {
      const { json } = await ds.send('POST', '/shipments/list', { limit: 2, paginationToken });
      seen.push((json['data'] as Fields[]).map(({ orderExternalId }) => orderExternalId));
      const token = json['paginationToken'] as { next: string | null; previous: null };
      paginationToken = token.next ?? undefined;
    } while (paginationToken !== undefined);
    expect(seen).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
  });

  it('may have smaller pages than asked for, the other order, and no token at the end', async () => {
    const ds = await startDs({ switches: { ds: { listPageSize: 2, listOrder: 'newest', lastPageToken: 'absent' } } });
    await createAll(ds, ['A', 'B', 'C']);
    const first = await ds.send('POST', '/shipments/list', { limit: 1000 });
    expect((first.json['data'] as Fields[]).map(({ orderExternalId }) => orderExternalId)).toEqual(['C', 'B']);
    const { next } = first.json['paginationToken'] as { next: string };
    const last = await ds.send('POST', '/shipments/list', { paginationToken: next });
    expect(last.json).toMatchObject({ data: [{ orderExternalId: 'A' }] });
    expect(last.json).not.toHaveProperty('paginationToken');
  });

  it('forgets its pages', async () => {
    const ds = await startDs();
    await createAll(ds, ['A', 'B']);
    const { json } = await ds.send('POST', '/shipments/list', { limit: 1 });
    const { next } = json['paginationToken'] as { next: string };
    ds.advance(5 * MINUTE);
    expect(refusal(await ds.send('POST', '/shipments/list', { paginationToken: next }))).toEqual([
      400,
      'INVALID_DATA',
      ['paginationToken'],
    ]);
  });

  it('shows the last day unless it is asked otherwise', async () => {
    const ds = await startDs();
    await createAll(ds, ['A']);
    ds.advance(6 * 60 * MINUTE + DAY);
    await createAll(ds, ['B']);
    expect(await listIds(ds, {})).toEqual(['B']);
    expect(await listIds(ds, { createdAt: { startsAt: START, endsAt: START } })).toEqual(['A']);
  });

  it('takes one filter with another', async () => {
    const ds = await startDs();
    await createAll(ds, ['A', 'B']);
    const other = { orderExternalId: 'C', locationExternalId: 'STORE-022', groupId: 'G' };
    await ds.send('POST', '/shipments', shipment(other));
    expect(await listIds(ds, { orderExternalIds: ['A', 'C', 'X'] })).toEqual(['A', 'C']);
    expect(await listIds(ds, { orderExternalIds: ['A', 'C'], locationExternalIds: ['STORE-022'] })).toEqual(['C']);
    expect(await listIds(ds, { groupId: 'G' })).toEqual(['C']);
    expect(await listIds(ds, { groupId: 'g' })).toEqual([]);
    expect(await listIds(ds, { status: ['IN_TRANSIT'] })).toEqual([]);
    expect(await listIds(ds, { lastUpdatedAt: { startsAt: START + 1, endsAt: START + 1 } })).toEqual(['B']);
  });

  it('takes pickup and delivery together only', async () => {
    const ds = await startDs();
    const pickupTime = { startsAt: START, endsAt: START + 1 };
    const deliveryTime = { endsAt: START + DAY };
    await ds.send('POST', '/shipments', shipment({ pickupTime, deliveryTime }));
    await ds.send('POST', '/shipments', shipment({ orderExternalId: 'SO-2' }));
    const both = { pickupTime: { startsAt: START }, deliveryTime };
    expect(await listIds(ds, both)).toEqual(['SO-1']);
    expect(await listIds(ds, { ...both, pickupTime: { startsAt: START + 1 } })).toEqual([]);
    const half = await ds.send('POST', '/shipments/list', { deliveryTime });
    expect(refusal(half)).toEqual([400, 'INVALID_DATA', ['pickupTime']]);
  });

  it('refuses windows of more than 30 days and more than 100 ids', async () => {
    const ds = await startDs();
    const spanning = (days: number) => ({ lastUpdatedAt: { startsAt: START, endsAt: START + days * DAY } });
    expect((await ds.send('POST', '/shipments/list', spanning(30))).status).toBe(200);
    expect(refusal(await ds.send('POST', '/shipments/list', spanning(31)))).toEqual([
      400,
      'INVALID_DATA',
      ['lastUpdatedAt'],
    ]);
    const orderExternalIds = Array.from({ length: 101 }, (_none, index) => `A${index}`);
    expect((await ds.send('POST', '/shipments/list', { orderExternalIds })).status).toBe(400);
    expect((await ds.send('POST', '/shipments/list', { limit: 1001 })).status).toBe(400);
  });
});
