import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const ORDERS = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty\n';
const CHANGES = 'Action,OrderNo,ShipName,Address1,City,State,Zip\n';
const order = (number: string): string => `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,1\n`;

/** A workspace in which BAD is held and its new address waits behind it. */
async function createScene(): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const inbound = {
    orders: inboundFlow('orders', 'order', 'order.create'),
    changes: inboundFlow('changes', 'order-changes', 'order.ship-to'),
  };
  const config = ctlConfig(`${sandbox.url}/ctl`, {
    inbound,
    provider: { retry: { base: '5ms', cap: '10ms', attempts: 2 } },
  });
  const workspace = await createWorkspace(config);
  onTestFinished(() => workspace.remove());
  await addFault(sandbox, { provider: 'ctl', method: 'PUT', pathPattern: 'Orders/BAD$' }, { status: 503 });
  await addFault(sandbox, { provider: 'ctl', method: 'PUT' }, { delayMs: 20 });
  const others = Array.from({ length: 30 }, (_, index) => order(`OK${index}`)).join('');
  await workspace.put('erp/orders/in/a.csv', `${ORDERS}${order('BAD')}${others}`);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  await workspace.put('erp/changes/in/b.csv', `${CHANGES}A,BAD,Okafor Studio,7 Dock Lane,Dayton,OH,45402\n`);
  return { sandbox, workspace };
}

const statusOf = async (workspace: Workspace): Promise<unknown[]> =>
  jsonLines((await workspace.run(['ledger', 'show', 'BAD'])).stdout).map(({ type, status, issues }) => [
    type,
    status,
    ((issues ?? []) as { code: string }[]).map(({ code }) => code),
  ]);

describe('work behind a held document', () => {
  test('is no success of a run that ends, and goes on when the held one is given up', async () => {
    const { sandbox, workspace } = await createScene();
    for (const drops of [1, 0]) {
      const run = await workspace.run(['run', '--once']);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('dray: 1 document waits behind held ones with the same key');
      expect(jsonLines(run.stdout).at(-1)).toMatchObject({ event: 'end', drops, blocked: 1, held: 0, rejected: 0 });
    }
    const given = await workspace.run(['ledger', 'give-up', 'BAD']);
    expect([given.code, jsonLines(given.stdout)]).toEqual([0, [{ event: 'given-up', key: 'BAD', submissions: 1 }]]);
    expect((await workspace.run(['ledger', 'give-up', 'BAD'])).code).toBe(1);
    const end = await workspace.run(['run', '--once']);
    expect([end.code, end.stderr]).not.toContain('waits behind');
    // The order never came to CTL, so its new address is refused there: it was sent.
    expect(sentTo(sandbox, 'PUT', /Orders\/BAD\/ShipTo/)).toMatchObject([{ status: 404 }]);
    expect(await workspace.read('erp/changes/results/b.result.csv')).toContain('BAD,rejected,not-found');
    expect(await statusOf(workspace)).toEqual([
      ['order-change', 'rejected', ['not-found']],
      ['order', 'rejected', expect.arrayContaining(['given-up'])],
    ]);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
  });

  test('goes on in the running program, too', async () => {
    const { sandbox, workspace } = await createScene();
    const { child, finished } = workspace.start(['run']);
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = '';
    const stdout = child.stdout ?? child;
    const until = async (text: string): Promise<void> => {
      while (!told.includes(text)) told += String((await once(stdout, 'data'))[0]);
    };
    await until('"event":"drop"');
    expect((await workspace.run(['ledger', 'give-up', 'BAD'])).code).toBe(0);
    await until('"event":"report"');
    expect(sentTo(sandbox, 'PUT', /Orders\/BAD\/ShipTo/)).toHaveLength(1);
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 0, signal: null });
  });
});
