import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository } from '../support/dray.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, outboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift';
const order = (number: string, zip: string, quantity: string): string =>
  `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,${zip},1,CAP-STD,${quantity},no`;
const file = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

async function open(flows: Parameters<typeof ctlConfig>[1] = {}): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, flows));
  onTestFinished(() => workspace.remove());
  return { sandbox, workspace };
}

function createdOrders(sandbox: Sandbox): string[] {
  return sentTo(sandbox, 'PUT', /\/Orders\//)
    .filter(({ status }) => status === 201)
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    .sort();
}

describe('a clerk', () => {
  test('gets the good orders through and mends the others in the reject sheet', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put(
      'erp/orders/in/monday.csv',
      file(
        order('A1', '45402', '2'),
        order('A2', '45402', '2.5.1'),
        order('A3', '45402', '1'),
        order('A4', '', '3'),
        order('A5', '45402', '4'),
      ),
    );
    const first = await workspace.run(['run', '--once']);
    expect(first.code).toBe(1);
    expect(createdOrders(sandbox)).toEqual(['A1', 'A3', 'A5']);

    const result = await workspace.read('erp/orders/results/monday.result.csv');
    expect(result).toContain('monday.csv,3,A2,rejected,not-a-number,Qty,2.5.1,');
    expect(result).toContain('monday.csv,5,A4,rejected,missing-value,Zip,');
    const sheet = await workspace.read('erp/orders/results/monday.rejected.csv');
    expect(sheet.split('\n')[0]).toBe(`${HEADER},dray_code,dray_column,dray_reason`);
    expect(sheet).toContain(`${order('A2', '45402', '2.5.1')},"not-a-number","Qty","not a number;`);

    const mended = sheet.replace('2.5.1', '2').replace('OH,,', 'OH,07102,');
    await workspace.put('erp/orders/in/mended by Jo.csv', mended);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
    expect(sentTo(sandbox, 'PUT', /Orders\//)).toHaveLength(5);
  });

  test('never has part of an order sent when a line of it cannot be told', async () => {
    const { sandbox, workspace } = await open();
    const second = (row: string, number: string): string =>
      row.replace('1,CAP-STD', '2,CAP-STD').replace(/^[^,]*/, number);
    await workspace.put(
      'erp/orders/in/a.csv',
      file(
        order('T1', '45402', '1'),
        second(order('T1', '45402', '2'), 'T1').replace('CAP-STD', '5" CAP'),
        order('T2', '45402', '1'),
        second(order('T2', '45402', '2'), ''),
        order('T3', '45402', '1'),
      ),
    );
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(createdOrders(sandbox)).toEqual(['T3']);
    const sheet = await workspace.read('erp/orders/results/a.rejected.csv');
    expect(sheet.trim().split('\n')).toHaveLength(5);
    await workspace.put('erp/orders/in/mended.csv', sheet.replace('5" CAP', 'CAP-STD').replace('\n,Oka', '\nT2,Oka'));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['T1', 'T2', 'T3']);
  });

  test('never has an order sent that stands in both of two joined files', async () => {
    const { sandbox, workspace } = await open();
    const rows = [order('J1', '45402', '1'), order('J2', '45402', '1')];
    await workspace.put(
      'erp/orders/in/a.csv',
      file(...rows, HEADER, order('J1', '45402', '1'), order('J3', '45402', '1')),
    );
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(createdOrders(sandbox)).toEqual(['J2', 'J3']);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('joined-files');
  });

  test('reads at the cell what the provider refused', async () => {
    const { sandbox, workspace } = await open();
    await fetch(`${sandbox.url}/__admin/switches`, {
      method: 'POST',
      body: JSON.stringify({ ctl: { knownSkusOnly: true } }),
    });
    await workspace.put(
      'erp/orders/in/tuesday.csv',
      `${HEADER}\nB1,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,1,no\nB1,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,2,NO-SUCH-SKU,1,no\n`,
    );
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    const result = await workspace.read('erp/orders/results/tuesday.result.csv');
    expect(result).toContain('tuesday.csv,3,B1,rejected,refused-by-provider,SKU,NO-SUCH-SKU,');
    const sheet = await workspace.read('erp/orders/results/tuesday.rejected.csv');
    expect(sheet).toContain('NO-SUCH-SKU,1,no,"refused-by-provider","SKU",');
  });
});

describe('an ERP', () => {
  test('drops into the folder itself', async () => {
    const { sandbox, workspace } = await open();
    const config = await workspace.read('config.yaml');
    await workspace.put('config.yaml', config.replace('orders/in/*.csv', '"*.csv"'));
    await workspace.put('erp/a.csv', file(order('F1', '45402', '1')));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['F1']);
    expect(await workspace.names('erp')).toEqual(['orders']);
  });

  test('drops the same file five times, under other names too, and has one order of each', async () => {
    const { sandbox, workspace } = await open();
    const content = file(order('C1', '45402', '1'), order('C2', '45402', '1'));
    for (const name of ['a.csv', 'a.csv', 'b.csv', 'c.csv', 'a.csv']) {
      await workspace.put(`erp/orders/in/${name}`, content);
      expect((await workspace.run(['run', '--once'])).code).toBe(0);
    }
    expect(sentTo(sandbox, 'PUT', /Orders\//)).toHaveLength(2);
    expect(await workspace.names('erp/orders/done')).toEqual(['a.2.csv', 'a.5.csv', 'a.csv', 'b.csv', 'c.csv']);
    expect(await workspace.read('erp/orders/results/c.result.csv')).toContain('already-received');
  });

  test('is told when a key comes again with other content', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put('erp/orders/in/a.csv', file(order('D1', '45402', '1')));
    await workspace.run(['run', '--once']);
    await workspace.put('erp/orders/in/b.csv', file(order('D1', '45402', '9')));
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(await workspace.read('erp/orders/results/b.result.csv')).toContain('key-reused');
    expect(sentTo(sandbox, 'PUT', /Orders\//)).toHaveLength(1);
  });

  test('has its answer for a file whose name is as long as a name can be', async () => {
    const { workspace } = await open();
    const name = `${'ü'.repeat(125)}.csv`;
    for (const quantity of ['1', 'x']) {
      await workspace.put(`erp/orders/in/${name}`, file(order(`R${quantity}`, '45402', quantity)));
      await workspace.run(['run', '--once']);
    }
    expect(await workspace.names('erp/orders/done')).toHaveLength(2);
    expect((await workspace.names('erp/orders/results')).map((result) => result.replace(/^ü+/, ''))).toEqual(
      expect.arrayContaining(['.rejected.csv', '.result.csv']),
    );
    expect(await workspace.names('erp/orders/results')).toHaveLength(3);
  });

  test('sees in a dry run what a run would send, blank rows and all', async () => {
    const { workspace } = await open();
    const mapping = join(repository, 'mappings/ctl/order.yaml');
    const path = await workspace.put('trial.csv', `${file(order('S1', '45402', '1'))},,,,,,,,,\n`);
    const trial = await workspace.run(['map', path, '--mapping', mapping]);
    expect(trial.code).toBe(0);
    expect(trial.stdout.trim().split('\n')).toHaveLength(1);
  });

  test('may let the rows of one document lie apart', async () => {
    const { sandbox, workspace } = await open();
    const rows = [
      order('E1', '45402', '1'),
      order('E2', '45402', '2'),
      order('E1', '45402', '3').replace(',1,CAP', ',2,CAP'),
    ];
    await workspace.put('erp/orders/in/a.csv', file(...rows));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    const [first] = sentTo(sandbox, 'PUT', /Orders\/E1/);
    expect((JSON.parse(first?.body ?? '{}') as { Items: unknown[] }).Items).toHaveLength(2);
  });

  test('gets every shipped line once, in files with gapless numbers', async () => {
    const { sandbox, workspace } = await open({
      outbound: { shipped: outboundFlow('shipments', 'ship-confirmation', 'out/S_{seq:6}.csv') },
    });
    for (const day of [1, 2, 3]) {
      await workspace.put(`erp/orders/in/${day}.csv`, file(order(`F${day}`, '45402', '1')));
      await workspace.run(['run', '--once']);
      sandbox.advance(86_400_000);
    }
    await workspace.run(['run', '--once']);
    expect(await workspace.names('erp/out')).toEqual(['S_000001.csv', 'S_000002.csv', 'S_000003.csv']);
  });

  test('leaves a file without a final line end alone for longer, then has it taken with a notice', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put('erp/orders/in/a.csv', file(order('G1', '45402', '1')).trimEnd());
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['G1']);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('no-final-newline');
  });
});

describe('a nightly batch', () => {
  test('ends at once with 0 on an empty folder', async () => {
    const { workspace } = await open();
    const run = await workspace.run(['run', '--once']);
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(jsonLines(run.stdout).at(-1)).toMatchObject({ event: 'end', drops: 0, troubles: 0 });
  });

  test('ends with 2 and names line and column of a broken mapping', async () => {
    const { workspace } = await open();
    const mapping = await workspace.put(
      'broken.yaml',
      'read: { format: csv }\ndocument: { type: order, key: OrderNo }\nmap:\n  Itemz: { $each: lines }\n',
    );
    const broken = await createWorkspace(
      ctlConfig('http://127.0.0.1:9', { inbound: { orders: inboundFlow('orders', mapping, 'order.create') } }),
    );
    onTestFinished(() => broken.remove());
    const run = await broken.run(['run', '--once']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/broken\.yaml:4:3 not-in-schema .*Itemz.*Did you mean "Items"/);
  });

  test('ends with 3 when the provider is down, and sends everything next time', async () => {
    const { sandbox, workspace } = await open({ provider: { retry: { base: '5ms', cap: '20ms', attempts: 3 } } });
    await addFault(sandbox, { provider: 'ctl' }, { status: 503 });
    await workspace.put('erp/orders/in/a.csv', file(order('H1', '45402', '1'), order('H2', '45402', '1')));
    const down = await workspace.run(['run', '--once']);
    expect(down.code).toBe(3);
    expect(down.stderr).toContain('provider ctl');
    expect(createdOrders(sandbox)).toEqual([]);
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['H1', 'H2']);
  });

  test('ends with 3 when every send fails although the provider answers look-ups', async () => {
    const flows = {
      orders: inboundFlow('orders', 'order', 'order.create'),
      pos: inboundFlow('pos', 'purchase-order', 'purchase-order.create'),
    };
    const { sandbox, workspace } = await open({
      inbound: flows,
      provider: { retry: { base: '5ms', cap: '20ms', attempts: 3 } },
    });
    await addFault(sandbox, { provider: 'ctl', method: 'PUT' }, { status: 500 });
    await workspace.put('erp/orders/in/a.csv', file(order('M1', '45402', '1')));
    await workspace.put('erp/pos/in/a.csv', 'PONumber,SKU,Qty\nP1,CAP-STD,1\n');
    expect((await workspace.run(['run', '--once'])).code).toBe(3);
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['M1']);
  });

  test('ends with 3 when the provider refuses us, and sends at once when that is mended', async () => {
    const { sandbox, workspace } = await open();
    await addFault(sandbox, { provider: 'ctl' }, { status: 401 });
    await workspace.put('erp/orders/in/a.csv', file(order('N1', '45402', '1')));
    const refused = await workspace.run(['run', '--once']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('it refuses us (401) and says "Forced answer 401.": check credentials');
    await fetch(`${sandbox.url}/__admin/faults`, { method: 'DELETE' });
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['N1']);
  });

  test('ends with 3 when a folder that was there is gone, rather than find it empty', async () => {
    const { workspace } = await open();
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    await rm(workspace.path('erp'), { recursive: true });
    const run = await workspace.run(['run', '--once']);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('folder-gone');
    expect(await workspace.names('erp')).toEqual([]);
  });

  test('goes on with the other files when one cannot be filed', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put('erp/orders/in/a.csv', file(order('O1', '45402', '1')));
    await workspace.put('erp/orders/in/b.csv', file(order('O2', '45402', '1')));
    // A file where the directory of filed drops should be.
    await workspace.put('erp/orders/done', 'in the way');
    expect((await workspace.run(['run', '--once'])).code).toBe(3);
    expect(createdOrders(sandbox)).toEqual(['O1', 'O2']);
    await rm(workspace.path('erp/orders/done'));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(await workspace.names('erp/orders/done')).toEqual(['a.csv', 'b.csv']);
    expect(sentTo(sandbox, 'PUT', /Orders/)).toHaveLength(2);
  });

  test('goes on when nobody reads what it prints', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put('erp/orders/in/a.csv', file(order('Q1', '45402', '1')));
    const { child, finished } = workspace.start(['run', '--once']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect((await finished).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['Q1']);
  });

  test('ends with 3 when nothing listens at the address of the provider', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const config = ctlConfig(`http://127.0.0.1:${address.port}`, {
      provider: { retry: { base: '5ms', cap: '20ms', attempts: 3 } },
    });
    const workspace = await createWorkspace(config);
    onTestFinished(() => workspace.remove());
    await workspace.put('erp/orders/in/a.csv', file(order('I1', '45402', '1')));
    expect((await workspace.run(['run', '--once'])).code).toBe(3);
  });

  test('ends with 3 when another dray holds the ledger, and says which', async () => {
    const { workspace } = await open();
    const { child, finished } = workspace.start(['run']);
    await new Promise<void>((resolve) =>
      child.stdout?.on('data', (text: string) => text.includes('"start"') && resolve()),
    );
    const second = await workspace.run(['run', '--once']);
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(`process ${child.pid}`);
    const status = await workspace.run(['status', '--json']);
    expect(jsonLines(status.stdout)[0]).toMatchObject({ event: 'status', isRunning: true });
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 0 });
  });

  test('is stopped with SIGTERM in the middle of sending and loses nothing', async () => {
    const { sandbox, workspace } = await open();
    await addFault(sandbox, { provider: 'ctl', method: 'PUT' }, { delayMs: 30 });
    const numbers = Array.from({ length: 40 }, (_, index) => `J${index + 10}`);
    await workspace.put('erp/orders/in/a.csv', file(...numbers.map((number) => order(number, '45402', '1'))));
    const { child, finished } = workspace.start(['run']);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => text.includes('attempt ended') && resolve());
    });
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ code: 0 });
    expect(createdOrders(sandbox).length).toBeLessThan(numbers.length);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(numbers);
  });
});

