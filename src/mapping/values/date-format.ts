import {
  civilTime,
  digits,
  exists,
  fractionOf,
  fromIso,
  isFourDigits,
  isoDateTime,
  localMs,
  type CivilTime,
} from './civil-time.ts';
import {
  dateSymbols,
  escapePattern,
  fullYear,
  type DateField,
  type DateOptions,
  type DateSymbol,
} from './date-symbols.ts';
import { excel1900, excel1904, fromSerial, toSerial, type SerialEpoch } from './serial.ts';

/** How a file writes dates and times. */
export interface DateFormat {
  readonly text: string;
  /** Whether it holds a time of day, and not only a date. */
  readonly hasTime: boolean;
  /** Options that change what it reads. */
  readonly uses: readonly (keyof DateOptions)[];
  /** Whether a text names its own offset: always (epoch, `XXX`), where it wants to (iso), never. */
  readonly offset: 'always' | 'maybe' | 'never';
  /** Undefined when the text is not written so, or names a day or time that does not exist. */
  readonly read: (text: string) => CivilTime | undefined;
  /** Undefined when this time cannot be written so. */
  readonly write: (time: CivilTime) => string | undefined;
}

type Piece = string | DateSymbol;
type Fields = Partial<Record<DateField, number>>;

/** Compiles `MM/dd/yyyy`, `iso`, `excel`, `epoch-ms`, … Answers the problem when it is no format. */
export function parseDateFormat(text: string, options: DateOptions = {}): DateFormat | { problem: string } {
  const named = namedDateFormats.get(text);
  if (named !== undefined) return named;
  const symbols = dateSymbols(options);
  const pieces: Piece[] = [];
  for (const [piece, quoted] of text.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z]/g)) {
    if (piece === "'") return { problem: 'a quote is never closed' };
    if (quoted !== undefined) pieces.push(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
    else if (/[A-Za-z]/.test(piece)) {
      const symbol = symbols.get(piece);
      if (symbol === undefined) return { problem: unknownSymbol(piece) };
      pieces.push(symbol);
    } else pieces.push(piece);
  }
  const problem = fieldProblem(pieces) ?? widthProblem(pieces);
  return problem === undefined ? compiled(text, pieces, options) : { problem };
}

function unknownSymbol(piece: string): string {
  const near: ReadonlyMap<string, string> = new Map([
    ['YYYY', 'yyyy'],
    ['YY', 'yy'],
    ['DD', 'dd'],
    ['D', 'd'],
    ['A', 'a'],
    ['Z', 'X'],
    ['c', 'C'],
  ]);
  const hint = near.has(piece) ? `write "${near.get(piece)}"` : 'put plain text in single quotes';
  return `"${piece}" stands for nothing; ${hint}`;
}

function symbolsOf(pieces: readonly Piece[]): readonly DateSymbol[] {
  return pieces.filter((piece) => typeof piece !== 'string');
}

function fieldProblem(pieces: readonly Piece[]): string | undefined {
  const fields = symbolsOf(pieces).map(({ field }) => field);
  const has = (field: DateField): boolean => fields.includes(field);
  if (new Set(fields).size < fields.length || (has('year') && has('shortYear'))) return 'a part appears twice';
  if (has('century') && !has('shortYear')) return '"C" needs yy';
  if (!has('year') && !has('shortYear')) return 'the year is missing';
  if (has('dayOfYear')) {
    if (has('month') || has('day')) return '"DDD" is the day of the year and leaves no month and no day';
  } else if (!has('month') || !has('day')) return `the ${has('month') ? 'day' : 'month'} is missing`;
  const isTwelve = hasTwelve(pieces);
  if (isTwelve !== has('isAfternoon'))
    return isTwelve ? 'h needs "a" (AM or PM); for 24 hours write H' : '"a" needs h or hh';
  return undefined;
}

function hasTwelve(pieces: readonly Piece[]): boolean {
  return symbolsOf(pieces).some(({ isTwelve }) => isTwelve === true);
}

/** `Md` reads 111 in two ways. Of numbers that touch, one may vary in length: the others leave it no choice. */
function widthProblem(pieces: readonly Piece[]): string | undefined {
  let varying = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece.width === 'none') varying = 0;
    else if (piece.width === 'varying' && ++varying > 1)
      return 'parts of one or two digits run together; write MM, dd, HH';
  }
  return undefined;
}

