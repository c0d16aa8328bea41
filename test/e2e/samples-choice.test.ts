import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, runDray } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

const sample = join(repository, 'samples/30-choice');
const HOUR_MS = 3_600_000;
const DIRECTORIES = ['status', 'shipconf', 'delivery', 'receipts', 'inventory'];

type Entries = Record<string, Record<string, unknown>>;

/** The configuration of the sample with its folders in a workspace, and a sandbox whose clock the test owns. */
async function sampleConfig(baseUrl: string): Promise<Record<string, object | string>> {
  const config = parse(await readFile(join(sample, 'config.yaml'), 'utf8')) as Record<string, Entries>;
  const change = (flows: Entries | undefined, more: (entry: Record<string, unknown>) => object): object =>
    Object.fromEntries(Object.entries(flows ?? {}).map(([name, entry]) => [name, { ...entry, ...more(entry) }]));
  const mapping = (entry: Record<string, unknown>): string => join(sample, String(entry['mapping']));
  return {
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    providers: change(config['providers'], (entry) => ({
      definition: join(sample, String(entry['definition'])),
      baseUrl,
      // One after another: tickets are numbered in the order in which they arrive.
      limits: { rate: '1000/s', concurrency: 1 },
    })),
    inbound: change(config['inbound'], (entry) => ({ mapping: mapping(entry), quiet: '50ms' })),
    outbound: change(config['outbound'], (entry) => ({ mapping: mapping(entry) })),
  };
}

describe('samples/30-choice', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;

  beforeAll(async () => {
    sandbox = await startFixedSandbox({ switches: { choice: { shortEvery: 2 } } });
    const { outbound: _later, ...config } = await sampleConfig(`${sandbox.url}/choice`);
    workspace = await createWorkspace({ ...config, outbound: {} });
  });
  afterAll(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  /** Compares what a directory holds with its goldens; file names carry the day of the run, the goldens do not. */
  async function compare(from: string): Promise<string[]> {
    const compared: string[] = [];
    for (const name of await workspace.names(join('erp', from))) {
      const golden = name.replace(/_\d{8}_/, '_yyyyMMdd_');
      compared.push(golden);
      const content = await workspace.read(join('erp', from, name));
      await expect(content).toMatchFileSnapshot(join(sample, 'expected', golden));
    }
    return compared;
  }

  const compared: string[] = ['requests.txt'];

  test('are sound as they lie there, and so are the mappings they use', async () => {
    const config = ['--config', join(sample, 'config.yaml')];
    expect(await runDray([...config, 'check'])).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await runDray([...config, 'test']);
    expect([code, jsonLines(stdout).at(-1)]).toMatchObject([0, { event: 'end', failed: 0, broken: 0 }]);
    expect(jsonLines(stdout).length).toBeGreaterThan(15);
  });

  test.each([
    ['orders', 1],
    ['purchase-orders', 1],
    ['asns', 1],
    ['transfers', 1],
    ['products', 1],
  ])('%s are sent, and what is wrong comes back', async (flow, code) => {
    await cp(join(sample, `${flow}.csv`), workspace.path('erp', flow, 'in', `${flow}.csv`));
    const run = await workspace.run(['run', '--once']);
    expect(run.stderr.split('\n').filter((line) => line.includes('"level":50'))).toEqual([]);
    expect(run.code).toBe(code);
    compared.push(...(await compare(`${flow}/results`)));
    expect(await workspace.names(`erp/${flow}/in`)).toEqual([]);
    expect(await workspace.names(`erp/${flow}/done`)).toEqual([`${flow}.csv`]);
  });

  test('each document was sent once, with a token asked for before', async () => {
    const sent = sentTo(sandbox, 'POST', /\/v2\//).map(
      ({ path, body, status }) => `POST ${path}\n${body}\n→ ${status}\n`,
    );
    await expect(sent.join('\n')).toMatchFileSnapshot(join(sample, 'expected/requests.txt'));
    const tokens = sentTo(sandbox, 'POST', /oauth/);
    expect(tokens.length).toBeGreaterThan(0);
    expect(new Set(tokens.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('status, ship confirmations, deliveries, receipts and stock come back once the work is done', async () => {
    sandbox.advance(2 * HOUR_MS);
    await writeFile(workspace.path('config.yaml'), stringify(await sampleConfig(`${sandbox.url}/choice`)));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    for (const directory of DIRECTORIES) compared.push(...(await compare(directory)));
  });

  test('there is no golden without a file', async () => {
    expect([...new Set(compared)].sort()).toEqual((await readdir(join(sample, 'expected'))).sort());
  });

  test('the books balance after all of them', async () => {
    const status = await workspace.run(['status', '--json']);
    const [overview] = jsonLines(status.stdout);
    expect(overview).toMatchObject({ event: 'status', balanced: true, isRunning: false });
  });
});
