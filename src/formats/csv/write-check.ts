import type { CellFinding, FormatOptions } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { createCells } from '../writing/cells.ts';
import { readEnvelope } from '../writing/envelope.ts';
import { writeDialect } from './write-options.ts';
import { isMisread } from './write.ts';

/** What of a row {@link writeCsv} could not write. */
export function checkCsvRow(
  columns: readonly string[],
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  const { delimiter, quoting, text } = writeDialect(options);
  const cells = createCells(columns, options, readEnvelope(options).sums, text.encoding);
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
