import { isError, type Issue } from '../core/issue.ts';
import type { Limits } from '../core/limits.ts';
import type { DataRecord } from '../core/record.ts';
import { createBound } from './bound.ts';
import { columnRules, forgivingName, indexColumns, missingColumns, type ColumnIndex } from './columns.ts';
import { captureNames, companionNames } from './companions.ts';
import { compileObject } from './compile-node.ts';
import type { Bind, Binding, Compiler, HeadColumn } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileGroup, compileKey, keyText, type RecordText } from './key.ts';
import type { PayloadCheck } from './payload-check.ts';
import type { Evaluate, Read } from './run.ts';
import { PICKED_PART, type BoundMapping, type Header, type InboundDefinition, type InboundMapping } from './types.ts';

interface Given {
  readonly check: PayloadCheck | undefined;
  readonly limits: Limits;
}

/** An inbound mapping that still has to meet its columns. */
interface Unbound extends Given {
  readonly definition: InboundDefinition;
  readonly compiler: Compiler;
  readonly key: Bind<Read>;
  readonly groups: ReadonlyMap<string, RecordText>;
  readonly evaluate: Bind<Evaluate>;
}

export function compileInbound(definition: InboundDefinition, compiler: Compiler, given: Given): InboundMapping {
  const { key, group } = definition.document;
  checkCompanions(definition, compiler);
  const groups = new Map<string, RecordText>();
  if (group !== undefined) groups.set(PICKED_PART, compileGroup(group, PICKED_PART, ['document', 'group'], compiler));
  for (const [part, { by }] of Object.entries(definition.read.with)) {
    groups.set(part, compileGroup(by, part, ['read', 'with', part, 'by'], compiler));
  }
  const unbound: Unbound = {
    ...given,
    definition,
    compiler,
    key: compileKey(key, ['document', 'key'], compiler),
    groups,
    evaluate: compileObject(
      definition.map,
      given.check?.view,
      { levels: [], isRequired: true },
      ['map'],
      compiler,
      true,
    ).bind,
  };
  return {
    kind: 'inbound',
    definition,
    keyColumn: keyText(key),
    companions: (pickedName) => companionNames(definition, pickedName),
    bind: (headers, files) => bindColumns(unbound, headers, files),
  };
}

function checkCompanions({ read, document }: InboundDefinition, compiler: Compiler): void {
  const parts = Object.entries(read.with);
  if (parts.length === 0) return;
  if (document.group === undefined) {
    problem(compiler, 'missing-key', ['document'], {
      what: '"group" is missing: nothing says which records of the companions belong to a document',
    });
  }
  if (read.name === undefined) {
    problem(compiler, 'missing-key', ['read', 'with'], {
      what: '"name" is missing: nothing says how the picked file is called',
    });
    return;
  }
  const known = captureNames(read.name);
  for (const [part, { name }] of parts) {
    const unknown = captureNames(name).find((capture) => !known.includes(capture));
    if (unknown !== undefined) {
      problem(compiler, 'bad-template', ['read', 'with', part, 'name'], {
        what: `read.name captures no "${unknown}"`,
        got: name,
      });
    }
  }
}

function bindColumns(
  unbound: Unbound,
  headers: ReadonlyMap<string, Header>,
  files: ReadonlyMap<string, string>,
): { bound?: BoundMapping; issues: Issue[] } {
  const { compiler, definition } = unbound;
  const indexes = new Map<string, ColumnIndex>();
  const issues: Issue[] = [];
  for (const part of compiler.shape === 'table' ? compiler.parts : []) {
    const rules = columnRules(
      part === PICKED_PART ? definition.read.options : (definition.read.with[part]?.options ?? {}),
    );
    const uses = compiler.columns.filter(({ parts }) => parts.includes(part));
    // An expression may read any column, so none can be called unknown.
    const known = compiler.expressions > 0 ? { ...rules, unknown: 'ignore' as const } : rules;
    const found = indexColumns(headers.get(part) ?? { columns: [], line: 1 }, files.get(part) ?? '', known, uses);
    indexes.set(part, found.index);
    issues.push(...found.issues);
  }
  if (compiler.shape === 'table') issues.push(...missingColumns(compiler.columns, indexes, headers, files));
  if (issues.some(isError)) return { issues };
  return { bound: createBoundMapping(unbound, indexes, headers, files), issues };
}

function createBoundMapping(
  unbound: Unbound,
  indexes: ReadonlyMap<string, ColumnIndex>,
  headers: ReadonlyMap<string, Header>,
  files: ReadonlyMap<string, string>,
): BoundMapping {
  const { compiler, definition, check, limits } = unbound;
  const { heads, binding } = createBinding(indexes, headers);
  return createBound({
    type: definition.document.type,
    parts: compiler.parts,
    files: compiler.parts.map((part) => files.get(part) ?? ''),
    heads,
    key: unbound.key(binding),
    evaluate: unbound.evaluate(binding),
    groups: compiler.parts.map((part): ((record: DataRecord) => string) | undefined =>
      unbound.groups.get(part)?.(indexes.get(part)),
    ),
    check,
    limits,
    isAsync: compiler.expressions > 0,
  });
}

function createBinding(
  indexes: ReadonlyMap<string, ColumnIndex>,
  headers: ReadonlyMap<string, Header>,
): { heads: readonly HeadColumn[]; binding: Binding } {
  const heads: HeadColumn[] = [];
  const slots = new Map<string, number>();
  const binding: Binding = {
    indexes,
    names: (part) => headers.get(part)?.columns ?? [],
    headSlot(column) {
      const name = forgivingName(column.name);
      const slot = slots.get(name) ?? heads.push(column) - 1;
      slots.set(name, slot);
      return slot;
    },
  };
  return { heads, binding };
}
