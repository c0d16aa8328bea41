import { cp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow, type Workspace } from '../support/workspace.ts';

const samples = join(repository, 'samples');
const DAY_MS = 86_400_000;

/** The shipped configuration with its folders in a workspace, and a sandbox whose clock the test owns. */
async function shippedConfig(baseUrl: string): Promise<Record<string, unknown>> {
  const config = parse(await readFile(join(repository, 'config.yaml'), 'utf8')) as Record<
    string,
    Record<string, Record<string, unknown>>
  >;
  const absolute = (entry: Record<string, unknown>): Record<string, unknown> => ({
    ...entry,
    mapping: join(repository, String(entry['mapping'])),
  });
  const mapped = (flows: object, change: (entry: Record<string, unknown>) => object): object =>
    Object.fromEntries(Object.entries(flows).map(([name, entry]) => [name, change(entry as Record<string, unknown>)]));
  return {
    ...config,
    folders: { erp: { path: 'erp' } },
    providers: mapped(config['providers'] ?? {}, (entry) => ({
      ...entry,
      definition: join(repository, String(entry['definition'])),
      baseUrl,
      // One after another: what the warehouse numbers is numbered in the order of the file.
      limits: { rate: '1000/s', concurrency: 1 },
    })),
    inbound: {
      ...mapped(config['inbound'] ?? {}, (entry) => ({ ...absolute(entry), quiet: '50ms' })),
      'sap-orders': inboundFlow('sap', join(samples, '06-sap-bikes/sales-order.yaml'), 'order.create', {
        pick: 'sap/in/SalesOrders*.csv',
      }),
    },
    outbound: mapped(config['outbound'] ?? {}, absolute),
  };
}

