import { once } from 'node:events';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, type Workspace } from '../support/workspace.ts';

const ORDERS = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty\n';
const order = (number: string): string =>
  `${ORDERS}${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,1\n`;

async function open(): Promise<Workspace> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`));
  onTestFinished(() => workspace.remove());
  return workspace;
}

/** Exit code and troubles of a status. */
async function troubles(workspace: Workspace): Promise<[number | null, unknown[]]> {
  const { code, stdout } = await workspace.run(['status', '--json']);
  return [code, jsonLines(stdout).flatMap(({ event, trouble }) => (event === 'trouble' ? [trouble] : []))];
}

test('a result file that cannot be written is no success, and is written when it can be', async () => {
  const workspace = await open();
  const inTheWay = await workspace.put('erp/orders/results', 'a file where the directory should be');
  await workspace.put('erp/orders/in/a.csv', order('A1'));
  const told = /flow orders: no result file can be built: .* \(.*erp\/orders\/results\)/;
  for (const run of [await workspace.run(['run', '--once']), await workspace.run(['run', '--once'])]) {
    expect([run.code, run.stderr]).toEqual([3, expect.stringMatching(told)]);
    expect(jsonLines(run.stdout).at(-1)).toMatchObject({ event: 'end', troubles: 1 });
  }
  expect(await troubles(workspace)).toEqual([3, [expect.stringMatching(told)]]);
  await rm(inTheWay);
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('A1,accepted');
  expect(await troubles(workspace)).toEqual([0, []]);
});

test('an inbound directory that was there and is gone is trouble and not made anew', async () => {
  const workspace = await open();
  await workspace.run(['run', '--once']);
  await workspace.put('erp/orders/in/a.csv', order('A1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  await rm(workspace.path('erp/orders/in'), { recursive: true });
  const told = /flow orders: the folder is gone or was replaced \(.*erp\/orders\/in\)/;
  const run = await workspace.run(['run', '--once']);
  expect([run.code, run.stderr]).toEqual([3, expect.stringMatching(told)]);
  expect(await troubles(workspace)).toEqual([3, [expect.stringMatching(told)]]);

  const { child, finished } = workspace.start(['run', '--log', 'error']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stderr ?? child, 'data');
  expect(String(line)).toContain('folder-gone');
  expect(await troubles(workspace)).toEqual([3, [expect.stringMatching(told)]]);
  expect(await workspace.names('erp/orders')).not.toContain('in');
  child.kill('SIGTERM');
  await finished;
  await mkdir(workspace.path('erp/orders/in'));
  await workspace.put('erp/orders/in/b.csv', order('B1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
});

test('a link among the drops is named and not followed; directories of flows are none to name', async () => {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const config = ctlConfig(`${sandbox.url}/ctl`) as { inbound: { orders: object } };
  const orders = {
    ...config.inbound.orders,
    pick: 'in/*.csv',
    done: 'in/done',
    failed: 'in/out/failed',
    results: 'in/out/results',
  };
  const workspace = await createWorkspace({ ...config, inbound: { orders } });
  onTestFinished(() => workspace.remove());
  await workspace.put('elsewhere/b.csv', order('B1'));
  await workspace.put('erp/in/a.csv', order('A1'));
  await workspace.put('erp/in/old/c.csv', order('C1'));
  await symlink(workspace.path('elsewhere/b.csv'), workspace.path('erp/in/b.csv'));
  const run = await workspace.run(['run', '--once', '--log', 'warn']);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('dray: not taken: in/b.csv: not-a-file: a symbolic link; links are not followed');
  expect(run.stderr).toContain('"path":"in/b.csv","code":"not-a-file"');
  const { stdout } = await workspace.run(['status', '--json']);
  const named = jsonLines(stdout).flatMap(({ event, path }) => (event === 'waiting' ? [path] : []));
  expect(named.map(String).toSorted()).toEqual(['in/b.csv', 'in/old']);
  expect(await workspace.names('erp/in/done')).toEqual(['a.csv']);
});
