import { scalarText, type Json } from '../core/json.ts';
import { parsePath, selectFirst, type JsonPath } from '../core/path.ts';
import type { KeyPath } from '../core/positioned-yaml.ts';
import type { Bind, Compiler, Level, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import type { Read, Run } from './run.ts';
import { noteSource } from './trace.ts';
import { PICKED_PART } from './types.ts';

const nothing: Bind<Read> = () => () => '';

/** Compiles a name: a column, a path, `document.key`, or the position of a level, `lines.#`. */
export function compileReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  if (name === 'document.key' && compiler.direction === 'inbound') {
    return () => (run) => (run.trace === undefined ? run.key : noteKey(run));
  }
  const counted = scope.levels.findLastIndex((level) => `${level.name}.#` === name);
  if (counted >= 0) return () => (run) => String(run.positions[counted] ?? 0);
  return compiler.shape === 'table'
    ? columnReference(name, scope, path, compiler)
    : pathReference(name, scope, path, compiler);
}

function noteKey(run: Run): string {
  run.trace?.current?.steps.push(`document.key: "${run.key}"`);
  return run.key;
}

function columnReference(name: string, scope: Scope, path: KeyPath, compiler: Compiler): Bind<Read> {
  const level = scope.levels.at(-1);
  const ownPart = compiler.parts[level?.part ?? 0] ?? PICKED_PART;
  const headName = ownPart !== PICKED_PART && name.startsWith('head.') ? name.slice('head.'.length) : name;
  const parts = ownPart === PICKED_PART ? [PICKED_PART] : headName === name ? [ownPart, PICKED_PART] : [PICKED_PART];
  compiler.columns.push({ name: headName, parts, isRequired: scope.isRequired, path });
  return ({ indexes, names, headSlot }) => {
    // Messages call a column what the file calls it, not what the mapping does.
    const shown = (part: string, index: number | undefined): string => {
      const written = index === undefined ? undefined : names(part)[index];
      return written?.replace(/^\ufeff/, '').trim() ?? headName;
    };
    const own = level !== undefined && parts.includes(ownPart) ? indexes.get(ownPart)?.find(headName) : undefined;
    const ownName = shown(ownPart, own);
    if (own !== undefined) return (run) => noteCell(run, ownName, run.cells[own]?.trim() ?? '');
    if (level !== undefined && ownPart === PICKED_PART) return (run) => noteCell(run, headName, '');
    const index = indexes.get(PICKED_PART)?.find(headName);
    const read = index === undefined ? noCell : (record: Cells): string => record.cells?.[index]?.trim() ?? '';
    const name = shown(PICKED_PART, index);
    return readHead(headSlot({ name, read }), name);
  };
}

interface Cells {
  readonly cells?: readonly string[];
}
const noCell = (): string => '';

function noteCell(run: Run, name: string, text: string): string {
  return run.trace === undefined ? text : noteSource(run, name, text);
}

function readHead(slot: number, name: string): Read {
  return (run) => {
    const text = run.head[slot] ?? '';
    return run.trace === undefined ? text : noteSource(run, name, text, 0, run.trace.headLines[slot] ?? run.line);
  };
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
  if (depth === undefined) {
    const read = ({ tree }: { readonly tree?: Json }): string => textOf(tree, steps);
    return ({ headSlot }) => readHead(headSlot({ name: pointerText(steps), read }), pointerText(steps));
  }
  const suffix = pointerText(steps);
  return () => (run) => {
    const text = textOf(run.nodes[depth], steps);
    return run.trace === undefined ? text : noteSource(run, `${run.trace.places[depth] ?? ''}${suffix}` || '/', text);
  };
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

function textOf(root: Json | undefined, steps: JsonPath): string {
  return scalarText(selectFirst(root, steps))?.trim() ?? '';
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
