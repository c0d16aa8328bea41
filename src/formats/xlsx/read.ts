import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { openBook } from './book.ts';
import { columnLetters } from './cell-reference.ts';
import { readRules, type ReadRules } from './options.ts';
import { Refusal } from './refusal.ts';
import type { TextRow } from './rows.ts';
import { hasReasonNames, hasReasons, strayColumn, type TableColumns } from './table.ts';
import { walkSheet, type Walked } from './walk.ts';

/** Of a name inside a message. */
const SHOWN_CHARACTERS = 60;

/** Reads a sheet of a workbook as a table. Rows without content are no records; every other takes the next `seq`. */
export async function* readXlsx(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<ReadEvent, void, void> {
  const place: { sheet?: string } = {};
  try {
    yield* readEvents(bytes, readRules(options), context, place);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, details, line } = error;
    const where = { file: context.file, ...place, ...(line === undefined ? {} : { line }) };
    yield { kind: 'refused', issue: createIssue(code, where, details) };
  }
}

async function* readEvents(
  bytes: Bytes,
  rules: ReadRules,
  context: ReadContext,
  place: { sheet?: string },
): AsyncGenerator<ReadEvent, void, void> {
  const book = await openBook(bytes, rules.sheet);
  try {
    place.sheet = book.sheet.name;
    const walk = walkSheet(book, rules, context);
    const reader = new EventReader({ file: context.file, sheet: book.sheet.name }, rules, context);
    for await (const steps of walk.steps()) yield* reader.take(steps);
    for (const passed of walk.tally.passed()) yield { kind: 'ignored', ...passed };
    for (const issue of walk.tally.notices()) yield { kind: 'notice', issue };
    if (!reader.hasRecords)
      yield { kind: 'notice', issue: createIssue('no-records', { file: context.file, ...place }) };
  } finally {
    await book.close();
  }
}

class EventReader {
  hasRecords = false;
  readonly #sheet: Place & { readonly sheet: string };
  readonly #rules: ReadRules;
  readonly #context: ReadContext;
  #columns: TableColumns = { names: [], places: [], letters: [], others: new Set(), width: 0 };

  constructor(sheet: Place & { readonly sheet: string }, rules: ReadRules, context: ReadContext) {
    this.#sheet = sheet;
    this.#rules = rules;
    this.#context = context;
  }

  *take(steps: readonly Walked[]): Generator<ReadEvent, void, void> {
    let records: DataRecord[] = [];
    for (const step of steps) {
      if (step.kind === 'record') records.push(this.#record(step.seq, step.row));
      if (step.kind !== 'header' && (step.kind !== 'passed' || step.issue === undefined)) continue;
      if (records.length > 0) yield { kind: 'records', records };
      records = [];
      if (step.kind === 'passed') {
        if (step.issue !== undefined) yield { kind: 'ignored', records: 1, issue: step.issue };
        continue;
      }
      this.#columns = step.columns;
      const { names: columns, letters } = step.columns;
      const header = { kind: 'header', columns, line: step.line, sheet: { name: this.#sheet.sheet, letters } } as const;
      yield step.row !== undefined && hasReasonNames(step.row) ? { ...header, isReturned: true } : header;
    }
    if (records.length > 0) yield { kind: 'records', records };
    this.hasRecords ||= steps.some(({ kind }) => kind === 'record' || kind === 'passed');
  }

  #record(seq: number, row: TextRow): DataRecord {
    const { places } = this.#columns;
    const cells = places.map((place) => row.texts[place] ?? '');
    const issues = this.#issues(row, cells);
    const isReturned = this.#rules.names !== undefined && hasReasons(row.texts, (places.at(-1) ?? -1) + 1);
    return {
      seq,
      line: row.number,
      cells,
      ...(isReturned ? { isReturned } : {}),
      ...(issues.length === 0 ? {} : { issues }),
    };
  }

  #issues(row: TextRow, cells: readonly string[]): readonly Issue[] {
    const { places, names, others } = this.#columns;
    const { fieldCharacters } = this.#context.limits;
    const issues: Issue[] = [];
    for (const { column, code, details } of row.problems) {
      if (!others.has(column) && places.includes(column))
        issues.push(createIssue(code, this.#place(row, column), details));
    }
    for (const [index, cell] of cells.entries()) {
      if (cell.length <= fieldCharacters) continue;
      const details = { expected: say`at most ${fieldCharacters} characters`, got: cell };
      issues.push(createIssue('field-too-long', this.#place(row, places[index] ?? 0), details));
    }
    const stray = strayColumn(row, this.#columns, this.#rules.names === undefined);
    if (stray === -1) return issues;
    const hint = say`Delete the cell, or give its column a name.`;
    const expected = say`nothing to the right of column ${(names.at(-1) ?? '').slice(0, SHOWN_CHARACTERS)}`;
    const got = row.texts[stray] ?? '';
    const what = say`a value beside the table`;
    return [...issues, createIssue('wrong-column-count', this.#place(row, stray), { what, expected, got, hint })];
  }

  #place(row: TextRow, column: number): Place {
    const index = this.#columns.places.indexOf(column);
    const letters = columnLetters(column);
    const name = index === -1 ? letters : (this.#columns.names[index] ?? '');
    const place = { ...this.#sheet, line: row.number, cell: `${letters}${row.number}` };
    return { ...place, column: name === '' ? letters : name };
  }
}
