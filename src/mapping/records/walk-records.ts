import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { DataRecord } from '../../core/record.ts';
import { suggestion } from '../../core/shape.ts';
import { say } from '../../core/text.ts';
import { problem, type Bind, type Compiler, type Level, type Scope } from '../compile/compiler.ts';
import { compileGroup, keyText } from './key.ts';
import { between } from '../near.ts';
import { reportAt, type Run } from '../run.ts';
import type { GroupOf } from './sorting.ts';
import type { KeySpec } from '../types.ts';

/** Puts the run at one element after another. */
export type Each = (run: Run, visit: () => void) => void;

/** What `$each` goes through. */
export interface Walk {
  readonly level: Level;
  readonly each: Bind<Each>;
}

/** What rows of one element have in common, and whether a row without it is refused. */
export interface GroupSpec {
  readonly by: KeySpec;
  readonly isRequired: boolean;
}

type RecordsOf = (run: Run) => readonly DataRecord[];
const noRecords: readonly DataRecord[] = [];
const nothingAbove: readonly DataRecord[] = [];

/** Whether a name means records of the document, and not an array of a tree. */
export function isRecordWalk(over: string, compiler: Compiler): boolean {
  if (over === 'lines') return compiler.shape === 'table' || compiler.isGrouped;
  return compiler.shape === 'table' || compiler.parts.some(({ name }) => name === over);
}

/** Compiles a walk over records: all of the document, those of a group, or those that follow the record around. */
export function compileRecordWalk(
  over: string,
  group: GroupSpec | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Walk | undefined {
  const part = findPart(over, path, compiler);
  if (part === undefined) return undefined;
  const depth = scope.levels.length + 1;
  const recordsOf = compileRecords(part, scope, path, compiler);
  if (recordsOf === undefined) return undefined;
  compiler.walked.add(part);
  if (group === undefined) {
    return { level: { name: over, kind: 'records', part }, each: () => eachRecord(recordsOf, part, depth) };
  }
  const place = [...path.slice(0, -1), '$group'];
  if (compiler.shape === 'tree')
    return problem(compiler, 'wrong-value', place, { what: '$group is for rows of a table' });
  const name = compiler.parts[part]?.name ?? '';
  const textOf = compileGroup(group.by, name, place, compiler, scope.isRequired && scope.within === undefined);
  return {
    level: { name: over, kind: 'groups', part },
    each: ({ indexes }) => eachGroup(recordsOf, { textOf: textOf(indexes), ...group }, part, depth),
  };
}

function findPart(over: string, path: KeyPath, compiler: Compiler): number | undefined {
  const { parts, begins } = compiler;
  const walked = parts.flatMap(({ name, kind }) => (kind === 'companion' || kind === 'type' ? [name] : []));
  const known = begins === undefined ? ['lines', ...walked] : walked;
  if (known.includes(over)) return over === 'lines' ? 0 : parts.findIndex(({ name }) => name === over);
  if (over === begins) {
    return problem(compiler, 'wrong-value', path, { what: `a document has one "${over}": there is nothing to walk` });
  }
  return problem(compiler, 'unknown-reference', path, {
    what: `there is no "${over}" to walk through`,
    ...suggestion(over, known),
  });
}

/** Which records a walk goes through, by what lies around it. */
function compileRecords(part: number, { levels }: Scope, path: KeyPath, compiler: Compiler): RecordsOf | undefined {
  const outer = levels.at(-1);
  const depth = levels.length;
  if (outer === undefined) return (run) => run.parts[part] ?? noRecords;
  if (outer.kind === 'groups' && outer.part === part) return (run) => run.rows[depth] ?? noRecords;
  const chain = [...levels.map((level) => level.part), part];
  const isNested = levels.every(({ kind }) => kind === 'records') && new Set(chain).size === chain.length;
  if (isNested && chain.every((at) => compiler.parts[at]?.isPositional)) {
    compiler.nestings.push(chain);
    return (run) => between(run.parts[part] ?? noRecords, run.records[depth]?.seq ?? 0, run.ends[depth] ?? Infinity);
  }
  const over = compiler.parts[part]?.name ?? '';
  return problem(compiler, 'wrong-value', path, {
    what: `"${over === '' ? 'lines' : over}" cannot be walked inside "${outer.name}"`,
    hint:
      outer.part === part
        ? 'Say with $group beside the outer $each what its rows have in common.'
        : 'Only record types without `by` follow one another; rows of one list are nested with $group.',
  });
}

function eachRecord(recordsOf: RecordsOf, part: number, depth: number): Each {
  return (run, visit) => {
    const { cells, line, part: outerPart } = run;
    const records = recordsOf(run);
    const end = run.ends[depth - 1] ?? Infinity;
    run.firsts[depth] = records[0]?.seq ?? end;
    for (let index = 0; index < records.length; index++) {
      const record = records[index];
      if (record === undefined) break;
      run.ends[depth] = records[index + 1]?.seq ?? end;
      enter(run, record, part, depth, index + 1);
      visit();
    }
    run.cells = cells;
    run.line = line;
    run.part = outerPart;
  };
}

interface Grouping extends GroupSpec {
  readonly textOf: GroupOf;
}

/** Rows with the same value, in the order of their first; rows without one are one group, or refused. */
function eachGroup(recordsOf: RecordsOf, { textOf, by, isRequired }: Grouping, part: number, depth: number): Each {
  return (run, visit) => {
    const { cells, line, part: outerPart } = run;
    const groups = Map.groupBy(recordsOf(run), (record) => textOf(record, nothingAbove));
    if (isRequired) for (const { line: at } of groups.get('') ?? []) reportNoGroup(run, by, { part, line: at });
    let position = 0;
    for (const rows of groups.values()) {
      const [first] = rows;
      if (first === undefined) continue;
      run.rows[depth] = rows;
      enter(run, first, part, depth, ++position);
      visit();
    }
    run.cells = cells;
    run.line = line;
    run.part = outerPart;
  };
}

function reportNoGroup(run: Run, by: KeySpec, { part, line }: { readonly part: number; readonly line: number }): void {
  const source = { file: run.trace?.files[part] ?? '', line, column: keyText(by), text: '' };
  reportAt(run, source, 'missing-value', { what: say`it is not said what the line belongs to` });
}

function enter(run: Run, record: DataRecord, part: number, depth: number, position: number): void {
  run.cells = record.cells ?? [];
  run.line = record.line;
  run.part = part;
  run.records[depth] = record;
  run.nodes[depth] = record.tree;
  run.positions[depth - 1] = position;
  if (run.trace !== undefined) run.trace.places[depth] = '';
}
