import type { Json } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { readNumber } from './decimal.ts';
import { isHostileName } from '../compile/expression.ts';
import type { ValueKind } from './kind.ts';
import type { SchemaView } from '../payload/schema-view.ts';
import type { YamlValue } from '../types.ts';

/** A constant ready to be sent. `exactText`: how a number must be written. */
export interface Constant {
  readonly value: Json | undefined;
  readonly exactText: string | undefined;
}

const nothing: Constant = { value: undefined, exactText: undefined };

/** Checks a constant of the mapping by the schema it is meant for. */
export function compileConstant(
  given: YamlValue,
  kind: ValueKind | undefined,
  view: SchemaView | undefined,
  path: KeyPath,
  compiler: Compiler,
): Constant {
  if (given === null) return nothing;
  if (typeof given === 'object') return checkedTree(given, view, path, compiler);
  const source = compiler.yaml.numberSource(path) ?? String(given);
  if (typeof given === 'number' && kind?.emit === 'string') {
    // Without a schema digits that lose nothing may stand for themselves.
    if (view === undefined && source === String(given)) return { value: source, exactText: undefined };
    problem(compiler, 'unquoted-number', path, { got: source });
    return nothing;
  }
  // Without a schema a constant is what YAML says it is.
  const isUntyped = view?.types === undefined;
  const constant =
    isUntyped && typeof given !== 'number'
      ? { value: given, exactText: undefined }
      : typed(given, source, kind, path, compiler);
  const complaint =
    constant.value === undefined || view === undefined
      ? undefined
      : compiler.checkConstant(constant.value, view.pointer);
  if (complaint === undefined) return constant;
  problem(compiler, 'wrong-value', path, {
    what: `the provider does not take this value: ${complaint}`,
    got: source,
    ...expectation(view),
  });
  return nothing;
}

function typed(
  given: string | number | boolean,
  source: string,
  kind: ValueKind | undefined,
  path: KeyPath,
  compiler: Compiler,
): Constant {
  if (kind?.emit === 'number' || typeof given === 'number') {
    const read = readNumber(source, kind?.check === 'integer');
    if (!('problem' in read))
      return { value: read.value, exactText: String(read.value) === read.text ? undefined : read.text };
    problem(compiler, 'wrong-value', path, { what: 'this number cannot be sent', got: source });
    return nothing;
  }
  if (kind?.emit === 'boolean') {
    if (typeof given === 'boolean' || given === 'true' || given === 'false')
      return { value: String(given) === 'true', exactText: undefined };
    problem(compiler, 'wrong-type', path, { what: 'the provider wants true or false here', got: source });
    return nothing;
  }
  if (typeof given === 'string') return { value: given, exactText: undefined };
  problem(compiler, 'wrong-type', path, {
    what: 'the provider wants text here',
    got: source,
    hint: 'Put the value in quotes.',
  });
  return nothing;
}

function expectation(view: SchemaView | undefined): { expected?: string } {
  return view?.description === undefined ? {} : { expected: view.description };
}

function checkedTree(given: YamlValue, view: SchemaView | undefined, path: KeyPath, compiler: Compiler): Constant {
  const value = toJson(given, path, compiler);
  const complaint = value === undefined || view === undefined ? undefined : compiler.checkConstant(value, view.pointer);
  if (complaint === undefined) return { value, exactText: undefined };
  problem(compiler, 'wrong-value', path, {
    what: `the provider does not take this value: ${complaint}`,
    ...expectation(view),
  });
  return nothing;
}

function toJson(given: YamlValue, path: KeyPath, compiler: Compiler): Json | undefined {
  if (typeof given !== 'object' || given === null) return given;
  if (Array.isArray(given))
    return given.map((item: YamlValue, index) => toJson(item, [...path, index], compiler) ?? null);
  const result: Record<string, Json> = {};
  for (const [name, item] of Object.entries(given)) {
    if (isHostileName(name))
      return problem(compiler, 'wrong-value', [...path, name], { what: `"${name}" cannot be a property` });
    result[name] = toJson(item, [...path, name], compiler) ?? null;
  }
  return result;
}
