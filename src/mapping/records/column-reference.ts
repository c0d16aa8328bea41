import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { DataRecord } from '../../core/record.ts';
import type { ColumnUse } from './columns.ts';
import type { Bind, Binding, Compiler, HeadColumn, Scope } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { readShared, traceShared } from './heads.ts';
import { nearRecords } from '../near.ts';
import type { Read, Run } from '../run.ts';
import { noteSource } from '../payload/trace.ts';
import { PICKED_PART } from '../types.ts';

/** Compiles the name of a column: alone, or after the name of what it is a column of. */
export function columnReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  const dot = name.indexOf('.');
  const named = dot < 0 ? undefined : partReference(name.slice(0, dot), name.slice(dot + 1), scope, path, compiler);
  return named ?? bareReference(name, scope, path, compiler);
}

/** `items.Sku`, `file.Sender`, `head.OrderNo`: a column of what is named. Undefined when nothing has that name. */
function partReference(
  owner: string,
  column: string,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Bind<Read> | undefined {
  const use = (part: string): void =>
    void compiler.columns.push({ name: column, parts: [part], ...requirement(scope), path });
  if (owner === compiler.begins || (owner === 'head' && scope.levels.some(({ part }) => part > 0))) {
    use(PICKED_PART);
    return (binding) => headColumn(0, column, binding, compiler);
  }
  if (compiler.lookUps.includes(owner)) {
    problem(compiler, 'unknown-reference', path, {
      what: `"${owner}" is looked up and belongs to no document`,
      hint: `Write { $from: Column, $table: ${owner}.${column} }.`,
    });
    return () => () => '';
  }
  const part = compiler.parts.findIndex(({ name }) => name === owner && name !== PICKED_PART);
  if (part < 0) return undefined;
  use(owner);
  const depth = scope.levels.findLastIndex((level) => level.part === part) + 1;
  if (depth > 0) return levelColumn(scope, depth, column, compiler);
  const isNear = [scope.levels.at(-1)?.part ?? 0, part].every((at) => compiler.parts[at]?.isPositional);
  return (binding) => {
    if (!isNear) return headColumn(part, column, binding, compiler);
    const found = findColumn(part, column, binding, compiler);
    return readRecords(found, binding, (run) => nearRecords(run, part, scope.levels.length));
  };
}

/** A name alone: the innermost record that has such a column, at last the head. */
function bareReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  const around = scope.levels.map(({ part }) => part).toReversed();
  const parts = [...new Set([...around, 0])];
  const names = parts.map((part) => compiler.parts[part]?.name ?? PICKED_PART);
  compiler.columns.push({ name, parts: names, ...requirement(scope), path });
  return (binding) => {
    const part = parts.find((at) => findColumn(at, name, binding, compiler).index !== undefined) ?? 0;
    const depth = scope.levels.findLastIndex((level) => level.part === part) + 1;
    if (depth > 0) return levelColumn(scope, depth, name, compiler)(binding);
    return headColumn(part, name, binding, compiler);
  };
}

function requirement({ isRequired, within }: Scope): Pick<ColumnUse, 'isRequired' | 'within'> {
  return isRequired && within !== undefined ? { isRequired, within } : { isRequired };
}

interface FoundColumn extends HeadColumn {
  readonly index: number | undefined;
}

function findColumn(part: number, name: string, { indexes, names }: Binding, compiler: Compiler): FoundColumn {
  const own = compiler.parts[part]?.name ?? PICKED_PART;
  const index = indexes.get(own)?.find(name);
  // Messages call a column what the file calls it, not what the mapping does.
  const heading = index === undefined ? undefined : names(own)[index];
  const written = heading?.replace(/^\ufeff/, '').trim();
  const read = index === undefined ? noCell : (record: Cells): string => record.cells?.[index]?.trim() ?? '';
  return { part, name: written ?? name, index, read };
}

interface Cells {
  readonly cells?: readonly string[];
}
const noCell = (): string => '';

/** A column that all records of a part share. */
function headColumn(part: number, name: string, binding: Binding, compiler: Compiler): Read {
  const column = findColumn(part, name, binding, compiler);
  return readHead(binding.headSlot(column), column);
}

/** A column of the record, or of the group of records, that `$each` stands at. */
function levelColumn({ levels }: Scope, depth: number, name: string, compiler: Compiler): Bind<Read> {
  const level = levels[depth - 1];
  return (binding) => {
    const column = findColumn(level?.part ?? 0, name, binding, compiler);
    if (level?.kind === 'groups') return readRecords(column, binding, (run) => run.rows[depth] ?? []);
    return depth < levels.length ? readOuter(column, depth) : readInnermost(column);
  };
}

function readInnermost({ name, index }: FoundColumn): Read {
  return (run) => {
    const text = index === undefined ? '' : (run.cells[index]?.trim() ?? '');
    return run.trace === undefined ? text : noteSource(run, name, text);
  };
}

function readOuter({ part, name, read }: FoundColumn, depth: number): Read {
  return (run) => {
    const record = run.records[depth];
    const text = record === undefined ? '' : read(record);
    return run.trace === undefined ? text : noteSource(run, name, text, part, record?.line);
  };
}

/** What some records of the document agree on. */
function readRecords(found: HeadColumn, { adapt }: Binding, recordsOf: (run: Run) => readonly DataRecord[]): Read {
  const column = adapt?.(found) ?? found;
  return (run) => {
    if (run.trace === undefined) return readShared(run, recordsOf(run), column.read);
    const { line, text } = traceShared(run, recordsOf(run), column, run.trace);
    return noteSource(run, column.name, text, column.part, line);
  };
}

/** A value that was read before the document was made, because all its records share it. */
export function readHead(slot: number, { name, part }: HeadColumn): Read {
  return (run) => {
    const text = run.head[slot] ?? '';
    return run.trace === undefined ? text : noteSource(run, name, text, part, run.trace.headLines[slot] ?? run.line);
  };
}
