import type { Affix, DigitPattern, NumberPattern } from './number-pattern.ts';
import { readOverpunch } from './overpunch.ts';

// Programs put spaces of all widths between digits, and either apostrophe.
const SPACES = ' \u00a0\u2007\u2009\u202f';
const APOSTROPHES = "'\u2019";

/** Compiles the reading of a pattern: digits with a point, exactly those of the text; undefined when it is not written so. */
export function compileNumberReader(pattern: NumberPattern): (text: string) => string | undefined {
  const { digits, isPercent } = pattern;
  if (digits.overpunch !== undefined) return overpunchReader(digits, digits.overpunch);
  const positive = signedPattern(pattern, 'positive');
  const negative = signedPattern(pattern, 'negative');
  const plain = plainDigits(digits, isPercent);
  return (text) => {
    const match = positive.exec(text);
    if (match !== null) return plain(match);
    const other = negative.exec(text);
    return other === null ? undefined : `-${plain(other)}`;
  };
}

function signedPattern({ before, after, digits }: NumberPattern, sign: 'positive' | 'negative'): RegExp {
  const hasSign = [...before, ...after].some(({ kind }) => kind === 'sign');
  // Without a sign in the pattern the usual one: a minus in front of everything.
  const usual = !hasSign && sign === 'negative' ? '-' : '';
  const sources = [usual, affixes(before, sign), digitSource(digits), affixes(after, sign)];
  return new RegExp(`^${sources.join('')}$`, 'iu');
}

function affixes(list: readonly Affix[], sign: 'positive' | 'negative'): string {
  return list
    .map((affix) => {
      if (affix.kind === 'space') return `[${SPACES}]*`;
      if (affix.kind === 'text') return escapePattern(affix.text);
      const text = escapePattern(affix[sign]);
      return sign === 'positive' && affix.isOptional ? `(?:${text})?` : text;
    })
    .join('');
}

function digitSource(digits: DigitPattern): string {
  const { groupMark, decimalMark, wholeDigits, hasExponent } = digits;
  const exponent = hasExponent ? '(?:e(?<exponent>[+-]?\\d{1,2}))?' : '';
  if (decimalMark === '' || decimalMark === 'v') return `(${wholeSource(digits)})${exponent}`;
  const decimals = `(?:${escapePattern(decimalMark)}(?<decimals>\\d+))`;
  // `#.00` lets the zero in front of the mark go unwritten.
  const isBare = wholeDigits === 0 && groupMark === '';
  return `(${isBare ? `\\d+|(?=${escapePattern(decimalMark)}\\d)` : wholeSource(digits)})${decimals}?${exponent}`;
}

/** Grouped all through or not at all; a grouped number does not begin with a zero. */
function wholeSource({ groupMark, groupSizes }: DigitPattern): string {
  if (groupMark === '') return '\\d+';
  const [last, others] = groupSizes;
  const mark = `[${alternatives(groupMark)}]`;
  return `[1-9]\\d{0,${others - 1}}(?:${mark}\\d{${others}})*${mark}\\d{${last}}|\\d+`;
}

function alternatives(mark: string): string {
  if (SPACES.includes(mark)) return SPACES;
  return APOSTROPHES.includes(mark) ? APOSTROPHES : escapePattern(mark);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function plainDigits({ decimalMark, decimals }: DigitPattern, isPercent: boolean): (match: RegExpExecArray) => string {
  const shift = (decimalMark === 'v' ? decimals : 0) + (isPercent ? 2 : 0);
  return ({ 1: whole = '', groups }) =>
    moveMark(whole.replaceAll(/\D/g, ''), groups?.['decimals'] ?? '', shift - Number(groups?.['exponent'] ?? 0));
}

/** The digits with the point moved to the left, and without zeros that JSON does not allow in front. */
function moveMark(whole: string, fraction: string, places: number): string {
  const right = Math.max(0, -places);
  const front = whole + fraction.slice(0, right).padEnd(right, '0');
  const padded = front.padStart(places + 1, '0');
  const end = padded.length - Math.max(0, places);
  const decimals = padded.slice(end) + fraction.slice(right);
  const digits = padded.slice(0, end).replace(/^0+(?=\d)/, '');
  return decimals === '' ? digits : `${digits}.${decimals}`;
}

function overpunchReader(digits: DigitPattern, side: 'first' | 'last'): (text: string) => string | undefined {
  const unsigned = new RegExp(`^${digitSource(digits)}$`, 'u');
  const plain = plainDigits(digits, false);
  return (text) => {
    const at = side === 'first' ? 0 : text.length - 1;
    const signed = readOverpunch(text.charAt(at));
    if (signed === undefined) return undefined;
    const match = unsigned.exec(text.slice(0, at) + String(signed.digit) + text.slice(at + 1));
    return match === null ? undefined : (signed.isNegative ? '-' : '') + plain(match);
  };
}
