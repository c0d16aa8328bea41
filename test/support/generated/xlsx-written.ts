import { atomsOf, textOf } from './content.ts';
import type { GeneratedFile } from './generated-file.ts';
import { writeFile } from './reading.ts';
import type { XlsxPlan } from './xlsx-plan.ts';

const ATOMS = atomsOf('utf-8', true);
const NUMBERS = ['7', '-12.5', '0.3', '1000', '123456789012345', 'n/a', '00012', '12345678901234567890'] as const;
const DATES = ['2026-05-04', '1999-12-31', '2024-02-29', '2026-02-30', 'soon'] as const;

/** Rows of text written by the format itself: texts, numbers and dates, and what only looks like one. */
export async function xlsxWritten(plan: XlsxPlan): Promise<GeneratedFile> {
  const columns = plan.columns.map(
    ([kind], index) => `${kind === 'number' || kind === 'date' ? kind : 'text'}${index}`,
  );
  const rows = plan.rows.map((row) =>
    columns.map((column, index) => {
      const numbers = row[index] ?? [];
      if (column.startsWith('number')) return NUMBERS[(numbers[0] ?? 0) % NUMBERS.length] ?? '';
      if (column.startsWith('date')) return DATES[(numbers[0] ?? 0) % DATES.length] ?? '';
      return index === 0 ? `A${textOf(numbers, ATOMS)}` : textOf(numbers, ATOMS);
    }),
  );
  const dates = columns.filter((column) => column.startsWith('date'));
  return {
    format: 'xlsx',
    by: 'write',
    encoding: 'utf-8',
    options: { sheet: 'Orders' },
    bytes: await writeFile('xlsx', rows, columns, {
      sheet: 'Orders',
      numbers: columns.filter((column) => column.startsWith('number')),
      dates: Object.fromEntries(dates.map((column) => [column, 'dd.mm.yyyy'])),
    }),
    records: rows.map((cells, index) => ({ line: index + 2, cells })),
    columns: { '': columns },
    passedOver: 0,
    notices: rows.length === 0 ? ['no-records'] : [],
  };
}
