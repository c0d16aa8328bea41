import { Big } from 'big.js';
import { isRawNumber, scalarText, type Json } from '../core/json.ts';
import { selectAll, selectFirst, type JsonPath } from '../core/path.ts';

/**
 * Whether two JSON values agree on some paths. Numbers agree by their decimal value, texts without surrounding
 * spaces; absent, null and empty agree. Elements of a list (`Items[].Sku`, `Items[].Quantity`) are compared as
 * a whole and in any order.
 */
export function isSameOn(paths: readonly JsonPath[], ours: Json, theirs: Json): boolean {
  return groupByList(paths).every(({ list, fields }) => {
    const [a, b] = [ours, theirs].map((root) => tuples(root, list, fields));
    return a === b;
  });
}

interface Group {
  readonly list: JsonPath;
  readonly fields: JsonPath[];
}

function groupByList(paths: readonly JsonPath[]): Group[] {
  const groups = new Map<string, Group>();
  for (const path of paths) {
    const depth = path.steps.findLastIndex((step) => step.kind === 'each') + 1;
    const name = JSON.stringify(path.steps.slice(0, depth));
    const group = groups.get(name) ?? { list: { ...path, steps: path.steps.slice(0, depth) }, fields: [] };
    group.fields.push({ ...path, steps: path.steps.slice(depth) });
    groups.set(name, group);
  }
  return [...groups.values()];
}

function tuples(root: Json, list: JsonPath, fields: readonly JsonPath[]): string {
  const rows = selectAll(root, list).map((element) =>
    JSON.stringify(fields.map((field) => normalize(selectFirst(element, field)))),
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
