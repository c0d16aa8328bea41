import { Big } from 'big.js';
import type { KeyPath } from '../core/positioned-yaml.ts';
import type { Compiler } from './compiler.ts';
import { problem } from './compiler.ts';
import { compileDateStep, type Step } from './date-step.ts';
import { parseNumberFormat, plainNumber, readNumber, type NumberFormat } from './decimal.ts';
import { asOf, type As, type ValueKind } from './kind.ts';
import { report } from './run.ts';
import type { Table } from './tables.ts';
import { noteStep } from './trace.ts';
import type { YamlObject } from './types.ts';
import { yamlText, yamlTexts } from './yaml-value.ts';

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

function lookUp(table: Table): Step {
  return (run, text) => {
    const found = table.find(text);
    if (found !== undefined) return found;
    report(run, 'not-in-table', { expected: `an entry of the table ${table.name}`, got: text, ...table.near(text) });
    return '';
  };
}

function pad(given: YamlObject[string] | undefined, side: 'start' | 'end'): Step | undefined {
  if (!Array.isArray(given)) return undefined;
  const [length, character] = given as unknown as readonly [number, string];
  return (_run, text) => {
    const missing = length - Array.from(text).length;
    if (missing <= 0) return text;
    return side === 'start' ? character.repeat(missing) + text : text + character.repeat(missing);
  };
}

function compileAs(node: YamlObject, kind: ValueKind | undefined, path: KeyPath, compiler: Compiler): Step | undefined {
  const as = asOf(node['$as']);
  const formats = yamlTexts(node['$format']);
  if (as === 'date' || as === 'datetime') {
    const isNumber = kind?.emit === 'number';
    if (isNumber && as === 'date') {
      return problem(compiler, 'wrong-type', [...path, '$as'], {
        what: 'the provider wants a number; use $as: datetime',
      });
    }
    const zoneName = node['$zone'] === undefined ? undefined : yamlText(node['$zone']);
    return compileDateStep(
      { as, formats: formats.length === 0 ? ['iso'] : formats, zoneName, isNumber },
      path,
      compiler,
    );
  }
  if (node['$zone'] !== undefined) {
    problem(compiler, 'wrong-value', [...path, '$zone'], { what: '$zone is only for $as: date and $as: datetime' });
  }
  const isNumeric = as === 'number' || as === 'integer' || (as === undefined && kind?.emit === 'number');
  if (formats.length > 0 && !isNumeric) {
    return problem(compiler, 'missing-key', [...path, '$format'], {
      what: '$format needs $as',
      hint: 'Add $as: date, datetime or number.',
    });
  }
  const format = numberFormat(formats, path, compiler);
  if (compiler.direction === 'outbound') return isNumeric ? writeNumber(as, format) : checkBoolean(as);
  return format === undefined ? undefined : readFormatted(format);
}

function numberFormat(formats: readonly string[], path: KeyPath, compiler: Compiler): NumberFormat | undefined {
  const [text] = formats;
  if (text === undefined) return undefined;
  const format = formats.length > 1 ? undefined : parseNumberFormat(text);
  if (format !== undefined) return format;
  return problem(compiler, 'wrong-value', [...path, '$format'], {
    what: 'the number format cannot be used',
    expected: 'one such as 0, 0.00, 0,00 or 0.000,00',
    got: formats.join(', '),
  });
}

function readFormatted(format: NumberFormat): Step {
  return (run, text) => {
    const plain = plainNumber(text, format);
    if (plain === '') report(run, 'not-a-number', { expected: `a number written as ${format.text}`, got: text });
    return plain;
  };
}

/** Providers' numbers may come with twenty decimals or an exponent: written plainly, rounded half up only on demand. */
function writeNumber(as: As | undefined, format: NumberFormat | undefined): Step {
  return (run, text) => {
    if (!/^-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?$/i.test(text)) {
      report(run, 'not-a-number', { got: text });
      return '';
    }
    const number = new Big(text);
    if (as === 'integer' && !number.eq(number.round(0))) {
      report(run, 'not-a-whole-number', { got: text });
      return '';
    }
    if (format === undefined) return number.toFixed();
    const plain = number.toFixed(format.decimals, 1);
    const [whole = '', decimals] = (/^-0(?:\.0*)?$/.test(plain) ? plain.slice(1) : plain).split('.');
    const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, format.thousandsMark);
    return decimals === undefined ? grouped : grouped + format.decimalMark + decimals;
  };
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
    const read = readNumber(text, as === 'integer');
    if (!('problem' in read)) return read.text;
    report(run, read.problem, { got: text });
    return '';
  };
}
