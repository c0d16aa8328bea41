import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines } from '../support/dray.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const mapping = `
read: { format: csv }
document: { type: order, key: OrderNo, group: [OrderNo, Action] }
map:
  ShipTo: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: { $value: US } }
  Items: { $each: lines, Sku: Sku, Quantity: Qty }
  Variables: [{ Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }]
operations:
  order.cancel: { map: { Cancel: { $value: true } } }
  order.ship-to: { map: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: { $value: US } } }
tests:
  - name: an order and its cancellation
    given: |
      OrderNo,Action,Name,Street,City,State,Zip,Sku,Qty
      SO-1,C,,,,,,,
    expect: [{ Cancel: true }]
`;
const HEADER = 'OrderNo,Action,Name,Street,City,State,Zip,Sku,Qty';
const create = (key: string): string => `${key},N,Ann,5 Pier Road,Newark,NJ,07102,CAP-STD,2`;
const redirect = (key: string): string => `${key},S,Bob,7 Dock Lane,Dayton,OH,45402,,`;
const cancel = (key: string): string => `${key},C,,,,,,,`;
const actions = { N: 'order.create', S: 'order.ship-to', C: 'order.cancel' };

async function open(
  operation: object = { $from: 'Action', $table: actions },
): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const orders = inboundFlow('orders', 'order.yaml', '', { submit: { provider: 'ctl', operation } });
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } }));
  onTestFinished(() => workspace.remove());
  await workspace.put('order.yaml', mapping);
  return { sandbox, workspace };
}

/** `SO-1 → 201`, `SO-1/IsCancelled → 200` in the order of the requests. */
function writes(sandbox: Sandbox): string[] {
  return sandbox
    .journal()
    .filter(({ method }) => method === 'PUT')
    .map(({ path, status }) => `${path.slice(path.indexOf('/Orders/') + '/Orders/'.length)} → ${status}`);
}

const drop = (workspace: Workspace, name: string, ...rows: readonly string[]): Promise<string> =>
  workspace.put(`erp/orders/in/${name}.csv`, `${[HEADER, ...rows].join('\n')}\n`);

test('orders, changes and cancellations come in one file, and each goes where it belongs, in the order of the file', async () => {
  const { sandbox, workspace } = await open();
  expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  expect((await workspace.run(['test'])).code).toBe(0);
  await drop(workspace, 'mixed', create('SO-1'), create('SO-2'), redirect('SO-1'), cancel('SO-1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  const made = writes(sandbox);
  expect(made.filter((write) => write.startsWith('SO-1'))).toEqual([
    'SO-1 → 201',
    'SO-1/ShipTo → 200',
    'SO-1/IsCancelled → 200',
  ]);
  expect(made).toContain('SO-2 → 201');
  const [overview] = jsonLines((await workspace.run(['status', '--json'])).stdout);
  expect(overview).toMatchObject({ balanced: true });
});

test.each([
  ['one file', 1],
  ['two files', 2],
])('a cancellation waits for the final answer to its order, however long that takes: %s', async (_name, files) => {
  const { sandbox, workspace } = await open();
  await addFault(sandbox, { method: 'PUT', pathPattern: '/v1/Orders/SO-1$', times: 3 }, { status: 503 });
  if (files === 1) await drop(workspace, 'a', create('SO-1'), cancel('SO-1'));
  else {
    await drop(workspace, 'a', create('SO-1'));
    await drop(workspace, 'b', cancel('SO-1'));
  }
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(writes(sandbox)).toEqual(['SO-1 → 503', 'SO-1 → 503', 'SO-1 → 503', 'SO-1 → 201', 'SO-1/IsCancelled → 200']);
});

test('a cancellation of what was sent before is no reuse of its key, and is made once however often it comes', async () => {
  const { sandbox, workspace } = await open();
  for (const row of [create('SO-1'), cancel('SO-1'), create('SO-1'), cancel('SO-1')]) {
    await drop(workspace, 'a', row);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
  }
  expect(writes(sandbox)).toEqual(['SO-1 → 201', 'SO-1/IsCancelled → 200']);
});

test('what is to be done and is not known comes back at its cell; nothing is sent in its place', async () => {
  const { sandbox, workspace } = await open({ $from: 'Action', $table: actions, $default: 'order.create' });
  await drop(workspace, 'a', cancel('SO-1').replace(',C,', ',X,'), create('SO-2').replace(',N,', ',,'));
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(writes(sandbox)).toEqual(['SO-2 → 201']);
  const result = await workspace.read('erp/orders/results/a.result.csv');
  expect(result).toContain('a.csv,2,SO-1,rejected,unknown-action,Action,X,');
});

test('a cancellation nobody can tell of is held for a person, and nothing else waits for it', async () => {
  const { sandbox, workspace } = await open();
  await drop(workspace, 'a', create('SO-1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  await addFault(sandbox, { method: 'PUT', pathPattern: 'SO-1/IsCancelled$', times: 1 }, { drop: 'after-commit' });
  await drop(workspace, 'b', cancel('SO-1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(writes(sandbox).filter((write) => write.startsWith('SO-1/'))).toEqual([
    'SO-1/IsCancelled → null',
    'SO-1/IsCancelled → 409',
  ]);
  const result = await workspace.read('erp/orders/results/b.result.csv');
  expect(result).toContain(
    'b.csv,2,SO-1,held,outcome-unknown,,,"an earlier answer was lost, and the provider says now: ',
  );
  await drop(workspace, 'c', create('SO-2'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(writes(sandbox)).toContain('SO-2 → 201');
  expect((await workspace.run(['ledger', 'give-up', 'SO-1'])).code).toBe(0);
});

test('an operation the provider does not have is a finding of check, at its place', async () => {
  const { workspace } = await open({ $from: 'Action', $table: { N: 'order.create', C: 'order.cancle' } });
  const check = await workspace.run(['check']);
  expect(check.code).toBe(2);
  expect(check.stdout + check.stderr).toMatch(
    /config\.yaml:\d+:\d+ unknown-reference provider ctl has no operation "order\.cancle"\. Did you mean "order\.cancel"\?/,
  );
});

test('a trial run tells for both documents of a key where their fields come from', async () => {
  const { workspace } = await open();
  const path = await workspace.put('trial.csv', `${[HEADER, create('SO-1'), cancel('SO-1')].join('\n')}\n`);
  const trial = await workspace.run(['map', path, '--mapping', 'order.yaml', '--explain', 'SO-1']);
  expect(trial).toMatchObject({ code: 0, stderr: '' });
  const lines = trial.stdout.trim().split('\n');
  expect(lines.filter((line) => line.startsWith('document.'))).toEqual([
    'document.key = "SO-1" ← trial.csv line 2 column OrderNo "SO-1"',
    'document.operation = "order.create" ← trial.csv line 2 column Action "N"',
    'document.key = "SO-1" ← trial.csv line 3 column OrderNo "SO-1"',
    'document.operation = "order.cancel" ← trial.csv line 3 column Action "C"',
  ]);
  expect(lines.at(-1)).toBe('/Cancel = true');
});
