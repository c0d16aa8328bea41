import { say, type Phrase } from '../../core/text.ts';
import { numberFormatHint } from './number-hint.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const INTEGER = /^-?\d+$/;
// No number is longer; counting the digits of a damaged cell of a megabyte would take minutes.
const LONGEST = 400;
const SHORTENED = /^-?\d(?:[.,]\d+)?E\+\d+$/i;

export interface NumberFinding {
  readonly problem: 'not-a-number' | 'not-a-whole-number' | 'number-too-precise' | 'scientific-notation';
  readonly hint?: Phrase;
}

export interface PlainNumber {
  readonly value: number;
  /** What JSON may carry: the same digits without needless leading zeros. */
  readonly text: string;
  /** Whether JavaScript writes the value as that text. */
  readonly isPlain: boolean;
}

/**
 * Reads digits strictly: an optional minus, digits, an optional point and digits. No plus, exponent, space or thousands
 * mark.
 */
export function readNumber(text: string, isWhole: boolean): PlainNumber | NumberFinding {
  if (!(isWhole ? INTEGER : NUMBER).test(text)) return numberProblem(text);
  if (text.length > 15 && (text.length > LONGEST || significantDigits(text) > 15))
    return { problem: 'number-too-precise', hint: say`Shorten it to 15 digits.` };
  const value = Number(text);
  if (String(value) === text) return { value, text, isPlain: true };
  const digits = plainDigits(text);
  return { value: value === 0 ? 0 : value, text: digits, isPlain: digits !== text && String(value) === digits };
}

/** The same for a number that is sent as text: it may have any number of digits. */
export function readNumberText(text: string, isWhole: boolean): { readonly text: string } | NumberFinding {
  return (isWhole ? INTEGER : NUMBER).test(text) ? { text: plainDigits(text) } : numberProblem(text);
}

function numberProblem(text: string): NumberFinding {
  if (NUMBER.test(text)) return { problem: 'not-a-whole-number', hint: wholeHint(text) };
  return { problem: isShortenedNumber(text) ? 'scientific-notation' : 'not-a-number', ...numberHint(text) };
}

/** Without leading zeros, which JSON does not allow, and without the sign of zero. */
function plainDigits(text: string): string {
  const first = text.charCodeAt(0);
  if (first >= 49 && first <= 57) return text;
  const trimmed = text.replace(/^(-?)0+(?=\d)/, '$1');
  return /[1-9]/.test(trimmed) ? trimmed : trimmed.replace('-', '');
}

/** `1.23E+12`: what a spreadsheet makes of a long number; its digits are gone. */
export function isShortenedNumber(text: string): boolean {
  return SHORTENED.test(text);
}

/** Digits that matter: zeros in front and at the end do not. Fifteen always survive a binary number and come back. */
function significantDigits(text: string): number {
  return text.replaceAll(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
}

function numberHint(text: string): { hint?: Phrase } {
  // One comma before three digits may be either mark.
  if (/^-?[1-9]\d{0,2},\d{3}$/.test(text)) return { hint: eitherHint(text) };
  if (/^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text))
    return { hint: say`Write "${text.replaceAll(',', '')}" instead.` };
  if (/^-?\d+,\d+$/.test(text))
    return { hint: say`Write "${text.replace(',', '.')}", or declare the comma with $format.` };
  return numberFormatHint(text);
}

function eitherHint(text: string): Phrase {
  const whole = text.replace(',', '');
  const decimal = text.replace(',', '.').replace(/\.?0+$/, '');
  return say`If it means ${whole}, write ${whole}; if it means ${decimal}, write ${decimal}; or declare $format: "0,000.00" or "0,00".`;
}

function wholeHint(text: string): Phrase {
  const zeros = /^(-?\d+)\.0+$/.exec(text);
  return zeros === null ? say`Split the line or use another unit of measure.` : say`Write "${zeros[1] ?? ''}" instead.`;
}
