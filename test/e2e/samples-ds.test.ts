import { cp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, runDray, type Finished } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

const sample = join(repository, 'samples/20-ds');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The moment that goldens show for the one at which the sandbox begins. */
const SHOWN_START = Date.UTC(2026, 4, 4, 14);
// Changes are asked for up to our own now: the sandbox must not get ahead of it.
const START = Math.floor(Date.now() / 1000) * 1000 - 72 * HOUR_MS;

type Entries = Record<string, Record<string, unknown>>;

interface SampleConfig extends Record<string, unknown> {
  inbound: object;
  outbound: object;
}

function change(entries: unknown, how: (entry: Record<string, unknown>) => object): object {
  return Object.fromEntries(Object.entries(entries as Entries).map(([name, entry]) => [name, how(entry)]));
}

/** The configuration of the sample with its folder in a workspace, and a sandbox whose clock the test owns. */
async function sampleConfig(baseUrl: string): Promise<SampleConfig> {
  const { sandbox: _sandbox, ...config } = parse(await readFile(join(sample, 'config.yaml'), 'utf8')) as Entries;
  const located = (entry: Record<string, unknown>, key: string): object => ({
    ...entry,
    [key]: join(sample, String(entry[key])),
  });
  return {
    ...config,
    ledger: 'data/dray.db',
    folders: { shop: { path: 'shop' } },
    providers: change(config['providers'], (entry) => ({
      ...located(entry, 'definition'),
      baseUrl,
      limits: { rate: '1000/s' },
      retry: { base: '20ms', cap: '50ms' },
    })),
    inbound: change(config['inbound'], (entry) => ({ ...located(entry, 'mapping'), quiet: '50ms' })),
    outbound: change(config['outbound'], (entry) => located(entry, 'mapping')),
  };
}

