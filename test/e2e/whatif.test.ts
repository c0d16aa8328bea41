import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { jsonLines } from '../support/dray.ts';
import { startFixedSandbox, sentTo } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const mapping = `read: { format: csv }
document: { type: order, key: OrderNo, group: OrderNo }
map:
  ShipTo:
    Name: Name
    Address1: Street
    City: City
    StateOrProvince: { $value: OH }
    PostalCode: Zip
  Items:
    $each: lines
    Sku: SKU
    Quantity: Qty
`;
const HEADER = 'OrderNo,Name,Street,City,Zip,SKU,Qty';
const row = (number: string, quantity: string, sku = 'CAP-STD'): string =>
  `${number},Okafor,18 Harbor,Dayton,45402,${sku},${quantity}`;
const file = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

/** A workspace in which two files were taken: one order accepted in each, one refused in the first. */
async function open(): Promise<{ workspace: Workspace; sent: () => number }> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const inbound = {
    shop: inboundFlow('shop', 'shop.yaml', 'order.create'),
    other: inboundFlow('other', 'shop.yaml', 'order.create'),
  };
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound }));
  onTestFinished(() => workspace.remove());
  await workspace.put('shop.yaml', mapping);
  await workspace.put('shop/x', '');
  await workspace.put('erp/shop/in/a.csv', file(row('A-1', '2'), row('A-1', '1', 'MUG-350'), row('A-2', 'two')));
  await workspace.put('erp/other/in/b.csv', file(row('B-1', '3')));
  await workspace.run(['run', '--once']);
  return { workspace, sent: () => sentTo(sandbox, 'PUT', /./).length };
}

const whatIf = async (workspace: Workspace, changed: string, ...more: string[]) => {
  await workspace.put('changed.yaml', changed);
  const { code, stdout, stderr } = await workspace.run(['whatif', '--mapping', 'changed.yaml', ...more]);
  return { code, stderr, lines: jsonLines(stdout) };
};

