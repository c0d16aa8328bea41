import type { Dialect } from './options.ts';
import { countBreaks, CTRL_Z, isBlank, isWhite } from './white.ts';

/**
 * Whole records cut out of a text. Record `i` is `source.slice(starts[i], ends[i])`, its line end
 * `source.slice(ends[i], nexts[i])`; it starts on physical line `lines[i]`.
 */
export interface Chunk {
  readonly source: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly nexts: readonly number[];
  readonly lines: readonly number[];
  /** The records one after the other, with their line ends and without what stands between them. */
  readonly body: string;
  /** Everything before this offset of `source` is done with. */
  readonly end: number;
  readonly comments: Comments;
}

/** Lines that are comments. */
export interface Comments {
  readonly count: number;
  /** Line of the first. */
  readonly line: number;
}

/** The record that is not complete yet. */
export interface Pending {
  readonly text: string;
  /** Line on which it starts. */
  readonly line: number;
  /** Offset in `text` of a quote that is open. */
  readonly openQuote: number | undefined;
}

const NO_COMMENTS: Comments = { count: 0, line: 0 };
const NONE = Number.POSITIVE_INFINITY;
const CR = 13;

/**
 * Cuts text into records: CRLF, LF and CR all end one; a quote opens only where a value starts; lines that are empty or
 * hold only white space and comments are no records but count as lines. The work is linear however the text is cut.
 */
export class Splitter {
  readonly #dialect: Dialect;
  #text = '';
  /** Where the record under way starts, and up to where it was looked at. */
  #start = 0;
  #cursor = 0;
  #line: number;
  #openQuote: number | undefined;
  #breaksInQuotes = 0;
  #atEnd = false;
  /** Whether the line under way is a comment; undefined: not known yet. */
  #isComment: boolean | undefined;
  // Next places of these characters at or after the cursor: searched again only when passed.
  #nextLf = -1;
  #nextCr = -1;
  #nextQuote = -1;
  #nextEscape = -1;

  constructor(dialect: Dialect, firstLine = 1) {
    this.#dialect = dialect;
    this.#line = firstLine;
  }

  /** Takes the next text and answers the records that are complete now. */
  push(text: string): Chunk {
    this.#replaceText(this.#text.slice(this.#start) + text);
    return this.#cut();
  }

