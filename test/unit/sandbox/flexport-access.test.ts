import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from './client.ts';
import { consumerOrder, startFlexport } from './flexport-client.ts';

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

describe('access', () => {
  it('needs a token that is known and not over', async () => {
    const flexport = await startFlexport();
    const tokens = [{ token: 'short', expires: '2026-05-05T00:00:00Z' }];
    await flexport.admin('POST', 'seed', { flexport: { tokens } });
    const ask = (headers: Record<string, string>) => flexport.call('GET', '/warehouses/active', undefined, headers);
    expect((await ask(bearer('nobody'))).status).toBe(401);
    expect((await ask({ authorization: '' })).status).toBe(401);
    const answer = await ask(bearer('short'));
    expect([answer.status, answer.json]).toEqual([200, ['ATL1', 'LAX2', 'RTM1']]);
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    flexport.advance(DAY);
    const over = await ask(bearer('short'));
    expect([over.status, over.json]).toMatchObject([401, { detail: 'The token has expired', status: 401 }]);
  });

  it('is limited by scopes, of which reading and writing are two', async () => {
    const flexport = await startFlexport();
    const tokens = [{ token: 'reader', scopes: ['read_logistics_orders', 'read_logistics_products'] }];
    await flexport.admin('POST', 'seed', { flexport: { tokens } });
    const body = consumerOrder(await flexport.skuOf('CAP-STD'));
    const refused = await flexport.call('POST', '/orders', body, bearer('reader'));
    expect([refused.status, refused.json]).toMatchObject([
      403,
      { detail: 'The token lacks the scope write_logistics_orders' },
    ]);
    expect((await flexport.call('GET', '/orders/1', undefined, bearer('reader'))).status).toBe(404);
    expect((await flexport.call('GET', '/warehouses/active', undefined, bearer('reader'))).status).toBe(403);
    const wrong = { flexport: { tokens: [{ token: 'x', scopes: ['write_everything'] }] } };
    expect((await flexport.admin('POST', 'seed', wrong)).status).toBe(400);
  });

  it('ends while an account is frozen', async () => {
    const flexport = await startFlexport();
    const freeze = (frozen: boolean) =>
      flexport.admin('POST', 'seed', { flexport: { accounts: [{ id: 'demo', frozen }] } });
    await freeze(true);
    expect((await flexport.call('GET', '/products')).status).toBe(423);
    await freeze(false);
    expect((await flexport.call('GET', '/products')).status).toBe(200);
  });

  it('is kept apart by account', async () => {
    const flexport = await startFlexport();
    await flexport.admin('POST', 'seed', { flexport: { tokens: [{ token: 'other', account: 'other' }] } });
    const order = await flexport.call('POST', '/orders', consumerOrder(await flexport.skuOf('CAP-STD')));
    const path = `/orders/${String(order.json['id'])}`;
    expect((await flexport.call('GET', path)).status).toBe(200);
    expect((await flexport.call('GET', path, undefined, bearer('other'))).status).toBe(404);
  });

  it('is throttled for each token', async () => {
    const flexport = await startFlexport({ requestsPerSecond: 5, burst: 3 });
    const ask = () => flexport.call('GET', '/warehouses/active');
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200]);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    flexport.advance(200);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });

  it('answers 400 where there is nothing', async () => {
    const flexport = await startFlexport();
    expect((await flexport.call('GET', '/orders')).status).toBe(400);
    expect((await flexport.call('DELETE', '/orders/1')).status).toBe(400);
    expect((await flexport.call('GET', '/orders/%0A')).status).toBe(400);
    const root = `${flexport.url}/flexport/logistics/api`;
    expect((await flexport.call('GET', `${root}/latest/products`)).status).toBe(400);
    expect((await flexport.call('GET', `${root}/unstable/products`)).status).toBe(200);
    expect((await flexport.call('GET', '/warehouses/active?countryCode=NL')).json).toEqual(['RTM1']);
    expect((await flexport.call('GET', '/warehouses/active?countryCode=DE')).status).toBe(400);
  });

  it('explains a forced status in the words of this API', async () => {
    const flexport = await startFlexport();
    const answer = await flexport.call('GET', '/products', undefined, { 'x-sandbox-fault': '429:3' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
    expect(answer.json).toMatchObject({ title: 'Too Many Requests', status: 429 });
  });
});

describe('the state', () => {
  it('outlives a restart, with what is still to happen', async () => {
    const stateFile = join(tmpdir(), `dray-flexport-${process.pid}.json`);
    try {
      const first = await startFlexport({}, { stateFile });
      const body = consumerOrder(await first.skuOf('CAP-STD'));
      const key = { 'idempotency-key': 'k1' };
      const order = await first.call('POST', '/orders', body, key);
      await first.close();
      const second = await startFlexport({}, { stateFile });
      const again = await second.call('POST', '/orders', body, key);
      expect([again.headers.get('idempotent-replayed'), again.json]).toEqual(['true', order.json]);
      second.advance(HOUR);
      expect((await second.call('GET', `/orders/${String(order.json['id'])}`)).json).toMatchObject({
        state: { internalStatus: 'SHIPPED' },
      });
      await second.close();
    } finally {
      await rm(stateFile, { force: true });
    }
  });

  it('begins anew with a reset, the same for the same seed', async () => {
    const flexport = await startFlexport();
    const before = await flexport.skuOf('CAP-STD');
    await flexport.call('POST', '/orders', consumerOrder(before));
    await flexport.admin('POST', 'reset', {});
    expect(await flexport.skuOf('CAP-STD')).toBe(before);
    expect((await flexport.admin('GET', 'state/flexport/orders')).json).toEqual({ ids: [] });
    await flexport.admin('POST', 'reset', { seed: 2 });
    expect(await flexport.skuOf('CAP-STD')).not.toBe(before);
  });
});
