import { describe, expect, test } from 'vitest';
import type { ExpectationState } from '../../../src/core/ledger.ts';
import { createDeadlines } from '../../../src/inbound/expect/expect-deadlines.ts';
import { judge } from '../../../src/inbound/expect/expect-judge.ts';

const deadlines = createDeadlines({ by: [360], zone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6], except: [], graceMs: 0 });
const at = (text: string): number => Date.parse(`2026-05-${text.replace(' ', 'T')}Z`);

interface Situation {
  /** Last deadline that was judged. */
  readonly since: string;
  readonly isMet?: boolean;
  readonly open?: readonly string[];
  readonly files?: readonly string[];
  readonly now: string;
  readonly graceMs?: number;
}

/** Days whose files are missing, and those that came late. */
function outcome({ since, isMet = false, open = [], files = [], now, graceMs = 0 }: Situation): object {
  const state: ExpectationState = {
    flow: 'orders',
    judgedUntil: at(since),
    isMet,
    arrivals: files.map((file, index) => ({ id: index + 1, dropId: index + 10, at: at(file) })),
  };
  const incidents = open.map((date, index) => ({ id: index + 100, subject: `Day 2026-05-${date}` }));
  const { opened, closed, ...rest } = judge(state, incidents, deadlines, { graceMs }, at(now));
  return {
    missing: opened.map((subject) => subject.slice(12, 14)),
    late: closed.map((id) => open[id - 100]),
    isMet: rest.isMet,
  };
}

describe('a deadline', () => {
  test('is not judged before it has passed', () => {
    expect(outcome({ since: '05 06:00', now: '06 05:59' })).toEqual({ missing: [], late: [], isMet: false });
  });

  test('is met by a file that came since the one before', () => {
    expect(outcome({ since: '05 06:00', files: ['05 06:01'], now: '06 07:00' })).toMatchObject({ missing: [] });
    expect(outcome({ since: '05 06:00', files: ['06 06:00'], now: '06 07:00' })).toMatchObject({ missing: [] });
    expect(outcome({ since: '05 06:00', isMet: true, now: '06 07:00' })).toMatchObject({ missing: [], isMet: false });
  });

  test('is missed when none came', () => {
    expect(outcome({ since: '05 06:00', now: '06 06:00' })).toMatchObject({ missing: ['06'] });
    expect(outcome({ since: '05 06:00', now: '09 06:00' })).toMatchObject({ missing: ['06', '07', '08', '09'] });
  });

  test('gives a grace to a file, which then is not that for the next', () => {
    const graceMs = 600_000;
    const files = ['06 06:10'];
    expect(outcome({ since: '05 06:00', now: '06 06:09', graceMs })).toMatchObject({ missing: [] });
    expect(outcome({ since: '05 06:00', files, now: '06 06:10', graceMs })).toEqual({
      missing: [],
      late: [],
      isMet: false,
    });
    expect(outcome({ since: '05 06:00', files, now: '07 06:10', graceMs })).toMatchObject({ missing: ['07'] });
    expect(outcome({ since: '05 06:00', files: ['06 06:11'], now: '06 06:12', graceMs })).toMatchObject({
      isMet: false,
    });
  });
});

describe('a file after a missed deadline', () => {
  const open = ['05'];

  test('is the late one until half the time to the next has passed', () => {
    expect(outcome({ since: '05 06:00', open, files: ['05 09:00'], now: '05 09:00' })).toEqual({
      missing: [],
      late: ['05'],
      isMet: false,
    });
  });

  test('does not hide that the next one is missing too', () => {
    expect(outcome({ since: '05 06:00', open, files: ['05 09:00'], now: '06 06:00' })).toMatchObject({
      missing: ['06'],
    });
  });

  test('is that for the next deadline once it is nearer to that: the missed one stays missed', () => {
    expect(outcome({ since: '05 06:00', open, files: ['06 05:00'], now: '06 06:00' })).toEqual({
      missing: [],
      late: [],
      isMet: false,
    });
  });

  test('is the late one when the next has come already', () => {
    const files = ['06 05:00', '06 05:30'];
    expect(outcome({ since: '05 06:00', open, files, now: '06 06:00' })).toMatchObject({ missing: [], late: ['05'] });
  });

  test('closes the oldest of several', () => {
    expect(outcome({ since: '06 06:00', open: ['05', '06'], files: ['06 07:00'], now: '06 08:00' })).toMatchObject({
      late: ['05'],
    });
  });
});

describe('after a pause of the program', () => {
  test('files that lay there count for the deadlines that passed meanwhile', () => {
    const files = ['08 08:00', '08 08:01', '08 08:02'];
    expect(outcome({ since: '05 06:00', files, now: '08 08:05' })).toEqual({ missing: [], late: [], isMet: false });
    expect(outcome({ since: '05 06:00', files: files.slice(1), now: '08 08:05' })).toMatchObject({ missing: ['08'] });
  });

  test('a clock that was set back loses no file', () => {
    expect(outcome({ since: '05 06:00', files: ['05 23:00'], now: '05 20:00' })).toMatchObject({ isMet: true });
  });
});

test('nothing is to be kept when nothing happened', () => {
  const state: ExpectationState = { flow: 'orders', judgedUntil: at('05 06:00'), isMet: false, arrivals: [] };
  expect(judge(state, [], deadlines, { graceMs: 0 }, at('05 12:00')).isChanged).toBe(false);
  expect(judge(state, [], deadlines, { graceMs: 0 }, at('06 12:00')).isChanged).toBe(true);
});
