import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { jsonLines, repository, type Finished } from '../support/dray.ts';
import { sentTo, startFixedSandbox } from '../support/sandbox.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const HEADER = 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty,Gift';
const DAY = 86_400_000;

const order = (number: string, quantity = '1'): string =>
  `${number},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,CAP-STD,${quantity},no`;
const file = (...rows: string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

interface Open {
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  /** Orders the provider has, in the order in which they came. */
  created(): string[];
  once(shiftMs?: number): Promise<Finished>;
}

/** One flow for CTL orders; `controls` are put into its mapping. */
async function open(flow: object, controls = ''): Promise<Open> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const mapping = `${await readFile(join(repository, 'mappings/ctl/order.yaml'), 'utf8')}\n${controls}`;
  const inbound = { orders: inboundFlow('orders', 'order', 'order.create', { mapping: 'order.yaml', ...flow }) };
  const workspace = await createWorkspace(ctlConfig(`${sandbox.url}/ctl`, { inbound }));
  onTestFinished(() => workspace.remove());
  await workspace.put('order.yaml', mapping);
  return {
    sandbox,
    workspace,
    created: () => sentTo(sandbox, 'PUT', /\/Orders\//).map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
    once: (shiftMs = 0) => workspace.run(['run', '--once'], shifted(shiftMs)),
  };
}

/** The program under another wall clock, so that no test has to wait for a deadline. */
function shifted(ms: number): { nodeOptions: string[] } {
  const code = `const now = Date.now; Date.now = () => now() + ${ms};`;
  return { nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(code)}`] };
}

describe('a file that states its own totals', () => {
  const controls = `controls:
  trailer: { starts: T, count: { 2: records, 3: documents }, sums: { 4: Qty } }
`;

  test('is refused whole when they do not agree: the provider hears nothing of it', async () => {
    const { workspace, sandbox, once } = await open({}, controls);
    await workspace.put('erp/orders/in/a.csv', file(order('A1', '2'), order('A2', '3'), 'T,3,2,5'));
    const run = await once();
    expect(run.code).toBe(1);
    expect(sentTo(sandbox, 'PUT', /.*/)).toEqual([]);
    expect(await workspace.names('erp/orders/failed')).toEqual(['a.csv']);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain(
      'a.csv,4,,refused,control-total,,3,"the trailer does not agree with the records of the file; expected 2, got ""3"".',
    );
  });

  test('is taken when they agree, and its mended reject sheet is not held to them', async () => {
    const { workspace, created, once } = await open({}, controls);
    await workspace.put(
      'erp/orders/in/a.csv',
      file(order('A1', '2'), order('A2', '3').replace('45402', ''), 'T,2,2,5'),
    );
    expect((await once()).code).toBe(1);
    expect(created()).toEqual(['A1']);
    const sheet = await workspace.read('erp/orders/results/a.rejected.csv');
    await workspace.put('erp/orders/in/mended.csv', sheet.replace('OH,,', 'OH,45402,'));
    expect((await once()).code).toBe(0);
    expect(created()).toEqual(['A1', 'A2']);
    expect(await workspace.read('erp/orders/results/mended.result.csv')).toContain('totals-unchecked');
  });

  test('shows in a dry run what a run would say', async () => {
    const { workspace } = await open({}, controls);
    const path = await workspace.put('trial.csv', file(order('A1', '2'), 'T,1,1,3'));
    const trial = await workspace.run(['map', path, '--mapping', workspace.path('order.yaml')]);
    expect([trial.code, trial.stdout]).toEqual([1, '']);
    expect(trial.stderr).toContain(
      'trial.csv line 3: the trailer does not agree with the sum of Qty of the file; expected 2, got "3"',
    );
  });
});

describe('files with numbers', () => {
  const flow = { sequence: { in: 'ORD_{seq}.csv', for: '1h' } };
  const put = ({ workspace }: Open, number: number, key = `S${number}`): Promise<string> =>
    workspace.put(`erp/orders/in/ORD_${number}.csv`, file(order(key)));

  test('wait for the missing one, which comes, and are taken in order', async () => {
    const opened = await open(flow);
    await put(opened, 9);
    expect((await opened.once()).code).toBe(0);
    await put(opened, 11);
    const waits = await opened.once();
    expect(waits.code).toBe(1);
    expect(waits.stderr).toContain('not taken: orders/in/ORD_11.csv: waits for number 10, which has not come');
    const status = await opened.workspace.run(['status', '--json']);
    expect(jsonLines(status.stdout)).toContainEqual(
      expect.objectContaining({
        event: 'sequence',
        flow: 'orders',
        last: 9,
        next: 10,
        waitingSince: expect.any(String),
      }),
    );
    await put(opened, 10);
    expect((await opened.once()).code).toBe(0);
    expect(opened.created()).toEqual(['S9', 'S10', 'S11']);
  });

  test('become an incident when the missing one does not come, and go on when a person says so', async () => {
    const opened = await open(flow);
    const { workspace } = opened;
    await put(opened, 1);
    await put(opened, 3);
    await opened.once();
    const late = await opened.once(2 * 3_600_000);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('dray: missing: orders: files wait for number 2, which has not come');
    expect((await workspace.run(['status'])).code).toBe(1);
    expect((await workspace.run(['ledger', 'sequence', 'orders', '--next', '3'])).code).toBe(0);
    expect((await opened.once()).code).toBe(0);
    expect(opened.created()).toEqual(['S1', 'S3']);
    expect((await workspace.run(['status'])).code).toBe(0);
  });

  test('are refused when a number comes again with other content, and not when the same file does', async () => {
    const opened = await open(flow);
    await put(opened, 1);
    await opened.once();
    await put(opened, 1);
    expect((await opened.once()).code).toBe(0);
    await put(opened, 1, 'OTHER');
    expect((await opened.once()).code).toBe(1);
    expect(opened.created()).toEqual(['S1']);
    expect(await opened.workspace.names('erp/orders/failed')).toEqual(['ORD_1.csv']);
    expect(await opened.workspace.read('erp/orders/results/ORD_1.3.result.csv')).toContain('refused,sequence-repeated');
  });

  test('are shown by the dray that runs, and it goes on at once when a person says so', async () => {
    const opened = await open(flow);
    const { workspace } = opened;
    await put(opened, 1);
    await opened.once();
    const { child, finished } = workspace.start(['run']);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await finished;
    });
    const said = (text: string): Promise<void> =>
      new Promise((resolve) => child.stdout?.on('data', (told: string) => told.includes(text) && resolve()));
    await said('"event":"start"');
    await put(opened, 3);
    const waits = 'waits for number 2, which has not come; to go on without it: dray ledger sequence orders --next 3';
    const status = async (): Promise<unknown[]> => jsonLines((await workspace.run(['status', '--json'])).stdout);
    // The listing that finds the file may still be to come.
    while (!JSON.stringify(await status()).includes(waits));
    const reported = said('"event":"report"');
    expect((await workspace.run(['ledger', 'sequence', 'orders', '--next', '3'])).code).toBe(0);
    await reported;
    expect(opened.created()).toEqual(['S1', 'S3']);
    expect(await status()).toContainEqual(expect.objectContaining({ event: 'sequence', last: 3 }));
  });

  test('are refused numbers that make no sense, in words', async () => {
    const { workspace } = await open(flow);
    const wrong = [['orders', '--next', 'x'], ['orders'], ['nobody', '--next', '1']];
    for (const given of wrong) expect((await workspace.run(['ledger', 'sequence', ...given])).code).toBe(2);
  });
});

describe('a file that is expected', () => {
  // Half an hour from now in UTC, whenever the test runs; the wall clock of the later runs stands half an hour behind it.
  const by = new Date(Date.now() + 1_800_000).toISOString().slice(11, 16);
  const flow = { expect: { by, zone: 'UTC' } };
  const HOUR = 3_600_000;

  test('and does not come is an incident in the exit code, in the status and on the screen', async () => {
    const { workspace, once, created } = await open(flow);
    expect((await once()).code).toBe(0);
    const late = await once(HOUR);
    expect(late.code).toBe(1);
    expect(late.stderr).toMatch(/dray: missing: orders: no file came by \w{3} \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(late.stderr).toContain('a file that was expected has not come');
    const status = await workspace.run(['status', '--json'], shifted(HOUR));
    expect(status.code).toBe(1);
    expect(jsonLines(status.stdout)).toContainEqual(
      expect.objectContaining({ event: 'missing', incident: 1, flow: 'orders' }),
    );
    await workspace.put('erp/orders/in/a.csv', file(order('E1')));
    const came = await once(HOUR);
    expect([came.code, created()]).toEqual([0, ['E1']]);
    expect((await workspace.run(['status'], shifted(HOUR))).code).toBe(0);
  });

  test('and will not come any more is closed by a person', async () => {
    const { workspace, once } = await open(flow);
    await once();
    await once(HOUR);
    expect((await workspace.run(['ledger', 'close', '1'])).code).toBe(0);
    expect((await workspace.run(['ledger', 'close', '1'])).code).toBe(1);
    expect((await once(HOUR)).code).toBe(0);
    expect(jsonLines((await workspace.run(['ledger', 'list', 'incidents'])).stdout)).toMatchObject([
      { id: 1, flow: 'orders', code: 'file-overdue', closedAt: expect.any(Number) },
    ]);
  });

  test('is missed also while no dray runs', async () => {
    const { workspace, once } = await open({ expect: { by: '06:00', zone: 'Asia/Tokyo' } });
    await once();
    const status = await workspace.run(['status', '--json'], shifted(3 * DAY));
    expect(status.code).toBe(1);
    expect(jsonLines(status.stdout).filter(({ event }) => event === 'missing')).toHaveLength(3);
    expect((await workspace.run(['status'])).code).toBe(0);
  });
});

test('a file that no flow picks is named, and is no failure of the run', async () => {
  const { workspace, once } = await open({ pick: 'orders/in/orders*.csv' });
  await workspace.put('erp/orders/in/order1.csv', file(order('A1')));
  const run = await once();
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('not taken: orders/in/order1.csv: no flow picks a file of this name');
});
