import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { repository } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { makeWorkbook, row, setCell, unzip } from '../support/workbook.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = [
  'OrderNo',
  'OrderDate',
  'ShipName',
  'Address1',
  'City',
  'State',
  'Zip',
  'LineNo',
  'SKU',
  'Quantity',
  'Stock',
];
const date = (serial: string): string => `<c s="1"><v>${serial}</v></c>`;

/** A clerk's workbook: a title, a hidden sheet before it, a formula, dates as dates, the header in row 3. */
function ordersOfMay(rows: readonly (readonly (string | number | undefined)[])[]): Promise<Buffer> {
  const data = rows.map((cells, index) => row(index + 4, cells)).join('');
  const lead = row(1, ['Orders of May']) + row(3, HEADER);
  return makeWorkbook({
    sheets: { Lists: { data: row(1, ['EACH']), state: 'hidden' }, Orders: lead + data },
    formats: [0, 14],
  });
}

function order(number: string, zip: string | undefined, quantity: string | number): (string | number | undefined)[] {
  const where = ['Okafor Studio', '18 Harbor Lane', 'Dayton', 'OH', zip];
  // A formula of their own that went wrong, in a column that no field reads.
  const stock = '<c t="e"><f>VLOOKUP(I4,Lists!A:B,2,0)</f><v>#N/A</v></c>';
  return [number, date('46146'), ...where, 10, 'CAP-STD', quantity, stock];
}

async function open(): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const orders = inboundFlow('orders', 'order.yaml', 'order.create', { pick: 'orders/in/*.xlsx' });
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } }));
  onTestFinished(() => workspace.remove());
  const mapping = await readFile(join(repository, 'mappings/ctl/order.yaml'), 'utf8');
  const [head = ''] = mapping.split('\ntests:');
  await workspace.put('order.yaml', head.replace('format: csv', 'format: xlsx\n  header: { has: [OrderNo, SKU] }'));
  return { sandbox, workspace };
}

function createdOrders(sandbox: Sandbox): string[] {
  return sentTo(sandbox, 'PUT', /\/Orders\//)
    .filter(({ status }) => status === 201)
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
    .sort();
}

async function readWorkbook(workspace: Workspace, path: string): Promise<Buffer> {
  return readFile(workspace.path(path));
}

describe('a clerk who works in a spreadsheet', () => {
  test('mends the marked cells of the reject workbook, drops it, and nothing comes twice', async () => {
    const { sandbox, workspace } = await open();
    const uncalculated = '<c><f>1+1</f></c>';
    await workspace.put(
      'erp/orders/in/monday.xlsx',
      await ordersOfMay([
        order('A1', '00123', 2),
        order('A2', '45402', 'two'),
        order('A3', undefined, 1),
        order('A4', '45402', uncalculated),
        order('A5', '45402', 4),
      ]),
    );
    const first = await workspace.run(['run', '--once']);
    expect(first.code).toBe(1);
    expect(createdOrders(sandbox)).toEqual(['A1', 'A5']);
    expect(await workspace.names('erp/orders/results')).toEqual(['monday.rejected.xlsx', 'monday.result.xlsx']);

    const sheet = await readWorkbook(workspace, 'erp/orders/results/monday.rejected.xlsx');
    const parts = await unzip(sheet);
    expect(parts['xl/workbook.xml']).toContain('<sheet name="Orders"');
    const comments = [...(parts['xl/comments1.xml'] ?? '').matchAll(/ref="(\w+)".*?<t [^>]*>([^<]*)/g)];
    expect(comments.map(([, cell, text]) => `${cell ?? ''} ${text ?? ''}`)).toEqual([
      expect.stringMatching(/^J4 not a number; .*got &quot;two&quot;\. Write digits/),
      expect.stringMatching(/^G5 a value is missing.*\. Fill in the cell\.$/),
      expect.stringMatching(/^J6 a formula whose result is not in the file\. Open the workbook/),
    ]);
    const filled = /<fgColor rgb="FFFFC7CE"/.exec(parts['xl/styles.xml'] ?? '');
    expect(filled).not.toBeNull();

    let mended = await setCell(sheet, 'J4', '<c t="inlineStr"><is><t>2</t></is></c>');
    mended = await setCell(mended, 'G5', '<c t="inlineStr"><is><t>07102</t></is></c>');
    mended = await setCell(mended, 'J6', '<c><v>3</v></c>');
    await workspace.put('erp/orders/in/monday mended.xlsx', mended);
    const second = await workspace.run(['run', '--once']);
    expect(second.code).toBe(0);
    expect(createdOrders(sandbox)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
    expect(sentTo(sandbox, 'PUT', /Orders\//)).toHaveLength(5);
    const [third] = sentTo(sandbox, 'PUT', /Orders\/A3/);
    expect(JSON.parse(third?.body ?? '')).toMatchObject({
      DateOrdered: '2026-05-04',
      ShipTo: { PostalCode: '07102' },
      Items: [{ Quantity: 1 }],
    });
  });

  test('reads in a dry run which cell of which sheet is wrong', async () => {
    const { workspace } = await open();
    const path = await workspace.put('try.xlsx', await ordersOfMay([order('A1', '45402', 'two')]));
    const tried = await workspace.run([
      'map',
      path,
      '--mapping',
      workspace.path('order.yaml'),
      '--operation',
      'order.create',
    ]);
    expect(tried.code).toBe(1);
    expect(tried.stderr).toMatch(/try\.xlsx sheet Orders cell J4 column (Qty|Quantity): not a number/);
  });

  test('is told what a file is that only bears the name of a workbook', async () => {
    const { sandbox, workspace } = await open();
    await workspace.put('erp/orders/in/export.xlsx', `${HEADER.join(';')}\r\n`);
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(await workspace.names('erp/orders/failed')).toEqual(['export.xlsx']);
    const parts = await unzip(await readWorkbook(workspace, 'erp/orders/results/export.result.xlsx'));
    expect(parts['xl/worksheets/sheet1.xml']).toContain('this is a CSV or text file under the name of a workbook');
    expect(createdOrders(sandbox)).toEqual([]);
  });
});
