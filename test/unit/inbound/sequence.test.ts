import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { SequenceRule } from '../../../src/core/flow-rules.ts';
import { describeIncident } from '../../../src/core/incident.ts';
import { createWatch, type Watch } from '../../../src/inbound/source/watch.ts';
import { createBench, orders, sheet, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const HOUR = 3_600_000;

interface Setup {
  readonly bench: Bench;
  readonly watch: Watch;
  /** Takes what is there, until nothing more can be taken; answers names in the order they were taken. */
  run(): Promise<string[]>;
  /** An order under the number of its file. */
  put(name: string, row?: string, header?: string): Promise<void>;
  /** What keeps files waiting. */
  waiting(): string[];
  last(): Promise<number | undefined>;
  incidents(): Promise<string[]>;
}

async function open(rule: Partial<SequenceRule> = {}, mapping = orders): Promise<Setup> {
  const sequence: SequenceRule = {
    in: 'ORD_{seq}.csv',
    gap: 'wait',
    forMs: 2 * HOUR,
    duplicate: 'refuse',
    first: 1,
    max: undefined,
    ...rule,
  };
  const bench = await createBench({ mapping, flow: { sequence, quietMs: 0 } });
  let taken: string[] = [];
  const watch = createWatch(bench.flow, bench.parts, (name, how) => taken.push(`${name} ${how}`));
  return {
    bench,
    watch,
    async run() {
      taken = [];
      await watch.run({ signal: new AbortController().signal, untilIdle: true });
      return taken;
    },
    put: (name, row = `${name},Ann,S1,1`, header = HEADER) => bench.put(`in/${name}`, sheet(header, row)),
    waiting: () => watch.waiting().map(({ path, why }) => `${path} ${why}`),
    last: async () => (await bench.ledger.sequenceState('orders'))?.number,
    incidents: async () => (await bench.ledger.incidents({ isOpen: true, limit: 9 })).map(describeIncident),
  };
}

describe('files with numbers in their names', () => {
  test('are taken in the order of their numbers, not of their names', async () => {
    const { put, run, last } = await open();
    for (const number of ['10', '9', '11', '8']) await put(`ORD_${number}.csv`);
    expect(await run()).toEqual(['8', '9', '10', '11'].map((number) => `ORD_${number}.csv received`));
    expect(await last()).toBe(11);
  });

  test('wait for a missing one, and are taken in order when it comes', async () => {
    const { put, run, waiting, last } = await open();
    await put('ORD_5.csv');
    await run();
    await put('ORD_7.csv');
    await put('ORD_8.csv');
    expect(await run()).toEqual([]);
    const why = 'waits for number 6, which has not come; to go on without it: dray ledger sequence orders --next';
    expect(waiting()).toEqual([`in/ORD_7.csv ${why} 7`, `in/ORD_8.csv ${why} 8`]);
    await put('ORD_6.csv');
    expect(await run()).toEqual(['ORD_6.csv received', 'ORD_7.csv received', 'ORD_8.csv received']);
    expect([await last(), waiting()]).toEqual([8, []]);
  });

  test('wait until a person says that they go on', async () => {
    const { bench, put, run, last } = await open();
    await put('ORD_5.csv');
    await put('ORD_8.csv');
    await run();
    await bench.ledger.setSequence('orders', { cycle: 0, number: 7 });
    expect(await run()).toEqual(['ORD_8.csv received']);
    await put('ORD_6.csv');
    expect(await run()).toEqual(['ORD_6.csv received']);
    expect((await bench.drop()).issues).toMatchObject([
      {
        code: 'sequence-late',
        severity: 'warning',
        got: '6',
        what: 'the file comes after files with later sequence numbers',
      },
    ]);
    expect(await last()).toBe(8);
  });

  test('come late when a person decided on a later number, and nobody says that later files had come', async () => {
    const { bench, put, run } = await open();
    await put('ORD_18.csv');
    await run();
    await bench.ledger.setSequence('orders', { cycle: 0, number: 19 });
    await put('ORD_19.csv');
    expect(await run()).toEqual(['ORD_19.csv received']);
    expect((await bench.drop()).issues).toMatchObject([
      {
        code: 'sequence-late',
        what: 'a person decided that number 20 comes next',
        expected: 'a number after 19',
        got: '19',
      },
    ]);
  });

  test('become an incident when the wait lasts too long, and wait on; it is over when the file comes', async () => {
    const { bench, put, run, incidents } = await open();
    await put('ORD_5.csv');
    await put('ORD_7.csv');
    await run();
    bench.clock.advance(2 * HOUR - 1);
    await run();
    expect(await incidents()).toEqual([]);
    bench.clock.advance(1);
    await run();
    await run();
    expect(await incidents()).toEqual(['orders: files wait for number 6, which has not come']);
    const message = 'files wait for an earlier one that has not come';
    expect(bench.log.lines.filter((line) => line.message === message)).toMatchObject([{ level: 'error' }]);
    await put('ORD_6.csv');
    expect(await run()).toEqual(['ORD_6.csv received', 'ORD_7.csv received']);
    expect(await incidents()).toEqual([]);
  });

  test('go on waiting after a start, while files have yet to come to rest', async () => {
    const { bench, put, run, incidents } = await open();
    await put('ORD_5.csv');
    await put('ORD_7.csv');
    await run();
    bench.clock.advance(2 * HOUR);
    const restarted = createWatch({ ...bench.flow, quietMs: 1000 }, bench.parts, () => undefined);
    const running = restarted.run({ signal: new AbortController().signal, untilIdle: true });
    await bench.clock.asleep();
    expect((await bench.ledger.sequenceState('orders'))?.waitingSince).toBeDefined();
    bench.clock.advance(1000);
    await running;
    expect(await incidents()).toHaveLength(1);
  });

  test('do not wait on when the later file is taken away', async () => {
    const { bench, put, run } = await open();
    await put('ORD_5.csv');
    await put('ORD_7.csv');
    await run();
    expect((await bench.ledger.sequenceState('orders'))?.waitingSince).toBe(bench.clock.now());
    await rm(bench.path('in/ORD_7.csv'));
    await run();
    expect((await bench.ledger.sequenceState('orders'))?.waitingSince).toBeUndefined();
  });

  test('count a wait from its beginning, also when the wall clock is set back', async () => {
    const { bench, put, run, incidents } = await open();
    await put('ORD_5.csv');
    await put('ORD_7.csv');
    await run();
    bench.clock.setWall(bench.clock.now() - 100 * HOUR);
    await run();
    bench.clock.advance(2 * HOUR);
    await run();
    expect(await incidents()).toHaveLength(1);
  });

  test('are taken with a notice that names what is missing, or without, where gaps are not waited for', async () => {
    for (const gap of ['warn', 'accept'] as const) {
      const { bench, put, run, last } = await open({ gap });
      await put('ORD_5.csv');
      await put('ORD_9.csv');
      expect(await run()).toHaveLength(2);
      const told = (await bench.drop()).issues.map(({ code, expected }) => `${code} ${expected ?? ''}`);
      expect(told).toEqual(gap === 'warn' ? ['sequence-gap 6 to 8 before 9'] : []);
      expect(await last()).toBe(9);
    }
  });

  test('go on at the first number after the last', async () => {
    const { put, run, last } = await open({ max: 99 });
    for (const number of ['98', '99', '1', '2']) await put(`ORD_${number}.csv`);
    expect(await run()).toHaveLength(4);
    expect(await last()).toBe(2);
  });
});

describe('a number that comes again', () => {
  test('with other content is refused, with the first file named', async () => {
    const { bench, put, run } = await open();
    await put('ORD_5.csv');
    await run();
    await put('ORD_5.csv', 'B,Bob,S1,1');
    expect(await run()).toEqual(['ORD_5.csv refused']);
    expect((await bench.drop()).issues).toMatchObject([
      {
        code: 'sequence-repeated',
        severity: 'error',
        got: '5',
        expected: 'the content of ORD_5.csv (drop 1), or a new number',
      },
    ]);
    expect(await bench.names('failed')).toEqual(['ORD_5.csv']);
    expect(await bench.ledger.documents({ key: 'B', limit: 9 })).toEqual([]);
  });

  test('with the very same bytes is what it was: already received', async () => {
    const { bench, put, run, last } = await open();
    await put('ORD_5.csv', 'A,Ann,S1,1');
    await run();
    await put('ORD_5.csv', 'A,Ann,S1,1');
    expect(await run()).toEqual(['ORD_5.csv received']);
    expect((await bench.drop()).issues).toEqual([]);
    expect((await bench.ledger.submissions({ limit: 9 })).length).toBe(1);
    expect(await last()).toBe(5);
  });

  test('is taken with a notice where that is what the flow says', async () => {
    const { bench, put, run } = await open({ duplicate: 'warn' });
    await put('ORD_5.csv');
    await run();
    await put('ORD_5.csv', 'B,Bob,S1,1');
    expect(await run()).toEqual(['ORD_5.csv received']);
    expect((await bench.drop()).issues).toMatchObject([{ code: 'sequence-repeated', severity: 'warning' }]);
  });

  test('is no repetition after a refused file: the mended one has the number', async () => {
    const { put, run, last } = await open({}, `${orders}controls: { trailer: { starts: T, count: 2 } }\n`);
    await put('ORD_5.csv', 'A,Ann,S1,1\nT,1');
    await put('ORD_6.csv', 'B,Ann,S1,1\nT,2');
    await put('ORD_7.csv', 'C,Ann,S1,1\nT,1');
    expect(await run()).toEqual(['ORD_5.csv received', 'ORD_6.csv refused']);
    await put('ORD_6.csv', 'B,Ann,S1,1\nT,1');
    expect(await run()).toEqual(['ORD_6.csv received', 'ORD_7.csv received']);
    expect(await last()).toBe(7);
  });
});

describe('a file without a number', () => {
  test('is refused, with the name it should have had', async () => {
    const { bench, put, run } = await open();
    await put('orders.csv');
    expect(await run()).toEqual(['orders.csv refused']);
    expect((await bench.drop()).issues).toMatchObject([
      { code: 'sequence-missing', got: 'orders.csv', expected: 'a name such as ORD_{seq}.csv with digits for {seq}' },
    ]);
  });

  test('is taken when it is a reject sheet that comes back, whatever its name, and moves no number', async () => {
    const { put, run, last } = await open({ in: 'ORD_{seq}*.csv' });
    await put('ORD_5.csv');
    await run();
    const header = `${HEADER},dray_code,dray_column,dray_reason`;
    await put('ORD_5.rejected.csv', 'B,Bob,S1,1,not-a-number,Qty,mended', header);
    await put('ORD_6 mended by Jo.csv', 'C,Cid,S1,1,not-a-number,Qty,mended', header);
    await put('Jo.csv', 'D,Dan,S1,1,not-a-number,Qty,mended', header);
    expect((await run()).sort()).toEqual([
      'Jo.csv received',
      'ORD_5.rejected.csv received',
      'ORD_6 mended by Jo.csv received',
    ]);
    expect(await last()).toBe(5);
  });

  test('that is empty is refused for being empty', async () => {
    const { bench, run } = await open({ in: 'No' });
    await bench.put('in/a.csv', '');
    expect(await run()).toEqual(['a.csv refused']);
    expect((await bench.drop()).issues.map(({ code }) => code)).toEqual(['empty-file']);
  });

  test('whose column is not there is refused, with the column named', async () => {
    const { bench, put, run } = await open({ in: 'FileNo' });
    await put('a.csv');
    expect(await run()).toEqual(['a.csv refused']);
    expect((await bench.drop()).issues).toMatchObject([
      { code: 'sequence-missing', where: { file: 'a.csv', column: 'FileNo' }, expected: 'digits' },
    ]);
  });
});

describe('files with numbers in a column', () => {
  const header = 'Id,Name,Sku,Qty,FileNo';
  const numbered = (setup: Setup, name: string, number: string): Promise<void> =>
    setup.put(name, `${name},Ann,S1,1,${number}`, header);

  test('are taken in order whatever their names, and wait for what is missing', async () => {
    const setup = await open({ in: ' fileno' });
    await numbered(setup, 'a.csv', '0005');
    expect(await setup.run()).toEqual(['a.csv received']);
    await numbered(setup, 'b.csv', '8');
    await numbered(setup, 'c.csv', '7');
    expect(await setup.run()).toEqual([]);
    expect(setup.waiting()).toHaveLength(2);
    expect(setup.waiting()[0]).toContain('waits for number 6, which has not come');
    await numbered(setup, 'd.csv', '6');
    expect(await setup.run()).toEqual(['d.csv received', 'c.csv received', 'b.csv received']);
    expect(await setup.last()).toBe(8);
  });

  test('of two numbers are refused at the line of the second, whether rows lie together or apart', async () => {
    for (const rows of ['A,Ann,S1,1,8\nB,Bob,S1,1,10', 'A,Ann,S1,1,8\nB,Bob,S1,1,10\nA,Ann,S2,1,8']) {
      const setup = await open({ in: 'FileNo' });
      await setup.put('a.csv', rows, header);
      expect(await setup.run()).toEqual(['a.csv refused']);
      expect((await setup.bench.drop()).issues).toMatchObject([
        {
          code: 'sequence-mixed',
          severity: 'error',
          got: '10',
          expected: '8 as in the rows above',
          where: { file: 'a.csv', line: 3, column: 'FileNo' },
        },
      ]);
      expect(await setup.last()).toBeUndefined();
      expect(await setup.bench.ledger.submissions({ limit: 9 })).toEqual([]);
    }
  });

  test('of two numbers are taken with a notice, or without, where gaps are not waited for', async () => {
    for (const gap of ['warn', 'accept'] as const) {
      const setup = await open({ in: 'FileNo', gap });
      await setup.put('a.csv', 'A,Ann,S1,1,8\nB,Bob,S1,1,10\nC,Cid,S1,1,11', header);
      expect(await setup.run()).toEqual(['a.csv received']);
      const told = (await setup.bench.drop()).issues.map(
        ({ code, severity, where }) => `${code} ${severity} ${where.line}`,
      );
      expect(told).toEqual(gap === 'warn' ? ['sequence-mixed warning 3'] : []);
      expect(await setup.last()).toBe(8);
    }
  });

  test('of one number written in several ways, or not on every row, are one file', async () => {
    const setup = await open({ in: 'FileNo' });
    await setup.put('a.csv', 'A,Ann,S1,1,8\nB,Bob,S1,1,0008\nC,Cid,S1,1,\nD,Dan,S1,1,8', header);
    expect(await setup.run()).toEqual(['a.csv received']);
  });

  test('may be several in a reject sheet that comes back', async () => {
    const setup = await open({ in: 'FileNo' });
    const reasons = ',not-a-number,Qty,mended';
    await setup.put(
      'a.csv',
      `A,Ann,S1,1,8${reasons}\nB,Bob,S1,1,10${reasons}`,
      `${header},dray_code,dray_column,dray_reason`,
    );
    expect(await setup.run()).toEqual(['a.csv received']);
    expect((await setup.bench.drop()).issues).toEqual([]);
  });

  test('leave nothing behind while they wait', async () => {
    const setup = await open({ in: 'FileNo' });
    await numbered(setup, 'a.csv', '5');
    await numbered(setup, 'b.csv', '7');
    await setup.run();
    await setup.run();
    expect(await setup.bench.ledger.unsettledDrops()).toEqual([]);
    expect((await setup.bench.ledger.drops({ limit: 9 })).length).toBe(1);
    expect(await setup.bench.names('in')).toEqual(['b.csv']);
    expect(await setup.bench.spool.sweep(await setup.bench.ledger.neededSpool())).toBe(0);
  });

  test.each([
    ['five', 'five'],
    ['', ''],
    ['-5', '-5'],
    ['5.0', '5.0'],
  ])('that say %j are refused at the cell', async (number, got) => {
    const setup = await open({ in: 'FileNo' });
    await numbered(setup, 'a.csv', number);
    expect(await setup.run()).toEqual(['a.csv refused']);
    expect((await setup.bench.drop()).issues).toMatchObject([
      { code: 'sequence-missing', got, where: { file: 'a.csv', line: 2, column: 'FileNo' } },
    ]);
  });
});
