import { describe, expect, it, onTestFinished } from 'vitest';
import { parseExact, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { FeedItem, FrozenRequest, Outcome } from '../../../src/core/provider.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';
import { addFault } from '../../support/sandbox.ts';
import { feedOf, loadShipped, open, operationOf } from '../providers/support.ts';
import { START } from './client.ts';
import { DAY, HOUR, MINUTE, shipment, STEADY } from './ds-client.ts';

const definition = loadShipped('ds');

/** The shipped definition against the stand-in, both real. */
async function connect(options: SandboxOptions = {}, settings = {}) {
  const ds = { ...STEADY, ...options.switches?.ds };
  const sandbox = await startSandbox({ now: () => START, ...options, switches: { ds } });
  onTestFinished(() => sandbox.close());
  const provider = open(definition, sandbox.url + (definition.sandbox ?? ''), {
    settings: { clientId: 'demo', clientSecret: 'demo-secret', ...settings },
    limits: { rate: '1000/s' },
  });
  const submit = async (name: string, key: string, payload: Json): Promise<Outcome> => {
    const operation = operationOf(provider, name);
    const frozen = operation.freeze(key, payload);
    const prepared = await operation.prepare?.(key, frozen);
    if (prepared?.kind === 'failed') return prepared.outcome;
    return operation.send(prepared?.request ?? frozen, undefined, key);
  };
  return { sandbox, provider, submit, create: operationOf(provider, 'order.create') };
}

/** A payload as a mapping makes it: without the number, which the operation sets. */
function payload(changes: Record<string, unknown> = {}): JsonObject {
  const { orderExternalId: _number, ...content } = shipment(changes);
  return content as JsonObject;
}

function withFault(request: FrozenRequest, fault: string): FrozenRequest {
  return { ...request, headers: { ...request.headers, 'x-sandbox-fault': fault } };
}

function count(sandbox: Sandbox, path: RegExp): number {
  return sandbox.journal().filter((entry) => path.test(`${entry.method} ${entry.path}`)).length;
}

async function force(sandbox: Sandbox, body: object): Promise<void> {
  const answer = await fetch(`${sandbox.url}/__admin/transition`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

describe('orders at Shipping Order', () => {
  it('are made once, and a second time exist already', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', payload());
    const id = expect.stringMatching(/^[0-9a-f]{24}$/) as unknown;
    expect(await create.send(request)).toMatchObject({ class: 'ACCEPTED', status: 201, reference: id });
    expect(await create.send(request)).toMatchObject({ class: 'ALREADY_EXISTS', status: 422 });
    expect(create.isRepeatable).toBe(false);
  });

  it('are recognised as ours, as somebody else’s, as missing', async () => {
    const { create } = await connect({ switches: { ds: { createAnswerId: false } } });
    const request = create.freeze('SO-1', payload());
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'missing' });
    expect(await create.send(request, undefined, 'SO-1')).toMatchObject({
      class: 'AMBIGUOUS',
      detail: '201, and the answer does not name the record',
    });
    const found = await create.lookUp?.('SO-1', request);
    expect(found).toMatchObject({ kind: 'found', isSame: true });
    expect(found?.outcome.reference).toMatch(/^[0-9a-f]{24}$/);
    const other = create.freeze('SO-1', payload({ itemList: [{ sku: 'MUG-350', quantity: 1 }] }));
    expect(await create.lookUp?.('SO-1', other)).toMatchObject({ kind: 'found', isSame: false });
  });

  it('are there although the answer was lost, and not when the connection broke before', async () => {
    const { create } = await connect();
    const request = create.freeze('SO-1', payload());
    expect((await create.send(withFault(request, 'drop-before-commit'))).class).toBe('AMBIGUOUS');
    expect((await create.lookUp?.('SO-1', request))?.kind).toBe('missing');
    expect((await create.send(withFault(request, 'drop-after-commit'))).class).toBe('AMBIGUOUS');
    expect(await create.lookUp?.('SO-1', request)).toMatchObject({ kind: 'found', isSame: true });
  });

  it('that were kept but not placed are tried again instead of being sent again', async () => {
    const { create, sandbox } = await connect();
    const request = create.freeze('A-PLACEFAIL', payload());
    expect((await create.send(request)).class).toBe('AMBIGUOUS');
    expect((await create.lookUp?.('A-PLACEFAIL', request))?.kind).toBe('missing');
    expect((await create.send(request)).class).toBe('AMBIGUOUS');
    await addFault(sandbox, { pathPattern: '/retry$', times: 1 }, { status: 429 });
    expect(await create.lookUp?.('A-PLACEFAIL', request)).toMatchObject({
      kind: 'failed',
      outcome: { class: 'RETRY_LATER' },
    });
    expect(await create.lookUp?.('A-PLACEFAIL', request)).toMatchObject({ kind: 'found', isSame: true });
    expect(await create.lookUp?.('A-PLACEFAIL', request)).toMatchObject({ kind: 'found', isSame: true });
    expect(count(sandbox, /POST .*\/shipments$/)).toBe(2);
    expect(count(sandbox, /POST .*\/retry$/)).toBe(2);
  });

  it('of somebody else that were not placed are left alone', async () => {
    const { create, sandbox } = await connect();
    await create.send(create.freeze('A-ORDERFAIL', payload()));
    const other = create.freeze('A-ORDERFAIL', payload({ itemList: [{ sku: 'MUG-350', quantity: 1 }] }));
    expect(await create.lookUp?.('A-ORDERFAIL', other)).toMatchObject({ kind: 'found', isSame: false });
    expect(count(sandbox, /retry/)).toBe(0);
  });

  it.each([
    ['garbage', 'AMBIGUOUS', undefined],
    ['500', 'AMBIGUOUS', undefined],
    ['503', 'AMBIGUOUS', undefined],
    ['429:3', 'RETRY_LATER', 3000],
    ['429', 'RETRY_LATER', undefined],
  ])('survive the fault %s', async (fault, expected, wait) => {
    const { create } = await connect();
    const outcome = await create.send(withFault(create.freeze('SO-1', payload()), fault));
    expect([outcome.class, outcome.retryAfterMs]).toEqual([expected, wait]);
  });

  it('come back with the field that is wrong', async () => {
    const { submit } = await connect();
    const outcome = await submit('order.create', 'SO-1', payload({ locationExternalId: 'STORE-999' }));
    expect(outcome.class).toBe('FIX_DATA');
    expect(outcome.messages[0]).toMatchObject({ field: 'locationExternalId' });
  });

  it('can be changed and cancelled as long as the provider lets them', async () => {
    const { submit, sandbox } = await connect();
    const address = { deliveryAddress: { street1: '5 Pier Road', postalCode: '43215' } };
    expect((await submit('order.cancel', 'SO-1', null)).class).toBe('NOT_FOUND');
    for (const key of ['SO-1', 'SO-2', 'SO-3']) await submit('order.create', key, payload());
    expect((await submit('order.change', 'SO-1', address)).class).toBe('ACCEPTED');
    const email = { deliveryContact: { name: 'Mina', phone: '1', email: 'other@example.test' } };
    expect((await submit('order.change', 'SO-1', email)).class).toBe('TOO_LATE');
    expect((await submit('order.cancel', 'SO-2', null)).class).toBe('ACCEPTED');
    expect((await submit('order.cancel', 'SO-2', null)).class).toBe('ACCEPTED');
    sandbox.advance(15 * MINUTE);
    expect((await submit('order.cancel', 'SO-3', null)).class).toBe('TOO_LATE');
    sandbox.advance(15 * MINUTE);
    expect((await submit('order.cancel', 'SO-3', null)).class).toBe('TOO_LATE');
    expect((await submit('order.change', 'SO-1', address)).class).toBe('TOO_LATE');
    expect((await submit('order.retry', 'SO-1', null)).class).toBe('TOO_LATE');
  });
});

