import { createIssue } from '../../core/issue.ts';
import type { Json } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import { compileEach } from './compile-each.ts';
import { compileValue, nothing, type Compiled } from './compile-value.ts';
import type { Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileCondition } from './condition.ts';
import { isHostileName } from './expression.ts';
import { keepExact, type Evaluate, type Run, type Test } from '../run.ts';
import type { SchemaView } from '../payload/schema-view.ts';
import { traceCondition } from '../payload/trace.ts';
import { sourceDirectives } from './source.ts';
import type { YamlObject, YamlValue } from '../types.ts';

/** Compiles any part of a map: a name, a value, an object, a list, or `$each`. */
export function compileNode(
  node: YamlValue,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  if (typeof node === 'string') return compileValue({ $from: node }, view, scope, path, compiler);
  if (typeof node !== 'object' || node === null) return bareConstant(node, view, path, compiler);
  if (Array.isArray(node)) return compileList(node as readonly YamlValue[], view, scope, path, compiler);
  const object = node as YamlObject;
  if (Object.hasOwn(object, '$each')) return compileEach(object, view, scope, path, compiler);
  if (Object.hasOwn(object, '$group')) {
    problem(compiler, 'wrong-value', [...path, '$group'], { what: '$group does nothing without $each' });
    return nothing;
  }
  const keys = Object.keys(object);
  const isObject =
    keys.some((key) => !key.startsWith('$')) && !sourceDirectives.some((name) => Object.hasOwn(object, name));
  return isObject
    ? compileObject(object, view, scope, path, compiler)
    : compileValue(object, view, scope, path, compiler);
}

function bareConstant(
  node: string | number | boolean | null,
  view: SchemaView | undefined,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  const source = compiler.yaml.numberSource(path) ?? String(node);
  if (typeof node === 'number' && view?.types?.has('string') === true) {
    problem(compiler, 'unquoted-number', path, { got: source });
    return nothing;
  }
  problem(compiler, 'wrong-type', path, {
    what: 'a constant without $value',
    got: source,
    hint: `Write { $value: ${source} } for a constant, or put quotes around a column's name.`,
  });
  return nothing;
}

/** `keepsEmpty`: what a record became is sent, or complained about, and never dropped. */
export function compileObject(
  node: YamlObject,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
  keepsEmpty = false,
): Compiled {
  if (view?.types !== undefined && !view.types.has('object')) {
    problem(compiler, 'wrong-type', path, {
      what: `the provider wants ${[...view.types].join(' or ')} here, not an object`,
    });
    return nothing;
  }
  const useless = Object.keys(node).find((key) => key.startsWith('$') && key !== '$when' && key !== '$required');
  if (useless !== undefined)
    problem(compiler, 'wrong-value', [...path, useless], { what: `${useless} does nothing beside properties` });
  const inner = ownScope(node, scope, path);
  const names = Object.keys(node).filter((key) => !key.startsWith('$') && isAllowed(key, view, path, compiler));
  reportUnmapped(names, view, path, compiler);
  const properties = names.map((name) => {
    const isRequired = inner.isRequired && view?.required.has(name) === true;
    return {
      name,
      ...compileNode(node[name] ?? null, view?.property(name), { ...inner, isRequired }, [...path, name], compiler),
    };
  });
  const isFromFile = properties.some((property) => property.isFromFile);
  const when =
    node['$when'] === undefined ? undefined : compileCondition(node['$when'], scope, [...path, '$when'], compiler);
  const keeps = keepsEmpty ? 'always' : isFromFile ? 'with-data' : 'any';
  return {
    isFromFile,
    bind: (binding) => {
      const bound = properties.map(({ name, bind }) => ({ name, evaluate: bind(binding) }));
      return unless(when?.(binding), evaluateObject(bound, keeps));
    },
  };
}

/** What an object requires is required as soon as it is made, even where the object itself may be left out. */
function ownScope(node: YamlObject, scope: Scope, path: KeyPath): Scope {
  if (node['$when'] !== undefined) return { ...scope, isRequired: false, isConditional: true };
  return scope.isRequired || scope.isConditional === true ? scope : { ...scope, isRequired: true, within: path };
}

