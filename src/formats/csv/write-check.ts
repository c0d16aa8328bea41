import type { CellFinding, FormatOptions, RecordColumns, TypedRow } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { cellsOfTypes, type Cells } from '../writing/cells.ts';
import { readEnvelope } from '../writing/envelope.ts';
import { oneKind } from '../writing/record-columns.ts';
import { writeDialect } from './write-options.ts';
import { isMisread } from './write.ts';

/** What of a row {@link writeCsv} could not write. */
export function checkCsvRow(
  columns: readonly string[],
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const check = checkMixedCsvRow(oneKind(columns), options);
  return (row) => check({ type: '', cells: row });
}

/** The same of a record of one of several types. */
export function checkMixedCsvRow(
  types: RecordColumns,
  options: FormatOptions,
): (row: TypedRow) => readonly CellFinding[] {
  const { text } = writeDialect(options);
  const { sums } = readEnvelope(options);
  const checks = new Map(
    [...cellsOfTypes(types, options, sums, text.encoding)].map(([type, cells]) => [
      type,
      checkOf(types.get(type) ?? [], cells, options),
    ]),
  );
  return ({ type, cells }) => checks.get(type)?.(cells) ?? [];
}

function checkOf(
  columns: readonly string[],
  cells: Cells,
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const { delimiter, quoting } = writeDialect(options);
  if (quoting !== 'none') return cells.check;
  return (row) => [
    ...cells.check(row),
    ...cells.write(row).flatMap((cell, index): CellFinding[] => {
      if (!isMisread(cell, delimiter)) return [];
      const what = say`the value holds a delimiter or a line break, and nothing quotes it`;
      return [{ code: 'not-allowed', column: columns[index] ?? '', what, hint: say`Declare quote: minimal.` }];
    }),
  ];
}
