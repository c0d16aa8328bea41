import { createIssue, type Issue } from '../../core/issue.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { allOf, say } from '../../core/text.ts';
import type { ColumnUse } from '../records/columns.ts';
import { PICKED_PART, type InboundDefinition } from '../types.ts';
import { columnName, positionOf, type Cells, type ColumnName } from './cells.ts';
import { documentTotals } from './document-totals.ts';
import { totalsOf, type Total } from './totals.ts';

type Definition = Pick<InboundDefinition, 'read' | 'document' | 'controls'>;

interface ReadColumn {
  readonly name: ColumnName;
  /** Where the mapping names it. */
  readonly path: KeyPath;
}

/** Columns of records that the totals of a file are made from, or stand in. */
function readColumns(definition: Definition): readonly ReadColumn[] {
  const { trailer, header } = definition.controls ?? {};
  const rules = [
    ...[trailer ?? []].flat().map((rule) => ({ rule, path: ['controls', 'trailer'], isBeside: false })),
    ...[header ?? []]
      .flat()
      .map((rule) => ({ rule, path: ['controls', 'header'], isBeside: rule.record === undefined })),
  ];
  return rules.flatMap(({ rule, path, isBeside }) =>
    totalsOf(rule, definition).flatMap((total) => {
      const stated = isBeside ? [columnName(total.place, definition)] : [];
      return [...stated, ...measuredColumn(total)].map((name) => ({ name, path }));
    }),
  );
}

function measuredColumn({ measure }: Total): readonly ColumnName[] {
  return 'column' in measure ? [measure.column] : [];
}

/** The columns that controls read, for the mapping's own account of what it reads. */
export function controlColumns(definition: Definition): readonly ColumnUse[] {
  const { read, document } = definition;
  if (read.shape === 'tree') return [];
  const stated = documentTotals(definition).flatMap(({ total, name }) =>
    [name, ...measuredColumn(total)].map((each) => ({ name: each, path: ['controls', 'document', total.place] })),
  );
  const partOf = (owner: string): string => (owner === document.begins ? PICKED_PART : owner);
  return [...readColumns(definition), ...stated].flatMap(({ name, path }) => {
    if (positionOf(name.column) !== undefined) return [];
    const parts = ownersOf(name, read.records).map(partOf);
    return parts.length === 0 ? [] : [{ name: name.column, parts, isRequired: read.records.size === 0, path }];
  });
}

/** Where a column may stand, as far as the mapping says; names no record type has are told by the check of the controls. */
function ownersOf({ owner, column }: ColumnName, types: Definition['read']['records']): readonly string[] {
  const isThere = (type: string): boolean => types.get(type)?.columns?.includes(column) !== false;
  if (owner !== undefined) return isThere(owner) ? [owner] : [];
  const parts = [...types].flatMap(([type, { role }]) => (role === 'part' ? [type] : []));
  return types.size === 0 ? [PICKED_PART] : parts.filter(isThere);
}

/** What the controls read and no record of the file has: nothing can be proved without it. */
export function missingColumns(definition: Definition, cells: Cells, file: string): readonly Issue[] {
  if (definition.read.shape === 'tree') return [];
  return readColumns(definition).flatMap(({ name }) => {
    const owners = cells.owners(name);
    if (owners.length === 1) return [];
    const line = cells.headerLine(PICKED_PART);
    const where = { file, ...(line === undefined ? {} : { line }), column: name.column };
    if (owners.length === 0) return [createIssue('missing-column', where)];
    const what = say`the column of a control total stands in ${allOf(owners)}`;
    return [
      createIssue('control-total', where, { what, hint: say`Write ${owners[0] ?? ''}.${name.column} in the mapping.` }),
    ];
  });
}
