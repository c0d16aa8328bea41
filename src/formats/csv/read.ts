import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { isIgnoredLine } from '../header-search.ts';
import { badQuote, fileCutOff, ignoredLines, likelyDelimiter, unevenRows, wrongDelimiter } from './findings.ts';
import { openFile, type Line, type Opened } from './opening.ts';
import { readRules, type Dialect, type ReadRules } from './options.ts';
import { parseChunk, parseRecord } from './parse.ts';
import { createRowReader, type Kind, type RowReader } from './rows.ts';
import type { Chunk, Comments } from './split.ts';

/** How many records are looked at before the file as a whole is judged. */
const JUDGED_RECORDS = 20;
const FEWEST_JUDGED = 2;

/**
 * Reads a table. Every record after the header takes the next `seq`, also one that is bad, ignored, or the header again;
 * blank lines, comments and rows skipped below the header take none.
 */
export async function* readCsv(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<ReadEvent, void, void> {
  const rules = readRules(options);
  const reader = new TableReader(rules, context);
  for await (const opened of openFile(bytes, rules, context)) {
    yield* reader.take(opened);
    if (reader.isRefused) return;
  }
  yield* reader.finish();
}

/** Lines that were passed over. */
interface Tally {
  count: number;
  line: number;
}

class TableReader {
  isRefused = false;
  readonly #rules: ReadRules;
  readonly #context: ReadContext;
  #dialect: Dialect;
  /** Undefined until the records begin. */
  #rows: RowReader | undefined;
  /** Names of the columns of a file that does not mix types. */
  #columns: readonly string[] | undefined;
  #seq = 0;
  #records = 0;
  #uneven = 0;
  #firstLine = 0;
  #isJudged = false;
  #openLine: number | undefined;
  /** What is wrong with the record in which the file was cut off. */
  #cut: Issue | undefined;
  readonly #ignored: Tally = { count: 0, line: 0 };
  readonly #comments: Tally = { count: 0, line: 0 };

  constructor(rules: ReadRules, context: ReadContext) {
    this.#rules = rules;
    this.#dialect = rules.dialect;
    this.#context = context;
  }

  *take(opened: Opened): Generator<ReadEvent, void, void> {
    if (opened.kind === 'chunk') yield* this.#takeChunk(opened.chunk);
    else if (opened.kind === 'notice') yield opened;
    else if (opened.kind === 'comments') add(this.#comments, opened.comments);
    else if (opened.kind === 'refused') yield this.#refuse(opened.issue);
    else {
      this.#dialect = opened.dialect;
      yield* this.#begin(opened.header);
    }
  }

  *finish(): Generator<ReadEvent, void, void> {
    const { file } = this.#context;
    const { search, types, names } = this.#rules;
    if (this.#rows === undefined) {
      const expected = types === undefined && names === undefined ? say`a header line` : say`records`;
      yield this.#refuse(createIssue('empty-file', { file }, { expected }));
      return;
    }
    yield* this.#tell(this.#ignored, search.ignore, false);
    yield* this.#tell(this.#comments, [this.#dialect.comment ?? ''], true);
    if (this.#seq === 0) {
      const details = types === undefined && names === undefined ? {} : { what: say`no records` };
      yield { kind: 'notice', issue: createIssue('no-records', { file }, details) };
    }
    if (!this.#isJudged && this.#records >= FEWEST_JUDGED && this.#isMostlyUneven()) {
      yield { kind: 'notice', issue: this.#unevenRows(true) };
    }
    if (this.#cut !== undefined) yield this.#refuse(fileCutOff(this.#cut));
    else if (this.#openLine !== undefined) {
      yield { kind: 'notice', issue: createIssue('no-final-newline', { file, line: this.#openLine }) };
    }
  }

  *#begin(header: Line | undefined): Generator<ReadEvent, void, void> {
    const { names, types } = this.#rules;
    if (types !== undefined) {
      for (const { name, columns } of types) yield { kind: 'header', columns: columns ?? [], line: 1, type: name };
      this.#startRows({ type: undefined, columns: undefined });
      return;
    }
    const event: ReadEvent =
      header === undefined ? { kind: 'header', columns: names ?? [], line: 1 } : this.#readHeader(header);
    yield event;
    if (event.kind !== 'header') return;
    this.#columns = event.columns;
    this.#startRows({ type: undefined, columns: event.columns });
  }

  #startRows(table: Kind): void {
    this.#rows = createRowReader(this.#rules, this.#dialect, table, this.#context);
  }

  #readHeader({ text, line }: Line): ReadEvent {
    const { file, limits } = this.#context;
    const columns = parseRecord(text, this.#dialect)?.map((name) => name.trim());
    if (columns === undefined || columns.length === 1) {
      const likely = likelyDelimiter(text, this.#dialect);
      if (likely !== undefined) {
        return this.#refuse(wrongDelimiter(this.#context, line, this.#dialect.delimiter, likely));
      }
    }
    if (columns === undefined) return this.#refuse(badQuote(this.#context, line, text, this.#dialect, []));
    if (columns.length > limits.columns) {
      const details = { expected: say`at most ${limits.columns} columns`, got: String(columns.length) };
      return this.#refuse(createIssue('too-many-columns', { file, line }, details));
    }
    return { kind: 'header', columns, line };
  }

  *#takeChunk(chunk: Chunk): Generator<ReadEvent, void, void> {
    const { search } = this.#rules;
    const rows = this.#rows;
    if (rows === undefined) return;
    const parsed = parseChunk(chunk, this.#dialect);
    let records: DataRecord[] = [];
    for (const [index, cells] of parsed.entries()) {
      const line = chunk.lines[index] ?? 0;
      const start = chunk.starts[index] ?? 0;
      const end = chunk.ends[index] ?? 0;
      const seq = this.#seq++;
      const isOpen = chunk.nexts[index] === end;
      if (isOpen) this.#openLine = line;
      const text = (): string => chunk.source.slice(start, end);
      if (search.ignore.length > 0 && isIgnoredLine(cells ?? [text()], search)) {
        add(this.#ignored, { count: 1, line });
      } else if (cells !== undefined && this.#isHeaderAgain(cells)) {
        if (records.length > 0) yield { kind: 'records', records };
        records = [];
        const issue = createIssue('header-repeated', { file: this.#context.file, line });
        yield { kind: 'ignored', records: 1, issue };
      } else {
        const { record, isUneven, isCut } = rows.read({ seq, line, cells, text, length: end - start, isOpen });
        if (isUneven) this.#uneven++;
        if (this.#records++ === 0) this.#firstLine = line;
        if (isCut) this.#cut = record.issues?.[0];
        else records.push(record);
      }
    }
    const refusal = this.#judge();
    if (refusal !== undefined) yield refusal;
    else if (records.length > 0) yield { kind: 'records', records };
  }

  #isHeaderAgain(row: readonly string[]): boolean {
    const columns = this.#columns;
    if (columns === undefined || row.length !== columns.length || row[0]?.trim() !== columns[0]) return false;
    return row.every((cell, index) => cell.trim() === columns[index]);
  }

  /** Refuses the file when most of its first records do not fit the header: then not they are wrong, but the reading is. */
  #judge(): ReadEvent | undefined {
    if (this.#isJudged || this.#records < JUDGED_RECORDS) return undefined;
    this.#isJudged = true;
    return this.#isMostlyUneven() ? this.#refuse(this.#unevenRows(false)) : undefined;
  }

  #isMostlyUneven(): boolean {
    return this.#uneven * 2 > this.#records;
  }

  #unevenRows(isAll: boolean): Issue {
    const where = { file: this.#context.file, line: this.#firstLine };
    const expected =
      this.#columns === undefined
        ? say`most records as the mapping says`
        : say`${this.#columns.length} values in most records`;
    return unevenRows(where, this.#uneven, this.#records, expected, isAll);
  }

  *#tell({ count, line }: Tally, starts: readonly string[], isComment: boolean): Generator<ReadEvent, void, void> {
    if (count === 0) return;
    const issue = ignoredLines({ file: this.#context.file, line }, count, starts, isComment);
    yield { kind: 'ignored', records: count, issue };
  }

  #refuse(issue: Issue): ReadEvent {
    this.isRefused = true;
    return { kind: 'refused', issue };
  }
}

function add(tally: Tally, { count, line }: Comments): void {
  if (tally.count === 0) tally.line = line;
  tally.count += count;
}