  /** Answers the record that the end of the file completes, if any. A final Ctrl-Z, the end mark of DOS, is dropped. */
  finish(): Chunk {
    this.#atEnd = true;
    let end = this.#text.length;
    while (end > this.#start && this.#text.charCodeAt(end - 1) === CTRL_Z) end--;
    this.#replaceText(this.#text.slice(this.#start, end));
    return this.#cut();
  }

  /** Length of the record that is not complete yet. */
  get pendingCharacters(): number {
    return this.#text.length - this.#start;
  }

  pending(): Pending {
    return {
      text: this.#text.slice(this.#start),
      line: this.#line,
      openQuote: this.#openQuote === undefined ? undefined : this.#openQuote - this.#start,
    };
  }

  #replaceText(text: string): void {
    this.#text = text;
    this.#cursor = Math.min(this.#cursor - this.#start, text.length);
    if (this.#openQuote !== undefined) this.#openQuote -= this.#start;
    this.#start = 0;
    this.#nextLf = -1;
    this.#nextCr = -1;
    this.#nextQuote = -1;
    this.#nextEscape = -1;
  }

  #cut(): Chunk {
    const text = this.#text;
    const chunk = {
      source: text,
      starts: [],
      ends: [],
      nexts: [],
      lines: [],
      body: '',
      end: 0,
      comments: NO_COMMENTS,
    } as {
      -readonly [K in keyof Chunk]: Chunk[K] extends readonly number[] ? number[] : Chunk[K];
    };
    let bodyFrom = 0;
    for (let end = this.#endOfRecord(); end !== -1; end = this.#endOfRecord()) {
      const start = this.#start;
      const next = end + (end >= text.length ? 0 : text.startsWith('\r\n', end) ? 2 : 1);
      const isComment = this.#isComment === true;
      if (isComment) chunk.comments = { count: chunk.comments.count + 1, line: chunk.comments.line || this.#line };
      if (isComment || isBlank(text, start, end, this.#dialect.delimiter)) {
        chunk.body += text.slice(bodyFrom, start);
        bodyFrom = next;
      } else {
        chunk.starts.push(start);
        chunk.ends.push(end);
        chunk.nexts.push(next);
        chunk.lines.push(this.#line);
      }
      this.#line += 1 + this.#breaksInQuotes;
      this.#breaksInQuotes = 0;
      this.#start = next;
      this.#cursor = next;
      this.#isComment = undefined;
    }
    chunk.body += text.slice(bodyFrom, this.#start);
    chunk.end = this.#start;
    return chunk;
  }

  /** Offset where the record at `#start` ends, or -1 when it is not complete. */
  #endOfRecord(): number {
    const end = this.#findLineEnd();
    if (end !== -1) return end;
    return this.#atEnd && this.#openQuote === undefined && this.#start < this.#text.length ? this.#text.length : -1;
  }

  #findLineEnd(): number {
    const { comment } = this.#dialect;
    if (comment !== undefined && this.#isComment === undefined) this.#isComment = this.#seesComment(comment);
    const quote = this.#isComment === true ? undefined : this.#dialect.quote;
    for (;;) {
      if (this.#openQuote !== undefined && !this.#closeQuote(this.#openQuote)) return -1;
      this.#nextLf = this.#seek('\n', this.#nextLf);
      this.#nextCr = this.#seek('\r', this.#nextCr);
      const end = Math.min(this.#nextLf, this.#nextCr);
      if (quote !== undefined) {
        this.#nextQuote = this.#seek(quote, this.#nextQuote);
        if (this.#nextQuote < end) {
          const at = this.#nextQuote;
          if (this.#isValueStart(at)) this.#openQuote = at;
          this.#cursor = at + 1;
          continue;
        }
      }
      this.#cursor = Math.min(end, this.#text.length);
      if (end === NONE) return -1;
      // A CR at the end of what is known may be the first half of CRLF.
      return this.#text.charCodeAt(end) === CR && end + 1 >= this.#text.length && !this.#atEnd ? -1 : end;
    }
  }

  /** Undefined: too little of the line is known to say. */
  #seesComment(comment: string): boolean | undefined {
    const start = this.#text.slice(this.#start, this.#start + comment.length);
    if (start.length < comment.length && comment.startsWith(start) && !this.#atEnd) return undefined;
    return start === comment;
  }

  #isValueStart(at: number): boolean {
    const { delimiter, trim } = this.#dialect;
    let before = at;
    while (trim && before > this.#start && this.#text[before - 1] !== delimiter && isWhite(this.#text, before - 1))
      before--;
    return before === this.#start || this.#text[before - 1] === delimiter;
  }

  /** Moves behind the closing quote; false when it is not there yet. */
  #closeQuote(opened: number): boolean {
    const { quote = '', escape } = this.#dialect;
    for (;;) {
      this.#nextQuote = this.#seek(quote, this.#nextQuote);
      if (escape !== quote) {
        this.#nextEscape = this.#seek(escape, this.#nextEscape);
        if (this.#nextEscape < this.#nextQuote) {
          this.#cursor = this.#nextEscape;
          if (this.#cursor + 1 >= this.#text.length) return false;
          this.#cursor += 2;
          continue;
        }
      }
      this.#cursor = Math.min(this.#nextQuote, this.#text.length);
      if (this.#nextQuote === NONE) return false;
      const after = this.#nextQuote + 1;
      if (escape === quote && after >= this.#text.length && !this.#atEnd) return false;
      const isDoubled = escape === quote && this.#text[after] === quote;
      this.#cursor = isDoubled ? after + 1 : after;
      if (isDoubled) continue;
      this.#breaksInQuotes += countBreaks(this.#text, opened, after);
      this.#openQuote = undefined;
      return true;
    }
  }

  #seek(character: string, known: number): number {
    if (known >= this.#cursor) return known;
    const found = this.#text.indexOf(character, this.#cursor);
    return found === -1 ? NONE : found;
  }
}
