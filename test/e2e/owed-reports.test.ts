import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const ORDERS = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty\n';
const order = (number: string, quantity: string): string =>
  `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,${quantity}\n`;
const IN_THE_WAY = ['erp/orders/results/.dray-1-result.tmp', 'erp/orders/results/.dray-1-rejects.tmp'] as const;

/** A drop whose report was built by a process that was killed before any of it was out. */
async function killedBeforePublishing(content: string, results: object | string): Promise<Workspace> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const orders = inboundFlow('orders', 'order', 'order.create', { results });
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } }));
  onTestFinished(() => workspace.remove());
  for (const directory of IN_THE_WAY) await workspace.put(`${directory}/x`, 'a directory where the file would be');
  await workspace.put('erp/orders/in/a.csv', content);
  const { child, finished } = workspace.start(['run', '--log', 'silent']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout = child.stdout ?? child;
  for (let told = ''; !told.includes('"event":"report"');) told += String((await once(stdout, 'data'))[0]);
  child.kill('SIGKILL');
  await finished;
  for (const directory of IN_THE_WAY) await rm(workspace.path(directory), { recursive: true });
  return workspace;
}

const bad = `${ORDERS}${order('A1', '1')}${order('A2', 'x')}${order('A3', 'y')}`;

test.each([
  ['rejected documents', bad, 'orders/results', { rejected: 2, refused: 0 }, ['a.rejected.csv', 'a.result.csv']],
  [
    'a reject sheet alone',
    bad,
    { in: 'orders/results', when: 'never' },
    { rejected: 2, refused: 0 },
    ['a.rejected.csv'],
  ],
  ['a refused drop', '<html>\n', 'orders/results', { rejected: 0, refused: 1 }, ['a.result.csv']],
])('the run that publishes them hears of %s, once', async (_what, content, results, counts, names) => {
  const workspace = await killedBeforePublishing(content, results);
  const run = await workspace.run(['run', '--once']);
  expect([run.code, await workspace.names('erp/orders/results')]).toEqual([1, names]);
  expect(jsonLines(run.stdout).at(-1)).toMatchObject({ event: 'end', drops: 0, files: names.length, ...counts });
  const next = await workspace.run(['run', '--once']);
  expect([next.code, jsonLines(next.stdout).at(-1)]).toMatchObject([0, { rejected: 0, refused: 0, files: 0 }]);
});

test('a run that publishes what all went well is well', async () => {
  const workspace = await killedBeforePublishing(`${ORDERS}${order('A1', '1')}`, 'orders/results');
  const run = await workspace.run(['run', '--once']);
  expect([run.code, await workspace.names('erp/orders/results')]).toEqual([0, ['a.result.csv']]);
});
