import { rawNumber, scalarText, type Json } from '../../core/json.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Bind, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileCondition } from './condition.ts';
import { compileConstant } from '../values/constant.ts';
import { createConvert, type Convert } from '../values/convert.ts';
import type { Step } from '../values/date-step.ts';
import { withOwnEmpty } from '../values/empty-texts.ts';
import { compileExpressionSource } from './expression-source.ts';
import { asOf, valueKind, type ValueKind } from '../values/kind.ts';
import { report, type Evaluate, type Read, type Run, type Test } from '../run.ts';
import type { SchemaView } from '../payload/schema-view.ts';
import { compileSource, compileTemplate, sourceOf } from './source.ts';
import { compileSteps } from '../values/steps.ts';
import { isTemplate } from './template.ts';
import { beginEntry } from '../payload/trace.ts';
import type { YamlObject } from '../types.ts';
import { yamlText } from '../definition/yaml-value.ts';

/** A part of the payload, compiled. */
export interface Compiled {
  readonly bind: Bind<Evaluate>;
  /** Whether it can take anything from the file. Constants alone do not make an object worth sending. */
  readonly isFromFile: boolean;
}

const text: ValueKind = { check: 'string', emit: 'string' };
export const nothing: Compiled = { bind: () => () => undefined, isFromFile: false };

/** Compiles a value of the payload: source, steps, conversion by the schema. A bare name comes as `{ $from: name }`. */
export function compileValue(
  node: YamlObject,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  const source = sourceOf(node, path, compiler);
  if (source === undefined) return nothing;
  const as = asOf(node['$as']);
  const kind = compiler.direction === 'outbound' ? text : valueKind(as, view);
  if (source === '$value' && isConstant(node['$value'])) return constantValue(node, kind, view, scope, path, compiler);
  if (kind === undefined && source !== '$expr') return mismatch(view, path, compiler);
  const own = withOwnEmpty(ownScope(node, scope), node, path, compiler);
  const step = compileSteps(node, kind, path, compiler);
  const isWhole = kind?.check === 'integer' && step === undefined && (source === '$from' || source === '$first');
  const parts: ValueParts = {
    kind: kind ?? text,
    step,
    convert: createConvert(kind ?? text, view, compiler.direction === 'inbound' && as === undefined),
    otherwise: defaultValue(node, kind, view, scope, path, compiler),
    when:
      node['$when'] === undefined ? undefined : compileCondition(node['$when'], scope, [...path, '$when'], compiler),
    isRequired: node['$required'] === true,
  };
  if (source === '$expr') return expressionValue(node, parts, own, path, compiler);
  const from = compileSource(source, node, isWhole ? { ...own, isWhole } : own, path, compiler);
  const bind: Bind<Evaluate> = (binding) => {
    const otherwise = parts.otherwise?.bind(binding);
    return traced(evaluateText(from.bind(binding), parts, from.isFromFile, otherwise), parts.when?.(binding));
  };
  return { bind, isFromFile: from.isFromFile };
}

interface ValueParts {
  readonly kind: ValueKind;
  readonly step: Step | undefined;
  readonly convert: Convert;
  readonly otherwise: Compiled | undefined;
  readonly when: Bind<Test> | undefined;
  readonly isRequired: boolean;
}

function isConstant(value: YamlObject[string] | undefined): boolean {
  return typeof value !== 'string' || !isTemplate(value);
}

function ownScope(node: YamlObject, scope: Scope): Scope {
  if (node['$default'] !== undefined || node['$when'] !== undefined) return { ...scope, isRequired: false };
  return node['$required'] === true ? { ...scope, isRequired: true, within: undefined } : scope;
}

function evaluateText(read: Read, parts: ValueParts, isFromFile: boolean, otherwise: Evaluate | undefined): Evaluate {
  const { step, convert, isRequired } = parts;
  return (run) => {
    let text = read(run);
    if (step !== undefined && text !== '') text = step(run, text);
    if (text === '') return absent(run, otherwise, isRequired);
    if (isFromFile) run.isFromFile = true;
    return convert(run, text);
  };
}

