import type { JsonSchema } from '../../core/json.ts';
import { createPayloadCheck, type PayloadCheck } from '../payload/payload-check.ts';
import type { YamlObject } from '../types.ts';
import { assignColumns, type Assignment } from './assign.ts';
import { combineColumns } from './combine.ts';
import { schemaFields, type SchemaField } from './fields.ts';
import type { FileProfile } from './profile.ts';
import type { Proposal, ProposedEntry, ProposedNode, ProposedTable } from './proposal.ts';
import { proposeValue } from './propose-value.ts';
import { findStructure, type Column } from './structure.ts';

export interface ProposalRequest {
  readonly profile: FileProfile;
  /** Its records are rows, not trees. */
  readonly isTable: boolean;
  /** `order`, `purchase-order`: what one document is. */
  readonly type: string;
  readonly schema: JsonSchema;
  readonly summary: string;
  /** Constants of a mapping that there is already for this operation, and its name. */
  readonly kept?: { readonly map: YamlObject; readonly from: string };
}

interface Work {
  readonly request: ProposalRequest;
  readonly assignment: Assignment;
  readonly check: PayloadCheck;
  readonly nameOf: (column: Column) => string;
  readonly used: Set<Column>;
  readonly tables: ProposedTable[];
  readonly over: string;
}

/** Proposes a mapping from a file to the payload of an operation. Undefined when the file has no columns. */
export function proposeMapping(request: ProposalRequest): Proposal | undefined {
  const check = createPayloadCheck(request.schema);
  const structure = findStructure(request.profile, request.type, request.isTable);
  if (structure === undefined) return undefined;
  const fields = schemaFields(check.view);
  const assignment = assignColumns(fields, structure, check);
  const aliases = new Map<string, string>();
  const nameOf = (column: Column): string => safeName(column, assignment, aliases, request.isTable);
  const key = nameOf(structure.key);
  const work: Work = {
    request,
    assignment,
    check,
    nameOf,
    used: new Set([structure.key]),
    tables: [],
    over: structure.over,
  };
  const map = entriesOf(fields, true, work);
  return {
    summary: request.summary,
    document: {
      type: request.type,
      key,
      keyDoubt: structure.keyDoubt,
      isGrouped: structure.isGrouped && assignment.lines !== undefined,
    },
    aliases,
    map: withKept(map, request),
    tables: work.tables,
    unread: unreadColumns(request.profile, work.used),
  };
}

function unreadColumns({ columns }: FileProfile, used: ReadonlySet<Column>): readonly string[] {
  const read = new Set([...used].map(({ name }) => name));
  return columns.map(({ name }) => name).filter((name) => name !== '' && !read.has(name));
}

/** Braces make templates, and a dollar sign directives: such columns are called by the property they are for. */
function safeName(column: Column, { matches }: Assignment, aliases: Map<string, string>, isTable: boolean): string {
  const { name } = column;
  if (column.profile.list !== '' || !isTable) return column.profile.reference;
  if (name !== '' && !/[{}[\]$\r\n]/.test(name)) return name;
  const known = [...aliases].find(([, other]) => other === name);
  if (known !== undefined) return known[0];
  const match = [...matches.values()].find((each) => each.column === column);
  const alias = match?.field.path.join('') ?? `Column${column.index + 1}`;
  aliases.set(alias, name);
  return alias;
}

function entriesOf(fields: readonly SchemaField[], isRequired: boolean, work: Work): readonly ProposedEntry[] {
  return fields.flatMap((field) => {
    const node = nodeOf(field, isRequired && field.isRequired, work);
    return node === undefined ? [] : [{ name: field.path.at(-1) ?? '', node }];
  });
}

function nodeOf(field: SchemaField, isRequired: boolean, work: Work): ProposedNode | undefined {
  switch (field.kind) {
    case 'value':
      return valueNode(field, work) ?? (isRequired ? todo(field, false) : undefined);
    case 'values':
      return isRequired ? todo(field, true) : undefined;
    case 'object':
      return objectNode(field, isRequired, work);
    case 'list':
      return listNode(field, isRequired, work);
  }
}

function valueNode(field: SchemaField, work: Work): ProposedNode | undefined {
  const { assignment, check, nameOf, used } = work;
  const combined = combineColumns(field, assignment, nameOf);
  if (combined !== undefined) {
    for (const column of combined.columns) used.add(column);
    return { kind: 'value', value: combined.value, doubts: [] };
  }
  const match = assignment.matches.get(field);
  if (match === undefined) return undefined;
  used.add(match.column);
  const { value, doubts, table } = proposeValue(match, nameOf(match.column), check, commasOf(work.request.profile));
  if (table !== undefined && !work.tables.some(({ name }) => name === table.name)) work.tables.push(table);
  return { kind: 'value', value, doubts };
}

/** How a column of the file writes numbers with a decimal comma. */
function commasOf({ columns }: FileProfile): string | undefined {
  const formats = columns.flatMap(({ guess }) => (guess.kind === 'number' ? [guess.format] : []));
  const found = formats.filter((format) => format !== undefined && /^0(?:[. ]000)?,00$/.test(format));
  return found.find((format) => format !== '0,00') ?? found[0];
}

/** A column of this name is in no file: until a person settles it, files are refused with the name of what is missing. */
function todo({ path, view }: SchemaField, isList: boolean): ProposedNode {
  return { kind: 'todo', placeholder: `TODO ${path.join(' ')}`, isList, wanted: view.description ?? '' };
}

/** An object nobody requires is only worth sending when the file says a good part of it. */
function objectNode(field: SchemaField, isRequired: boolean, work: Work): ProposedNode | undefined {
  const found = countFound(field.children, work);
  const needed = field.children.filter((child) => child.isRequired).length;
  if (!isRequired && (found.all === 0 || found.required < needed / 2)) return undefined;
  return { kind: 'object', children: entriesOf(field.children, true, work) };
}

function countFound(fields: readonly SchemaField[], work: Work): { all: number; required: number } {
  const { assignment, nameOf } = work;
  const isFound = (field: SchemaField): boolean =>
    assignment.matches.has(field) || combineColumns(field, assignment, nameOf) !== undefined;
  const found = fields.filter((field) =>
    field.kind === 'object' ? countFound(field.children, work).all > 0 : isFound(field),
  );
  return { all: found.length, required: found.filter(({ isRequired }) => isRequired).length };
}

function listNode(field: SchemaField, isRequired: boolean, work: Work): ProposedNode | undefined {
  const isLines = field === work.assignment.lines;
  if (!isRequired && !(isLines && countFound(field.children, work).all > 0)) return undefined;
  return { kind: 'each', over: work.over, children: entriesOf(field.children, true, work) };
}

/** What a mapping for the same operation says without the file is worth saying here too. */
function withKept(map: readonly ProposedEntry[], { kept }: ProposalRequest): readonly ProposedEntry[] {
  if (kept === undefined) return map;
  const names = new Set(map.map(({ name }) => name));
  const more = Object.entries(kept.map).filter(([name]) => !names.has(name));
  return [
    ...map,
    ...more.map(([name, value]): ProposedEntry => ({ name, node: { kind: 'kept', value, from: kept.from } })),
  ];
}
