import { isoDateTime } from '../values/civil-time.ts';
import { parseDateFormat, type DateFormat } from '../values/date-format.ts';
import { parseNumberFormat, type NumberFormat } from '../values/number-format.ts';
import { Candidates, type Misfits } from './candidates.ts';

/** What the values of a column are, as far as all of them, or nearly all, are alike. */
export type ValueGuess =
  | { readonly kind: 'empty' | 'text' | 'email' | 'boolean' }
  /** Digits that are no amount: zeros in front, or more of them than a number keeps. */
  | { readonly kind: 'digits' }
  | { readonly kind: 'integer'; readonly misfits?: Misfits }
  /** `format` as `$format` takes it; undefined when none is needed. `others` read some values as other numbers. */
  | {
      readonly kind: 'number';
      readonly format: string | undefined;
      readonly others: readonly string[];
      readonly misfits?: Misfits;
    }
  /** `format` reads all values; `others` do so too, and some of them as other days. */
  | {
      readonly kind: 'date';
      readonly format: string;
      readonly others: readonly string[];
      readonly hasTime: boolean;
      /** Times that do not say their offset. */
      readonly isLocal: boolean;
      readonly misfits?: Misfits;
    };

const days = [
  'yyyy-MM-dd',
  'yyyy/MM/dd',
  'yyyy.MM.dd',
  'yyyyMMdd',
  'dd.MM.yyyy',
  'd.M.yyyy',
  'dd.MM.yy',
  'd.M.yy',
  'MM/dd/yyyy',
  'dd/MM/yyyy',
  'M/d/yyyy',
  'd/M/yyyy',
  'MM/dd/yy',
  'dd/MM/yy',
  'M/d/yy',
  'd/M/yy',
  'dd-MM-yyyy',
  'MM-dd-yyyy',
  'dd-MMM-yyyy',
  'dd MMM yyyy',
  'd MMM yyyy',
  'MMM d yyyy',
  'MMM d, yyyy',
];
const times = ['', ' HH:mm', ' HH:mm:ss', "'T'HH:mm:ss", ' h:mm a', ' h:mm:ss a'];

const formats: readonly DateFormat[] = [...days.flatMap((day) => times.map((time) => day + time)), 'iso']
  .map((text) => parseDateFormat(text))
  .filter((format) => 'read' in format);

/** Patterns of numbers, the likeliest first; the first is how numbers are read without a pattern. */
const patterns = [
  '0.00',
  '0,00',
  '0.000,00',
  '0,000.00',
  '0 000,00',
  "0'000.00",
  '0.000.000',
  '0,000,000',
  '0.00-',
  '0,00-',
  '0,000.00-',
  '0.000,00-',
  '(0.00)',
  '(0,000.00)',
  '0.00 CR/DR',
];
const PLAIN = '0.00';
const numberFormats: readonly NumberFormat[] = patterns
  .map((pattern) => parseNumberFormat(pattern))
  .filter((format) => 'read' in format);

/** What programs write where there is no date or no value. */
const SENTINEL = /^(?:0{6}|0{8}|9{8}|00([./-])00\1(?:00|0000)|0000([./-])00\2(?:00)|NULL|\*NULL|N\/A|#N\/A)$/i;

export function isSentinel(value: string): boolean {
  return SENTINEL.test(value);
}

const DIGITS = /^\d+$/;
const LONGEST_NUMBER = 15;
/** One bad cell in twenty says something of the cell, not of the column. */
const MOST_MISFITS = 0.05;

const INTEGER = { read: (value: string) => (/^-?\d+$/.test(value) ? value : undefined) };

/** Narrows down what the values of a column can be, value by value, in bounded memory. */
export class ValueWatcher {
  #count = 0;
  readonly #integers = new Candidates([INTEGER], ({ read }, value) => read(value) !== undefined);
  readonly #numbers = new Candidates(numberFormats, ({ read }, value) => read(value) !== undefined);
  readonly #dates = new Candidates(formats, isThisAge);
  #isDigits = true;
  #hasZeros = false;
  #isBoolean = true;
  #isEmail = true;

  /** Takes a value without its outer space, and the line it stands on; empty ones say nothing. */
  add(value: string, line: number): void {
    if (value === '') return;
    this.#count++;
    this.#isDigits &&= DIGITS.test(value);
    this.#hasZeros ||= /^0\d/.test(value) || (DIGITS.test(value) && value.length > LONGEST_NUMBER);
    this.#isBoolean &&= /^(?:true|false)$/i.test(value);
    this.#isEmail &&= /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
    for (const kind of [this.#integers, this.#numbers, this.#dates]) kind.add(value, line);
  }

  /** `values`: some of the values, for finding out whether two ways of reading them differ. */
  guess(values: readonly string[]): ValueGuess {
    if (this.#count === 0) return { kind: 'empty' };
    const sure = this.#common(values, 0);
    if (sure !== undefined) return sure;
    if (this.#isBoolean) return { kind: 'boolean' };
    if (this.#isEmail) return { kind: 'email' };
    return this.#common(values, this.#count * MOST_MISFITS) ?? { kind: 'text' };
  }

  /** What all values are but for so many. */
  #common(values: readonly string[], most: number): ValueGuess | undefined {
    const [date, ...dates] = this.#dates.best(most);
    if (date !== undefined) return { ...dateGuess(date, dates, values), ...this.#dates.misfits(date) };
    if (this.#isDigits && this.#hasZeros) return { kind: 'digits' };
    // Among numbers of articles a bad one is no reason to take the others for amounts.
    if (most > 0 && this.#hasZeros) return undefined;
    const [integer] = this.#integers.best(most);
    const [number, ...numbers] = this.#numbers.best(most);
    // A bad cell more among whole numbers may be a number with decimals.
    const isWhole = integer !== undefined && this.#integers.count(integer) <= this.#numbers.count(number);
    if (isWhole) return { kind: 'integer', ...this.#integers.misfits(integer) };
    return number === undefined
      ? undefined
      : { ...numberGuess(number, numbers, values), ...this.#numbers.misfits(number) };
  }
}

function dateGuess(best: DateFormat, rest: readonly DateFormat[], values: readonly string[]): ValueGuess {
  const day = (format: DateFormat, value: string): string | undefined => {
    const time = format.read(value);
    return time === undefined ? undefined : isoDateTime(time);
  };
  const others = rest.filter((other) => values.some((value) => day(other, value) !== day(best, value)));
  const hasTime = best.hasTime && (best.text !== 'iso' || values.some((value) => value.includes(':')));
  const isLocal = values.some((value) => !/(?:Z|[-+]\d{2}:?\d{2})$/i.test(value));
  return { kind: 'date', format: best.text, others: others.map(({ text }) => text), hasTime, isLocal };
}

function numberGuess(best: NumberFormat, rest: readonly NumberFormat[], values: readonly string[]): ValueGuess {
  const others = rest.filter(({ read }) => values.some((value) => read(value) !== best.read(value)));
  const format = best.text === PLAIN ? undefined : best.text;
  return { kind: 'number', format, others: others.map(({ text }) => text) };
}

/** Business dates are of our time; eight digits that are not are a number. */
function isThisAge(format: DateFormat, value: string): boolean {
  const time = format.read(value);
  if (time === undefined) return false;
  // What has no end is written as the last day there is.
  return (time.year >= 1980 && time.year <= 2079) || time.year === 2999 || time.year === 9999;
}
