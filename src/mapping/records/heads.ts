import { createIssue } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import type { HeadColumn } from '../compile/compiler.ts';
import type { Run } from '../run.ts';
import type { Trace } from '../payload/trace.ts';

const noRecords: readonly DataRecord[] = [];

/** Values that all records of a part share. */
export function readHeads(run: Run, heads: readonly HeadColumn[]): readonly string[] {
  return heads.map((head) => readShared(run, run.parts[head.part] ?? noRecords, head.read));
}

/** The same, keeping the line of each value. */
export function traceHeads(run: Run, heads: readonly HeadColumn[], trace: Trace): readonly string[] {
  const cells = heads.map((head) => traceShared(run, run.parts[head.part] ?? noRecords, head, trace));
  trace.headLines = cells.map(({ line }) => line);
  return cells.map(({ text }) => text);
}

/** What records agree on: the first text that is not empty. Notes when they disagree. */
export function readShared(run: Run, records: readonly DataRecord[], read: (record: DataRecord) => string): string {
  const [first] = records;
  let value = first === undefined ? '' : read(first);
  for (let index = 1; index < records.length; index++) {
    const record = records[index];
    const other = record === undefined ? '' : read(record);
    if (other === value || other === '') continue;
    if (value === '') value = other;
    else run.hasFindings = true;
  }
  return value;
}

interface Cell {
  readonly line: number;
  readonly text: string;
}

/** The same, with the line it stands on; says which lines disagree. */
export function traceShared(run: Run, records: readonly DataRecord[], column: HeadColumn, trace: Trace): Cell {
  const cells = records.map((record) => ({ line: record.line, text: column.read(record) }));
  const told = cells.filter(({ text }) => text !== '');
  const [first] = told;
  const other = told.find(({ text }) => text !== first?.text);
  if (first !== undefined && other !== undefined) noteConflict(run, trace, column, first, other);
  return { line: (first ?? cells[0])?.line ?? run.line, text: first?.text ?? '' };
}

function noteConflict(run: Run, trace: Trace, { name, part }: HeadColumn, first: Cell, other: Cell): void {
  run.hasFindings = true;
  const file = trace.files[part];
  const isOneOfSeveral = new Set(trace.files.filter((own) => own !== '')).size > 1;
  trace.issues.push(
    createIssue(
      'conflicting-values',
      { ...(file === undefined ? {} : { file }), line: other.line, column: name },
      {
        // In a drop of several files a line number alone says little.
        what:
          isOneOfSeveral && file !== undefined
            ? say`lines ${first.line} and ${other.line} of ${file} are one document and disagree`
            : say`lines ${first.line} and ${other.line} of one document disagree`,
        expected: say`"${first.text}" as on line ${first.line}`,
        got: other.text,
      },
    ),
  );
}
