import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { cutFile, type Cut } from './chunks.ts';
import { badQuote, otherDelimiters, unevenRows, wrongColumnCount, wrongDelimiter } from './findings.ts';
import { isFromRejectSheet } from './mended.ts';
import { readDialect, type Dialect } from './options.ts';
import { parseChunk, parseRecord, type Cells } from './parse.ts';
import type { Chunk } from './split.ts';

/** How many records are looked at before the file as a whole is judged. */
const JUDGED_RECORDS = 20;

/**
 * Reads a table. Every record after the header takes the next `seq`, also one that is bad or is the header again;
 * blank lines take none.
 */
export async function* readCsv(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<ReadEvent, void, void> {
  const reader = new TableReader(readDialect(options), context);
  for await (const cut of cutFile(bytes, readDialect(options), context)) {
    yield* reader.take(cut);
    if (reader.isRefused) return;
  }
  yield* reader.finish();
}

class TableReader {
  isRefused = false;
  readonly #context: ReadContext;
  #dialect: Dialect;
  #columns: readonly string[] | undefined;
  #seq = 0;
  #uneven = 0;
  #isJudged = false;
  #openLine: number | undefined;

  constructor(dialect: Dialect, context: ReadContext) {
    this.#dialect = dialect;
    this.#context = context;
  }

  *take(cut: Cut): Generator<ReadEvent, void, void> {
    if (cut.kind === 'source') this.#dialect = cut.dialect;
    else if (cut.kind === 'notice') yield cut;
    else if (cut.kind === 'refused') yield this.#refuse(cut.issue);
    else yield* this.#takeChunk(cut.chunk);
  }

  *finish(): Generator<ReadEvent, void, void> {
    const { file } = this.#context;
    if (this.#columns === undefined) {
      const details = { expected: this.#dialect.names === undefined ? 'a header line' : 'records' };
      yield this.#refuse(createIssue('empty-file', { file }, details));
      return;
    }
    if (this.#seq === 0) yield { kind: 'notice', issue: createIssue('no-records', { file }) };
    if (this.#openLine !== undefined) {
      yield { kind: 'notice', issue: createIssue('no-final-newline', { file, line: this.#openLine }) };
    }
  }

  *#takeChunk(chunk: Chunk): Generator<ReadEvent, void, void> {
    const cells = parseChunk(chunk, this.#dialect);
    const last = chunk.starts.length - 1;
    if (chunk.nexts[last] === chunk.ends[last]) this.#openLine = chunk.lines[last];
    let first = 0;
    if (this.#columns === undefined) {
      const header = this.#readHeader(chunk, cells[0]);
      yield header;
      if (header.kind === 'refused') return;
      if (this.#dialect.names === undefined) first = 1;
    }
    yield* this.#readRecords(chunk, cells, first);
  }

  #readHeader(chunk: Chunk, cells: Cells): ReadEvent {
    const { file, limits } = this.#context;
    const line = chunk.lines[0] ?? 1;
    const text = chunk.source.slice(chunk.starts[0], chunk.ends[0]);
    const { names, delimiter } = this.#dialect;
    const columns = names ?? cells?.map((name) => name.trim());
    if (names === undefined && (columns === undefined || columns.length === 1)) {
      const likely = likelyDelimiter(text, this.#dialect);
      if (likely !== undefined) return this.#refuse(wrongDelimiter(this.#context, line, delimiter, likely));
    }
    if (columns === undefined) return this.#refuse(badQuote(this.#context, line, text, this.#dialect, []));
    if (columns.length > limits.columns) {
      const details = { expected: `at most ${limits.columns} columns`, got: String(columns.length) };
      return this.#refuse(createIssue('too-many-columns', { file, line }, details));
    }
    this.#columns = columns;
    return { kind: 'header', columns, line };
  }

  *#readRecords(chunk: Chunk, cells: readonly Cells[], first: number): Generator<ReadEvent, void, void> {
    const columns = this.#columns ?? [];
    let records: DataRecord[] = [];
    for (let index = first; index < cells.length; index++) {
      const row = cells[index];
      const line = chunk.lines[index] ?? 0;
      const seq = this.#seq++;
      if (row !== undefined && isHeaderAgain(row, columns)) {
        if (records.length > 0) yield { kind: 'records', records };
        records = [];
        yield {
          kind: 'ignored',
          records: 1,
          issue: createIssue('header-repeated', { file: this.#context.file, line }),
        };
      } else records.push(this.#record(seq, line, row, chunk, index));
    }
    const refusal = this.#judge(chunk);
    if (refusal !== undefined) yield refusal;
    else if (records.length > 0) yield { kind: 'records', records };
  }

  #record(seq: number, line: number, row: Cells, chunk: Chunk, index: number): DataRecord {
    const columns = this.#columns ?? [];
    const start = chunk.starts[index] ?? 0;
    const end = chunk.ends[index] ?? 0;
    if (row === undefined) {
      this.#uneven++;
      const text = chunk.source.slice(start, end);
      return { seq, line, issues: [badQuote(this.#context, line, text, this.#dialect, columns)] };
    }
    const isMended = isFromRejectSheet(row, columns.length);
    const cells = isMended ? row.slice(0, columns.length) : row;
    const issues: Issue[] = [];
    if (cells.length !== columns.length) {
      this.#uneven++;
      issues.push(wrongColumnCount(this.#context, line, cells, columns.length, this.#dialect.delimiter));
    }
    if (end - start > this.#context.limits.fieldCharacters) issues.push(...this.#longFields(line, cells));
    return issues.length === 0 ? { seq, line, cells } : { seq, line, cells, issues };
  }

  #longFields(line: number, cells: readonly string[]): readonly Issue[] {
    const { file, limits } = this.#context;
    return cells.flatMap((cell, index) => {
      if (cell.length <= limits.fieldCharacters) return [];
      const column = this.#columns?.[index] ?? String(index + 1);
      const details = { expected: `at most ${limits.fieldCharacters} characters`, got: cell };
      return [createIssue('field-too-long', { file, line, column }, details)];
    });
  }

  /** Refuses the file when most of its first records do not fit the header: then not they are wrong, but the reading is. */
  #judge(chunk: Chunk): ReadEvent | undefined {
    if (this.#isJudged || this.#seq < JUDGED_RECORDS) return undefined;
    this.#isJudged = true;
    if (this.#uneven * 2 <= this.#seq) return undefined;
    const line = chunk.lines[0] ?? 1;
    return this.#refuse(unevenRows(this.#context, line, this.#uneven, this.#seq, this.#columns?.length ?? 0));
  }

  #refuse(issue: Issue): ReadEvent {
    this.isRefused = true;
    return { kind: 'refused', issue };
  }
}

function isHeaderAgain(row: readonly string[], columns: readonly string[]): boolean {
  return (
    row.length === columns.length &&
    row[0]?.trim() === columns[0] &&
    row.every((cell, index) => cell.trim() === columns[index])
  );
}

/** The usual delimiter that would cut the header into most columns; undefined when none cuts it. */
function likelyDelimiter(text: string, dialect: Dialect): string | undefined {
  let best: string | undefined;
  let most = 1;
  for (const delimiter of otherDelimiters(dialect.delimiter)) {
    const count = parseRecord(text, { ...dialect, delimiter })?.length ?? 0;
    if (count <= most) continue;
    most = count;
    best = delimiter;
  }
  return best;
}
