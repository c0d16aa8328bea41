import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Client, order, startClient } from './client.ts';

async function isThere(ctl: Client, id: string): Promise<boolean> {
  return (await ctl.admin('GET', `state/ctl/orders/${id}`)).status === 200;
}

const rule = (match: object, action: object) => ({ match, action });

describe('a fault rule', () => {
  it('answers instead of performing, so many times', async () => {
    const ctl = await startClient();
    const action = { status: 503, headers: { 'retry-after': '3' }, body: 'busy', contentType: 'text/plain' };
    await ctl.admin('POST', 'faults', rule({ provider: 'ctl', method: 'PUT', times: 2 }, action));
    expect((await ctl.put('Orders/A1', order())).status).toBe(503);
    expect((await ctl.put('Orders/A1', order())).body).toBe('busy');
    expect(await isThere(ctl, 'A1')).toBe(false);
    expect((await ctl.put('Orders/A1', order())).status).toBe(201);
    expect(ctl.journal().map(({ status, committed }) => [status, committed])).toEqual([
      [503, false],
      [503, false],
      [201, true],
    ]);
    expect((await ctl.admin('GET', 'faults')).json).toMatchObject([{ seen: 3, applied: 2 }]);
  });

  it('matches by path, body and count', async () => {
    const ctl = await startClient();
    await ctl.admin('POST', 'faults', rule({ pathPattern: 'Orders/B[0-9]$' }, { status: 500 }));
    await ctl.admin('POST', 'faults', rule({ bodyContains: 'poison' }, { status: 502 }));
    await ctl.admin('POST', 'faults', rule({ method: 'GET', nth: 2 }, { status: 504 }));
    await ctl.admin('POST', 'faults', rule({ method: 'GET', every: 3 }, { status: 429 }));
    expect((await ctl.put('Orders/B1', order())).status).toBe(500);
    expect((await ctl.put('Orders/A1', order({ Comments: 'poison' }))).status).toBe(502);
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await ctl.send('GET', '/ctl/v1/Carriers')).status);
    expect(statuses).toEqual([200, 504, 200, 429, 200]);
    await ctl.admin('DELETE', 'faults');
    expect((await ctl.admin('GET', 'faults')).json).toEqual([]);
  });

  it('hits a share of requests, the same ones for a seed', async () => {
    const hits = async () => {
      const ctl = await startClient();
      await ctl.admin('POST', 'faults', rule({ probability: 0.5 }, { status: 503 }));
      const statuses: number[] = [];
      for (let count = 0; count < 40; count += 1) statuses.push((await ctl.send('GET', '/ctl/v1/Carriers')).status);
      return statuses;
    };
    const once = await hits();
    expect(new Set(once)).toEqual(new Set([200, 503]));
    expect(await hits()).toEqual(once);
  });

  it('breaks the connection before or after the commit, or within the answer', async () => {
    const ctl = await startClient();
    for (const [id, drop] of [
      ['A1', 'before-commit'],
      ['A2', 'after-commit'],
      ['A3', 'mid-body'],
    ]) {
      const action = { drop };
      const added = (await ctl.admin('POST', 'faults', rule({ method: 'PUT' }, action))).json as { id: number };
      await expect(ctl.put(`Orders/${id}`, order())).rejects.toThrow();
      await ctl.admin('DELETE', `faults/${added.id}`);
    }
    expect([await isThere(ctl, 'A1'), await isThere(ctl, 'A2'), await isThere(ctl, 'A3')]).toEqual([false, true, true]);
    expect(ctl.journal().map(({ status, committed }) => [status, committed])).toEqual([
      [null, false],
      [null, true],
      [null, true],
    ]);
    expect((await ctl.put('Orders/A2', order())).status).toBe(409);
    await ctl.admin('POST', 'faults', rule({ method: 'GET' }, { drop: 'mid-body' }));
    await expect(ctl.send('GET', '/ctl/v1/Carriers')).rejects.toThrow();
  });

  it('that is malformed is refused', async () => {
    const ctl = await startClient();
    const bad = [
      {},
      rule({ pathPattern: '(' }, { status: 500 }),
      rule({ nothing: 1 }, {}),
      rule({}, { drop: 'sometimes' }),
      rule({}, { status: 7 }),
    ];
    for (const body of bad) expect((await ctl.admin('POST', 'faults', body)).status).toBe(400);
  });
});

describe('the fault header', () => {
  it('forces a status with a time to wait', async () => {
    const ctl = await startClient();
    const { status, headers } = await fetch(`${ctl.url}/ctl/v1/Carriers`, { headers: { 'x-sandbox-fault': '429:3' } });
    expect([status, headers.get('retry-after')]).toEqual([429, '3']);
    expect((await ctl.put('Orders/A1', order(), { 'x-sandbox-fault': '503' })).status).toBe(503);
    expect((await ctl.put('Orders/A1', order(), { 'x-sandbox-fault': 'nonsense' })).status).toBe(400);
  });

  it('answers garbage or half an answer after performing', async () => {
    const ctl = await startClient();
    const garbage = await ctl.put('Orders/A1', order(), { 'x-sandbox-fault': 'garbage' });
    expect([garbage.status, garbage.json, await isThere(ctl, 'A1')]).toEqual([201, undefined, true]);
    const cut = await ctl.send('GET', '/ctl/v1/Carriers', undefined, { 'x-sandbox-fault': 'truncate:10' });
    expect([cut.status, cut.body.length]).toEqual([200, 10]);
    expect((await ctl.put('Orders/A2', order(), { 'x-sandbox-fault': 'slow:5' })).status).toBe(201);
  });

  it('never answers after a commit, and closing the stand-in ends the wait', async () => {
    const ctl = await startClient();
    const url = `${ctl.url}/ctl/v1/Orders/A1`;
    const headers = { 'x-ctl-clientid': 'demo', 'x-ctl-userid': 'demo', 'x-sandbox-fault': 'timeout-after-commit' };
    const ended = new Promise<string>((resolve) => {
      const call = request(url, { method: 'PUT', headers }, () => resolve('answered'));
      call.on('error', () => resolve('broken'));
      call.end(JSON.stringify(order()));
    });
    while (ctl.journal()[0]?.committed !== true) await new Promise((resolve) => void setImmediate(resolve));
    expect(await isThere(ctl, 'A1')).toBe(true);
    await ctl.close();
    expect(await ended).toBe('broken');
  });
});
