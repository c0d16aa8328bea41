import type { Bytes, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { RawSource } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { decode } from '../text/decode.ts';
import { createBlockSource, type BlockSource } from './blocks.ts';
import { unitsOf } from './findings.ts';
import { columnAt, kindOf } from './kinds.ts';
import type { Layout } from './layout.ts';
import { createLineSource, type Line, type LineSource } from './lines.ts';
import { createRuler, type Ruler } from './ruler.ts';

/** A file cut into records, before their fields are looked at. */
export type Cut =
  /** Once, before the first records: what stands above them, and how units are counted. */
  | { readonly kind: 'source'; readonly source: RawSource; readonly ruler: Ruler }
  /** Without blank ones. */
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | { readonly kind: 'notice'; readonly issue: Issue }
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Cuts a file into records, within bounded memory. Ends after the first refusal. */
export function cutFile(bytes: Bytes, layout: Layout, context: ReadContext): AsyncIterable<Cut> {
  return new Cutter(layout, context).cut(bytes);
}

class Cutter {
  readonly #layout: Layout;
  readonly #context: ReadContext;
  #encoding: string;
  #lead = '';
  #headerLeft: number;
  #hasSource = false;
  #ruler: Ruler;
  #blocks: BlockSource | undefined;
  #lines: LineSource;
  #isRefused = false;

  constructor(layout: Layout, context: ReadContext) {
    this.#layout = layout;
    this.#context = context;
    this.#headerLeft = layout.headerLines;
    this.#encoding = layout.text.encoding;
    this.#ruler = createRuler(layout.unit, this.#encoding);
    this.#lines = createLineSource();
  }

  async *cut(bytes: Bytes): AsyncGenerator<Cut, void, void> {
    const { file } = this.#context;
    for await (const decoded of decode(bytes, this.#layout.text, { file, called: say`fixed-width text` })) {
      if (decoded.kind === 'text') yield* this.#give(this.#lines.push(decoded.text));
      else if (decoded.kind === 'encoding') this.#begin(decoded.encoding, decoded.hasMark);
      else if (decoded.kind === 'notice') yield decoded;
      else yield this.#refuse(decoded.issueAt(decoded.isWhole ? { file } : this.#place()));
      if (this.#isRefused) return;
    }
    yield* this.#give(this.#lines.finish());
    if (!this.#isRefused && !this.#hasSource) yield this.#source();
  }

  #begin(encoding: string, hasMark: boolean): void {
    const { blockLength, unit } = this.#layout;
    this.#encoding = encoding;
    if (hasMark) this.#lead = '\ufeff';
    this.#ruler = createRuler(unit, encoding);
    if (blockLength === undefined) return;
    this.#blocks = createBlockSource(blockLength, this.#ruler);
    this.#lines = this.#blocks;
  }

  /** Hands on records and refuses the file at the first one that is too long, complete or not. */
  *#give(found: readonly Line[]): Generator<Cut, void, void> {
    const limit = this.#context.limits.recordCharacters;
    const tooLong = found.find(({ text }) => text.length > limit);
    const whole = tooLong === undefined ? found : found.slice(0, found.indexOf(tooLong));
    const lines = this.#withoutHeader(whole).filter(({ text }) => text.trim() !== '');
    if (this.#headerLeft === 0 && !this.#hasSource && whole.length > 0) yield this.#source();
    if (lines.length > 0) yield { kind: 'lines', lines };
    const { text, line } = this.#lines.pending();
    if (tooLong !== undefined) yield this.#refuse(this.#lineTooLong(tooLong.line));
    else if (Math.max(text.length, this.#lead.length) > limit) yield this.#refuse(this.#lineTooLong(line));
    else yield* this.#misfit();
  }

  #withoutHeader(lines: readonly Line[]): readonly Line[] {
    const header = lines.slice(0, this.#headerLeft);
    this.#headerLeft -= header.length;
    for (const { text, lineEnd } of header) this.#lead += text + lineEnd;
    return lines.slice(header.length);
  }

  #source(): Cut {
    this.#hasSource = true;
    return { kind: 'source', source: { encoding: this.#encoding, lead: this.#lead }, ruler: this.#ruler };
  }

  #refuse(issue: Issue): Cut {
    this.#isRefused = true;
    return { kind: 'refused', issue };
  }

  #lineTooLong(line: number): Issue {
    const { file, limits } = this.#context;
    const details = {
      expected: say`at most ${limits.recordCharacters} characters`,
      hint: say`Is this the right file? If its records have no line ends, set lineEnds: none.`,
    };
    return createIssue('line-too-long', { file, line }, details);
  }

  *#misfit(): Generator<Cut, void, void> {
    const misfit = this.#blocks?.misfit();
    if (misfit === undefined) return;
    const where = { file: this.#context.file, line: misfit.line };
    const length = this.#layout.blockLength ?? 0;
    const details =
      misfit.why === 'line-end'
        ? { what: say`a line end where a record should begin`, hint: say`If each record is a line, set lineEnds: any.` }
        : { what: say`a record ends inside a character`, hint: say`Are length, unit and encoding those of the file?` };
    yield this.#refuse(
      createIssue('wrong-length', where, {
        ...details,
        expected: say`records of ${unitsOf(length, this.#layout.unit)}`,
      }),
    );
  }

  /** The line and the field up to which the file could be read. */
  #place(): Place {
    const { text, line } = this.#lines.pending();
    const measured = this.#ruler(text);
    const kind = kindOf(this.#layout.kinds, measured);
    const column = kind === undefined ? undefined : columnAt(kind, measured.units);
    return { file: this.#context.file, line, ...(column === undefined ? {} : { column }) };
  }
}
