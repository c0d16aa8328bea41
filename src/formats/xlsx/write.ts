import { Failure } from '../../core/failure.ts';
import type { CellFinding, FileFacts, FormatOptions } from '../../core/format.ts';
import { createCells, type Cells } from '../writing/cells.ts';
import { hasTrailer, readEnvelope, type OwnRecord } from '../writing/envelope.ts';
import { oneKind } from '../writing/record-columns.ts';
import { createTally } from '../writing/totals.ts';
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
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  const rules = writeRules(options);
  const around = createAround(columns, options, facts);
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
      const sheet = { columns: widths, frozenRows: around.header === undefined ? 1 : 2, isActive: true };
      return sheetXml(sheet, outRows(columns, first, source, rules, styles, around), () => false);
    };
    const sheets = [{ name: rules.sheet, content }];
    yield* zipParts(workbookParts({ sheets, active: 0, is1904: false, styles, comments: createComments() }));
  } finally {
    await source.return?.();
  }
}

/** The records around the rows, and what becomes of a row's texts. */
interface Around {
  readonly header: OwnTexts | undefined;
  readonly cells: Cells;
  add(row: readonly string[]): void;
  /** Undefined when the file has none. */
  trailer(): OwnTexts | undefined;
}

type OwnTexts = readonly { readonly text: string; readonly isNumber: boolean }[];

function createAround(columns: readonly string[], options: FormatOptions, facts: FileFacts | undefined): Around {
  const { header, trailer, sums, records } = readEnvelope(options);
  // Texts in cells of their own are never run, and numbers have no mark of their own.
  const cells = createCells(columns, { lengths: options['lengths'] }, sums);
  const tally = createTally(oneKind(columns), sums, records);
  const own = ({ values }: OwnRecord): OwnTexts =>
    values.map(({ template }) => ({ text: cells.own(template, facts, tally), isNumber: template.isNumber }));
  return {
    header: header === undefined ? undefined : own(header),
    cells,
    add: (cells) => tally.add({ type: '', cells }),
    trailer: () => (trailer === undefined || !hasTrailer(tally, facts) ? undefined : own(trailer)),
  };
}

/** What of a row {@link writeXlsx} could not write. */
export function checkXlsxRow(
  columns: readonly string[],
  options: FormatOptions,
): (row: readonly string[]) => readonly CellFinding[] {
  return createCells(columns, { lengths: options['lengths'] }, readEnvelope(options).sums).check;
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
  around: Around,
): AsyncGenerator<OutRow, void, void> {
  const writers = columns.map((name) => cellWriter(name, rules, styles));
  const beside = cellWriter('', rules, styles);
  let number = 0;
  const toRow = (row: readonly string[]): OutRow => {
    if (++number > LAST_ROW) throw new Failure('bad-config', `a sheet cannot hold more than ${LAST_ROW} rows`);
    around.add(row);
    const texts = around.cells.write(row);
    return { number, cells: texts.flatMap((text, column) => (writers[column] ?? beside)(fitting(text), column)) };
  };
  if (around.header !== undefined) yield { number: ++number, cells: ownCells(around.header, styles) };
  yield {
    number: ++number,
    cells: columns.map((text, column) => ({ column, style: styles.header, kind: 'text', text: fitting(text) })),
  };
  for (const row of first) yield toRow(row);
  for (;;) {
    const next = await rest.next();
    if (next.done === true) break;
    yield toRow(next.value);
  }
  const trailer = around.trailer();
  if (trailer !== undefined) yield { number: ++number, cells: ownCells(trailer, styles) };
}

/** A total is a number to the spreadsheet where it gives it back as it was. */
function ownCells(texts: OwnTexts, styles: StyleBook): readonly OutCell[] {
  return texts.flatMap(({ text, isNumber }, column): OutCell[] => {
    if (text === '') return [];
    if (isNumber && isExact(text)) return [{ column, style: 0, kind: 'number', text }];
    return [{ column, style: styles.style(TEXT_CODE), kind: 'text', text: fitting(text) }];
  });
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
