import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { DataRecord, RawRecord, RawSource, ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { cutFile, type Cut } from './cut.ts';
import { ignoredLines, unfitRecords } from './findings.ts';
import { readLayout, type Layout } from './layout.ts';
import type { Line } from './lines.ts';
import { readRecord } from './record.ts';
import { createRuler, type Ruler } from './ruler.ts';

/** How many records are looked at before the file as a whole is judged. */
const JUDGED_RECORDS = 20;

/**
 * Reads records by their layout. Every record that is not blank takes the next `seq`, also one that is bad or ignored;
 * blank lines and those above the records take none.
 */
export async function* readFixed(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<ReadEvent, void, void> {
  const layout = readLayout(options);
  const reader = new RecordReader(layout, context);
  for await (const cut of cutFile(bytes, layout, context)) {
    yield* reader.take(cut);
    if (reader.isRefused) return;
  }
  yield* reader.finish();
}

class RecordReader {
  isRefused = false;
  readonly #layout: Layout;
  readonly #context: ReadContext;
  #ruler: Ruler;
  #seq = 0;
  #records = 0;
  #misfits = 0;
  #isJudged = false;
  #ignored = 0;
  #firstIgnored = 0;
  #openLine: number | undefined;
  /** That the file ends inside a record. */
  #cut: Issue | undefined;
  #hasHeader = false;

  constructor(layout: Layout, context: ReadContext) {
    this.#layout = layout;
    this.#context = context;
    this.#ruler = createRuler(layout.unit, layout.text.encoding);
  }

  *take(cut: Cut): Generator<ReadEvent, void, void> {
    if (cut.kind === 'notice') yield cut;
    else if (cut.kind === 'refused') yield this.#refuse(cut.issue);
    else if (cut.kind === 'lines') yield* this.#takeLines(cut.lines);
    else {
      this.#ruler = cut.ruler;
      this.#hasHeader = cut.source.lead.replace('\ufeff', '') !== '';
      for (const { type, columns } of this.#layout.kinds) {
        yield { kind: 'header', columns, line: 1, ...(type === undefined ? {} : { type }) };
      }
    }
  }

  *finish(): Generator<ReadEvent, void, void> {
    const { file } = this.#context;
    if (this.#seq === 0 && !this.#hasHeader) {
      yield this.#refuse(createIssue('empty-file', { file }, { expected: say`records` }));
      return;
    }
    if (this.#ignored > 0) {
      const issue = ignoredLines({ file, line: this.#firstIgnored }, this.#ignored, this.#layout.ignored);
      yield { kind: 'ignored', records: this.#ignored, issue };
    }
    if (this.#records === 0) {
      yield { kind: 'notice', issue: createIssue('no-records', { file }, { what: say`no records` }) };
    }
    if (this.#cut !== undefined) yield this.#refuse(this.#cut);
    else if (this.#openLine !== undefined) {
      yield { kind: 'notice', issue: createIssue('no-final-newline', { file, line: this.#openLine }) };
    }
  }

  *#takeLines(lines: readonly Line[]): Generator<ReadEvent, void, void> {
    const records: DataRecord[] = [];
    for (const line of lines) {
      const seq = this.#seq++;
      if (line.isOpen && this.#layout.blockLength === undefined) this.#openLine = line.line;
      if (this.#layout.ignored.some((start) => line.text.startsWith(start))) {
        if (this.#ignored++ === 0) this.#firstIgnored = line.line;
        continue;
      }
      const { record, isMisfit, cut } = readRecord(line, seq, this.#layout, this.#ruler, this.#context);
      if (isMisfit) this.#misfits++;
      this.#records++;
      if (cut === undefined) records.push(record);
      else this.#cut = cut;
    }
    const refusal = this.#judge(lines[0]?.line ?? 1);
    if (refusal !== undefined) yield refusal;
    else if (records.length > 0) yield { kind: 'records', records };
  }

  /** Refuses the file when most of its first records do not fit the layout. */
  #judge(line: number): ReadEvent | undefined {
    if (this.#isJudged || this.#records < JUDGED_RECORDS) return undefined;
    this.#isJudged = true;
    if (this.#misfits * 2 <= this.#records) return undefined;
    return this.#refuse(unfitRecords({ file: this.#context.file, line }, this.#misfits, this.#records));
  }

  #refuse(issue: Issue): ReadEvent {
    this.isRefused = true;
    return { kind: 'refused', issue };
  }
}

/** The records of a file as they stand in it, numbered as {@link readFixed} numbers them. Ends where reading is refused. */
export async function* readRawFixed(
  bytes: Bytes,
  options: FormatOptions,
  context: ReadContext,
): AsyncGenerator<RawRecord, void, void> {
  const layout = readLayout(options);
  let seq = 0;
  let source: RawSource = { encoding: layout.text.encoding, lead: '' };
  for await (const cut of cutFile(bytes, layout, context)) {
    if (cut.kind === 'source') source = cut.source;
    if (cut.kind !== 'lines') continue;
    for (const { text, lineEnd, line } of cut.lines) yield { seq: seq++, line, text, lineEnd, source };
  }
}
