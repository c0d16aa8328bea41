import { advance, START, type Position } from './position.ts';
import { Slicer } from './slicer.ts';

const NOT_BLANK = /[^ \t\r\n]/g;
const LINE_END = /\r\n|\r(?=[^\n])|\n/;
const NONE = Number.POSITIVE_INFINITY;

/** The part of a file's text that is not used up, and where it stands in the file. */
export class Window {
  /** Whether the file ends with this text. */
  isLast = false;
  /** How the first line of the file ends, once it has. */
  lineEnd: string | undefined;
  readonly #slicer = new Slicer();
  #text = '';
  #at = 0;
  #position = START;
  #hasCr = false;
  /** A line end at or behind the first character, if it has been looked for; before it, places are told by counting. */
  #nextBreak = -1;

  push(text: string, isLast: boolean): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.isLast = isLast;
    this.#nextBreak = -1;
    this.#hasCr = this.#text.includes('\r');
    if (this.lineEnd === undefined && hasBreak(text)) this.lineEnd = LINE_END.exec(text)?.[0];
  }

  get position(): Position {
    return this.#position;
  }

  /** Where the text known so far ends. */
  end(): Position {
    return advance(this.#position, this.#text, this.#at, this.#text.length);
  }

  /** The next character that is not blank, now the first of the window; undefined when there is none. */
  next(): string | undefined {
    NOT_BLANK.lastIndex = this.#at;
    this.#moveTo(NOT_BLANK.exec(this.#text)?.index ?? this.#text.length);
    return this.#text[this.#at];
  }

  pass(): void {
    this.#moveTo(this.#at + 1);
  }

  /** The length of the value that begins here: so far, when it is not all there. */
  measure(): { length: number; isWhole: boolean } {
    const end = this.#slicer.find(this.#text, this.#at, this.isLast);
    return { length: (end === -1 ? this.#text.length : end) - this.#at, isWhole: end !== -1 };
  }

  /** The next characters. */
  peek(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  /** The next characters, which are then used up. */
  takeOut(length: number): string {
    const text = this.peek(length);
    this.#moveTo(this.#at + length);
    return text;
  }

  #moveTo(offset: number): void {
    if (offset === this.#at) return;
    if (this.#nextBreak < this.#at) this.#nextBreak = this.#findBreak();
    const { line, character } = this.#position;
    if (offset <= this.#nextBreak) {
      this.#position = { line, character: character + offset - this.#at, isAfterCr: false };
    } else this.#position = advance(this.#position, this.#text, this.#at, offset);
    this.#at = offset;
  }

  #findBreak(): number {
    // Files with CR are rare: they are counted character by character.
    if (this.#position.isAfterCr || this.#hasCr) return this.#at;
    const found = this.#text.indexOf('\n', this.#at);
    return found === -1 ? NONE : found;
  }
}

function hasBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}
