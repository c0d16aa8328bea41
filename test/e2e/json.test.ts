import { readFile, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const mapping = (read: string): string => `
read: ${read}
document: { type: order, key: OrderNo }
map:
  PurchaseNumber: PO
  ShipTo:
    Name: ShipTo.Name
    Address1: { $from: ShipTo.Street, $required: true }
    City: ShipTo.City
    StateOrProvince: ShipTo.State
    PostalCode: ShipTo.Zip
    CountryCode: { $from: ShipTo.Country, $default: US }
  Items:
    $each: Items
    Sku: Sku
    Quantity: Qty
  Variables:
    - { Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }
`;

const order = (key: string, items: string, street = '"18 Harbor Lane"'): string =>
  `{
      "OrderNo": "${key}", "PO": 4500000000000000123,
      "ShipTo": { "Name": "Okafor Studio", "Street": ${street}, "City": "Dayton", "State": "OH", "Zip": "07102" },
      "Items": ${items}
    }`;
const one = '[{ "Sku": "BTL-750-SLATE", "Qty": 2 }]';

async function openWorkspace(): Promise<{ workspace: Workspace; sandbox: Sandbox }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const flow = (name: string, extension: string): object =>
    inboundFlow(name, `${name}.yaml`, 'order.create', { pick: `${name}/in/*.${extension}` });
  const inbound = { shop: flow('shop', 'json'), lines: flow('lines', 'ndjson') };
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound }));
  onTestFinished(() => workspace.remove());
  await writeFile(workspace.path('shop.yaml'), mapping('{ format: json, path: data.Orders }'));
  await writeFile(workspace.path('lines.yaml'), mapping('{ format: ndjson }'));
  return { workspace, sandbox };
}

/** The orders the provider was sent, by their keys, each once. */
function keysSent(sandbox: Sandbox): string[] {
  return sentTo(sandbox, 'PUT', /Orders/)
    .map(({ body }) => /"BridgeOrderId","Value":"([^"]+)"/.exec(body)?.[1] ?? body)
    .sort();
}

/** A result file, a line for each entry: line, key, status, code, column, value. */
async function outcomes(workspace: Workspace, path: string): Promise<string[]> {
  const entries = JSON.parse(await workspace.read(path)) as Record<string, string>[];
  return entries.map(({ line, key, status, code, column, value }) =>
    [line, key, status, code, column, value].filter(Boolean).join(' '),
  );
}

test('a JSON drop is taken, its refused orders come back as JSON, and mended they are accepted', async () => {
  const { workspace, sandbox } = await openWorkspace();
  expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  const orders = [
    order('SO-1', one),
    order('SO-2', '[{ "Sku": "MUG-350", "Qty": 1 }, { "Sku": "MUG-350", "Qty": "two" }]'),
    order('SO-3', '[{ "Sku": "MUG-350", "Qty": 007 }]'),
    order('SO-4', one, '"5 Pier Road"'),
    order('SO-5', one, '""'),
  ];
  await workspace.put(
    'erp/shop/in/a.json',
    `{ "by": "shop", "data": { "Orders": [\n    ${orders.join(',\n    ')}\n] } }\n`,
  );
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(keysSent(sandbox)).toEqual(['SO-1', 'SO-4']);

  expect(await outcomes(workspace, 'erp/shop/results/a.result.json')).toEqual([
    '2 SO-1 accepted',
    '7 SO-2 rejected not-a-number /Items/1/Qty two',
    '12 SO-3 rejected broken-json /Items/0/Qty 007',
    '17 SO-4 accepted',
    '22 SO-5 rejected missing-value /ShipTo/Street',
  ]);

  const sheet = await workspace.read('erp/shop/results/a.rejected.json');
  expect(sheet).toMatch(/^\{"data": \{"Orders": \[\n/);
  expect(sheet).toContain('"dray_code": "broken-json",\n      "dray_column": "/Items/0/Qty",\n      "dray_reason": "');
  expect(sheet).toContain('"Sku": "MUG-350", "Qty": 007 }]');
  expect(sheet).not.toContain('SO-4');
  const mended = sheet
    .replace('"two"', '2')
    .replace('"Qty": 007', '"Qty": 7')
    .replace('"Street": ""', '"Street": "9 Quay"');
  await workspace.put('erp/shop/in/a.rejected.json', mended);
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(keysSent(sandbox)).toEqual(['SO-1', 'SO-2', 'SO-3', 'SO-4', 'SO-5']);
  const bodies = sentTo(sandbox, 'PUT', /Orders/).map(({ body }) => body);
  expect(bodies.join('\n')).toContain('"PurchaseNumber":"4500000000000000123"');
  expect(await workspace.names('erp/shop/results')).not.toContain('a.rejected.rejected.json');
});

test('a bad line of an NDJSON drop comes back alone; a JSON drop that is cut off is refused whole', async () => {
  const { workspace, sandbox } = await openWorkspace();
  const line = (key: string): string => order(key, one).replaceAll(/\n\s*/g, '');
  await workspace.put(
    'erp/lines/in/b.ndjson',
    `${line('SO-1')}\r\n${line('SO-2').slice(0, -2)}\r\n${line('SO-3')}\r\n`,
  );
  await workspace.put('erp/shop/in/c.json', `{"data":{"Orders":[${line('SO-8')},${line('SO-9')}}`);
  expect((await workspace.run(['run', '--once'])).code).toBe(1);
  expect(keysSent(sandbox)).toEqual(['SO-1', 'SO-3']);
  expect(await workspace.names('erp/shop/failed')).toEqual(['c.json']);
  expect(await outcomes(workspace, 'erp/shop/results/c.result.json')).toEqual(['1 refused not-json']);

  const sheet = await readFile(workspace.path('erp/lines/results/b.rejected.ndjson'), 'utf8');
  expect(sheet).toMatch(/^\{"dray_code": "broken-json", .*"OrderNo": "SO-2".*\r\n$/);
  await workspace.put('erp/lines/in/d.ndjson', sheet.replace('\r\n', ']}\r\n'));
  expect((await workspace.run(['run', '--once'])).code).toBe(0);
  expect(keysSent(sandbox)).toEqual(['SO-1', 'SO-2', 'SO-3']);
});
