const NUMBER = /^-?\d+(?:\.\d+)?$/;
const INTEGER = /^-?\d+$/;
const SHORTENED = /^-?\d(?:[.,]\d+)?E\+\d+$/i;

export type NumberProblem = 'not-a-number' | 'not-a-whole-number' | 'number-too-precise' | 'scientific-notation';

/**
 * Reads digits strictly: an optional minus, digits, an optional point and digits. No plus, exponent, space or thousands
 * mark. `text` is what JSON may carry: the same digits without needless leading zeros.
 */
export function readNumber(
  text: string,
  isWhole: boolean,
): { readonly value: number; readonly text: string } | { readonly problem: NumberProblem; readonly hint?: string } {
  if (!NUMBER.test(text)) {
    return { problem: isShortenedNumber(text) ? 'scientific-notation' : 'not-a-number', ...numberHint(text) };
  }
  if (isWhole && !INTEGER.test(text)) return { problem: 'not-a-whole-number', hint: wholeHint(text) };
  if (text.length > 15 && significantDigits(text) > 15)
    return { problem: 'number-too-precise', hint: 'Shorten it to 15 digits.' };
  const value = Number(text);
  if (String(value) === text) return { value, text };
  const trimmed = text.replace(/^(-?)0+(?=\d)/, '$1');
  return { value: value === 0 ? 0 : value, text: value === 0 ? trimmed.replace('-', '') : trimmed };
}

/** `1.23E+12`: what a spreadsheet makes of a long number; its digits are gone. */
export function isShortenedNumber(text: string): boolean {
  return SHORTENED.test(text);
}

/** Digits that matter: zeros in front and at the end do not. Fifteen always survive a binary number and come back. */
function significantDigits(text: string): number {
  return text.replaceAll(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
}

function numberHint(text: string): { hint?: string } {
  if (/^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return { hint: `Write "${text.replaceAll(',', '')}" instead.` };
  if (/^-?\d+,\d+$/.test(text))
    return { hint: `Write "${text.replace(',', '.')}", or declare the comma with $format.` };
  return {};
}

function wholeHint(text: string): string {
  const zeros = /^(-?\d+)\.0+$/.exec(text);
  return zeros === null ? 'Split the line or use another unit of measure.' : `Write "${zeros[1]}" instead.`;
}

/** How a file writes numbers: `0.00` two decimals, `0,00` decimal comma, `0.000,00` with thousands marks, `0`. */
export interface NumberFormat {
  readonly text: string;
  readonly decimalMark: string;
  readonly thousandsMark: string;
  /** Decimals to write; undefined: as many as there are. */
  readonly decimals: number | undefined;
}

export function parseNumberFormat(text: string): NumberFormat | undefined {
  const match = /^(?:0([.,' ])(?=000))?0{0,2}0(?:([.,])(0+))?$/.exec(text);
  if (match === null) return undefined;
  const [, thousandsMark = '', decimalMark = '', zeros = ''] = match;
  if (thousandsMark !== '' && thousandsMark === decimalMark) return undefined;
  if (thousandsMark === '' && /^0{2,}/.test(text)) return undefined;
  const otherMark = thousandsMark === '.' ? ',' : '.';
  return { text, decimalMark: decimalMark === '' ? otherMark : decimalMark, thousandsMark, decimals: zeros.length };
}

/** The number with a point and without thousands marks; the text itself when it is not written so. */
export function plainNumber(text: string, format: NumberFormat): string {
  const { decimalMark, thousandsMark } = format;
  const mark = (character: string): string => `\\${character}`;
  const whole = thousandsMark === '' ? '\\d+' : `(?:\\d{1,3}(?:${mark(thousandsMark)}\\d{3})+|\\d+)`;
  if (!new RegExp(`^-?${whole}(?:${mark(decimalMark)}\\d+)?$`).test(text)) return '';
  const digits = thousandsMark === '' ? text : text.replaceAll(thousandsMark, '');
  return digits.replace(decimalMark, '.');
}
