import type { Json } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import { compileObject } from './compile-node.ts';
import { compileValue, nothing, type Compiled } from './compile-value.ts';
import type { Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileCondition } from './condition.ts';
import { pointerText, resolvePath } from './reference.ts';
import { keepExact, report, type Evaluate, type Test } from '../run.ts';
import type { SchemaView } from '../payload/schema-view.ts';
import { beginEntry, pointerOf, type HollowList } from '../payload/trace.ts';
import { elementsOf } from '../testing/tree-text.ts';
import type { KeySpec, YamlObject } from '../types.ts';
import { compileRecordWalk, isRecordWalk, type Each, type GroupSpec, type Walk } from '../records/walk-records.ts';
import { yamlText } from '../definition/yaml-value.ts';

/** Compiles `$each`: one element per record, per group of rows, or per element of an array. */
export function compileEach(
  node: YamlObject,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  const { $each, $group, $when, $required, ...element } = node;
  if (view?.types !== undefined && !view.types.has('array')) {
    problem(compiler, 'wrong-type', [...path, '$each'], {
      what: `the provider wants ${[...view.types].join(' or ')} here, not a list`,
    });
    return nothing;
  }
  const group = $group === undefined ? undefined : { by: $group as KeySpec, isRequired: $required === true };
  const walk = compileWalk(yamlText($each), group, scope, [...path, '$each'], compiler);
  if (walk === undefined) return nothing;
  const isRequired = scope.isRequired && $when === undefined;
  const inner: Scope = {
    levels: [...scope.levels, walk.level],
    isRequired,
    within: isRequired ? scope.within : undefined,
    isConditional: scope.isConditional === true || $when !== undefined,
  };
  const isObject = Object.keys(element).some((key) => !key.startsWith('$'));
  const compiled = isObject
    ? compileObject(element, view?.items, inner, path, compiler, true)
    : compileValue(element, view?.items, inner, path, compiler);
  const when = $when === undefined ? undefined : compileCondition($when, inner, [...path, '$when'], compiler);
  return {
    isFromFile: true,
    bind: (binding) =>
      collect(walk.each(binding), compiled.bind(binding), when?.(binding), {
        over: yamlText($each),
        isRequired: $required === true,
        isInner: scope.levels.length > 0,
      }),
  };
}

function compileWalk(
  over: string,
  group: GroupSpec | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Walk | undefined {
  if (compiler.direction === 'outbound') {
    return problem(compiler, 'wrong-value', path, {
      what: 'rows have no lists',
      hint: 'Say with rows: what one row is.',
    });
  }
  if (isRecordWalk(over, compiler)) return compileRecordWalk(over, group, scope, path, compiler);
  if (group !== undefined) {
    problem(compiler, 'wrong-value', [...path.slice(0, -1), '$group'], { what: '$group is for rows of a table' });
  }
  return compileElements(over, scope, scope.levels.length + 1, path, compiler);
}

function compileElements(
  over: string,
  scope: Scope,
  depth: number,
  path: KeyPath,
  compiler: Compiler,
): Walk | undefined {
  const found = resolvePath(over, scope, compiler);
  const name = found?.steps.steps.findLast((step) => step.kind === 'name')?.name ?? over;
  if (found === undefined)
    return problem(compiler, 'wrong-value', path, {
      what: `"${over}" is no path`,
      hint: 'Write Items, or Order.Items.',
    });
  const pointer = pointerText(found.steps);
  const base = found.depth;
  return {
    level: { name, kind: 'elements', part: 0 },
    each: () => (run, visit) => {
      const { line } = run;
      let position = 0;
      for (const start of base === undefined ? (run.parts[0] ?? []) : [undefined]) {
        const root = base === undefined ? start?.tree : run.nodes[base];
        if (start !== undefined) run.line = start.line;
        const place = run.trace?.places[base ?? 0] ?? '';
        for (const [index, element] of elementsOf(root, found.steps).entries()) {
          run.nodes[depth] = element;
          run.positions[depth - 1] = ++position;
          if (run.trace !== undefined) run.trace.places[depth] = `${place}${pointer}/${index}`;
          visit();
        }
      }
      run.line = line;
    },
  };
}

/** What is told of a list when it stays empty. */
interface ListWords {
  readonly over: string;
  readonly isRequired: boolean;
  /** It lies inside another list: its lines are not those of the document. */
  readonly isInner: boolean;
}

function collect(each: Each, evaluate: Evaluate, when: Test | undefined, words: ListWords): Evaluate {
  return (run) => {
    const result: Json[] = [];
    const { trace } = run;
    let seen = 0;
    let fitting = 0;
    each(run, () => {
      seen++;
      if (when !== undefined && !when(run)) return;
      fitting++;
      const mark = trace?.entries.length ?? 0;
      trace?.path.push(result.length);
      let value = evaluate(run);
      trace?.path.pop();
      if (value === undefined && trace !== undefined) value = placeholder(trace.entries, mark);
      if (value === undefined) return;
      if (run.exactText !== undefined) keepExact(run, result as unknown as Record<number, Json>, result.length);
      result.push(value);
    });
    if (result.length > 0) {
      run.isFromFile = true;
      return result;
    }
    const finding = hollowFinding(words, seen, fitting);
    trace?.hollow.push({ pointer: pointerOf(trace.path), finding });
    if (words.isRequired) {
      if (trace !== undefined) beginEntry(trace);
      report(run, 'no-lines', finding);
      if (trace !== undefined) trace.current = undefined;
    }
    return undefined;
  };
}

function hollowFinding({ over, isInner }: ListWords, seen: number, fitting: number): HollowList['finding'] {
  const inner = isInner ? { what: say`the list "${over}" is empty` } : {};
  if (seen === 0) return { ...inner, expected: say`at least one of "${over}"` };
  if (fitting === 0) return { ...inner, expected: say`at least one of "${over}" that fits its $when` };
  const what = isInner ? inner.what : say`all lines of the document are empty`;
  return { ...(what === undefined ? {} : { what }), expected: say`at least one of "${over}" with values` };
}

/** Keeps the place of an element that failed, so that those after it keep their numbers; forgets one that was empty. */
function placeholder(entries: { readonly hasFailed: boolean }[], mark: number): Json | undefined {
  if (entries.slice(mark).some(({ hasFailed }) => hasFailed)) return null;
  entries.length = mark;
  return undefined;
}