describe('the token of Shipping Order', () => {
  it('is asked for once, and again after it was revoked', async () => {
    const { submit, sandbox } = await connect();
    for (const key of ['SO-1', 'SO-2']) expect((await submit('order.create', key, payload())).class).toBe('ACCEPTED');
    expect(count(sandbox, /token$/)).toBe(1);
    await force(sandbox, { provider: 'ds', kind: 'tokens', id: '', state: 'revoked' });
    expect((await submit('order.create', 'SO-3', payload())).class).toBe('ACCEPTED');
    expect(count(sandbox, /token$/)).toBe(2);
    expect(count(sandbox, /POST .*\/shipments$/)).toBe(4);
  });

  it('is not given for a wrong secret, and nothing is sent', async () => {
    const { submit, sandbox } = await connect({}, { clientSecret: 'wrong' });
    expect((await submit('order.create', 'SO-1', payload())).class).toBe('FIX_CREDENTIALS');
    expect(count(sandbox, /shipments/)).toBe(0);
  });
});

describe('changes of orders', () => {
  const ids = ['A', 'B', 'C', 'D-UNDELIVERABLE', 'E'];

  it.each([
    ['oldest', 'null'],
    ['newest', 'absent'],
  ] as const)('are read page by page (%s first, last token %s)', async (listOrder, lastPageToken) => {
    const { provider, submit, sandbox } = await connect({
      switches: { ds: { listPageSize: 2, listOrder, lastPageToken } },
    });
    for (const id of ids) await submit('order.create', id, payload());
    sandbox.advance(7 * HOUR);
    const feed = feedOf(provider, 'order-changes');
    const window = { fromMs: START, untilMs: START + 30 * DAY };
    const items: FeedItem[] = [];
    let pages = 0;
    for (let cursor: string | undefined = feed.start; cursor !== undefined; pages++) {
      const page: Awaited<ReturnType<typeof feed.readPage>> = await feed.readPage(cursor, undefined, { window });
      items.push(...page.items);
      cursor = page.next;
    }
    expect(pages).toBe(3);
    expect(new Set(items.map(({ documentKey }) => documentKey))).toEqual(new Set(ids));
    expect(items).toHaveLength(ids.length);
    expect(new Set(items.map(({ identity }) => identity)).size).toBe(5);
    expect(items.every(({ timeMs }) => timeMs === START + 6 * HOUR)).toBe(true);
    const histories = items.map(({ body }) => parseExact(body) as JsonObject).filter((item) => 'history' in item);
    expect(histories).toMatchObject([{ orderExternalId: 'D-UNDELIVERABLE', history: [{ orderStatus: {} }] }]);
    expect(count(sandbox, /status-history/)).toBe(1);
  });

  it('begin anew when the provider has forgotten a page', async () => {
    const { provider, submit, sandbox } = await connect({ switches: { ds: { listPageSize: 2 } } });
    for (const id of ids) await submit('order.create', id, payload());
    const feed = feedOf(provider, 'order-changes');
    const context = { window: { fromMs: START, untilMs: START + DAY } };
    const { next } = await feed.readPage(feed.start, undefined, context);
    sandbox.advance(5 * MINUTE);
    await expect(feed.readPage(next ?? '', undefined, context)).rejects.toMatchObject({ code: 'snapshot-expired' });
  });
});
