import type { Json } from '../../core/json.ts';
import { parsePath, type JsonPath } from '../../core/path.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Run } from '../run.ts';
import { elementsOf } from '../testing/tree-text.ts';
import type { Compiler, Level } from './compiler.ts';
import { problem } from './compiler.ts';
import { isLookUp } from './look-up.ts';
import { pointerText } from './reference.ts';

/** What rows go through: the levels, and the path of each from the one around it. */
export interface RowLevels {
  readonly levels: readonly Level[];
  readonly paths: readonly JsonPath[];
}

/** `Shipments[].Packages[]` as the levels Shipments and Packages. */
export function compileLevels(rows: string | undefined, path: KeyPath, compiler: Compiler): RowLevels {
  if (rows === undefined) return { levels: [], paths: [] };
  const levels: Level[] = [];
  const paths: JsonPath[] = [];
  let steps: JsonPath['steps'][number][] = [];
  const parsed = parsePath(rows);
  if (parsed !== undefined && isLookUp(parsed)) {
    problem(compiler, 'wrong-value', path, { what: 'a look-up finds values, not rows', hint: 'Use it in map.' });
  }
  for (const step of parsed?.steps ?? []) {
    if (step.kind !== 'each') {
      steps.push(step);
      continue;
    }
    const name = steps.findLast((own) => own.kind === 'name')?.name ?? '';
    levels.push({ name, kind: 'elements', part: 0 });
    paths.push({ text: name, steps });
    steps = [];
  }
  if (levels.length === 0 || steps.length > 0) {
    problem(compiler, 'wrong-value', path, {
      what: 'this does not say what one row is',
      hint: 'End it with []: Shipments[].Packages[].',
    });
  }
  return { levels, paths };
}

/** Stands at each element of a list, which lies in the element at a depth. */
export function eachElement(run: Run, path: JsonPath, depth: number, visit: () => void): void {
  const pointer = pointerText(path);
  const elements: readonly Json[] = elementsOf(run.nodes[depth], path);
  for (const [index, element] of elements.entries()) {
    run.nodes[depth + 1] = element;
    run.positions[depth] = index + 1;
    if (run.trace !== undefined) run.trace.places[depth + 1] = `${run.trace.places[depth] ?? ''}${pointer}/${index}`;
    visit();
  }
}
