import type { Json, JsonSchema } from '../../../../src/core/json.ts';
import { schemaAt } from '../../../../src/mapping/payload/schema-view.ts';
import { put } from './payloads.ts';
import { step } from './rules.ts';
import { isObject } from './values.ts';

/** Values of which one or another fits most places. */
const samples: readonly Json[] = [
  'text',
  'AB',
  'USD',
  '12345',
  '2026-05-20T10:00:00Z',
  '2026-05-20',
  '1',
  'ann@example.test',
  '+19375550142',
  'en-US',
  '7b0f6a0e-2f0b-5c1c-9a53-0f4c5b6f1d21',
  'https://example.test/a',
  'a-b',
  '12345678',
  '0036000291452',
  1,
  1.5,
  1_777_903_200_000,
  true,
];
// Deep enough for every payload; a schema may lead back to itself.
const DEEPEST = 8;

/** Whether the subschema at a pointer takes a value, and whether the whole takes a payload. */
export interface Judge {
  accepts(pointer: string, value: Json): boolean;
}

/**
 * The example with every property it leaves out and that the schema takes beside the others, so that their rules are
 * reached as well.
 */
export function fuller(root: JsonSchema, example: Json, judge: Judge): Json {
  let payload = example;
  const add = (schema: unknown, from: string, value: Json | undefined, at: string, depth: number): void => {
    if (!isObject(schema) || depth > DEEPEST) return;
    const reference = schema['$ref'];
    if (typeof reference === 'string') add(schemaAt(root, reference), reference, value, at, depth + 1);
    for (const keyword of ['then', 'else']) add(schema[keyword], `${from}/${keyword}`, value, at, depth + 1);
    for (const [index, child] of listed(schema['allOf']).entries())
      add(child, `${from}/allOf/${index}`, value, at, depth + 1);
    for (const [index, element] of listed(value).entries()) {
      add(schema['items'], `${from}/items`, element as Json, `${at}/${index}`, depth + 1);
    }
    if (!isObject(value)) return;
    for (const [name, child] of Object.entries((schema['properties'] ?? {}) as object)) {
      const place = `${at}/${step(name)}`;
      const pointer = `${from}/properties/${step(name)}`;
      const made = Object.hasOwn(value, name) ? value[name] : sampleOf(child, pointer, root, judge, depth);
      const candidate = made === undefined ? payload : put(payload, place, made);
      if (made === undefined || !judge.accepts('', candidate)) continue;
      payload = candidate;
      add(child, pointer, made, place, depth + 1);
    }
  };
  add(root, '#', example, '', 0);
  return payload;
}

function sampleOf(schema: unknown, from: string, root: JsonSchema, judge: Judge, depth: number): Json | undefined {
  if (!isObject(schema) || depth > DEEPEST) return undefined;
  const stated = [...listed(schema['enum']), schema['const'], ...listed(schema['examples'])] as readonly (
    Json | undefined
  )[];
  const reference = schema['$ref'];
  const referred =
    typeof reference === 'string' ? sampleOf(schemaAt(root, reference), reference, root, judge, depth + 1) : undefined;
  const element = sampleOf(schema['items'], `${from}/items`, root, judge, depth + 1);
  const list = element === undefined ? [] : [[element]];
  const properties = Object.entries((schema['properties'] ?? {}) as object).flatMap(([name, child]) => {
    const made = sampleOf(child, `${from}/properties/${step(name)}`, root, judge, depth + 1);
    return made === undefined ? [] : [[name, made] as const];
  });
  const required = properties.filter(([name]) => listed(schema['required']).includes(name));
  const all = Object.fromEntries(properties);
  const objects = [{ ...all, A: 'text' }, all, Object.fromEntries(required)];
  const long =
    listed(schema['type']).includes('string') || schema['type'] === 'string'
      ? ['x'.repeat(Number(schema['minLength'] ?? 0))]
      : [];
  return [
    ...stated,
    referred,
    ...list,
    ...(properties.length > 0 ? objects : []),
    ...samples,
    ...long,
    ...objects,
  ].find((candidate) => candidate !== undefined && judge.accepts(from, candidate));
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
