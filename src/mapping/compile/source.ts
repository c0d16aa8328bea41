import type { KeyPath } from '../../core/positioned-yaml.ts';
import type { Bind, Compiler, Scope } from './compiler.ts';
import { problem } from './compiler.ts';
import { withOwnEmpty } from '../values/empty-texts.ts';
import { withoutLookUps } from './look-up.ts';
import { compileReference } from './reference.ts';
import { report, type Read, type Run } from '../run.ts';
import { isSpreadsheetError } from '../values/spreadsheet-errors.ts';
import { compileNestedCheck, compileSteps } from '../values/steps.ts';
import { asOf } from '../values/kind.ts';
import { isTemplate, parseTemplate } from './template.ts';
import { compileCondition } from './condition.ts';
import { suggestion, suggestionText } from '../../core/shape.ts';
import { directives } from '../definition/node-schema.ts';
import type { YamlObject, YamlValue } from '../types.ts';
import { isYamlObject, yamlText } from '../definition/yaml-value.ts';

/** Where a text comes from. */
export interface TextSource {
  readonly bind: Bind<Read>;
  /** Whether it reads the file, and is not the same for every document but for the key. */
  readonly isFromFile: boolean;
}

export const sourceDirectives = ['$from', '$first', '$value', '$join', '$expr'] as const;
export type SourceDirective = (typeof sourceDirectives)[number];

/** The directive that says where the value comes from; a problem when there is none, or more than one. */
export function sourceOf(node: YamlObject, path: KeyPath, compiler: Compiler): SourceDirective | undefined {
  const found = sourceDirectives.filter((name) => Object.hasOwn(node, name));
  const property = Object.keys(node).find((key) => !key.startsWith('$'));
  if (property !== undefined) {
    const hint = suggestion(`$${property}`, directives);
    return problem(compiler, 'wrong-value', [...path, property], {
      what: `a value has no properties, so "${property}" cannot stand here`,
      ...(suggestionText(`$${property}`, directives).startsWith('Did') ? hint : {}),
    });
  }
  if (found.length > 1) {
    return problem(compiler, 'wrong-value', path, {
      what: `only one of ${found.join(' and ')} can say where the value comes from`,
    });
  }
  const [source] = found;
  if (source !== undefined) return source;
  return problem(compiler, 'missing-key', path, {
    what: 'nothing says where the value comes from',
    hint: `Add one of ${sourceDirectives.join(', ')}.`,
  });
}

/** Compiles every source but `$expr` and constants that are no text. */
export function compileSource(
  source: SourceDirective,
  node: YamlObject,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): TextSource {
  const given = node[source];
  const place = [...path, source];
  if (source === '$from') return compileName(yamlText(given), scope, place, compiler);
  if (source === '$value') return compileTemplate(yamlText(given), scope, place, compiler);
  if (source === '$first') {
    const loose = Array.isArray(given) && given.length > 1 ? { ...scope, isRequired: false } : scope;
    return firstOf(compileList(given, loose, place, compiler));
  }
  const isObject = isYamlObject(given);
  const list = isObject ? given['of'] : given;
  const separator = isObject ? (given['with'] ?? ' ') : ' ';
  const loose = { ...scope, isRequired: false };
  return joined(compileList(list, loose, isObject ? [...place, 'of'] : place, compiler), yamlText(separator));
}

export function compileName(name: string, scope: Scope, path: KeyPath, compiler: Compiler): TextSource {
  if (isTemplate(compiler.shape === 'tree' ? withoutLookUps(name) : name)) {
    problem(compiler, 'wrong-value', path, {
      what: 'a column name with braces',
      hint: `For a template write { $value: "${name}" }.`,
    });
  }
  const bind = compileReference(name, scope, path, compiler);
  return { bind: (binding) => guarded(bind(binding)), isFromFile: name !== 'document.key' };
}

function guarded(read: Read): Read {
  return (run) => {
    const text = read(run);
    if (text.charCodeAt(0) !== 35 || !isSpreadsheetError(text)) return text;
    report(run, 'spreadsheet-error', { got: text });
    return '';
  };
}

