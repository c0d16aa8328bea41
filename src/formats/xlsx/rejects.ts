import type { CellMark, FormatOptions, RejectRow } from '../../core/format.ts';
import { createMarkFinder, type MarkFinder } from './marks.ts';
import { rejectCells, textCells } from './reject-cells.ts';
import { readRules } from './options.ts';
import type { NativeBook, NativeRow } from './raw.ts';
import type { TextRow } from './rows.ts';
import { shownWidth } from './width.ts';
import { createComments, type Comments } from './write-comments.ts';
import { workbookParts, type OutBook } from './write-package.ts';
import { sheetXml, type OutCell, type OutColumn, type OutRow } from './write-sheet.ts';
import { createStyleBook, type StyleBook } from './write-styles.ts';
import { zipParts } from './zip-writer.ts';

/** A header further down would leave no room to scroll. */
const MOST_FROZEN = 15;
/** What spreadsheet programs allow. */
const MOST_WIDTH = 255;
const REASON_WIDTHS = [20, 16, 80];

/**
 * A workbook of the refused rows, ready to be mended and dropped again: the sheet under its name, titles and header in their
 * rows, values as they were, cells to mend filled and noted, reasons behind the last column.
 */
export async function* writeXlsxRejects(
  rows: AsyncIterable<RejectRow>,
  options: FormatOptions,
  reasons: readonly string[],
): AsyncGenerator<Uint8Array, void, void> {
  const source = rows[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    const { book } = (first.done === true ? undefined : (first.value.raw.native as NativeRow | undefined)) ?? {};
    if (first.done === true || book === undefined) return;
    const sheet = new RejectSheet(book, options, reasons);
    yield* zipParts(workbookParts(sheet.book(() => chain(first.value, source))));
  } finally {
    await source.return?.();
  }
}

async function* chain<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T, void, void> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

class RejectSheet {
  readonly #book: NativeBook;
  readonly #options: FormatOptions;
  readonly #reasons: readonly string[];
  readonly #styles: StyleBook = createStyleBook();
  readonly #comments: Comments = createComments();
  readonly #marks: MarkFinder;

  constructor(book: NativeBook, options: FormatOptions, reasons: readonly string[]) {
    this.#book = book;
    this.#options = options;
    this.#reasons = reasons;
    this.#marks = createMarkFinder(book.columns, options);
  }

  /** Sheets before it keep their places when the mapping counts: they stay, empty. */
  book(rows: () => AsyncIterable<RejectRow>): OutBook {
    const { sheet, before, is1904 } = this.#book;
    const others = typeof this.#options['sheet'] === 'number' ? before : [];
    const content = (): AsyncIterable<string> =>
      sheetXml(
        { columns: this.#columns(), frozenRows: this.#frozenRows(), isActive: true },
        this.#rows(rows()),
        () => this.#comments.count() > 0,
      );
    const sheets = [...others.map((name) => ({ name, content: emptySheet })), { name: sheet, content }];
    return { sheets, active: others.length, is1904, styles: this.#styles, comments: this.#comments };
  }

  async *#rows(rows: AsyncIterable<RejectRow>): AsyncGenerator<OutRow, void, void> {
    const { lead, header } = this.#book;
    const at = header?.number ?? 0;
    const leadRows = (rows: readonly TextRow[]): readonly OutRow[] =>
      rows.map((row) => ({ number: row.number, cells: rejectCells(row, this.#book, this.#styles, new Map()) }));
    yield* leadRows(lead.filter((row) => row.number < at));
    if (header !== undefined) yield { number: at, cells: this.#headerCells() };
    yield* leadRows(lead.filter((row) => row.number > at));
    let number = Math.max(at, lead.at(-1)?.number ?? 0) + 1;
    for await (const { raw, reasons, marks = [] } of rows) {
      const native = raw.native as NativeRow | undefined;
      if (raw.seq < 0 || native === undefined) continue;
      yield { number, cells: this.#cells(native, number, reasons ?? [], marks) };
      number++;
    }
  }

  #headerCells(): readonly OutCell[] {
    const texts = this.#book.header?.texts ?? [];
    const own = texts.flatMap((text, column) => (this.#isReason(column) ? [] : [{ column, text }]));
    const added = this.#reasons.map((text, index) => ({ column: this.#book.end + index, text }));
    return textCells([...own, ...added], this.#styles.header);
  }

  #cells(
    { row }: NativeRow,
    number: number,
    reasons: readonly string[],
    marks: readonly CellMark[],
  ): readonly OutCell[] {
    const marked = new Map<number, string[]>();
    for (const mark of marks) {
      const column = this.#marks.find(mark);
      if (column !== undefined) marked.set(column, [...(marked.get(column) ?? []), mark.message]);
    }
    for (const [column, messages] of marked) this.#comments.add(number, column, messages.join('\n'));
    const cells = rejectCells(row, this.#book, this.#styles, marked).filter(({ column }) => !this.#isReason(column));
    const added = reasons.map((text, index) => ({ column: this.#book.end + index, text }));
    return [...cells, ...textCells(added, 0)];
  }

  /** Reasons of an earlier reject sheet, which go. */
  #isReason(column: number): boolean {
    const { end, columns, header } = this.#book;
    if (column >= end) return true;
    return columns.others.has(column) && /^\s*dray_/i.test(header?.texts[column] ?? '');
  }

  #columns(): readonly OutColumn[] {
    const { spans, hidden, header, end } = this.#book;
    const isSkipping = readRules(this.#options).hidden === 'skip';
    // Hidden columns that are read may have to be mended.
    const skipped = isSkipping ? hidden : new Set<number>();
    const own = Array.from({ length: end }, (_, column) => {
      const width = spans.get(column)?.width ?? 0;
      const needed = shownWidth(header?.texts[column]?.length ?? 0);
      return { column, width: Math.min(Math.max(width, needed), MOST_WIDTH), isHidden: skipped.has(column) };
    });
    return [...own, ...REASON_WIDTHS.map((width, index) => ({ column: end + index, width }))];
  }

  #frozenRows(): number {
    const row = this.#book.header?.number ?? 0;
    return row <= MOST_FROZEN ? row : 0;
  }
}

function emptySheet(): AsyncIterable<string> {
  async function* none(): AsyncGenerator<OutRow, void, void> {}
  return sheetXml({ columns: [], frozenRows: 0, isActive: false }, none(), () => false);
}
