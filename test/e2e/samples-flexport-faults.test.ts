import { expect, test } from 'vitest';
import type { Sandbox, SwitchChanges } from '../../src/sandbox/index.ts';
import { addFault, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';
import { DAY_MS, putDefinition, sampleConfig, START, SWITCHES, type Entries } from './samples-flexport-support.ts';

const ORDER_HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty\n';
const orderLine = (number: number): string => `SO-${number},Mina Okafor,1 Elm Road,Dayton,OH,45402,10,CAP-STD,1\n`;

/** A sandbox and a workspace for one test, with the flows it needs. */
async function withSample(
  switches: SwitchChanges['flexport'] & {},
  flows: readonly string[],
  check: (sandbox: Sandbox, workspace: Workspace) => Promise<void>,
): Promise<void> {
  const sandbox = await startFixedSandbox({ now: () => START, switches: { flexport: { ...SWITCHES, ...switches } } });
  const config = await sampleConfig(`${sandbox.url}/flexport`);
  const wanted = (entries: Entries): Entries =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => flows.includes(name)));
  const workspace = await createWorkspace({
    ...config,
    inbound: wanted(config.inbound),
    outbound: wanted(config.outbound),
  });
  try {
    await putDefinition(workspace);
    await check(sandbox, workspace);
  } finally {
    await sandbox.close();
    await workspace.remove();
  }
}

test('answers that are lost, late, refused or broken make one order each', async () => {
  await withSample({}, ['orders'], async (sandbox, workspace) => {
    const create = { method: 'POST', pathPattern: '/orders$' };
    await addFault(sandbox, { ...create, bodyContains: 'SO-1"', times: 1 }, { drop: 'after-commit' });
    await addFault(sandbox, { ...create, bodyContains: 'SO-2"', times: 1 }, { drop: 'before-commit' });
    await addFault(sandbox, { ...create, bodyContains: 'SO-3"', times: 1 }, { status: 500, commit: true });
    await addFault(sandbox, { ...create, bodyContains: 'SO-4"', times: 5 }, { status: 503 });
    await addFault(sandbox, { ...create, bodyContains: 'SO-5"', times: 2 }, { status: 429 });
    await addFault(sandbox, { ...create, bodyContains: 'SO-6"', times: 1 }, { drop: 'mid-body' });
    const numbers = [1, 2, 3, 4, 5, 6];
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + numbers.map(orderLine).join(''));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    const results = (await workspace.read('erp/orders/results/orders.result.csv')).trim().split('\r\n').slice(1);
    expect(results.map((line) => line.split(',').slice(2, 4))).toEqual(
      numbers.map((each) => [`SO-${each}`, 'accepted']),
    );
    const made = sandbox.journal().filter(({ committed, path }) => committed && path.endsWith('/orders'));
    expect(made).toHaveLength(6);
  });
});

test('a cancellation whose answer was lost is found done, and not asked for again', async () => {
  await withSample({}, ['orders', 'cancels'], async (sandbox, workspace) => {
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + orderLine(1));
    await workspace.run(['run', '--once']);
    await addFault(sandbox, { method: 'POST', pathPattern: '/cancel$', times: 1 }, { drop: 'after-commit' });
    await workspace.put('erp/cancels/in/cancels.csv', 'OrderNo,Reason\nSO-1,Entered twice\n');
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(await workspace.read('erp/cancels/results/cancels.result.csv')).toContain('SO-1,accepted');
    const cancels = sandbox.journal().filter(({ path }) => path.endsWith('/cancel'));
    expect(cancels.map(({ status }) => status)).toEqual([null]);
  });
});

