import { Big } from 'big.js';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { eitherOf, say, type Phrase } from '../../core/text.ts';
import type { Compiler } from '../compile/compiler.ts';
import { problem } from '../compile/compiler.ts';
import type { Step } from './date-step.ts';
import { isShortenedNumber } from './decimal.ts';
import { ambiguousNumber, parseNumberFormat, type NumberFormat } from './number-format.ts';
import { report } from '../run.ts';

/** Compiles `$format` of a number: read inbound, written outbound. `isWhole`: only whole numbers are wanted. */
export function compileNumberStep(
  texts: readonly string[],
  isWhole: boolean,
  path: KeyPath,
  compiler: Compiler,
): Step | undefined {
  const formats = compileFormats(texts, [...path, '$format'], compiler);
  if (formats === undefined) return undefined;
  if (compiler.direction === 'outbound') return writeNumber(formats[0], isWhole);
  return formats.length === 0 ? undefined : readFormatted(formats, isWhole);
}

function compileFormats(texts: readonly string[], path: KeyPath, compiler: Compiler): NumberFormat[] | undefined {
  const formats: NumberFormat[] = [];
  for (const text of texts) {
    const format = parseNumberFormat(text);
    if ('problem' in format) {
      const { problem: complaint, hint = 'Write one such as 0, 0.00, 0,00 or 0.000,00.' } = format;
      return problem(compiler, 'wrong-value', path, {
        what: `the number format cannot be used: ${complaint}`,
        got: text,
        hint,
      });
    }
    for (const rival of formats) {
      const sample = ambiguousNumber(rival, format);
      if (sample === undefined) continue;
      const what = `"${rival.text}" and "${text}" read ${sample} as different numbers`;
      return problem(compiler, 'wrong-value', path, { what, hint: 'Keep the one that the file uses.' });
    }
    formats.push(format);
  }
  if (compiler.direction === 'inbound' || formats.length < 2) return formats;
  return problem(compiler, 'wrong-value', path, { what: 'a file is written in one format, not in several' });
}

const EXAMPLE = new Big('1234.5');

/** Numbers as the formats write them; negative ones only where they have a sign of their own. */
function exampleHint(formats: readonly NumberFormat[]): Phrase {
  const samples = (number: Big, own: readonly NumberFormat[]): Phrase =>
    eitherOf([...new Set(own.map(({ write }) => write(number)))]);
  const signed = formats.filter(({ hasSign }) => hasSign);
  const positive = samples(EXAMPLE, formats);
  if (signed.length === 0) return say`Write it like ${positive}.`;
  return say`Write it like ${positive}, a negative number like ${samples(EXAMPLE.neg(), signed)}.`;
}

function readFormatted(formats: readonly NumberFormat[], isWhole: boolean): Step {
  const expected = say`a number written as ${eitherOf(formats.map(({ text }) => text))}`;
  const hint = exampleHint(formats);
  return (run, text) => {
    for (const { read } of formats) {
      const plain = read(text);
      // The pattern has decimals and the target none: zeros there are the pattern's, not the value's.
      if (plain !== undefined) return isWhole ? plain.replace(/\.0+$/, '') : plain;
    }
    if (isShortenedNumber(text)) report(run, 'scientific-notation', { expected, got: text });
    else report(run, 'not-a-number', { expected, got: text, hint });
    return '';
  };
}

/** Providers' numbers may come with twenty decimals or an exponent: written plainly, rounded half up only on demand. */
function writeNumber(format: NumberFormat | undefined, isWhole: boolean): Step {
  return (run, text) => {
    if (!/^-?\d{1,400}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?$/i.test(text)) {
      report(run, 'not-a-number', { got: text });
      return '';
    }
    const number = new Big(text);
    if (isWhole && !number.eq(number.round(0))) {
      report(run, 'not-a-whole-number', { got: text });
      return '';
    }
    return format === undefined ? number.toFixed() : format.write(number);
  };
}