function compiled(text: string, given: readonly Piece[], options: DateOptions): DateFormat {
  const pieces = given.some((piece) => typeof piece !== 'string' && piece.field === 'century')
    ? given.map((piece) => (typeof piece !== 'string' && piece.field === 'shortYear' ? withinCentury(piece) : piece))
    : given;
  const source = pieces.map((piece) => (typeof piece === 'string' ? escapePattern(piece) : piece.pattern)).join('');
  const pattern = new RegExp(`^${source}$`, 'i');
  const symbols = symbolsOf(pieces);
  const isTwelve = hasTwelve(pieces);
  return {
    text,
    hasTime: symbols.some(({ field }) => field === 'hour'),
    uses: usedOptions(symbols),
    offset: symbols.some(({ field }) => field === 'offset') ? 'always' : 'never',
    read: (value) => {
      const found = readFields(pattern.exec(value), symbols);
      return found === undefined ? undefined : timeOf(found, isTwelve, options);
    },
    write: (time) => {
      const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.write(time)));
      return texts.includes(undefined) ? undefined : texts.join('');
    },
  };
}

function usedOptions(symbols: readonly DateSymbol[]): (keyof DateOptions)[] {
  const fields = symbols.map(({ field }) => field);
  const hasPivot = fields.includes('shortYear') && !fields.includes('century');
  const hasNames = symbols.some(({ field, width }) => field === 'month' && width === 'none');
  return [...(hasPivot ? (['pivot'] as const) : []), ...(hasNames ? (['months'] as const) : [])];
}

/** With its century beside it, `yy` may be of any. */
function withinCentury(symbol: DateSymbol): DateSymbol {
  return { ...symbol, write: ({ year }) => digits(year % 100, 2) };
}

function readFields(match: RegExpExecArray | null, symbols: readonly DateSymbol[]): Fields | undefined {
  if (match === null) return undefined;
  const found: Fields = {};
  for (const [index, symbol] of symbols.entries()) {
    const value = symbol.read(match[index + 1] ?? '');
    if (value === undefined) return undefined;
    found[symbol.field] = value;
  }
  return found;
}

function timeOf(found: Fields, isTwelve: boolean, options: DateOptions): CivilTime | undefined {
  const { day = 1, month = 1, minute = 0, second = 0, fraction = 0, isAfternoon = 0, offset, dayOfYear } = found;
  let { hour = 0 } = found;
  if (isTwelve && (hour < 1 || hour > 12)) return undefined;
  if (isTwelve) hour = (hour % 12) + isAfternoon * 12;
  const parts = fraction === 0 ? { millisecond: 0 } : fractionOf(String(fraction).padStart(9, '0'));
  const own = { year: yearOf(found, options), month, day, hour, minute, second, ...parts };
  const time = dayOfYear === undefined ? own : onDayOfYear(own, dayOfYear);
  if (time === undefined || !exists(time)) return undefined;
  return offset === undefined ? time : { ...time, offset };
}

function yearOf({ year, shortYear = 0, century }: Fields, options: DateOptions): number {
  return year ?? (century === undefined ? fullYear(shortYear, options) : 1900 + century * 100 + shortYear);
}

function onDayOfYear(time: CivilTime, dayOfYear: number): CivilTime | undefined {
  // Day 31 + n of January is the n-th of February; day 0 and day 366 of a common year are in other years.
  const { year, month, day } = civilTime(localMs({ ...time, month: 1, day: dayOfYear, hour: 0 }));
  return year === time.year ? { ...time, month, day } : undefined;
}

const epoch = (text: string, size: number): DateFormat => ({
  text,
  hasTime: true,
  uses: [],
  offset: 'always',
  read: (value) => {
    const time = /^-?\d{1,14}$/.test(value) ? civilTime(Number(value) * size) : undefined;
    return time !== undefined && isFourDigits(time) ? { ...time, offset: 0 } : undefined;
  },
  write: (time) =>
    time.offset === undefined ? undefined : String(Math.floor((localMs(time) - time.offset * 60_000) / size)),
});

const excel = (text: string, days: SerialEpoch): DateFormat => ({
  text,
  hasTime: true,
  uses: [],
  offset: 'never',
  read: (value) => fromSerial(value, days),
  write: (time) => toSerial(time, days),
});

const iso: DateFormat = {
  text: 'iso',
  hasTime: true,
  uses: [],
  offset: 'maybe',
  read: (value) => {
    const time = fromIso(value);
    return time !== undefined && exists(time) ? time : undefined;
  },
  write: isoDateTime,
};

/** Formats that are called by a name. */
export const namedDateFormats: ReadonlyMap<string, DateFormat> = new Map(
  [iso, excel('excel', excel1900), excel('excel-1904', excel1904), epoch('epoch-ms', 1), epoch('epoch-s', 1000)].map(
    (format) => [format.text, format],
  ),
);
