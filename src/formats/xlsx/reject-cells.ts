import { GENERAL, TEXT_CODE, type NumberFormat } from './number-format.ts';
import { numberText } from './number-text.ts';
import type { NativeBook } from './raw.ts';
import type { TextRow } from './rows.ts';
import type { SheetCell } from './sheet.ts';
import type { OutCell } from './write-sheet.ts';
import type { StyleBook } from './write-styles.ts';

/**
 * The cells of a row as they were: text as text, numbers and dates as such and shown the same way, of a formula its value.
 * `marked`: columns whose cells are filled, empty ones too.
 */
export function rejectCells(
  { cells, texts }: TextRow,
  book: NativeBook,
  styles: StyleBook,
  marked: ReadonlyMap<number, unknown>,
): readonly OutCell[] {
  const byColumn = new Map(cells.map((cell) => [cell.column, cell]));
  const wanted = new Set([
    ...cells.filter((cell) => isFilled(cell, texts)).map(({ column }) => column),
    ...marked.keys(),
  ]);
  return [...wanted]
    .sort((a, b) => a - b)
    .map((column) => {
      const format = formatOf(byColumn.get(column), column, book);
      return outCell(byColumn.get(column), column, texts[column] ?? '', format, styles, marked.has(column));
    });
}

function isFilled({ column }: SheetCell, texts: readonly string[]): boolean {
  return (texts[column] ?? '') !== '';
}

/** The cell's own format, else that of its column. */
function formatOf(cell: SheetCell | undefined, column: number, { formats, spans }: NativeBook): NumberFormat {
  const style = cell?.style ?? spans.get(column)?.style ?? 0;
  return formats[style] ?? GENERAL;
}

function outCell(
  cell: SheetCell | undefined,
  column: number,
  text: string,
  format: NumberFormat,
  styles: StyleBook,
  isMarked: boolean,
): OutCell {
  const isPlain = format.code.toLowerCase() === 'general';
  switch (text === '' ? '' : (cell?.type ?? '')) {
    case '':
      // What is typed into a plain cell becomes a number and loses its zeros; a date is typed into a cell for dates.
      return { column, kind: 'empty', text, style: styles.style(isPlain ? TEXT_CODE : format.code, isMarked) };
    case 'b':
      return { column, kind: 'boolean', text: text === 'true' ? '1' : '0', style: styles.style(format.code, isMarked) };
    case 'e':
      return { column, kind: 'error', text, style: styles.style(format.code, isMarked) };
    case 's':
    case 'str':
    case 'inlineStr':
      return { column, kind: 'text', text, style: styles.style(TEXT_CODE, isMarked) };
    default: {
      const isNumber = cell?.type === 'n' && numberText(cell.text) !== undefined;
      if (!isNumber) return { column, kind: 'text', text, style: styles.style(TEXT_CODE, isMarked) };
      return { column, kind: 'number', text: cell.text, style: styles.style(format.code, isMarked) };
    }
  }
}

/** Cells of plain text; empty ones are left out. */
export function textCells(cells: readonly { column: number; text: string }[], style: number): readonly OutCell[] {
  return cells.filter(({ text }) => text !== '').map((cell) => ({ ...cell, kind: 'text', style }));
}
