import { scalarText } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Evaluate, Run } from '../run.ts';
import type { CellGrowth, YamlObject, YamlValue } from '../types.ts';
import { compileGrowth, countOf, isGrowth } from './compile-growth.ts';
import { compileNode } from './compile-node.ts';
import type { Binding, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';

/** Feed items need no columns: what is bound is bound at once. */
export const binding: Binding = { indexes: new Map(), names: () => [], headSlot: () => 0 };

/** The columns of a row and what makes them. */
export interface RowCells {
  readonly columns: readonly string[];
  make(run: Run): MadeCells;
}

export interface MadeCells {
  readonly cells: readonly string[];
  readonly growth?: CellGrowth;
}

export function compileCells(map: YamlObject, scope: Scope, path: KeyPath, compiler: Compiler): RowCells {
  const columns = orderedColumns(map, path, compiler);
  const evaluates = columns.map((name) => compileCell(map[name] ?? null, scope, [...path, name], compiler));
  const growth = compileGrowth(map, columns, scope, { binding, path }, compiler);
  return {
    columns,
    make(run) {
      const { trace } = run;
      const cells = evaluates.map((evaluate, index) => {
        trace?.path.push(columns[index] ?? '');
        const value = evaluate(run);
        trace?.path.pop();
        return scalarText(value) ?? '';
      });
      return growth === undefined ? { cells } : { cells, growth: growth(run) };
    },
  };
}

/** What rows with counts state: how far these have come. The same line comes again with higher ones. */
export function countedFact({ cells, growth }: MadeCells): readonly string[] {
  if (growth === undefined) return [];
  return [growth.key, ...growth.columns.map((column) => cells[column] ?? '')];
}

/** In the order of the file: JavaScript moves names that look like numbers to the front. */
function orderedColumns(map: YamlObject, path: KeyPath, compiler: Compiler): readonly string[] {
  const place = (name: string): number => {
    const { line = 0, character = 0 } = compiler.yaml.keyPlace([...path, name]);
    return line * 100_000 + character;
  };
  return Object.keys(map).sort((a, b) => place(a) - place(b));
}

function compileCell(node: YamlValue, scope: Scope, path: KeyPath, compiler: Compiler): Evaluate {
  const isPlural =
    typeof node === 'object' &&
    node !== null &&
    (Array.isArray(node) || Object.keys(node).every((key) => !key.startsWith('$')));
  if (isPlural) {
    problem(compiler, 'wrong-type', path, {
      what: 'a cell holds one value, not a list or an object',
      hint: 'Use $join for several values.',
    });
    return () => undefined;
  }
  const value = isGrowth(node) ? countOf(node, path, compiler) : node;
  return compileNode(value, undefined, scope, path, compiler).bind(binding);
}
