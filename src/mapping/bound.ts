import { isError, type Issue } from '../core/issue.ts';
import { createIssue } from '../core/issue.ts';
import { rawNumber, type Json } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { DataRecord } from '../core/record.ts';
import type { HeadColumn } from './compiler.ts';
import { isShortenedNumber } from './decimal.ts';
import type { Answer } from './expression.ts';
import { readHeads, traceHeads } from './heads.ts';
import { payloadIssues, type PayloadCheck } from './payload-check.ts';
import { createRun, report, settleNumbers, type Evaluate, type Read, type Run } from './run.ts';
import { beginEntry, createTrace, type Trace } from './trace.ts';
import type { BoundMapping, BuiltDocument, Explanation, SourceRecord } from './types.ts';

/** Everything a mapping became once its columns were found. */
export interface BoundParts {
  readonly type: string;
  /** Part names and the names of their files, in the same order. */
  readonly parts: readonly string[];
  readonly files: readonly string[];
  readonly heads: readonly HeadColumn[];
  readonly key: Read;
  readonly evaluate: Evaluate;
  /** Group of a record, by part; undefined: each record is its own document. */
  readonly groups: readonly (((record: DataRecord) => string) | undefined)[];
  readonly check: PayloadCheck | undefined;
  readonly limits: Limits;
  readonly isAsync: boolean;
}

type RecordsByPart = readonly (readonly DataRecord[])[];
type Answers = ReadonlyMap<string, Answer>;
const noAnswers: Answers = new Map();
const noIssues: readonly Issue[] = [];

export function createBound(bound: BoundParts): BoundMapping {
  const build = (records: RecordsByPart, answers: Answers): BuiltDocument => {
    if (records.some(({ length }) => length > bound.limits.linesPerDocument)) return oversized(records, bound, answers);
    if (records[0]?.length === 0) return headless(records, bound);
    if (records.some((part) => part.some(hasErrors))) return broken(records, bound, answers);
    const built = buildSound(records, bound, answers);
    const notes = records.flatMap((part) => part.flatMap(({ issues }) => issues ?? noIssues));
    return notes.length === 0 ? built : { ...built, issues: capped([...notes, ...built.issues], bound.limits) };
  };
  return {
    isAsync: bound.isAsync,
    group(part, record) {
      const index = bound.parts.indexOf(part);
      const group = bound.groups[index]?.(record) ?? '';
      // Values of cells are trimmed, so nothing real begins with a space.
      return group === '' ? ` ${part}#${record.seq}` : group;
    },
    build(records) {
      const parts = splitParts(records, bound.parts);
      const few = parts.map((list) => list.slice(0, bound.limits.linesPerDocument));
      return bound.isAsync ? askAll(few, bound).then((answers) => build(parts, answers)) : build(parts, noAnswers);
    },
    async explain(records) {
      const parts = splitParts(records, bound.parts);
      const trace = createTrace(bound.files);
      evaluate(parts, bound, bound.isAsync ? await askAll(parts, bound) : noAnswers, trace);
      return trace.entries.map(explanation);
    },
  };
}

function splitParts(records: readonly SourceRecord[], parts: readonly string[]): RecordsByPart {
  if (parts.length === 1) return [records.map(({ record }) => record)];
  return parts.map((name) => records.filter(({ part }) => part === name).map(({ record }) => record));
}

function hasErrors({ issues }: DataRecord): boolean {
  return issues?.some(isError) === true;
}

function evaluate(
  records: RecordsByPart,
  bound: BoundParts,
  answers: Answers,
  trace?: Trace,
): { run: Run; payload: Json } {
  const run = createRun({ parts: records, answers, ...(trace === undefined ? {} : { trace }) });
  run.line = records[0]?.[0]?.line ?? 0;
  run.head = trace === undefined ? readHeads(run, bound.heads) : traceHeads(run, bound.heads, trace);
  run.key = readKey(run, bound.key);
  return { run, payload: bound.evaluate(run) ?? {} };
}

// Controls, soft hyphen, zero-width and direction marks, halves of characters: two keys would look the same.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/u;

