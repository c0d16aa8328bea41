import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { creates, providerCases, providerConfig } from '../support/provider-cases.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow, type Workspace } from '../support/workspace.ts';

type Row = Readonly<Record<string, string>>;

const provider = providerCases.find(({ name }) => name === 'ds');
if (provider === undefined) throw new Error('no case for ds');
const GENERAL = 'The estimated fee may change';
const AREA = 'Postal code 45402 was not found in this city';

describe('warnings with which a provider accepts an order', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;

  const open = async (warningsAs: 'objects' | 'texts' | 'errors'): Promise<void> => {
    sandbox = await startFixedSandbox({ switches: { ds: { requestsPerSecond: 0, warningsAs } } });
    const mapping = join(repository, 'mappings/ds/order.yaml');
    workspace = await createWorkspace({
      ledger: 'data/dray.db',
      folders: { erp: { path: 'erp' } },
      providers: { ds: providerConfig(provider, sandbox) },
      inbound: {
        orders: inboundFlow('orders', mapping, provider.operation, {
          submit: { provider: 'ds', operation: provider.operation },
        }),
      },
    });
  };
  beforeEach(() => open('objects'));
  afterEach(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  const put = (name: string, ...rows: string[]): Promise<string> =>
    workspace.put(`erp/orders/in/${name}`, [provider.header, ...rows, ''].join('\n'));
  const results = async (name: string): Promise<readonly Row[]> =>
    parse(await workspace.read(`erp/orders/results/${name}.result.csv`), { columns: true });
  const run = async (): Promise<number | null> => (await workspace.run(['run', '--once'])).code;

  test('stand in the line of that order, at the cell they are about, and nothing is refused', async () => {
    await put('a.csv', provider.order('S1'), provider.order('S2-WARN'), provider.order('S3'));
    expect(await run()).toBe(0);
    const [first, warned, third] = await results('a');
    expect(warned).toMatchObject({
      key: 'S2-WARN',
      line: '3',
      status: 'accepted',
      code: 'provider-notice',
      column: 'Zip',
      value: '45402',
      message: `the provider says: ${AREA}; got "45402". | line 3: the provider says: ${GENERAL}.`,
    });
    for (const other of [first, third]) expect(other).toMatchObject({ status: 'accepted', code: '', message: '' });
    expect(await workspace.names('erp/orders/results')).toEqual(['a.result.csv']);
    const [status] = jsonLines((await workspace.run(['status', '--json'])).stdout);
    expect(status).toMatchObject({ event: 'status', balanced: true });
  });

  test.each(['texts', 'errors'] as const)('are told as well when they come as %s', async (form) => {
    await sandbox.close();
    await workspace.remove();
    await open(form);
    await put('a.csv', provider.order('S2-WARN'));
    expect(await run()).toBe(0);
    const [warned] = await results('a');
    expect(warned).toMatchObject({ status: 'accepted', code: 'provider-notice' });
    expect(warned?.['message']).toContain(AREA);
    expect(warned?.['message']).toContain(GENERAL);
  });

  test('are kept: the book tells them long after the answer, and of a repeated order too', async () => {
    await put('a.csv', provider.order('S2-WARN'));
    expect(await run()).toBe(0);
    const shown = await workspace.run(['status', 'S2-WARN', '--json']);
    expect(shown.stdout).toContain('provider-notice');
    expect(shown.stdout).toContain(GENERAL);
    await put('b.csv', provider.order('S2-WARN'));
    expect(await run()).toBe(0);
    const [again] = await results('b');
    expect(again?.['status']).toBe('already-received');
    expect(creates(provider, sandbox)).toHaveLength(1);
  });

  test('are bounded in number and length', async () => {
    const warnings = Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(5000)}`);
    await addFault(
      sandbox,
      { provider: 'ds', method: 'POST', pathPattern: 'shipments$', times: 1 },
      { status: 201, body: JSON.stringify({ id: 'R-1', warnings }), contentType: 'application/json' },
    );
    await put('a.csv', provider.order('S1'));
    expect(await run()).toBe(0);
    const [row] = await results('a');
    expect(row?.['status']).toBe('accepted');
    expect(row?.['message']?.match(/the provider says/g)).toHaveLength(20);
    expect(row?.['message']?.length).toBeLessThan(25_000);
  });
});
