import { describe, expect, test } from 'vitest';
import type { ExpectRule } from '../../../src/core/flow-rules.ts';
import { createDeadlines } from '../../../src/inbound/expect/expect-deadlines.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const WORKDAYS = [1, 2, 3, 4, 5];

function rule(changes: Partial<ExpectRule> = {}): ExpectRule {
  return { by: [360], zone: 'Europe/Berlin', days: EVERY_DAY, except: [], graceMs: 0, ...changes };
}

/** The next deadlines after an instant. */
function next(changes: Partial<ExpectRule>, from: string, count: number): string[] {
  const deadlines = createDeadlines(rule(changes));
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  while (found.length < count) {
    at = deadlines.after(at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('deadlines', () => {
  test('stand at the wall time of their zone, summer and winter', () => {
    expect(next({}, '2026-05-04T12:00Z', 2)).toEqual(['2026-05-05T04:00Z', '2026-05-06T04:00Z']);
    expect(next({}, '2026-12-04T12:00Z', 1)).toEqual(['2026-12-05T05:00Z']);
    expect(next({ zone: 'Asia/Kolkata' }, '2026-05-04T12:00Z', 1)).toEqual(['2026-05-05T00:30Z']);
    expect(next({ zone: 'America/Los_Angeles', by: [1410] }, '2026-05-04T12:00Z', 1)).toEqual(['2026-05-05T06:30Z']);
  });

  test('come once, also when looked for at their very instant', () => {
    expect(next({}, '2026-05-05T04:00Z', 1)).toEqual(['2026-05-06T04:00Z']);
    expect(next({}, '2026-05-05T03:59:59.999Z', 1)).toEqual(['2026-05-05T04:00Z']);
  });

  test('may be several a day', () => {
    expect(next({ by: [360, 1080] }, '2026-05-05T05:00Z', 3)).toEqual([
      '2026-05-05T16:00Z',
      '2026-05-06T04:00Z',
      '2026-05-06T16:00Z',
    ]);
  });

  test('keep to days of the week, and leave out holidays', () => {
    expect(next({ days: WORKDAYS }, '2026-05-08T05:00Z', 2)).toEqual(['2026-05-11T04:00Z', '2026-05-12T04:00Z']);
    expect(next({ days: WORKDAYS, except: ['2026-05-11', '2026-05-12'] }, '2026-05-08T05:00Z', 1)).toEqual([
      '2026-05-13T04:00Z',
    ]);
  });

  test('keep to dates, in whatever order they are listed', () => {
    const days = ['2026-06-30', '2026-05-29'];
    expect(next({ days }, '2026-05-04T12:00Z', 9)).toEqual(['2026-05-29T04:00Z', '2026-06-30T04:00Z']);
    expect(next({ days, except: ['2026-05-29'] }, '2026-05-04T12:00Z', 9)).toEqual(['2026-06-30T04:00Z']);
  });

  test('go by the date in the zone, not by that of UTC', () => {
    // 01:00 on Monday in Auckland is Sunday in UTC.
    expect(next({ zone: 'Pacific/Auckland', by: [60], days: [1] }, '2026-05-08T12:00Z', 1)).toEqual([
      '2026-05-10T13:00Z',
    ]);
  });

  test.each([
    ['Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:30Z', '2026-03-30T00:30Z']],
    ['America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:30Z', '2026-03-09T06:30Z']],
  ])('that the clock is put forward over come once, right behind: %s', (zone, from, expected) => {
    expect(next({ zone, by: [150] }, from, 2)).toEqual(expected);
  });

  test.each([
    ['Europe/Berlin', [150], '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['America/New_York', [90], '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
  ])('in the hour that comes twice come once: %s', (zone, by, from, expected) => {
    expect(next({ zone, by }, from, 2)).toEqual(expected);
  });

  test('of which one is put behind another by the clock come both', () => {
    expect(next({ by: [150, 195] }, '2026-03-28T12:00Z', 2)).toEqual(['2026-03-29T01:15Z', '2026-03-29T01:30Z']);
  });

  test('that never come are none', () => {
    expect(next({ days: [] }, '2026-05-04T12:00Z', 1)).toEqual([]);
    expect(next({ by: [] }, '2026-05-04T12:00Z', 1)).toEqual([]);
    expect(next({ days: ['2020-01-01'] }, '2026-05-04T12:00Z', 1)).toEqual([]);
  });

  test('are told with their day, time and zone', () => {
    expect(createDeadlines(rule()).text(Date.parse('2026-05-05T04:00Z'))).toBe('Tue 2026-05-05 06:00 Europe/Berlin');
  });
});
