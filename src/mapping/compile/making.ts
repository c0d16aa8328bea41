import type { Issue } from '../../core/issue.ts';
import { rawNumber, type Json } from '../../core/json.ts';
import type { Limits } from '../../core/limits.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import type { HeadColumn } from './compiler.ts';
import { isShortenedNumber } from '../values/decimal.ts';
import type { Answer } from './expression.ts';
import { readHeads, traceHeads } from '../records/heads.ts';
import type { Part } from '../records/parts.ts';
import { payloadIssues } from '../payload/payload-check.ts';
import { createRun, report, settleNumbers, type Read, type Run } from '../run.ts';
import type { SortingRules } from '../records/sorting.ts';
import type { BoundTarget, BoundTargets } from './targets.ts';
import { beginEntry, createTrace, type Trace } from '../payload/trace.ts';
import type { LookUps, SourceRecord } from '../types.ts';

/** Everything a mapping became once its columns were found. */
export interface BoundParts {
  readonly type: string;
  readonly parts: readonly Part[];
  /** Names of the files of the parts, in the same order, and that of records no part fits. */
  readonly files: readonly string[];
  /** Place of a record's part among `parts`. */
  readonly partOf: (source: SourceRecord) => number;
  readonly sorting: SortingRules;
  readonly heads: readonly HeadColumn[];
  readonly key: Read;
  readonly targets: BoundTargets;
  readonly lookUps: LookUps | undefined;
  readonly limits: Limits;
  /** Wall clock, for rules about today. */
  readonly now: () => number;
  readonly isAsync: boolean;
}

export type Answers = ReadonlyMap<string, Answer>;
/** Records of a document by part; behind the last, those no part fits. */
export type RecordsByPart = readonly (readonly DataRecord[])[];

/** One document to be made. */
export interface Making {
  readonly bound: BoundParts;
  readonly records: RecordsByPart;
  readonly answers: Answers;
  /** Operation it is made for, whatever it says itself. */
  readonly wanted: string | undefined;
}

export interface Evaluated {
  readonly run: Run;
  readonly payload: Json;
  readonly target: BoundTarget | undefined;
}

/** Makes the payload; with a trace, keeps where everything came from and what is wrong with it. */
export function evaluate({ bound, records, answers, wanted }: Making, trace?: Trace): Evaluated {
  const { lookUps } = bound;
  const run = createRun({ parts: records, answers, lookUps, trace });
  run.line = records[0]?.[0]?.line ?? 0;
  run.head = trace === undefined ? readHeads(run, bound.heads) : traceHeads(run, bound.heads, trace);
  run.key = readKey(run, bound.key);
  const target = bound.targets.choose(run, wanted);
  return { run, target, payload: target?.evaluate(run) ?? {} };
}

// Controls, soft hyphen, zero-width and direction marks, halves of characters: two keys would look the same.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/u;

function readKey(run: Run, read: Read): string {
  const { trace } = run;
  const entry = trace === undefined ? undefined : beginEntry(trace, 'document.key');
  const key = read(run);
  const [invisible] = INVISIBLE.exec(key) ?? [];
  if (key === '' && entry?.hasFailed !== true) report(run, 'no-key');
  if (isShortenedNumber(key)) report(run, 'scientific-notation', { got: key });
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    report(run, 'invisible-character', {
      what: say`an invisible character (U+${code}) inside an identifier`,
      got: key,
    });
  }
  if (entry !== undefined) entry.value = key;
  if (trace !== undefined) trace.current = undefined;
  return key;
}

/** The slow way: what is wrong and where. */
export function findIssues(making: Making): { key: string; payload: Json; issues: Issue[] } {
  const trace = createTrace(making.bound.files);
  const { run, target, payload } = evaluate(making, trace);
  const check = target?.check;
  const errors = check?.errors(payload, making.bound.now);
  const found =
    check === undefined || errors === undefined ? [] : payloadIssues(check, errors, payload, trace, run.line);
  settleNumbers(run, rawNumber);
  // Without a key whatever is made from it is missing too: that is no second thing to mend.
  const isKeyless = trace.issues.some(({ code }) => code === 'no-key');
  const told = isKeyless ? found.filter(({ where }) => where.column !== undefined) : found;
  return { key: run.key, payload, issues: [...trace.issues, ...told] };
}

/** Where the records of a part stand. */
export function fileAt({ files }: BoundParts, part: number): { file?: string } {
  const file = files[part];
  return file === undefined ? {} : { file };
}

/** Says each thing once, in the order of the file, and no more than a person will read. */
export function capped(issues: readonly Issue[], limits: Limits): readonly Issue[] {
  const seen = new Set<string>();
  return issues
    .filter(({ code, where, got, expected }) => {
      const key = JSON.stringify([code, where, got, expected]);
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .sort((a, b) => (a.where.line ?? 0) - (b.where.line ?? 0))
    .slice(0, limits.issuesPerDocument);
}
