import { cp, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, runDray, type Finished } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  putDefinition,
  sample,
  sampleConfig,
  shownAs,
  START,
  SWITCHES,
  type Entries,
  type SampleConfig,
} from './samples-flexport-support.ts';

const SNAPSHOTS = ['inventory', 'product-results'];

describe('samples/10-flexport', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;
  let config: SampleConfig;
  let seen = 0;
  const compared = new Set<string>();

  beforeAll(async () => {
    sandbox = await startFixedSandbox({ now: () => START, switches: { flexport: SWITCHES } });
    config = await sampleConfig(`${sandbox.url}/flexport`);
    workspace = await createWorkspace(config);
    await putDefinition(workspace);
  });
  afterAll(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  async function compare(text: string, golden: string): Promise<void> {
    expect(compared).not.toContain(golden);
    compared.add(golden);
    await expect(shownAs(text)).toMatchFileSnapshot(join(sample, 'expected', golden));
  }

  /** Runs once with some flows alone, so that what is read never depends on who was quicker. */
  async function runOnce(flows: { inbound?: Entries; outbound?: Entries }): Promise<Finished> {
    await workspace.put('config.yaml', stringify({ ...config, inbound: {}, outbound: {}, ...flows }));
    const run = await workspace.run(['run', '--once']);
    expect(run.stderr.split('\n').filter((line) => line.includes('"level":50'))).toEqual([]);
    return run;
  }

  const collectOnce = (isWanted: (name: string) => boolean): Promise<Finished> =>
    runOnce({ outbound: Object.fromEntries(Object.entries(config.outbound).filter(([name]) => isWanted(name))) });

  /** What was asked of the provider since the last time, in order. */
  function requests(): string {
    const entries = sandbox.journal().filter(({ sequence }) => sequence > seen);
    seen = Math.max(seen, ...entries.map(({ sequence }) => sequence));
    const texts = entries.map(({ method, path, headers, body, status }) => {
      const key = headers['idempotency-key'];
      const lines = [`${method} ${path}`, ...(key === undefined ? [] : [`idempotency-key: ${key}`]), body];
      return [...lines.filter((line) => line !== ''), `→ ${status}`].join('\n');
    });
    return `${texts.join('\n\n')}\n`;
  }

  /** New files of a directory against their goldens, without the day of the run in their names. */
  async function compareFiles(directory: string): Promise<void> {
    for (const name of await workspace.names(join('erp', directory))) {
      const golden = name.replace(/_\d{8}_/, '_yyyyMMdd_');
      if (!compared.has(golden)) await compare(await workspace.read(join('erp', directory, name)), golden);
    }
  }

  async function drop(name: string, flow: string, code: number, extension = 'csv'): Promise<void> {
    const file = `${name}.${extension}`;
    await cp(join(sample, file), workspace.path('erp', flow, 'in', file));
    expect((await runOnce({ inbound: config.inbound })).code).toBe(code);
    await compare(requests(), `${name}.requests.txt`);
    await compareFiles(`${flow}/results`);
    expect(await workspace.names(`erp/${flow}/in`)).toEqual([]);
    expect(await workspace.names(`erp/${flow}/done`)).toContain(file);
  }

  async function collect(): Promise<void> {
    expect((await collectOnce((name) => !SNAPSHOTS.includes(name))).code).toBe(0);
    for (const directory of ['shipconf', 'status', 'receipts', 'inventory', 'return-results'])
      await compareFiles(directory);
    requests();
  }

  test.each([
    ['products', 1],
    ['orders', 1],
    ['b2b-orders', 1],
    ['purchase-orders', 1],
    ['asns', 1],
    ['returns', 1],
    ['cancels', 1],
    ['b2b-cancels', 0],
    ['barcodes', 1],
  ])('%s.csv gives the expected requests, results and reject sheet', async (name, code) => {
    await drop(name, name, code);
  });

  test('an order that finds no stock is told of as stopped', async () => {
    sandbox.advance(2 * MINUTE_MS);
    await collect();
  });

  test('half of what was announced comes in, orders leave', async () => {
    sandbox.advance(45 * MINUTE_MS);
    await collect();
  });

  test.each([
    ['B2B-0032_BILL_OF_LADING', 0],
    ['B2B-0031_LABELS', 1],
  ])('%s.pdf goes to the shipment of its order, or comes back', async (name, code) => {
    await drop(name, 'attachments', code, 'pdf');
  });

  test.each([
    ['retries', 'retries'],
    ['late-cancels', 'cancels'],
  ])('%s.csv: what stopped may be tried again, what left cannot be held', async (name, flow) => {
    sandbox.advance(5 * MINUTE_MS);
    await drop(name, flow, 1);
  });

  test.each([
    ['the rest has come in and left', 5 * HOUR_MS],
    ['parcels are delivered', 50 * HOUR_MS],
    ['returns are inspected', 4 * DAY_MS],
  ])('%s', async (_state, wait) => {
    sandbox.advance(wait);
    await collect();
  });

  test('nothing new gives no file', async () => {
    const before = compared.size;
    await collect();
    expect(compared.size).toBe(before);
  });

  test('stock and products are told whole', async () => {
    expect((await collectOnce((name) => SNAPSHOTS.includes(name))).code).toBe(0);
    for (const directory of ['inventory', 'product-results']) await compareFiles(directory);
  });

  test('every golden has its file, and the books balance', async () => {
    expect([...compared].sort()).toEqual((await readdir(join(sample, 'expected'))).sort());
    const [overview] = jsonLines((await workspace.run(['status', '--json'])).stdout);
    expect(overview).toMatchObject({ event: 'status', balanced: true, isRunning: false });
  });
});

test('the configuration of the sample is sound, and the mappings do what their tests say', async () => {
  const located = ['--config', join(sample, 'config.yaml')];
  expect(await runDray([...located, 'check'])).toMatchObject({ code: 0, stderr: '' });
  const mappings = join(repository, 'mappings/flexport');
  const files = (await readdir(mappings)).filter((name) => name.endsWith('.yaml') && name !== 'provider.yaml');
  const tested = await runDray([...located, 'test', ...files.map((name) => join(mappings, name))]);
  expect(tested).toMatchObject({ code: 0 });
  const results = jsonLines(tested.stdout).filter(({ event }) => event === 'test');
  expect(new Set(results.map(({ file }) => basename(String(file))))).toEqual(new Set(files));
});
