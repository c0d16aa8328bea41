import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ExpectRule } from '../../../src/core/flow-rules.ts';
import { describeIncident } from '../../../src/core/incident.ts';
import { createExpectation, overdue } from '../../../src/inbound/expect/expect.ts';
import { createWatch } from '../../../src/inbound/source/watch.ts';
import { createBench, orders, sheet, type Bench } from './support.ts';

const HOUR = 3_600_000;
const HEADER = 'Id,Name,Sku,Qty';
// The clock of the bench begins on Monday 2026-05-04 at 14:00 UTC.
const rule: ExpectRule = { by: [360], zone: 'UTC', days: [1, 2, 3, 4, 5], except: [], graceMs: 0 };

interface Setup {
  readonly bench: Bench;
  /** What was told of incidents since the last run. */
  run(): Promise<string[]>;
  open(): Promise<string[]>;
}

async function open(changes: Partial<ExpectRule> = {}, quietMs = 0, mapping = orders): Promise<Setup> {
  const bench = await createBench({ mapping, flow: { expect: { ...rule, ...changes }, quietMs } });
  let told: string[] = [];
  const start = (): ReturnType<typeof createWatch> =>
    createWatch(
      bench.flow,
      bench.parts,
      () => undefined,
      (text, isOpen) => told.push(`${isOpen ? '+' : '-'} ${text}`),
    );
  return {
    bench,
    async run() {
      told = [];
      const stop = new AbortController();
      // A watch of its own each time, as after a start of the program.
      await start().run({ signal: stop.signal, untilIdle: true });
      return told;
    },
    open: async () => (await bench.ledger.incidents({ isOpen: true, limit: 9 })).map(describeIncident),
  };
}

const drop = (bench: Bench, name: string, ...more: readonly string[]): Promise<void> =>
  bench.put(`in/${name}.csv`, sheet(HEADER, `${name},Ann,S1,1`, ...more));

describe('a file that is expected', () => {
  test('and comes in time makes no noise', async () => {
    const { bench, run, open: incidents } = await open();
    await run();
    bench.clock.advance(15 * HOUR);
    await drop(bench, 'a');
    await run();
    bench.clock.advance(2 * HOUR);
    expect([await run(), await incidents()]).toEqual([[], []]);
  });

  test('and does not come is one incident, an error in the log, through restarts', async () => {
    const { bench, run, open: incidents } = await open();
    await run();
    bench.clock.advance(16 * HOUR);
    expect(await run()).toEqual(['+ orders: no file came by Tue 2026-05-05 06:00 UTC']);
    expect(await run()).toEqual([]);
    expect(await incidents()).toHaveLength(1);
    const message = 'a file that was expected has not come';
    expect(bench.log.lines.filter((line) => line.message === message)).toMatchObject([
      { level: 'error', fields: { flow: 'orders', due: 'Tue 2026-05-05 06:00 UTC' } },
    ]);
  });

  test('and comes late closes its incident by itself', async () => {
    const { bench, run, open: incidents } = await open();
    await run();
    bench.clock.advance(16 * HOUR);
    await run();
    await drop(bench, 'a');
    expect(await run()).toEqual(['- orders: no file came by Tue 2026-05-05 06:00 UTC']);
    expect(await incidents()).toEqual([]);
    expect(bench.log.lines.at(-1)).toMatchObject({ level: 'info', message: 'a file that was expected has come late' });
    bench.clock.advance(24 * HOUR);
    expect(await run()).toEqual(['+ orders: no file came by Wed 2026-05-06 06:00 UTC']);
  });

  test('is one incident for each deadline that passed while dray was down, but for files that lay there', async () => {
    const { bench, run } = await open();
    await run();
    bench.clock.advance(66 * HOUR);
    await drop(bench, 'a');
    expect(await run()).toEqual([
      '+ orders: no file came by Wed 2026-05-06 06:00 UTC',
      '+ orders: no file came by Thu 2026-05-07 06:00 UTC',
    ]);
  });

  test('is not that which was refused, nor a reject sheet that comes back', async () => {
    const { bench, run } = await open({}, 0, `${orders}controls: { trailer: { starts: T, count: 2 } }\n`);
    await run();
    await drop(bench, 'cut off', 'T,7');
    await bench.put('in/mended.csv', sheet(`${HEADER},dray_code`, 'B,Bob,S1,1,not-a-number'));
    await run();
    expect((await bench.ledger.drops({ limit: 9 })).map(({ isRefused }) => isRefused)).toEqual([false, true]);
    bench.clock.advance(16 * HOUR);
    expect(await run()).toHaveLength(1);
  });

  test('is waited for while a file comes to rest, and not for ever', async () => {
    const { bench, open: incidents } = await open({}, 1000);
    const expectation = createExpectation(bench.flow, bench.parts, () => undefined);
    await expectation.look(false);
    bench.clock.advance(16 * HOUR);
    await expectation.look(true);
    bench.clock.advance(12_000);
    await expectation.look(true);
    expect(await incidents()).toEqual([]);
    bench.clock.advance(1);
    await expectation.look(true);
    expect(await incidents()).toEqual(['orders: no file came by Tue 2026-05-05 06:00 UTC']);
  });

  test('is expected from when that was first known, not before', async () => {
    const { bench, run } = await open({ by: [13 * 60] });
    expect(await run()).toEqual([]);
    bench.clock.advance(24 * HOUR);
    expect(await run()).toHaveLength(1);
  });

  test('is looked for also when the folder is gone', async () => {
    const { bench, run } = await open();
    await run();
    await rm(bench.path('.'), { recursive: true });
    bench.clock.advance(16 * HOUR);
    expect(await run()).toHaveLength(1);
  });
});

test('deadlines that passed while no dray runs are told without being kept', async () => {
  const { bench, run } = await open();
  await run();
  const [state] = await bench.ledger.expectations();
  if (state === undefined) throw new Error('nothing is expected');
  expect(overdue(rule, state, [], bench.clock.now() + 16 * HOUR)).toEqual([
    'orders: no file came by Tue 2026-05-05 06:00 UTC',
  ]);
  expect(overdue(rule, state, [], bench.clock.now())).toEqual([]);
  expect(await bench.ledger.incidents({ limit: 9 })).toEqual([]);
});
