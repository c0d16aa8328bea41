import { understandName, type NameMeaning } from './name.ts';
import type { ColumnProfile, FileProfile } from './profile.ts';
import { keyConcepts } from './concepts.ts';

/** A column and what is known of its place in the documents. */
export interface Column {
  readonly name: string;
  readonly index: number;
  readonly meaning: NameMeaning;
  readonly profile: ColumnProfile;
  /** It differs between rows of one document; undefined when no document has several rows. */
  readonly varies: boolean | undefined;
}

/** What one document of the file is. */
export interface Structure {
  readonly key: Column;
  /** Why the key may be another column; undefined when it is clear. */
  readonly keyDoubt: string | undefined;
  /** Several rows are one document. */
  readonly isGrouped: boolean;
  /** What the elements of the payload's list are: the rows of the document, or the path of a list in it. */
  readonly over: string;
  readonly columns: readonly Column[];
}

/** Finds the key, and which columns belong to the document as a whole. Undefined when the file has no columns. */
export function findStructure(file: FileProfile, type: string, isTable: boolean): Structure | undefined {
  const columns = file.columns.map((profile, index) => ({
    name: profile.name,
    index,
    meaning: isTable ? understandName(profile.name) : meaningOfPath(profile),
    profile,
    varies: undefined,
  }));
  const lists = new Set(columns.map(({ profile }) => profile.list).filter((list) => list !== ''));
  const heads = columns.filter(({ profile }) => profile.list === '');
  const found = findKey(heads.length > 0 ? heads : columns, file, type);
  if (found === undefined) return undefined;
  const { key, keyDoubt } = found;
  if (lists.size > 0) return treeStructure(columns, lists, key, keyDoubt);
  const isGrouped = repeats(key, file);
  const varying = isGrouped ? varyingColumns(file, key.index) : undefined;
  const placed = columns.map((column) => ({ ...column, varies: varying?.has(column.index) }));
  return { key: placed[key.index] ?? key, keyDoubt, isGrouped, over: 'lines', columns: placed };
}

function meaningOfPath({ reference, list }: ColumnProfile): NameMeaning {
  const steps = reference.split('.');
  return understandName(steps.at(-1) ?? '', [...list.split('.'), ...steps.slice(0, -1)]);
}

const ofLines = new Set(['sku', 'quantity', 'lineNumber', 'price', 'unit', 'description', 'barcode', 'lot']);

/** Of the lists of a tree, the one that looks most like the lines of a paper; columns of others are left aside. */
function treeStructure(
  columns: readonly Column[],
  lists: ReadonlySet<string>,
  key: Column,
  keyDoubt: string | undefined,
): Structure {
  const weigh = (list: string): number =>
    columns.filter(({ profile, meaning }) => profile.list === list && ofLines.has(meaning.concept ?? '')).length;
  const [over = ''] = [...lists].sort((a, b) => weigh(b) - weigh(a));
  const placed = columns
    .filter(({ profile }) => profile.list === '' || profile.list === over)
    .map((column) => ({ ...column, varies: column.profile.list === over }));
  return {
    key: placed.find(({ name }) => name === key.name) ?? key,
    keyDoubt,
    isGrouped: false,
    over,
    columns: placed,
  };
}

function findKey(
  columns: readonly Column[],
  file: FileProfile,
  type: string,
): { key: Column; keyDoubt: string | undefined } | undefined {
  const wanted = keyConcepts[type] ?? [`${type}Number`, 'orderNumber', 'poNumber', 'asnNumber', 'sku'];
  const isFull = ({ profile }: Column): boolean => profile.filled >= file.records * 0.9;
  for (const concept of wanted) {
    const named = columns
      .filter((column) => column.meaning.concept === concept && isFull(column))
      .sort((a, b) => b.meaning.weight - a.meaning.weight);
    const [key, rival] = named;
    if (key === undefined) continue;
    const isFirst = concept === wanted[0] && (rival === undefined || key.meaning.weight - rival.meaning.weight > 0.05);
    const doubt = rival === undefined ? `no column is called ${type} number` : `or ${rival.name}`;
    return { key, keyDoubt: isFirst && key.profile.filled === file.records ? undefined : doubt };
  }
  const bare = columns.find((column) => isFull(column) && column.meaning.meanings.join(' ') === 'number');
  if (bare !== undefined) return { key: bare, keyDoubt: undefined };
  const key =
    columns.find((column) => isFull(column) && isIdentifier(column.profile)) ?? columns.find(isFull) ?? columns[0];
  return key === undefined ? undefined : { key, keyDoubt: 'no column is called like the number of such a document' };
}

/** Codes and numbers without decimals name things; names, dates and amounts do not. */
function isIdentifier({ guess, values }: ColumnProfile): boolean {
  if (guess.kind === 'digits' || guess.kind === 'integer') return true;
  return guess.kind === 'text' && values.every((value) => /\d/.test(value) && !/\s/.test(value));
}

/** Whether several rows have one value: among all rows, or, where there were too many to tell them apart, the first ones. */
function repeats({ profile, index }: Column, { rows }: FileProfile): boolean {
  if (profile.distinct !== undefined) return profile.distinct < profile.filled;
  const values = rows.map((row) => row[index] ?? '').filter((value) => value !== '');
  return new Set(values).size < values.length;
}

/** Positions of columns that differ between the first rows of some document. */
function varyingColumns({ rows }: FileProfile, key: number): ReadonlySet<number> {
  const first = new Map<string, readonly string[]>();
  const varying = new Set<number>();
  for (const row of rows) {
    const group = row[key] ?? '';
    const head = first.get(group);
    if (head === undefined) first.set(group, row);
    else
      for (const [index, value] of row.entries())
        if (value !== '' && head[index] !== '' && value !== head[index]) varying.add(index);
  }
  return varying;
}
