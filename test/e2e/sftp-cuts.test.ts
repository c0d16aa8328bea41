import { readdir, rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, type Finished } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { remoteFolder } from '../support/sftp-workspace.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { startTcpProxy, type Cut, type TcpProxy } from '../support/tcp-proxy.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const KINDS = ['reset', 'stall', 'half-close', 'slow'] as const;
const OPERATIONS = ['download', 'upload', 'list', 'rename'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Cuts for each operation: `DRAY_CUTS=30 npx vitest run test/e2e/sftp-cuts.test.ts`. */
const CUTS = Number(process.env['DRAY_CUTS'] ?? 3);
const SEED = Number(process.env['DRAY_SEED'] ?? 20_261);
const WAIT_MS = 60_000;
const MANY_FILES = 3000;

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift,Remark';
const row = (number: string, line: number, quantity: string, remark: string): string =>
  `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,${line},CAP-STD,${quantity},no,${remark}`;

/** A drop most of whose bytes pass while one thing is done with it. */
function dropFor(operation: Operation, number: string): string {
  const remark = operation === 'download' || operation === 'upload' ? 'r'.repeat(5000) : '';
  // What is refused comes back in a reject sheet as long as the drop.
  const quantity = operation === 'upload' ? 'two' : '2';
  const lines = remark === '' ? 1 : 40;
  return [HEADER, ...Array.from({ length: lines }, (_, line) => row(number, line + 1, quantity, remark)), ''].join(
    '\n',
  );
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function until(isSo: () => Promise<boolean> | boolean, what: () => string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`it never came to pass: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a connection that is cut again and again', () => {
  let sshd: Sshd;
  let proxy: TcpProxy;
  let sandbox: Sandbox;
  let workspace: Workspace;
  let dray: { stop(): Promise<Finished> };
  const dropped = new Map<string, { readonly operation: Operation; readonly content: string }>();
  /** What a reader finds that looks all the time, at its first sight of each final name. */
  const firstSeen = new Map<string, string>();
  let reader: { stop(): Promise<void> };
  const random = createRandom(SEED);

  beforeAll(async () => {
    sshd = await startSshd();
    proxy = await startTcpProxy(sshd);
    sandbox = await startFixedSandbox();
    workspace = await createWorkspace({});
    const folder = await remoteFolder(sshd, workspace.directory, {
      port: proxy.port,
      timeout: '2s',
      keepAlive: '150ms',
    });
    const base = ctlConfig(`${sandbox.url}/ctl`, {
      inbound: { orders: inboundFlow('orders', 'order', 'order.create', { quiet: '100ms' }) },
    });
    await writeFile(workspace.path('config.yaml'), stringify({ ...base, folders: { erp: folder } }));
    const started = workspace.start(['run', '--log', 'info']);
    dray = {
      async stop() {
        started.child.kill('SIGTERM');
        return started.finished;
      },
    };
    await until(
      async () => (await readdir(workspace.path('erp'))).includes('orders'),
      () => 'the directories are made',
    );
    reader = readAlways();
  });
  afterAll(async () => {
    await reader.stop();
    await dray.stop();
    await proxy.close();
    await sshd.close();
    await sandbox.close();
    await workspace.remove();
  });

  function readAlways(): { stop(): Promise<void> } {
    let isOver = false;
    const look = async (): Promise<void> => {
      while (!isOver) {
        for (const directory of ['done', 'results']) {
          for (const name of await workspace.names(`erp/orders/${directory}`)) {
            const path = `erp/orders/${directory}/${name}`;
            if (!name.startsWith('.') && !firstSeen.has(path)) firstSeen.set(path, await workspace.read(path));
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const looking = look();
    return {
      async stop() {
        isOver = true;
        await looking;
      },
    };
  }

  /** Drops a file as a careful sender does, and waits until all of it is where it belongs. */
  async function carry(operation: Operation, cut?: Cut): Promise<void> {
    const number = `${operation.slice(0, 2).toUpperCase()}${dropped.size}`;
    const name = `${number}.csv`;
    const content = dropFor(operation, number);
    dropped.set(number, { operation, content });
    await workspace.put(`erp/orders/in/.${name}.part`, content);
    if (cut !== undefined) proxy.cutNext(cut);
    await rename(workspace.path(`erp/orders/in/.${name}.part`), workspace.path(`erp/orders/in/${name}`));
    const wanted = operation === 'upload' ? `${number}.rejected.csv` : `${number}.result.csv`;
    const isThere = async (): Promise<boolean> =>
      (await workspace.names('erp/orders/done')).includes(name) &&
      (await workspace.names('erp/orders/results')).includes(wanted) &&
      (await workspace.names('erp/orders/results')).includes(`${number}.result.csv`);
    await until(
      async () => (await isThere()) && (cut === undefined || proxy.hasCut()),
      () => `${name} after ${JSON.stringify(cut)}`,
    );
  }

  test.each(OPERATIONS)(
    'while it is used to %s loses nothing, doubles nothing and shows nothing half',
    async (operation) => {
      if (operation === 'list')
        for (let i = 0; i < MANY_FILES; i++) await workspace.put(`erp/orders/in/other-${i}.txt`, '');
      const before = proxy.passed();
      await carry(operation);
      const length = proxy.passed() - before;
      for (let i = 0; i < CUTS; i++) {
        const kind = KINDS[(i + OPERATIONS.indexOf(operation)) % KINDS.length] ?? 'reset';
        await carry(operation, { kind, after: 1 + Math.floor(random() * length) });
      }
    },
    WAIT_MS * (CUTS + 1),
  );

  test('and everything is where it belongs, without a restart', async () => {
    const stopped = await dray.stop();
    expect(stopped.code, stopped.stderr.slice(-2000)).toBe(0);
    const good = [...dropped].filter(([, { operation }]) => operation !== 'upload').map(([number]) => number);
    const created = sentTo(sandbox, 'PUT', /\/Orders\//).filter(({ status }) => status === 201);
    expect(created.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(good.sort());
    for (const [number, { operation, content }] of dropped) {
      expect(await workspace.read(`erp/orders/done/${number}.csv`)).toBe(content);
      const result = await workspace.read(`erp/orders/results/${number}.result.csv`);
      expect(result).toMatch(operation === 'upload' ? /,rejected,/ : /,accepted,/);
      expect(result.endsWith('\n')).toBe(true);
      if (operation !== 'upload') continue;
      const sheet = (await workspace.read(`erp/orders/results/${number}.rejected.csv`)).trim().split('\n');
      expect(sheet).toHaveLength(41);
      for (const [index, line] of content.trim().split('\n').entries()) expect(sheet[index]).toContain(line);
    }
    await reader.stop();
    expect(firstSeen.size).toBeGreaterThan(dropped.size);
    for (const [path, content] of firstSeen) expect(content, path).toBe(await workspace.read(path));
    const names = [...dropped.keys()];
    expect(await workspace.names('erp/orders/done')).toEqual(names.map((number) => `${number}.csv`).sort());
    const sheets = [...dropped].filter(([, { operation }]) => operation === 'upload').map(([number]) => number);
    expect(await workspace.names('erp/orders/results')).toEqual(
      [...names.map((number) => `${number}.result.csv`), ...sheets.map((number) => `${number}.rejected.csv`)].sort(),
    );
    expect((await workspace.names('erp/orders/in')).filter((name) => !name.startsWith('other-'))).toEqual([]);
    const status = await workspace.run(['status', '--json']);
    const [overview] = jsonLines(status.stdout);
    expect(overview, status.stderr).toMatchObject({ event: 'status', balanced: true });
    expect(proxy.connections()).toBeGreaterThan(CUTS * OPERATIONS.length);
  });
});
