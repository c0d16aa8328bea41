import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseExact, type Json, type JsonObject } from '../../src/core/json.ts';
import type { Feed, FeedItem, FrozenRequest } from '../../src/core/provider.ts';
import type { ProviderDefinition } from '../../src/providers/index.ts';
import { startSandbox, type SandboxOptions } from '../../src/sandbox/index.ts';
import { feedOf, loadShipped, open, operationOf } from '../unit/providers/support.ts';

const HOUR_MS = 3_600_000;

const order = (key: string, quantity = 2): JsonObject => ({
  ShipTo: {
    Name: 'Okafor Studio',
    Address1: '18 Harbor Lane',
    City: 'Dayton',
    StateOrProvince: 'OH',
    PostalCode: '45402-1187',
    CountryCode: 'US',
  },
  Items: [
    { Sku: 'BTL-750-SLATE', Quantity: quantity, UnitOfMeasure: 'EACH' },
    { Sku: 'CAP-STD', Quantity: 1, UnitOfMeasure: 'CASE' },
  ],
  Variables: [{ Key: 'BridgeOrderId', Value: key }],
});

let definition: ProviderDefinition;
beforeAll(() => {
  definition = loadShipped('ctl');
});

async function connect(options: SandboxOptions = {}, limits = {}) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const provider = open(definition, sandbox.url + (definition.sandbox ?? ''), {
    settings: { clientId: 'demo', userId: 'demo' },
    limits,
  });
  return { sandbox, provider, create: operationOf(provider, 'order.create') };
}

function withFault(request: FrozenRequest, fault: string): FrozenRequest {
  return { ...request, headers: { ...request.headers, 'x-sandbox-fault': fault } };
}

async function readAll(feed: Feed): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for (let cursor: string | undefined = feed.start; cursor !== undefined;) {
    const page: Awaited<ReturnType<Feed['readPage']>> = await feed.readPage(cursor);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

describe('orders at CTL', () => {
  it('are made once, and a second time exist already', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', order('SO-1'));
    expect(await create.send(request)).toMatchObject({ class: 'ACCEPTED', status: 201, reference: 'SO-1' });
    expect(await create.send(request)).toMatchObject({ class: 'ALREADY_EXISTS', status: 409 });
  });

  it('are recognised as ours, as somebody else’s, as missing', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', order('SO-1'));
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'missing' });
    await create.send(request);
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'found', isSame: true });
    const other = create.freeze('SO-1', order('SO-1', 3));
    expect(await create.lookUp?.('SO-1', other)).toMatchObject({ kind: 'found', isSame: false });
  });

  it.each(['string', 'array'] as const)('come back with the fields that are wrong (%s)', async (modelStateText) => {
    const { create } = await connect({ switches: { ctl: { modelStateText } } });
    const outcome = await create.send(
      create.freeze('SO-1', { ...order('SO-1'), Items: [{ Sku: 'CAP-STD', Quantity: 0 }] }),
    );
    expect(outcome).toMatchObject({ class: 'FIX_DATA', status: 400 });
    expect(outcome.messages.some(({ field }) => field?.includes('Quantity'))).toBe(true);
  });

  it('are there although the answer was lost', async () => {
    const { create, sandbox } = await connect();
    const request = create.freeze('SO-1', order('SO-1'));
    expect((await create.send(withFault(request, 'drop-after-commit'))).class).toBe('AMBIGUOUS');
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'found', isSame: true });
    expect((await create.send(request)).class).toBe('ALREADY_EXISTS');
    expect(sandbox.journal().filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('are not there when the connection broke before', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', order('SO-1'));
    expect((await create.send(withFault(request, 'drop-before-commit'))).class).toBe('AMBIGUOUS');
    expect((await create.lookUp?.('SO-1', request))?.kind).toBe('missing');
    expect((await create.send(request)).class).toBe('ACCEPTED');
  });

  it.each([
    ['garbage', 'AMBIGUOUS', undefined],
    ['503', 'RETRY_LATER', undefined],
    ['429:3', 'RETRY_LATER', 3000],
  ])('survive the fault %s', async (fault, expected, wait) => {
    const { create } = await connect();
    const outcome = await create.send(withFault(create.freeze('SO-1', order('SO-1')), fault));
    expect(outcome.class).toBe(expected);
    expect(outcome.retryAfterMs).toBe(wait);
  });

  it('can be cancelled and redirected only until they are processed', async () => {
    const { provider, create, sandbox } = await connect();
    const cancel = operationOf(provider, 'order.cancel');
    const redirect = operationOf(provider, 'order.ship-to');
    const cancelled = cancel.freeze('SO-1', { Cancel: true });
    expect((await cancel.send(cancelled)).class).toBe('NOT_FOUND');
    for (const key of ['SO-1', 'SO-2']) await create.send(create.freeze(key, order(key)));
    expect((await cancel.send(cancelled)).class).toBe('ACCEPTED');
    const address = redirect.freeze('SO-2', order('SO-2')['ShipTo'] ?? {});
    expect((await redirect.send(address)).class).toBe('ACCEPTED');
    sandbox.advance(2 * HOUR_MS);
    expect((await redirect.send(address)).class).toBe('TOO_LATE');
    expect((await cancel.send(cancel.freeze('SO-2', { Cancel: true }))).class).toBe('TOO_LATE');
  });
});

