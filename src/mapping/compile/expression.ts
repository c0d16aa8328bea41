import { createRequire } from 'node:module';
import type jsonata from 'jsonata';
import { isJsonObject, isRawNumber, type Json } from '../../core/json.ts';

/** A question to an expression that has to be awaited. `key` tells where in the document it was asked. */
export interface Ask {
  readonly key: string;
  answer(): Promise<Answer>;
}
export type Answer = { readonly value: Json | undefined } | { readonly problem: string };

export interface Expression {
  /** Never rejects. */
  answer(input: Json | undefined, document: { readonly key: string }): Promise<Answer>;
}

const TIMEOUT_MS = 250;
const DEPTH = 200;
const SEQUENCE = 10_000;
const RESULT_DEPTH = 32;
const EXACT_DIGITS = 15;

// What would run text as a program, or answer otherwise the next time: request bytes must come out the same again.
const disabled = ['eval', 'now', 'millis', 'random', 'shuffle'];

/** Compiles a JSONata expression. Answers the problem when it is none. */
export function compileExpression(text: string): Expression | { problem: string } {
  try {
    const compiled = loadJsonata()(text, { timeout: TIMEOUT_MS, stack: DEPTH, sequence: SEQUENCE });
    for (const name of disabled) {
      compiled.registerFunction(name, () => {
        throw new Error(`$${name} is not available in mappings`);
      });
    }
    return { answer: (input, document) => evaluate(compiled, input, document) };
  } catch (error) {
    return { problem: problemText(error) };
  }
}

// Most mappings have no expression: only those that do pay for loading the language.
function loadJsonata(): typeof jsonata {
  return createRequire(import.meta.url)('jsonata') as typeof jsonata;
}

async function evaluate(
  compiled: jsonata.Expression,
  input: Json | undefined,
  document: { readonly key: string },
): Promise<Answer> {
  try {
    const result: unknown = await compiled.evaluate(plain(input), { document: { ...document } });
    return { value: toJson(result, 0) };
  } catch (error) {
    return { problem: problemText(error) };
  }
}

function problemText(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'unknown problem';
  return (message.split('\n', 1)[0] ?? message).replace(/\.$/, '');
}

/** A copy the expression may do with as it likes; long numbers become text, so that no digit is lost. */
function plain(value: Json | undefined): unknown {
  if (isRawNumber(value)) {
    const number = Number(value.rawJSON);
    return value.rawJSON.replaceAll(/\D/g, '').length <= EXACT_DIGITS ? number : value.rawJSON;
  }
  if (Array.isArray(value)) return value.map((item: Json) => plain(item));
  if (!isJsonObject(value)) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) copy[name] = plain(item);
  return copy;
}

function toJson(value: unknown, depth: number): Json | undefined {
  if (depth > RESULT_DEPTH) throw new Error('the answer is nested too deeply');
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('the answer is no finite number');
    // Sums of decimals come out as 0.30000000000000004; fifteen digits are what a number can promise.
    return Number(value.toPrecision(EXACT_DIGITS));
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || '_jsonata_lambda' in value || '_jsonata_function' in value) {
    throw new Error('the answer is a function');
  }
  const result: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value)) {
    if (isHostileName(name)) throw new Error(`a property may not be called ${name}`);
    const json = toJson(item, depth + 1);
    if (json !== undefined) result[name] = json;
  }
  return result;
}

/** Names that reach behind an object when used carelessly, here or at the provider. */
export function isHostileName(name: string): boolean {
  return name === '__proto__' || name === 'prototype' || name === 'constructor';
}
