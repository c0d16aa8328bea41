import { Big } from 'big.js';
import { isRawNumber, scalarText, type Json } from '../../core/json.ts';
import { selectAll, selectFirst, type JsonPath } from '../../core/path.ts';
import type { SamePaths } from '../definition.ts';

/**
 * Whether two JSON values agree on some paths. Numbers agree by their decimal value, times by their instant, texts
 * without surrounding spaces; absent, null and empty agree. Elements of a list (`Items[].Sku`, `Items[].Quantity`) are
 * compared as a whole and in any order.
 */
export function isSameOn(pairs: readonly SamePaths[], ours: Json, theirs: Json): boolean {
  return groupByLists(pairs).every((group) =>
    agree(rowsOf(ours, group.map(split('ours'))), rowsOf(theirs, group.map(split('theirs'))), group),
  );
}

type Row = readonly string[];

/** Whether each row has one of its own on the other side. */
function agree(ours: readonly Row[], theirs: readonly Row[], group: readonly SamePaths[]): boolean {
  const isLoose = group.every(({ when }) => when !== undefined);
  if (isLoose && (ours.length === 0 || (theirs.length === 0 && group.every(({ when }) => when === 'both'))))
    return true;
  if (ours.length !== theirs.length) return false;
  if (group.every(({ when }) => when === undefined)) return sorted(ours) === sorted(theirs);
  const left = [...theirs];
  const given = (row: Row): number => row.filter((text) => text !== '').length;
  // Who gives most has the least choice.
  return ours
    .toSorted((a, b) => given(b) - given(a))
    .every((row) => {
      const place = left.findIndex((other) => isRowSame(row, other, group));
      if (place >= 0) left.splice(place, 1);
      return place >= 0;
    });
}

function sorted(rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

function isRowSame(ours: Row, theirs: Row, group: readonly SamePaths[]): boolean {
  return group.every(({ when }, place) => {
    const [own = '', other = ''] = [ours[place], theirs[place]];
    if (when !== undefined && own === '') return true;
    return own === other || (when === 'both' && other === '');
  });
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

function rowsOf(root: Json, fields: readonly Split[]): readonly Row[] {
  const [first] = fields;
  const elements = first === undefined ? [] : selectAll(root, first.list);
  return elements.map((element) => fields.map(({ field }) => normalize(selectFirst(element, field))));
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})$/;

function normalize(value: Json | undefined): string {
  if (typeof value === 'number' || isRawNumber(value)) return decimal(scalarText(value) ?? '');
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value.map(normalize).sort());
  const text = scalarText(value)?.trim();
  if (text === undefined) return value === undefined || value === null ? '' : JSON.stringify(value);
  const instant = INSTANT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(instant) ? text : new Date(instant).toISOString();
}

// `toString` keeps huge exponents as exponents: a hostile 1e999999999 stays short.
function decimal(text: string): string {
  return new Big(text).toString();
}
