import type { KeyPath } from '../../core/positioned-yaml.ts';
import { eitherOf, phraseText, say, type Phrase } from '../../core/text.ts';
import { ambiguousDate } from './ambiguous-date.ts';
import { isFourDigits, isoDate, isoDateTime, localMs, startOfNextDay, type CivilTime } from './civil-time.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { dateHint, dateSample } from './date-hint.ts';
import { parseDateFormat, type DateFormat } from './date-format.ts';
import { shortYears, type DateOptions } from './date-symbols.ts';
import { report, type Run } from '../run.ts';
import { inZone, type Zone } from './zone.ts';

/** Changes a text that is not empty; answers an empty one after a finding. */
export type Step = (run: Run, text: string) => string;

export interface DateDirectives extends DateOptions {
  readonly as: 'date' | 'datetime';
  readonly formats: readonly string[];
  readonly zoneName: string | undefined;
  /** Whether the target wants milliseconds since the epoch. */
  readonly isNumber: boolean;
  /** Whether a day without a time means its end. */
  readonly isEnd: boolean;
}

const same: Step = (_run, text) => text;
const MINUTE_MS = 60_000;

/** Compiles `$as: date` and `$as: datetime`. `$format` is how the file writes it: read inbound, written outbound. */
export function compileDateStep(given: DateDirectives, path: KeyPath, compiler: Compiler): Step {
  const formats = compileFormats(given, [...path, '$format'], compiler);
  const zone = given.zoneName === undefined ? undefined : compiler.findZone(given.zoneName);
  if (given.zoneName !== undefined && zone === undefined) {
    problem(compiler, 'unknown-reference', [...path, '$zone'], {
      what: `there is no time zone "${given.zoneName}"`,
      hint: 'Use a name such as America/Chicago or UTC.',
    });
    return same;
  }
  if (formats === undefined) return same;
  if (compiler.direction === 'outbound') return writeStep(given, formats[0], zone);
  const local = formats.find(({ offset }) => offset === 'never');
  if (given.as === 'datetime' && local !== undefined && zone === undefined) {
    problem(compiler, 'missing-key', path, {
      what: `"${local.text}" is a local time and $zone is missing`,
      hint: 'Say whose clock it is: $zone: America/Chicago.',
    });
  }
  return readStep(given, formats, zone);
}

function compileFormats(given: DateDirectives, path: KeyPath, compiler: Compiler): DateFormat[] | undefined {
  if (!areSound(given, path.slice(0, -1), compiler)) return undefined;
  const formats: DateFormat[] = [];
  for (const text of given.formats) {
    const format = parseDateFormat(text, given);
    if ('problem' in format) {
      return problem(compiler, 'wrong-value', path, {
        what: `the date format cannot be used: ${format.problem}`,
        got: text,
      });
    }
    for (const rival of formats) {
      const sample = ambiguousDate(rival, format);
      if (sample === undefined) continue;
      const what = `"${rival.text}" and "${text}" read ${sample} as different days`;
      return problem(compiler, 'wrong-value', path, { what, hint: 'Keep the one that the file uses.' });
    }
    formats.push(format);
  }
  reportUseless(given, formats, path.slice(0, -1), compiler);
  if (compiler.direction === 'outbound' && formats.length > 1) {
    return problem(compiler, 'wrong-value', path, { what: 'a file is written in one format, not in several' });
  }
  return formats.length > 0 ? formats : undefined;
}

/** An option that changes nothing is a slip. */
function reportUseless(given: DateOptions, formats: readonly DateFormat[], path: KeyPath, compiler: Compiler): void {
  for (const [option, symbols] of [['pivot', 'yy'] as const, ['months', 'MMM'] as const]) {
    if (given[option] === undefined || formats.some(({ uses }) => uses.includes(option))) continue;
    const what = `$${option} does nothing: no format has ${symbols}`;
    problem(compiler, 'wrong-value', [...path, `$${option}`], { what });
  }
}

function areSound({ pivot, months = [] }: DateOptions, path: KeyPath, compiler: Compiler): boolean {
  if (pivot !== undefined && pivot < 100) {
    problem(compiler, 'wrong-value', [...path, '$pivot'], {
      what: 'a pivot is a whole year: the first that two digits may mean',
      got: String(pivot),
      hint: `Write ${1900 + pivot} for ${phraseText(shortYears({ pivot: 1900 + pivot }))}.`,
    });
    return false;
  }
  const names = months.map((name) => name.trim().toLowerCase());
  if (new Set(names).size === names.length && !names.some((name) => name === '' || /\d/.test(name))) return true;
  problem(compiler, 'wrong-value', [...path, '$months'], { what: 'the names of months are words that all differ' });
  return false;
}

