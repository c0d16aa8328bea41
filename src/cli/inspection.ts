import type { Inspection } from '../app/init/inspect.ts';
import { readLines } from '../app/init/read-lines.ts';
import { describeIssue, isError } from '../core/issue.ts';
import { writeRead, type ColumnProfile, type ValueGuess } from '../mapping/index.ts';
import { exitCodes, type ExitCode, type Output } from './output.ts';
import { issueFields } from './project.ts';

const SHOWN_VALUES = 3;
const LONGEST_VALUE = 24;

/** Tells what a data file is. `showsValues`: values themselves, and not only what they look like. */
export function tellInspection(inspection: Inspection, showsValues: boolean, output: Output): ExitCode {
  const { file, detection, records, issues, counts, isRefused } = inspection;
  const columns = [...columnsOf(inspection)];
  output.tell(
    {
      event: 'file',
      file,
      format: detection.format,
      records,
      columns: columns.length,
      isRefused,
      read: readOf(inspection),
    },
    headline(inspection, columns.length),
  );
  if (output.isForPeople && detection.format !== undefined) output.text(writeRead(readLines(detection)).join('\n'));
  for (const { option, value, sureness, why, alternatives } of detection.points) {
    output.tell(
      { event: 'option', option, value, sureness, why, alternatives },
      `${option}: ${sureness}: ${why}${describeOthers(alternatives)}`,
    );
  }
  for (const { type, column } of columns) tellColumn(column, type, records, showsValues, output);
  for (const issue of issues) {
    output.tell({ event: 'finding', ...issueFields(issue), message: describeIssue(issue) }, describeIssue(issue));
  }
  const found = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (found > issues.length)
    output.tell({ event: 'more', findings: found - issues.length }, `and ${found - issues.length} more`);
  const hasErrors = isRefused || issues.some(isError);
  output.tell({ event: 'end', findings: found, isRefused }, summary(found, isRefused));
  return hasErrors ? exitCodes.rejected : exitCodes.well;
}

function readOf({ detection }: Inspection): Readonly<Record<string, unknown>> | undefined {
  return detection.format === undefined ? undefined : { format: detection.format, ...detection.options };
}

function headline({ file, detection, records }: Inspection, columns: number): string {
  if (detection.format === undefined) return `${file}: cannot be read`;
  return `${file}: ${detection.format}, ${counted(records, 'record')}, ${counted(columns, 'column')}. To pin in a mapping:`;
}

function summary(found: number, isRefused: boolean): string {
  if (isRefused) return 'the file would be refused';
  return found === 0 ? 'nothing to complain about' : counted(found, 'finding');
}

function* columnsOf({ profile, types }: Inspection): Generator<{ type: string; column: ColumnProfile }, void, void> {
  for (const column of profile.columns) yield { type: '', column };
  for (const [type, { columns }] of types) for (const column of columns) yield { type, column };
}

function describeOthers(alternatives: readonly unknown[]): string {
  const shown = alternatives
    .slice(0, SHOWN_VALUES)
    .map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return shown.length === 0 ? '' : `; or ${shown.join(', or ')}`;
}

function tellColumn(
  { name, filled, distinct, guess, shapes, values }: ColumnProfile,
  type: string,
  records: number,
  showsValues: boolean,
  output: Output,
): void {
  const shown = showsValues ? values.slice(0, SHOWN_VALUES).map(shortened) : shapes;
  const named = type === '' ? name : `${type}.${name}`;
  const kind = describeGuess(guess);
  const different = distinct === undefined ? 'many different' : `${distinct} different`;
  output.tell(
    {
      event: 'column',
      ...(type === '' ? {} : { type }),
      name,
      filled,
      distinct,
      kind: guess.kind,
      guess: kind,
      ...(showsValues ? { values: shown } : { shapes: shown }),
    },
    `  ${named}: ${kind}; ${filled} of ${records} filled, ${different}${shown.length === 0 ? '' : `; ${shown.join('  ')}`}`,
  );
}

function shortened(value: string): string {
  const characters = Array.from(value);
  return characters.length <= LONGEST_VALUE ? value : `${characters.slice(0, LONGEST_VALUE - 1).join('')}…`;
}

function describeGuess(guess: ValueGuess): string {
  const { count, lines } = ('misfits' in guess ? guess.misfits : undefined) ?? { count: 0, lines: [] };
  const but =
    count === 0
      ? ''
      : ` but for ${counted(count, 'cell')} (line ${lines.join(', ')}${count > lines.length ? ', …' : ''})`;
  return `${describeKind(guess)}${but}`;
}

function describeKind(guess: ValueGuess): string {
  switch (guess.kind) {
    case 'empty':
      return 'empty';
    case 'text':
      return 'text';
    case 'email':
      return 'e-mail addresses';
    case 'boolean':
      return 'true or false';
    case 'digits':
      return 'digits that are no amount';
    case 'integer':
      return 'whole numbers';
    case 'number': {
      const format = guess.format === undefined ? '' : ` written ${guess.format}`;
      return `numbers${format}${guess.others.length === 0 ? '' : ` (or ${guess.others[0] ?? ''})`}`;
    }
    case 'date':
      return `dates written ${[guess.format, ...guess.others.slice(0, 1)].join(' or ')}`;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
