import { createHash } from 'node:crypto';
import { isJsonObject, isRawNumber, scalarText, type Json } from '../core/json.ts';
import { parsePath, selectFirst, type JsonPath } from '../core/path.ts';

/** Text with values in braces: `/v1/Orders/{key}`, `{document.key}-{payload.hash:8}`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | Variable)[];
}

export type Variable =
  | { readonly kind: 'key' }
  | { readonly kind: 'document.key' }
  | { readonly kind: 'payload.hash'; readonly digits: number }
  | { readonly kind: 'payload'; readonly path: JsonPath }
  | { readonly kind: 'answer'; readonly path: JsonPath }
  | { readonly kind: 'settings'; readonly name: string };
export type VariableKind = Variable['kind'];

export interface TemplateValues {
  readonly key?: string;
  readonly documentKey?: string;
  readonly payload?: Json;
  readonly answer?: Json | undefined;
  readonly settings?: ReadonlyMap<string, string>;
}

/** Answers undefined when the text is no template. */
export function parseTemplate(text: string): Template | undefined {
  const parts: (string | Variable)[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const variable = parseVariable(match[1] ?? '');
    if (variable === undefined) return undefined;
    parts.push(variable);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  const hasStrayBrace = parts.some((part) => typeof part === 'string' && /[{}]/.test(part));
  return hasStrayBrace ? undefined : { text, parts };
}

function parseVariable(text: string): Variable | undefined {
  if (text === 'key') return { kind: 'key' };
  if (text === 'document.key') return { kind: 'document.key' };
  const hash = /^payload\.hash:(\d{1,2})$/.exec(text);
  if (hash !== null) {
    const digits = Number(hash[1]);
    return digits >= 4 && digits <= 64 ? { kind: 'payload.hash', digits } : undefined;
  }
  const [, root, rest = ''] = /^(payload|answer|settings)\.(.+)$/.exec(text) ?? [];
  if (root === 'settings') return { kind: 'settings', name: rest };
  const path = parsePath(rest);
  return path === undefined || (root !== 'payload' && root !== 'answer') ? undefined : { kind: root, path };
}

export function variablesOf(template: Template): Variable[] {
  return template.parts.filter((part) => typeof part !== 'string');
}

export function hasKey(template: Template): boolean {
  return variablesOf(template).some(({ kind }) => kind === 'key');
}

/** Fills in the values, each through `encode`. Answers undefined when one is absent or empty. */
export function fillTemplate(
  template: Template,
  values: TemplateValues,
  encode: (value: string) => string = String,
): string | undefined {
  let text = '';
  for (const part of template.parts) {
    const value = typeof part === 'string' ? part : valueOf(part, values);
    if (value === undefined || value === '') return undefined;
    text += typeof part === 'string' ? value : encode(value);
  }
  return text;
}

/** Reads the key back out of a filled template; undefined when it cannot be told apart from its surroundings. */
export function findKey(
  template: Template,
  filled: string,
  values: TemplateValues,
  codec: { readonly encode: (value: string) => string; readonly decode: (value: string) => string },
): string | undefined {
  const position = template.parts.findIndex((part) => typeof part !== 'string' && part.kind === 'key');
  if (position === -1) return undefined;
  const before = fillTemplate({ ...template, parts: template.parts.slice(0, position) }, values, codec.encode);
  const after = fillTemplate({ ...template, parts: template.parts.slice(position + 1) }, values, codec.encode);
  if (before === undefined || after === undefined) return undefined;
  if (!filled.startsWith(before) || !filled.endsWith(after)) return undefined;
  return codec.decode(filled.slice(before.length, filled.length - after.length));
}

function valueOf(variable: Variable, values: TemplateValues): string | undefined {
  if (variable.kind === 'key') return values.key;
  if (variable.kind === 'document.key') return values.documentKey;
  if (variable.kind === 'settings') return values.settings?.get(variable.name);
  if (variable.kind === 'answer') return scalarText(selectFirst(values.answer, variable.path));
  if (variable.kind === 'payload') return scalarText(selectFirst(values.payload, variable.path));
  return values.payload === undefined ? undefined : hashOf(values.payload).slice(0, variable.digits);
}

// Properties in sorted order: a mapping whose fields were moved around still makes the same key.
function hashOf(payload: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(sortProperties(payload)))
    .digest('hex');
}

function sortProperties(value: Json): Json {
  if (isRawNumber(value) || typeof value !== 'object' || value === null) return value;
  if (!isJsonObject(value)) return value.map(sortProperties);
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, inner]) => [name, sortProperties(inner)]));
}
