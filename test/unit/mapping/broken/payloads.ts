import type { Json } from '../../../../src/core/json.ts';
import { pointerPath } from '../../../../src/core/shape.ts';
import { isObject } from './values.ts';

/** A copy with another value at a pointer; undefined takes what is there away. */
export function put(root: Json, pointer: string, value: Json | undefined): Json {
  return putAt(root, pointerPath(pointer), value) ?? {};
}

function putAt(
  node: Json | undefined,
  [name, ...rest]: readonly (string | number)[],
  value: Json | undefined,
): Json | undefined {
  if (name === undefined) return value;
  if (Array.isArray(node) && typeof name === 'number') {
    const list = [...(node as readonly Json[])];
    const made = putAt(list[name], rest, value);
    if (made === undefined) list.splice(name, 1);
    else list[name] = made;
    return list;
  }
  const { [name]: old, ...others } = isObject(node) ? node : {};
  const made = putAt(old, rest, value);
  return made === undefined ? others : { ...others, [name]: made };
}

/** Values of examples at a pointer, whatever the positions in lists. */
export function donorsAt(examples: readonly Json[], pointer: string): readonly Json[] {
  let found = examples;
  for (const name of pointerPath(pointer)) {
    found = found.flatMap((node): readonly Json[] => {
      if (typeof name === 'number') return Array.isArray(node) ? (node as readonly Json[]) : [];
      const value = isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
      return value === undefined ? [] : [value];
    });
  }
  return found;
}

/** Pointers of all values that hold no others. */
export function leavesOf(node: Json | undefined, at = ''): readonly string[] {
  if (node === undefined) return [];
  const parts: readonly (readonly [string | number, Json])[] = Array.isArray(node)
    ? (node as readonly Json[]).map((value, index) => [index, value] as const)
    : isObject(node)
      ? Object.entries(node)
      : [];
  if (parts.length === 0) return [at];
  return parts.flatMap(([name, value]) =>
    leavesOf(value, `${at}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
