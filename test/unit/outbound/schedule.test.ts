import { describe, expect, test } from 'vitest';
import { at, every, fileNameTemplate } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';

const HOUR = 3_600_000;
const time = (text: string): number => Date.parse(text);
const shown = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

describe('every', () => {
  const hourly = every(HOUR);
  const now = time('2026-05-04T12:00:00Z');

  test('runs at once when it never ran', () => {
    expect(hourly.next(undefined, now)).toBe(now);
  });

  test('leaves the same time between the starts of two runs', () => {
    expect(hourly.next(now - HOUR / 4, now)).toBe(now + (3 * HOUR) / 4);
  });

  test('makes up runs that were missed with one', () => {
    const next = hourly.next(now - 100 * HOUR, now);
    expect(next).toBeLessThanOrEqual(now);
    expect(hourly.next(now, now)).toBe(now + HOUR);
  });

  test('does not wait for a clock that was set back to catch up', () => {
    expect(hourly.next(now + 1000 * HOUR, now)).toBe(now + HOUR);
  });
});

/** The runs of a schedule between two times, when each run happens as it is due. */
function runs(cron: string, zone: string, from: string, to: string): string[] {
  const schedule = at(cron, zone);
  const found: string[] = [];
  let last = time(from);
  for (;;) {
    const next = schedule.next(last, last);
    if (next > time(to)) return found;
    found.push(shown(next));
    last = next;
  }
}

describe('at', () => {
  test('runs at the wall time of its zone', () => {
    expect(runs('0 6 * * 1-5', 'Europe/Berlin', '2026-05-07T12:00:00Z', '2026-05-12T12:00:00Z')).toEqual([
      '2026-05-08T04:00:00Z',
      '2026-05-11T04:00:00Z',
      '2026-05-12T04:00:00Z',
    ]);
  });

  test.each([
    ['Europe/Berlin', '2026-03-27T12:00:00Z', ['2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z']],
    [
      'America/New_York',
      '2026-03-06T12:00:00Z',
      ['2026-03-07T07:30:00Z', '2026-03-08T07:00:00Z', '2026-03-09T06:30:00Z'],
    ],
  ])('runs once on the day whose 02:30 does not exist, right after the gap: %s', (zone, from, expected) => {
    const found = runs('30 2 * * *', zone, from, shown(time(from) + 70 * HOUR));
    expect(found).toHaveLength(3);
    expect([found[0], found[2]]).toEqual([expected[0], expected[2]]);
    // On the day itself the moment after the gap, or the same distance behind it.
    expect([expected[1], shown(time(expected[1] ?? '') + HOUR / 2)]).toContain(found[1]);
  });

  test.each([
    ['Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
  ])('runs once on the day whose hour comes twice: %s', (zone, from, first, second) => {
    const cron = zone === 'Europe/Berlin' ? '30 2 * * *' : '30 1 * * *';
    const found = runs(cron, zone, from, shown(time(from) + 48 * HOUR));
    expect(found).toEqual([first, second]);
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Tehran'])(
    'runs once on every day of three years, at its time or right after the gap that swallowed it: %s',
    (zone) => {
      for (const [hour, minute] of [
        [0, 15],
        [1, 45],
        [2, 30],
      ] as const) {
        const found = runs(`${minute} ${hour} * * *`, zone, '2025-12-31T12:00:00Z', '2028-12-31T12:00:00Z');
        const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
        const days = found.map((at) => local.format(time(at)));
        expect(new Set(days.map((day) => day.slice(0, 10))).size).toBe(days.length);
        expect(days.length).toBeGreaterThanOrEqual(3 * 365);
        expect(days.length).toBeLessThanOrEqual(3 * 365 + 2);
        const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const moved = days.filter((day) => day.slice(11) !== wanted);
        // At most the three days of the year on which the clock is put forward.
        expect(moved.length).toBeLessThanOrEqual(3);
        for (const day of moved) expect(day.slice(11) > wanted && day.slice(11) <= '03:45', day).toBe(true);
      }
    },
  );

  test('makes up a run that was missed once, not each of them', () => {
    const nightly = at('0 2 * * *', 'UTC');
    const now = time('2026-05-10T12:00:00Z');
    expect(nightly.next(time('2026-05-04T02:00:00Z'), now)).toBeLessThanOrEqual(now);
    expect(shown(nightly.next(now, now))).toBe('2026-05-11T02:00:00Z');
  });

  test('does not wait for a clock that was set back to catch up', () => {
    const now = time('2026-05-04T12:00:00Z');
    expect(shown(at('0 2 * * *', 'UTC').next(now + 1000 * HOUR, now))).toBe('2026-05-05T02:00:00Z');
  });

  test('that never comes again is far away', () => {
    expect(at('0 6 31 2 *', 'UTC').next(undefined, time('2026-05-04T12:00:00Z'))).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('the name of a file', () => {
  const now = time('2026-12-31T23:30:00Z');
  const name = (template: string, sequence = 7): string =>
    required(fileNameTemplate(template).name)({ now, sequence, flow: 'shipped' });

  test.each([
    ['S_{seq:6}.csv', 'S_000007.csv'],
    ['{seq:1}', '7'],
    ['out/S_{date:yyyyMMdd}_{seq:3}.csv', 'out/S_20261231_007.csv'],
    ['{date:yyyy-MM-dd@Europe/Berlin}/{seq:2}', '2027-01-01/07'],
    ['{date:yyyyMMddHHmmss@America/New_York}_{seq:2}', '20261231183000_07'],
    ['{seq:2}_{seq:4}', '07_0007'],
  ])('%s becomes %s', (template, expected) => {
    expect(name(template)).toBe(expected);
  });

  test('grows with its number rather than cutting it', () => {
    expect(name('S_{seq:2}.csv', 12345)).toBe('S_12345.csv');
  });

  test.each([
    ['S.csv', 'the name has no sequence number, so a second file would have the same name'],
    ['S_{date:yyyyMMdd}.csv', 'the name has no sequence number, so a second file would have the same name'],
    ['S_{sequence:6}.csv', 'only {date:…}, {as-of:…}, {seq:…}, {document}, {site} and {flow} are known in file names'],
    ['S_{seq}.csv', 'only {date:…}, {as-of:…}, {seq:…}, {document}, {site} and {flow} are known in file names'],
    ['S_{seq:6.csv', 'only {date:…}, {as-of:…}, {seq:…}, {document}, {site} and {flow} are known in file names'],
    ['{date:yyyy@Europe/Nowhere}_{seq:6}', 'the date format or the time zone in the name is not known'],
  ])('%s is refused', (template, what) => {
    expect(fileNameTemplate(template)).toMatchObject({ issues: [{ code: 'bad-template', what }] });
    expect(fileNameTemplate(template).name).toBeUndefined();
  });
});
