import { isJsonObject, scalarText, type Json } from './json.ts';

/**
 * A compiled path into a JSON value: `ShipTo.Name`, `Items[].Sku`, `Items[0].Sku`,
 * `Variables[Key=BridgeOrderId].Value`. `$` alone is the value itself.
 */
export interface JsonPath {
  readonly text: string;
  readonly steps: readonly PathStep[];
}
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'each' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly name: string; readonly equals: string };

// What stands in braces inside brackets may have brackets of its own.
const BRACKET = String.raw`\[(?:\{[^{}]*\}|[^\]])*\]`;
const BRACKETS = new RegExp(BRACKET, 'g');
const SEGMENT = new RegExp(String.raw`^([^.[\]]*)((?:${BRACKET})*)$`);
const PARTS = new RegExp(String.raw`(?:${BRACKET}|[^.[\]]|[[\]])+`, 'g');

/** Answers undefined when the text is no path. */
export function parsePath(text: string): JsonPath | undefined {
  const steps: PathStep[] = [];
  const body = text === '$' ? '' : text.startsWith('$.') ? text.slice(2) : text;
  if (body === '') return text === '$' ? { text, steps } : undefined;
  if (/^\.|\.\.|\.$/.test(body.replaceAll(BRACKETS, '[]'))) return undefined;
  for (const part of splitSegments(body)) {
    const match = SEGMENT.exec(part);
    if (match === null) return undefined;
    const [, name = '', brackets = ''] = match;
    if (name !== '') steps.push({ kind: 'name', name });
    for (const [bracket] of brackets.matchAll(BRACKETS)) {
      const step = bracketStep(bracket.slice(1, -1));
      if (step === undefined) return undefined;
      steps.push(step);
    }
  }
  return { text, steps };
}

/** Dots inside brackets do not separate: `Variables[Key=a.b].Value`. */
function splitSegments(text: string): string[] {
  return text.match(PARTS) ?? [];
}

function bracketStep(inner: string): PathStep | undefined {
  if (inner === '') return { kind: 'each' };
  if (/^\d+$/.test(inner)) return { kind: 'index', index: Number(inner) };
  const equals = inner.indexOf('=');
  // A key without a value would never fit.
  return equals > 0 && equals < inner.length - 1
    ? { kind: 'where', name: inner.slice(0, equals), equals: inner.slice(equals + 1) }
    : undefined;
}

/** Every value the path leads to; `[]` fans out. */
export function selectAll(root: Json | undefined, path: JsonPath): Json[] {
  let values: Json[] = root === undefined ? [] : [root];
  for (const step of path.steps) values = values.flatMap((value) => takeStep(value, step));
  return values;
}

/** The first value that is neither absent nor null. */
export function selectFirst(root: Json | undefined, path: JsonPath): Json | undefined {
  return selectAll(root, path).find((value) => value !== null);
}

function takeStep(value: Json, step: PathStep): readonly Json[] {
  if (step.kind === 'name') {
    // Own properties only: `constructor` and `__proto__` of the input are plain names.
    const found = isJsonObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    return found === undefined ? [] : [found];
  }
  if (!isJsonArray(value)) return [];
  if (step.kind === 'each') return value;
  if (step.kind === 'index') return value.slice(step.index, step.index + 1);
  return value.filter((element) => isJsonObject(element) && scalarText(element[step.name]) === step.equals);
}

function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