function isAllowed(name: string, view: SchemaView | undefined, path: KeyPath, compiler: Compiler): boolean {
  const place = compiler.yaml.keyPlace([...path, name]);
  if (isHostileName(name)) {
    compiler.issues.push(createIssue('not-in-schema', place, { what: `"${name}" cannot be a property` }));
    return false;
  }
  const verdict = view?.verdict(name) ?? 'known';
  if (verdict === 'known') return true;
  compiler.issues.push(
    createIssue('not-in-schema', place, {
      what: `the provider has no property "${[...path.slice(path[0] === 'operations' ? 3 : 1), name].filter((step) => !String(step).startsWith('$')).join('.')}"`,
      severity: verdict === 'open' ? 'warning' : 'error',
      ...suggestion(name, view?.names ?? []),
    }),
  );
  return verdict === 'open';
}

function reportUnmapped(
  names: readonly string[],
  view: SchemaView | undefined,
  path: KeyPath,
  compiler: Compiler,
): void {
  for (const name of view?.required ?? []) {
    if (names.includes(name)) continue;
    const expected = view?.property(name)?.description;
    const details = {
      what: `the provider requires "${name}", and nothing maps it`,
      ...(expected === undefined ? {} : { expected }),
    };
    compiler.issues.push(createIssue('missing-property', compiler.yaml.keyPlace(path), details));
  }
}

function compileList(
  list: readonly YamlValue[],
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  if (view?.types !== undefined && !view.types.has('array')) {
    problem(compiler, 'wrong-type', path, {
      what: `the provider wants ${[...view.types].join(' or ')} here, not a list`,
    });
    return nothing;
  }
  const inner = { ...scope, isRequired: scope.isRequired && list.length === 1 };
  const items = list.map((item, index) => compileNode(item, view?.items, inner, [...path, index], compiler));
  return {
    isFromFile: items.some(({ isFromFile }) => isFromFile),
    bind: (binding) => {
      const evaluates = items.map(({ bind }) => bind(binding));
      return (run) => evaluateList(run, evaluates);
    },
  };
}

function evaluateList(run: Run, evaluates: readonly Evaluate[]): Json | undefined {
  const { trace } = run;
  const result: Json[] = [];
  for (const evaluate of evaluates) {
    trace?.path.push(result.length);
    const value = evaluate(run);
    trace?.path.pop();
    if (value === undefined) continue;
    if (run.exactText !== undefined) keepExact(run, result as unknown as Record<number, Json>, result.length);
    result.push(value);
  }
  return result.length === 0 ? undefined : result;
}

function unless(when: Test | undefined, evaluate: Evaluate): Evaluate {
  if (when === undefined) return evaluate;
  return (run) => {
    const { trace } = run;
    const isHeld = trace === undefined ? when(run) : traceCondition(trace, () => when(run));
    return isHeld ? evaluate(run) : undefined;
  };
}

interface Property {
  readonly name: string;
  readonly evaluate: Evaluate;
}

function evaluateObject(properties: readonly Property[], keeps: 'always' | 'with-data' | 'any'): Evaluate {
  return (run) => {
    const { trace, isFromFile } = run;
    const mark = trace?.entries.length ?? 0;
    run.isFromFile = false;
    const result: Record<string, Json> = {};
    let isEmpty = true;
    for (const { name, evaluate } of properties) {
      trace?.path.push(name);
      const value = evaluate(run);
      trace?.path.pop();
      if (value === undefined) continue;
      isEmpty = false;
      result[name] = value;
      if (run.exactText !== undefined) keepExact(run, result, name);
    }
    const hasData = run.isFromFile;
    run.isFromFile = isFromFile || hasData;
    if (keeps === 'always' || (!isEmpty && (hasData || keeps === 'any'))) return result;
    // With a trace, a half-made object stays: what else is wrong in it is worth telling.
    return trace !== undefined && trace.entries.slice(mark).some(({ hasFailed }) => hasFailed) ? result : undefined;
  };
}
