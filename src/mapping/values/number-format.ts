import { Big } from 'big.js';
import { compileNumberReader } from './number-reader.ts';
import { compileNumberWriter } from './number-writer.ts';
import { parseNumberPattern, type PatternProblem } from './number-pattern.ts';

/** How a file writes numbers. Numbers are texts of digits with a point: nothing passes through a binary number. */
export interface NumberFormat {
  readonly text: string;
  /** Whether the pattern says how negative numbers are written. */
  readonly hasSign: boolean;
  /** Undefined when the text is not written so. */
  readonly read: (text: string) => string | undefined;
  /** Rounds half up to the decimals of the pattern. */
  readonly write: (number: Big) => string;
  /** Ways in which the pattern may write the digits of a number: for comparing patterns. */
  readonly shapes: (number: Big) => readonly string[];
}

/** Compiles a pattern such as `0.000,00-`. Answers the problem when it is none, or could be read in two ways. */
export function parseNumberFormat(text: string): NumberFormat | PatternProblem {
  const pattern = parseNumberPattern(text);
  if ('problem' in pattern) return pattern;
  const write = compileNumberWriter(pattern);
  const writeOpen = compileNumberWriter({ ...pattern, digits: { ...pattern.digits, isOpen: true } });
  const { before, after, digits } = pattern;
  const hasSign = digits.overpunch !== undefined || [...before, ...after].some(({ kind }) => kind === 'sign');
  return {
    text,
    hasSign,
    read: compileNumberReader(pattern),
    write,
    shapes: (number) => [write(number), writeOpen(number)],
  };
}

// Whole groups and parts of them, decimals that could be a group, both signs.
const SAMPLES = ['0', '5', '12', '123', '1234', '12345', '123456', '1234567', '0.5', '1.5', '1.25', '1.234', '12.345']
  .concat(['123.456', '1234.567', '1234567.5', '1234567.891'])
  .flatMap((text) => [new Big(text), new Big(text).neg()]);

/** A text that both formats read, but as different numbers: which of them is meant would be a guess. */
export function ambiguousNumber(first: NumberFormat, second: NumberFormat): string | undefined {
  return [first, second]
    .flatMap((format) => SAMPLES.flatMap((number) => format.shapes(number)))
    .find((text) => {
      const [one, other] = [first.read(text), second.read(text)];
      return one !== undefined && other !== undefined && !new Big(one).eq(other);
    });
}