describe('the sample of Shipping Order', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;
  let config: SampleConfig;
  let seen = 0;
  const compared = new Set<string>();

  beforeAll(async () => {
    // A standing clock never fills the allowance of requests up again.
    sandbox = await startFixedSandbox({ now: () => START, switches: { ds: { requestsPerSecond: 0 } } });
    config = await sampleConfig(`${sandbox.url}/ds`);
    workspace = await createWorkspace(config);
  });
  afterAll(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  async function compare(text: string, golden: string): Promise<void> {
    expect(compared).not.toContain(golden);
    compared.add(golden);
    const shown = text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, (time) =>
      new Date(Date.parse(time) - START + SHOWN_START).toISOString().replace('.000Z', 'Z'),
    );
    await expect(shown).toMatchFileSnapshot(join(sample, 'expected', golden));
  }

  /** Runs once with the inbound or the outbound flows alone, so that what is read never depends on who was quicker. */
  async function runOnce(part: 'inbound' | 'outbound'): Promise<Finished> {
    await workspace.put('config.yaml', stringify({ ...config, inbound: {}, outbound: {}, [part]: config[part] }));
    const run = await workspace.run(['run', '--once']);
    expect(run.stderr.split('\n').filter((line) => line.includes('"level":50'))).toEqual([]);
    return run;
  }

  /** What was asked of the provider since the last time, without tokens. */
  function requests(): string {
    const entries = sandbox.journal().filter(({ sequence, path }) => sequence > seen && !path.endsWith('/oauth/token'));
    seen = Math.max(seen, ...sandbox.journal().map(({ sequence }) => sequence));
    const texts = entries.map(({ method, path, body, status }) => `${method} ${path}\n${body}\n→ ${status}\n`);
    return texts.sort().join('\n');
  }

  /** New files of a directory against their goldens, without the day of the run in their names. */
  async function compareFiles(directory: string, suffix = ''): Promise<void> {
    for (const name of await workspace.names(join('shop', directory))) {
      const golden = name.replace(/_\d{8}_/, '_yyyyMMdd_').replace(/(?=\.\w+$)/, suffix);
      if (!compared.has(golden)) await compare(await workspace.read(join('shop', directory, name)), golden);
    }
  }

  test.each([
    ['orders', 'orders', 1],
    ['packages', 'packages', 1],
    ['changes', 'changes', 1],
    ['changes-2', 'changes', 0],
    ['cancels', 'cancels', 1],
    ['retries', 'retries', 1],
    ['actions', 'actions', 1],
  ])('%s.csv gives the expected requests, results and reject sheet', async (name, flow, code) => {
    await cp(join(sample, `${name}.csv`), workspace.path('shop', flow, 'in', `${name}.csv`));
    const run = await runOnce('inbound');
    expect(run.code).toBe(code);
    await compare(requests(), `${name}.requests.txt`);
    await compareFiles(`${flow}/results`);
    expect(await workspace.names(`shop/${flow}/in`)).toEqual([]);
    expect(await workspace.names(`shop/${flow}/done`)).toContain(`${name}.csv`);
  });

  test('the same orders once more: only what was refused is sent again', async () => {
    await cp(join(sample, 'orders.csv'), workspace.path('shop/orders/in/again.csv'));
    await runOnce('inbound');
    expect(requests().match(/(?<="orderExternalId":")[^"]+|→ \d+/g)).toEqual(['SO-7006', '→ 422', 'SO-7007', '→ 422']);
  });

  test.each([
    ['placed', 0],
    ['picked up', 25 * MINUTE_MS],
    ['delivered', 6 * HOUR_MS],
    ['brought back', 30 * HOUR_MS],
  ])('what is known once parcels are %s comes back in files', async (_state, wait) => {
    sandbox.advance(wait);
    expect((await runOnce('outbound')).code).toBe(0);
    for (const directory of ['status', 'shipconf', 'delivered', 'undeliverable']) await compareFiles(directory);
  });

  test('nothing new gives no file', async () => {
    const names = async () =>
      Promise.all(['status', 'shipconf', 'delivered', 'undeliverable'].map((each) => workspace.names(`shop/${each}`)));
    const before = await names();
    expect((await runOnce('outbound')).code).toBe(0);
    expect(await names()).toEqual(before);
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
  const mappings = join(repository, 'mappings/ds');
  const files = (await readdir(mappings)).filter((name) => name.endsWith('.yaml') && name !== 'provider.yaml');
  const tested = await runDray([...located, 'test', ...files.map((name) => join(mappings, name))]);
  expect(tested).toMatchObject({ code: 0 });
  const results = jsonLines(tested.stdout).filter(({ event }) => event === 'test');
  expect(new Set(results.map(({ file }) => basename(String(file))))).toEqual(new Set(files));
});

test('answers that are lost, late, refused or broken make one order each', async () => {
  const sandbox = await startFixedSandbox({ switches: { ds: { requestsPerSecond: 0, createAnswerId: false } } });
  const workspace = await createWorkspace({ ...(await sampleConfig(`${sandbox.url}/ds`)), outbound: {} });
  try {
    const create = { method: 'POST', pathPattern: '/shipments$' };
    await addFault(sandbox, { ...create, bodyContains: 'SO-1"', times: 1 }, { drop: 'after-commit' });
    await addFault(sandbox, { ...create, bodyContains: 'SO-2"', times: 1 }, { drop: 'before-commit' });
    await addFault(sandbox, { ...create, bodyContains: 'SO-3"', times: 1 }, { status: 500, commit: true });
    await addFault(sandbox, { ...create, bodyContains: 'SO-4"', times: 1 }, { status: 401 });
    await addFault(sandbox, { ...create, bodyContains: 'SO-5"', times: 2 }, { status: 429 });
    await addFault(sandbox, { ...create, bodyContains: 'SO-6"', times: 1 }, { drop: 'mid-body' });
    const orders = [1, 2, 3, 4, 5, 6].map(
      (each) => `SO-${each},STORE-014,Mina Okafor,+1 937-555-0142,1 Elm Road,45402,CAP-STD,1\n`,
    );
    const header = 'OrderNo,Location,ShipName,Phone,Address1,Zip,SKU,Qty\n';
    await workspace.put('shop/orders/in/orders.csv', header + orders.join(''));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    const results = (await workspace.read('shop/orders/results/orders.result.csv')).trim().split('\r\n').slice(1);
    expect(results.map((line) => line.split(',').slice(2, 4))).toEqual(
      [1, 2, 3, 4, 5, 6].map((each) => [`SO-${each}`, 'accepted']),
    );
    const made = sandbox.journal().filter(({ committed, path }) => committed && path.endsWith('/shipments'));
    expect(made).toHaveLength(6);
    // The token was asked for once more after the 401.
    expect(sentTo(sandbox, 'POST', /token$/)).toHaveLength(2);
  } finally {
    await sandbox.close();
    await workspace.remove();
  }
});
