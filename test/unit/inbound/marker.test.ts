import { rename, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { takeDrop } from '../../../src/inbound/source/intake.ts';
import { createScanner } from '../../../src/inbound/source/scan.ts';
import { settleDrop } from '../../../src/inbound/source/settle.ts';
import { createBench, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const first = sheet(HEADER, 'A,Ann,S1,1');
const second = sheet(HEADER, 'B,Bob,S1,3');
const QUIET_MS = 5000;

type Options = NonNullable<Parameters<typeof createBench>[0]>;

const marked = (marker = '{name}.ok', { flow = {}, ...rest }: Options = {}): Promise<Bench> =>
  createBench({ ...rest, flow: { marker, ...flow } });

/** What one look finds: names that are ready, and what is said of others. */
async function look(bench: Bench, isHurried = false): Promise<{ ready: string[]; waiting: string[] }> {
  const { ready, waiting } = await createScanner(bench.flow, bench.parts, [bench.flow]).scan(isHurried);
  return {
    ready: ready.flatMap((picked) => [...picked.values()].map(({ path }) => path)),
    waiting: waiting.map(({ path, why }) => `${path}: ${why}`),
  };
}

describe('a file with a marker', () => {
  test('is ready at the first look, and never without it', async () => {
    const bench = await marked();
    await bench.put('in/a.csv', first);
    const scanner = createScanner(bench.flow, bench.parts);
    for (let i = 0; i < 2; i++) {
      const { ready, waiting } = await scanner.scan();
      expect(ready).toEqual([]);
      expect(waiting).toEqual([{ flow: 'orders', path: 'in/a.csv', why: 'waits for its marker a.csv.ok' }]);
      bench.clock.advance(100 * QUIET_MS);
    }
    await bench.put('in/a.csv.ok', '');
    expect(await look(bench)).toEqual({ ready: ['in/a.csv'], waiting: [] });
  });

  test.each([
    ['{name}.ok', 'a.csv.ok'],
    ['{stem}.done', 'a.done'],
    ['READY_{name}', 'READY_a.csv'],
  ])('is announced by %s', async (template, marker) => {
    const bench = await marked(template, { flow: { picks: () => true } });
    await bench.put('in/a.csv', first);
    expect((await look(bench)).ready).toEqual([]);
    await bench.put(`in/${marker}`, 'what a marker says is nobody’s business');
    expect(await look(bench)).toEqual({ ready: ['in/a.csv'], waiting: [] });
    expect(await bench.take('a.csv')).toBe('received');
    expect(await bench.names('in')).toEqual([]);
    expect(await bench.names('done')).toEqual(['a.csv', marker].sort());
  });

  test('that changes after the look is left alone until the next one', async () => {
    const bench = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    const picked = await bench.pick('a.csv');
    await bench.put('in/a.csv', second + second);
    expect(await takeDrop(bench.flow, picked, bench.parts)).toBe('changed');
    expect(await bench.names('in')).toEqual(['a.csv', 'a.csv.ok']);
    await bench.put('in/a.csv.ok', '');
    expect(await look(bench)).toEqual({ ready: ['in/a.csv'], waiting: [] });
  });

  test('of two files waits for both and for the marker of the picked one; that of the other goes with it', async () => {
    const bench = await marked('{name}.ok', { mapping: twoFiles });
    await bench.put('in/heads1.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/heads1.csv.ok', '');
    expect((await look(bench)).waiting).toEqual(['in/heads1.csv: waits for items1.csv']);
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'A,S1,1'));
    await bench.put('in/items1.csv.ok', '');
    expect(await look(bench)).toEqual({ ready: ['in/heads1.csv', 'in/items1.csv'], waiting: [] });
    expect(await bench.take('heads1.csv', 'items1.csv')).toBe('received');
    expect(await bench.names('in')).toEqual([]);
    expect(await bench.names('done')).toEqual(['heads1.csv', 'heads1.csv.ok', 'items1.csv', 'items1.csv.ok']);
  });

  test('goes to its place with it: deleted, left, or beside a refused one', async () => {
    const gone = await marked('{name}.ok', { flow: { original: 'delete', done: '' } });
    const left = await marked('{name}.ok', { flow: { original: 'leave', done: '', failed: '' } });
    for (const bench of [gone, left]) {
      await bench.put('in/a.csv', first);
      await bench.put('in/a.csv.ok', '');
      expect(await bench.take('a.csv')).toBe('received');
    }
    expect(await gone.names('in')).toEqual([]);
    expect(await left.names('in')).toEqual(['a.csv', 'a.csv.ok']);
    expect(await look(left)).toEqual({ ready: [], waiting: [] });
    await gone.put('in/b.csv', 'nothing of use\n');
    await gone.put('in/b.csv.ok', '');
    expect(await gone.take('b.csv')).toBe('refused');
    expect(await gone.names('failed')).toEqual(['b.csv', 'b.csv.ok']);
  });

  test('has it beside the second name that it gets itself', async () => {
    const bench = await marked();
    for (const text of [first, second]) {
      await bench.put('in/a.csv', text);
      await bench.put('in/a.csv.ok', '');
      await bench.take('a.csv');
    }
    expect(await bench.names('done')).toEqual(['a.2.csv', 'a.2.csv.ok', 'a.csv', 'a.csv.ok']);
  });
});

