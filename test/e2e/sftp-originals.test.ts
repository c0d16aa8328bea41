import { once } from 'node:events';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { jsonLines } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { remoteFolder } from '../support/sftp-workspace.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift';
const drop = (number: string, quantity = '2'): string =>
  `${HEADER}\n${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,${quantity},no\n`;
const WAIT_MS = 60_000;
/** The program is started several times in each test. */
const RUNS_MS = 180_000;
const silent = { in: 'orders/results', when: 'never' };

interface Scene {
  readonly workspace: Workspace;
  /** Numbers of the orders that reached the provider, in their order. */
  readonly orders: () => string[];
  /** Writes the configuration again. */
  readonly configure: (flow: object) => Promise<void>;
}

/** One flow from a folder on a server. What is undefined in `flow` is left out of the flow. */
async function open(sshd: Sshd, flow: object, sftp: object = {}): Promise<Scene> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace({});
  onTestFinished(() => workspace.remove());
  const erp = await remoteFolder(sshd, workspace.directory, { timeout: '2s', keepAlive: '150ms', ...sftp });
  const configure = async (changes: object): Promise<void> => {
    const orders = inboundFlow('orders', 'order', 'order.create', changes);
    const base = ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } });
    await writeFile(workspace.path('config.yaml'), stringify({ ...base, folders: { erp, own: { path: 'own' } } }));
  };
  await configure(flow);
  const orders = (): string[] =>
    sentTo(sandbox, 'PUT', /\/Orders\//).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  return { workspace, orders, configure };
}

