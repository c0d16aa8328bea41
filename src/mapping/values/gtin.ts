import { say, type Phrase } from '../../core/text.ts';
import { isShortenedNumber } from './decimal.ts';
import type { Step } from './date-step.ts';
import { report } from '../run.ts';

const LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/** The last digit of a GTIN, UPC or EAN proves the others: weights 3 and 1 from the right. Zeros in front change nothing. */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit * 3;
  }
  return sum % 10 === 0;
}

/** Checks `$as: gtin`: the text is passed on as it is. */
export const checkGtin: Step = (run, text) => {
  const isDigits = /^\d{7,14}$/.test(text);
  const isValid = isDigits && hasCheckDigit(text);
  if (isValid && LENGTHS.has(text.length)) return text;
  // A spreadsheet took one zero from a UPC of 12 or a GTIN of 8 digits: what is left still proves itself.
  if (isValid && (text.length === 11 || text.length === 7)) {
    report(run, 'leading-zero-lost', { expected: say`${`0${text}`}`, got: text });
    return text;
  }
  if (isShortenedNumber(text)) report(run, 'scientific-notation', { got: text });
  else report(run, 'not-a-gtin', gtinFinding(text, isDigits));
  return '';
};

function gtinFinding(text: string, isDigits: boolean): { what?: Phrase; got: string } {
  if (!isDigits || !LENGTHS.has(text.length)) return { got: text };
  return { what: say`not a GTIN: the check digit does not fit the others`, got: text };
}
