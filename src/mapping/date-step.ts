import type { KeyPath } from '../core/positioned-yaml.ts';
import { isoDate, isoDateTime, localMs, type CivilTime } from './civil-time.ts';
import type { Compiler } from './compiler.ts';
import { problem } from './compiler.ts';
import { ambiguousDate, parseDateFormat, type DateFormat } from './date-format.ts';
import { report, type Run } from './run.ts';
import { inZone, type Zone } from './zone.ts';

/** Changes a text that is not empty; answers an empty one after a finding. */
export type Step = (run: Run, text: string) => string;

export interface DateDirectives {
  readonly as: 'date' | 'datetime';
  readonly formats: readonly string[];
  readonly zoneName: string | undefined;
  /** Whether the target wants milliseconds since the epoch. */
  readonly isNumber: boolean;
}

const same: Step = (_run, text) => text;
const MINUTE_MS = 60_000;

/** Compiles `$as: date` and `$as: datetime`. `$format` is how the file writes it: read inbound, written outbound. */
export function compileDateStep(given: DateDirectives, path: KeyPath, compiler: Compiler): Step {
  const formats = compileFormats(given.formats, [...path, '$format'], compiler);
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

function compileFormats(texts: readonly string[], path: KeyPath, compiler: Compiler): DateFormat[] | undefined {
  const formats: DateFormat[] = [];
  for (const text of texts) {
    const format = parseDateFormat(text);
    if ('problem' in format) {
      return problem(compiler, 'wrong-value', path, {
        what: `the date format cannot be used: ${format.problem}`,
        got: text,
      });
    }
    const rival = formats.find((other) => ambiguousDate(other, format) !== undefined);
    if (rival !== undefined) {
      const sample = ambiguousDate(rival, format) ?? '';
      const what = `"${rival.text}" and "${text}" read ${sample} as different days`;
      return problem(compiler, 'wrong-value', path, { what, hint: 'Keep the one that the file uses.' });
    }
    formats.push(format);
  }
  if (compiler.direction === 'outbound' && formats.length > 1) {
    return problem(compiler, 'wrong-value', path, { what: 'a file is written in one format, not in several' });
  }
  return formats.length > 0 ? formats : undefined;
}

function readStep({ as, isNumber }: DateDirectives, formats: readonly DateFormat[], zone: Zone | undefined): Step {
  const expected = `a date written as ${formats.map(({ text }) => text).join(' or ')}`;
  const read: Step = (run, text) => {
    const time = firstReading(text, formats);
    if (time === undefined) return fail(run, 'no-such-date', expected, text);
    if (as === 'date') return isoDate(time.offset === undefined || zone === undefined ? time : moved(time, zone));
    const placed = placeInZone(run, time, zone, text);
    if (placed === undefined) return '';
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

function firstReading(text: string, formats: readonly DateFormat[]): CivilTime | undefined {
  for (const format of formats) {
    const time = format.read(text);
    if (time !== undefined) return time;
  }
  return undefined;
}

function placeInZone(run: Run, time: CivilTime, zone: Zone | undefined, text: string): CivilTime | undefined {
  if (time.offset !== undefined) return zone === undefined ? time : moved(time, zone);
  if (zone === undefined) {
    fail(run, 'no-such-date', 'a time with its offset, such as 2026-05-04T09:15:00-05:00', text);
    return undefined;
  }
  const resolved = zone.resolve(time);
  if (resolved.kind === 'gap') {
    report(run, 'no-such-time', {
      what: `this time does not exist in ${zone.name}: the clock was put forward over it`,
      got: text,
    });
    return undefined;
  }
  if (resolved.kind === 'twice') report(run, 'ambiguous-time', { got: text });
  return { ...time, offset: resolved.offset };
}

function moved(time: CivilTime, zone: Zone): CivilTime {
  return inZone(localMs(time) - (time.offset ?? 0) * MINUTE_MS, zone);
}

// What providers send: ISO 8601, or milliseconds or seconds since the epoch, told apart by their length.
const sourceFormats = ['iso', 'epoch-ms', 'epoch-s'].map((text) => parseDateFormat(text) as DateFormat);

function writeStep({ as, formats }: DateDirectives, format: DateFormat | undefined, zone: Zone | undefined): Step {
  const isDefault = formats.length === 1 && formats[0] === 'iso';
  const write = isDefault && as === 'date' ? isoDate : (format?.write ?? isoDateTime);
  return (run, text) => {
    const [iso, milliseconds, seconds] = sourceFormats;
    const source = /^\d{13}$/.test(text) ? milliseconds : /^\d{10}$/.test(text) ? seconds : iso;
    const time = source?.read(text);
    if (time === undefined) return fail(run, 'no-such-date', 'an ISO 8601 date', text);
    return write(zone === undefined || time.offset === undefined ? time : moved(time, zone));
  };
}

function fail(run: Run, code: 'no-such-date', expected: string, got: string): '' {
  report(run, code, { expected, got });
  return '';
}
