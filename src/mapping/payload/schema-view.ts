import type { JsonSchema } from '../../core/json.ts';
import { say, type Phrase } from '../../core/text.ts';

/** What a schema says about one place of a payload, with references followed and branches joined. */
export interface SchemaView {
  /** JSON pointer of the first subschema, as `#/properties/Items`. */
  readonly pointer: string;
  /** JSON types a value may have; undefined when the schema does not say. */
  readonly types: ReadonlySet<string> | undefined;
  readonly description: string | undefined;
  /** Properties that are always required. */
  readonly required: ReadonlySet<string>;
  /** Properties named anywhere in the schema. */
  readonly names: readonly string[];
  /** Whether a property may stand here: `known`, `unknown` (refused), `open` (neither named nor refused). */
  verdict(name: string): 'known' | 'open' | 'unknown';
  property(name: string): SchemaView | undefined;
  readonly items: SchemaView | undefined;
  /** The values that are allowed, where the schema lists them. */
  readonly values: readonly unknown[] | undefined;
  /** The narrowest bounds in words: `1 or more`, `a number from 1 to 9`. */
  readonly bounds: Phrase | undefined;
}

interface Entry {
  readonly schema: JsonSchema;
  readonly pointer: string;
  /** False below anyOf, oneOf, then and else: holds only for some payloads. */
  readonly isSure: boolean;
}

export function createSchemaView(root: JsonSchema): SchemaView {
  return viewOf([{ schema: root, pointer: '#', isSure: true }], root);
}

/** The subschema at `#/$defs/item`; undefined when there is none. */
export function schemaAt(root: JsonSchema, pointer: string): JsonSchema | undefined {
  let node: unknown = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = safeDecode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return isSchema(node) ? node : undefined;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function viewOf(start: readonly Entry[], root: JsonSchema): SchemaView {
  const entries = flatten(start, root);
  const child = (found: readonly Entry[]): SchemaView | undefined =>
    found.length === 0 ? undefined : viewOf(found, root);
  const sure = entries.filter(({ isSure }) => isSure);
  return {
    pointer: start[0]?.pointer ?? '#',
    types: typesOf(sure) ?? typesOf(entries),
    description: sure.map(({ schema }) => schema['description']).find((text) => typeof text === 'string'),
    required: new Set(sure.flatMap(({ schema }) => strings(schema['required']))),
    names: [...new Set(entries.flatMap(({ schema }) => Object.keys(object(schema['properties']))))],
    verdict: (name) => verdict(name, entries, sure),
    property: (name) => child(entries.flatMap((entry) => propertyEntries(entry, name))),
    items: child(entries.flatMap((entry) => subEntry(entry, entry.schema['items'], 'items'))),
    values: sure.map(({ schema }) => schema['enum']).find((values) => Array.isArray(values)),
    bounds: bounds(sure),
  };
}

function flatten(start: readonly Entry[], root: JsonSchema): Entry[] {
  const found: Entry[] = [];
  const seen = new Set<string>();
  const visit = (entry: Entry): void => {
    if (seen.has(entry.pointer)) return;
    seen.add(entry.pointer);
    found.push(entry);
    const { schema, pointer, isSure } = entry;
    const reference = schema['$ref'];
    if (typeof reference === 'string' && reference.startsWith('#')) {
      const target = schemaAt(root, reference);
      if (target !== undefined) visit({ schema: target, pointer: reference, isSure });
    }
    for (const keyword of ['allOf', 'anyOf', 'oneOf', 'then', 'else']) {
      for (const [branch, name] of branches(schema[keyword], keyword)) {
        visit({ schema: branch, pointer: `${pointer}/${name}`, isSure: isSure && keyword === 'allOf' });
      }
    }
  };
  for (const entry of start) visit(entry);
  return found;
}

function branches(value: unknown, keyword: string): [JsonSchema, string][] {
  const list: [unknown, string][] = Array.isArray(value)
    ? value.map((branch: unknown, index) => [branch, `${keyword}/${index}`])
    : [[value, keyword]];
  return list.filter((pair): pair is [JsonSchema, string] => isSchema(pair[0]));
}

function verdict(name: string, entries: readonly Entry[], sure: readonly Entry[]): 'known' | 'open' | 'unknown' {
  const isKnown = ({ schema }: Entry): boolean =>
    Object.hasOwn(object(schema['properties']), name) || patternOf(schema, name) !== undefined;
  const refuses = (entry: Entry): boolean => entry.schema['additionalProperties'] === false && !isKnown(entry);
  if (sure.some(refuses)) return 'unknown';
  if (entries.some(isKnown)) return 'known';
  if (sure.some(({ schema }) => schema['unevaluatedProperties'] === false)) return 'unknown';
  const isSaidOpen = ({ schema }: Entry): boolean => (schema['additionalProperties'] ?? false) !== false;
  const names = entries.some(({ schema }) => schema['properties'] !== undefined);
  return names && !entries.some(isSaidOpen) ? 'open' : 'known';
}

function patternOf(schema: JsonSchema, name: string): string | undefined {
  return Object.keys(object(schema['patternProperties'])).find((pattern) => new RegExp(pattern, 'u').test(name));
}

function propertyEntries(entry: Entry, name: string): Entry[] {
  const { schema } = entry;
  const properties = object(schema['properties']);
  if (Object.hasOwn(properties, name)) return subEntry(entry, properties[name], `properties/${escape(name)}`);
  const pattern = patternOf(schema, name);
  if (pattern !== undefined) {
    const found = object(schema['patternProperties'])[pattern];
    return subEntry(entry, found, `patternProperties/${escape(pattern)}`);
  }
  return subEntry(entry, schema['additionalProperties'], 'additionalProperties');
}

function subEntry({ pointer, isSure }: Entry, schema: unknown, path: string): Entry[] {
  return isSchema(schema) ? [{ schema, pointer: `${pointer}/${path}`, isSure }] : [];
}

function escape(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function typesOf(entries: readonly Entry[]): ReadonlySet<string> | undefined {
  const said = entries.map(({ schema }) => ownTypes(schema)).filter((types) => types.length > 0);
  return said.length === 0 ? undefined : new Set(said[0]);
}

function ownTypes(schema: JsonSchema): string[] {
  if (schema['type'] !== undefined) return strings([schema['type']].flat());
  const values = Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : [schema['const']];
  return [...new Set(values.filter((value) => value !== undefined && value !== null).map((value) => typeof value))];
}

function bounds(entries: readonly Entry[]): Phrase | undefined {
  const number = (keyword: string): number | undefined =>
    entries.map(({ schema }) => schema[keyword]).find((value) => typeof value === 'number');
  const [least, most, above, below] = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map(number);
  if (least !== undefined && most !== undefined) return say`${least} to ${most}`;
  if (least !== undefined) return say`${least} or more`;
  if (most !== undefined) return say`${most} or less`;
  if (above !== undefined) return say`more than ${above}`;
  return below === undefined ? undefined : say`less than ${below}`;
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return isSchema(value) ? value : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
