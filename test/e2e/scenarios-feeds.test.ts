import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox, SwitchChanges } from '../../src/sandbox/index.ts';
import { repository } from '../support/dray.ts';
import { providerCases, providerConfig } from '../support/provider-cases.ts';
import { addFault, sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, inboundFlow, type Workspace } from '../support/workspace.ts';

type Row = Readonly<Record<string, string>>;
type Name = keyof SwitchChanges;
const HOUR_MS = 3_600_000;

const caseOf = (name: Name): (typeof providerCases)[number] => {
  const found = providerCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no provider ${name}`);
  return found;
};

/** A provider at its stand-in, with flows named by what they carry: operation → mapping, feed → mapping. */
async function open(
  name: Name,
  flows: { in?: Readonly<Record<string, string>>; out?: Readonly<Record<string, string>> },
  { switches = {}, now }: { switches?: SwitchChanges; now?: () => number } = {},
): Promise<{ sandbox: Sandbox; workspace: Workspace; run: () => Promise<number | null> }> {
  const quick: SwitchChanges = { ds: { requestsPerSecond: 0 }, flexport: { requestsPerSecond: 0 }, ...switches };
  const sandbox = await startFixedSandbox({ switches: quick, ...(now === undefined ? {} : { now }) });
  onTestFinished(() => sandbox.close());
  const mapping = (file: string): string => join(repository, `mappings/${name}/${file}.yaml`);
  const inbound = Object.entries(flows.in ?? {}).map(([operation, file]) => [
    file,
    inboundFlow(file, mapping(file), operation, { submit: { provider: name, operation } }),
  ]);
  const outbound = Object.entries(flows.out ?? {}).map(([feed, file]) => [
    file,
    {
      collect: { provider: name, feed, every: '1s' },
      mapping: mapping(file),
      folder: 'erp',
      file: `${file}/{seq:6}.csv`,
    },
  ]);
  const workspace = await createWorkspace({
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    providers: { [name]: providerConfig(caseOf(name), sandbox) },
    inbound: Object.fromEntries(inbound) as object,
    outbound: Object.fromEntries(outbound) as object,
  });
  onTestFinished(() => workspace.remove());
  return { sandbox, workspace, run: async () => (await workspace.run(['run', '--once'])).code };
}

/** All rows of all files of an outbound flow, in their order. */
async function rowsOf(workspace: Workspace, flow: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const name of await workspace.names(`erp/${flow}`)) {
    rows.push(...parse<Row>(await workspace.read(`erp/${flow}/${name}`), { columns: true }));
  }
  return rows;
}

const column = (rows: readonly Row[], name: string): string[] => rows.map((row) => row[name] ?? '');

const results = async (workspace: Workspace, flow: string, name: string): Promise<readonly Row[]> =>
  parse(await workspace.read(`erp/${flow}/results/${name}.result.csv`), { columns: true });

test('7: a cancellation DS does not allow (403) is too late, and no matter of credentials', async () => {
  const { sandbox, workspace, run } = await open('ds', {
    in: { 'order.create': 'order', 'order.cancel': 'order-cancel' },
  });
  const { header, order } = caseOf('ds');
  await workspace.put('erp/order/in/a.csv', `${header}\n${order('S1')}\n${order('S2')}\n`);
  expect(await run()).toBe(0);
  const body = { type: 'CANCELLATION_NOT_ALLOWED', message: 'the carrier does not allow it', errors: [] };
  await addFault(sandbox, { method: 'DELETE', times: 1 }, { status: 403, body: JSON.stringify(body) });
  await workspace.put('erp/order-cancel/in/b.csv', 'OrderNo\nS1\nS2\n');
  expect(await run()).toBe(1);
  const rows = await results(workspace, 'order-cancel', 'b');
  expect(column(rows, 'status').sort()).toEqual(['accepted', 'rejected']);
  expect(rows.find(({ status }) => status === 'rejected')).toMatchObject({ code: 'too-late' });
});

test.each(['404', 'empty'] as const)(
  '11: the end of a stream of CTL as %s moves no cursor and is no error',
  async (streamEnd) => {
    const { sandbox, workspace, run } = await open(
      'ctl',
      { in: { 'order.create': 'order' }, out: { shipments: 'ship-confirmation' } },
      { switches: { ctl: { streamEnd, splitEvery: 0, lateEvery: 0 } } },
    );
    expect(await run()).toBe(0);
    const { header, order } = caseOf('ctl');
    await workspace.put('erp/order/in/a.csv', `${header}\n${order('S1')}\n`);
    expect(await run()).toBe(0);
    sandbox.advance(48 * HOUR_MS);
    for (let count = 0; count < 3; count++) expect(await run()).toBe(0);
    expect((await rowsOf(workspace, 'ship-confirmation')).map(({ OrderNo }) => OrderNo)).toEqual(['S1']);
  },
);

test('15: a state and an event nobody knew before are a row, and the flow goes on', async () => {
  const { sandbox, workspace, run } = await open('choice', {
    in: { 'ticket.outbound': 'order' },
    out: { tickets: 'order-status' },
  });
  const { header, order } = caseOf('choice');
  await workspace.put('erp/order/in/a.csv', `${header}\n${order('S1')}\n`);
  expect(await run()).toBe(0);
  const [sent] = sentTo(sandbox, 'POST', /\/v2\/tickets$/);
  expect(sent?.status).toBe(201);
  const read = sandbox.journal().findLast(({ method, path }) => method === 'GET' && /\/v2\/tickets\/[^/]+$/.test(path));
  const ticketId = read?.path.split('/').at(-1) ?? '';
  const seen = await rowsOf(workspace, 'order-status');
  const odd = {
    ticketId,
    clientRef: 'S1',
    requestType: 'OUTBOUND',
    status: 'TELEPORTED',
    events: [{ eventId: 'evt_odd', eventType: 'TELEPORT', occurredAt: '2026-05-04T15:00:00Z', data: {} }],
  };
  await addFault(
    sandbox,
    { method: 'GET', pathPattern: `/v2/tickets/${ticketId}$`, times: 1 },
    {
      status: 200,
      body: JSON.stringify(odd),
      contentType: 'application/json',
    },
  );
  await quicken(workspace, 'choice');
  expect(await run()).toBe(0);
  const rows = await rowsOf(workspace, 'order-status');
  expect(rows.slice(seen.length).map(({ Status }) => Status)).toContain('TELEPORT');
  sandbox.advance(2 * HOUR_MS);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await run()).toBe(0);
  expect((await rowsOf(workspace, 'order-status')).map(({ Status }) => Status)).toContain('DLVD');
});

/** Lets documents that are read one by one be read at every run. */
async function quicken(workspace: Workspace, name: Name): Promise<void> {
  const directory = join(repository, 'mappings', name);
  const text = await readFile(join(directory, 'provider.yaml'), 'utf8');
  const quick = text
    .replaceAll(/every: \d+m/g, 'every: 1ms')
    .replaceAll('body: schemas/', `body: ${directory}/schemas/`);
  const path = await workspace.put('provider.yaml', quick);
  const config = await workspace.read('config.yaml');
  await workspace.put('config.yaml', config.replace(join(directory, 'provider.yaml'), path));
}

test('16: a cancellation that comes too late is told as such, and the order stays: CTL', async () => {
  const { sandbox, workspace, run } = await open('ctl', {
    in: { 'order.create': 'order', 'order.cancel': 'order-changes' },
  });
  const { header, order } = caseOf('ctl');
  await workspace.put('erp/order/in/a.csv', `${header}\n${order('S1')}\n`);
  expect(await run()).toBe(0);
  sandbox.advance(48 * HOUR_MS);
  await workspace.put(
    'config.yaml',
    (await workspace.read('config.yaml')).replace(
      'operation: order.cancel',
      'operation: { $from: Action, $table: { C: order.cancel } }',
    ),
  );
  await workspace.put('erp/order-changes/in/b.csv', 'Action,OrderNo\nC,S1\n');
  await run();
  const rows = await results(workspace, 'order-changes', 'b');
  expect(rows).toMatchObject([{ status: 'rejected', code: 'too-late' }]);
});

test('18: a receipt in parts, with damage: the rows add up to what came', async () => {
  const { sandbox, workspace, run } = await open(
    'ctl',
    { in: { 'purchase-order.create': 'purchase-order' }, out: { receipts: 'receipt' } },
    { switches: { ctl: { damageEvery: 1 } } },
  );
  await workspace.put(
    'erp/purchase-order/in/a.csv',
    'PONumber,ExpectedDate,Vendor,SKU,Qty,UOM\nP1,2026-05-20,Porto Metals Lda,MUG-350,480,EACH\n',
  );
  expect(await run()).toBe(0);
  for (let days = 0; days < 8; days++) {
    sandbox.advance(24 * HOUR_MS);
    expect(await run()).toBe(0);
  }
  const rows = await rowsOf(workspace, 'receipt');
  const total = rows.reduce((sum, row) => sum + Number(row['QtyReceived']), 0);
  expect(rows.length).toBeGreaterThan(1);
  expect(total).toBe(480);
});

test('19: a walk over stock whose cursor dies is begun anew, and nothing stands twice', async () => {
  const { sandbox, workspace, run } = await open(
    'choice',
    { out: { inventory: 'inventory' } },
    { switches: { choice: { inventoryPageSize: 5 } } },
  );
  await addFault(sandbox, { method: 'GET', pathPattern: '/v2/inventory\\?.*cursor=', nth: 2 }, { status: 410 });
  expect(await run()).toBe(0);
  const rows = await rowsOf(workspace, 'inventory');
  const places = rows.map((row) => `${row['Warehouse'] ?? row['SSL']}/${row['SKU']}`);
  expect(rows.length).toBeGreaterThan(10);
  expect(new Set(places).size).toBe(rows.length);
  const firsts = sandbox.journal().filter(({ path }) => /\/v2\/inventory(\?(?!.*cursor=).*)?$/.test(path));
  expect(firsts).toHaveLength(2);
});

test('19: a page token of DS that is refused begins the walk anew from where all was read', async () => {
  const { sandbox, workspace, run } = await open(
    'ds',
    { in: { 'order.create': 'order' }, out: { 'order-changes': 'order-status' } },
    { switches: { ds: { requestsPerSecond: 0, listPageSize: 2 } }, now: () => Date.now() - 24 * HOUR_MS },
  );
  const { header, order } = caseOf('ds');
  const keys = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'];
  await addFault(
    sandbox,
    { method: 'POST', pathPattern: '/shipments/list$', bodyContains: 'paginationToken', nth: 2 },
    {
      status: 400,
      body: JSON.stringify({ type: 'INVALID_DATA', message: 'the token is over', errors: [] }),
    },
  );
  await workspace.put('erp/order/in/a.csv', [header, ...keys.map((key) => order(key)), ''].join('\n'));
  expect(await run()).toBe(0);
  expect(await run()).toBe(0);
  const rows = await rowsOf(workspace, 'order-status');
  expect(column(rows, 'OrderNo').sort()).toEqual(keys);
});

test('21: three business days ahead to the second', async () => {
  const { sandbox, workspace, run } = await open('flexport', { in: { 'b2b-order.create': 'b2b-order' } });
  const day = new Date(Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS);
  for (let left = 3; left > 0;) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) left--;
  }
  const header = 'OrderNo,ShipBy,Attention,ShipCompany,Address1,City,State,Zip,PaidBy,ShipType,LineNo,SKU,Qty,UOM';
  const row = (key: string, at: Date): string =>
    `${key},${at.toISOString().slice(0, 19)}Z,Dock 2,Harbour Books,77 Quay Street,Portland,ME,04101,FLEXPORT,LTL,1,CAP-STD,40,EACH`;
  const early = new Date(day.getTime() - 1000);
  await workspace.put('erp/b2b-order/in/a.csv', [header, row('S1', day), row('S2', early), ''].join('\n'));
  expect(await run()).toBe(1);
  expect(
    (await results(workspace, 'b2b-order', 'a')).map(({ key, status, code, column }) => [key, status, code, column]),
  ).toEqual([
    ['S1', 'accepted', '', ''],
    ['S2', 'rejected', 'too-early', 'ShipBy'],
  ]);
  expect(sentTo(sandbox, 'POST', /\/orders\/rs$/)).toHaveLength(1);
});

test('22: the order stream of CTL names no order, and its rows do', async () => {
  const { sandbox, workspace, run } = await open(
    'ctl',
    { in: { 'order.create': 'order' }, out: { shipments: 'ship-confirmation' } },
    { switches: { ctl: { orderStreamIncludesId: false, splitEvery: 0, lateEvery: 0 } } },
  );
  const { header, order } = caseOf('ctl');
  await workspace.put('erp/order/in/a.csv', `${header}\n${order('S1')}\n${order('S2')}\n`);
  expect(await run()).toBe(0);
  sandbox.advance(48 * HOUR_MS);
  expect(await run()).toBe(0);
  expect(column(await rowsOf(workspace, 'ship-confirmation'), 'OrderNo').sort()).toEqual(['S1', 'S2']);
});
