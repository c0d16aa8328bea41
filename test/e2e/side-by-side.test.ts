import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow } from '../support/workspace.ts';

const orders = `OrderNo,ShipName,Address1,City,State,Zip,Country,SKU,Qty
SO-1,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,US,CAP-STD,1
SO-2,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,US,CAP-STD,many
`;

test('two configurations with their ledgers in one directory leave each other what they keep', async () => {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const flow = (directory: string): object => ({ orders: inboundFlow(directory, 'order', 'order.create') });
  const away = ctlConfig('http://127.0.0.1:1/ctl', { inbound: flow('a') });
  const workspace = await createWorkspace(away);
  onTestFinished(() => workspace.remove());
  const other = { ...ctlConfig(`${sandbox.url}/ctl`, { inbound: flow('b') }), ledger: 'data/other.db' };
  await workspace.put('other.yaml', stringify(other));

  await workspace.put('erp/a/in/orders.csv', orders);
  expect((await workspace.run(['run', '--once'])).code).toBe(3);
  expect(await workspace.names('data/dray.spool')).toHaveLength(1);
  expect((await workspace.run(['run', '--once', '--config', workspace.path('other.yaml')])).code).toBe(0);
  expect(await workspace.names('data/dray.spool')).toHaveLength(1);

  const back = ctlConfig(`${sandbox.url}/ctl`, { inbound: flow('a') });
  await workspace.put('config.yaml', stringify(back));
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(await workspace.names('erp/a/results')).toEqual(['orders.rejected.csv', 'orders.result.csv']);
  expect(await workspace.read('erp/a/results/orders.result.csv')).toContain('SO-1,accepted');
});