test('a barcode whose answer was lost is there once, and is not refused as a duplicate', async () => {
  await withSample({}, ['barcodes'], async (sandbox, workspace) => {
    await addFault(sandbox, { method: 'POST', pathPattern: '/barcode$', times: 1 }, { drop: 'after-commit' });
    await workspace.put('erp/barcodes/in/one.csv', 'SKU,Barcode\nMUG-350,036000291452\n');
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(await workspace.read('erp/barcodes/results/one.result.csv')).toMatch(/MUG-350 036000291452,accepted,,,,,D/);
    const posts = sandbox.journal().filter(({ path }) => path.endsWith('/barcode'));
    expect(posts.map(({ status }) => status)).toEqual([null]);
    // Somebody else put it there.
    await workspace.put('erp/barcodes/in/two.csv', 'SKU,Barcode\nCAP-STD,036000291452\n');
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(await workspace.read('erp/barcodes/results/two.result.csv')).toContain(
      'ALREADY_ASSIGNED (another product has this barcode)',
    );
  });
});

test('a token that lacks a scope is told in the words of Flexport, and an own SKU that is none at its cell', async () => {
  await withSample({}, ['orders'], async (sandbox, workspace) => {
    const create = { method: 'POST', pathPattern: '/orders$', times: 1 };
    const body = { detail: 'The token lacks the scope write_logistics_orders' };
    await addFault(sandbox, create, {
      status: 403,
      body: JSON.stringify(body),
      contentType: 'application/problem+json',
    });
    const unknown = orderLine(2).replace('CAP-STD', 'DISHWASHER1');
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + orderLine(1) + unknown);
    const refused = await workspace.run(['run', '--once']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('it refuses us (403) and says "The token lacks the scope write_logistics_orders"');
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    const results = await workspace.read('erp/orders/results/orders.result.csv');
    expect(results).toContain('SO-1,accepted');
    expect(results).toContain('3,SO-2,rejected,refused-by-provider,SKU,DISHWASHER1,');
  });
});

test('an order that is cancelled is cancelled, however often and for whatever reason it is asked for', async () => {
  await withSample({}, ['orders', 'cancels'], async (sandbox, workspace) => {
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + orderLine(1));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    for (const [name, reason] of Object.entries({ a: 'x', b: 'y', c: 'y' })) {
      await workspace.put(`erp/cancels/in/${name}.csv`, `OrderNo,Reason\nSO-1,${reason}\n`);
      expect((await workspace.run(['run', '--once'])).code).toBe(0);
      expect(await workspace.read(`erp/cancels/results/${name}.result.csv`)).toContain(
        name === 'c' ? 'SO-1,already-received' : 'SO-1,accepted',
      );
    }
    expect(sandbox.journal().filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
  });
});

test.each([401, 403, 423])(
  '%i stops the lane: nothing is refused, and it goes on once that is mended',
  async (status) => {
    await withSample({}, ['orders'], async (sandbox, workspace) => {
      await addFault(sandbox, { method: 'POST', pathPattern: '/orders$', times: 1 }, { status });
      await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + orderLine(1));
      expect((await workspace.run(['run', '--once'])).code).toBe(3);
      expect(await workspace.names('erp/orders/results')).toEqual([]);
      expect((await workspace.run(['run', '--once'])).code).toBe(0);
      expect(await workspace.read('erp/orders/results/orders.result.csv')).toContain('SO-1,accepted');
    });
  },
);

/** Makes an order as somebody else would, who has the same account. */
async function createElsewhere(
  sandbox: Sandbox,
  externalOrderId: string,
  merchantSku: string,
  name = 'Mina Okafor',
): Promise<void> {
  const api = `${sandbox.url}/flexport/logistics/api/2026-02`;
  const headers = { authorization: 'Bearer demo', 'content-type': 'application/json' };
  const found = await fetch(`${api}/products/merchant_sku/${merchantSku}`, { headers });
  const [product] = (await found.json()) as { logisticsSku: string }[];
  const lineItems = [{ logisticsSku: product?.logisticsSku, quantity: 1 }];
  const address = { name, address1: '1 Elm Road', city: 'Dayton', provinceCode: 'OH', zip: '45402', countryCode: 'US' };
  const body = JSON.stringify({ externalOrderId, address, lineItems });
  expect((await fetch(`${api}/orders`, { method: 'POST', headers, body })).status).toBe(201);
}

