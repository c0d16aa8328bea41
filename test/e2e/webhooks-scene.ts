import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startSandbox, type Sandbox, type SwitchChanges } from '../../src/sandbox/index.ts';
import { repository } from '../support/dray.ts';
import { freePort } from '../support/webhook-load.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

/** What of each provider the scenarios play. */
export interface Played {
  readonly name: 'choice' | 'ds' | 'flexport';
  readonly settings: Readonly<Record<string, string>>;
  readonly operation: string;
  readonly mapping: string;
  readonly outbound: Readonly<Record<string, { feed: string; mapping: string }>>;
  /** Tells the stand-in where its events go. */
  register(sandbox: Sandbox, url: string): Promise<void>;
}

export const SECRET = 'a secret we agreed on';

/** Asks an administration service, or a provider, of the stand-in. */
export async function ask(url: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

const BEHIND_MS = 10 * 86_400_000;

export interface Scene {
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  /** Rows of all files in a directory, without their headers. */
  rows(directory: string): Promise<string[]>;
  stop(): Promise<{ code: number | null; stderr: string }>;
}

/** A running dray that takes webhooks, and a stand-in whose clock the test moves. */
export async function startScene(
  { name, settings, operation, mapping, outbound, register }: Played,
  { every, switches }: { every: string; switches: SwitchChanges },
): Promise<Scene> {
  // Changes are asked for by our own clock: the stand-in must not get ahead of it.
  const now = Date.now() - BEHIND_MS;
  const sandbox = await startSandbox({ now: () => now, switches });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}/${name}`;
  await register(sandbox, endpoint);
  const mappings = join(repository, 'mappings', name);
  const workspace = await createWorkspace({
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    webhooks: { listen: `127.0.0.1:${port}` },
    providers: {
      [name]: {
        definition: join(mappings, 'provider.yaml'),
        baseUrl: `${sandbox.url}/${name}`,
        settings,
        limits: { rate: '1000/s' },
        track: { every },
      },
    },
    inbound: {
      orders: {
        folder: 'erp',
        pick: 'orders/in/*.csv',
        mapping: join(mappings, mapping),
        submit: { provider: name, operation },
        done: 'orders/done',
        failed: 'orders/failed',
        results: 'orders/results',
        quiet: '50ms',
      },
    },
    outbound: Object.fromEntries(
      Object.entries(outbound).map(([directory, flow]) => [
        directory,
        {
          collect: { provider: name, feed: flow.feed, every },
          mapping: join(mappings, flow.mapping),
          folder: 'erp',
          file: `${directory}/FILE_{seq:6}.csv`,
        },
      ]),
    ),
  });
  const { child, finished } = workspace.start(['run', '--json', '--log', 'warn']);
  let isStopped = false;
  const stop = async (): Promise<{ code: number | null; stderr: string }> => {
    if (!isStopped) child.kill('SIGTERM');
    isStopped = true;
    return finished;
  };
  onTestFinished(async () => {
    await stop();
    await sandbox.close();
    await workspace.remove();
  });
  return { sandbox, workspace, stop, rows: (directory) => readRows(workspace, directory) };
}

async function readRows(workspace: Workspace, directory: string): Promise<string[]> {
  const names = (await workspace.names(join('erp', directory))).filter((file) => file.endsWith('.csv'));
  const files = await Promise.all(names.map((file) => readFile(workspace.path('erp', directory, file), 'utf8')));
  return files.flatMap((text) => text.trimEnd().split(/\r?\n/).slice(1));
}

/** Waits until something holds; the test ends it when it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