describe('dray whatif', () => {
  test('shows field by field what would be sent otherwise, and sends and writes nothing', async () => {
    const { workspace, sent } = await open();
    const before = { sent: sent(), ledger: await readFile(workspace.path('data/dray.db')) };
    const changed = mapping
      .replace('    Name: Name', "    Name: { $join: { of: [Name, City], with: ', ' } }")
      .replace('Quantity: Qty', 'Quantity: { $from: Qty, $empty: [two], $default: 2 }');
    const { code, lines } = await whatIf(workspace, changed, '--flow', 'shop');
    expect(code).toBe(0);
    expect(lines).toEqual([
      {
        event: 'document',
        drop: expect.any(Number) as unknown,
        outcome: 'changed',
        key: 'A-1',
        line: 2,
        changes: [{ pointer: '/ShipTo/Name', before: '"Okafor"', after: '"Okafor, Dayton"' }],
        issues: [],
      },
      expect.objectContaining({ event: 'document', outcome: 'newly-accepted', key: 'A-2', line: 4 }),
      expect.objectContaining({ event: 'drop', file: 'a.csv', changed: 1, 'newly-accepted': 1 }),
      { event: 'end', drops: 1, gone: 0, refusedDrops: 0, changed: 1, 'newly-accepted': 1 },
    ]);
    expect(sent()).toBe(before.sent);
    expect((await readFile(workspace.path('data/dray.db'))).equals(before.ledger)).toBe(true);
    expect(await workspace.names('erp/shop/done')).toEqual(['a.csv']);
  });

  test('the mapping as it is changes nothing', async () => {
    const { workspace } = await open();
    const { code, lines } = await whatIf(workspace, mapping, '--flow', 'shop');
    expect([code, lines.at(-1)]).toEqual([0, { event: 'end', drops: 1, gone: 0, refusedDrops: 0, same: 2 }]);
  });

  test('what would newly be refused is told with its cell, and the exit code says so', async () => {
    const { workspace } = await open();
    const strict =
      mapping.replace('Sku: SKU', 'Sku: { $from: SKU, $table: known }') + 'tables: { known: { CAP-STD: CAP-STD } }\n';
    const { code, lines } = await whatIf(workspace, strict, '--flow', 'shop');
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({
      outcome: 'newly-refused',
      key: 'A-1',
      issues: [{ code: 'not-in-table', file: 'a.csv', line: 3, column: 'SKU' }],
    });
  });

  test('a file that would be refused as a whole takes its documents along', async () => {
    const { workspace } = await open();
    const { code, lines } = await whatIf(
      workspace,
      mapping.replace('Name: Name', 'Name: { $from: Company, $required: true }'),
      '--flow',
      'other',
    );
    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { event: 'document', outcome: 'newly-refused', key: 'B-1' },
      { event: 'drop', issues: [{ code: 'missing-column', column: 'Company' }] },
      { event: 'end', drops: 1, refusedDrops: 1, 'newly-refused': 1 },
    ]);
  });

  test('rows that would come together otherwise are told as documents that appear and vanish', async () => {
    const { workspace } = await open();
    const { lines } = await whatIf(
      workspace,
      mapping.replace('group: OrderNo', "group: '{OrderNo}{SKU}'"),
      '--flow',
      'shop',
    );
    expect(
      lines.filter(({ event }) => event === 'document').map(({ outcome, key, line }) => [outcome, key, line].join(' ')),
    ).toEqual(['changed A-1 2', 'appeared A-1 3']);
  });

  test('a file that is gone, or is another now, is said and not guessed', async () => {
    const { workspace } = await open();
    await writeFile(workspace.path('erp/shop/done/a.csv'), file(row('A-1', '9')));
    const other = await whatIf(workspace, mapping, '--flow', 'shop');
    expect([other.code, other.lines[0]]).toMatchObject([1, { event: 'gone', paths: ['shop/done/a.csv'] }]);
    await rm(workspace.path('erp/shop/done/a.csv'));
    const none = await whatIf(workspace, mapping, '--flow', 'shop');
    expect(none.lines.at(-1)).toMatchObject({ drops: 0, gone: 1 });
  });

  test('drops are chosen by number and by time', async () => {
    const { workspace } = await open();
    const { lines } = await whatIf(workspace, mapping, '--flow', 'shop', '--since', '1d');
    const id = lines.find(({ event }) => event === 'drop')?.['drop'];
    expect((await whatIf(workspace, mapping, '--flow', 'shop', '--drop', String(id))).lines.at(-1)).toMatchObject({
      drops: 1,
    });
    expect((await whatIf(workspace, mapping, '--flow', 'shop', '--since', '1ms')).lines.at(-1)).toMatchObject({
      drops: 0,
    });
  });

  test('nonsense is wrong usage, and the message says what would be right', async () => {
    const { workspace } = await open();
    const cases: [string[], RegExp][] = [
      [[], /say with --flow which drops are meant: one of shop, other/],
      [['--flow', 'shopp'], /no inbound flow "shopp"\. Did you mean "shop"\?/],
      [['--flow', 'shop', '--since', 'yesterday'], /--since yesterday is no time; write 12h or 7d/],
      [['--flow', 'shop', '--drop', 'x'], /--drop x is no number of a drop/],
      [['--flow', 'shop', '--drop', '999'], /the ledger has no drop 999/],
    ];
    for (const [more, message] of cases) {
      const { code, stderr, lines } = await whatIf(workspace, mapping, ...more);
      expect([code, lines]).toEqual([2, []]);
      expect(stderr).toMatch(message);
    }
    const missing = await workspace.run(['whatif', '--mapping', 'nowhere.yaml', '--flow', 'shop']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('cannot read nowhere.yaml')]);
    const broken = await whatIf(workspace, mapping.replace('Sku: SKU', 'Skuu: SKU'), '--flow', 'shop');
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining('not-in-schema')]);
  });

  test('works through a dray that is running', async () => {
    const { workspace } = await open();
    const { child, finished } = workspace.start(['run']);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await finished;
    });
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (text: string) => text.includes('"event":"start"') && resolve());
    });
    const { code, lines } = await whatIf(workspace, mapping.replace('Name: Name', 'Name: City'), '--flow', 'shop');
    expect([code, lines[0]]).toMatchObject([0, { outcome: 'changed', changes: [{ pointer: '/ShipTo/Name' }] }]);
  });
});
