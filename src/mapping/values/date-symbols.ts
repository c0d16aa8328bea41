import { say, type Phrase } from '../../core/text.ts';
import { digits, isoOffset, localMs, nineDigits, offsetMinutes, type CivilTime } from './civil-time.ts';

/** What a mapping says about the dates of a file beside their pattern. */
export interface DateOptions {
  /** First of the hundred years two digits may mean. */
  readonly pivot?: number;
  /** Names of the months, January first; English ones when left out. */
  readonly months?: readonly string[];
}

export type DateField =
  | 'century'
  | 'year'
  | 'shortYear'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'hour'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'isAfternoon'
  | 'offset';

/** A symbol of a date pattern. */
export interface DateSymbol {
  readonly field: DateField;
  /** Source of a regular expression with one group. */
  readonly pattern: string;
  /** Undefined: there is no such thing. */
  readonly read: (text: string) => number | undefined;
  /** Undefined: cannot be written so. */
  readonly write: (time: CivilTime) => string | undefined;
  /** How many digits it has: as many, one or two, or none because it is no number. */
  readonly width: 'fixed' | 'varying' | 'none';
  /** Counts to twelve, so that it needs `a`. */
  readonly isTwelve?: true;
}

const DEFAULT_PIVOT = 2000;
const DAY_MS = 86_400_000;
const ENGLISH = ['January', 'February', 'March', 'April', 'May', 'June'].concat([
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]);

/** Every symbol by its letters. */
export function dateSymbols({ pivot = DEFAULT_PIVOT, months }: DateOptions = {}): ReadonlyMap<string, DateSymbol> {
  const shortNames = months ?? ENGLISH.map((name) => name.slice(0, 3));
  const symbols: Readonly<Record<string, DateSymbol>> = {
    yyyy: number('year', 4, ({ year }) => year),
    yy: number('shortYear', 2, ({ year }) => (year < pivot || year > pivot + 99 ? undefined : year % 100)),
    // Centuries after the 19th, as AS/400 and JD Edwards count them.
    C: number('century', 1, ({ year }) => (year < 1900 || year > 2899 ? undefined : Math.floor(year / 100) - 19)),
    MMMM: name(months ?? ENGLISH),
    MMM: name(shortNames),
    MM: number('month', 2, ({ month }) => month),
    M: varying('month', ({ month }) => month),
    dd: number('day', 2, ({ day }) => day),
    d: varying('day', ({ day }) => day),
    DDD: number('dayOfYear', 3, dayOfYear),
    HH: number('hour', 2, ({ hour }) => hour),
    H: varying('hour', ({ hour }) => hour),
    hh: { ...number('hour', 2, twelve), isTwelve: true },
    h: { ...varying('hour', twelve), isTwelve: true },
    mm: number('minute', 2, ({ minute }) => minute),
    m: varying('minute', ({ minute }) => minute),
    ss: number('second', 2, ({ second }) => second),
    s: varying('second', ({ second }) => second),
    a: {
      field: 'isAfternoon',
      pattern: '([AP]M)',
      read: (text) => (text.toUpperCase() === 'PM' ? 1 : 0),
      write: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
      width: 'none',
    },
    X: offset('(Z|[+-]\\d{2}(?:\\d{2})?)', ''),
    XX: offset('(Z|[+-]\\d{4})', ''),
    XXX: offset('(Z|[+-]\\d{2}:\\d{2})', ':'),
  };
  return new Map([...Object.entries(symbols), ...FRACTIONS]);
}

/** Years that `yy` may mean, in words. */
export function shortYears({ pivot = DEFAULT_PIVOT }: DateOptions): Phrase {
  return say`${pivot} to ${pivot + 99}`;
}

/** The year that two digits mean. */
export function fullYear(shortYear: number, { pivot = DEFAULT_PIVOT }: DateOptions): number {
  return pivot + ((((shortYear - pivot) % 100) + 100) % 100);
}

function number(field: DateField, size: 1 | 2 | 3 | 4, part: (time: CivilTime) => number | undefined): DateSymbol {
  const write = (time: CivilTime): string | undefined => {
    const value = part(time);
    return value === undefined ? undefined : digits(value, size);
  };
  return { field, pattern: `(\\d{${size}})`, read: Number, write, width: 'fixed' };
}

function varying(field: DateField, part: (time: CivilTime) => number): DateSymbol {
  return { field, pattern: '(\\d{1,2})', read: Number, write: (time) => String(part(time)), width: 'varying' };
}

/** `S` to `SSSSSSSSS`: that many digits of the second's fraction, held as nine. */
const FRACTIONS: readonly (readonly [string, DateSymbol])[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((size) => [
  'S'.repeat(size),
  {
    field: 'fraction',
    pattern: `(\\d{${size}})`,
    read: (text) => Number(text.padEnd(9, '0')),
    write: ({ millisecond, nanosecond = 0 }) => nineDigits(millisecond, nanosecond).slice(0, size),
    width: 'fixed',
  },
]);

function name(names: readonly string[]): DateSymbol {
  const lower = names.map((own) => own.toLowerCase());
  return {
    field: 'month',
    pattern: `(${names.map(escapePattern).join('|')})`,
    read: (text) => lower.indexOf(text.toLowerCase()) + 1,
    write: ({ month }) => names[month - 1],
    width: 'none',
  };
}

function offset(pattern: string, mark: string): DateSymbol {
  const write = (time: CivilTime): string | undefined =>
    time.offset === undefined ? undefined : isoOffset(time.offset, mark);
  return { field: 'offset', pattern, read: offsetMinutes, write, width: 'none' };
}

function twelve({ hour }: CivilTime): number {
  return ((hour + 11) % 12) + 1;
}

function dayOfYear({ year, month, day }: CivilTime): number {
  const start = { year, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  return Math.round((localMs({ ...start, month, day }) - localMs(start)) / DAY_MS) + 1;
}

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
