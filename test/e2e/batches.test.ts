import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow, type Workspace } from '../support/workspace.ts';

type Row = Readonly<Record<string, string>>;

const HEADER = 'SKU,Description,Serialized,Active';
const BULK = /\/v2\/products\/bulk$/;
const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `P-${String(index).padStart(4, '0')}`);
const row = (part: string): string => `${part},"Part, ""${part}""",N,Y`;

describe('products in requests of many', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;

  beforeEach(async () => {
    sandbox = await startFixedSandbox();
    const mapping = join(repository, 'mappings/choice/product.yaml');
    workspace = await createWorkspace({
      ledger: 'data/dray.db',
      folders: { erp: { path: 'erp' } },
      providers: {
        choice: {
          definition: join(repository, 'mappings/choice/provider.yaml'),
          baseUrl: `${sandbox.url}/choice`,
          settings: { clientId: 'demo', clientSecret: 'demo-secret' },
          limits: { rate: '1000/s' },
          retry: { base: '20ms', cap: '200ms' },
        },
      },
      inbound: {
        products: inboundFlow('products', mapping, 'product.upsert', {
          submit: { provider: 'choice', operation: 'product.upsert' },
        }),
      },
    });
  });
  afterEach(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  const put = (name: string, rows: readonly string[]): Promise<string> =>
    workspace.put(`erp/products/in/${name}`, [HEADER, ...rows, ''].join('\n'));
  const results = async (name: string): Promise<readonly Row[]> =>
    parse(await workspace.read(`erp/products/results/${name}.result.csv`), { columns: true });
  const run = async (): Promise<number | null> => (await workspace.run(['run', '--once'])).code;
  const faulty = (action: object, match: object = {}): Promise<void> =>
    addFault(sandbox, { provider: 'choice', pathPattern: 'products/bulk', times: 1, ...match }, action);
  /** The products of each request, as text. */
  const sent = (): string[][] =>
    sentTo(sandbox, 'POST', BULK).map(({ body }) =>
      (JSON.parse(body) as { products: unknown[] }).products.map((product) => JSON.stringify(product)),
    );
  /** Largest first: requests that are under way together arrive in any order. */
  const sizes = (): number[] =>
    sent()
      .map(({ length }) => length)
      .sort((one, other) => other - one);
  const count = (rows: readonly Row[]): Record<string, number> =>
    Object.fromEntries(
      [...new Set(rows.map(({ status = '' }) => status))].map((status) => [
        status,
        rows.filter((one) => one['status'] === status).length,
      ]),
    );
  const expectBalanced = async (): Promise<void> => {
    const [status] = jsonLines((await workspace.run(['status', '--json'])).stdout);
    expect(status).toMatchObject({ event: 'status', balanced: true });
  };

  test('1,200 products are three requests, the one that is refused comes back alone, and mended it is one more', async () => {
    const parts = numbers(1199);
    await put('all.csv', [
      ...parts.slice(0, 700).map(row),
      'FAN-TRAY-2U,Fan tray 2U,Y,Y',
      ...parts.slice(700).map(row),
    ]);
    expect(await run()).toBe(1);
    expect(sizes()).toEqual([500, 500, 200]);
    expect(new Set(sent().flat()).size).toBe(1200);
    const rows = await results('all');
    expect(rows.map(({ key }) => key)).toEqual([...parts.slice(0, 700), 'FAN-TRAY-2U', ...parts.slice(700)]);
    expect(count(rows)).toEqual({ accepted: 1199, rejected: 1 });
    expect(rows[0]).toMatchObject({ key: 'P-0000', status: 'accepted', reference: 'P-0000', message: '' });
    expect(rows[700]).toMatchObject({
      line: '702',
      key: 'FAN-TRAY-2U',
      code: 'refused-by-provider',
      column: 'Serialized',
      value: 'Y',
      message: 'the provider says: serialized cannot change while part FAN-TRAY-2U is in stock; got "Y".',
    });
    const sheet = await workspace.read('erp/products/results/all.rejected.csv');
    expect(sheet.trimEnd().split('\n')).toHaveLength(2);
    await workspace.put('erp/products/in/mended.csv', sheet.replace('Fan tray 2U,Y,Y', 'Fan tray 2U,N,Y'));
    expect(await run()).toBe(0);
    expect(sizes()).toEqual([500, 500, 200, 1]);
    expect(count(await results('mended'))).toEqual({ accepted: 1 });
    await expectBalanced();
  }, 60_000);

  test('an answer that is lost: the same products go again, word for word, and each is told once', async () => {
    await faulty({ drop: 'after-commit' });
    const parts = numbers(60);
    await put('all.csv', parts.map(row));
    expect(await run()).toBe(0);
    const [first = [], ...again] = sent();
    expect(first).toHaveLength(60);
    expect(again.flat()).toEqual(first);
    expect(count(await results('all'))).toEqual({ accepted: 60 });
    await expectBalanced();
  }, 60_000);

  test('a provider that is away for a moment: later again, in smaller requests', async () => {
    await faulty({ status: 503, headers: { 'retry-after': '1' } });
    await put('all.csv', numbers(400).map(row));
    expect(await run()).toBe(0);
    expect(new Set(sent().flat()).size).toBe(400);
    expect(sizes()).toEqual([400, 250, 150]);
    expect(count(await results('all'))).toEqual({ accepted: 400 });
  }, 60_000);

  test('a request that is refused as a whole refuses the one that is to blame', async () => {
    const refusal = { code: 'VALIDATION_ERROR', message: 'the catalogue is closed for a part' };
    const action = { status: 422, body: JSON.stringify(refusal), contentType: 'application/json' };
    await faulty(action, { bodyContains: '"P-0007"', times: 100 });
    await put('all.csv', numbers(100).map(row));
    expect(await run()).toBe(1);
    const rows = await results('all');
    expect(count(rows)).toEqual({ accepted: 99, rejected: 1 });
    expect(rows[7]).toMatchObject({ key: 'P-0007', status: 'rejected', code: 'refused-by-provider' });
    expect(rows[7]?.['message']).toContain('the catalogue is closed for a part');
    // Each of them was taken once, by the request that was not refused.
    const taken = sentTo(sandbox, 'POST', BULK).filter(({ status }) => status === 200);
    expect(taken.flatMap(({ body }) => (JSON.parse(body) as { products: unknown[] }).products)).toHaveLength(99);
    expect(sent().length).toBeLessThanOrEqual(20);
    await expectBalanced();
  }, 60_000);

  test('a provider that takes fewer than its definition says gets fewer', async () => {
    const response = await fetch(`${sandbox.url}/__admin/switches`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ choice: { bulkMaxItems: 100 } }),
    });
    expect(response.ok).toBe(true);
    await put('all.csv', numbers(300).map(row));
    expect(await run()).toBe(0);
    expect(count(await results('all'))).toEqual({ accepted: 300 });
    const taken = sentTo(sandbox, 'POST', BULK).filter(({ status }) => status === 200);
    expect(taken.length).toBeLessThanOrEqual(6);
  }, 60_000);

  test('a program that dies over a request: nothing is lost, and nothing but the same is sent again', async () => {
    await faulty({ drop: 'after-commit', hang: true }, { times: 4 });
    const parts = numbers(1200);
    await put('all.csv', parts.map(row));
    const { child, finished } = workspace.start(['run', '--once']);
    while (sent().length < 3) await delay(20);
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
    expect(sizes()).toEqual([500, 500, 200]);
    expect(await workspace.names('erp/products/results')).toEqual([]);
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    expect(await run()).toBe(0);
    expect(sent().slice(3).flat().sort()).toEqual(sent().slice(0, 3).flat().sort());
    expect(count(await results('all'))).toEqual({ accepted: 1200 });
    await expectBalanced();
  }, 120_000);
});
