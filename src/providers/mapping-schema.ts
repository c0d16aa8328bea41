import type { JsonSchema } from '../core/json.ts';
import type { JsonPath, PathStep } from '../core/path.ts';
import { createAjv } from '../core/shape.ts';

// What a mapping has to give differs from what is sent: some fields are put in later, some values replaced.

type Node = JsonSchema | boolean;

/** Fields that are put in later: name → the text, where it is the same for every document. */
export type SetFields = ReadonlyMap<string, string | undefined>;

/**
 * The schema without fields that are put in later: they are neither required nor allowed, and conditions on them hold or
 * fall with their text. Answers undefined when the schema refuses one of the texts.
 */
export function withoutFields(schema: JsonSchema, fields: SetFields): JsonSchema | undefined {
  if (fields.size === 0) return schema;
  const left = remove(schema, fields, schema);
  if (typeof left === 'boolean') return undefined;
  if (left['additionalProperties'] === false || left['unevaluatedProperties'] === false) return left;
  const forbidden = Object.fromEntries([...fields.keys()].map((name) => [name, false]));
  return { ...left, properties: { ...propertiesOf(left), ...forbidden } };
}

function remove(node: Node, fields: SetFields, root: JsonSchema): Node {
  if (typeof node === 'boolean') return node;
  const properties = propertiesOf(node);
  for (const [name, text] of fields) {
    const own = properties[name];
    if (text !== undefined && own !== undefined && !accepts(own, text, root)) return false;
  }
  const left: Record<string, unknown> = { ...node };
  if (node['properties'] !== undefined)
    left['properties'] = Object.fromEntries(Object.entries(properties).filter(([name]) => !fields.has(name)));
  if (Array.isArray(node['required']))
    left['required'] = (node['required'] as readonly string[]).filter((name) => !fields.has(name));
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const branches = node[keyword];
    if (Array.isArray(branches)) left[keyword] = (branches as Node[]).map((branch) => remove(branch, fields, root));
  }
  for (const keyword of ['if', 'then', 'else', 'not']) {
    if (node[keyword] !== undefined) left[keyword] = remove(node[keyword] as Node, fields, root);
  }
  const isRefused = Array.isArray(left['allOf']) && (left['allOf'] as Node[]).includes(false);
  return isRefused ? false : left;
}

function accepts(schema: Node, text: string, root: JsonSchema): boolean {
  if (typeof schema === 'boolean') return schema;
  try {
    return createAjv().compile({ ...schema, ...(root['$defs'] === undefined ? {} : { $defs: root['$defs'] }) })(text);
  } catch {
    // An unusable schema is reported where it is read.
    return true;
  }
}

/** Names of fields that the schema knows at its top. */
export function fieldNames(schema: JsonSchema): string[] {
  const branches = ['allOf', 'anyOf', 'oneOf', 'then', 'else'].flatMap((keyword) => [schema[keyword] ?? []].flat());
  const nested = (branches as Node[]).flatMap((branch) => (typeof branch === 'boolean' ? [] : fieldNames(branch)));
  return [...new Set([...Object.keys(propertiesOf(schema)), ...nested])];
}

/** The schema with any non-empty text allowed at a path; undefined when it knows no such field. */
export function withAnyText(schema: JsonSchema, path: JsonPath): JsonSchema | undefined {
  const left = loosen(schema, path.steps, schema);
  return left === undefined || typeof left === 'boolean' ? undefined : left;
}

/** Undefined: nothing to loosen below this node. */
function loosen(node: Node | undefined, steps: readonly PathStep[], root: JsonSchema): Node | undefined {
  if (node === undefined || typeof node === 'boolean') return undefined;
  const [step, ...rest] = steps;
  if (step === undefined) {
    const { description } = node;
    return { type: 'string', minLength: 1, ...(description === undefined ? {} : { description }) };
  }
  const { $ref: reference, ...own } = node;
  const followed = typeof reference === 'string' ? { ...referenced(root, reference), ...own } : node;
  const left: Record<string, unknown> = { ...followed };
  let isFound = false;
  const replace = (keyword: string, value: unknown): void => {
    if (value === undefined) return;
    left[keyword] = value;
    isFound = true;
  };
  if (step.kind === 'each') replace('items', loosen(followed['items'] as Node | undefined, rest, root));
  if (step.kind === 'name') {
    const properties = propertiesOf(followed);
    const inner = loosen(properties[step.name], rest, root);
    if (inner !== undefined) replace('properties', { ...properties, [step.name]: inner });
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const branches = followed[keyword];
    if (!Array.isArray(branches)) continue;
    const loosened = (branches as Node[]).map((branch) => loosen(branch, steps, root));
    if (loosened.some((branch) => branch !== undefined))
      replace(
        keyword,
        loosened.map((branch, position) => branch ?? (branches as Node[])[position]),
      );
  }
  for (const keyword of ['then', 'else']) {
    replace(keyword, loosen(followed[keyword] as Node | undefined, steps, root));
  }
  return isFound ? left : undefined;
}

function referenced(root: JsonSchema, reference: string): JsonSchema {
  let node: unknown = reference.startsWith('#') ? root : undefined;
  for (const step of reference.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
  }
  return typeof node === 'object' && node !== null && !Array.isArray(node) ? (node as JsonSchema) : {};
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, Node>> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, Node>) : {};
}
