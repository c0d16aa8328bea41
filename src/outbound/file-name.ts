import type { ConfigDetails } from '../core/issue.ts';
import { formatInstant } from '../mapping/index.ts';

/** Path of a file inside its folder. `now` in milliseconds since the epoch. */
export type FileName = (now: number, sequence: number) => string;

interface Problem extends ConfigDetails {
  readonly code: 'bad-template';
}

const PART = /\{(date|seq):([^}@]+)(?:@([^}]+))?\}/g;

/**
 * Compiles `shipconf/SHIPCONF_{date:yyyyMMdd}_{seq:6}.csv`. A name without `{seq:…}` would be given twice, so it is refused.
 * Dates are in UTC unless a zone is named: `{date:yyyyMMdd@Europe/Berlin}`.
 */
export function fileNameTemplate(template: string): {
  name?: FileName;
  issues: Problem[];
} {
  const left = template.replace(PART, '');
  if (/[{}]/.test(left)) return { issues: [problem('only {date:…} and {seq:…} are known in file names')] };
  const parts = [...template.matchAll(PART)];
  if (!parts.some(([, kind]) => kind === 'seq')) {
    return {
      issues: [problem('the name has no sequence number, so a second file would have the same name', 'Add {seq:6}.')],
    };
  }
  const badCount = parts.find(([, kind, digits = '']) => kind === 'seq' && !/^[1-9]\d?$/.test(digits));
  if (badCount !== undefined) return { issues: [problem(`${badCount[0]} needs a number of digits`, 'Write {seq:6}.')] };
  try {
    const name: FileName = (now, sequence) =>
      template.replace(PART, (_all, kind: string, format: string, zone?: string) =>
        kind === 'seq' ? String(sequence).padStart(Number(format), '0') : formatInstant(now, format, zone ?? 'UTC'),
      );
    if (name(0, 1).split('/').length !== template.replace(PART, '').split('/').length) {
      return { issues: [problem('a date in a name must not hold a slash')] };
    }
    return { name, issues: [] };
  } catch {
    return { issues: [problem('the date format or the time zone in the name is not known')] };
  }
}

function problem(what: string, hint?: string): Problem {
  return { code: 'bad-template', what, ...(hint === undefined ? {} : { hint }) };
}