test('a number that is taken is ours when the content is, and made to go on when it stopped', async () => {
  await withSample({}, ['orders'], async (sandbox, workspace) => {
    await createElsewhere(sandbox, 'SO-1', 'CAP-STD');
    await createElsewhere(sandbox, 'SO-2', 'MUG-350');
    await createElsewhere(sandbox, 'SO-3', 'SCALE-PRO');
    await createElsewhere(sandbox, 'SO-4', 'CAP-STD', 'Somebody Else');
    sandbox.advance(DAY_MS);
    const lines = [orderLine(1), orderLine(2), orderLine(3).replace('CAP-STD', 'SCALE-PRO'), orderLine(4)];
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + lines.join(''));
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    const results = (await workspace.read('erp/orders/results/orders.result.csv')).trim().split('\r\n').slice(1);
    expect(results.map((line) => line.split(',').slice(2, 5))).toEqual([
      ['SO-1', 'accepted', ''],
      ['SO-2', 'rejected', 'key-in-use'],
      ['SO-3', 'accepted', ''],
      ['SO-4', 'rejected', 'key-in-use'],
    ]);
    const retries = sandbox.journal().filter(({ path }) => path.endsWith('/retry'));
    expect(retries.map(({ path, status }) => [path.split('/').at(-2), status])).toEqual([['412700003', 200]]);
  });
});

test('ids that are numbers, and answers that tell no more than they must, give the same files', async () => {
  const flows = ['orders', 'ship-confirmations'];
  await withSample({ numericIds: true, omitOptional: true, splitEvery: 0 }, flows, async (sandbox, workspace) => {
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + orderLine(1));
    await workspace.run(['run', '--once']);
    sandbox.advance(DAY_MS);
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect(await workspace.read('erp/orders/results/orders.result.csv')).toContain('SO-1,accepted,,,,,412700001');
    const rows = await rowsOf(workspace, 'shipconf', 'SHIPCONF');
    expect(rows.map((row) => row.split(','))).toEqual([
      expect.arrayContaining(['SO-1', '1', 'UPS', '1Z00TEST0000000001', '88120001', 'PK-55001', '412700001']),
    ]);
  });
});

/** Rows of every file of a flow, without headers. */
async function rowsOf(workspace: Workspace, directory: string, start: string): Promise<string[]> {
  const files = (await workspace.names(`erp/${directory}`)).filter((name) => name.startsWith(start));
  const texts = await Promise.all(files.map((name) => workspace.read(`erp/${directory}/${name}`)));
  return texts.flatMap((text) => text.trim().split('\r\n').slice(1));
}

test.each([
  ['a page that is bad for good and short pages', { deadPageInfo: '1:500', shortPages: true }],
  ['a list that ignores where it is to begin', { ignoreAfter: true }],
])('%s lose and double no event', async (_what, switches) => {
  await withSample(switches, ['orders', 'order-events'], async (sandbox, workspace) => {
    const numbers = Array.from({ length: 12 }, (_, at) => at + 1);
    await workspace.put('erp/orders/in/orders.csv', ORDER_HEADER + numbers.map(orderLine).join(''));
    await workspace.run(['run', '--once']);
    for (let day = 0; day < 3; day++) {
      sandbox.advance(DAY_MS);
      expect((await workspace.run(['run', '--once'])).code).toBe(0);
    }
    const delivered = (await rowsOf(workspace, 'status', 'ORDEREVENT')).filter((row) =>
      row.includes('Order.Delivered'),
    );
    expect(delivered).toHaveLength(numbers.length);
    expect(new Set(delivered.map((row) => row.split(',')[0]))).toEqual(new Set(numbers.map((each) => `SO-${each}`)));
  });
});

test('a gateway that cuts large pages is asked for smaller ones', async () => {
  await withSample({ gatewayPageSize: 25, shortPages: true }, ['inventory'], async (sandbox, workspace) => {
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    const limits = sandbox.journal().map(({ path, status }) => `${/limit=\d+/.exec(path)?.[0]} ${status}`);
    expect(limits.slice(0, 3)).toEqual(['limit=100 504', 'limit=50 504', 'limit=25 200']);
    const rows = await rowsOf(workspace, 'inventory', 'INVENTORY');
    expect([rows.length, new Set(rows).size]).toEqual([16, 16]);
  });
});
