import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import { headerMissing, isIgnoredLine, judgeLine, likelierHeader, type Candidate } from '../header-search.ts';
import type { Book } from './book.ts';
import { createMergedFill, findMerged, type MergedFill } from './merged.ts';
import type { ReadRules } from './options.ts';
import { Refusal } from './refusal.ts';
import { textRow, type TextRow } from './rows.ts';
import { readSheet, type ColumnSpan, type SheetRow } from './sheet.ts';
import { columnsByName, columnsOfHeader, hiddenColumns, isHeaderAgain, type TableColumns } from './table.ts';
import { createTally, type Tally } from './tally.ts';

/**
 * What a row of the sheet is. Every record takes the next `seq`, also one that is passed over; titles above the table and rows
 * below its header that are none (`lead`) do not.
 */
export type Walked =
  | { readonly kind: 'lead'; readonly row: TextRow }
  /** `row` is left out where the names of the columns are declared. */
  | { readonly kind: 'header'; readonly columns: TableColumns; readonly line: number; readonly row?: TextRow }
  | { readonly kind: 'record'; readonly seq: number; readonly row: TextRow }
  | { readonly kind: 'passed'; readonly seq: number; readonly row: TextRow; readonly issue?: Issue };

export interface Walk {
  readonly spans: readonly ColumnSpan[];
  readonly tally: Tally;
  steps(): AsyncGenerator<readonly Walked[], void, void>;
}

/** Goes through the rows of a sheet and says what each of them is. @throws Refusal */
export function walkSheet(book: Book, rules: ReadRules, context: ReadContext, keepsEmpty = false): Walk {
  const mostCharacters = context.limits.recordCharacters;
  const sheet = readSheet(book.archive, book.sheet.part, { keepsEmpty, mostCharacters });
  const tally = createTally(context, book.sheet.name, rules);
  return {
    spans: sheet.columns,
    tally,
    async *steps() {
      const merged =
        rules.merged === 'fill'
          ? createMergedFill(await findMerged(book, context.limits), context.limits.columns)
          : undefined;
      const walker = new Walker({ book, rules, context, spans: sheet.columns, tally, merged });
      for await (const rows of sheet.rows()) yield rows.flatMap((row) => walker.take(row));
      walker.finish();
    },
  };
}

interface WalkerParts {
  readonly book: Book;
  readonly rules: ReadRules;
  readonly context: ReadContext;
  readonly spans: readonly ColumnSpan[];
  readonly tally: Tally;
  readonly merged: MergedFill | undefined;
}

class Walker {
  readonly #parts: WalkerParts;
  #columns: TableColumns | undefined;
  #seq = 0;
  #leftToSkip: number;
  #best: Candidate | undefined;

  constructor(parts: WalkerParts) {
    this.#parts = parts;
    this.#leftToSkip = parts.rules.search.skip;
  }

  take(sheetRow: SheetRow): readonly Walked[] {
    const { book, context, merged, rules, tally } = this.#parts;
    // Only a row with content of its own is one: what an area above gives it does not count.
    const own = textRow(sheetRow, book, context.limits);
    if (own === undefined) return [];
    const row = merged === undefined ? own : (textRow(merged.fill(sheetRow), book, context.limits) ?? own);
    const isSkipped = row.isHidden && rules.hidden === 'skip';
    // Above the table nothing is a record that could be passed over.
    const isAbove = this.#columns === undefined && rules.names === undefined;
    if (row.isHidden && !(isSkipped && isAbove)) tally.hiddenRow(row.number);
    const isLead = (this.#columns !== undefined || rules.names !== undefined) && this.#leftToSkip > 0 && !isSkipped;
    if (isLead) {
      this.#leftToSkip--;
      return [{ kind: 'lead', row }];
    }
    return this.#columns === undefined ? this.#seek(row, isSkipped) : [this.#judge(row, isSkipped, this.#columns)];
  }

  finish(): void {
    const { book, rules } = this.#parts;
    if (this.#columns !== undefined) return;
    const { search } = rules;
    if (rules.names === undefined && (search.line !== undefined || search.has.length > 0)) {
      throw this.#notFound();
    }
    const expected = rules.names === undefined ? say`a row with the names of the columns` : say`records`;
    throw new Refusal('empty-file', { what: say`the sheet "${book.sheet.name}" is empty`, expected });
  }

  #seek(row: TextRow, isSkipped: boolean): readonly Walked[] {
    const { rules, tally, spans } = this.#parts;
    if (rules.names !== undefined) {
      this.#columns = columnsByName(rules.names, this.#skippedColumns());
      tally.columns(this.#columns, spans);
      const header = { kind: 'header', columns: this.#columns, line: row.number } as const;
      return [header, this.#judge(row, isSkipped, this.#columns)];
    }
    if (isSkipped) return [{ kind: 'lead', row }];
    const found = judgeLine(row.texts, row.number, rules.search);
    if (found === 'beyond') throw this.#notFound();
    if (found === 'above') {
      this.#best = likelierHeader(this.#best, row.texts, row.number, rules.search);
      return [{ kind: 'lead', row }];
    }
    this.#columns = columnsOfHeader(row, this.#skippedColumns());
    tally.columns(this.#columns, spans);
    return [{ kind: 'header', columns: this.#columns, line: row.number, row }];
  }

  #judge(row: TextRow, isSkipped: boolean, columns: TableColumns): Walked {
    const { context, book, rules, tally } = this.#parts;
    const seq = this.#seq++;
    if (isSkipped) return { kind: 'passed', seq, row };
    if (isIgnoredLine(row.texts, rules.search)) {
      tally.ignoredRow(row.number);
      return { kind: 'passed', seq, row };
    }
    if (rules.names !== undefined || !isHeaderAgain(row, columns)) return { kind: 'record', seq, row };
    const where = { file: context.file, sheet: book.sheet.name, line: row.number };
    return { kind: 'passed', seq, row, issue: createIssue('header-repeated', where) };
  }

  #skippedColumns(): ReadonlySet<number> {
    const { rules, spans, context } = this.#parts;
    return rules.hidden === 'skip' ? hiddenColumns(spans, context.limits.columns) : new Set();
  }

  #notFound(): Refusal {
    const { context, rules } = this.#parts;
    const best = rules.search.has.length === 0 ? undefined : this.#best;
    const { where, details } = headerMissing(context, rules.search, best);
    return new Refusal('header-not-found', details, where.line);
  }
}
