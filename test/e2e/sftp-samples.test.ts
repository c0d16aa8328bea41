import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { remoteFolder } from '../support/sftp-workspace.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

const DAY_MS = 86_400_000;
const SAMPLES = [
  ['01-orders', 'orders'],
  ['02-purchase-orders', 'purchase-orders'],
  ['03-asns', 'asns'],
  ['04-products', 'products'],
] as const;

type Entries = Record<string, Record<string, unknown>>;

/** The shipped configuration with its one folder somewhere else. */
async function shippedConfig(baseUrl: string, folder: object): Promise<object> {
  const config = parse(await readFile(join(repository, 'config.yaml'), 'utf8')) as Record<string, Entries>;
  const mapped = (flows: Entries = {}, more: object = {}): Entries =>
    Object.fromEntries(
      Object.entries(flows).map(([name, flow]) => [
        name,
        { ...flow, mapping: join(repository, String(flow['mapping'])), ...more },
      ]),
    );
  const [[name, provider] = ['', {}]] = Object.entries(config['providers'] ?? {});
  const definition = join(repository, String(provider['definition']));
  return {
    folders: { erp: folder },
    providers: { [name]: { ...provider, definition, baseUrl, limits: { rate: '1000/s' } } },
    inbound: mapped(config['inbound'], { quiet: '100ms' }),
    outbound: mapped(config['outbound']),
  };
}

/** What one way of running the samples left behind. */
interface Outcome {
  readonly codes: readonly (number | null)[];
  readonly requests: readonly string[];
  /** Content of every file, by its path. */
  readonly files: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
  readonly overview: Record<string, unknown> | undefined;
  /** All that was printed. */
  readonly said: string;
}

async function runSamples(folderIn: (workspace: Workspace) => Promise<object>): Promise<Outcome> {
  const sandbox: Sandbox = await startFixedSandbox();
  const workspace = await createWorkspace({});
  try {
    const config = await shippedConfig(`${sandbox.url}/ctl`, await folderIn(workspace));
    await writeFile(workspace.path('config.yaml'), stringify(config));
    const codes: (number | null)[] = [];
    let said = '';
    const run = async (): Promise<void> => {
      const { code, stdout, stderr } = await workspace.run(['run', '--once', '--log', 'debug']);
      codes.push(code);
      said += stdout + stderr;
    };
    for (const [sample, flow] of SAMPLES) {
      await mkdir(workspace.path('erp', flow, 'in'), { recursive: true });
      for (const name of await readdir(join(repository, 'samples', sample))) {
        const from = join(repository, 'samples', sample, name);
        if (name.endsWith('.csv')) await cp(from, workspace.path('erp', flow, 'in', name));
      }
      await run();
    }
    sandbox.advance(3 * DAY_MS);
    await run();
    const [overview] = jsonLines((await workspace.run(['status', '--json'])).stdout);
    const requests = sandbox.journal().map(({ method, path, body, status }) => `${method} ${path} ${body} ${status}`);
    const errors = said.split('\n').filter((line) => line.includes('"level":50'));
    return { codes, requests: requests.sort(), files: await filesBelow(workspace.path('erp')), errors, overview, said };
  } finally {
    await sandbox.close();
    await workspace.remove();
  }
}

async function filesBelow(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[path.slice(root.length + 1)] = await readFile(path, 'utf8');
  }
  return files;
}

describe('the samples 01 to 05 with every folder on a server', () => {
  let sshd: Sshd;
  let here: Outcome;
  let there: Outcome;
  beforeAll(async () => {
    sshd = await startSshd();
    here = await runSamples(() => Promise.resolve({ path: 'erp' }));
    there = await runSamples((workspace) => remoteFolder(sshd, workspace.directory));
  }, 120_000);
  afterAll(() => sshd.close());

  test('leave the same files with the same bytes as in a folder of this machine', () => {
    expect(Object.keys(there.files)).toEqual(expect.arrayContaining(['orders/done/orders.csv']));
    expect(Object.keys(there.files).some((path) => path.startsWith('shipconf/SHIPCONF_'))).toBe(true);
    expect(there.files).toEqual(here.files);
  });

  test('send the same requests and end with the same codes', () => {
    expect(there.requests.length).toBeGreaterThan(10);
    expect(there.requests).toEqual(here.requests);
    expect(there.codes).toEqual(here.codes);
  });

  test('leave nothing of ours lying about, no error, and books that balance', () => {
    expect(Object.keys(there.files).filter((path) => path.includes('.dray-'))).toEqual([]);
    expect(there.errors).toEqual([]);
    expect(there.overview).toMatchObject({ event: 'status', balanced: true, isRunning: false });
  });

  test('tell no secret', () => {
    const secrets = sshd.privateKey.split('\n').filter((line) => line.length === 70);
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.filter((line) => there.said.includes(line))).toEqual([]);
  });
});
