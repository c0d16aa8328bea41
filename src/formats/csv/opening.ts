import type { Bytes, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { RawSource } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { headerNotFound, judgeLine, likelierHeader, type Candidate } from '../header-search.ts';
import { cutFile, withoutFirst, type Cut } from './chunks.ts';
import { otherDelimiters, wrongDelimiter } from './findings.ts';
import type { Dialect, ReadRules } from './options.ts';
import { parseRecord } from './parse.ts';
import { Splitter, type Chunk, type Comments } from './split.ts';
import { countBreaks } from './white.ts';

/** A row that is no record, exactly as received. */
export interface Line {
  readonly text: string;
  readonly lineEnd: string;
  readonly line: number;
}

/** A file cut into records, with the header found. */
export type Opened =
  /** Once, before the first chunk. */
  | {
      readonly kind: 'open';
      /** Its `lead` is everything above the header, or above the records where there is none. */
      readonly source: RawSource;
      readonly dialect: Dialect;
      readonly header: Line | undefined;
      /** Rows below the header that are no records. */
      readonly skipped: readonly Line[];
    }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'comments'; readonly comments: Comments }
  | { readonly kind: 'notice'; readonly issue: Issue }
  /** Nothing follows. */
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Cuts a file into records and finds where they begin. Says no `open` when there is nothing in it. */
export async function* openFile(
  bytes: Bytes,
  rules: ReadRules,
  context: ReadContext,
): AsyncGenerator<Opened, void, void> {
  const opener = new Opener(rules, context);
  for await (const cut of cutFile(bytes, rules, context)) {
    yield* opener.take(cut);
    if (opener.isRefused) return;
  }
  yield* opener.finish();
}

class Opener {
  isRefused = false;
  readonly #rules: ReadRules;
  readonly #context: ReadContext;
  /** Whether the header has to be looked for. */
  readonly #isSearching: boolean;
  #dialect: Dialect;
  #source: RawSource;
  #isOpen = false;
  #header: Line | undefined;
  readonly #skipped: Line[] = [];
  #skippedCharacters = 0;
  #above = '';
  #best: Candidate | undefined;

  constructor(rules: ReadRules, context: ReadContext) {
    this.#rules = rules;
    this.#context = context;
    this.#isSearching = this.#needsHeader() && (rules.search.line !== undefined || rules.search.has.length > 0);
    this.#dialect = rules.dialect;
    this.#source = { encoding: rules.text.encoding, lead: '' };
  }

