import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const map = `
map:
  PurchaseNumber: file.Batch
  Comments: note.Text
  ShipTo: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: { $value: US } }
  Items:
    $each: line
    Sku: Sku
    Quantity: Qty
  Variables: [{ Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }]
`;
const delimited = `
read:
  format: csv
  delimiter: ";"
  records:
    file:  { is: FH, role: envelope, columns: [Type, Batch] }
    order: { is: H, columns: [Type, OrderNo, Name, Street, City, State, Zip] }
    note:  { is: N, columns: [Type, Text] }
    line:  { is: D, columns: [Type, Sku, Qty] }
    end:   { is: T, role: trailer, columns: [Type, Lines] }
document: { type: order, key: OrderNo, begins: order }
controls: { trailer: { record: end, count: Lines, of: line } }
${map}`;
const positional = `
read:
  format: fixed
  records:
    file:  { is: FH, role: envelope, fields: { Batch: [3, 6] } }
    order: { is: H, fields: { OrderNo: [2, 6], Name: [8, 10], Street: [18, 12], City: [30, 8], State: [38, 2], Zip: [40, 5] } }
    note:  { is: N, fields: { Text: [2, 20] } }
    line:  { is: D, fields: { Sku: [2, 10], Qty: [12, 3] } }
    end:   { is: T, role: trailer, fields: { Lines: [2, 3] } }
document: { type: order, key: OrderNo, begins: order }
controls: { trailer: { record: end, count: Lines, of: line } }
${map}`;

/** Cuts the values of a record into the widths of its type. */
const WIDTHS: Readonly<Record<string, readonly number[]>> = {
  FH: [2, 6],
  H: [1, 6, 10, 12, 8, 2, 5],
  N: [1, 20],
  D: [1, 10, 3],
  T: [1, 3],
};
function fixed(record: string): string {
  const values = record.split(';');
  return values.map((value, at) => value.padEnd(WIDTHS[values[0] ?? '']?.[at] ?? 0)).join('');
}

interface Kind {
  readonly mapping: string;
  readonly extension: string;
  readonly write: (record: string) => string;
}
const kinds: readonly (readonly [string, Kind])[] = [
  ['delimited', { mapping: delimited, extension: 'csv', write: (record) => record }],
  ['fixed', { mapping: positional, extension: 'txt', write: fixed }],
];

async function open(mapping: string, flow: object): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const inbound = { orders: inboundFlow('orders', 'order.yaml', 'order.create', flow) };
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound }));
  onTestFinished(() => workspace.remove());
  await workspace.put('order.yaml', mapping);
  return { sandbox, workspace };
}

interface Order {
  readonly PurchaseNumber?: string;
  readonly Comments?: string;
  readonly Items: readonly { readonly Sku: string; readonly Quantity: number }[];
}

/** `SO-1 B1 A × 2 (note)` of every order that was sent, in its order. */
function sent(sandbox: Sandbox): string[] {
  return sentTo(sandbox, 'PUT', /\/Orders\/[^/]+$/)
    .map(({ path, body }) => ({ key: path.slice(path.lastIndexOf('/') + 1), order: JSON.parse(body) as Order }))
    .map(({ key, order }) => {
      const items = order.Items.map(({ Sku, Quantity }) => `${Sku} × ${Quantity}`).join(', ');
      return `${key} ${order.PurchaseNumber} ${items}${order.Comments === undefined ? '' : ` (${order.Comments})`}`;
    })
    .sort();
}

async function isBalanced(workspace: Workspace): Promise<boolean> {
  const [overview] = jsonLines((await workspace.run(['status', '--json'])).stdout);
  return (overview as { balanced: boolean }).balanced;
}

const where = 'Pier Road;Newark;NJ;07102';
const records = [
  'FH;B1',
  `H;SO-1;Ann;${where}`,
  'N;leave it at the desk',
  'D;CAP-STD;2',
  'D;MUG-350;1',
  'FH;B2',
  `H;SO-2;Bob;${where}`,
  'D;CAP-STD;two',
  'D;MUG-350;3',
  `H;SO-3;Cid;${where}`,
  'D;CAP-STD;4',
  'FH;B3',
  'D;MUG-350;9',
  `H;SO-4;Dee;${where}`,
  'D;CAP-STD;5',
  'T;7',
];

