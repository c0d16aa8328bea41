import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, runDray, type Finished } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, shownAs, START, SWITCHES } from './samples-flexport-support.ts';

const sample = join(repository, 'samples/11-flexport-reports');
const REPORTS = /\/reports$/;

type Entries = Record<string, Record<string, unknown>>;

describe('samples/11-flexport-reports', () => {
  let sandbox: Sandbox;
  let workspace: Workspace;
  let outbound: Entries;

  beforeEach(async () => {
    sandbox = await startFixedSandbox({ now: () => START, switches: { flexport: SWITCHES } });
    const config = parse(await readFile(join(sample, 'config.yaml'), 'utf8')) as Record<string, Entries>;
    outbound = Object.fromEntries(
      Object.entries(config['outbound'] ?? {}).map(([name, flow]) => [
        name,
        { ...flow, mapping: join(sample, String(flow['mapping'])) },
      ]),
    );
    const providers = {
      flexport: {
        definition: 'provider.yaml',
        baseUrl: `${sandbox.url}/flexport`,
        settings: { token: 'demo' },
        limits: { rate: '1000/s' },
      },
    };
    workspace = await createWorkspace({
      ledger: 'data/dray.db',
      folders: { erp: { path: 'erp' } },
      providers,
      outbound,
    });
    await putDefinition(workspace);
    await moveStock(sandbox);
  });
  afterEach(async () => {
    await sandbox.close();
    await workspace.remove();
  });

  /** Runs once; while reports are waited for, the sandbox's time goes on. */
  async function runOnce(): Promise<Finished> {
    const { finished } = workspace.start(['run', '--once']);
    let isOver = false;
    void finished.then(() => (isOver = true));
    for (let seen = 0; !isOver;) {
      const asked = sentTo(sandbox, 'GET', /\/reports\//).length;
      if (asked > seen) sandbox.advance(MINUTE_MS);
      seen = asked;
      await delay(20);
    }
    return finished;
  }

  test('reports are ordered, waited for and written, each movement once', async () => {
    expect(await runOnce()).toMatchObject({ code: 0 });
    const ordered = sentTo(sandbox, 'POST', REPORTS).map(({ body }) => JSON.parse(body) as Record<string, string>);
    const days = ordered.filter(({ startDate }) => startDate !== undefined);
    expect(days[0]?.['startDate']).toBe(dayOf(Math.floor((Date.now() - 6 * HOUR_MS) / DAY_MS) * DAY_MS - 30 * DAY_MS));
    for (const [index, { startDate }] of days.entries())
      if (index > 0) expect(Date.parse(startDate ?? '')).toBe(Date.parse(days[index - 1]?.['endDate'] ?? '') + DAY_MS);
    for (const name of await workspace.names('erp/inventory')) {
      const golden = name.replace(/_\d{8}_/, '_yyyyMMdd_');
      const text = shownAs(await workspace.read(join('erp/inventory', name)));
      await expect(text).toMatchFileSnapshot(join(sample, 'expected', golden));
    }
    const names = (await workspace.names('erp/inventory')).map((name) => name.replace(/_\d{8}_/, '_yyyyMMdd_'));
    expect(names).toEqual((await readdir(join(sample, 'expected'))).sort());
    // Days that were read are not asked for again; how things are now is.
    expect(await runOnce()).toMatchObject({ code: 0 });
    const bodies = sentTo(sandbox, 'POST', REPORTS).map(({ body }) => body);
    expect(bodies.slice(ordered.length)).toEqual(['{"reportType":"Inventory-Levels_Today"}']);
  });

  test('a program that is killed while it fetches a report goes on with the same one', async () => {
    await addFault(sandbox, { pathPattern: '/files/', nth: 2 }, { delayMs: 60_000 });
    const { child, finished } = workspace.start(['run', '--once']);
    while (sentTo(sandbox, 'GET', /\/files\//).length < 2) {
      sandbox.advance(MINUTE_MS);
      await delay(50);
    }
    child.kill('SIGKILL');
    expect(await finished).toMatchObject({ signal: 'SIGKILL' });
    expect(await runOnce()).toMatchObject({ code: 0 });
    const ordered = sentTo(sandbox, 'POST', REPORTS).filter(({ body }) => body.includes('startDate'));
    expect(new Set(ordered.map(({ body }) => body)).size).toBe(ordered.length);
    expect(await rowsOf(workspace, 'TRANSACTIONS')).toEqual(await goldenRows());
  });

  test('a report that fails is told, keeps nothing else waiting, and comes at the next run', async () => {
    await setSwitches(sandbox, { failReports: 1 });
    const first = await runOnce();
    expect(first.code).not.toBe(0);
    const told = jsonLines(first.stderr).filter(({ level }) => level === 50);
    expect(new Set(told.map(({ failure }) => failure))).toEqual(new Set(['report-failed']));
    expect(JSON.stringify(told)).toContain('The report could not be made');
    await setSwitches(sandbox, { failReports: 0 });
    expect(await runOnce()).toMatchObject({ code: 0 });
    expect(await rowsOf(workspace, 'TRANSACTIONS')).toEqual(await goldenRows());
    expect(await rowsOf(workspace, 'STOCK')).toHaveLength(8);
  });

  test('no address of a file is in the log or in the ledger', async () => {
    await runOnce();
    const run = await workspace.run(['status', '--json']);
    const ledger = Buffer.concat(
      await Promise.all(
        (await workspace.names('data'))
          .filter((name) => name.startsWith('dray.db'))
          .map((name) => readFile(workspace.path('data', name))),
      ),
    );
    const [file] = sentTo(sandbox, 'GET', /\/files\//);
    const [, signature = ''] = /signature=(\w+)/.exec(file?.path ?? '') ?? [];
    expect(signature).toHaveLength(32);
    expect([ledger.includes(signature), run.stdout.includes(signature), run.stderr.includes(signature)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

test('the configuration of the sample is sound', async () => {
  const checked = await runDray(['--config', join(sample, 'config.yaml'), 'check']);
  expect(checked).toMatchObject({ code: 0, stderr: '' });
});

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The definition as it ships, but for the seconds it waits between two questions. */
async function putDefinition(workspace: Workspace): Promise<void> {
  const directory = join(repository, 'mappings/flexport');
  const text = await readFile(join(directory, 'provider.yaml'), 'utf8');
  await workspace.put(
    'provider.yaml',
    text.replaceAll('every: 10s', 'every: 100ms').replaceAll('body: schemas/', `body: ${directory}/schemas/`),
  );
}

/** Stock that moves on two days; two of the movements are alike. */
async function moveStock(sandbox: Sandbox): Promise<void> {
  const move = (merchantSku: string, units: number) =>
    admin(sandbox, 'seed', { flexport: { stock: [{ merchantSku, units }] } });
  await move('CAP-STD', -1);
  await move('CAP-STD', -1);
  await move('MUG-350', 24);
  sandbox.advance(DAY_MS);
  await move('CAP-STD', -1);
  await move('BTL-750-SLATE', 240);
  sandbox.advance(7 * DAY_MS);
}

async function setSwitches(sandbox: Sandbox, switches: object): Promise<void> {
  await admin(sandbox, 'switches', { flexport: switches });
}

async function admin(sandbox: Sandbox, service: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.url}/__admin/${service}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the sandbox refused ${service}: ${answer.status}`);
}

/** Rows of all files of a kind, without their headers. */
async function rowsOf(workspace: Workspace, kind: string): Promise<string[]> {
  const names = (await workspace.names('erp/inventory')).filter((name) => name.startsWith(kind));
  const texts = await Promise.all(names.map((name) => workspace.read(join('erp/inventory', name))));
  return texts.flatMap((text) => shownAs(text).trim().split(/\r?\n/).slice(1));
}

async function goldenRows(): Promise<string[]> {
  const text = await readFile(join(sample, 'expected/TRANSACTIONS_yyyyMMdd_000001.csv'), 'utf8');
  return text.trim().split(/\r?\n/).slice(1);
}
