import { beforeEach, expect, test, vi } from 'vitest';

import type { Ending } from '../../../src/core/format.ts';
import type { FileEntry } from '../../../src/core/folder.ts';
import { createSightings, type Sightings, type Verdict } from '../../../src/core/sightings.ts';

let nowMs: number;
let sightings: Sightings;
beforeEach(() => {
  nowMs = 1_000_000;
  sightings = createSightings({ clock: { monotonic: () => nowMs }, quietMs: 5000 });
});

const entry = (fingerprint: string, size = 10): FileEntry => ({ path: 'in/a.csv', size, mtimeMs: 0, fingerprint });
const look = (fingerprint: string, ending: Ending = 'complete', size?: number): Promise<Verdict> =>
  sightings.see(entry(fingerprint, size), () => Promise.resolve(ending));
const wait = (why: string, forMs: number): object => ({ kind: 'wait', why, forMs });

test('a file is taken when it rested for the quiet time since our first look', async () => {
  expect(await look('1')).toEqual(wait('quiet', 5000));
  nowMs += 4999;
  expect(await look('1')).toEqual(wait('quiet', 1));
  nowMs += 1;
  expect(await look('1')).toEqual({ kind: 'take', ending: 'complete' });
});

test('any change starts the count again', async () => {
  await look('1');
  nowMs += 4000;
  expect(await look('2')).toEqual(wait('quiet', 5000));
  nowMs += 4000;
  expect(await look('2')).toEqual(wait('quiet', 1000));
});

test('the ending is not asked of a file that may still change', async () => {
  const ending = vi.fn(() => Promise.resolve<Ending>('complete'));
  await sightings.see(entry('1'), ending);
  expect(ending).not.toHaveBeenCalled();
});

test('a file whose last record has not ended is given twelve quiet times', async () => {
  await look('1', 'open');
  nowMs += 5000;
  expect(await look('1', 'open')).toEqual(wait('no-final-newline', 55_000));
  nowMs += 55_000;
  expect(await look('1', 'open')).toEqual({ kind: 'take', ending: 'open' });
});

test('an empty file is given six', async () => {
  await look('1', 'complete', 0);
  nowMs += 5000;
  expect(await look('1', 'complete', 0)).toEqual(wait('empty', 25_000));
  nowMs += 25_000;
  expect(await look('1', 'complete', 0)).toEqual({ kind: 'take', ending: 'empty' });
});

test('a file that went away and came back starts afresh', async () => {
  await look('1');
  nowMs += 5000;
  sightings.forgetAbsent(new Set(['in/b.csv']));
  expect(await look('1')).toEqual(wait('quiet', 5000));
  sightings.forgetAbsent(new Set(['in/a.csv']));
  nowMs += 5000;
  expect(await look('1')).toEqual({ kind: 'take', ending: 'complete' });
});
