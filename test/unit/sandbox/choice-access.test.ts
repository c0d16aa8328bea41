import { describe, expect, it } from 'vitest';
import { startClient } from './client.ts';
import { CREDENTIALS, startChoice, ticket } from './choice-client.ts';

const TOKEN = '/choice/oauth/token';

describe('a token of Choice', () => {
  it('is given for id and secret in a JSON body', async () => {
    const client = await startClient();
    const reply = await client.send('POST', TOKEN, CREDENTIALS);
    expect(reply).toMatchObject({ status: 200, json: { token_type: 'Bearer', expires_in: 3600 } });
    expect((await client.send('GET', TOKEN)).status).toBe(405);
  });

  it('is refused to others, for other grants and other forms', async () => {
    const client = await startClient();
    const ask = async (body: unknown) => {
      const { status, json } = await client.send('POST', TOKEN, body);
      return [status, json];
    };
    expect(await ask({ ...CREDENTIALS, client_secret: 'no' })).toEqual([401, { error: 'invalid_client' }]);
    expect(await ask({ ...CREDENTIALS, client_id: 'nobody' })).toEqual([401, { error: 'invalid_client' }]);
    const grant = { ...CREDENTIALS, grant_type: 'password' };
    expect(await ask(grant)).toEqual([400, { error: 'unsupported_grant_type' }]);
    expect(await ask('client_id=demo&client_secret=demo-secret')).toEqual([400, { error: 'invalid_request' }]);
  });

  it('ends after its life, and all end when they are revoked', async () => {
    const choice = await startChoice({ switches: { choice: { tokenSeconds: 2 } } });
    choice.advance(1_999);
    expect((await choice.ask('inventory')).status).toBe(200);
    choice.advance(1);
    expect(await choice.ask('inventory')).toMatchObject({ status: 401, json: { code: 'UNAUTHORIZED' } });
    const other = await startChoice();
    expect((await other.ask('inventory')).status).toBe(200);
    const revoked = { provider: 'choice', kind: 'tokens', id: '*', state: 'revoked' };
    expect((await other.admin('POST', 'transition', revoked)).json).toEqual({ given: 1, valid: 0 });
    expect((await other.ask('inventory')).status).toBe(401);
  });

  it('may tell its life as text or not at all', async () => {
    const client = await startClient({ switches: { choice: { expiresIn: 'text', tokenSeconds: 60 } } });
    expect((await client.send('POST', TOKEN, CREDENTIALS)).json).toMatchObject({ expires_in: '60' });
    await client.admin('POST', 'switches', { choice: { expiresIn: 'absent' } });
    expect((await client.send('POST', TOKEN, CREDENTIALS)).json).not.toHaveProperty('expires_in');
  });
});

describe('access to Choice', () => {
  it('needs a token everywhere', async () => {
    const client = await startClient();
    for (const path of ['tickets', 'tickets/T-1', 'inventory', 'products/bulk', 'webhooks', 'nothing']) {
      expect((await client.send('GET', `/choice/v2/${path}`)).status).toBe(401);
    }
    expect((await client.send('POST', '/choice/v2/tickets', ticket(), { authorization: 'demo' })).status).toBe(401);
  });

  it('is 404 for what is not there and 405 for the wrong method', async () => {
    const choice = await startChoice();
    expect((await choice.ask('nothing')).status).toBe(404);
    expect((await choice.ask('tickets/T-0000001')).status).toBe(404);
    expect((await choice.ask('tickets/%')).status).toBe(400);
    expect((await choice.post('inventory', {})).status).toBe(405);
  });

  it('gives each client its own tickets and subaccounts', async () => {
    const choice = await startChoice();
    const clients = [{ id: 'second', secret: 'other-secret', subaccounts: ['SECOND'] }];
    await choice.admin('POST', 'seed', { choice: { clients } });
    const second = { client_id: 'second', client_secret: 'other-secret', grant_type: 'client_credentials' };
    const { json } = await choice.send('POST', TOKEN, second);
    const headers = { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
    const { ticketId } = (await choice.post('tickets', ticket())).json as { ticketId: string };
    expect((await choice.send('GET', `/choice/v2/tickets/${ticketId}`, undefined, headers)).status).toBe(404);
    const list = await choice.send('GET', '/choice/v2/tickets?clientRef=SO-700151', undefined, headers);
    expect(list.json).toEqual({ items: [], nextCursor: null });
    // One key of two clients is two keys.
    expect((await choice.post('tickets', ticket(1, { subaccount: 'SECOND' }), headers)).status).toBe(201);
    expect((await choice.post('tickets', ticket(2), headers)).status).toBe(422);
  });

  it('can be throttled, and be closed to callers without a certificate', async () => {
    const choice = await startChoice({ switches: { choice: { ratePerSecond: 2 } } });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await choice.ask('inventory')).status);
    expect(statuses).toEqual([200, 200, 429]);
    choice.advance(1_000);
    expect((await choice.ask('inventory')).status).toBe(200);
    await choice.admin('POST', 'switches', { choice: { mutualTls: true, ratePerSecond: 0 } });
    expect(await choice.ask('inventory')).toMatchObject({ status: 403, json: { code: 'CLIENT_CERTIFICATE_REQUIRED' } });
    expect((await choice.send('POST', TOKEN, CREDENTIALS)).status).toBe(403);
    const certificate = { 'x-forwarded-client-cert': 'Subject="CN=demo"' };
    expect((await choice.post('tickets', ticket(), certificate)).status).toBe(201);
  });

  it('takes the faults every stand-in knows, in its own shape', async () => {
    const choice = await startChoice();
    const busy = await choice.post('tickets', ticket(), { 'x-sandbox-fault': '503' });
    expect(busy).toMatchObject({ status: 503, json: { code: 'FORCED' } });
    await expect(choice.post('tickets', ticket(), { 'x-sandbox-fault': 'drop-after-commit' })).rejects.toThrow();
    expect((await choice.post('tickets', ticket())).status).toBe(200);
  });
});