function absent(run: Run, otherwise: Evaluate | undefined, isRequired: boolean): Json | undefined {
  if (run.trace?.current?.hasFailed === true) return undefined;
  if (otherwise !== undefined) return otherwise(run);
  if (isRequired) report(run, 'missing-value');
  return undefined;
}

/** Keeps the history of the value when somebody asked for it. */
function traced(evaluate: Evaluate, when: Test | undefined): Evaluate {
  return (run) => {
    if (when !== undefined && !when(run)) return undefined;
    const { trace } = run;
    // The hot path: everything below is for the second look.
    if (trace === undefined) return evaluate(run);
    const entry = beginEntry(trace);
    const value = evaluate(run);
    entry.value = run.exactText === undefined ? value : rawNumber(run.exactText);
    trace.current = undefined;
    return value;
  };
}

function constantValue(
  node: YamlObject,
  kind: ValueKind | undefined,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  const useless = Object.keys(node).find((key) => !['$value', '$when', '$required', '$as'].includes(key));
  if (useless !== undefined)
    problem(compiler, 'wrong-value', [...path, useless], { what: `${useless} does nothing beside a constant` });
  const { value, exactText } = compileConstant(node['$value'] ?? null, kind, view, [...path, '$value'], compiler);
  const when =
    node['$when'] === undefined ? undefined : compileCondition(node['$when'], scope, [...path, '$when'], compiler);
  const evaluate: Evaluate = (run) => {
    if (exactText !== undefined) run.exactText = exactText;
    return value;
  };
  return { bind: (binding) => traced(evaluate, when?.(binding)), isFromFile: false };
}

function defaultValue(
  node: YamlObject,
  kind: ValueKind | undefined,
  view: SchemaView | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled | undefined {
  const given = node['$default'];
  const place = [...path, '$default'];
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'string' && isTemplate(given)) {
    const template = compileTemplate(given, { ...scope, isRequired: false }, place, compiler);
    const convert = createConvert(kind ?? text, view, false);
    return {
      isFromFile: template.isFromFile,
      bind: (binding) => {
        const read = template.bind(binding);
        return (run) => {
          const text = read(run);
          return text === '' ? undefined : convert(run, text);
        };
      },
    };
  }
  const { value, exactText } = compileConstant(given, kind, view, place, compiler);
  const evaluate: Evaluate = (run) => {
    run.trace?.current?.steps.push('$default');
    if (exactText !== undefined) run.exactText = exactText;
    return value;
  };
  return { bind: () => evaluate, isFromFile: false };
}

function expressionValue(
  node: YamlObject,
  parts: ValueParts,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): Compiled {
  const ask = compileExpressionSource(yamlText(node['$expr']), scope, [...path, '$expr'], compiler);
  if (ask === undefined) return nothing;
  const bind: Bind<Evaluate> = (binding) => {
    const answer = ask(binding);
    const otherwise = parts.otherwise?.bind(binding);
    const evaluate: Evaluate = (run) => {
      const value = answer(run);
      const text = scalarText(value);
      if (value !== undefined && text === undefined) {
        run.isFromFile = true;
        return value;
      }
      return evaluateText(() => text?.trim() ?? '', parts, true, otherwise)(run);
    };
    return traced(evaluate, parts.when?.(binding));
  };
  return { bind, isFromFile: true };
}

function mismatch(view: SchemaView | undefined, path: KeyPath, compiler: Compiler): Compiled {
  const types = [...(view?.types ?? [])];
  const isList = types.includes('array');
  problem(compiler, 'wrong-type', path, {
    what: isList
      ? 'the provider wants a list here'
      : `the provider wants ${types.join(' or ')} here, not a single value`,
    hint: isList ? 'Write [Column], or use $each.' : 'Map its properties one by one.',
  });
  return nothing;
}
