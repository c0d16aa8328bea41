import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, repository, runDray, type Finished } from '../support/dray.ts';
import { readTrace, runVictim, type KillPoint } from '../support/kill/victim.ts';
import {
  shipmentMapping,
  startFeedProvider,
  stockMapping,
  writeOutboundProject,
  type FeedProvider,
} from '../support/outbound-provider.ts';

const csv = { format: 'csv', lineEnd: 'lf', records: { trailer: ['T', '{rows}', '{sum:Qty}'] } };
const flows = {
  orders: {
    feed: 'shipments',
    flow: { per: 'document', file: 'out/{document}_{seq:3}.csv', marker: '{name}.ok' },
    mapping: { ...shipmentMapping, write: csv },
  },
  stock: {
    feed: 'stock',
    flow: { file: 'stock/STOCK.csv', replace: 'archive', marker: '{stem}.ok' },
    mapping: { ...stockMapping, write: { format: 'csv', lineEnd: 'lf' } },
  },
} as const;

const shipment = (Id: number, Order: string, Qty: string) => ({ Id, Order, Sku: `S${Id}`, Name: 'x', Qty });

describe('files that go back', () => {
  let provider: FeedProvider;
  /** After a first run; copied for each test. */
  let base: string;
  const made: string[] = [];

  async function copy(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'dray-outbound-'));
    made.push(directory);
    await cp(base, directory, { recursive: true });
    return directory;
  }
  const run = (directory: string, ...argv: string[]): Promise<Finished> =>
    runDray(['--config', join(directory, 'config.yaml'), ...argv], { cwd: directory });

  beforeAll(async () => {
    provider = await startFeedProvider();
    base = await mkdtemp(join(tmpdir(), 'dray-outbound-'));
    made.push(base);
    await writeOutboundProject(base, provider.url, flows);
    provider.shipments = [shipment(1, 'PO-1', '1.5'), shipment(2, 'PO-2', '2')];
    provider.stock = [{ Sku: 'A', OnHand: '1' }];
    expect((await run(base, 'run', '--once')).code).toBe(0);
    provider.shipments = [...provider.shipments, shipment(3, 'PO-1', '3'), shipment(4, 'PO-3', '4')];
    provider.stock = [{ Sku: 'A', OnHand: '2' }];
  });
  afterAll(async () => {
    await provider.close();
    for (const directory of made) await rm(directory, { recursive: true, force: true });
  });

  test('are told by status, written again, and collected again into a file of their own', async () => {
    const directory = await copy();
    const status = jsonLines((await run(directory, 'status', '--json')).stdout).filter(
      ({ event }) => event === 'outbound',
    );
    expect(status).toMatchObject([
      { flow: 'orders', cursor: '3', lastFile: 'out/PO-2_002.csv', lastFileState: 'published', items: 0, incidents: 0 },
      { flow: 'stock', lastFile: 'stock/STOCK.csv', sequence: 1 },
    ]);
    const path = join(directory, 'erp/out/PO-1_001.csv');
    const bytes = await readFile(path, 'utf8');
    expect(bytes).toBe('Order,Sku,Name,Qty\nPO-1,S1,x,1.5\nT,1,1.5\n');
    await rm(path);
    expect((await run(directory, 'ledger', 'rewrite', 'PO-1_001.csv')).code).toBe(0);
    const recollect = await run(directory, 'ledger', 'recollect', 'orders', '--from', '2');
    expect([recollect.code, jsonLines(recollect.stdout)]).toEqual([
      0,
      [{ event: 'recollecting', flow: 'orders', from: '2' }],
    ]);
    expect((await run(directory, 'run', '--once')).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(bytes);
    const again = (await readdir(join(directory, 'erp/out'))).filter((name) => name.startsWith('none'));
    expect(again).toEqual(['none_005.csv', 'none_005.csv.ok']);
    expect(await readFile(join(directory, 'erp/out/none_005.csv'), 'utf8')).toBe(
      'Order,Sku,Name,Qty\nPO-2,S2,x,2\nPO-1,S3,x,3\nPO-3,S4,x,4\nT,3,9\n',
    );
    const refused = await run(directory, 'ledger', 'recollect', 'stock', '--from', '2');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('a snapshot has no cursor')]);
    expect((await run(directory, 'ledger', 'rewrite', 'nothing.csv')).code).toBe(2);
  });

  test('that were replaced under their name are not written again, the newest is', { timeout: 120_000 }, async () => {
    const directory = await copy();
    const stock = async (): Promise<string> => readFile(join(directory, 'erp/stock/STOCK.csv'), 'utf8');
    const listed = jsonLines((await run(directory, 'ledger', 'list', 'files')).stdout);
    const first = String(listed.find(({ flow }) => flow === 'stock')?.id);
    expect((await run(directory, 'run', '--once')).code).toBe(0);
    const refused = await run(directory, 'ledger', 'rewrite', first);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/later file.*dray ledger rewrite \d+/)]);
    await rm(join(directory, 'erp/stock/STOCK.csv'));
    const newest = /dray ledger rewrite (\d+)/.exec(refused.stderr)?.[1] ?? '';
    expect((await run(directory, 'ledger', 'rewrite', newest)).code).toBe(0);
    expect((await run(directory, 'run', '--once')).code).toBe(0);
    expect(await stock()).toContain('A,2');
    // What somebody else put under its name stops the flow, and is told.
    await writeFile(join(directory, 'erp/stock/STOCK.csv'), 'other');
    expect((await run(directory, 'ledger', 'rewrite', 'STOCK.csv')).code).toBe(0);
    const stuck = await run(directory, 'run', '--once');
    expect([stuck.code, stuck.stderr]).toEqual([3, expect.stringContaining('stock/STOCK.csv')]);
  });

  test('that wait until their reader takes the one before are named, and nothing is wrong', async () => {
    const directory = await copy();
    const config = join(directory, 'config.yaml');
    const text = await readFile(config, 'utf8');
    expect(text).toContain('archive');
    await writeFile(config, text.replace(/(["']?replace["']?: *["']?)archive/, '$1wait'));
    const finished = await run(directory, 'run', '--once', '--log', 'silent');
    expect([finished.code, finished.stderr]).toEqual([
      0,
      expect.stringContaining('not taken: stock/STOCK.csv: 1 file of stock can go out when its reader has taken it'),
    ]);
    expect(jsonLines(finished.stdout).at(-1)).toMatchObject({ event: 'end', left: 0, troubles: 0 });
  });

  test(
    'are each there once, whole, with their markers, wherever the process is killed',
    { timeout: 120_000 },
    async () => {
      const traced = await copy();
      const steps = join(traced, 'steps');
      const argv = (directory: string): string[] => [
        '--config',
        join(directory, 'config.yaml'),
        'run',
        '--once',
        '--log',
        'silent',
      ];
      await runVictim(argv(traced), { tree: repository, cwd: traced, trace: steps });
      expect(await violations(traced)).toEqual([]);
      const points = pointsOf(await readTrace(steps));
      expect(points.length).toBeGreaterThanOrEqual(10);
      const queue = points.values();
      const found: string[] = [];
      let kills = 0;
      const work = async (): Promise<void> => {
        for (const at of queue) {
          const directory = await copy();
          const killed = await runVictim(argv(directory), { tree: repository, cwd: directory, at });
          if (killed.signal === 'SIGKILL') kills++;
          await runVictim(argv(directory), { tree: repository, cwd: directory });
          for (const violation of await violations(directory)) found.push(`${at.step} ${at.side}: ${violation}`);
        }
      };
      await Promise.all([work(), work()]);
      expect(found).toEqual([]);
      expect(kills).toBe(points.length);
    },
  );

  /** What is not as it has to be once everything is delivered. */
  async function violations(directory: string): Promise<string[]> {
    const out = (await readdir(join(directory, 'erp/out'))).sort();
    const rows: string[] = [];
    for (const name of out.filter((one) => one.endsWith('.csv')))
      rows.push(
        ...(await readFile(join(directory, 'erp/out', name), 'utf8'))
          .split('\n')
          .filter((line) => line.startsWith('PO')),
      );
    const files = ['PO-1_001.csv', 'PO-1_003.csv', 'PO-2_002.csv', 'PO-3_004.csv'];
    const expected = files.flatMap((name) => [name, `${name}.ok`]);
    const stock = (await readdir(join(directory, 'erp/stock'))).sort();
    const archived: string[] = await readdir(join(directory, 'erp/stock/archive')).catch(() => []);
    archived.sort();
    const problems: string[] = [];
    const compare = (what: string, got: readonly string[], wanted: readonly string[]): void => {
      if (got.join() !== wanted.join()) problems.push(`${what}: ${got.join()} instead of ${wanted.join()}`);
    };
    compare('files', out, expected);
    compare('facts', rows.map((row) => row.split(',')[1] ?? '').sort(), ['S1', 'S2', 'S3', 'S4']);
    compare('stock', stock, ['STOCK.csv', 'STOCK.ok', 'archive']);
    // A run that was killed after its file was built takes the stock once more when it starts again.
    const last = archived.length;
    compare(
      'archive',
      archived,
      Array.from({ length: Math.max(1, last) }, (_, index) => `STOCK_00000${index + 1}.csv`),
    );
    if ((await readFile(join(directory, 'erp/stock/STOCK.csv'), 'utf8')) !== 'Sku,OnHand\nA,2\n')
      problems.push('stock is old');
    return problems;
  }
});

/** Every rename and link, and the transactions around them. */
function pointsOf(steps: readonly string[]): KillPoint[] {
  const found = (pattern: RegExp): number[] => steps.flatMap((step, index) => (pattern.test(step) ? [index + 1] : []));
  const renames = found(/^promises\.(rename|link) .*erp\//);
  const commits = found(/^sql\.exec COMMIT/);
  const [first = 0] = renames;
  // The one that builds, the one that says a file is written, and those that say what is published.
  const around = [...commits.filter((step) => step < first).slice(-2), ...commits.filter((step) => step > first)];
  return [
    ...renames.map((step, index) => ({ step, side: index % 2 === 0 ? 'after' : 'before' }) as const),
    ...around.slice(0, 3).map((step, index) => ({ step, side: index % 2 === 0 ? 'before' : 'after' }) as const),
  ];
}
