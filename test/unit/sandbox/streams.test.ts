import { describe, expect, it } from 'vitest';
import { HOUR, order, type OrderInfo, readAll, startClient } from './client.ts';

const STREAMS = ['Orders', 'ProductChanges', 'ProductTransactions', 'PurchaseReceipts', 'ASNs', 'Returns'];

describe('streams', () => {
  it('list the latest state of each order once, under a higher index each time', async () => {
    const ctl = await startClient({ switches: { ctl: { streamPageSize: 10 } } });
    for (let number = 0; number < 25; number += 1) await ctl.put(`Orders/A${number}`, order());
    const first = await ctl.get<OrderInfo[]>('Orders/?fromUpdateId=0');
    expect(first).toHaveLength(10);
    const before = await readAll<OrderInfo>(ctl, 'Orders');
    const indexes = before.map(({ UpdateIndex }) => UpdateIndex);
    expect(indexes).toEqual([...indexes].sort((one, other) => one - other));
    expect((indexes.at(-1) ?? 0) - (indexes[0] ?? 0)).toBeGreaterThan(24);
    ctl.advance(48 * HOUR);
    const after = await readAll<OrderInfo>(ctl, 'Orders');
    expect([before.length, after.length]).toEqual([25, 25]);
    expect(after[0]?.UpdateIndex).toBeGreaterThan(indexes.at(-1) ?? 0);
    expect(after.every(({ IsClosed }) => IsClosed)).toBe(true);
  });

  it('include the index they are asked from', async () => {
    const ctl = await startClient();
    await ctl.put('Orders/A1', order());
    const [only] = await ctl.get<OrderInfo[]>('Orders?fromUpdateId=0');
    expect(await ctl.get(`Orders/?fromUpdateId=${only?.UpdateIndex}`)).toHaveLength(1);
    expect(await ctl.get(`Orders/?fromUpdateId=${(only?.UpdateIndex ?? 0) + 1}`)).toEqual([]);
    expect((await ctl.send('GET', '/ctl/v1/Orders/?fromUpdateId=x')).status).toBe(400);
  });

  it('end as an empty list, as 404 or as both in turn', async () => {
    const ctl = await startClient();
    const ends = async (stream: string) => {
      const path = `/ctl/v1/${stream}/?fromUpdateId=99999`;
      return [(await ctl.send('GET', path)).status, (await ctl.send('GET', path)).status];
    };
    for (const stream of STREAMS) expect(await ends(stream)).toEqual([200, 200]);
    await ctl.admin('POST', 'switches', { ctl: { streamEnd: '404' } });
    for (const stream of STREAMS) expect(await ends(stream)).toEqual([404, 404]);
    await ctl.admin('POST', 'switches', { ctl: { streamEnd: 'alternate' } });
    for (const stream of STREAMS) expect(new Set(await ends(stream))).toEqual(new Set([200, 404]));
  });

  it('carry long decimals, indexes beyond 2^53 and order ids where switches have it so', async () => {
    const ctl = await startClient({
      switches: {
        ctl: { longDecimals: true, bigIndexes: true, orderStreamIncludesId: true, splitEvery: 0, lateEvery: 0 },
      },
    });
    await ctl.put('Orders/A1', order());
    ctl.advance(HOUR);
    const { body } = await ctl.send('GET', '/ctl/v1/Orders/?fromUpdateId=9007199254740993');
    expect(body).toContain('"UnitsShipped":2.00000000000000000000');
    expect(body).toContain('"Id":"A1"');
    expect(BigInt(/"UpdateIndex":([0-9]+)/.exec(body)?.[1] ?? 0)).toBeGreaterThan(2n ** 53n);
  });

  it('show an item that was held back only after a higher index was read', async () => {
    const ctl = await startClient({ switches: { ctl: { holdBackIndex: 'every:2', orderStreamIncludesId: true } } });
    for (const id of ['A1', 'A2', 'A3']) await ctl.put(`Orders/${id}`, order());
    const ids = async () => (await ctl.get<OrderInfo[]>('Orders/?fromUpdateId=0')).map(({ Id }) => Id);
    expect(await ids()).toEqual(['A1', 'A3']);
    expect(await ids()).toEqual(['A1', 'A2', 'A3']);
    const [, second] = await ctl.get<OrderInfo[]>('Orders/?fromUpdateId=0');
    const again = await startClient({
      switches: { ctl: { holdBackIndex: String(second?.UpdateIndex), orderStreamIncludesId: true } },
    });
    for (const id of ['A1', 'A2']) await again.put(`Orders/${id}`, order());
    expect(await again.get<OrderInfo[]>('Orders/?fromUpdateId=0')).toMatchObject([{ Id: 'A1' }]);
  });
});
