import { createHash } from 'node:crypto';
import type { RecordColumns } from '../../core/format.ts';
import type { JsonPath } from '../../core/path.ts';
import type { Run, Test } from '../run.ts';
import type { OutboundDefinition, OutboundRecord } from '../types.ts';
import type { Compiler, Level, Scope } from './compiler.ts';
import { compileCondition } from './condition.ts';
import { binding, compileCells, countedFact, type RowCells } from './row-cells.ts';
import { compileLevels, eachElement } from './row-levels.ts';

/** The records of one group. */
export interface MadeGroup {
  readonly records: readonly OutboundRecord[];
  /** What tells the group from one with other counts; empty where it has none. */
  readonly counted: string;
}

export interface GroupMaker {
  readonly types: RecordColumns;
  make(run: Run): MadeGroup;
}

interface RecordType extends RowCells {
  readonly name: string;
  readonly when: Test | undefined;
}

/** What is written of one element: its records, and those of lists in it, in the order in which they are declared. */
interface Branch {
  readonly entries: (RecordType | Inner)[];
}

interface Inner {
  readonly path: JsonPath;
  readonly branch: Branch;
}

/** Compiles the record types of a mapping. `outer`: the levels around a group. */
export function compileRecords(
  records: NonNullable<OutboundDefinition['records']>,
  outer: readonly Level[],
  compiler: Compiler,
): GroupMaker {
  const root: Branch = { entries: [] };
  const types = new Map<string, readonly string[]>();
  for (const [name, { rows, when, map }] of Object.entries(records)) {
    const path = ['records', name];
    const { levels, paths } = compileLevels(rows, [...path, 'rows'], compiler);
    const scope: Scope = { levels: [...outer, ...levels], isRequired: false };
    const cells = compileCells(map, scope, [...path, 'map'], compiler);
    types.set(name, cells.columns);
    const test = when === undefined ? undefined : compileCondition(when, scope, [...path, 'when'], compiler)(binding);
    branchAt(root, paths).entries.push({ ...cells, name, when: test });
  }
  return {
    types,
    make(run) {
      const made: Making = { records: [], counted: [] };
      write(run, root, outer.length, made);
      return { records: made.records, counted: digest(made.counted) };
    },
  };
}

/** Types with a part of their way in common share its elements: what is said of one stands together. */
function branchAt(root: Branch, paths: readonly JsonPath[]): Branch {
  let branch = root;
  for (const path of paths) {
    const key = JSON.stringify(path.steps);
    let inner = branch.entries.find(
      (entry): entry is Inner => 'branch' in entry && JSON.stringify(entry.path.steps) === key,
    );
    if (inner === undefined) {
      inner = { path, branch: { entries: [] } };
      branch.entries.push(inner);
    }
    ({ branch } = inner);
  }
  return branch;
}

interface Making {
  readonly records: OutboundRecord[];
  readonly counted: string[];
}

/** The first type of a branch is what the others of its element belong to: without it none of them is written. */
function write(run: Run, { entries }: Branch, depth: number, made: Making): void {
  const { records, counted } = made;
  const first = records.length;
  let hasHead = false;
  for (const [index, entry] of entries.entries()) {
    if ('branch' in entry) {
      eachElement(run, entry.path, depth, () => write(run, entry.branch, depth + 1, made));
      continue;
    }
    if (entry.when !== undefined && !entry.when(run)) {
      if (index === 0) return;
      continue;
    }
    if (index === 0) hasHead = true;
    const cells = entry.make(run);
    records.push({ type: entry.name, ...cells, below: 0 });
    counted.push(...countedFact(cells));
  }
  const head = records[first];
  if (hasHead && head !== undefined) records[first] = { ...head, below: records.length - first - 1 };
}

/** A group may have thousands of counts; its identity stays short. */
function digest(counted: readonly string[]): string {
  if (counted.length === 0) return '';
  return createHash('sha256').update(JSON.stringify(counted)).digest('hex').slice(0, 32);
}