it('purchase orders, ASNs and product changes are taken by CTL', async () => {
  const { provider } = await connect();
  const send = async (name: string, payload: Json) => {
    const operation = operationOf(provider, name);
    const made = operation.key('X-1', payload);
    if (!('key' in made)) throw new Error(JSON.stringify(made.issue));
    return (await operation.send(operation.freeze(made.key, payload))).class;
  };
  const items = { Items: [{ Sku: 'CAP-STD', Quantity: 5, UnitOfMeasure: 'CASE' }] };
  expect(await send('purchase-order.create', items)).toBe('ACCEPTED');
  expect(await send('purchase-order.create', items)).toBe('ALREADY_EXISTS');
  expect(await send('purchase-order.close', null)).toBe('ACCEPTED');
  expect(await send('asn.create', items)).toBe('ACCEPTED');
  expect(await send('product.upsert', { ProductId: 'NEW-1', Description: 'new' })).toBe('ACCEPTED');
  expect(await send('product.upsert', { ProductId: 'NEW-1', Description: 'newer' })).toBe('ACCEPTED');
});

describe('feeds of CTL', () => {
  it.each(['empty', '404', 'alternate'] as const)(
    'bring ship confirmations to their order (end: %s)',
    async (streamEnd) => {
      const { provider, create, sandbox } = await connect({
        switches: { ctl: { streamEnd, streamPageSize: 2, longDecimals: true, bigIndexes: true } },
      });
      for (const key of ['SO-1', 'SO-2', 'SO-3']) await create.send(create.freeze(key, order(key)));
      sandbox.advance(3 * HOUR_MS);
      const items = await readAll(feedOf(provider, 'shipments'));
      expect(new Set(items.map(({ documentKey }) => documentKey))).toEqual(new Set(['SO-1', 'SO-2', 'SO-3']));
      expect(items.every(({ index = '' }) => BigInt(index) > 2n ** 53n)).toBe(true);
      expect(items.some(({ body }) => /"UnitsShipped":2\.0{20}/.test(body))).toBe(true);
    },
  );

  it('keep the cursor while nothing is new', async () => {
    const { provider } = await connect();
    const feed = feedOf(provider, 'returns');
    expect(await feed.readPage('1000000')).toEqual({ items: [] });
  });

  it('list the stock page by page', async () => {
    const { provider } = await connect({ switches: { ctl: { snapshotPageSize: 3 } } });
    const items = await readAll(feedOf(provider, 'inventory'));
    expect(items.length).toBeGreaterThan(3);
    expect(new Set(items.map(({ identity }) => identity)).size).toBe(items.length);
    expect(items.map(({ identity }) => identity)).toContain('BTL-750-SLATE');
    expect(parseExact(items[0]?.body ?? '')).toHaveProperty('QuantityAvailable');
  });

  it('say that a listing expired', async () => {
    const { provider, sandbox } = await connect({ switches: { ctl: { snapshotPageSize: 3 } } });
    const feed = feedOf(provider, 'inventory');
    const { next = '' } = await feed.readPage('');
    sandbox.advance(HOUR_MS);
    await expect(feed.readPage(next)).rejects.toMatchObject({ code: 'snapshot-expired', kind: 'transient' });
  });

  it('can all be read', async () => {
    const { provider, create, sandbox } = await connect();
    await create.send(create.freeze('SO-1', order('SO-1')));
    sandbox.advance(48 * HOUR_MS);
    for (const feed of provider.feeds.values()) await expect(readAll(feed)).resolves.toBeInstanceOf(Array);
  });
});
