import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { FrozenRequest } from '../../../src/core/provider.ts';
import type { ProviderDefinition } from '../../../src/providers/index.ts';
import { startSandbox, type SandboxOptions } from '../../../src/sandbox/index.ts';
import { feedOf, loadShipped, open, operationOf } from '../providers/support.ts';

const ADDRESS = {
  name: 'Field Depot 12',
  address1: '210 Foundry Row',
  city: 'Milwaukee',
  state: 'WI',
  postalCode: '53202',
  country: 'US',
};

const payload = (quantity: number): JsonObject => ({
  subaccount: 'NORDIC-FIELD',
  ssl: 'ORD-SSL-004',
  shipTo: ADDRESS,
  lines: [{ partNumber: 'FAN-TRAY-2U', quantity }],
});

let definition: ProviderDefinition;
beforeAll(() => {
  definition = loadShipped('choice');
});

async function connect(options: SandboxOptions = {}, clientSecret = 'demo-secret') {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const provider = open(definition, `${sandbox.url}/choice`, { settings: { clientId: 'demo', clientSecret } });
  const admin = (path: string, body: object): Promise<Response> =>
    fetch(`${sandbox.url}/__admin/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const calls = (path: string): number => sandbox.journal().filter((entry) => entry.path.endsWith(path)).length;
  return { sandbox, provider, admin, calls, create: operationOf(provider, 'ticket.outbound') };
}

function withFault(request: FrozenRequest, fault: string): FrozenRequest {
  return { ...request, headers: { ...request.headers, 'x-sandbox-fault': fault } };
}

const count = ({ sandbox }: Awaited<ReturnType<typeof connect>>): Promise<Json> =>
  fetch(`${sandbox.url}/__admin/state/choice/tickets`).then((answer) => answer.json() as Promise<Json>);

describe('tickets at Choice', () => {
  it('are made once, also when the same bytes are sent again', async () => {
    const office = await connect();
    const request = office.create.freeze('SO-1', payload(3));
    const first = await office.create.send(request);
    expect(first).toMatchObject({ class: 'ACCEPTED', status: 201, reference: 'T-0088001' });
    expect(await office.create.send(request)).toMatchObject({ class: 'ACCEPTED', status: 200, reference: 'T-0088001' });
    expect(await count(office)).toEqual({ ids: ['T-0088001'] });
    expect(office.calls('/oauth/token')).toBe(1);
  });

  it('with other content under a number in use are told from ours', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', payload(3));
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'missing' });
    await create.send(request);
    const other = create.freeze('SO-1', payload(4));
    expect(await create.send(other)).toMatchObject({ class: 'ALREADY_EXISTS', status: 409 });
    expect(await create.lookUp?.('SO-1', other)).toMatchObject({ kind: 'found', isSame: false });
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'found', isSame: true });
  });

  it('of different kinds may have one number', async () => {
    const { create, provider } = await connect();
    const { shipTo: _none, ...rest } = payload(3);
    const receive = operationOf(provider, 'ticket.inbound');
    await create.send(create.freeze('77', payload(3)));
    const request = receive.freeze('77', rest);
    expect(await receive.lookUp?.('77', request)).toMatchObject({ kind: 'missing' });
    expect(await receive.send(request)).toMatchObject({ class: 'ACCEPTED', status: 201 });
    expect(await receive.lookUp?.('77', request)).toMatchObject({ kind: 'found', isSame: true });
  });

  it.each([true, false])('are there although the answer was lost (tickets can be listed: %s)', async (ticketList) => {
    const office = await connect({ switches: { choice: { ticketList } } });
    const { create } = office;
    const request = create.freeze('SO-1', payload(3));
    expect((await create.send(withFault(request, 'drop-after-commit'))).class).toBe('AMBIGUOUS');
    expect((await create.lookUp?.('SO-1', request))?.kind).toBe(ticketList ? 'found' : 'missing');
    expect((await create.send(request)).class).toBe('ACCEPTED');
    expect(await count(office)).toEqual({ ids: ['T-0088001'] });
  });

  it.each([
    ['garbage', 'AMBIGUOUS', undefined],
    ['truncate:12', 'AMBIGUOUS', undefined],
    ['503', 'RETRY_LATER', undefined],
    ['500', 'RETRY_LATER', undefined],
    ['429:3', 'RETRY_LATER', 3000],
  ])('survive the fault %s', async (fault, expected, wait) => {
    const { create } = await connect();
    const request = create.freeze('SO-1', payload(3));
    const outcome = await create.send(withFault(request, fault));
    expect([outcome.class, outcome.retryAfterMs]).toEqual([expected, wait]);
    expect(await create.send(request)).toMatchObject({ class: 'ACCEPTED', reference: 'T-0088001' });
  });

  it('come back with the fields that are wrong', async () => {
    const { create } = await connect();
    const lines = [{ partNumber: 'NONE', quantity: 1 }];
    const outcome = await create.send(create.freeze('SO-1', { ...payload(1), ssl: 'X', lines }));
    expect(outcome).toMatchObject({ class: 'FIX_DATA', status: 422 });
    const fields = outcome.messages.flatMap(({ field }) => (field === undefined ? [] : [field]));
    expect(fields).toEqual(['ssl', 'lines[0].partNumber']);
  });

  it('go on when a token is revoked in between, with one new token', async () => {
    const { create, admin, calls } = await connect();
    await create.send(create.freeze('SO-1', payload(1)));
    await admin('transition', { provider: 'choice', kind: 'tokens', id: '*', state: 'revoked' });
    expect((await create.send(create.freeze('SO-2', payload(2)))).class).toBe('ACCEPTED');
    expect(calls('/oauth/token')).toBe(2);
  });

  it('stand still for wrong credentials, a missing certificate, and wait for a token service that is down', async () => {
    const { create: wrong } = await connect({}, 'not-the-secret');
    expect((await wrong.send(wrong.freeze('SO-1', payload(1)))).class).toBe('FIX_CREDENTIALS');
    const { create: closed } = await connect({ switches: { choice: { mutualTls: true } } });
    expect((await closed.send(closed.freeze('SO-1', payload(1)))).class).toBe('FIX_CREDENTIALS');
    const { create, admin, calls } = await connect();
    await admin('faults', { match: { pathPattern: 'oauth', times: 1 }, action: { status: 503 } });
    const request = create.freeze('SO-1', payload(1));
    expect((await create.send(request)).class).toBe('RETRY_LATER');
    expect(calls('/v2/tickets')).toBe(0);
    expect((await create.send(request)).class).toBe('ACCEPTED');
  });

  it.each(['text', 'absent'] as const)('are sent whatever the token says of its life (%s)', async (expiresIn) => {
    const { create, calls } = await connect({ switches: { choice: { expiresIn, created: '202' } } });
    expect((await create.send(create.freeze('SO-1', payload(1)))).class).toBe('ACCEPTED');
    expect((await create.send(create.freeze('SO-2', payload(1)))).class).toBe('ACCEPTED');
    expect(calls('/oauth/token')).toBe(1);
  });
});

describe('products at Choice', () => {
  const product = (more: JsonObject): JsonObject => ({ products: [{ partNumber: 'NEW-1', ...more }] });

  it.each(['200', '207'] as const)('are judged by what is said of the one product (%s)', async (bulkStatus) => {
    const { provider } = await connect({ switches: { choice: { bulkStatus } } });
    const upsert = operationOf(provider, 'product.upsert');
    const good = await upsert.send(upsert.freeze('NEW-1', product({ description: 'New part' })));
    expect(good).toMatchObject({ class: 'ACCEPTED', status: Number(bulkStatus), reference: 'NEW-1' });
    const fan = { products: [{ partNumber: 'FAN-TRAY-2U', description: 'Fan tray', serialized: true }] };
    const bad = await upsert.send(upsert.freeze('FAN-TRAY-2U', fan));
    expect(bad).toMatchObject({ class: 'FIX_DATA', messages: [{ field: 'products[0].serialized' }] });
  });

  it('come back with what is wrong, also where an error is a text', async () => {
    const { provider } = await connect({ switches: { choice: { bulkErrors: 'text' } } });
    const upsert = operationOf(provider, 'product.upsert');
    const fan = { products: [{ partNumber: 'FAN-TRAY-2U', description: 'Fan tray', serialized: true }] };
    const { messages } = await upsert.send(upsert.freeze('FAN-TRAY-2U', fan));
    expect(messages).toEqual([{ text: 'serialized cannot change while part FAN-TRAY-2U is in stock.' }]);
  });
});

describe('the stock of Choice', () => {
  it.each(['null', 'absent', 'empty'] as const)('is read to its end (%s)', async (lastCursor) => {
    const { provider } = await connect({ switches: { choice: { lastCursor, inventoryPageSize: 7 } } });
    const feed = feedOf(provider, 'inventory');
    const sizes: number[] = [];
    for (let cursor: string | undefined = feed.start; cursor !== undefined;) {
      const page: Awaited<ReturnType<typeof feed.readPage>> = await feed.readPage(cursor);
      sizes.push(page.items.length);
      cursor = page.next;
    }
    expect(sizes.filter((size) => size > 0)).toEqual([7, 7, 4]);
  });
});
