import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import { emptyFile, placeOf, type Cutter, type Element, type Taken } from './cut.ts';
import { cutOff, recordTooLong } from './findings.ts';
import { parseJson, type Parsed } from './parse.ts';
import { advance, START, type Position } from './position.ts';

const LINE_END = /\r\n|\n|\r/g;
const NOT_BLANK = /[^ \t]/g;
const BEGUN = /[[{,]\s*$/;

/**
 * Cuts a file into lines and each line into its values: mostly one. A line that is no JSON is a record of its own with
 * all its text; only a line beyond the limit of a record refuses the file.
 */
export class LineCutter implements Cutter {
  readonly opening = '';
  readonly #context: ReadContext;
  #text = '';
  /** Up to where the line under way was searched for its end. */
  #seen = 0;
  #position = START;
  #hasRecords = false;
  #elements: Element[] = [];
  #refused: Issue | undefined;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  take(text: string, isLast: boolean): Taken {
    this.#elements = [];
    this.#text += text;
    this.#cutLines(isLast);
    const openLine = isLast ? this.#takeLastLine() : undefined;
    const { file } = this.#context;
    if (isLast && !this.#hasRecords) this.#refused ??= emptyFile(file, say`one JSON value on each line`);
    const notices = openLine === undefined ? [] : [createIssue('no-final-newline', { file, line: openLine })];
    return { elements: this.#elements, notices, refused: this.#refused };
  }

  end(): Position {
    return advance(this.#position, this.#text, 0, this.#text.length);
  }

  #cutLines(isLast: boolean): void {
    let start = 0;
    LINE_END.lastIndex = this.#seen;
    for (let found = LINE_END.exec(this.#text); found !== null; found = LINE_END.exec(this.#text)) {
      const [lineEnd] = found;
      const next = found.index + lineEnd.length;
      // A CR at the end of what is known may be the first half of CRLF.
      if (lineEnd === '\r' && next === this.#text.length && !isLast) break;
      this.#takeLine(this.#text.slice(start, found.index), lineEnd);
      if (this.#refused !== undefined) return;
      this.#position = { line: this.#position.line + 1, character: 1, isAfterCr: false };
      start = next;
    }
    this.#text = this.#text.slice(start);
    this.#seen = Math.max(this.#text.length - 1, 0);
    if (this.#text.length > this.#context.limits.recordCharacters) this.#refuseLong(this.#text);
  }

  /** Answers the number of a line that no line end follows. */
  #takeLastLine(): number | undefined {
    if (this.#refused !== undefined) return undefined;
    const before = this.#elements.length;
    // The end mark of DOS is no part of the line.
    const line = this.#text.replace(/\u001a+$/, '');
    if (line !== '') this.#takeLine(line, '');
    const last = this.#elements[before];
    if (this.#refused === undefined && last !== undefined && isUnclosed(last)) {
      this.#refused = cutOff(last, this.#context);
      this.#elements.pop();
    }
    return this.#elements.length > before ? this.#position.line : undefined;
  }

  #takeLine(line: string, lineEnd: string): void {
    if (line.length > this.#context.limits.recordCharacters) {
      this.#refuseLong(line);
      return;
    }
    const from = notBlank(line, 0);
    if (from === line.length) return;
    const values = this.#valuesOf(line, from);
    const [first] = values;
    if (!this.#hasRecords && first?.parsed.fatal?.kind === 'end' && BEGUN.test(line)) {
      this.#refused = this.#severalLines();
      return;
    }
    this.#hasRecords = true;
    for (const { at, text, parsed } of values) {
      const start = { ...this.#position, character: at + 1 };
      this.#elements.push({ text, start, parsed, lineEnd });
    }
  }

  /** The values of a line; when anything on it is no JSON, the line as one. */
  #valuesOf(line: string, from: number): { at: number; text: string; parsed: Parsed }[] {
    const { fieldCharacters } = this.#context.limits;
    const values: { at: number; text: string; parsed: Parsed }[] = [];
    let at = from;
    while (at < line.length) {
      const text = line.slice(at).trimEnd();
      const parsed = parseJson(text, fieldCharacters);
      const next = notBlank(line, at + parsed.end);
      const isNext = next < line.length && (line[next] === '{' || line[next] === '[');
      if (parsed.fatal !== undefined || (next < line.length && !isNext)) return [whole(line, from, at, parsed)];
      values.push({ at, text: text.slice(0, parsed.end), parsed });
      at = next;
    }
    return values;
  }

  #refuseLong(text: string): void {
    const { recordCharacters } = this.#context.limits;
    this.#refused = recordTooLong({ text: text.slice(0, recordCharacters + 1), start: this.#position }, this.#context);
  }

  #severalLines(): Issue {
    return createIssue('wrong-root', placeOf(this.#context.file, this.#position), {
      what: say`the first line is only the beginning of a value`,
      expected: say`one whole JSON value on each line`,
      hint: say`If the file is one JSON document over several lines, set format: json in the mapping.`,
    });
  }
}

/** The text ends before its value does. */
function isUnclosed({ parsed: { fatal } }: Element): boolean {
  return fatal?.kind === 'end' || fatal?.kind === 'open-text';
}

/** A line of which a part is no JSON. `at`: where the value begins that has the fault in it or behind it. */
function whole(
  line: string,
  from: number,
  at: number,
  { fatal, end, faults }: Parsed,
): {
  at: number;
  text: string;
  parsed: Parsed;
} {
  const shift = at - from;
  const more = { kind: 'more', at: notBlank(line, at + end) - at, pointer: '' } as const;
  // What stopped to be JSON at its first word did not go on to be JSON.
  const isWord = fatal === undefined && faults[0]?.kind === 'bad-word' && faults[0].pointer === '';
  const all = isWord ? faults : [...faults, fatal ?? more];
  const shifted = all.map((each) => ({ ...each, at: each.at + shift }));
  return {
    at: from,
    text: line.slice(from).trimEnd(),
    parsed: { value: undefined, end: 0, faults: shifted.slice(0, -1), fatal: shifted.at(-1) },
  };
}

function notBlank(line: string, from: number): number {
  NOT_BLANK.lastIndex = from;
  return NOT_BLANK.exec(line)?.index ?? line.length;
}
