import { forgivingName } from '../../core/forgiving-name.ts';
import { isError } from '../../core/issue.ts';
import { parsePath, selectAll, type JsonPath } from '../../core/path.ts';
import type { DataRecord } from '../../core/record.ts';
import { columnRules } from '../records/columns.ts';
import { isComposite, treeText } from '../testing/tree-text.ts';
import { PICKED_PART, type Header, type InboundDefinition } from '../types.ts';

/** A record and the file of the drop it stands in. */
export interface Seen {
  readonly part: string;
  readonly record: DataRecord;
}

/** A column as controls name it: `Qty`, or `line.Qty` for one of several record types or files. */
export interface ColumnName {
  readonly text: string;
  /** Record type or companion it was named with. */
  readonly owner: string | undefined;
  readonly column: string;
}

/** Finds the values that controls read, in tables and in trees. */
export interface Cells {
  /** Notes the columns of a file, or of a record type of the picked one. */
  header(part: string, header: Header, type?: string): void;
  /** Line of the header, when the file has one and not only names from the mapping. */
  headerLine(part: string): number | undefined;
  /** Undefined: records of this kind have no such column. Trees may hold several values at a path, undefined for lists and objects. */
  read(seen: Seen, name: ColumnName): readonly (string | undefined)[] | undefined;
  /** Whether the records of this kind have the column. */
  has(seen: Seen, name: ColumnName): boolean;
  /** The record types or files that have the column: one, unless the name is wrong or says too little. */
  owners(name: ColumnName): readonly string[];
}

/** Whose columns a record has: those of its type, or of its file. */
export function ownerOf({ part, record }: Seen): string {
  return part === PICKED_PART ? (record.type ?? PICKED_PART) : part;
}

/** Whether the values of a record stand where its columns are. */
export function isReadable({ record }: Seen): boolean {
  return (record.cells !== undefined || record.tree !== undefined) && record.issues?.some(isError) !== true;
}

export function columnName(text: string, { read, document }: Pick<InboundDefinition, 'read' | 'document'>): ColumnName {
  const dot = text.indexOf('.');
  const named = text.slice(0, Math.max(0, dot));
  // As in `map`: the record a document begins with.
  const owner = named === 'head' ? (document.begins ?? named) : named;
  if (read.shape === 'table' && (read.records.has(owner) || Object.hasOwn(read.with, owner))) {
    return { text, owner, column: text.slice(dot + 1) };
  }
  return { text, owner: undefined, column: text };
}

/** Position from 1 of a place that is no column name. */
export function positionOf(place: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(place) ? Number(place) : undefined;
}

export function createCells(definition: Pick<InboundDefinition, 'read' | 'document'>): Cells {
  const { read } = definition;
  const headers = new Map<string, Header>();
  const positions = new Map<string, number | undefined>();
  const paths = new Map<string, JsonPath | undefined>();
  const aliases = (owner: string): ReadonlyMap<string, string> =>
    columnRules(read.with[owner]?.options ?? read.options).aliases;
  const find = (owner: string, column: string): number | undefined => {
    const known = `${owner}\n${column}`;
    if (positions.has(known)) return positions.get(known);
    const renamed = aliases(owner);
    const canonical = (name: string): string => renamed.get(forgivingName(name)) ?? forgivingName(name);
    const index = (headers.get(owner)?.columns ?? []).findIndex((name) => canonical(name) === canonical(column));
    const found = positionOf(column) ?? (index < 0 ? undefined : index + 1);
    positions.set(known, found);
    return found;
  };
  const owners = ({ owner, column }: ColumnName): readonly string[] => {
    if (owner !== undefined) return find(owner, column) === undefined ? [] : [owner];
    // Named without its type: of the records that belong to documents.
    const kinds =
      read.records.size === 0
        ? [PICKED_PART]
        : [...read.records].flatMap(([type, { role }]) => (role === 'part' ? [type] : []));
    return kinds.filter((kind) => find(kind, column) !== undefined);
  };
  return {
    header(part, header, type) {
      headers.set(part === PICKED_PART ? (type ?? PICKED_PART) : part, header);
      positions.clear();
    },
    headerLine: (part) => headers.get(part)?.line,
    owners,
    has: (seen, { column }) => read.shape === 'tree' || find(ownerOf(seen), column) !== undefined,
    read(seen, name) {
      if (read.shape === 'tree') {
        if (!paths.has(name.column)) paths.set(name.column, parsePath(name.column));
        return readTree(seen, paths.get(name.column));
      }
      const position = find(ownerOf(seen), name.column);
      return position === undefined ? undefined : [seen.record.cells?.[position - 1]?.trim() ?? ''];
    },
  };
}

function readTree({ record }: Seen, path: JsonPath | undefined): readonly (string | undefined)[] {
  return path === undefined
    ? []
    : selectAll(record.tree, path).map((value) => (isComposite(value) ? undefined : treeText(value)));
}
