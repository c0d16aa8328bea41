import type { KeyPath } from '../../core/positioned-yaml.ts';
import { say } from '../../core/text.ts';
import { compileBooleanStep } from './boolean-step.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import { compileDateStep, type Step } from './date-step.ts';
import { readNumberText } from './decimal.ts';
import { emptyTexts } from './empty-texts.ts';
import { checkGtin } from './gtin.ts';
import { asOf, type As, type ValueKind } from './kind.ts';
import { compileNumberStep } from './number-step.ts';
import { report } from '../run.ts';
import type { Table } from './tables.ts';
import { noteStep } from '../payload/trace.ts';
import type { YamlObject, YamlValue } from '../types.ts';
import { yamlText, yamlTexts } from '../definition/yaml-value.ts';

/** Compiles what happens to a text after it was read: `$table`, then `$as` with `$format` and `$zone`, then the padding. */
export function compileSteps(
  node: YamlObject,
  kind: ValueKind | undefined,
  path: KeyPath,
  compiler: Compiler,
): Step | undefined {
  const steps: Step[] = [];
  const add = (directive: string, step: Step | undefined): void => {
    if (step !== undefined) steps.push(traced(directive, step));
  };
  // Other sources leave empty texts out by themselves, each of those they look at.
  if (node['$expr'] !== undefined) add('$empty', dropEmpty(emptyTexts(node['$empty'], [...path, '$empty'], compiler)));
  for (const [index, reference] of yamlTexts(node['$table']).entries()) {
    const place = Array.isArray(node['$table']) ? [...path, '$table', index] : [...path, '$table'];
    const table = compiler.findTable(reference, place);
    if (table !== undefined) add(`$table ${table.name}`, lookUp(table));
  }
  add('$as', compileAs(node, kind, path, compiler));
  add('$padStart', pad(node['$padStart'], 'start'));
  add('$padEnd', pad(node['$padEnd'], 'end'));
  const [only] = steps;
  if (steps.length <= 1) return only;
  return (run, text) => {
    let result = text;
    for (const step of steps) if (result !== '') result = step(run, result);
    return result;
  };
}

function traced(directive: string, step: Step): Step {
  return (run, text) => {
    const result = step(run, text);
    if (run.trace !== undefined && result !== text) noteStep(run, directive, text, result);
    return result;
  };
}

function dropEmpty(texts: ReadonlySet<string>): Step | undefined {
  return texts.size === 0 ? undefined : (_run, text) => (texts.has(text) ? '' : text);
}

function lookUp(table: Table): Step {
  return (run, text) => {
    const found = table.find(text, run);
    if (found !== undefined) return found;
    report(run, 'not-in-table', {
      expected: say`an entry of the table ${table.name}`,
      got: text,
      ...table.near(text, run),
    });
    return '';
  };
}

function pad(given: YamlObject[string] | undefined, side: 'start' | 'end'): Step | undefined {
  if (!Array.isArray(given)) return undefined;
  const [length, character] = given as unknown as readonly [number, string];
  return (_run, text) => {
    const missing = length - characterCount(text);
    if (missing <= 0) return text;
    return side === 'start' ? character.repeat(missing) + text : text + character.repeat(missing);
  };
}

function compileAs(node: YamlObject, kind: ValueKind | undefined, path: KeyPath, compiler: Compiler): Step | undefined {
  const as = asOf(node['$as']);
  const formats = formatTexts(node['$format'], [...path, '$format'], compiler);
  if (as === 'date' || as === 'datetime') return compileDate(node, as, formats, kind, path, compiler);
  for (const name of ['$zone', '$day', '$pivot', '$months']) {
    if (node[name] === undefined) continue;
    problem(compiler, 'wrong-value', [...path, name], { what: `${name} is only for $as: date and $as: datetime` });
  }
  if (as === 'gtin') return compileGtin(formats, path, compiler);
  const isNumeric = as === 'number' || as === 'integer' || (as === undefined && kind?.emit === 'number');
  if (isNumeric) return compileNumberStep(formats, as === 'integer' || kind?.check === 'integer', path, compiler);
  const isBoolean = as === 'boolean' || (as === undefined && kind?.emit === 'boolean');
  if (isBoolean && formats.length > 0)
    return compileBooleanStep(formats, node['$default'] !== undefined, path, compiler);
  if (formats.length === 0) return compiler.direction === 'outbound' ? checkBoolean(as) : undefined;
  return problem(compiler, 'missing-key', [...path, '$format'], {
    what: '$format needs $as',
    hint: 'Add $as: date, datetime, number or boolean.',
  });
}

/** Characters, not their halves; without making a list of them for each of a million values. */
function characterCount(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    const isPair = (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
    if (isPair) count--;
  }
  return count;
}

/** As they are written: `0.00` without quotes is a number to YAML. */
function formatTexts(given: YamlValue | undefined, path: KeyPath, { yaml }: Compiler): readonly string[] {
  return yamlTexts(given).map(
    (text, index) => yaml.numberSource(Array.isArray(given) ? [...path, index] : path) ?? text,
  );
}

function compileDate(
  node: YamlObject,
  as: 'date' | 'datetime',
  formats: readonly string[],
  kind: ValueKind | undefined,
  path: KeyPath,
  compiler: Compiler,
): Step | undefined {
  const isNumber = kind?.emit === 'number';
  if (isNumber && as === 'date') {
    return problem(compiler, 'wrong-type', [...path, '$as'], {
      what: 'the provider wants a number; use $as: datetime',
    });
  }
  const months = yamlTexts(node['$months']);
  return compileDateStep(
    {
      as,
      formats: formats.length === 0 ? ['iso'] : formats,
      zoneName: node['$zone'] === undefined ? undefined : yamlText(node['$zone']),
      isNumber,
      isEnd: node['$day'] === 'end',
      ...(node['$pivot'] === undefined ? {} : { pivot: Number(node['$pivot']) }),
      ...(months.length === 0 ? {} : { months }),
    },
    path,
    compiler,
  );
}

function compileGtin(formats: readonly string[], path: KeyPath, compiler: Compiler): Step | undefined {
  if (formats.length > 0)
    return problem(compiler, 'wrong-value', [...path, '$format'], { what: 'a GTIN has no format' });
  if (compiler.direction === 'inbound') return checkGtin;
  return problem(compiler, 'wrong-value', [...path, '$as'], { what: 'a GTIN is checked only when it is read' });
}

function checkBoolean(as: As | undefined): Step | undefined {
  if (as !== 'boolean') return undefined;
  return (run, text) => {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return word;
    report(run, 'not-a-boolean', { got: text });
    return '';
  };
}

/** Checks a nested value that says `$as`; the outermost one is checked when it becomes JSON. */
export function compileNestedCheck(as: As | undefined): Step | undefined {
  if (as !== 'number' && as !== 'integer') return checkBoolean(as);
  return (run, text) => {
    const read = readNumberText(text, as === 'integer');
    if (!('problem' in read)) return read.text;
    report(run, read.problem, { got: text });
    return '';
  };
}
