import type { Bytes, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { RawSource } from '../../core/record.ts';
import { decode } from '../text/decode.ts';
import { fieldAt } from './fields.ts';
import { encodingDetected, notText } from './findings.ts';
import type { Dialect } from './options.ts';
import { parseRecord } from './parse.ts';
import { countBreaks, Splitter, type Chunk } from './split.ts';

/** A file cut into records, before anything is known of its columns. */
export type Cut =
  /** Once, first: the dialect after what the file says of itself. */
  | { readonly kind: 'source'; readonly source: RawSource; readonly dialect: Dialect }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'notice'; readonly issue: Issue }
  | { readonly kind: 'refused'; readonly issue: Issue };

const SEP_LINE = /^sep=([^\r\n])(\r\n|\n|\r|$)/i;
// As long as a `sep=` line with both its line ends.
const LEAD_CHARACTERS = 7;

/** Cuts a file into chunks of whole records, within bounded memory. Ends after the first refusal. */
export function cutFile(bytes: Bytes, dialect: Dialect, context: ReadContext): AsyncIterable<Cut> {
  return new Cutter(dialect, context).cut(bytes);
}

class Cutter {
  readonly #declared: Dialect;
  readonly #context: ReadContext;
  #dialect: Dialect;
  #encoding: string;
  #lead = '';
  #splitter: Splitter | undefined;
  #names: readonly string[] | undefined;
  #isRefused = false;

  constructor(dialect: Dialect, context: ReadContext) {
    this.#declared = dialect;
    this.#context = context;
    this.#dialect = dialect;
    this.#encoding = dialect.encoding;
    this.#names = dialect.names;
  }

  async *cut(bytes: Bytes): AsyncGenerator<Cut, void, void> {
    let held = '';
    for await (const decoded of decode(bytes, this.#declared.encoding)) {
      if (decoded.kind === 'text') {
        held += decoded.text;
        if (this.#splitter === undefined && held.length < LEAD_CHARACTERS) continue;
        yield* this.#push(held);
        held = '';
      } else if (decoded.kind === 'encoding') yield* this.#noteEncoding(decoded.encoding, decoded.hasMark);
      else if (decoded.kind === 'not-text') {
        const { code, details } = decoded.found;
        yield this.#refuse(createIssue(code, { file: this.#context.file }, details));
      } else {
        yield* this.#push(held);
        if (!this.#isRefused) yield this.#refuse(notText(this.#place(), decoded, this.#encoding));
      }
      if (this.#isRefused) return;
    }
    yield* this.#push(held);
    if (!this.#isRefused) yield* this.#finish();
  }

  *#noteEncoding(encoding: string, hasMark: boolean): Generator<Cut, void, void> {
    this.#encoding = encoding;
    if (hasMark) this.#lead = '\ufeff';
    if (encoding !== this.#declared.encoding) {
      yield { kind: 'notice', issue: encodingDetected(this.#context, encoding) };
    }
  }

  *#push(text: string): Generator<Cut, void, void> {
    let rest = text;
    if (this.#splitter === undefined) {
      const [sepLine = '', delimiter] = SEP_LINE.exec(text) ?? [];
      if (delimiter !== undefined) this.#dialect = { ...this.#declared, delimiter };
      rest = text.slice(sepLine.length);
      this.#splitter = new Splitter(this.#dialect, sepLine === '' ? 1 : 2);
      const source = { encoding: this.#encoding, lead: this.#lead + sepLine };
      yield { kind: 'source', source, dialect: this.#dialect };
    }
    if (rest !== '') yield* this.#give(this.#splitter.push(rest));
  }

  *#finish(): Generator<Cut, void, void> {
    if (this.#splitter === undefined) return;
    yield* this.#give(this.#splitter.finish());
    const { openQuote } = this.#splitter.pending();
    if (this.#isRefused || openQuote === undefined) return;
    yield this.#refuse(createIssue('quote-not-closed', this.#place(openQuote)));
  }

  /** Hands on whole records and refuses the file at the first one that is too long, complete or not. */
  *#give(chunk: Chunk): Generator<Cut, void, void> {
    const limit = this.#context.limits.recordCharacters;
    const tooLong = chunk.starts.findIndex((start, index) => (chunk.ends[index] ?? 0) - start > limit);
    const good = tooLong === -1 ? chunk : firstRecords(chunk, tooLong);
    if (good.starts.length > 0) {
      const header = good.source.slice(good.starts[0], good.ends[0]);
      this.#names ??= parseRecord(header, this.#dialect)?.map((name) => name.trim()) ?? [];
      yield { kind: 'chunk', chunk: good };
    }
    const issue = tooLong === -1 ? this.#pendingTooLong() : this.#lineTooLong(chunk.lines[tooLong] ?? 1);
    if (issue !== undefined) yield this.#refuse(issue);
  }

  #refuse(issue: Issue): Cut {
    this.#isRefused = true;
    return { kind: 'refused', issue };
  }

  #pendingTooLong(): Issue | undefined {
    const pending = this.#splitter?.pending();
    const limit = this.#context.limits.recordCharacters;
    if (pending === undefined || pending.text.length <= limit) return undefined;
    if (pending.openQuote === undefined) return this.#lineTooLong(pending.line);
    return createIssue('quote-not-closed', this.#place(pending.openQuote), {
      what: `a quote is opened here and not closed within ${limit} characters`,
    });
  }

  #lineTooLong(line: number): Issue {
    const expected = `at most ${this.#context.limits.recordCharacters} characters`;
    return createIssue('line-too-long', { file: this.#context.file, line }, { expected });
  }

  /** The physical line and the column of a place in the record under way; by default, of its end. */
  #place(offset?: number): Place & { line: number } {
    const { text, line } = this.#splitter?.pending() ?? { text: '', line: 1 };
    const at = offset ?? text.length;
    const index = fieldAt(text, at, this.#dialect);
    const column = this.#names?.[index] ?? String(index + 1);
    return { file: this.#context.file, line: line + countBreaks(text, 0, at), column };
  }
}

function firstRecords(chunk: Chunk, count: number): Chunk {
  const first = (numbers: readonly number[]): readonly number[] => numbers.slice(0, count);
  const { source, starts, ends, nexts, lines } = chunk;
  const body = first(starts).map((start, index) => source.slice(start, nexts[index]));
  return {
    source,
    starts: first(starts),
    ends: first(ends),
    nexts: first(nexts),
    lines: first(lines),
    body: body.join(''),
  };
}