const RUN_ONCE = ['run', '--once'] as const;
const leaving = { original: 'leave', done: undefined, failed: undefined };

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`it never came to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a server where we may only read', { timeout: RUNS_MS }, () => {
  let readOnly: Sshd;
  beforeAll(async () => {
    readOnly = await startSshd({ sftp: '-R' });
  });
  afterAll(() => readOnly.close());

  test('is read once with original: leave, and once more when a file has other content', async () => {
    const { workspace, orders } = await open(readOnly, { ...leaving, results: silent });
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    expect(orders()).toEqual(['A1']);
    const second = await workspace.run(RUN_ONCE);
    expect([second.code, orders()]).toEqual([0, ['A1']]);
    expect(jsonLines(second.stdout).at(-1)).toMatchObject({ event: 'end', drops: 0, left: 0 });
    await workspace.put('erp/orders/in/a.csv', drop('B1'));
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    expect(orders()).toEqual(['A1', 'B1']);
    const status = await workspace.run(['status', '--json']);
    expect(jsonLines(status.stdout).filter(({ event }) => event === 'waiting')).toEqual([]);
    expect(await workspace.names('erp/orders/in')).toEqual(['a.csv']);
  });

  test('is named in one trouble with original: move; nothing is taken twice, and leave ends it', async () => {
    const { workspace, orders, configure } = await open(readOnly, { results: silent });
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    await workspace.put('erp/orders/in/b.csv', drop('B1'));
    const told =
      /flow orders: permission denied \(sftp:.*\): files that were received cannot be moved away; .*original: leave/;
    for (let run = 0; run < 2; run++) {
      const { code, stdout, stderr } = await workspace.run([...RUN_ONCE, '--log', 'silent']);
      expect([code, stderr.trim().split('\n')]).toEqual([3, [expect.stringMatching(told)]]);
      expect(jsonLines(stdout).at(-1)).toMatchObject({ troubles: 1, drops: run === 0 ? 2 : 0 });
      expect(orders().sort()).toEqual(['A1', 'B1']);
    }
    await configure({ ...leaving, results: silent });
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    expect(orders().sort()).toEqual(['A1', 'B1']);
    const drops = jsonLines((await workspace.run(['status', '--json'])).stdout).filter(({ event }) => event === 'drop');
    expect(drops.map(({ state }) => state)).toEqual(['settled', 'settled']);
  });

  test('has its answers in a folder of our own', async () => {
    const { workspace, orders } = await open(readOnly, {
      ...leaving,
      results: { folder: 'own', in: 'answers', received: true },
    });
    await workspace.put(
      'erp/orders/in/a.csv',
      `${drop('A1')}A2,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,two,no\n`,
    );
    const connected = await workspace.run(['check', '--connect']);
    expect(connected.stdout).toMatch(/folder erp: ok.*orders\/in, which is enough there/);
    expect((await workspace.run(RUN_ONCE)).code).toBe(1);
    expect(orders()).toEqual(['A1']);
    expect(await workspace.names('own/answers')).toEqual(['a.received.csv', 'a.rejected.csv', 'a.result.csv']);
    expect(await workspace.names('erp/orders')).toEqual(['in']);
    const again = await workspace.run(RUN_ONCE);
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({ event: 'end', drops: 0, troubles: 0 });
    expect(await workspace.names('own/answers')).toHaveLength(3);
  });

  test('is what check --connect says a flow has rights enough for, or not', async () => {
    const { workspace, configure } = await open(readOnly, { ...leaving, results: silent });
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    const left = await workspace.run(['check', '--connect']);
    expect(left.stdout).toMatch(/folder erp: not ok no-permission: .*; orders\/results: cannot (list|write)/);
    expect(left.stdout).not.toContain('orders/in:');
    await configure({ results: silent });
    const moved = await workspace.run(['check', '--connect']);
    const hint = /orders\/in: cannot write .*; where files may only be read, say original: leave/;
    expect(moved.stdout).toMatch(hint);
    await configure({ original: 'delete', done: undefined, results: silent });
    expect((await workspace.run(['check', '--connect'])).stdout).toMatch(hint);
    expect(await workspace.names('erp/orders/in')).toEqual(['a.csv']);
  });
});

describe('a server where nothing can be deleted', { timeout: RUNS_MS }, () => {
  test('is enough for original: move, and lacks the right to delete for original: delete', async () => {
    const sshd = await startSshd({ sftp: '-P remove' });
    onTestFinished(() => sshd.close());
    const { workspace, configure } = await open(sshd, {});
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    const moved = await workspace.run(['check', '--connect']);
    expect(moved.stdout).toMatch(/folder erp: ok: .*; the file that was written to try it stays in orders\/in/);
    await configure({ original: 'delete', done: undefined });
    const deleted = await workspace.run(['check', '--connect']);
    expect(deleted.stdout).toMatch(/not ok no-permission: .*; orders\/in: cannot delete \(permission denied\)/);
    expect(deleted.stdout).not.toMatch(/cannot write|original: leave/);
    const { code, stderr } = await workspace.run([...RUN_ONCE, '--log', 'silent']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('give dray the right to rename and to delete there')]);
    await workspace.put('erp/orders/in/a.csv', drop('B1'));
    const next = await workspace.run(RUN_ONCE);
    expect(jsonLines(next.stdout).at(-1)).toMatchObject({ drops: 1, troubles: 1 });
  });
});

describe('a server where we may do everything', { timeout: RUNS_MS }, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.close());

  test('tells check --connect which rights a flow needs', async () => {
    const { workspace, configure } = await open(sshd, leaving);
    const left = await workspace.run(['check', '--connect']);
    expect(left.stdout).toMatch(/^folder erp: not ok folder-gone/m);
    await mkdir(workspace.path('erp/orders/in'), { recursive: true });
    expect((await workspace.run(['check', '--connect'])).stdout).toMatch(
      /folder erp: ok: .*; can list, read, write and rename in 1 directory; can list and read in orders\/in, which is enough there \(original: leave\)/,
    );
    await configure({ original: 'delete', done: undefined });
    expect((await workspace.run(['check', '--connect'])).stdout).toMatch(
      /can list, read, write and rename in 2 directories; can list, read, rename and delete in orders\/in \(original: delete\)/,
    );
  });

  test('loses and doubles nothing that is deleted with its marker while the connection is cut', async () => {
    const proxy = await startTcpProxy(sshd);
    onTestFinished(() => proxy.close());
    const { workspace, orders } = await open(
      sshd,
      { original: 'delete', done: undefined, marker: '{name}.ok' },
      { port: proxy.port },
    );
    await mkdir(workspace.path('erp/orders/in'), { recursive: true });
    const { child, finished } = workspace.start(['run', '--log', 'error']);
    const carry = async (number: string, cutAfter?: number): Promise<void> => {
      await workspace.put(`erp/orders/in/${number}.csv`, drop(number));
      if (cutAfter !== undefined) proxy.cutNext({ kind: 'reset', after: cutAfter });
      await workspace.put(`erp/orders/in/${number}.csv.ok`, '');
      await until(
        async () =>
          (await workspace.names('erp/orders/results')).includes(`${number}.result.csv`) &&
          (await workspace.names('erp/orders/in')).length === 0,
        `${number} is carried`,
      );
    };
    const before = proxy.passed();
    await carry('D0');
    const length = proxy.passed() - before;
    const numbers = ['D0'];
    for (let cut = 1; cut <= 8; cut++) {
      numbers.push(`D${cut}`);
      await carry(`D${cut}`, Math.floor((length * cut) / 9));
    }
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
    expect(orders().sort()).toEqual(numbers);
    expect(await workspace.names('erp/orders/in')).toEqual([]);
    const told = jsonLines((await workspace.run(['status', '--json'])).stdout);
    expect(told.find(({ event }) => event === 'status')).toMatchObject({
      balanced: true,
      drops: { settled: numbers.length },
    });
  });

  test('has its markers waited for, and the lonely ones named', async () => {
    const { workspace, orders } = await open(sshd, { marker: '{stem}.done' });
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    await workspace.put('erp/orders/in/a.done', '');
    await workspace.put('erp/orders/in/b.csv', drop('B1'));
    await workspace.put('erp/orders/in/c.done', '');
    const run = await workspace.run([...RUN_ONCE, '--log', 'silent']);
    expect([run.code, orders()]).toEqual([1, ['A1']]);
    expect(run.stderr).toContain('dray: not taken: orders/in/b.csv: waits for its marker b.done');
    expect(run.stderr).toContain('dray: not taken: orders/in/c.done: a marker whose file has not come');
    expect(await workspace.names('erp/orders/done')).toEqual(['a.csv', 'a.done']);
    const status = await workspace.run(['status', '--json']);
    const waiting = jsonLines(status.stdout).flatMap(({ event, path }) => (event === 'waiting' ? [path] : []));
    expect(waiting).toEqual(['orders/in/b.csv', 'orders/in/c.done']);
  });

  test('says that an inbound directory is gone, and does not make it anew', async () => {
    const { workspace } = await open(sshd, {});
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    await rename(workspace.path('erp/orders/in'), workspace.path('erp/orders/away'));
    const told = /flow orders: the folder is gone or was replaced \(sftp:.*\/orders\/in\)/;
    const run = await workspace.run(RUN_ONCE);
    expect([run.code, run.stderr]).toEqual([3, expect.stringMatching(told)]);
    const idle = await workspace.run(['status']);
    expect([idle.code, idle.stdout]).toEqual([3, expect.stringMatching(told)]);
    const { child, finished } = workspace.start(['run', '--log', 'error']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stderr ?? child, 'data');
    expect(String(line)).toContain('folder-gone');
    expect((await workspace.run(['status'])).stdout).toMatch(told);
    expect(await workspace.names('erp/orders')).not.toContain('in');
    await rename(workspace.path('erp/orders/away'), workspace.path('erp/orders/in'));
    await workspace.put('erp/orders/in/b.csv', drop('B1'));
    await until(async () => (await workspace.names('erp/orders/done')).includes('b.csv'), 'b.csv is done');
    child.kill('SIGTERM');
    await finished;
  });

  test('has what is no file named and not followed, and a look leaves no trace', async () => {
    const { workspace } = await open(sshd, {});
    await workspace.put('erp/orders/in/a.csv', drop('A1'));
    expect((await workspace.run(RUN_ONCE)).code).toBe(0);
    await workspace.put('elsewhere/b.csv', drop('B1'));
    await symlink(workspace.path('elsewhere/b.csv'), workspace.path('erp/orders/in/b.csv'));
    const run = await workspace.run([...RUN_ONCE, '--log', 'warn']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('dray: not taken: orders/in/b.csv: not-a-file: a symbolic link');
    expect(run.stderr).toContain('"path":"orders/in/b.csv","code":"not-a-file"');
    await rm(workspace.path('erp/orders'), { recursive: true });
    await workspace.run(['status']);
    expect(await workspace.names('erp')).toEqual([]);
  });
});