function readKey(run: Run, read: Read): string {
  const { trace } = run;
  if (trace !== undefined) beginEntry(trace);
  const key = read(run);
  const [invisible] = INVISIBLE.exec(key) ?? [];
  if (key === '' && trace?.current?.hasFailed !== true) report(run, 'no-key');
  if (isShortenedNumber(key)) report(run, 'scientific-notation', { got: key });
  if (invisible !== undefined) {
    const code = (invisible.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    report(run, 'invisible-character', { what: `an invisible character (U+${code}) inside an identifier`, got: key });
  }
  if (trace !== undefined) {
    trace.entries.pop();
    trace.current = undefined;
  }
  return key;
}

/** The quick way; only when something is wrong, once more with a trace to learn what and where. */
function buildSound(records: RecordsByPart, bound: BoundParts, answers: Answers): BuiltDocument {
  const { run, payload } = evaluate(records, bound, answers);
  const common = { key: run.key, type: bound.type, line: run.line };
  if (!run.hasFindings && bound.check?.errors(payload) === undefined) {
    settleNumbers(run, rawNumber);
    return { ...common, payload, issues: [] };
  }
  const traced = findIssues(records, bound, answers);
  const issues = capped(traced.issues, bound.limits);
  if (issues.some(isError)) return { ...common, issues };
  return { ...common, payload: traced.payload, issues };
}

function findIssues(
  records: RecordsByPart,
  bound: BoundParts,
  answers: Answers,
): { key: string; payload: Json; issues: Issue[] } {
  const trace = createTrace(bound.files);
  const { run, payload } = evaluate(records, bound, answers, trace);
  const errors = bound.check?.errors(payload);
  const found =
    bound.check === undefined || errors === undefined
      ? []
      : payloadIssues(bound.check, errors, payload, trace, run.line);
  settleNumbers(run, rawNumber);
  // Without a key whatever is made from it is missing too: that is no second thing to mend.
  const isKeyless = trace.issues.some(({ code }) => code === 'no-key');
  const told = isKeyless ? found.filter(({ where }) => where.column !== undefined) : found;
  return { key: run.key, payload, issues: [...trace.issues, ...told] };
}

/** Says each thing once, in the order of the file, and no more than a person will read. */
function capped(issues: readonly Issue[], limits: Limits): readonly Issue[] {
  const seen = new Set<string>();
  return issues
    .filter(({ code, where, got, expected }) => {
      const key = JSON.stringify([code, where, got, expected]);
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .sort((a, b) => (a.where.line ?? 0) - (b.where.line ?? 0))
    .slice(0, limits.issuesPerDocument);
}

/** Some records could not be read. The others are looked at as well, so that everything is mended at once. */
function broken(records: RecordsByPart, bound: BoundParts, answers: Answers): BuiltDocument {
  const sound = records.map((part) => part.filter((record) => !hasErrors(record)));
  const own = records.flatMap((part) => part.flatMap((record) => record.issues ?? []));
  const hasHead = (sound[0]?.length ?? 0) > 0;
  const { key, issues } = findIssues(hasHead ? sound : records, bound, answers);
  const lines = new Set(sound.flatMap((part) => part.map(({ line }) => line)));
  // What is missing may stand in the broken record.
  const others = issues.filter(({ where, code }) => hasHead && code !== 'missing-value' && lines.has(where.line ?? 0));
  return { key, type: bound.type, line: records[0]?.[0]?.line ?? 0, issues: capped([...own, ...others], bound.limits) };
}

/** Only the key is made: the rest is what the limit is there to prevent. */
function oversized(records: RecordsByPart, bound: BoundParts, answers: Answers): BuiltDocument {
  const part = records.findIndex(({ length }) => length > bound.limits.linesPerDocument);
  const first = records.map((list) => list.slice(0, 1));
  const { run } = evaluate(first, bound, answers);
  const file = bound.files[part];
  const issue = createIssue(
    'too-many-lines',
    { ...(file === undefined ? {} : { file }), line: first[part]?.[0]?.line ?? 0 },
    {
      expected: `at most ${bound.limits.linesPerDocument}`,
      got: String(records[part]?.length),
    },
  );
  return { key: run.key, type: bound.type, line: run.line, issues: [issue] };
}

function headless(records: RecordsByPart, bound: BoundParts): BuiltDocument {
  const part = records.findIndex((list) => list.length > 0);
  const first = records[part]?.[0];
  const key = first === undefined ? '' : (bound.groups[part]?.(first) ?? '').replaceAll('\u001f', '-');
  const line = first?.line ?? 0;
  const where = { ...(bound.files[part] === undefined ? {} : { file: bound.files[part] ?? '' }), line };
  const own = records.flatMap((list) => list.flatMap((record) => record.issues ?? []));
  const issue = createIssue('no-head', where, key === '' ? {} : { got: key });
  return { key, type: bound.type, line, issues: capped([...own, issue], bound.limits) };
}

// An expression may depend on the answer of another through $first; deeper chains cannot be written.
const ROUNDS = 8;

async function askAll(records: RecordsByPart, bound: BoundParts): Promise<Answers> {
  const answers = new Map<string, Answer>();
  for (let round = 0; round < ROUNDS; round++) {
    const { run } = evaluate(records, bound, answers);
    const open = run.asks.filter(({ key }) => !answers.has(key));
    if (open.length === 0) break;
    for (const ask of open) answers.set(ask.key, await ask.answer());
  }
  return answers;
}

function explanation({ pointer, value, sources, steps }: Trace['entries'][number]): Explanation {
  return { pointer, ...(value === undefined ? {} : { value }), sources, steps };
}