describe('a marker alone', () => {
  test('is named after ten quiet times, and at once where nobody looks again', async () => {
    const bench = await marked();
    await bench.put('in/a.csv.ok', '');
    const scanner = createScanner(bench.flow, bench.parts, [bench.flow]);
    expect((await scanner.scan()).waiting).toEqual([]);
    bench.clock.advance(10 * QUIET_MS);
    const named = 'in/a.csv.ok: a marker whose file has not come';
    expect((await scanner.scan()).waiting.map(({ path, why }) => `${path}: ${why}`)).toEqual([named]);
    expect((await look(bench, true)).waiting).toEqual([named]);
    await bench.put('in/a.csv', first);
    expect((await scanner.scan()).waiting).toEqual([]);
  });

  test('is no drop, whatever the flow picks', async () => {
    const bench = await marked('{stem}.csv', { flow: { picks: () => true } });
    await bench.put('in/a.csv', first);
    expect(await look(bench)).toEqual({ ready: [], waiting: [] });
    await bench.put('in/a.txt', first);
    expect(await look(bench)).toEqual({ ready: ['in/a.txt'], waiting: [] });
  });
});

describe('a sender that is quicker than the filing', () => {
  /** A received drop; then its sender puts the next file and its marker in place of the first. */
  async function overtaken(): Promise<Bench> {
    const bench = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', 'first');
    await bench.receive('a.csv');
    await rm(bench.path('in/a.csv'));
    await bench.put('in/a.csv', second);
    await bench.put('in/a.csv.ok', 'second');
    return bench;
  }

  test('finds its next file and the marker of it in place', async () => {
    const bench = await overtaken();
    await settleDrop(await bench.drop(), bench.flow, bench.parts);
    expect(await bench.names('in')).toEqual(['a.csv', 'a.csv.ok']);
    expect([await bench.read('in/a.csv'), await bench.read('done/a.csv')]).toEqual([second, first]);
    expect((await look(bench)).ready).toEqual(['in/a.csv']);
  });

  test.each([
    'the marker was claimed',
    'marker and file were claimed',
    'the marker was given back',
    'both were given back',
    'the copy was put into its place',
  ])('does so when the program ended after %s', async (when) => {
    const bench = await overtaken();
    const { id } = await bench.drop();
    await bench.ledger.beginSettling(id, new Map([['', 'done/a.csv']]));
    const claim = (name: string, end: string): Promise<void> =>
      rename(bench.path(`in/${name}`), bench.path(`in/.dray-${id}.${end}`));
    if (when === 'the marker was claimed' || when.startsWith('marker and')) await claim('a.csv.ok', 'marker.claim');
    if (when.startsWith('marker and') || when === 'the marker was given back') await claim('a.csv', 'claim');
    if (when.startsWith('the copy')) await bench.put('done/a.csv', first);
    await settleDrop(required(await bench.ledger.drop(id)), bench.flow, bench.parts);
    expect(await bench.names('in')).toEqual(['a.csv', 'a.csv.ok']);
    expect([await bench.read('in/a.csv'), await bench.read('in/a.csv.ok')]).toEqual([second, 'second']);
    expect(await bench.read('done/a.csv')).toBe(first);
    expect((await look(bench)).ready).toEqual(['in/a.csv']);
  });
});

test.each(['the marker was claimed', 'both were claimed', 'the file was filed', 'both were filed'])(
  'a program that ended after %s files both, once',
  async (when) => {
    const bench = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    const { id } = await bench.receive('a.csv');
    await bench.ledger.beginSettling(id, new Map([['', 'done/a.csv']]));
    await rename(bench.path('in/a.csv.ok'), bench.path(`in/.dray-${id}.marker.claim`));
    if (when !== 'the marker was claimed') await rename(bench.path('in/a.csv'), bench.path(`in/.dray-${id}.claim`));
    if (when.endsWith('filed')) await bench.flow.folder.place(`in/.dray-${id}.claim`, 'done/a.csv');
    if (when === 'both were filed') await bench.flow.folder.place(`in/.dray-${id}.marker.claim`, 'done/a.csv.ok');
    await settleDrop(required(await bench.ledger.drop(id)), bench.flow, bench.parts);
    expect(await bench.names('in')).toEqual([]);
    expect(await bench.names('done')).toEqual(['a.csv', 'a.csv.ok']);
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
  },
);
