import type { Json, JsonSchema } from '../../../../src/core/json.ts';
import { schemaAt } from '../../../../src/mapping/payload/schema-view.ts';
import { breakers, isObject } from './values.ts';

/** Hold nothing against a value by themselves. */
const silent: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$ref',
  '$defs',
  'title',
  'description',
  'default',
  'deprecated',
  'examples',
  'x-broken',
  'holidays',
  'if',
  'then',
  'else',
  'allOf',
  'properties',
  'patternProperties',
  'items',
]);

/** Rules a keyword of a schema states, by what is added to its pointer: '' for the keyword itself. */
const several: Readonly<Record<string, (limit: Json) => readonly string[]>> = {
  required: (limit) => (limit as readonly string[]).map((name) => `/${step(name)}`),
  dependentRequired: (limit) => Object.keys(limit as object).map((name) => `/${step(name)}`),
  propertyNames: (limit) =>
    Object.keys(limit as object)
      .filter((keyword) => keyword !== 'type' && Object.hasOwn(breakers, keyword))
      .map((keyword) => `/${keyword}`),
  exactlyOneOf: () => ['/none', '/several'],
  additionalProperties: (limit) => (limit === false ? [''] : []),
  unevaluatedProperties: (limit) => (limit === false ? [''] : []),
  minLength: (limit) => (limit === 0 ? [] : ['']),
  minItems: (limit) => (limit === 0 ? [] : ['']),
};

/**
 * Pointers of all rules of a schema that a test has to break. What stands below `anyOf`, `oneOf` and `not` counts as one
 * rule: another branch may take what one refuses.
 */
export function rulesOf(schema: JsonSchema): ReadonlySet<string> {
  const rules = new Set<string>();
  const seen = new Set<string>();
  const visit = (node: unknown, from: string): void => {
    if (node === false) rules.add(from);
    if (!isObject(node) || seen.has(from)) return;
    seen.add(from);
    for (const [keyword, limit] of Object.entries(node)) {
      if (silent.has(keyword)) continue;
      for (const more of (several[keyword] ?? (() => ['']))(limit)) rules.add(`${from}/${keyword}${more}`);
    }
    for (const [child, pointer] of childrenOf(node, from, schema)) visit(child, pointer);
  };
  visit(schema, '#');
  return rules;
}

/** Subschemas that hold for a value or a part of it, with their pointers. */
function childrenOf(node: JsonSchema, from: string, root: JsonSchema): readonly (readonly [unknown, string])[] {
  const named = ['properties', 'patternProperties'].flatMap((keyword) =>
    Object.entries(node[keyword] ?? {}).map(
      ([name, child]) => [child as unknown, `${from}/${keyword}/${step(name)}`] as const,
    ),
  );
  const single = ['items', 'then', 'else'].map((name) => [node[name], `${from}/${name}`] as const);
  const extra = isObject(node['additionalProperties'])
    ? [[node['additionalProperties'], `${from}/additionalProperties`] as const]
    : [];
  const all = ((node['allOf'] ?? []) as readonly unknown[]).map(
    (child, index) => [child, `${from}/allOf/${index}`] as const,
  );
  const reference = node['$ref'];
  const target = typeof reference === 'string' ? [[schemaAt(root, reference), reference] as const] : [];
  return [...named, ...single, ...extra, ...all, ...target];
}

/** A name as part of a JSON pointer. */
export function step(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
