import { createIssue, type Issue } from '../../core/issue.ts';
import { columnRules, indexColumns, missingColumns, type ColumnIndex } from './columns.ts';
import type { Binding, Compiler, HeadColumn } from '../compile/compiler.ts';
import { fileOf, optionsOf } from './parts.ts';
import { PICKED_PART, type Header, type InboundDefinition } from '../types.ts';

/** Columns of a drop by the name of their header. */
export interface FoundColumns {
  readonly indexes: ReadonlyMap<string, ColumnIndex>;
  readonly issues: readonly Issue[];
}

const noHeader: Header = { columns: [], line: 1 };

/** Finds every column the mapping reads and says what is wrong with the headers. */
export function findColumns(
  definition: InboundDefinition,
  compiler: Compiler,
  headers: ReadonlyMap<string, Header>,
  files: ReadonlyMap<string, string>,
): FoundColumns {
  if (compiler.shape === 'tree') return { indexes: new Map(), issues: [] };
  const indexes = new Map<string, ColumnIndex>();
  const issues: Issue[] = [];
  const names = new Map<string, string>();
  for (const name of [...compiler.parts.map((part) => part.name), ...compiler.lookUps]) {
    const file = files.get(fileOf(definition, name)) ?? '';
    names.set(name, file);
    const found = indexColumns(
      headers.get(name) ?? noHeader,
      file,
      rulesOf(definition, name, compiler),
      compiler.columns.filter(({ parts }) => parts.includes(name)),
    );
    indexes.set(name, found.index);
    issues.push(...found.issues);
  }
  issues.push(...missingColumns(compiler.columns, indexes, headers, names));
  return { indexes, issues };
}

function rulesOf(definition: InboundDefinition, name: string, compiler: Compiler): ReturnType<typeof columnRules> {
  const rules = columnRules(optionsOf(definition, name));
  // An expression may read any column, so none can be called unknown; of record types the mapping itself names them.
  const isOpen = compiler.expressions > 0 || definition.read.records.size > 0 || compiler.lookUps.includes(name);
  return isOpen ? { ...rules, unknown: 'ignore' } : rules;
}

/** What compiled values are bound with, and the values it finds that all records of a part share. */
export function createBinding(
  indexes: ReadonlyMap<string, ColumnIndex>,
  headers: ReadonlyMap<string, Header>,
): { heads: readonly HeadColumn[]; binding: Binding } {
  const heads: HeadColumn[] = [];
  const slots = new Map<string, number>();
  const binding: Binding = {
    indexes,
    names: (part) => headers.get(part)?.columns ?? [],
    headSlot(column) {
      const name = `${column.part}\n${column.slot ?? column.name}`;
      const slot = slots.get(name) ?? heads.push(column) - 1;
      slots.set(name, slot);
      return slot;
    },
  };
  return { heads, binding };
}

/** Columns that no record type has, where the mapping itself lists them: no file is needed to know. */
export function checkDeclaredColumns(definition: InboundDefinition, compiler: Compiler): readonly Issue[] {
  const headers = new Map<string, Header>();
  for (const [type, { columns }] of definition.read.records) {
    if (columns !== undefined) headers.set(type === compiler.begins ? PICKED_PART : type, { columns, line: 1 });
  }
  // A column may be missing in a file; in the mapping's own list it cannot.
  const columns = compiler.columns
    .filter(({ parts }) => parts.every((part) => headers.has(part)))
    .map(({ name, parts, path }) => ({ name, parts, path, isRequired: true }));
  const { indexes } = findColumns(definition, { ...compiler, columns }, headers, new Map());
  return columns.flatMap((use) =>
    missingColumns([use], indexes, headers, new Map()).map(({ hint }) => {
      const what = `no record it could stand in has a column "${use.name}"`;
      return createIssue('unknown-reference', compiler.yaml.place(use.path), {
        what,
        ...(hint === undefined ? {} : { hint }),
      });
    }),
  );
}
