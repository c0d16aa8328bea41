import { parseDuration } from '../core/duration.ts';
import type { ExpectRule, SequenceRule } from '../core/flow-rules.ts';
import { createIssue, type ConfigDetails, type Issue } from '../core/issue.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';

/** `sequence` and `expect` as config.yaml has them. */
export interface RawFlowRules {
  readonly sequence?: {
    readonly in: string;
    readonly gap?: SequenceRule['gap'];
    readonly for?: string;
    readonly duplicate?: SequenceRule['duplicate'];
    readonly first?: number;
    readonly max?: number;
  };
  readonly expect?: {
    readonly by: string | readonly string[];
    readonly zone: string;
    readonly calendar?: string | readonly string[];
    readonly except?: readonly string[];
    readonly grace?: string;
  };
}

const WAIT_MS = 7_200_000;

export function sequenceRule({ sequence }: RawFlowRules): SequenceRule | undefined {
  if (sequence === undefined) return undefined;
  const { gap = 'wait', duplicate = 'refuse', first = 1, max } = sequence;
  return { in: sequence.in, gap, forMs: parseDuration(sequence.for ?? '') ?? WAIT_MS, duplicate, first, max };
}

/** What cannot be read is left out here and told by {@link checkFlowRules}. */
export function expectRule({ expect }: RawFlowRules): ExpectRule | undefined {
  if (expect === undefined) return undefined;
  const { by, zone, calendar = EVERY_DAY, except = [], grace } = expect;
  return {
    by: [by]
      .flat()
      .map(minutesOf)
      .filter((minutes) => minutes !== undefined)
      .sort((a, b) => a - b),
    zone,
    days: typeof calendar === 'string' ? (weekdaysOf(calendar) ?? []) : calendar,
    except,
    graceMs: parseDuration(grace ?? '') ?? 0,
  };
}

/** What the shape alone cannot say of them. */
export function checkFlowRules(yaml: PositionedYaml, flow: string, rules: RawFlowRules): Issue[] {
  const issues: Issue[] = [];
  const path: KeyPath = ['inbound', flow];
  const wrong = (key: KeyPath, details: ConfigDetails): void =>
    void issues.push(createIssue('wrong-value', yaml.place([...path, ...key]), details));
  checkSequence(rules.sequence, wrong);
  checkExpect(rules.expect, wrong);
  return issues;
}

type Complain = (key: KeyPath, details: ConfigDetails) => void;

function checkSequence(sequence: RawFlowRules['sequence'], wrong: Complain): void {
  if (sequence === undefined) return;
  const { in: where, first = 1, max } = sequence;
  const isName = /[{}*/]/.test(where);
  if (isName && (where.split('{seq}').length !== 2 || /[{}/]/.test(where.replace('{seq}', '')))) {
    wrong(['sequence', 'in'], {
      what: 'not a file name with one {seq}',
      expected: 'one such as "ORD_{seq}.csv", with * for what changes otherwise; or the name of a column',
    });
  }
  if (max !== undefined && max <= first) wrong(['sequence', 'max'], { what: 'must be greater than "first"' });
}

function checkExpect(expect: RawFlowRules['expect'], wrong: Complain): void {
  if (expect === undefined) return;
  const { by, zone, calendar, except = [] } = expect;
  const times = [by].flat();
  for (const [index, time] of times.entries()) {
    const key = typeof by === 'string' ? ['expect', 'by'] : ['expect', 'by', index];
    if (minutesOf(time) === undefined) wrong(key, { what: 'not a time of day', expected: 'one such as "06:00"' });
    else if (times.indexOf(time) < index) wrong(key, { what: 'the same time twice' });
  }
  if (!isZone(zone))
    wrong(['expect', 'zone'], { what: 'not a time zone', expected: 'one such as Europe/Berlin, or UTC' });
  if (typeof calendar === 'string' && weekdaysOf(calendar) === undefined) {
    wrong(['expect', 'calendar'], {
      what: 'no days of the week',
      expected: '"Mon-Fri", "Mon,Wed,Sat" or a list of dates',
    });
  }
  for (const [list, key] of [
    [typeof calendar === 'string' ? [] : (calendar ?? []), 'calendar'] as const,
    [except, 'except'] as const,
  ]) {
    for (const [index, date] of list.entries()) {
      if (!isDate(date)) wrong(['expect', key, index], { what: 'no such date', expected: 'one such as 2026-12-24' });
    }
  }
}

/** Minutes after midnight of `06:00`. */
function minutesOf(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const EVERY_DAY = 'Mon-Sun';

/** Days of the week of `Mon-Fri` or `Mon,Wed,Sat`, from 0 = Sunday. */
function weekdaysOf(text: string): readonly number[] | undefined {
  const days = new Set<number>();
  for (const piece of text.toLowerCase().split(',')) {
    const ends = piece.split('-').map((name) => WEEKDAYS.indexOf(name.trim()));
    const [first = -1, last = first] = ends;
    if (ends.length > 2 || ends.includes(-1)) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Bare offsets know no summer time, and abbreviations mean different places. */
function isZone(name: string): boolean {
  if (!/^(?:UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
