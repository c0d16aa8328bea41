/** Any JSON value. Numbers read with {@link parseExact} are `RawNumber`s, which keep their source text. */
export type Json = string | number | boolean | null | RawNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A number as its source wrote it: `2.00000000000000000000`, `9007199254740993`. */
export interface RawNumber {
  readonly rawJSON: string;
}

interface ExactJson {
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}

// ECMAScript "JSON.parse source text access": in V8, not yet in the compiler's library.
const exact = JSON as unknown as ExactJson;

/**
 * Parses JSON without losing a digit: 64-bit indexes and 20-digit decimals come back as they were written.
 * @throws SyntaxError when the text is not JSON. Its message quotes the text: never show it.
 */
export function parseExact(text: string): Json {
  const marked = text.includes('\\') ? markEscapedNames(text) : text;
  return exact.parse(marked, (_key, value, context) => {
    if (typeof value === 'number' && context.source !== undefined) return exact.rawJSON(context.source);
    return marked === text ? value : withoutMarks(value);
  }) as Json;
}

// V8 takes an escaped name for another one of the same length it has seen (https://github.com/nodejs/node/issues/63785), and
// then tells no source of its number. Names in hexadecimal digits behind a mark have no escapes.
const MARK = '\uE000';

function markEscapedNames(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let end = 0;
  for (let start = text.indexOf('"'); start !== -1 && end !== -1; start = text.indexOf('"', end)) {
    end = endOfString(text, start);
    if (end === -1 || !isFollowedByColon(text, end)) continue;
    const literal = text.slice(start, end);
    const name = literal.includes('\\') || literal.startsWith(`"${MARK}`) ? readString(literal) : undefined;
    if (name === undefined) continue;
    parts.push(text.slice(copied, start), `"${MARK}${Buffer.from(name, 'utf16le').toString('hex')}"`);
    copied = end;
  }
  return parts.join('') + text.slice(copied);
}

/** Behind the closing quote of the string that opens at `start`; -1 when it has none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return -1;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (' \t\r\n'.includes(text[at] ?? '-')) at++;
  return text[at] === ':';
}

/** Undefined when it is malformed: parsing the whole says so. */
function readString(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

function withoutMarks(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || exact.isRawJSON(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([name]) => name.startsWith(MARK))) return value;
  const names = entries.map(([name, inner]): [string, unknown] => {
    if (!name.startsWith(MARK)) return [name, inner];
    return [Buffer.from(name.slice(MARK.length), 'hex').toString('utf16le'), inner];
  });
  return Object.fromEntries(names);
}

export function rawNumber(text: string): RawNumber {
  return exact.rawJSON(text);
}

export function isRawNumber(value: unknown): value is RawNumber {
  return exact.isRawJSON(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

/** The text of a scalar as its source wrote it; undefined for null, absent, objects and arrays. */
export function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isRawNumber(value) ? value.rawJSON : undefined;
}