test.each(kinds)(
  'a %s file of heads, lines and envelopes: refused documents come back whole, are mended and accepted, nothing twice',
  async (_name, { mapping, extension, write }) => {
    const { sandbox, workspace } = await open(mapping, { pick: `orders/in/*.${extension}` });
    const file = (name: string): string => `orders/in/${name}.${extension}`;
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });

    await workspace.put(`erp/${file('monday')}`, `${records.map(write).join('\r\n')}\r\n`);
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(sent(sandbox)).toEqual([
      'SO-1 B1 CAP-STD × 2, MUG-350 × 1 (leave it at the desk)',
      'SO-3 B2 CAP-STD × 4',
      'SO-4 B3 CAP-STD × 5',
    ]);
    const { stdout } = await workspace.run(['status', 'SO-2']);
    expect(stdout).toContain('not-a-number');
    expect(await isBalanced(workspace)).toBe(true);

    const sheet = await workspace.read(`erp/orders/results/monday.rejected.${extension}`);
    const rows = sheet.split('\r\n').filter((row) => row !== '');
    expect(rows.map((row) => records.find((record) => row.startsWith(write(record).trimEnd())))).toEqual([
      'FH;B2',
      `H;SO-2;Bob;${where}`,
      'D;CAP-STD;two',
      'D;MUG-350;3',
      'D;MUG-350;9',
    ]);
    expect(rows[0]).toContain('needed-by-refused');
    expect(rows.at(-1)).toContain('no-head');

    // The clerk mends the quantity, and puts the lost line below a header record of its own.
    const head = rows[1]?.replace('SO-2', 'SO-5').replace('Bob', 'Eva') ?? '';
    const mended = [
      ...rows.slice(0, 4).map((row) => row.replace('two', extension === 'csv' ? '7' : '7  ')),
      head,
      rows[4],
    ];
    await workspace.put(`erp/${file('monday mended')}`, `${mended.join('\r\n')}\r\n`);
    const again = await workspace.run(['run', '--once']);
    expect(again.code, again.stdout).toBe(0);
    expect(sent(sandbox)).toEqual([
      'SO-1 B1 CAP-STD × 2, MUG-350 × 1 (leave it at the desk)',
      'SO-2 B2 CAP-STD × 7, MUG-350 × 3',
      'SO-3 B2 CAP-STD × 4',
      'SO-4 B3 CAP-STD × 5',
      'SO-5 B2 MUG-350 × 9',
    ]);
    expect(await isBalanced(workspace)).toBe(true);
  },
);

test('a file that was cut off behind a header record is refused whole, because its trailer is missing', async () => {
  const { sandbox, workspace } = await open(delimited, {});
  await workspace.put('erp/orders/in/cut.csv', `${records.slice(0, 7).join('\n')}\n`);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(sent(sandbox)).toEqual([]);
  expect(await workspace.read('erp/orders/results/cut.result.csv')).toContain('trailer-missing');
});

test('a header record that comes again is refused with all its lines, not sent twice and not sent in half', async () => {
  const { sandbox, workspace } = await open(delimited.replace(/controls:.*/, ''), {});
  const twice = [`H;SO-1;Ann;${where}`, 'D;CAP-STD;2', `H;SO-2;Bob;${where}`, 'D;CAP-STD;1'];
  await workspace.put('erp/orders/in/twice.csv', `${['FH;B1', ...twice, ...twice.slice(0, 2)].join('\n')}\n`);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(sent(sandbox)).toEqual(['SO-2 B1 CAP-STD × 1']);
  const sheet = await workspace.read('erp/orders/results/twice.rejected.csv');
  expect(sheet.split('\n').filter(Boolean)).toHaveLength(5);
  expect(sheet).toContain('repeated-head');
  expect(await isBalanced(workspace)).toBe(true);
});

test('what a field was made of can be asked for: part, envelope and key', async () => {
  const { workspace } = await open(delimited.replace(/controls:.*/, ''), {});
  const path = await workspace.put('trial.csv', `${records.slice(0, 5).join('\n')}\n`);
  const explained = await workspace.run(['map', path, '--mapping', 'order.yaml', '--explain', 'SO-1']);
  expect(explained.stdout.trim().split('\n')).toEqual([
    'document.key = "SO-1" ← trial.csv line 2 column OrderNo "SO-1"',
    '/PurchaseNumber = "B1" ← trial.csv line 1 column Batch "B1"',
    '/Comments = "leave it at the desk" ← trial.csv line 3 column Text "leave it at the desk"',
    '/ShipTo/Name = "Ann" ← trial.csv line 2 column Name "Ann"',
    '/ShipTo/Address1 = "Pier Road" ← trial.csv line 2 column Street "Pier Road"',
    '/ShipTo/City = "Newark" ← trial.csv line 2 column City "Newark"',
    '/ShipTo/StateOrProvince = "NJ" ← trial.csv line 2 column State "NJ"',
    '/ShipTo/PostalCode = "07102" ← trial.csv line 2 column Zip "07102"',
    '/ShipTo/CountryCode = "US"',
    '/Items/0/Sku = "CAP-STD" ← trial.csv line 4 column Sku "CAP-STD"',
    '/Items/0/Quantity = 2 ← trial.csv line 4 column Qty "2"',
    '/Items/1/Sku = "MUG-350" ← trial.csv line 5 column Sku "MUG-350"',
    '/Items/1/Quantity = 1 ← trial.csv line 5 column Qty "1"',
    '/Variables/0/Key = "BridgeOrderId"',
    '/Variables/0/Value = "SO-1" (document.key: "SO-1")',
  ]);
});
