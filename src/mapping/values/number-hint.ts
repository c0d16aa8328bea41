import { say, type Phrase } from '../../core/text.ts';
import { parseNumberFormat } from './number-format.ts';

// Ways of writing numbers that leave no doubt what the number is; the plainer ones first.
const CLEAR = ['0 000,00', '0 000.00', "0'000.00", "0'000,00", '0,000.00', '0.000,00', '0,00,000.00', '#.00', '0,00']
  .concat(['0.00-', '0,00-', '0.000,00-', '0,000.00-', '(0,000.00)', '(0.000,00)', '+0.00', '+0,00', '0.00+'])
  .concat(['0.00 %', '0,00 %', '$0,000.00', '0.000,00 €', '€0,000.00', '£0,000.00']);

/** A hint how to declare the way a number is written, when it is not ours and clear all the same. */
export function numberFormatHint(text: string): { hint?: Phrase } {
  if (text.length > 40) return {};
  if (/^\d[\d.,' ]*(?:DR|CR)$/i.test(text))
    return { hint: say`Declare with $format which one is positive: "0.00 DR/CR" or "0.00 CR/DR".` };
  if (/^\d+[{}A-R]$/.test(text)) return { hint: say`If the last digit carries the sign, declare it: $format: 0v00s.` };
  // One mark before three digits may be either.
  if (/^\D*\d+[.,]\d{3}\D*$/.test(text)) return {};
  const found = CLEAR.find((pattern) => {
    const format = parseNumberFormat(pattern);
    return 'read' in format && format.read(text) !== undefined;
  });
  return found === undefined ? {} : { hint: say`If the file writes numbers so, declare it: $format: "${found}".` };
}
