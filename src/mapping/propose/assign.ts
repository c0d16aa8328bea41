import type { PayloadCheck } from '../payload/payload-check.ts';
import { listFields, valueFields, type SchemaField } from './fields.ts';
import { fitOf } from './fit.ts';
import { similarity } from './name.ts';
import type { Column, Structure } from './structure.ts';

/** A column that was found for a property. */
export interface Match {
  readonly field: SchemaField;
  readonly column: Column;
  /** From 0 to 1. */
  readonly score: number;
  /** Other columns that fit nearly as well, the best first. */
  readonly rivals: readonly Column[];
}

export interface Assignment {
  readonly matches: ReadonlyMap<SchemaField, Match>;
  /** The list whose elements are the rows of a document. */
  readonly lines: SchemaField | undefined;
  /** Columns that nothing was found for. */
  readonly left: readonly Column[];
}

/** From here on a match is offered, and from here on it is not called in question. */
const OFFERED = 0.5;
export const SURE = 0.72;
/** How far behind the best another column may be and still make sense. */
const CLOSE = 0.15;

/** Finds a column for as many properties as possible; no column serves two. */
export function assignColumns(
  fields: readonly SchemaField[],
  structure: Structure,
  check: PayloadCheck | undefined,
): Assignment {
  const heads = valueFields(fields);
  const lines = linesField(fields, structure, check);
  const scored = [
    ...heads.flatMap((field) => scores(field, false, structure, check)),
    ...valueFields(lines?.children ?? []).flatMap((field) => scores(field, true, structure, check)),
  ].sort((a, b) => b.score - a.score || a.column.index - b.column.index);
  const matches = new Map<SchemaField, Match>();
  const used = new Set<Column>();
  for (const { field, column, score } of scored) {
    if (score < OFFERED) break;
    if (matches.has(field) || used.has(column)) continue;
    used.add(column);
    matches.set(field, { field, column, score, rivals: [] });
  }
  for (const [field, match] of matches) {
    const rivals = scored.filter(
      (other) =>
        other.field === field && !used.has(other.column) && match.score - other.score < CLOSE && other.score >= OFFERED,
    );
    matches.set(field, { ...match, rivals: rivals.map(({ column }) => column) });
  }
  return { matches, lines, left: structure.columns.filter((column) => !used.has(column)) };
}

interface Scored {
  readonly field: SchemaField;
  readonly column: Column;
  readonly score: number;
}

/** The list to which most columns belong by their names. */
function linesField(
  fields: readonly SchemaField[],
  structure: Structure,
  check: PayloadCheck | undefined,
): SchemaField | undefined {
  const weighed = listFields(fields).map((list) => {
    const best = valueFields(list.children).map((field) =>
      Math.max(0, ...scores(field, true, structure, check).map(({ score }) => score)),
    );
    const sum = best.filter((score) => score >= OFFERED).reduce((total, score) => total + score, 0);
    return { list, sum: sum + (list.isRequired ? 1 : 0) };
  });
  return weighed.sort((a, b) => b.sum - a.sum)[0]?.list;
}

function scores(
  field: SchemaField,
  isLine: boolean,
  { columns, over, key }: Structure,
  check: PayloadCheck | undefined,
): readonly Scored[] {
  return columns.flatMap((column) => {
    const name = nameScore(field, column);
    if (name === 0) return [];
    // Of several columns with the numbers of things, the one that names the document is meant first.
    const isKey = column.index === key.index && field.meaning.concept === column.meaning.concept;
    const score =
      (isKey ? 1.1 : 1) * name * placeFactor(column, isLine, over) * (0.4 + 0.6 * fitOf(field, column.profile, check));
    return [{ field, column, score }];
  });
}

function nameScore({ meaning }: SchemaField, column: Column): number {
  const own = column.meaning;
  const role = roleFactor(meaning.role, own.role);
  if (role === 0) return 0;
  if (meaning.concept !== undefined && meaning.concept === own.concept) {
    return role * (0.5 + 0.5 * meaning.weight) * own.weight;
  }
  const alike = similarity(meaning.meanings, own.meanings);
  // Two names that are understood, and differently, have at most a word in common.
  return meaning.concept !== undefined && own.concept !== undefined ? role * alike * 0.5 : role * alike * 0.8;
}

/** Without a word for it, what a paper says is about where the goods go. */
function roleFactor(wanted: string | undefined, own: string | undefined): number {
  if (wanted === own) return 1;
  if (wanted === undefined) return own === 'ship' ? 0.85 : 0.55;
  if (own === undefined) return wanted === 'ship' ? 0.92 : 0;
  return 0;
}

/** What differs from row to row is of the row; the rows of a document must agree on everything else. */
function placeFactor({ varies, profile }: Column, isLine: boolean, over: string): number {
  // Of a tree, what is outside the list cannot be read inside it, nor the other way round.
  if (over !== 'lines') return (profile.list !== '') === isLine ? 1 : 0;
  if (varies === undefined) return 1;
  if (isLine) return varies ? 1 : 0.95;
  return varies ? 0.2 : 1;
}
