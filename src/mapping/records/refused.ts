import { createIssue, isError } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { groupText } from './key.ts';
import {
  capped,
  evaluate,
  fileAt,
  findIssues,
  type BoundParts,
  type Making,
  type RecordsByPart,
} from '../compile/making.ts';
import type { BuiltDocument, CountedRecord } from '../types.ts';

/** Whether a record cannot be used. */
export function hasErrors({ issues }: DataRecord): boolean {
  return issues?.some(isError) === true;
}

const missing: ReadonlySet<string> = new Set(['missing-value', 'no-lines']);

/** Some records could not be read. The others are looked at as well, so that everything is mended at once. */
export function broken(making: Making): BuiltDocument {
  const { records, bound } = making;
  const sound = records.map((part) => part.filter((record) => !hasErrors(record)));
  const own = records.flatMap((part) => part.flatMap((record) => record.issues ?? []));
  const hasHead = (sound[0]?.length ?? 0) > 0;
  const { key, issues } = findIssues(hasHead ? { ...making, records: sound } : making);
  const lines = new Set(sound.flatMap((part) => part.map(({ line }) => line)));
  // What is missing may stand in the broken record.
  const others = issues.filter(({ where, code }) => hasHead && !missing.has(code) && lines.has(where.line ?? 0));
  return { key, type: bound.type, line: records[0]?.[0]?.line ?? 0, issues: capped([...own, ...others], bound.limits) };
}

/** Only the key is made: the rest is what the limit is there to prevent. */
export function oversized(making: Making): BuiltDocument {
  const { records, bound } = making;
  const part = records.findIndex(({ length }) => length > bound.limits.linesPerDocument);
  const first = records.map((list) => list.slice(0, 1));
  const { run } = evaluate({ ...making, records: first });
  const where = { ...fileAt(bound, part), line: first[part]?.[0]?.line ?? 0 };
  const details = {
    expected: say`at most ${bound.limits.linesPerDocument}`,
    got: String(countOf(records[part] ?? [])),
  };
  return { key: run.key, type: bound.type, line: run.line, issues: [createIssue('too-many-lines', where, details)] };
}

function countOf(records: readonly (DataRecord | CountedRecord)[]): number {
  return records.reduce((sum, record) => sum + 1 + ('more' in record ? record.more : 0), 0);
}

/** Two header records for one document: nobody can say whether its lines belong together or came twice. */
export function repeated(making: Making, build: (making: Making) => BuiltDocument): BuiltDocument {
  const { records, bound } = making;
  const [[first, ...others] = [], ...rest] = records;
  if (first === undefined) return headless(records, bound);
  const { key, type, line, issues } = build({ ...making, records: [[first], ...rest] });
  const own = others.map((record) =>
    createIssue(
      'repeated-head',
      { ...fileAt(bound, 0), line: record.line },
      { what: say`the document of line ${first.line} begins a second time`, ...(key === '' ? {} : { got: key }) },
    ),
  );
  const unread = others.flatMap((record) => record.issues ?? []);
  return { key, type, line, issues: capped([...own, ...unread, ...issues], bound.limits) };
}

/** Records that belong to a document nobody began. */
export function headless(records: RecordsByPart, bound: BoundParts): BuiltDocument {
  const part = records.findIndex((list) => list.length > 0);
  const first = records[part]?.[0];
  const name = bound.parts[part]?.name;
  const told = first === undefined || name === undefined ? '' : (bound.sorting.groups.get(name)?.(first, []) ?? '');
  const key = groupText(told);
  const line = first?.line ?? 0;
  const own = records.flatMap((list) => list.flatMap((record) => record.issues ?? []));
  // A record no type fits may be the very header that is missed: it is told once.
  const isUnknown = part === bound.parts.length && own.some(isError);
  const issue = createIssue('no-head', { ...fileAt(bound, part), line }, key === '' ? {} : { got: key });
  return { key, type: bound.type, line, issues: capped(isUnknown ? own : [...own, issue], bound.limits) };
}
