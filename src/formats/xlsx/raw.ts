import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import type { RawRecord } from '../../core/record.ts';
import { openBook, type Book } from './book.ts';
import { readRules, type ReadRules } from './options.ts';
import { Refusal } from './refusal.ts';
import type { TextRow } from './rows.ts';
import { spanByColumn, type ColumnSpan } from './sheet.ts';
import { contentEnd, hiddenColumns, type TableColumns } from './table.ts';
import { walkSheet } from './walk.ts';

/** What a record of a workbook is besides its texts. */
export interface NativeRow {
  readonly row: TextRow;
  /** The same object on every record of a file. */
  readonly book: NativeBook;
}

export interface NativeBook {
  readonly sheet: string;
  /** Names of the shown sheets before it. */
  readonly before: readonly string[];
  readonly is1904: boolean;
  readonly formats: Book['formats'];
  readonly spans: ReadonlyMap<number, ColumnSpan>;
  readonly hidden: ReadonlySet<number>;
  /** Rows that are no records, above and below the header. */
  readonly lead: readonly TextRow[];
  readonly columns: TableColumns;
  /** Undefined where the names of the columns are declared. */
  readonly header: TextRow | undefined;
  /** Behind the last column of any record, the reasons of an earlier reject sheet not counted. */
  readonly end: number;
}

/** Titles that are kept above the table. */
const MOST_LEAD = 200;

/** The records of a sheet as they stand in it, numbered as {@link readXlsx} numbers them. Ends where reading is refused. */
export async function* readRawXlsx(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<RawRecord, void, void> {
  let book: Book | undefined;
  try {
    const rules = readRules(options);
    book = await openBook(bytes, rules.sheet);
    yield* rawRecords(book, rules, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  } finally {
    await book?.close();
  }
}

async function* rawRecords(book: Book, rules: ReadRules, context: ReadContext): AsyncGenerator<RawRecord, void, void> {
  const end = await findEnd(book, rules, context);
  const walk = walkSheet(book, rules, context, true);
  const lead: TextRow[] = [];
  let native: NativeBook | undefined;
  // It waits for the rows below it that are no records: whoever gets the header gets those with it.
  let header: TextRow | undefined;
  for await (const steps of walk.steps()) {
    for (const step of steps) {
      if (step.kind === 'lead' && lead.length < MOST_LEAD) lead.push(step.row);
      if (step.kind === 'header') {
        native = nativeBook(book, walk.spans, lead, step, end);
        header = step.row;
      }
      if (step.kind === 'lead' || step.kind === 'header' || native === undefined) continue;
      if (header !== undefined) yield rawRecord(-1, header, native);
      header = undefined;
      yield rawRecord(step.seq, step.row, native);
    }
  }
  if (header !== undefined && native !== undefined) yield rawRecord(-1, header, native);
}

/** Reads the sheet once to its end; a refusal comes again when the records are read. */
async function findEnd(book: Book, rules: ReadRules, context: ReadContext): Promise<number> {
  let end = 0;
  let columns: TableColumns | undefined;
  try {
    for await (const steps of walkSheet(book, rules, context).steps()) {
      for (const step of steps) {
        if (step.kind === 'header') ({ columns } = step);
        else if (columns !== undefined) end = Math.max(end, contentEnd(step.row, columns, rules.names === undefined));
      }
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return Math.max(end, (columns?.places.at(-1) ?? -1) + 1);
}

function nativeBook(
  { sheet, before, is1904, formats }: Book,
  spans: readonly ColumnSpan[],
  lead: readonly TextRow[],
  { columns, row }: { readonly columns: TableColumns; readonly row?: TextRow },
  end: number,
): NativeBook {
  return {
    sheet: sheet.name,
    before,
    is1904,
    formats,
    spans: spanByColumn(spans),
    hidden: hiddenColumns(spans, end - 1),
    lead,
    columns,
    header: row,
    end,
  };
}

function rawRecord(seq: number, row: TextRow, book: NativeBook): RawRecord {
  const native: NativeRow = { row, book };
  return { seq, line: row.number, text: row.texts.join('\t'), lineEnd: '\n', native };
}