  *take(cut: Cut): Generator<Opened, void, void> {
    if (cut.kind === 'notice') yield cut;
    else if (cut.kind === 'refused') yield this.#refuse(cut.issueAt(this.#columns()));
    else if (cut.kind === 'source') {
      this.#source = cut.source;
      this.#dialect = cut.dialect;
    } else {
      if (cut.chunk.comments.count > 0) yield { kind: 'comments', comments: cut.chunk.comments };
      if (!this.#isOpen) yield* this.#seek(cut.chunk);
      else if (cut.chunk.starts.length > 0) yield cut;
    }
  }

  *finish(): Generator<Opened, void, void> {
    if (this.#isOpen) return;
    if (this.#header !== undefined || this.#skipped.length > 0) yield this.#open();
    else if (this.#best !== undefined) yield this.#notFound();
  }

  /** Goes through the rows until the first record. */
  *#seek(chunk: Chunk): Generator<Opened, void, void> {
    let from = 0;
    for (let index = 0; index < chunk.starts.length; index++) {
      if (this.#header === undefined && this.#needsHeader()) {
        const found = this.#judge(chunk, index);
        if (found === 'beyond') {
          this.#above += chunk.source.slice(0, chunk.starts[index]);
          return yield this.#notFound();
        }
        if (found === 'above') continue;
        this.#above += chunk.source.slice(from, chunk.starts[index]);
        this.#header = lineOf(chunk, index);
      } else if (this.#skipped.length < this.#rules.search.skip) {
        if (this.#skipped.length === 0) this.#above += chunk.source.slice(from, chunk.starts[index]);
        this.#skipped.push(lineOf(chunk, index));
        this.#skippedCharacters += (chunk.nexts[index] ?? 0) - (chunk.starts[index] ?? 0);
      } else {
        if (!this.#needsHeader() && this.#skipped.length === 0)
          this.#above += chunk.source.slice(from, chunk.starts[index]);
        yield this.#open();
        return yield { kind: 'chunk', chunk: withoutFirst(chunk, index) };
      }
      from = chunk.end;
    }
    if (this.#header === undefined && this.#skipped.length === 0) this.#above += chunk.source.slice(from, chunk.end);
    if (this.#header !== undefined && this.#rules.search.skip === this.#skipped.length) yield this.#open();
    yield* this.#boundLead();
  }

  /** What is above the records is kept in memory: as much as one record may hold. */
  *#boundLead(): Generator<Opened, void, void> {
    const { file, limits } = this.#context;
    if (this.#isOpen || this.#above.length + this.#skippedCharacters <= limits.recordCharacters) return;
    const what = say`the rows that are no records are longer than the limit`;
    const details = { what, expected: say`at most ${limits.recordCharacters} characters` };
    if (this.#isSearching || this.#skippedCharacters > 0)
      yield this.#refuse(createIssue('line-too-long', { file }, details));
    // Nothing but blank lines and comments: nobody misses them.
    else this.#above = '';
  }

  #judge(chunk: Chunk, index: number): 'header' | 'above' | 'beyond' {
    const { search } = this.#rules;
    const line = chunk.lines[index] ?? 1;
    if (!this.#isSearching) return 'header';
    const text = chunk.source.slice(chunk.starts[index], chunk.ends[index]);
    const cells = search.has.length === 0 ? [] : (parseRecord(text, this.#dialect) ?? []);
    const found = judgeLine(cells, line, search);
    if (found === 'above') this.#best = likelierHeader(this.#best, cells, line, search);
    return found;
  }

  #open(): Opened {
    this.#isOpen = true;
    const source = { ...this.#source, lead: this.#source.lead + this.#above };
    return { kind: 'open', source, dialect: this.#dialect, header: this.#header, skipped: this.#skipped };
  }

  #notFound(): Opened {
    const { search } = this.#rules;
    for (const delimiter of otherDelimiters(this.#dialect.delimiter)) {
      const line = search.has.length === 0 ? undefined : this.#headerLine({ ...this.#dialect, delimiter });
      if (line !== undefined) {
        return this.#refuse(wrongDelimiter(this.#context, line, this.#dialect.delimiter, delimiter, true));
      }
    }
    return this.#refuse(headerNotFound(this.#context, search, search.has.length === 0 ? undefined : this.#best));
  }

  /** The line the header would be on in another dialect. */
  #headerLine(dialect: Dialect): number | undefined {
    const splitter = new Splitter(dialect, 1 + countBreaks(this.#source.lead, 0, this.#source.lead.length));
    for (const { source, starts, ends, lines } of [splitter.push(this.#above), splitter.finish()]) {
      const index = starts.findIndex((start, at) => {
        const cells = parseRecord(source.slice(start, ends[at]), dialect) ?? [];
        return judgeLine(cells, lines[at] ?? 1, this.#rules.search) === 'header';
      });
      if (index !== -1) return lines[index];
    }
    return undefined;
  }

  #needsHeader(): boolean {
    return this.#rules.names === undefined && this.#rules.types === undefined;
  }

  #columns(): readonly string[] {
    const { names } = this.#rules;
    if (names !== undefined || this.#header === undefined) return names ?? [];
    return parseRecord(this.#header.text, this.#dialect)?.map((name) => name.trim()) ?? [];
  }

  #refuse(issue: Issue): Opened {
    this.isRefused = true;
    return { kind: 'refused', issue };
  }
}

function lineOf(chunk: Chunk, index: number): Line {
  const end = chunk.ends[index] ?? 0;
  return {
    text: chunk.source.slice(chunk.starts[index], end),
    lineEnd: chunk.source.slice(end, chunk.nexts[index]),
    line: chunk.lines[index] ?? 1,
  };
}
