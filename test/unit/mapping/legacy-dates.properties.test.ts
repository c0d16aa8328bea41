import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDate, isoDateTime, startOfNextDay, type CivilTime } from '../../../src/mapping/values/civil-time.ts';
import { parseDateFormat, type DateFormat } from '../../../src/mapping/values/date-format.ts';
import { dateSymbols } from '../../../src/mapping/values/pattern-reference.ts';

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly dayOfYear: number;
  /** Days since 1900-03-01, which spreadsheets call 61. */
  readonly count: number;
}

/** A calendar by counting: no arithmetic on dates but "the next day". */
function calendar(): readonly Day[] {
  const days: Day[] = [];
  let [year, month, day, dayOfYear] = [1900, 3, 1, 60];
  while (year < 2100) {
    days.push({ year, month, day, dayOfYear, count: days.length });
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
    day += 1;
    dayOfYear += 1;
    if (day > length) [month, day] = [month + 1, 1];
    if (month > 12) [year, month, dayOfYear] = [year + 1, 1, 1];
  }
  return days;
}

const days = calendar();
const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const plain = ({ year, month, day }: Day): string => `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
const NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const patterns: Readonly<Record<string, (day: Day) => string>> = {
  'yyyy-MM-dd': plain,
  'MM/dd/yyyy': ({ year, month, day }) => `${pad(month)}/${pad(day)}/${year}`,
  'd.M.yyyy': ({ year, month, day }) => `${day}.${month}.${year}`,
  Mddyyyy: ({ year, month, day }) => `${month}${pad(day)}${year}`,
  'dd-MMM-yyyy': ({ year, month, day }) => `${pad(day)}-${NAMES[month - 1]}-${year}`,
  yyyyDDD: ({ year, dayOfYear }) => `${year}${pad(dayOfYear, 3)}`,
  CyyDDD: ({ year, dayOfYear }) => `${year < 2000 ? 0 : 1}${pad(year % 100)}${pad(dayOfYear, 3)}`,
  CyyMMdd: ({ year, month, day }) => `${year < 2000 ? 0 : 1}${pad(year % 100)}${pad(month)}${pad(day)}`,
  excel: ({ count }) => String(count + 61),
};

const compiled = (text: string, options = {}): DateFormat => {
  const format = parseDateFormat(text, options);
  if ('problem' in format) throw new Error(`${text}: ${format.problem}`);
  return format;
};
const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 };

describe('every day of two centuries', () => {
  it('is counted as the engine counts it', () => {
    expect(days.length).toBe(72_990);
    expect(days.map(plain).at(-1)).toBe('2099-12-31');
    for (const day of days)
      expect(new Date(Date.UTC(1900, 2, 1 + day.count)).toISOString().slice(0, 10)).toBe(plain(day));
  });

  it.each(Object.keys(patterns))('is read and written the same by %s', (pattern) => {
    const format = compiled(pattern);
    const write = patterns[pattern] ?? plain;
    for (const day of days) {
      const text = write(day);
      const time = format.read(text);
      if (time === undefined || isoDate(time) !== plain(day) || format.write({ ...day, ...midnight }) !== text)
        throw new Error(`${text} of ${plain(day)} is read as ${time === undefined ? 'nothing' : isoDate(time)}`);
    }
  });

  it('counts from 1904 what is counted from 1900, 1462 days apart', () => {
    const [later, earlier] = [compiled('excel-1904'), compiled('excel')];
    for (let serial = 1; serial < 60_000; serial += 7)
      expect(later.read(String(serial))).toEqual(earlier.read(String(serial + 1462)));
  });

  it('keeps two digits of its year within the hundred years of any pivot', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2000 }), fc.nat(99), (pivot, short) => {
        const format = compiled('yy-MM-dd', { pivot });
        const year = format.read(`${pad(short)}-05-04`)?.year ?? 0;
        expect(year % 100).toBe(short);
        expect(year).toBeGreaterThanOrEqual(pivot);
        expect(year).toBeLessThan(pivot + 100);
        expect(format.write({ year, month: 5, day: 4, ...midnight })).toBe(`${pad(short)}-05-04`);
      }),
    );
  });
});

const times: fc.Arbitrary<CivilTime> = fc
  .record({
    date: fc.constantFrom(...days),
    hour: fc.nat(23),
    minute: fc.nat(59),
    second: fc.nat(59),
    millisecond: fc.oneof(fc.constant(0), fc.nat(999)),
    offset: fc.integer({ min: -56, max: 56 }),
  })
  .map(({ date: { year, month, day }, offset, ...clock }) => ({ year, month, day, ...clock, offset: offset * 15 }));

describe('every time of a day', () => {
  it('survives writing and reading by every pattern that holds it', () => {
    const full = ['yyyyMMddHHmmss.SSSXX', 'd.M.yyyy h:m:s.SSS a XXX', 'CyyDDD HHmmssSSSXX', 'iso'];
    fc.assert(
      fc.property(fc.constantFrom(...full), times, (pattern, time) => {
        const format = compiled(pattern);
        const read = format.read(format.write(time) ?? 'nothing');
        expect(read === undefined ? read : isoDateTime(read)).toBe(isoDateTime(time));
      }),
      { numRuns: 1000 },
    );
  });

  it('written by any pattern of the reference, reads as what the pattern holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dateSymbols.map(({ format }) => format)), times, (pattern, time) => {
        const format = compiled(pattern);
        const text = format.write(time);
        if (text === undefined) return;
        const read = format.read(text);
        expect(read).toBeDefined();
        expect(isoDate(read as CivilTime)).toBe(isoDate(time));
        expect(format.write(read as CivilTime)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives a serial number to the millisecond, also in the digits a spreadsheet keeps', () => {
    const format = compiled('excel');
    fc.assert(
      fc.property(times, ({ offset: _offset, ...time }) => {
        const text = format.write(time) ?? '';
        expect(format.read(text)).toEqual(time);
        // Fifteen significant digits are what a spreadsheet saves of the binary number it calculates with.
        const [days = '', fraction = '0'] = text.split('.');
        const kept = (Number(days) + Number(`0.${fraction}`)).toPrecision(15).replace(/0+$/, '').replace(/\.$/, '');
        const isWhole = time.millisecond === 0;
        const decimals = (kept.split('.')[1] ?? '').length;
        if (isWhole || decimals >= 8) expect(format.read(kept)).toEqual(time);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads any serial fraction as the nearest unit, by exact arithmetic', () => {
    const format = compiled('excel');
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 60_000 }), fc.stringMatching(/^\d{1,20}$/), (day, fraction) => {
        const unit = fraction.length < 8 ? 1000 : 1;
        const unitsPerDay = BigInt(86_400_000 / unit);
        const size = 10n ** BigInt(fraction.length);
        // Nearest by comparing remainders, halves upwards.
        const product = BigInt(fraction) * unitsPerDay;
        const below = product / size;
        const nearest = (product % size) * 2n >= size ? below + 1n : below;
        const expected = new Date((day - 25_569) * 86_400_000 + Number(nearest) * unit).toISOString();
        const read = format.read(`${day}.${fraction}`);
        expect(isoDateTime({ ...(read as CivilTime), offset: 0 })).toBe(expected.replace('.000Z', 'Z'));
      }),
      { numRuns: 1000 },
    );
  });

  it('ends at 24:00, which is the next day, and nowhere else', () => {
    const format = compiled('yyyyMMdd HHmm');
    for (const day of days.filter(({ count }) => count % 37 === 0)) {
      const text = `${day.year}${pad(day.month)}${pad(day.day)}`;
      const read = format.read(`${text} 2400`) as CivilTime;
      expect(isoDate(read)).toBe(plain(day));
      expect(isoDate(startOfNextDay(read))).toBe(
        plain(days[day.count + 1] ?? { ...day, year: 2100, month: 1, day: 1 }),
      );
      expect(format.read(`${text} 2401`)).toBeUndefined();
    }
  });
});