describe('the samples', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;

  beforeAll(async () => {
    sandbox = await startFixedSandbox();
    workspace = await createWorkspace(await shippedConfig(`${sandbox.url}/ctl`));
  });
  afterAll(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  async function dropSample(sample: string, into: string): Promise<void> {
    for (const name of await readdir(join(samples, sample))) {
      if (name.endsWith('.csv')) await cp(join(samples, sample, name), workspace.path('erp', into, name));
    }
  }

  /** Compares every file of a directory with its golden; answers the goldens it found a file for. */
  async function compare(sample: string, from: string): Promise<string[]> {
    const compared: string[] = [];
    for (const name of await workspace.names(join('erp', from))) {
      // File names carry the day of the run; the goldens do not.
      const golden = name.replace(/_\d{8}_/, '_yyyyMMdd_');
      compared.push(golden);
      await expect(await workspace.read(join('erp', from, name))).toMatchFileSnapshot(
        join(samples, sample, 'expected', golden),
      );
    }
    return compared;
  }

  async function goldens(sample: string): Promise<string[]> {
    return (await readdir(join(samples, sample, 'expected'))).sort();
  }

  /** Drops a sample, and compares requests, results and reject sheets with its goldens. */
  async function check(sample: string, flow: string, path: RegExp, code: number): Promise<void> {
    await dropSample(sample, `${flow}/in`);
    const run = await workspace.run(['run', '--once']);
    expect(run.stderr.split('\n').filter((line) => line.includes('"level":50'))).toEqual([]);
    expect(run.code).toBe(code);
    const requests = sentTo(sandbox, 'PUT', path).map((sent) => `PUT ${sent.path}\n${sent.body}\n→ ${sent.status}\n`);
    await expect(requests.sort().join('\n')).toMatchFileSnapshot(join(samples, sample, 'expected/requests.txt'));
    const compared = await compare(sample, `${flow}/results`);
    expect([...compared, 'requests.txt'].sort()).toEqual(await goldens(sample));
    expect(await workspace.names(`erp/${flow}/in`)).toEqual([]);
    expect(await workspace.names(`erp/${flow}/done`)).toEqual(
      (await readdir(join(samples, sample))).filter((name) => name.endsWith('.csv')),
    );
  }

  test.each([
    ['01-orders', 'orders', /Orders\//, 1],
    ['02-purchase-orders', 'purchase-orders', /PurchaseOrders\//, 0],
    ['03-asns', 'asns', /ASNs\//, 0],
    ['04-products', 'products', /ProductChanges\//, 0],
    ['07-order-changes', 'order-changes', /Orders\/[^/]+\//, 1],
  ] as const)('%s gives the expected requests, results and reject sheets', check);

  test('05-ship-confirmations-receipts-inventory come back once the warehouse has worked', async () => {
    sandbox.advance(3 * DAY_MS);
    const before = new Set(await workspace.names('erp/inventory'));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    const sample = '05-ship-confirmations-receipts-inventory';
    const compared = ['INVENTORY.csv', 'MOVEMENTS.csv'];
    for (const directory of ['shipconf', 'receipts']) compared.push(...(await compare(sample, directory)));
    const [results = ''] = (await workspace.names('erp/products')).filter((name) => name.startsWith('PRODUCT_RESULT'));
    const product = 'PRODUCT_RESULT_yyyyMMdd_000001.csv';
    const file = join(samples, sample, 'expected', product);
    await expect(await workspace.read(join('erp/products', results))).toMatchFileSnapshot(file);
    expect([...compared, product, 'RETURN_yyyyMMdd_000001.csv'].sort()).toEqual(await goldens(sample));
    const added = (await workspace.names('erp/inventory')).filter((name) => !before.has(name));
    expect(added.map((name) => name.replace(/_\d.*/, ''))).toEqual(['INVENTORY', 'MOVEMENTS']);
    for (const name of added) {
      const golden = `${name.replace(/_\d.*/, '')}.csv`;
      await expect(await workspace.read(join('erp/inventory', name))).toMatchFileSnapshot(
        join(samples, sample, 'expected', golden),
      );
    }
  });

  test('08-purchase-order-closes ends what nothing more comes of', () =>
    check('08-purchase-order-closes', 'purchase-order-closes', /PurchaseOrders\/[^/]+\/close/, 1));

  test('06-sap-bikes: headers, items, partners and addresses of a real export become 334 orders', async () => {
    await dropSample('06-sap-bikes', 'sap/in');
    const run = await workspace.run(['run', '--once']);
    expect(run.code).toBe(0);
    const sent = sentTo(sandbox, 'PUT', /Orders\/05/);
    expect(sent.map(({ status }) => status)).toEqual(Array.from({ length: 334 }, () => 201));
    const bodies = sent.map(({ body }) => JSON.parse(body) as { Items: { Quantity: number }[] });
    // Figures of the export itself: 1930 order lines, 10663 pieces.
    expect(bodies.flatMap(({ Items }) => Items)).toHaveLength(1930);
    expect(bodies.flatMap(({ Items }) => Items).reduce((sum, { Quantity }) => sum + Quantity, 0)).toBe(10663);
    await expect(sent.find(({ path }) => basename(path) === '0500000000')?.body).toMatchFileSnapshot(
      join(samples, '06-sap-bikes/expected/0500000000.json'),
    );
    expect(await workspace.names('erp/sap/done')).toEqual([
      'Addresses.csv',
      'BusinessPartners.csv',
      'SalesOrderItems.csv',
      'SalesOrders.csv',
    ]);
    const result = (await workspace.read('erp/sap/results/SalesOrders.result.csv')).trim().split('\r\n');
    expect(result).toHaveLength(335);
  });

  test('what customers send back comes as returns', async () => {
    const ctl = { returnEvery: 1, splitEvery: 0, lateEvery: 0 };
    const other = await startFixedSandbox({ switches: { ctl } });
    const place = await createWorkspace(await shippedConfig(`${other.url}/ctl`));
    try {
      await cp(join(samples, '01-orders/orders.csv'), place.path('erp/orders/in/orders.csv'));
      await place.run(['run', '--once']);
      other.advance(30 * DAY_MS);
      expect((await place.run(['run', '--once'])).code).toBe(0);
      const [name = ''] = await place.names('erp/returns');
      const golden = join(samples, '05-ship-confirmations-receipts-inventory/expected/RETURN_yyyyMMdd_000001.csv');
      await expect(await place.read(join('erp/returns', name))).toMatchFileSnapshot(golden);
    } finally {
      await other.close();
      await place.remove();
    }
  });

  test('the books balance after all of them', async () => {
    const status = await workspace.run(['status', '--json']);
    const [overview] = jsonLines(status.stdout);
    expect(overview).toMatchObject({ event: 'status', balanced: true, isRunning: false });
  });
});
