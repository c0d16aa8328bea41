import { rawNumber, type Json } from '../../core/json.ts';
import { isDelimiter, isReasonName, MOST_DEEP, type Fault, type FaultKind } from './faults.ts';
import { unescapeText } from './escapes.ts';
import { defineMember } from './values.ts';

/** A JSON value and everything that is wrong with its text. */
export interface Parsed {
  /** Undefined when the text makes no value. */
  readonly value: Json | undefined;
  /** Offset behind the value. */
  readonly end: number;
  /** What is wrong inside, where it is certain how the text goes on. */
  readonly faults: readonly Fault[];
  /** Where the text stopped to make sense. */
  readonly fatal: Fault | undefined;
}

/**
 * Parses the value a text begins with, by the letter of RFC 8259, with every number as its source text. Never throws:
 * the engine's parser would, and its messages quote the data.
 */
export function parseJson(text: string, fieldCharacters: number, from = 0): Parsed {
  const parser = new Parser(text, fieldCharacters, from);
  let value: Json | undefined;
  let fatal: Fault | undefined;
  try {
    value = parser.parse();
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    ({ fault: fatal } = error);
  }
  const { at: end, faults } = parser;
  return { value, end, faults, fatal };
}

/** Parses a text that holds one value and nothing else. */
export function parseWhole(text: string, fieldCharacters: number): Parsed {
  const parsed = parseJson(text, fieldCharacters);
  if (parsed.fatal !== undefined || parsed.end === text.length) return parsed;
  return { ...parsed, fatal: { kind: 'more', at: parsed.end, pointer: '' } };
}

class Fatal extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.kind);
    this.fault = fault;
  }
}

const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// A comment ends a word: `1//x`.
const WORD = /(?:(?!\/[/*])[^\s,:[\]{}"])+/y;

class Parser {
  at: number;
  readonly faults: Fault[] = [];
  readonly #text: string;
  readonly #longest: number;
  /** Names and positions that lead to the value under way. */
  readonly #path: (string | number)[] = [];
  #depth = 0;

  constructor(text: string, longest: number, from: number) {
    this.#text = text;
    this.#longest = longest;
    this.at = from;
  }

  parse(): Json {
    this.#skipBlanks();
    return this.#value();
  }

  #value(): Json {
    const code = this.#text.charCodeAt(this.at);
    if (code === QUOTE) return this.#string();
    if (code === OPEN_OBJECT) return this.#object();
    if (code === OPEN_ARRAY) return this.#array();
    return (code >= ZERO && code <= NINE) || code === 45 ? this.#number() : this.#word();
  }

  #object(): Json {
    this.#enter();
    const object: Record<string, Json> = {};
    const depth = this.#depth++;
    this.at++;
    for (let isFirst = true; ; isFirst = false) {
      this.#skipBlanks();
      const code = this.#text.charCodeAt(this.at);
      if (code === CLOSE_OBJECT) {
        if (!isFirst) this.#noteComma(depth);
        break;
      }
      if (code !== QUOTE) {
        this.#path.length = depth;
        this.#stop('no-name');
      }
      const nameAt = this.at;
      const name = this.#string();
      this.#path[depth] = name;
      this.#skipBlanks();
      if (this.#text.charCodeAt(this.at) !== COLON) this.#stop('no-colon');
      this.at++;
      this.#skipBlanks();
      const value = this.#value();
      // Reasons of a reject sheet are nobody's data, whatever somebody did to them.
      if (!Object.hasOwn(object, name)) defineMember(object, name, value);
      else if (depth > 0 || !isReasonName(name)) this.#note('duplicate-key', nameAt, name);
      if (!this.#goesOn(CLOSE_OBJECT)) break;
    }
    this.at++;
    this.#leave(depth);
    return object;
  }

  #array(): Json {
    this.#enter();
    const array: Json[] = [];
    const depth = this.#depth++;
    this.at++;
    for (let index = 0; ; index++) {
      this.#skipBlanks();
      if (this.#text.charCodeAt(this.at) === CLOSE_ARRAY) {
        if (index > 0) this.#noteComma(depth);
        break;
      }
      this.#path[depth] = index;
      array.push(this.#value());
      if (!this.#goesOn(CLOSE_ARRAY)) break;
    }
    this.at++;
    this.#leave(depth);
    return array;
  }

  /** Stands at the next value after a comma, or at the closing bracket. */
  #goesOn(close: number): boolean {
    this.#skipBlanks();
    const code = this.#text.charCodeAt(this.at);
    if (code === close) return false;
    if (code !== COMMA) this.#stop('no-comma');
    this.at++;
    return true;
  }

  #string(): string {
    const text = this.#text;
    const start = this.at + 1;
    let end = start;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
      if (code === BACKSLASH || code < 32 || Number.isNaN(code)) return this.#rareString(start);
    }
    this.at = end + 1;
    if (end - start > this.#longest) this.#note('text-too-long', start - 1);
    return text.slice(start, end);
  }

  #rareString(start: number): string {
    const { value, end, faults } = unescapeText(this.#text, start);
    for (const { kind, at, got } of faults) this.#note(kind, at, got);
    if (end === -1) this.#stop('open-text', start - 1);
    this.at = end;
    if (value.length > this.#longest) this.#note('text-too-long', start - 1);
    return value;
  }

  #number(): Json {
    NUMBER.lastIndex = this.at;
    const [found = ''] = NUMBER.exec(this.#text) ?? [];
    const end = this.at + found.length;
    if (found === '' || !isDelimiter(this.#text.charCodeAt(end))) return this.#word();
    if (found.length > this.#longest) this.#note('text-too-long');
    this.at = end;
    return rawNumber(found);
  }

  #word(): Json {
    WORD.lastIndex = this.at;
    const [word] = WORD.exec(this.#text) ?? [];
    if (word === undefined || /^['`‘’“”„«»#]/.test(word)) this.#stop('no-value');
    const start = this.at;
    this.at += word.length;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word !== 'null') this.#note(/^[-+.]?\d/.test(word) ? 'bad-number' : 'bad-word', start, word);
    return null;
  }

  #skipBlanks(): void {
    const text = this.#text;
    let { at } = this;
    for (let code = text.charCodeAt(at); code === 32 || code === 10 || code === 13 || code === 9;) {
      code = text.charCodeAt(++at);
    }
    this.at = at;
  }

  #enter(): void {
    if (this.#depth >= MOST_DEEP) this.#stop('too-deep');
  }

  #leave(depth: number): void {
    this.#depth = depth;
    this.#path.length = depth;
  }

  #noteComma(depth: number): void {
    this.#path.length = depth;
    this.#note('trailing-comma');
  }

  #note(kind: FaultKind, at = this.at, got?: string): void {
    this.faults.push(this.#fault(kind, at, got));
  }

  #stop(kind: FaultKind, at = this.at): never {
    const isEnd = at >= this.#text.length;
    throw new Fatal(this.#fault(isEnd ? 'end' : kind, at, undefined));
  }

  #fault(kind: FaultKind, at: number, got: string | undefined): Fault {
    const pointer = this.#path
      .slice(0, this.#depth)
      .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
    return got === undefined ? { kind, at, pointer } : { kind, at, pointer, got };
  }
}
