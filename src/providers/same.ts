import { Big } from 'big.js';
import { isRawNumber, scalarText, type Json } from '../core/json.ts';
import { selectAll, selectFirst, type JsonPath } from '../core/path.ts';
import type { SamePaths } from './definition.ts';

/**
 * Whether two JSON values agree on some paths. Numbers agree by their decimal value, texts without surrounding
 * spaces; absent, null and empty agree. Elements of a list (`Items[].Sku`, `Items[].Quantity`) are compared as
 * a whole and in any order.
 */
export function isSameOn(pairs: readonly SamePaths[], ours: Json, theirs: Json): boolean {
  return groupByLists(pairs).every(
    (group) => tuples(ours, group.map(split('ours'))) === tuples(theirs, group.map(split('theirs'))),
  );
}

/** Pairs whose lists are the same on both sides. */
function groupByLists(pairs: readonly SamePaths[]): SamePaths[][] {
  const groups = new Map<string, SamePaths[]>();
  for (const pair of pairs) {
    const name = JSON.stringify([split('ours')(pair).list.steps, split('theirs')(pair).list.steps]);
    groups.set(name, [...(groups.get(name) ?? []), pair]);
  }
  return [...groups.values()];
}

interface Split {
  readonly list: JsonPath;
  readonly field: JsonPath;
}

/** A path as that of the innermost list and that of the field in an element of it. */
const split =
  (side: 'ours' | 'theirs') =>
  (pair: SamePaths): Split => {
    const path = pair[side];
    const depth = path.steps.findLastIndex((step) => step.kind === 'each') + 1;
    return { list: { ...path, steps: path.steps.slice(0, depth) }, field: { ...path, steps: path.steps.slice(depth) } };
  };

function tuples(root: Json, fields: readonly Split[]): string {
  const [first] = fields;
  const elements = first === undefined ? [] : selectAll(root, first.list);
  const rows = elements.map((element) =>
    JSON.stringify(fields.map(({ field }) => normalize(selectFirst(element, field)))),
  );
  return JSON.stringify(rows.sort());
}

function normalize(value: Json | undefined): string {
  if (typeof value === 'number' || isRawNumber(value)) return decimal(scalarText(value) ?? '');
  return scalarText(value)?.trim() ?? (value === undefined || value === null ? '' : JSON.stringify(value));
}

// `toString` keeps huge exponents as exponents: a hostile 1e999999999 stays short.
function decimal(text: string): string {
  return new Big(text).toString();
}