function readStep(
  { as, isNumber, isEnd }: DateDirectives,
  formats: readonly DateFormat[],
  zone: Zone | undefined,
): Step {
  const expected = say`a date written as ${eitherOf(formats.map(dateSample))}`;
  const hint = (text: string): Phrase => dateHint(text, formats);
  const read: Step = (run, text) => {
    const found = firstReading(text, formats);
    const time = found !== undefined && isEnd && isDay(text, found.format) ? endOfDay(found.time) : found?.time;
    if (time === undefined) return fail(run, 'no-such-date', expected, text, hint(text));
    if (as === 'date') return isoDate(time.offset === undefined || zone === undefined ? time : moved(time, zone));
    const placed = placeInZone(run, startOfNextDay(time), zone, text);
    if (placed === undefined) return '';
    if (!isFourDigits(placed)) return fail(run, 'no-such-date', expected, text);
    return isNumber ? String(localMs(placed) - (placed.offset ?? 0) * MINUTE_MS) : isoDateTime(placed);
  };
  return rememberLast(read);
}

/** A file names the same few days over and over. What had a finding is read again, so that it is found again. */
function rememberLast(step: Step): Step {
  let last: { readonly text: string; readonly result: string } | undefined;
  return (run, text) => {
    if (last?.text === text) return last.result;
    const hadFindings = run.hasFindings;
    run.hasFindings = false;
    const result = step(run, text);
    last = run.hasFindings ? undefined : { text, result };
    run.hasFindings ||= hadFindings;
    return result;
  };
}

interface Reading {
  readonly time: CivilTime;
  readonly format: DateFormat;
}

function firstReading(text: string, formats: readonly DateFormat[]): Reading | undefined {
  for (const format of formats) {
    const time = format.read(text);
    if (time !== undefined) return { time, format };
  }
  return undefined;
}

/** Whether a text names no time of day, in a format that may hold one. */
function isDay(text: string, format: DateFormat): boolean {
  if (format.text === 'iso') return !/[t\s]/i.test(text.trim());
  return !format.hasTime || (format.text.startsWith('excel') && /^\d+$/.test(text));
}

function endOfDay(time: CivilTime): CivilTime {
  return { ...time, hour: 23, minute: 59, second: 59 };
}

function placeInZone(run: Run, time: CivilTime, zone: Zone | undefined, text: string): CivilTime | undefined {
  if (time.offset !== undefined) return zone === undefined ? time : moved(time, zone);
  if (zone === undefined) {
    fail(run, 'no-such-date', say`a time with its offset, such as 2026-05-04T09:15:00-05:00`, text);
    return undefined;
  }
  const resolved = zone.resolve(time);
  if (resolved.kind === 'gap') {
    report(run, 'no-such-time', {
      what: say`this time does not exist in ${zone.name}: the clock was put forward over it`,
      got: text,
    });
    return undefined;
  }
  if (resolved.kind === 'twice') report(run, 'ambiguous-time', { got: text });
  return { ...time, offset: resolved.offset };
}

function moved(time: CivilTime, zone: Zone): CivilTime {
  const there = inZone(localMs(time) - (time.offset ?? 0) * MINUTE_MS, zone);
  return time.nanosecond === undefined ? there : { ...there, nanosecond: time.nanosecond };
}

// What providers send: ISO 8601, or milliseconds or seconds since the epoch, told apart by their length.
const sourceFormats = ['iso', 'epoch-ms', 'epoch-s'].map((text) => parseDateFormat(text) as DateFormat);

function writeStep(given: DateDirectives, format: DateFormat | undefined, zone: Zone | undefined): Step {
  const { as, formats } = given;
  const isDefault = formats.length === 1 && formats[0] === 'iso';
  const write = isDefault && as === 'date' ? isoDate : (format?.write ?? isoDateTime);
  return (run, text) => {
    const [iso, milliseconds, seconds] = sourceFormats;
    const source = /^\d{13}$/.test(text) ? milliseconds : /^\d{10}$/.test(text) ? seconds : iso;
    const time = source?.read(text);
    if (time === undefined) return fail(run, 'no-such-date', say`an ISO 8601 date`, text);
    const own = as === 'date' ? time : startOfNextDay(time);
    // A local time is written as it is; only where its offset has to be written too, the zone has to tell it.
    const isPlaced = own.offset !== undefined || format?.offset === 'always';
    const placed = zone !== undefined && isPlaced ? placeInZone(run, own, zone, text) : own;
    if (placed === undefined) return '';
    return write(placed) ?? fail(run, 'no-such-date', writable(given, placed), text);
  };
}

/** What could be written instead. */
function writable({ formats, ...options }: DateDirectives, { offset }: CivilTime): Phrase {
  const [text = ''] = formats;
  if (offset === undefined && /X|epoch/.test(text)) return say`a time with its offset, to be written as ${text}`;
  if (text.startsWith('excel')) return say`a day that spreadsheets can count: from 1900-03-01, or 1904-01-02`;
  return text.includes('C')
    ? say`a year from 1900 to 2899`
    : say`a year from ${shortYears(options)}, to be written as ${text}`;
}

function fail(run: Run, code: 'no-such-date', expected: Phrase, got: string, hint?: Phrase): '' {
  report(run, code, { expected, got, ...(hint === undefined ? {} : { hint }) });
  return '';
}
