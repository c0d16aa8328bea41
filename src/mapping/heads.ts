import { createIssue } from '../core/issue.ts';
import type { HeadColumn } from './compiler.ts';
import type { Run } from './run.ts';
import type { Trace } from './trace.ts';

/** Values that all records of the document share: the first that is not empty. Notes when they disagree. */
export function readHeads(run: Run, heads: readonly HeadColumn[]): readonly string[] {
  const records = run.parts[0] ?? [];
  const [first] = records;
  const values: string[] = [];
  for (const head of heads) {
    let value = first === undefined ? '' : head.read(first);
    for (let index = 1; index < records.length; index++) {
      const record = records[index];
      const other = record === undefined ? '' : head.read(record);
      if (other === value || other === '') continue;
      if (value === '') value = other;
      else run.hasFindings = true;
    }
    values.push(value);
  }
  return values;
}

/** The same, keeping the line of each value and saying which lines disagree. */
export function traceHeads(run: Run, heads: readonly HeadColumn[], trace: Trace): readonly string[] {
  const lines: number[] = [];
  const values = heads.map((head) => {
    const cells = (run.parts[0] ?? []).map((record) => ({ line: record.line, text: head.read(record) }));
    const told = cells.filter(({ text }) => text !== '');
    const [first] = told;
    lines.push((first ?? cells[0])?.line ?? run.line);
    const other = told.find(({ text }) => text !== first?.text);
    if (first !== undefined && other !== undefined) noteConflict(run, trace, head.name, first, other);
    return first?.text ?? '';
  });
  trace.headLines = lines;
  return values;
}

interface Cell {
  readonly line: number;
  readonly text: string;
}

function noteConflict(run: Run, trace: Trace, column: string, first: Cell, other: Cell): void {
  run.hasFindings = true;
  const file = trace.files[0] === undefined ? {} : { file: trace.files[0] };
  trace.issues.push(
    createIssue(
      'conflicting-values',
      { ...file, line: other.line, column },
      {
        what: `lines ${first.line} and ${other.line} of one document disagree`,
        expected: `"${first.text}" as on line ${first.line}`,
        got: other.text,
      },
    ),
  );
}
