import {
  civilTime,
  digits,
  exists,
  fromIso,
  fromSerial,
  isoDate,
  isoDateTime,
  localMs,
  toSerial,
  type CivilTime,
} from './civil-time.ts';

/** How a file writes dates and times. */
export interface DateFormat {
  readonly text: string;
  /** Whether it holds a time of day, and not only a date. */
  readonly hasTime: boolean;
  /** Whether a text names its own offset: always (epoch), where it wants to (iso), never. */
  readonly offset: 'always' | 'maybe' | 'never';
  /** Undefined when the text is not written so, or names a day or time that does not exist. */
  readonly read: (text: string) => CivilTime | undefined;
  readonly write: (time: CivilTime) => string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'isAfternoon';
type Fields = Partial<Record<Field, number>>;

interface Token {
  readonly field: Field;
  readonly pattern: string;
  readonly read: (text: string) => number;
  readonly write: (time: CivilTime) => string;
}

const number = (field: Exclude<Field, 'isAfternoon'>, size: 1 | 2 | 3 | 4): Token => ({
  field,
  pattern: size === 1 ? '(\\d{1,2})' : `(\\d{${size}})`,
  read: Number,
  write: (time) => digits(time[field], size),
});
const twelve = (size: 1 | 2): Token => ({
  ...number('hour', size),
  write: ({ hour }) => digits(((hour + 11) % 12) + 1, size),
});

const tokens: Readonly<Record<string, Token>> = {
  yyyy: number('year', 4),
  // Two digits always mean this century: a window that moves would read the same file differently next year.
  yy: { ...number('year', 2), read: (text) => 2000 + Number(text), write: ({ year }) => digits(year % 100, 2) },
  MMM: {
    field: 'month',
    pattern: `(${MONTHS.join('|')})`,
    read: (text) => MONTHS.findIndex((name) => name.toLowerCase() === text.toLowerCase()) + 1,
    write: ({ month }) => MONTHS[month - 1] ?? '',
  },
  MM: number('month', 2),
  M: number('month', 1),
  dd: number('day', 2),
  d: number('day', 1),
  HH: number('hour', 2),
  H: number('hour', 1),
  hh: twelve(2),
  h: twelve(1),
  mm: number('minute', 2),
  m: number('minute', 1),
  ss: number('second', 2),
  s: number('second', 1),
  SSS: number('millisecond', 3),
  a: {
    field: 'isAfternoon',
    pattern: '([AP]M)',
    read: (text) => (text.toUpperCase() === 'PM' ? 1 : 0),
    write: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  },
};

/** Compiles `MM/dd/yyyy`, `iso`, `excel`, `epoch-ms`, `epoch-s`. Answers the problem when it is no format. */
export function parseDateFormat(text: string): DateFormat | { problem: string } {
  const named = namedFormats.get(text);
  if (named !== undefined) return named;
  const pieces: (string | Token)[] = [];
  for (const [piece, quoted] of text.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z]/g)) {
    if (piece === "'") return { problem: 'a quote is never closed' };
    if (quoted !== undefined) pieces.push(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
    else if (/[A-Za-z]/.test(piece)) {
      const token = Object.hasOwn(tokens, piece) ? tokens[piece] : undefined;
      if (token === undefined) return { problem: unknownToken(piece) };
      pieces.push(token);
    } else pieces.push(piece);
  }
  return checked(text, pieces);
}

function unknownToken(piece: string): string {
  const near: Readonly<Record<string, string>> = {
    YYYY: 'yyyy',
    YY: 'yy',
    DD: 'dd',
    D: 'd',
    S: 'SSS',
    SS: 'SSS',
    A: 'a',
  };
  const hint = near[piece] === undefined ? 'put plain text in single quotes' : `write "${near[piece]}"`;
  return `"${piece}" stands for nothing; ${hint}`;
}

function checked(text: string, pieces: readonly (string | Token)[]): DateFormat | { problem: string } {
  const fields = pieces.filter((piece) => typeof piece !== 'string').map(({ field }) => field);
  for (const needed of ['year', 'month', 'day'] as const) {
    if (!fields.includes(needed)) return { problem: `the ${needed} is missing` };
  }
  if (new Set(fields).size < fields.length) return { problem: 'a part appears twice' };
  const isTwelve = pieces.includes(tokens['h'] ?? '') || pieces.includes(tokens['hh'] ?? '');
  if (isTwelve !== fields.includes('isAfternoon')) {
    return { problem: isTwelve ? 'h needs "a" (AM or PM); for 24 hours write H' : '"a" needs h or hh' };
  }
  const source = pieces.map((piece) => (typeof piece === 'string' ? escapePattern(piece) : piece.pattern)).join('');
  const pattern = new RegExp(`^${source}$`, 'i');
  const readers = pieces.filter((piece) => typeof piece !== 'string');
  return {
    text,
    hasTime: fields.includes('hour'),
    offset: 'never',
    read: (value) => readFields(pattern.exec(value), readers, isTwelve),
    write: (time) => pieces.map((piece) => (typeof piece === 'string' ? piece : piece.write(time))).join(''),
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function readFields(
  match: RegExpExecArray | null,
  readers: readonly Token[],
  isTwelve: boolean,
): CivilTime | undefined {
  if (match === null) return undefined;
  const found: Fields = {};
  for (const [index, token] of readers.entries()) found[token.field] = token.read(match[index + 1] ?? '');
  const { year = 0, month = 0, day = 0, minute = 0, second = 0, millisecond = 0, isAfternoon = 0 } = found;
  let { hour = 0 } = found;
  if (isTwelve && (hour < 1 || hour > 12)) return undefined;
  if (isTwelve) hour = (hour % 12) + isAfternoon * 12;
  const time = { year, month, day, hour, minute, second, millisecond };
  return exists(time) ? time : undefined;
}

const epoch = (text: string, size: number): DateFormat => ({
  text,
  hasTime: true,
  offset: 'always',
  read: (value) => (/^-?\d{1,14}$/.test(value) ? { ...civilTime(Number(value) * size), offset: 0 } : undefined),
  write: (time) => String(Math.floor((localMs(time) - (time.offset ?? 0) * 60_000) / size)),
});

const iso: DateFormat = {
  text: 'iso',
  hasTime: true,
  offset: 'maybe',
  read: (value) => {
    const time = fromIso(value);
    return time !== undefined && exists(time) ? time : undefined;
  },
  write: isoDateTime,
};
const excel: DateFormat = { text: 'excel', hasTime: true, offset: 'never', read: fromSerial, write: toSerial };
const namedFormats: ReadonlyMap<string, DateFormat> = new Map(
  [iso, excel, epoch('epoch-ms', 1), epoch('epoch-s', 1000)].map((format) => [format.text, format]),
);

/** A text that both formats read, but as different days: which of them is meant would be a guess. */
export function ambiguousDate(first: DateFormat, second: DateFormat): string | undefined {
  const sample = { year: 2026, month: 2, day: 3, hour: 0, minute: 0, second: 0, millisecond: 0, offset: 0 };
  const text = first.write(sample);
  const other = second.read(text);
  if (other === undefined) return undefined;
  return isoDate(other) === isoDate(sample) ? undefined : text;
}
