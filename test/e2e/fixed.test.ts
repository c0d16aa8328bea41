import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { csv } from '../../src/formats/csv/csv.ts';
import { createTextWriter } from '../../src/formats/text/encodings.ts';
import { jsonLines } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { read } from '../unit/formats/fixed-help.ts';
import { createWorkspace, ctlConfig, inboundFlow, outboundFlow, type Workspace } from '../support/workspace.ts';

const map = `
map:
  ShipTo:
    Name: ShipName
    Address1: { $from: Address1, $required: true }
    City: City
    StateOrProvince: State
    PostalCode: Zip
    CountryCode: { $value: US }
  Items:
    $each: lines
    Sku: SKU
    Quantity: Qty
  Variables:
    - { Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }
`;
const mapping = (read: string): string => `
read:
  format: fixed
  fields:
    OrderNo:  [1, 8]
    ShipName: [9, 16]
    Address1: [25, 16]
    City:     [41, 10]
    State:    [51, 2]
    Zip:      [53, 10]
    SKU:      [63, 14]
    Qty:      { at: 77, length: 7, pad: "0" }
${read}
document: { type: order, key: OrderNo, group: OrderNo }
${map}
`;

interface Line {
  readonly key: string;
  readonly sku?: string;
  readonly quantity?: string;
  readonly street?: string;
}
const record = ({ key, sku = 'CAP-STD', quantity = '0000002', street = '18 Harbor Lane' }: Line): string =>
  key.padEnd(8) +
  'Okafor Studio'.padEnd(16) +
  street.padEnd(16) +
  'Dayton'.padEnd(10) +
  'OH' +
  '07102'.padEnd(10) +
  sku.padEnd(14) +
  quantity;

async function open(
  read = '',
  more: { mapping?: string; outbound?: object } = {},
): Promise<{ sandbox: Sandbox; workspace: Workspace }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const orders = inboundFlow('orders', 'order.yaml', 'order.create', { pick: 'orders/in/*.txt' });
  const flows = { inbound: { orders }, ...(more.outbound === undefined ? {} : { outbound: more.outbound }) };
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, flows));
  onTestFinished(() => workspace.remove());
  await workspace.put('order.yaml', more.mapping ?? mapping(read));
  return { sandbox, workspace };
}

