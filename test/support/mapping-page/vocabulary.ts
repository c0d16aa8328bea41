import type { Format } from '../../../src/core/format.ts';
import { isJsonObject, type Json, type JsonSchema } from '../../../src/core/json.ts';
import { mappingSchema } from '../../../src/mapping/index.ts';

/** A key that a mapping may hold. */
export interface Word {
  /** `read.csv.header.has`, `map.$join.with`, `inbound.controls.trailer.count`; `*` stands for names that users choose. */
  readonly path: string;
  readonly schema: JsonSchema;
}

/** What the schema of mappings declares. */
export interface Vocabulary {
  /** In the order of the schema. */
  readonly words: readonly Word[];
  /** Paths of the words that a mapping uses. */
  usedBy(mapping: Json): ReadonlySet<string>;
}

/** A part of the schema, the path of what it describes, and the format whose options it stands among. */
interface Place {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly format?: string;
}

// Said once in the schema and used in many places: a word has one path wherever it stands.
const SHARED: Readonly<Record<string, string>> = {
  read: 'read',
  write: 'write',
  node: 'map',
  when: 'map.$when',
  table: 'tables.*',
};

export function createVocabulary(formats: ReadonlyMap<string, Format>): Vocabulary {
  const schema = mappingSchema(formats);
  const beginning = (path: string): Place => ({ path, schema: definition(schema, path) });
  const inside: Inside = (place) => ownEntries(shared(place, schema), schema, formats);
  return {
    words: [beginning('inbound'), beginning('outbound')]
      .flatMap(collectWords(inside))
      .map((word) => ({ path: word.path, schema: shared(word, schema).schema })),
    usedBy(mapping) {
      const found = new Set<string>();
      const isOutbound = isJsonObject(mapping) && Object.hasOwn(mapping, 'write');
      noteUsed(mapping, beginning(isOutbound ? 'outbound' : 'inbound'), inside, found);
      return found;
    },
  };
}

type Inside = (place: Place) => readonly (readonly [string, Place])[];

function collectWords(inside: Inside): (from: Place) => readonly Word[] {
  const seen = new Set<string>();
  const visit = (place: Place): readonly Word[] =>
    inside(place).flatMap(([, child]) => {
      if (seen.has(child.path)) return [];
      seen.add(child.path);
      const own = child.path.includes('.') && !child.path.endsWith('.*') ? [child] : [];
      return [...own, ...visit(child)];
    });
  return visit;
}

function noteUsed(value: Json, place: Place, inside: Inside, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item: Json) => noteUsed(item, place, inside, found));
  if (!isJsonObject(value)) return;
  const known = inside(place).filter(([, { format }]) => [undefined, place.format ?? value['format']].includes(format));
  for (const [key, item = null] of Object.entries(value)) {
    const next = known.find(([name]) => name === key) ?? known.find(([name]) => name === '*');
    if (next === undefined) continue;
    found.add(next[1].path);
    noteUsed(item, next[1], inside, found);
  }
}

/** The keys below a place and what they hold, in all branches of the schema. */
function ownEntries(
  place: Place,
  root: JsonSchema,
  formats: ReadonlyMap<string, Format>,
): readonly (readonly [string, Place])[] {
  const { path, schema } = place;
  const named = Object.entries(objectOf(schema['properties'])).map(([key, child]) => [key, child] as const);
  const others = [...Object.values(objectOf(schema['patternProperties'])), schema['additionalProperties']];
  const own = [...named, ...others.map((child) => ['*', child] as const)].flatMap(([key, child]) =>
    isJsonObject(child) ? [[key, { ...place, path: pathOf(place, key, formats), schema: child }] as const] : [],
  );
  const branches = [schema['then'], schema['else'], schema['items'], ...listOf(schema['allOf'])]
    .filter(isJsonObject)
    // A list of values holds what a value holds: no more is to be found there.
    .filter((branch) => pathOfShared(branch) !== path);
  return [
    ...own,
    ...branches.flatMap((branch) => {
      const format = formatOf(branch) ?? place.format;
      return ownEntries(
        shared({ path, schema: branch, ...(format === undefined ? {} : { format }) }, root),
        root,
        formats,
      );
    }),
  ];
}

/** An option of a format is a word of that format. */
function pathOf({ path, format = '' }: Place, key: string, formats: ReadonlyMap<string, Format>): string {
  const { readOptions, writeOptions } = formats.get(format) ?? {};
  const isOption = (options: JsonSchema | undefined): boolean => Object.hasOwn(objectOf(options?.['properties']), key);
  if ((path === 'read' || path === 'read.with.*') && isOption(readOptions)) return `read.${format}.${key}`;
  if (path === 'write' && isOption(writeOptions)) return `write.${format}.${key}`;
  return `${path}.${key}`;
}

/** The format that a branch of `read` or `write` is for. */
function formatOf(branch: JsonSchema): string | undefined {
  const { format } = objectOf(objectOf(branch['if'])['properties']) as { format?: { const?: string } };
  return format?.const;
}

/** What a place refers to; what it says itself wins. */
function shared(place: Place, root: JsonSchema): Place {
  const { $ref: _reference, ...own } = place.schema;
  const name = sharedName(place.schema);
  if (name === undefined) return place;
  return { ...place, path: SHARED[name] ?? place.path, schema: { ...definition(root, name), ...own } };
}

function pathOfShared(schema: JsonSchema): string | undefined {
  return SHARED[sharedName(schema) ?? ''];
}

function sharedName({ $ref }: JsonSchema): string | undefined {
  return typeof $ref === 'string' ? /^#\/\$defs\/(\w+)$/.exec($ref)?.[1] : undefined;
}

function definition(root: JsonSchema, name: string): JsonSchema {
  return objectOf(objectOf(root['$defs'])[name]);
}

function objectOf(value: unknown): Readonly<Record<string, Json | undefined>> {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
