import { Failure } from '../../core/failure.ts';
import type { FormatOptions } from '../../core/format.ts';
import { LAST_COLUMN, LAST_ROW } from './cell-reference.ts';
import { numberText } from './number-text.ts';
import { TEXT_CODE } from './number-format.ts';
import { serialOf } from './serial-date.ts';
import { createComments } from './write-comments.ts';
import { writeRules, type WriteRules } from './write-options.ts';
import { workbookParts } from './write-package.ts';
import { sheetXml, type OutCell, type OutRow } from './write-sheet.ts';
import { createStyleBook, type StyleBook } from './write-styles.ts';
import { shownWidth } from './width.ts';
import { zipParts } from './zip-writer.ts';

/** What a cell of a spreadsheet holds. */
const MOST_CHARACTERS = 32_767;
/** Rows that are looked at before the columns get their width. */
const MEASURED_ROWS = 200;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const DIGITS = 15;

/**
 * Writes rows of text under the columns given, as a workbook of one sheet: the same rows always make the same bytes.
 * @throws Failure bad-config for what no sheet can hold: nothing is cut.
 */
export async function* writeXlsx(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const rules = writeRules(options);
  if (columns.length > LAST_COLUMN + 1) throw new Failure('bad-config', 'a sheet cannot hold so many columns');
  const styles = createStyleBook();
  const source = rows[Symbol.asyncIterator]();
  try {
    const first = await take(source, MEASURED_ROWS);
    const widths = columns.map((name, column) => {
      const longest = first.reduce((most, row) => Math.max(most, (row[column] ?? '').length), name.length);
      return { column, width: shownWidth(longest) };
    });
    const content = (): AsyncIterable<string> => {
      const sheet = { columns: widths, frozenRows: 1, isActive: true };
      return sheetXml(sheet, outRows(columns, first, source, rules, styles), () => false);
    };
    const sheets = [{ name: rules.sheet, content }];
    yield* zipParts(workbookParts({ sheets, active: 0, is1904: false, styles, comments: createComments() }));
  } finally {
    await source.return?.();
  }
}

async function take(source: AsyncIterator<readonly string[]>, most: number): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  while (rows.length < most) {
    const next = await source.next();
    if (next.done === true) break;
    rows.push(next.value);
  }
  return rows;
}

async function* outRows(
  columns: readonly string[],
  first: readonly (readonly string[])[],
  rest: AsyncIterator<readonly string[]>,
  rules: WriteRules,
  styles: StyleBook,
): AsyncGenerator<OutRow, void, void> {
  const writers = columns.map((name) => cellWriter(name, rules, styles));
  const beside = cellWriter('', rules, styles);
  const toRow = (row: readonly string[], number: number): OutRow => {
    if (number > LAST_ROW) throw new Failure('bad-config', `a sheet cannot hold more than ${LAST_ROW} rows`);
    return { number, cells: row.flatMap((text, column) => (writers[column] ?? beside)(fitting(text), column)) };
  };
  yield {
    number: 1,
    cells: columns.map((text, column) => ({ column, style: styles.header, kind: 'text', text: fitting(text) })),
  };
  let number = 2;
  for (const row of first) yield toRow(row, number++);
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield toRow(next.value, number++);
  }
}

function fitting(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  throw new Failure('bad-config', `a cell cannot hold a value of ${text.length} characters`);
}

type CellWriter = (text: string, column: number) => readonly OutCell[];

function cellWriter(name: string, rules: WriteRules, styles: StyleBook): CellWriter {
  const textStyle = styles.style(TEXT_CODE);
  const code = rules.dates.get(name);
  const dateStyle = code === undefined ? 0 : styles.style(code);
  const isNumeric = rules.numbers.has(name);
  return (text, column) => {
    if (text === '') return [];
    if (isNumeric && isExact(text)) return [{ column, style: 0, kind: 'number', text }];
    const serial = code === undefined ? undefined : serialOf(text);
    if (serial !== undefined) return [{ column, style: dateStyle, kind: 'number', text: serial }];
    return [{ column, style: textStyle, kind: 'text', text }];
  };
}

/** Whether a spreadsheet gives the number back as it was. */
function isExact(text: string): boolean {
  return NUMBER.test(text) && text.replaceAll(/\D/g, '').length <= DIGITS && numberText(text) !== undefined;
}
