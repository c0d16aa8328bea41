import type { Big } from 'big.js';
import type { Affix, DigitPattern, NumberPattern } from './number-pattern.ts';
import { writeOverpunch } from './overpunch.ts';

const HALF_UP = 1;

/** Compiles the writing of a pattern; what it writes, the reading of the pattern reads as the same number. */
export function compileNumberWriter(pattern: NumberPattern): (number: Big) => string {
  const { digits, before, after, isPercent } = pattern;
  const hasSign = [...before, ...after].some(({ kind }) => kind === 'sign');
  return (number) => {
    const shown = isPercent ? number.times(100) : number;
    const plain = shown.abs().toFixed(digits.isOpen ? undefined : digits.decimals, HALF_UP);
    // What was rounded to nothing has no sign.
    const isNegative = shown.lt(0) && /[1-9]/.test(plain);
    const written = writeDigits(plain, digits);
    if (digits.overpunch !== undefined) return punch(written, digits.overpunch, isNegative);
    const usual = !hasSign && isNegative ? '-' : '';
    return usual + affixes(before, isNegative) + written + affixes(after, isNegative);
  };
}

function affixes(list: readonly Affix[], isNegative: boolean): string {
  return list
    .map((affix) => {
      if (affix.kind === 'space') return ' ';
      if (affix.kind === 'text') return affix.text;
      return isNegative ? affix.negative : affix.positive;
    })
    .join('');
}

function writeDigits(plain: string, digits: DigitPattern): string {
  const [whole = '', fraction = ''] = plain.split('.');
  const decimals = fraction.padEnd(digits.decimals, '0');
  const front = (whole === '0' ? '' : whole).padStart(digits.wholeDigits, '0');
  if (decimals === '') return group(front === '' ? '0' : front, digits);
  return group(front, digits) + (digits.decimalMark === 'v' ? '' : digits.decimalMark) + decimals;
}

function group(whole: string, { groupMark, groupSizes: [last, others] }: DigitPattern): string {
  if (groupMark === '' || whole.length <= last) return whole;
  const pieces = [whole.slice(-last)];
  for (let end = whole.length - last; end > 0; end -= others)
    pieces.unshift(whole.slice(Math.max(0, end - others), end));
  return pieces.join(groupMark);
}

function punch(written: string, side: 'first' | 'last', isNegative: boolean): string {
  const at = side === 'first' ? 0 : written.length - 1;
  const letter = writeOverpunch(Number(written.charAt(at)), isNegative);
  return written.slice(0, at) + letter + written.slice(at + 1);
}
