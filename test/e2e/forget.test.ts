import { expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const mapping = (sku: string): string => `read: { format: csv }
document: { type: order, key: OrderNo, group: OrderNo }
map:
  ShipTo: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: { $value: US } }
  Items: { $each: lines, Sku: ${sku}, Quantity: Qty }
  Variables:
    - { Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }
`;
const order =
  'OrderNo,Name,Street,City,State,Zip,Article,Qty\nA1,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,CAP-STD,1\n';

async function open(flow: object): Promise<Workspace> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const whole = { ...inboundFlow('orders', 'm.yaml', 'order.create'), done: undefined, failed: undefined, ...flow };
  const orders = JSON.parse(JSON.stringify(whole)) as object;
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } }));
  onTestFinished(() => workspace.remove());
  await workspace.put('m.yaml', mapping('SKU'));
  return workspace;
}

const run = async (workspace: Workspace): Promise<Record<string, unknown> | undefined> =>
  jsonLines((await workspace.run(['run', '--once'])).stdout).at(-1);

test('a left file that was refused through a fault of ours is taken once more when a person says so', async () => {
  const workspace = await open({ original: 'leave' });
  await workspace.put('erp/orders/in/a.csv', order);
  await run(workspace);
  await workspace.put('m.yaml', mapping('Article'));
  expect(await run(workspace)).toMatchObject({ drops: 0 });
  const { stdout } = await workspace.run(['status', 'a.csv', '--json']);
  const hint = jsonLines(stdout).find(({ event }) => event === 'left');
  expect(hint?.hint).toContain('dray ledger forget erp orders/in/a.csv');
  const forget = (path: string, folder = 'erp') => workspace.run(['ledger', 'forget', folder, path]);
  expect((await forget('orders/in/a.csv')).code).toBe(0);
  expect((await forget('orders/in/a.csv')).code).toBe(1);
  expect((await forget('orders/in/a.csv', 'elsewhere')).code).toBe(2);
  expect(await run(workspace)).toMatchObject({ drops: 1 });
  const told = jsonLines((await workspace.run(['status', 'A1', '--json'])).stdout);
  expect(told.filter(({ event }) => event === 'document')).toContainEqual(
    expect.objectContaining({ key: 'A1', status: 'accepted' }),
  );
});

test('check says what makes sure that a file is whole', async () => {
  const marked = await open({ original: 'leave', marker: '{name}.ok' });
  expect((await marked.run(['check'])).stdout).toContain(
    'completeness is certain: its sender says with the marker {name}.ok that the file is whole',
  );
});
