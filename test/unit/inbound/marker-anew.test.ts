import { appendFile, chmod, rm, utimes } from 'node:fs/promises';
import { expect, describe, test } from 'vitest';
import { takeIn } from '../../../src/inbound/source/intake.ts';
import { createSequenceGate } from '../../../src/inbound/expect/sequence-gate.ts';
import { createScanner } from '../../../src/inbound/source/scan.ts';
import { settleDrop } from '../../../src/inbound/source/settle.ts';
import { createBench, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const first = sheet(HEADER, 'A,Ann,S1,1');
const half = sheet(HEADER, 'B,Bob,S1,3');
const QUIET_MS = 5000;
const SPENT = 'anew: it has not changed since it announced other content';

const leave = { original: 'leave' as const, done: '', failed: '' };

/** A flow with markers that takes what is ready, look by look. */
async function marked(flow: object = leave, mapping?: string) {
  const options = { flow: { marker: '{name}.ok', ...flow } };
  const bench = await createBench(mapping === undefined ? options : { ...options, mapping });
  const scanner = createScanner(bench.flow, bench.parts);
  const look = async (): Promise<{ taken: string[]; waiting: string[] }> => {
    const { ready, waiting } = await scanner.scan();
    const taken: string[] = [];
    for (const picked of ready) {
      const gate = createSequenceGate(bench.flow, bench.parts);
      const { how, settle } = await takeIn(bench.flow, picked, bench.parts, gate);
      await settle?.();
      taken.push(`${required(picked.get('')).path} ${how}`);
    }
    return { taken, waiting: waiting.map(({ path, why }) => `${path}: ${why}`) };
  };
  return { bench, look };
}

/** A file whose marker came so long after it, in seconds since now. */
async function stamp(bench: Bench, file: string, seconds: number): Promise<void> {
  const at = new Date(Date.now() + seconds * 1000);
  await utimes(bench.path(file), at, at);
}

const NONE = { taken: [], waiting: [] };
const waits = (why: string, path = 'in/a.csv'): object => ({
  taken: [],
  waiting: [`${path}: waits for its marker ${path.slice(3)}.ok ${why}`],
});

describe('the marker of a file that stays', () => {
  test('announces one content: the next one waits for it anew, however long it rests', async () => {
    const { bench, look } = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    await stamp(bench, 'in/a.csv.ok', 60);
    expect(await look()).toEqual({ taken: ['in/a.csv received'], waiting: [] });
    await bench.put('in/a.csv', half);
    for (let i = 0; i < 3; i++) {
      expect(await look()).toEqual(waits(SPENT));
      bench.clock.advance(20 * QUIET_MS);
    }
    await appendFile(bench.path('in/a.csv'), 'B,Bob,S2,4\n');
    expect(await look()).toEqual(waits(SPENT));
    await bench.put('in/a.csv.ok', 'again');
    await stamp(bench, 'in/a.csv.ok', 60);
    expect(await look()).toEqual({ taken: ['in/a.csv received'], waiting: [] });
    expect(await bench.drop()).toMatchObject({ files: [{ size: half.length + 11 }] });
    expect(await look()).toEqual(NONE);
  });

  test('is known to have been there by a dray that starts anew, also after one that ended before it noted it', async () => {
    const { bench } = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    await stamp(bench, 'in/a.csv.ok', 60);
    await settleDrop(await bench.receive('a.csv'), bench.flow, bench.parts);
    await bench.put('in/a.csv', half);
    const { ready, waiting } = await createScanner(bench.flow, bench.parts).scan();
    expect(ready).toEqual([]);
    expect(waiting).toMatchObject([{ why: `waits for its marker a.csv.ok ${SPENT}` }]);
  });

  test('announces nothing new when it is put there again beside the same file', async () => {
    const { bench, look } = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    await look();
    await bench.put('in/a.csv.ok', 'again');
    await stamp(bench, 'in/a.csv.ok', 60);
    expect(await look()).toEqual(NONE);
    await bench.put('in/a.csv', half);
    expect(await look()).toEqual(waits(SPENT));
  });

  test('is not asked for again when the file was only touched', async () => {
    const { bench, look } = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    await look();
    await stamp(bench, 'in/a.csv', -300);
    await chmod(bench.path('in/a.csv'), 0o600);
    expect(await look()).toEqual(NONE);
    expect(await look()).toEqual(NONE);
    expect(await bench.ledger.drops({ limit: 9 })).toHaveLength(1);
  });

  test('of a file that holds other bytes costs one reading of it', async () => {
    const { bench } = await marked();
    await bench.put('in/a.csv', first);
    await bench.put('in/a.csv.ok', '');
    await settleDrop(await bench.receive('a.csv'), bench.flow, bench.parts);
    await bench.put('in/a.csv', half);
    let opened = 0;
    const { folder } = bench.flow;
    const open: typeof folder.open = (path) => (opened++, folder.open(path));
    const scanner = createScanner({ ...bench.flow, folder: { ...folder, open } }, bench.parts);
    for (let i = 0; i < 3; i++) await scanner.scan();
    expect(opened).toBe(1);
  });
});

test.each([{ done: 'done' }, leave])('a marker that is older than its file says nothing of it: %o', async (flow) => {
  const { bench, look } = await marked(flow);
  await bench.put('in/a.csv.ok', '');
  await stamp(bench, 'in/a.csv.ok', -60);
  await bench.put('in/a.csv', half);
  expect(await look()).toEqual(waits('anew: it is older than the file'));
  bench.clock.advance(100 * QUIET_MS);
  expect(await look()).toEqual(waits('anew: it is older than the file'));
  for (const file of ['in/a.csv', 'in/a.csv.ok']) await stamp(bench, file, 0);
  expect((await look()).taken).toEqual(['in/a.csv received']);
});

describe('the companion of a file with a marker', () => {
  const heads = sheet('Id,Name', 'A,Ann');
  const items = sheet('Id,Sku,Qty', 'A,S1,1');

  test('has its quiet time, unless it has a marker of its own', async () => {
    const { bench, look } = await marked({}, twoFiles);
    await bench.put('in/heads1.csv', heads);
    await bench.put('in/items1.csv', items);
    await bench.put('in/heads1.csv.ok', '');
    const quiet = ['in/heads1.csv: not yet unchanged for long enough; looks again in 5 s'];
    expect(await look()).toEqual({ taken: [], waiting: quiet });
    bench.clock.advance(QUIET_MS - 1000);
    await appendFile(bench.path('in/items1.csv'), 'A,S2,5\n');
    expect(await look()).toEqual({ taken: [], waiting: quiet });
    await bench.put('in/items1.csv.ok', '');
    await stamp(bench, 'in/items1.csv.ok', -60);
    expect(await look()).toEqual({ taken: [], waiting: quiet });
    bench.clock.advance(QUIET_MS);
    expect((await look()).taken).toEqual(['in/heads1.csv received']);
    expect(await bench.read('done/items1.csv')).toBe(`${items}A,S2,5\n`);
    for (const name of ['heads2.csv', 'items2.csv', 'heads2.csv.ok', 'items2.csv.ok'])
      await bench.put(`in/${name}`, name.startsWith('heads') ? heads : items);
    expect((await look()).taken).toEqual(['in/heads2.csv received']);
  });

  test('that stays and is written anew makes the drop wait for its marker anew', async () => {
    const { bench, look } = await marked(leave, twoFiles);
    await bench.put('in/heads1.csv', heads);
    await bench.put('in/items1.csv', items);
    await bench.put('in/heads1.csv.ok', '');
    await look();
    bench.clock.advance(QUIET_MS);
    expect((await look()).taken).toEqual(['in/heads1.csv received']);
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'B,S9,1'));
    bench.clock.advance(100 * QUIET_MS);
    expect(await look()).toEqual(waits(SPENT, 'in/heads1.csv'));
  });

  test('is filed as it was read, whatever its sender put in its place', async () => {
    const { bench } = await marked({}, twoFiles);
    await bench.put('in/heads1.csv', heads);
    await bench.put('in/items1.csv', items);
    const drop = await bench.receive('heads1.csv', 'items1.csv');
    await rm(bench.path('in/items1.csv'));
    await bench.put('in/items1.csv', `${items}A,S2,5\n`);
    await settleDrop(drop, bench.flow, bench.parts);
    expect([await bench.read('done/heads1.csv'), await bench.read('done/items1.csv')]).toEqual([heads, items]);
    expect(await bench.read('in/items1.csv')).toBe(`${items}A,S2,5\n`);
  });
});
