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
  return exact.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined ? exact.rawJSON(context.source) : value,
  ) as Json;
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