/** Compiles `{Site}-{OrderNo}`. Empty when it names something and all of it is empty. */
export function compileTemplate(text: string, scope: Scope, path: KeyPath, compiler: Compiler): TextSource {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) {
    problem(compiler, 'bad-template', path, { what: parsed.problem, got: text });
    return { bind: () => () => '', isFromFile: false };
  }
  const loose = {
    ...scope,
    isRequired: scope.isRequired && parsed.parts.filter(({ kind }) => kind === 'name').length === 1,
  };
  const parts = parsed.parts.map((part) =>
    part.kind === 'text' ? part.text : compileName(part.name, loose, path, compiler),
  );
  const names = parts.filter((part) => typeof part !== 'string');
  if (names.length === 0) {
    const constant = parts.filter((part) => typeof part === 'string').join('');
    return { bind: () => () => constant, isFromFile: false };
  }
  return {
    isFromFile: names.some(({ isFromFile }) => isFromFile),
    bind: (binding) => {
      const pieces = parts.map((part) => (typeof part === 'string' ? part : part.bind(binding)));
      return (run) => fill(pieces, run);
    },
  };
}

function fill(pieces: readonly (string | Read)[], run: Run): string {
  let result = '';
  let isEmpty = true;
  for (const piece of pieces) {
    const text = typeof piece === 'string' ? piece : piece(run);
    if (typeof piece !== 'string' && text !== '') isEmpty = false;
    result += text;
  }
  return isEmpty ? '' : result;
}

function compileList(
  list: YamlValue | undefined,
  scope: Scope,
  path: KeyPath,
  compiler: Compiler,
): readonly TextSource[] {
  return (list as readonly YamlValue[]).map((node, index) => compileText(node, scope, [...path, index], compiler));
}

function firstOf(sources: readonly TextSource[]): TextSource {
  return {
    isFromFile: sources.some(({ isFromFile }) => isFromFile),
    bind: (binding) => {
      const reads = sources.map(({ bind }) => bind(binding));
      return (run) => {
        for (const read of reads) {
          const text = read(run);
          if (text !== '') return text;
        }
        return '';
      };
    },
  };
}

function joined(sources: readonly TextSource[], separator: string): TextSource {
  return {
    isFromFile: sources.some(({ isFromFile }) => isFromFile),
    bind: (binding) => {
      const reads = sources.map(({ bind }) => bind(binding));
      return (run) =>
        reads
          .map((read) => read(run))
          .filter((text) => text !== '')
          .join(separator);
    },
  };
}

/** Compiles a value that stands inside another: a name, or directives that make a text. */
function compileText(node: YamlValue, scope: Scope, path: KeyPath, compiler: Compiler): TextSource {
  if (typeof node === 'string') return compileName(node, scope, path, compiler);
  const nothing: TextSource = { bind: () => () => '', isFromFile: false };
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    problem(compiler, 'wrong-type', path, { what: 'a name or a value with directives belongs here' });
    return nothing;
  }
  const object = node as YamlObject;
  const source = sourceOf(object, path, compiler);
  const misplaced =
    ['$each', '$required'].find((name) => Object.hasOwn(object, name)) ?? (source === '$expr' ? source : undefined);
  if (misplaced !== undefined)
    problem(compiler, 'wrong-value', [...path, misplaced], { what: `${misplaced} cannot stand inside another value` });
  if (source === undefined || misplaced !== undefined) return nothing;
  return compileNested(object, source, scope, path, compiler);
}

function compileNested(
  node: YamlObject,
  source: SourceDirective,
  { isWhole = false, ...scope }: Scope,
  path: KeyPath,
  compiler: Compiler,
): TextSource {
  const loose =
    Object.hasOwn(node, '$default') || Object.hasOwn(node, '$when') ? { ...scope, isRequired: false } : scope;
  const step = compileSteps(node, undefined, path, compiler);
  const own = isWhole && step === undefined ? { ...loose, isWhole } : loose;
  const { bind, isFromFile } = compileSource(source, node, withOwnEmpty(own, node, path, compiler), path, compiler);
  const check = compiler.direction === 'inbound' ? compileNestedCheck(asOf(node['$as'])) : undefined;
  const otherwise = yamlText(node['$default']);
  const when =
    node['$when'] === undefined ? undefined : compileCondition(node['$when'], scope, [...path, '$when'], compiler);
  return {
    isFromFile,
    bind: (binding) => {
      const read = bind(binding);
      const test = when?.(binding);
      return (run) => {
        if (test !== undefined && !test(run)) return '';
        let text = read(run);
        if (text !== '' && step !== undefined) text = step(run, text);
        if (text !== '' && check !== undefined) text = check(run, text);
        return text === '' ? otherwise : text;
      };
    },
  };
}
