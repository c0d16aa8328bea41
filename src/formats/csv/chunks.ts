import type { Bytes, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { RawSource } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { decode } from '../text/decode.ts';
import { fieldAt } from './fields.ts';
import type { Dialect, ReadRules } from './options.ts';
import { Splitter, type Chunk } from './split.ts';
import { countBreaks } from './white.ts';

/** A file cut into records, before anything is known of its columns. */
export type Cut =
  /** Once, first: the dialect after what the file says of itself. */
  | { readonly kind: 'source'; readonly source: RawSource; readonly dialect: Dialect }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'notice'; readonly issue: Issue }
  /** Nothing follows. The names of the columns, as far as they are known, make the message readable. */
  | { readonly kind: 'refused'; readonly issueAt: (columns: readonly string[]) => Issue };

const SEP_LINE = /^sep=([^\r\n])(\r\n|\n|\r|$)/i;
// As long as a `sep=` line with both its line ends.
const LEAD_CHARACTERS = 7;

/** Cuts a file into chunks of whole records, within bounded memory. Ends after the first refusal. */
export function cutFile(bytes: Bytes, rules: ReadRules, context: ReadContext): AsyncIterable<Cut> {
  return new Cutter(rules, context).cut(bytes);
}

class Cutter {
  readonly #rules: ReadRules;
  readonly #context: ReadContext;
  #dialect: Dialect;
  #encoding: string;
  #lead = '';
  #splitter: Splitter | undefined;
  #isRefused = false;

  constructor(rules: ReadRules, context: ReadContext) {
    this.#rules = rules;
    this.#context = context;
    this.#dialect = rules.dialect;
    this.#encoding = rules.text.encoding;
  }

  async *cut(bytes: Bytes): AsyncGenerator<Cut, void, void> {
    const { file } = this.#context;
    let held = '';
    for await (const decoded of decode(bytes, this.#rules.text, { file, called: 'CSV' })) {
      if (decoded.kind === 'text') {
        held += decoded.text;
        if (this.#splitter === undefined && held.length < LEAD_CHARACTERS) continue;
        yield* this.#push(held);
        held = '';
      } else if (decoded.kind === 'encoding') {
        this.#encoding = decoded.encoding;
        if (decoded.hasMark) this.#lead = '\ufeff';
      } else if (decoded.kind === 'notice') yield decoded;
      else {
        if (!decoded.isWhole) yield* this.#push(held);
        if (!this.#isRefused) yield this.#refuse(decoded.isWhole ? () => ({ file }) : this.#place(), decoded.issueAt);
      }
      if (this.#isRefused) return;
    }
    yield* this.#push(held);
    if (!this.#isRefused) yield* this.#finish();
  }

  *#push(text: string): Generator<Cut, void, void> {
    let rest = text;
    if (this.#splitter === undefined) {
      const [sepLine = '', delimiter] = SEP_LINE.exec(text) ?? [];
      if (delimiter !== undefined) this.#dialect = { ...this.#dialect, delimiter };
      rest = text.slice(sepLine.length);
      this.#splitter = new Splitter(this.#dialect, sepLine === '' ? 1 : 2);
      const source = { encoding: this.#encoding, lead: this.#lead + sepLine };
      yield { kind: 'source', source, dialect: this.#dialect };
    }
    if (rest !== '') yield* this.#give(this.#splitter.push(rest), this.#splitter);
  }

  *#finish(): Generator<Cut, void, void> {
    if (this.#splitter === undefined) return;
    yield* this.#give(this.#splitter.finish(), this.#splitter);
    const { openQuote } = this.#splitter.pending();
    if (this.#isRefused || openQuote === undefined) return;
    yield this.#refuse(this.#place(openQuote), (where) => createIssue('quote-not-closed', where));
  }

  /** Hands on whole records and refuses the file at the first one that is too long, complete or not. */
  *#give(chunk: Chunk, splitter: Splitter): Generator<Cut, void, void> {
    const limit = this.#context.limits.recordCharacters;
    const tooLong = chunk.starts.findIndex((start, index) => (chunk.ends[index] ?? 0) - start > limit);
    if (chunk.end > 0) yield { kind: 'chunk', chunk: tooLong === -1 ? chunk : firstRecords(chunk, tooLong) };
    if (tooLong !== -1) yield this.#lineTooLong(chunk.lines[tooLong] ?? 1);
    else if (splitter.pendingCharacters > limit) yield this.#pendingTooLong(splitter);
  }

  #refuse(placeIn: (columns: readonly string[]) => Place, issueAt: (where: Place) => Issue): Cut {
    this.#isRefused = true;
    return { kind: 'refused', issueAt: (columns) => issueAt(placeIn(columns)) };
  }

  #pendingTooLong(splitter: Splitter): Cut {
    const { openQuote, line } = splitter.pending();
    if (openQuote === undefined) return this.#lineTooLong(line);
    const what = say`a quote is opened here and not closed within ${this.#context.limits.recordCharacters} characters`;
    return this.#refuse(this.#place(openQuote), (where) => createIssue('quote-not-closed', where, { what }));
  }

  #lineTooLong(line: number): Cut {
    const { file, limits } = this.#context;
    const expected = say`at most ${limits.recordCharacters} characters`;
    return this.#refuse(
      () => ({ file, line }),
      (where) => createIssue('line-too-long', where, { expected }),
    );
  }

  /** The physical line and the column of a place in the record under way; by default, of its end. */
  #place(offset?: number): (columns: readonly string[]) => Place {
    const { text, line } = this.#splitter?.pending() ?? { text: '', line: 1 };
    const at = offset ?? text.length;
    const index = fieldAt(text, at, this.#dialect);
    const { file } = this.#context;
    return (columns) => ({
      file,
      line: line + countBreaks(text, 0, at),
      column: columns[index] ?? String(index + 1),
    });
  }
}

function firstRecords(chunk: Chunk, count: number): Chunk {
  return { ...slice(chunk, 0, count), end: chunk.nexts[count - 1] ?? 0 };
}

/** The chunk without its first records. */
export function withoutFirst(chunk: Chunk, count: number): Chunk {
  return count === 0 ? chunk : slice(chunk, count, chunk.starts.length);
}

function slice(chunk: Chunk, from: number, to: number): Chunk {
  const part = (numbers: readonly number[]): readonly number[] => numbers.slice(from, to);
  const starts = part(chunk.starts);
  const nexts = part(chunk.nexts);
  return {
    ...chunk,
    starts,
    ends: part(chunk.ends),
    nexts,
    lines: part(chunk.lines),
    body: starts.map((start, index) => chunk.source.slice(start, nexts[index])).join(''),
  };
}
