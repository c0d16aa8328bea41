import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines } from '../support/dray.ts';
import { creates, ordersAt, providerCases, providerConfig } from '../support/provider-cases.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow, type Workspace } from '../support/workspace.ts';
import { repository } from '../support/dray.ts';
import { join } from 'node:path';

/** A row of a result file. */
type Row = Readonly<Record<string, string>>;

describe.each(providerCases)('orders to $name', (provider) => {
  let sandbox: Sandbox;
  let workspace: Workspace;

  const open = async (more: object = {}): Promise<void> => {
    workspace = await createWorkspace({
      ledger: 'data/dray.db',
      folders: { erp: { path: 'erp' } },
      providers: { [provider.name]: providerConfig(provider, sandbox, more) },
      inbound: {
        orders: inboundFlow('orders', join(repository, `mappings/${provider.name}/order.yaml`), provider.operation, {
          submit: { provider: provider.name, operation: provider.operation },
        }),
      },
    });
  };

  beforeEach(async () => {
    sandbox = await startFixedSandbox();
    await open();
  });
  afterEach(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  const put = (name: string, ...rows: string[]): Promise<string> =>
    workspace.put(`erp/orders/in/${name}`, [provider.header, ...rows, ''].join('\n'));
  const results = async (name: string): Promise<readonly Row[]> =>
    parse(await workspace.read(`erp/orders/results/${name}.result.csv`), { columns: true });
  const faulty = (action: object, times: number, more: object = {}): Promise<void> =>
    addFault(
      sandbox,
      {
        provider: provider.name,
        pathPattern: provider.create.path.source.slice(1),
        method: provider.create.method,
        times,
        ...more,
      },
      action,
    );
  const run = async (): Promise<number | null> => (await workspace.run(['run', '--once'])).code;

  /** One record, and every request for it the same, byte by byte. */
  const expectOne = async (key: string, requests: number): Promise<void> => {
    expect(await ordersAt(provider, sandbox)).toEqual([key]);
    const sent = creates(provider, sandbox);
    expect(sent).toHaveLength(requests);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect(new Set(sent.map((entry) => provider.key(entry))).size).toBe(1);
  };

  test('1: 429 with Retry-After, twice: waits that long, one record', async () => {
    await faulty({ status: 429, headers: { 'retry-after': '3' } }, 2);
    await put('a.csv', provider.order('S1'));
    const startedAt = Date.now();
    expect(await run()).toBe(0);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(6000);
    await expectOne('S1', 3);
  }, 60_000);

  test('2: 429 without a time: tried again, one record', async () => {
    await faulty({ status: 429 }, 3);
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    await expectOne('S1', 4);
  });

  test('3: 503 five times, then success: one record and nothing refused', async () => {
    await faulty({ status: 503 }, 5);
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1']);
    expect((await results('a')).map(({ status }) => status)).toEqual(['accepted']);
    expect(await workspace.names('erp/orders/results')).toEqual(['a.result.csv']);
  });

  test('4: the answer to a create is lost after it was carried out: one record', async () => {
    await faulty({ drop: 'after-commit' }, 1);
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1']);
    expect((await results('a')).map(({ status }) => status)).toEqual(['accepted']);
    expect(new Set(creates(provider, sandbox).map(({ body }) => body)).size).toBe(1);
  });

  test('5: the connection breaks before anything was carried out: one record', async () => {
    await faulty({ drop: 'before-commit' }, 1);
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    await expectOne('S1', 2);
  });

  test('6: a token that is over in the middle', async () => {
    await faulty({ status: 401 }, provider.renews ? 1 : 100, { nth: 2 });
    await put('a.csv', provider.order('S1'), provider.order('S2'), provider.order('S3'));
    const code = await run();
    if (provider.renews) {
      expect(code).toBe(0);
      expect(await ordersAt(provider, sandbox)).toEqual(['S1', 'S2', 'S3']);
      return;
    }
    // Nothing renews it: the lane stands still, keeps its work, and goes on once the settings are mended.
    expect(code).toBe(3);
    const [status] = jsonLines((await workspace.run(['status', '--json'])).stdout);
    expect(status).toMatchObject({ event: 'status', balanced: true });
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    expect(await run()).toBe(0);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1', 'S2', 'S3']);
  });

  test('8: a refusal of one field: a row with line, field and the words of the provider; the others go on', async () => {
    const { refusal } = provider;
    await faulty({ status: refusal.status, body: JSON.stringify(refusal.body), contentType: 'application/json' }, 1, {
      bodyContains: 'BAD1',
    });
    // CTL has the number in the address alone.
    await put('a.csv', provider.order('S1'), provider.order('BAD1', '7'), provider.order('S2'));
    if (provider.name === 'ctl') {
      await addFault(
        sandbox,
        { provider: 'ctl', pathPattern: 'BAD1$', method: 'PUT', times: 1 },
        { status: refusal.status, body: JSON.stringify(refusal.body) },
      );
    }
    expect(await run()).toBe(1);
    const rows = await results('a');
    expect(rows.map(({ key, status }) => [key, status])).toEqual([
      ['S1', 'accepted'],
      ['BAD1', 'rejected'],
      ['S2', 'accepted'],
    ]);
    expect(rows[1]).toMatchObject({ line: '3', code: 'refused-by-provider', column: refusal.column });
    expect(rows[1]?.['message']).toContain(refusal.text);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1', 'S2']);
  });

  test('9: a known number with other content: refused, and nothing is overwritten', async () => {
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    await put('b.csv', provider.order('S1', '9'));
    expect(await run()).toBe(1);
    expect((await results('b')).map(({ status, code }) => [status, code])).toEqual([['rejected', 'key-reused']]);
    await expectOne('S1', 1);
  });

  test('9: a number the provider knows from somebody else: refused as taken', async () => {
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    await workspace.remove();
    await open();
    await put('b.csv', provider.order('S1', '9'));
    expect(await run()).toBe(1);
    expect((await results('b')).map(({ status, code }) => [status, code])).toEqual([['rejected', 'key-in-use']]);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1']);
  });

  test.each([
    ['a page in HTML', { body: '<html>Welcome</html>', contentType: 'text/html' }],
    ['half an answer', { truncateAt: 5 }],
    ['a connection that breaks within the answer', { drop: 'mid-body' }],
  ])('10: a success that answers with %s: looked up, one record', async (_name, action) => {
    await faulty(action, 1);
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    expect(await ordersAt(provider, sandbox)).toEqual(['S1']);
    expect((await results('a')).map(({ status }) => status)).toEqual(['accepted']);
  });
});
