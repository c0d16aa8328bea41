import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { jsonLines, repository, type Finished } from '../support/dray.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const data = (name: string): string => join(repository, 'test/support/testdata', name);

async function open(): Promise<Workspace> {
  const workspace = await createWorkspace(ctlConfig('http://127.0.0.1:9'));
  onTestFinished(() => workspace.remove());
  return workspace;
}

const init = (
  workspace: Workspace,
  from: string,
  operation = 'order.create',
  more: readonly string[] = [],
): Promise<Finished> => workspace.run(['init', '--from', from, '--provider', 'ctl', '--operation', operation, ...more]);

/** A flow of its own folders, so that many can stand side by side. */
function named(flow: object, number: number): object {
  const text = JSON.stringify(flow).replaceAll(/"[a-z0-9-]+\/(in|done|failed|results)/g, `"place-${number}/$1`);
  return JSON.parse(text) as object;
}

/** Adds flows that init proposed, and checks everything. */
async function checkWithFlows(workspace: Workspace, flows: object): Promise<Finished> {
  const config = parse(await workspace.read('config.yaml')) as { inbound: object };
  await writeFile(workspace.path('config.yaml'), stringify({ ...config, inbound: { ...config.inbound, ...flows } }));
  return workspace.run(['check']);
}

const files: readonly (readonly [string, string])[] = [
  ['commerce/sap-bikes-SalesOrderItems.csv', 'order.create'],
  ['commerce/sap-bikes-Products.csv', 'product.upsert'],
  ['commerce/shopware-customers.csv', 'order.create'],
  ['commerce/shopware-products_with_update_by.csv', 'product.upsert'],
  ['commerce/medusa-v1-template.csv', 'product.upsert'],
  ['csv-dialects/essential-mac.csv', 'purchase-order.create'],
  ['csv-dialects/duckdb-encodings_shift_jis.csv', 'asn.create'],
  ['csv-dialects/duckdb-encodings_utf16.csv', 'order.create'],
  ['csv-dialects/multi-bank-account_spec_delimiter.csv', 'order.create'],
  ['json/sample_utf8_bom.json', 'order.create'],
  ['json/example_n.ndjson', 'product.upsert'],
  ['xlsx/frictionless-sheets.xlsx', 'product.upsert'],
  ['fixed-width/master_detail.txt', 'order.create'],
];

describe('dray init', () => {
  test('real files of every format: what it writes and its flows pass dray check, and the tests in it pass', async () => {
    const workspace = await open();
    const mappings: string[] = [];
    const flows: Record<string, unknown> = {};
    for (const [name, operation] of files) {
      const { code, stdout, stderr } = await init(workspace, data(name), operation, [
        '--out',
        `${mappings.length}.yaml`,
      ]);
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
      const [proposed = {}] = jsonLines(stdout);
      mappings.push(String(proposed['mapping']));
      for (const flow of Object.values(proposed['flow'] as object))
        flows[`flow-${mappings.length}`] = named(flow as object, mappings.length);
    }
    expect(await checkWithFlows(workspace, flows)).toMatchObject({ code: 0 });
    expect(jsonLines((await workspace.run(['test', ...mappings])).stdout).at(-1)).toEqual({
      event: 'end',
      passed: files.length,
      failed: 0,
      broken: 0,
    });
    // A program start for each file.
  }, 120_000);

  test('says what it is sure of, what not, what is missing and what nothing reads', async () => {
    const workspace = await open();
    await workspace.put('shop.csv', 'OrderNo,OrderDate,SKU,Item,Colour\nA-1,05/04/2026,CAP,C-1,red\n');
    const { stdout } = await init(workspace, 'shop.csv');
    expect(jsonLines(stdout)).toEqual([
      {
        event: 'proposed',
        mapping: 'mappings/ctl/shop.yaml',
        file: 'shop.csv',
        format: 'csv',
        records: 1,
        document: { type: 'order', key: 'OrderNo' },
        todo: ['Items.Quantity'],
        unsure: ['DateOrdered', 'Items.Sku'],
        unread: ['Item', 'Colour'],
        issues: [{ line: 1, column: 'TODO Items Quantity', code: 'missing-column' }],
        flow: expect.objectContaining({ shop: expect.anything() as unknown }) as unknown,
      },
    ]);
  });

  test('what mappings for the same operation say without the file is taken over', async () => {
    const workspace = await open();
    await workspace.put('shop.csv', 'OrderNo,SKU,Qty\nA-1,CAP,2\n');
    await init(workspace, 'shop.csv', 'order.create', ['--out', 'shop.yaml']);
    expect(await workspace.read('shop.yaml')).toContain(
      "Variables: [{ Key: { $value: BridgeOrderId }, Value: { $value: '{document.key}' } }] # as in order.yaml",
    );
  });

  test('never writes over a file, and writes nothing when it stops', async () => {
    const workspace = await open();
    await workspace.put('shop.csv', 'OrderNo,SKU,Qty\nA-1,CAP,2\n');
    await workspace.put('mine.yaml', 'precious');
    const { code, stderr } = await init(workspace, 'shop.csv', 'order.create', ['--out', 'mine.yaml']);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mine.yaml is there already and is not overwritten') as unknown,
    });
    expect(await workspace.read('mine.yaml')).toBe('precious');
    await init(workspace, 'nowhere.csv');
    expect(await workspace.names('mappings')).toEqual([]);
  });

  test('nonsense is wrong usage, and the message says what would be right', async () => {
    const workspace = await open();
    await workspace.put('shop.csv', 'OrderNo,SKU,Qty\nA-1,CAP,2\n');
    await workspace.put('empty.csv', '');
    await workspace.put('header.csv', 'OrderNo,SKU,Qty\n');
    await workspace.put('noise.bin', Buffer.from([0, 1, 2, 3, 0, 255, 254]));
    await workspace.put('types.csv', await readFile(data('fixed-width/csv-h-d.input.csv')));
    await mkdir(workspace.path('folder'));
    const run = (from: string, provider: string, operation: string): Promise<Finished> =>
      workspace.run(['init', '--from', from, '--provider', provider, '--operation', operation]);
    const cases: [string, string, string, RegExp][] = [
      ['shop.csv', 'ctll', 'order.create', /no provider "ctll"\. Did you mean "ctl"\?/],
      ['shop.csv', 'ctl', 'order.creat', /no operation "order\.creat"\. Did you mean "order\.create"\?/],
      ['nowhere.csv', 'ctl', 'order.create', /cannot read nowhere\.csv: there is no such file/],
      ['folder', 'ctl', 'order.create', /folder is a directory/],
      ['empty.csv', 'ctl', 'order.create', /empty\.csv cannot be read: empty\.csv: empty file/],
      ['header.csv', 'ctl', 'order.create', /header\.csv holds no records/],
      ['noise.bin', 'ctl', 'order.create', /noise\.bin cannot be read/],
      ['types.csv', 'ctl', 'order.create', /types\.csv mixes kinds of records \(H, D\)/],
    ];
    for (const [from, provider, operation, message] of cases) {
      const { code, stdout, stderr } = await run(from, provider, operation);
      expect([from, code, stdout]).toEqual([from, 2, '']);
      expect(stderr).toMatch(message);
    }
    expect((await workspace.run(['init', '--from', 'shop.csv'])).code).toBe(2);
  });

  test('a name that is taken in the configuration is not proposed again', async () => {
    const workspace = await createWorkspace(
      ctlConfig('http://127.0.0.1:9', { inbound: { shop: inboundFlow('shop', 'order', 'order.create') } }),
    );
    onTestFinished(() => workspace.remove());
    await workspace.put('shop.csv', 'OrderNo,SKU,Qty\nA-1,CAP,2\n');
    const [proposed = {}] = jsonLines((await init(workspace, 'shop.csv')).stdout);
    expect(Object.keys(proposed['flow'] as object)).toEqual(['shop-2']);
    expect((await checkWithFlows(workspace, proposed['flow'] as object)).code).toBe(0);
  });
});
