import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, JsonSchema } from '../../../../src/core/json.ts';
import { createAjv } from '../../../../src/core/shape.ts';
import { schemaAt } from '../../../../src/mapping/payload/schema-view.ts';
import { betweenBreakers } from './between.ts';
import { fuller } from './fuller.ts';
import { donorsAt, put } from './payloads.ts';
import { step } from './rules.ts';
import { breakers, isObject } from './values.ts';

/** An example made wrong in one thing. */
export interface Variant {
  /** JSON pointer of the rule it breaks. */
  readonly rule: string;
  readonly keyword: string;
  /** JSON pointer of the value to blame. */
  readonly at: string;
  readonly payload: Json;
  /** What it was before. */
  readonly example: Json;
}
export type Broken = Omit<Variant, 'example'>;

/** A place of an example and what the schema says of it. */
export interface Visit {
  readonly schema: JsonSchema;
  /** JSON pointer of the schema. */
  readonly from: string;
  readonly value: Json;
  /** JSON pointer of the value. */
  readonly at: string;
  /** Below `then` and `else`: holds for some payloads only. */
  readonly isConditional: boolean;
  /** Below `anyOf` and `oneOf`: another branch may take what this one refuses. */
  readonly isOptional: boolean;
}

export interface Walk {
  readonly example: Json;
  readonly examples: readonly Json[];
  /** What the whole schema has against a payload. */
  errors(payload: Json): readonly ErrorObject[];
  /** Whether the subschema at a pointer takes a value. */
  accepts(pointer: string, value: Json): boolean;
}

/** Every rule of a schema broken once at every place that an example, or one made fuller, reaches. */
export function brokenVariants(schema: JsonSchema, examples: readonly Json[]): readonly Variant[] {
  const { $id: _id, ...root } = schema;
  const ajv = createAjv();
  ajv.addSchema(root, 'payload');
  const validatorOf = (pointer: string): ValidateFunction => {
    const found = ajv.getSchema(`payload${pointer}`);
    if (found === undefined) throw new Error(`no schema at ${pointer}`);
    return found as ValidateFunction;
  };
  const whole = validatorOf('');
  const found = new Map<string, Variant>();
  const accepts: Walk['accepts'] = (pointer, value) => validatorOf(pointer)(value);
  const all = [...examples, ...examples.map((example) => fuller(root, example, { accepts }))];
  for (const example of all) {
    const errors: Walk['errors'] = (payload) => (whole(payload) ? [] : (whole.errors ?? []));
    const walk: Walk = { example, examples: all, errors, accepts };
    const start: Visit = { schema: root, from: '#', value: example, at: '', isConditional: false, isOptional: false };
    for (const variant of visit(start, walk, root)) {
      const key = `${variant.rule} ${variant.at.replaceAll(/\/\d+/g, '/0')}`;
      if (!found.has(key)) found.set(key, { ...variant, example });
    }
  }
  return [...found.values(), ...statedVariants(schema, examples)];
}

/** Variants that a schema states itself, for rules from which none can be derived. */
function statedVariants(schema: JsonSchema, examples: readonly Json[]): readonly Variant[] {
  const stated = (schema['x-broken'] ?? []) as readonly {
    readonly rule: string;
    readonly example?: number;
    readonly set: Readonly<Record<string, Json>>;
    readonly at: string;
  }[];
  return stated.map(({ rule, example = 0, set, at }): Variant => ({
    example: examples[example] ?? {},
    rule,
    keyword: rule.split('/').at(-1) ?? '',
    at,
    payload: Object.entries(set).reduce<Json>(
      (made, [pointer, value]) => put(made, pointer, value),
      examples[example] ?? {},
    ),
  }));
}

function visit(place: Visit, walk: Walk, root: JsonSchema): readonly Broken[] {
  const { schema, from, value, at } = place;
  const own = Object.entries(schema).flatMap(([keyword, limit]): readonly Broken[] => {
    const rule = `${from}/${keyword}`;
    const single = breakers[keyword]?.(limit, value).map((broken) => ({
      rule,
      keyword,
      at,
      payload: put(walk.example, at, broken),
    }));
    return single ?? betweenBreakers[keyword]?.(limit as Json, place, walk) ?? [];
  });
  const sound = place.isOptional ? own.filter(({ payload }) => walk.errors(payload).length > 0) : own;
  return [...sound, ...below(place, walk, root).flatMap((next) => visit(next, walk, root)), ...unwanted(place, walk)];
}

/** Places the schema leads to from here: other subschemas for the same value, and those for its parts. */
function below(place: Visit, walk: Walk, root: JsonSchema): readonly Visit[] {
  const { schema, from, value, at } = place;
  const next = (child: unknown, pointer: string, more: Partial<Visit> = {}): readonly Visit[] =>
    isObject(child) ? [{ ...place, schema: child, from: pointer, ...more }] : [];
  const found: Visit[] = [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') found.push(...next(schemaAt(root, reference), reference));
  for (const [index, child] of list(schema['allOf']).entries()) found.push(...next(child, `${from}/allOf/${index}`));
  for (const keyword of ['anyOf', 'oneOf']) {
    for (const [index, child] of list(schema[keyword]).entries()) {
      const pointer = `${from}/${keyword}/${index}`;
      if (walk.accepts(pointer, value)) found.push(...next(child, pointer, { isOptional: true }));
    }
  }
  if (schema['if'] !== undefined) {
    const branch = walk.accepts(`${from}/if`, value) ? 'then' : 'else';
    found.push(...next(schema[branch], `${from}/${branch}`, { isConditional: true }));
  }
  if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      for (const [child, path] of propertySchemas(schema, name)) {
        found.push(...next(child, `${from}/${path}`, { value: part, at: `${at}/${step(name)}` }));
      }
    }
  }
  for (const [index, element] of list(value).entries()) {
    found.push(...next(schema['items'], `${from}/items`, { value: element as Json, at: `${at}/${index}` }));
  }
  return found;
}

function propertySchemas(schema: JsonSchema, name: string): readonly (readonly [unknown, string])[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const own = Object.hasOwn(properties, name) ? [[properties[name], `properties/${step(name)}`] as const] : [];
  const patterns = Object.entries(schema['patternProperties'] ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(name))
    .map(([pattern, child]) => [child as unknown, `patternProperties/${step(pattern)}`] as const);
  const named = [...own, ...patterns];
  return named.length > 0 ? named : [[schema['additionalProperties'], 'additionalProperties']];
}

/** Properties that other examples have and this one, for its condition, must not have like that. */
function unwanted({ schema, from, value, at, isConditional }: Visit, walk: Walk): readonly Broken[] {
  if (!isConditional || !isObject(value)) return [];
  const names = Object.keys(schema['properties'] ?? {}).filter((name) => !Object.hasOwn(value, name));
  return names.flatMap((name) => {
    const place = `${at}/${step(name)}`;
    return donorsAt(walk.examples, place).flatMap((donor) => {
      const payload = put(walk.example, place, donor);
      const errors = walk.errors(payload).filter(({ instancePath }) => instancePath === place);
      return errors.map(({ keyword }) => ({
        rule: `${from}/properties/${step(name)}${keyword === 'false schema' ? '' : `/${keyword}`}`,
        keyword,
        at: place,
        payload,
      }));
    });
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
