import { describe, expect, it } from 'vitest';
import { SECOND, askToken, call, shipment, startDs } from './ds-client.ts';

const LIST = '/ds/shipping/v1/shipments/list';

describe('access to Shipping Order', () => {
  it('needs a token, which a known client gets for its secret', async () => {
    const ds = await startDs({ switches: { ds: { tokenSeconds: 3600 } } });
    const given = await askToken(ds.url);
    expect(given.status).toBe(200);
    expect(given.json).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      token_type: 'Bearer',
      expires_in: '3600',
    });
    const authorization = `Bearer ${String(given.json['access_token'])}`;
    expect((await call(ds.url + LIST, 'POST', {}, { authorization })).status).toBe(200);
  });

  it('is refused in the other body form', async () => {
    const ds = await startDs();
    for (const refused of [
      await askToken(ds.url, 'demo:wrong'),
      await askToken(ds.url, 'nobody:demo-secret'),
      await call(ds.url + LIST, 'POST', {}),
      await call(ds.url + LIST, 'POST', {}, { authorization: 'Bearer nonsense' }),
    ]) {
      expect(refused.status).toBe(401);
      const errors = [{ code: expect.any(String) as unknown, message: expect.any(String) as unknown }];
      expect(refused.json).toEqual({ response: { errors } });
      expect(refused.headers.get('transid')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await askToken(ds.url, 'demo:demo-secret', 'grant_type=password')).status).toBe(400);
  });

  it('ends with the life of the token, and when tokens are revoked', async () => {
    const ds = await startDs({ switches: { ds: { tokenSeconds: 60, expiresInText: false } } });
    expect((await askToken(ds.url)).json['expires_in']).toBe(60);
    ds.advance(60 * SECOND - 1);
    expect((await ds.send('POST', '/shipments/list', {})).status).toBe(200);
    ds.advance(1);
    expect((await ds.send('POST', '/shipments/list', {})).status).toBe(401);
    const fresh = await startDs();
    await fresh.admin('POST', 'transition', { provider: 'ds', kind: 'tokens', id: '', state: 'revoked' });
    expect((await fresh.send('POST', '/shipments/list', {})).status).toBe(401);
  });

  it('gives each tenant its own records', async () => {
    const ds = await startDs();
    await ds.send('POST', '/shipments', shipment());
    await ds.admin('POST', 'seed', { ds: { clients: [{ id: 'two', secret: 's:1', tenant: 'other' }] } });
    const { json } = await askToken(ds.url, 'two:s%3A1');
    const authorization = `Bearer ${String(json['access_token'])}`;
    expect((await call(ds.url + LIST, 'POST', {}, { authorization })).json['data']).toEqual([]);
    expect((await ds.admin('GET', 'state/ds/shipments?client=two')).json).toEqual({ ids: [] });
  });

  it('is limited in rate, with or without a word on when to come again', async () => {
    const ds = await startDs({ switches: { ds: { requestsPerSecond: 2 } } });
    const ask = () => ds.send('POST', '/shipments/list', {});
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const throttled = await ask();
    expect([throttled.status, throttled.json['type']]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(throttled.headers.get('retry-after')).toBeNull();
    await ds.admin('POST', 'switches', { ds: { retryAfter: true } });
    expect((await ask()).headers.get('retry-after')).toBe('1');
    ds.advance(SECOND);
    expect((await ask()).status).toBe(200);
  });

  it('to what is not there is 404, and with the wrong method 405', async () => {
    const ds = await startDs();
    expect((await ds.send('GET', '/nothing')).status).toBe(404);
    expect((await ds.send('PUT', '/shipments', {})).status).toBe(405);
  });

  it('takes forced answers in the form of the provider', async () => {
    const ds = await startDs();
    const force = async (fault: string) =>
      (await ds.send('POST', '/shipments/list', {}, { 'x-sandbox-fault': fault })).json;
    expect(await force('500')).toMatchObject({ type: 'INTERNAL_SERVER_ERROR' });
    expect(await force('422')).toMatchObject({ type: 'UNMAPPED_ERROR' });
    expect(await force('401')).toMatchObject({ response: { errors: [{ code: '250002' }] } });
  });
});
