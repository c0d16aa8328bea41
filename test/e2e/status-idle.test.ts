import { access, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const map = `map:
  ShipTo: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: { $value: US } }
  Items: { $each: LINES, Sku: SKU, Quantity: Qty }
  Variables:
    - { Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }
`;
const single = `read: { format: csv }
document: { type: order, key: OrderNo, group: OrderNo }
${map.replace('LINES', 'lines')}`;
const pair = `read: { format: csv, name: 'Orders{n}.csv', with: { items: { name: 'OrderItems{n}.csv', by: OrderNo } } }
document: { type: order, key: OrderNo, group: OrderNo }
${map.replace('LINES', 'items')}`;

const order = (number: string): string =>
  `OrderNo,Name,Street,City,State,Zip,SKU,Qty\n${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,CAP-STD,1\n`;
const header = (number: string): string =>
  `OrderNo,Name,Street,City,State,Zip\n${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402\n`;

async function open(inbound: object, folders: object = {}): Promise<Workspace> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const config = ctlConfig(`${sandbox.url}/ctl`, { inbound }) as { folders: object };
  const workspace = await createWorkspace({ ...config, folders: { ...config.folders, ...folders } });
  onTestFinished(() => workspace.remove());
  await workspace.put('single.yaml', single);
  await workspace.put('pair.yaml', pair);
  return workspace;
}

/** `path: why` of the files that status names. */
async function waiting(workspace: Workspace, ...argv: string[]): Promise<readonly string[]> {
  const { code, stdout } = await workspace.run(['status', ...argv, '--json']);
  expect(code).toBe(0);
  return jsonLines(stdout).flatMap(({ event, path, why }) =>
    event === 'waiting' ? [`${String(path)}: ${String(why)}`] : [],
  );
}

test('status says why files wait although no dray runs, and leaves them alone', async () => {
  const workspace = await open({
    orders: inboundFlow('orders', 'pair.yaml', 'order.create', { pick: 'orders/in/Orders*.csv' }),
  });
  await workspace.put('erp/orders/in/Orders7.csv', header('A7'));
  await workspace.put('erp/orders/in/OrderItems8.csv', 'OrderNo,SKU,Qty\nA8,CAP-STD,1\n');
  await workspace.put('erp/orders/in/stray.txt', 'hello');
  await workspace.run(['run', '--once']);
  expect((await waiting(workspace)).toSorted()).toEqual([
    'orders/in/OrderItems8.csv: belongs to Orders8.csv, which has not come',
    'orders/in/Orders7.csv: waits for OrderItems7.csv',
    'orders/in/stray.txt: no flow picks a file of this name',
  ]);
  expect(await waiting(workspace, 'Orders7.csv')).toEqual(['orders/in/Orders7.csv: waits for OrderItems7.csv']);
  await workspace.put('erp/orders/in/OrderItems7.csv', 'OrderNo,SKU,Qty\nA7,CAP-STD,1\n');
  expect(await waiting(workspace, 'Orders7.csv')).toEqual(['orders/in/Orders7.csv: dray is not running']);
  expect(await workspace.names('erp/orders/in')).toEqual([
    'OrderItems7.csv',
    'OrderItems8.csv',
    'Orders7.csv',
    'stray.txt',
  ]);
});

test('status says which number a file waits for although no dray runs', async () => {
  const sequence = { in: 'ORD_{seq}.csv' };
  const workspace = await open({ orders: inboundFlow('orders', 'single.yaml', 'order.create', { sequence }) });
  for (const number of [2, 4, 5]) await workspace.put(`erp/orders/in/ORD_${number}.csv`, order(`A${number}`));
  await workspace.run(['run', '--once']);
  const why = 'waits for number 3, which has not come; to go on without it: dray ledger sequence orders --next';
  expect(await waiting(workspace)).toEqual([`orders/in/ORD_4.csv: ${why} 4`, `orders/in/ORD_5.csv: ${why} 5`]);
  await workspace.put('erp/orders/in/ORD_3.csv', order('A3'));
  expect(await waiting(workspace)).toEqual(
    [3, 4, 5].map((number) => `orders/in/ORD_${number}.csv: dray is not running`),
  );
});

test('status names a folder it cannot look at, and makes no directory', async () => {
  const workspace = await open(
    {
      orders: inboundFlow('orders', 'single.yaml', 'order.create'),
      away: inboundFlow('away', 'single.yaml', 'order.create', { folder: 'away' }),
    },
    { away: { path: 'away' } },
  );
  await workspace.run(['run', '--once']);
  await rm(workspace.path('away'), { recursive: true });
  await rm(workspace.path('erp/orders/in'), { recursive: true });
  const { code, stdout } = await workspace.run(['status', '--json']);
  expect(code).toBe(0);
  expect(jsonLines(stdout)).toContainEqual({
    event: 'unseen',
    folder: 'folder away was not looked at: the folder is gone or was replaced',
  });
  await expect(access(workspace.path('erp/orders/in'))).rejects.toThrow();
});

test('status does not wait for a server that cannot be reached: one line says so', async () => {
  const workspace = await open({ orders: inboundFlow('orders', 'single.yaml', 'order.create') });
  await workspace.run(['run', '--once']);
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const config = await workspace.read('config.yaml');
  const known = `username: u, password: p, hostKey: "SHA256:${'A'.repeat(43)}"`;
  for (const [port, why] of [
    [1, 'the server of the folder cannot be reached'],
    [(silent.address() as AddressInfo).port, 'it did not answer within 3 s'],
  ]) {
    const sftp = `sftp: { host: 127.0.0.1, port: ${port}, ${known} }`;
    await workspace.put('config.yaml', config.replace('path: erp', `path: erp\n    ${sftp}`));
    const { stdout } = await workspace.run(['status', '--json']);
    expect(jsonLines(stdout)).toContainEqual({ event: 'unseen', folder: `folder erp was not looked at: ${why}` });
  }
});
