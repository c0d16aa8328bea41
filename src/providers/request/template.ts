import { createHash } from 'node:crypto';
import { isJsonObject, isRawNumber, scalarText, type Json } from '../../core/json.ts';
import { parsePath, selectFirst, type JsonPath } from '../../core/path.ts';

/** Text with values in braces: `/v1/Orders/{key}`, `{document.key}-{payload.hash:8}`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | Variable)[];
}

export type Variable =
  | { readonly kind: 'key' }
  /** A UUID made of provider, operation and key: the same for every attempt. */
  | { readonly kind: 'key.uuid' }
  /** What a named group of the key's pattern holds. */
  | { readonly kind: 'key.part'; readonly name: string }
  | { readonly kind: 'document.key' }
  | { readonly kind: 'payload.hash'; readonly digits: number }
  | { readonly kind: 'payload'; readonly path: JsonPath }
  | { readonly kind: 'answer'; readonly path: JsonPath }
  | { readonly kind: 'record'; readonly path: JsonPath }
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'value' }
  /** Of a feed that is read once for each of several values. */
  | { readonly kind: 'each'; readonly name: string }
  | { readonly kind: 'item'; readonly path: JsonPath }
  /** The provider's own id of what was submitted. */
  | { readonly kind: 'reference' }
  /** Of a report: the time it is about. */
  | { readonly kind: 'since' }
  | { readonly kind: 'until' }
  /** What tells a row of a report from the others. */
  | { readonly kind: 'row' }
  | { readonly kind: 'settings'; readonly name: string };
export type VariableKind = Variable['kind'];

export interface TemplateValues {
  readonly key?: string;
  readonly uuid?: string;
  readonly parts?: Readonly<Record<string, string | undefined>>;
  readonly documentKey?: string;
  readonly payload?: Json;
  readonly answer?: Json | undefined;
  readonly record?: Json;
  readonly value?: string;
  readonly each?: ReadonlyMap<string, string>;
  readonly item?: Json;
  readonly reference?: string;
  readonly since?: string;
  readonly until?: string;
  readonly row?: string;
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

const PLAIN = ['key', 'key.uuid', 'value', 'reference', 'since', 'until', 'row', 'document.key'] as const;

function isPlain(text: string): text is (typeof PLAIN)[number] {
  return (PLAIN as readonly string[]).includes(text);
}

function parseVariable(text: string): Variable | undefined {
  if (isPlain(text)) return { kind: text };
  const hash = /^payload\.hash:(\d{1,2})$/.exec(text);
  if (hash !== null) {
    const digits = Number(hash[1]);
    return digits >= 4 && digits <= 64 ? { kind: 'payload.hash', digits } : undefined;
  }
  const part = /^key\.([A-Za-z]\w*)$/.exec(text)?.[1];
  if (part !== undefined) return { kind: 'key.part', name: part };
  const [, root, rest = ''] = /^(payload|answer|record|item|found|each|settings)\.(.+)$/.exec(text) ?? [];
  if (root === 'settings') return { kind: 'settings', name: rest };
  if (root === 'found') return { kind: 'found', name: rest };
  if (root === 'each') return { kind: 'each', name: rest };
  const path = parsePath(rest);
  if (path === undefined) return undefined;
  return root === 'payload' || root === 'answer' || root === 'record' || root === 'item'
    ? { kind: root, path }
    : undefined;
}

export function variablesOf(template: Template): Variable[] {
  return template.parts.filter((part) => typeof part !== 'string');
}

export function hasKey(template: Template): boolean {
  return variablesOf(template).some(({ kind }) => kind === 'key' || kind === 'key.uuid');
}

/** Whether none of several templates can be filled without what a provider answered. */
export function needsAnswer(templates: readonly Template[]): boolean {
  const isAnswered = ({ kind }: Variable): boolean => kind === 'answer' || kind === 'item';
  return templates.length > 0 && templates.every((template) => variablesOf(template).some(isAnswered));
}

/** Fills in the values, each through `encode`. Answers undefined when one is absent or empty. */
export function fillTemplate(
  template: Template,
  values: TemplateValues,
  encode: (value: string) => string = String,
): string | undefined {
  let text = '';
  for (const part of template.parts) {
    if (typeof part === 'string') text += part;
    // Unencoded, no value of a document can look like it: the preparation puts its own value there.
    else if (part.kind === 'found') text += foundMark(part.name);
    else {
      const value = valueOf(part, values);
      if (value === undefined || value === '') return undefined;
      text += encode(value);
    }
  }
  return text;
}

/** The first of several templates that has all its values. */
export function fillFirst(templates: readonly Template[], values: TemplateValues): string | undefined {
  for (const template of templates) {
    const text = fillTemplate(template, values);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What stands in a filled path for a value that is found before the first send. */
export function foundMark(name: string): string {
  return `{found.${name}}`;
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

function valueOf(variable: Exclude<Variable, { kind: 'found' }>, values: TemplateValues): string | undefined {
  if (variable.kind === 'key') return values.key;
  if (variable.kind === 'key.uuid') return values.uuid;
  if (variable.kind === 'key.part') return values.parts?.[variable.name];
  if (variable.kind === 'value') return values.value;
  if (variable.kind === 'each') return values.each?.get(variable.name);
  if (variable.kind === 'reference') return values.reference;
  if (variable.kind === 'since') return values.since;
  if (variable.kind === 'until') return values.until;
  if (variable.kind === 'row') return values.row;
  if (variable.kind === 'item') return scalarText(selectFirst(values.item, variable.path));
  if (variable.kind === 'record') return scalarText(selectFirst(values.record, variable.path));
  if (variable.kind === 'document.key') return values.documentKey;
  if (variable.kind === 'settings') return values.settings?.get(variable.name);
  if (variable.kind === 'answer') return scalarText(selectFirst(values.answer, variable.path));
  if (variable.kind === 'payload') return scalarText(selectFirst(values.payload, variable.path));
  return values.payload === undefined ? undefined : hashOf(values.payload).slice(0, variable.digits);
}

// Properties in sorted order: a mapping whose fields were moved around still makes the same key.
export function hashOf(payload: Json): string {
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
