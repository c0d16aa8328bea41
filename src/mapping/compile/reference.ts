import type { IssueDetails } from '../../core/issue.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { parsePath, selectFirst, type JsonPath } from '../../core/path.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import { columnReference, readHead } from '../records/column-reference.ts';
import type { Bind, Compiler, Level, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileLookUp, isLookUp } from './look-up.ts';
import { withoutEmpty } from '../values/empty-texts.ts';
import { reportAt, type Read, type Run } from '../run.ts';
import { noteSource } from '../payload/trace.ts';
import { isComposite, treeText } from '../testing/tree-text.ts';

const nothing: Bind<Read> = () => () => '';

/** Compiles a name: a column, a path, `document.key`, or the position of a level, `lines.#`. */
export function compileReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  if (name === 'document.key' && compiler.direction === 'inbound') {
    return () => (run) => (run.trace === undefined ? run.key : noteKey(run));
  }
  const counted = scope.levels.findLastIndex((level) => `${level.name}.#` === name);
  if (counted >= 0) return () => (run) => String(run.positions[counted] ?? 0);
  const reference = compiler.shape === 'table' ? columnReference : pathReference;
  return withoutEmpty(reference(name, scope, path, compiler), scope, compiler);
}

function noteKey(run: Run): string {
  run.trace?.current?.steps.push(`document.key: "${run.key}"`);
  return run.key;
}

function pathReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  const found = resolvePath(name, scope, compiler);
  if (found === undefined) {
    problem(compiler, 'wrong-value', path, {
      what: `"${name}" is no path`,
      hint: 'Write ShipTo.Name or Items[0].Sku.',
    });
    return nothing;
  }
  const { depth, steps } = found;
  if (isLookUp(steps)) {
    const compileKey = (key: string): Bind<Read> => compileReference(key, scope, path, compiler);
    return compileLookUp(steps, (run) => rootsAt(run, depth), compileKey, compositeDetails);
  }
  if (depth === undefined) {
    const { isWhole } = scope;
    const read = ({ tree }: { readonly tree?: Json }): string => textOf(tree, steps, isWhole);
    const name = pointerText(steps);
    const column = { part: 0, name, read, ...(isWhole === true ? { slot: `${name}\nwhole` } : {}) };
    return ({ headSlot }) => {
      const shared = readHead(headSlot(column), column);
      return (run) => {
        const text = shared(run);
        if (text === '') tellShared(run, steps);
        return text;
      };
    };
  }
  const suffix = pointerText(steps);
  return () => (run) => {
    const text = textOf(run.nodes[depth], steps, scope.isWhole);
    const pointer = (): string => `${run.trace?.places[depth] ?? ''}${suffix}` || '/';
    if (text === '') tellLost(run, run.nodes[depth], steps, { part: run.part, line: run.line, pointer });
    return run.trace === undefined ? text : noteSource(run, pointer(), text);
  };
}

function rootsAt({ nodes, parts }: Run, depth: number | undefined): readonly Json[] {
  return depth === undefined ? (parts[0] ?? []).map(({ tree }) => tree ?? null) : [nodes[depth] ?? null];
}

function tellShared(run: Run, steps: JsonPath): void {
  for (const { tree, line } of run.parts[0] ?? []) {
    if (tellLost(run, tree, steps, { part: 0, line, pointer: () => pointerText(steps) || '/' })) return;
  }
}

interface Stand {
  readonly part: number;
  readonly line: number;
  readonly pointer: () => string;
}

/** What is in a list or an object would be lost without a word where one value is wanted. */
function tellLost(run: Run, root: Json | undefined, steps: JsonPath, { part, line, pointer }: Stand): boolean {
  const value = selectFirst(root, steps);
  if (!isComposite(value)) return false;
  const source = { file: run.trace?.files[part] ?? '', line, column: pointer(), text: '' };
  reportAt(run, source, 'not-a-value', compositeDetails(value, steps.text));
  return true;
}

function compositeDetails(value: Json | undefined, path: string): IssueDetails {
  if (!isJsonObject(value)) {
    const what = say`a list instead of a value`;
    const hint = say`Name one element in the mapping, such as ${path}[0], or walk through all with $each.`;
    return { what, hint };
  }
  const [member = ''] = Object.keys(value);
  const what = say`an object instead of a value`;
  return { what, hint: say`Name one of its members in the mapping, such as ${path}.${member}.` };
}

/**
 * Which element a path starts from: the level it names, with `$.` the root, otherwise the innermost. `depth` undefined:
 * each record of the document, whose values must agree.
 */
export function resolvePath(
  name: string,
  { levels }: Scope,
  compiler: Compiler,
): { depth: number | undefined; steps: JsonPath } | undefined {
  const steps = parsePath(name);
  if (steps === undefined) return undefined;
  const rootDepth = compiler.direction === 'outbound' ? 0 : levels[0]?.kind === 'records' ? 1 : undefined;
  if (name.startsWith('$.')) return { depth: rootDepth, steps };
  const [first, ...rest] = steps.steps;
  const named = first?.kind === 'name' ? levels.findLastIndex((level: Level) => level.name === first.name) : -1;
  if (named >= 0) return { depth: named + 1, steps: { text: name, steps: rest } };
  return { depth: levels.length > 0 ? levels.length : rootDepth, steps };
}

function textOf(root: Json | undefined, steps: JsonPath, isWhole: boolean | undefined): string {
  return treeText(selectFirst(root, steps), isWhole);
}

/** `/ShipTo/Name` of `ShipTo.Name`. */
export function pointerText({ steps }: JsonPath): string {
  return steps
    .map((step) => {
      if (step.kind === 'name') return `/${step.name}`;
      if (step.kind === 'index') return `/${step.index}`;
      return step.kind === 'each' ? '' : `[${step.name}=${step.equals}]`;
    })
    .join('');
}