/** `key: sku × quantity, …` of every order that the provider was sent, in its order. */
function sent(sandbox: Sandbox): string[] {
  return sentTo(sandbox, 'PUT', /\/Orders\//)
    .map(
      ({ body }) => JSON.parse(body) as { Variables: { Value: string }[]; Items: { Sku: string; Quantity: number }[] },
    )
    .map(({ Variables, Items }) => {
      const items = Items.map(({ Sku, Quantity }) => `${Sku} × ${Quantity}`);
      return `${Variables[0]?.Value}: ${items.join(', ')}`;
    })
    .sort();
}

test('a fixed-width drop can be tried out, and says where each value comes from', async () => {
  const { workspace } = await open('  header: { lines: 1 }');
  const content = ['ACME ORDERS', record({ key: 'SO-1' }), record({ key: 'SO-1', sku: '00012', quantity: '0000010' })];
  const path = await workspace.put('trial.txt', `${content.join('\r\n')}\r\n`);
  expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  const trial = await workspace.run(['map', path, '--mapping', workspace.path('order.yaml')]);
  expect(trial).toMatchObject({ code: 0, stderr: '' });
  expect(jsonLines(trial.stdout)).toMatchObject([
    {
      ShipTo: { PostalCode: '07102' },
      Items: [
        { Sku: 'CAP-STD', Quantity: 2 },
        { Sku: '00012', Quantity: 10 },
      ],
    },
  ]);
  const explained = await workspace.run(['map', path, '--mapping', workspace.path('order.yaml'), '--explain', 'SO-1']);
  expect(explained.stdout).toMatch(/trial\.txt[^\n]*3[^\n]*Qty/);
});

test('a broken layout is a finding of check, by its place', async () => {
  const { workspace } = await open('  length: 80');
  const check = await workspace.run(['check']);
  expect(check.code).toBe(2);
  expect(check.stdout + check.stderr).toMatch(
    /order\.yaml:12:5 wrong-value the field Qty ends at 83, behind the end of the record at 80\./,
  );
});

test('a clerk drops, mends the reject sheet and drops again: all orders are accepted, none twice', async () => {
  const { sandbox, workspace } = await open('  header: { lines: 1 }\n  ignore: "*"\n  encoding: windows-1252');
  const lines = [
    'ACME ORDERS  é',
    record({ key: 'SO-1' }),
    '* typed in by Jo',
    record({ key: 'SO-2', quantity: '0000two' }),
    record({ key: 'SO-2', sku: 'MUG-350' }),
    record({ key: 'SO-3' }).replace('Dayton', 'Dayton City'),
    record({ key: 'SO-4', street: '' }),
    record({ key: 'SO-5', street: '18 Hafen\tStraße' }),
    record({ key: 'SO-6' }),
    record({ key: 'SO-7', quantity: '00' }),
  ];
  await workspace.put('erp/orders/in/monday.txt', Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'));
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(sent(sandbox)).toEqual(['SO-1: CAP-STD × 2', 'SO-6: CAP-STD × 2']);

  const result = await workspace.read('erp/orders/results/monday.result.csv');
  for (const line of [
    'monday.txt,3,,notice,line-ignored,',
    'monday.txt,4,SO-2,rejected,not-a-number,Qty,two,',
    'monday.txt,6,SO-3,rejected,wrong-length,,88,',
    'monday.txt,7,SO-4,rejected,missing-value,Address1,',
    'monday.txt,8,SO-5,rejected,tab-inside,Address1,',
    'monday.txt,10,SO-7,rejected,wrong-length,',
  ]) {
    expect(result).toContain(line);
  }

  const sheet = (await readFile(workspace.path('erp/orders/results/monday.rejected.txt'))).toString('latin1');
  expect(sheet.split('\r\n').map((line) => line.replace(/\|[^|]*$/, ''))).toEqual([
    'ACME ORDERS  é',
    `${lines[3]} #dray not-a-number|Qty`,
    `${lines[4]} #dray not-a-number|`,
    `${lines[5]} #dray wrong-length|`,
    `${lines[6]} #dray missing-value|Address1`,
    `${lines[7]} #dray tab-inside|Address1`,
    `${lines[9]} #dray wrong-length|Qty`,
    '',
  ]);
  const mended = sheet
    .replace('0000two', '0000002')
    .replace('Dayton City    ', 'Dayton    ')
    .replace('Okafor Studio                   ', 'Okafor Studio   5 Pier Road     ')
    .replace('Hafen\tStraße', 'Hafen Straße')
    .replace('00 #dray', '0000003 #dray');
  await workspace.put('erp/orders/in/monday mended.txt', Buffer.from(mended, 'latin1'));
  expect(await workspace.run(['run', '--once'])).toMatchObject({ code: 0 });
  expect(sent(sandbox)).toEqual([
    'SO-1: CAP-STD × 2',
    'SO-2: CAP-STD × 2, MUG-350 × 2',
    'SO-3: CAP-STD × 2',
    'SO-4: CAP-STD × 2',
    'SO-5: CAP-STD × 2',
    'SO-6: CAP-STD × 2',
    'SO-7: CAP-STD × 3',
  ]);
  expect(await workspace.names('erp/orders/results')).not.toContain('monday mended.rejected.txt');
});

const typed = (more: string): string => `
read:
  format: fixed
${more}
  records:
    order:
      is: H
      fields: { OrderNo: [2, 8], ShipName: [10, 16], Address1: [26, 16], City: [42, 10], State: [52, 2], Zip: [54, 10] }
    item:
      is: D
      fields: { SKU: [2, 14], Qty: { at: 16, length: 7, pad: "0" } }
    end: { is: T, role: trailer, fields: { Count: [2, 6] } }
document: { type: order, key: OrderNo, begins: order }
${map.replace('$each: lines', '$each: item')}
`;
const head = (key: string, zip = '07102'): string => `H${record({ key }).slice(0, 52)}${zip.padEnd(10)}`;
const item = (sku: string, quantity: string): string => `D${sku.padEnd(14)}${quantity}`;

test('a file of heads, items and a trailer becomes documents, and refused ones come back with their items', async () => {
  const { sandbox, workspace } = await open('', { mapping: typed('') });
  expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  const lines = [
    head('SO-1'),
    item('CAP-STD', '0000002'),
    item('MUG-350', '0000001'),
    head('SO-2', ''),
    item('CAP-STD', '0000004'),
    head('SO-3'),
    item('CAP-STD', '0000x05'),
    'X who knows',
    'T000003',
  ];
  await workspace.put('erp/orders/in/a.txt', `${lines.join('\n')}\n`);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(sent(sandbox)).toEqual(['SO-1: CAP-STD × 2, MUG-350 × 1']);
  const result = await workspace.read('erp/orders/results/a.result.csv');
  expect(result).toContain('a.txt,4,SO-2,rejected,missing-value,Zip,');
  expect(result).toContain('line 8: no record type of the mapping fits this record');
  const sheet = await workspace.read('erp/orders/results/a.rejected.txt');
  expect(sheet).not.toContain('MUG-350');
  const mended = sheet
    .replace('OH          ', 'OH45402     ')
    .replace('0000x05', '0000005')
    .replace(/^X who knows.*\n/m, '');
  await workspace.put('erp/orders/in/b.txt', mended);
  expect(await workspace.run(['run', '--once'])).toMatchObject({ code: 0 });
  expect(sent(sandbox)).toEqual(['SO-1: CAP-STD × 2, MUG-350 × 1', 'SO-2: CAP-STD × 4', 'SO-3: CAP-STD × 5']);
});

test('a head whose fields are all empty begins a document of its own', async () => {
  const { workspace } = await open('', { mapping: typed('') });
  const lines = [head('SO-1'), item('CAP-STD', '0000002'), 'H', item('MUG-350', '0000001')];
  const path = await workspace.put('trial.txt', `${lines.join('\n')}\n`);
  const trial = await workspace.run(['map', path, '--mapping', workspace.path('order.yaml')]);
  expect(trial.code).toBe(1);
  expect(trial.stderr).toContain('trial.txt line 3 column OrderNo: the document has no key');
  expect(jsonLines(trial.stdout)).toMatchObject([{ Items: [{ Sku: 'CAP-STD' }] }]);
  expect(trial.stdout).not.toContain('MUG-350');
});

test('a mainframe file without line ends is taken when it is whole, and its reject sheet is one too', async () => {
  const { sandbox, workspace } = await open('', {
    mapping: typed('  lineEnds: none\n  length: 80\n  encoding: ebcdic-037'),
  });
  const encode = createTextWriter('ebcdic-037');
  const bytes = (...records: string[]): Uint8Array =>
    encode(records.map((text) => text.padEnd(80)).join(''), (character) => character);
  await workspace.put(
    'erp/orders/in/a.txt',
    bytes(head('SO-1'), item('CAP-STD', '0000002'), head('SO-2', ''), item('MUG-350', '0000001')),
  );
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(sent(sandbox)).toEqual(['SO-1: CAP-STD × 2']);
  const result = await readFile(workspace.path('erp/orders/results/a.result.csv'));
  const table = await read(result, { encoding: 'ebcdic-037' }, {}, csv);
  expect(table.records.map(({ cells }) => cells?.slice(0, 6).join(' '))).toEqual([
    'a.txt 1 SO-1 accepted  ',
    'a.txt 3 SO-2 rejected missing-value Zip',
  ]);
  const sheet = await readFile(workspace.path('erp/orders/results/a.rejected.txt'));
  expect(sheet).toEqual(Buffer.from(bytes(head('SO-2', ''), item('MUG-350', '0000001'))));
  await workspace.put('erp/orders/in/b.txt', bytes(head('SO-2', '07102'), item('MUG-350', '0000001')));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(sent(sandbox)).toEqual(['SO-1: CAP-STD × 2', 'SO-2: MUG-350 × 1']);
});

test('ship confirmations go out at fixed positions', async () => {
  const shipped = {
    shipped: { ...outboundFlow('shipments', 'ship-confirmation', 'out/S_{seq:6}.txt'), mapping: 'shipped.yaml' },
  };
  const { sandbox, workspace } = await open('', { outbound: shipped });
  await workspace.put(
    'shipped.yaml',
    `
rows: Shipments[].Packages[].Items[]
fact: "{Shipments.Id}/{Packages.Id}/{Sku}/{Items.#}"
write:
  format: fixed
  lineEnd: lf
  fields: { OrderNo: 8, SKU: 14, Qty: { length: 7, pad: "0" }, ShipDate: [35, 8] }
map:
  OrderNo: { $first: [$.Id, $.OrderId, "$.Variables[Key=BridgeOrderId].Value"] }
  SKU: Sku
  Qty: { $first: [UnitsShipped, Quantity], $as: number }
  ShipDate: { $from: Shipments.ShipDate, $as: date, $format: yyyyMMdd }
`,
  );
  await workspace.put(
    'erp/orders/in/a.txt',
    `${record({ key: 'SO-1' })}\n${record({ key: 'SO-1', sku: 'MUG-350' })}\n`,
  );
  await workspace.run(['run', '--once']);
  sandbox.advance(86_400_000);
  expect(await workspace.run(['run', '--once'])).toMatchObject({ code: 0 });
  const [name = ''] = await workspace.names('erp/out');
  const lines = (await workspace.read(`erp/out/${name}`)).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^SO-1 {4}CAP-STD {7}0000002 {5}\d{8}$/);
  expect(lines[1]).toMatch(/^SO-1 {4}MUG-350 {7}0000002 {5}\d{8}$/);
});