describe('a provider that loses its answers', () => {
  test('is asked before anything is sent again', async () => {
    const { sandbox, workspace } = await open();
    await addFault(sandbox, { provider: 'ctl', method: 'PUT', times: 1 }, { drop: 'after-commit' });
    await workspace.put('erp/orders/in/a.csv', file(order('K1', '45402', '1')));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(sentTo(sandbox, 'PUT', /Orders\/K1/)).toHaveLength(1);
    expect(sentTo(sandbox, 'GET', /Orders\/K1/)).toHaveLength(1);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('K1,accepted');
  });

  test('that holds a foreign record under our key makes it a rejection, not a success', async () => {
    const { sandbox, workspace } = await open();
    const headers = { 'X-Ctl-ClientId': 'demo', 'X-Ctl-UserId': 'demo', 'content-type': 'application/json' };
    const ShipTo = {
      Name: 'Somebody',
      Address1: '1 Other Road',
      City: 'Erie',
      StateOrProvince: 'PA',
      PostalCode: '16501',
    };
    const body = JSON.stringify({ ShipTo, Items: [{ Sku: 'MUG-350', Quantity: 7 }] });
    await fetch(`${sandbox.url}/ctl/v1/Orders/L1`, { method: 'PUT', headers, body });
    await workspace.put('erp/orders/in/a.csv', file(order('L1', '45402', '1')));
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('key-in-use');
  });
});
