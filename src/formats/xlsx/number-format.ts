/** What a number means, as the format of its cell says: an amount, or days since an epoch. */
export interface NumberFormat {
  readonly kind: 'number' | 'date' | 'time' | 'duration';
  /** A date that shows its time as well. */
  readonly hasTime: boolean;
  /** Digits of an identifier, which zeros in front fill up: 5 for `00000`; otherwise 0. */
  readonly digits: number;
  /** As the workbook writes it, so that a cell can be written the same way. */
  readonly code: string;
}

export const GENERAL: NumberFormat = { kind: 'number', hasTime: false, digits: 0, code: 'General' };
export const TEXT_CODE = '@';
/** Spreadsheet programs allow 255; a longer one is an attempt to keep us busy. */
const LONGEST = 1000;

/** The formats that workbooks use by number only. ECMA-376 part 1, 18.8.30; the codes of 27 to 58 depend on the language. */
const builtin: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0 ;(#,##0)',
  38: '#,##0 ;[Red](#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;[Red](#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mmss.0',
  48: '##0.0E+0',
  49: TEXT_CODE,
};

function isEastAsianDate(id: number): boolean {
  return (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
}

/** The format under a number; `declared`: those the workbook spells out, which win. */
export function numberFormat(id: number, declared: ReadonlyMap<number, string>): NumberFormat {
  const code = declared.get(id) ?? builtin[id];
  if (code !== undefined) return code.length > LONGEST ? GENERAL : parseNumberFormat(code);
  if (isEastAsianDate(id)) return { kind: 'date', hasTime: false, digits: 0, code: 'yyyy-mm-dd' };
  return id >= 32 && id <= 35 ? { kind: 'time', hasTime: true, digits: 0, code: 'h:mm:ss' } : GENERAL;
}

/** Reads what matters of a format code: `d/m/yy;@` is a date, `[h]:mm` a duration, `#,##0.00 "days"` neither. */
export function parseNumberFormat(code: string): NumberFormat {
  const unquoted = code.replaceAll(/"[^"]*"?|\\.|_.|\*./g, '');
  const isDuration = /\[(h+|m+|s+)\]/i.test(unquoted);
  const bare = unquoted
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/am\/pm|a\/p/gi, 'h')
    .toLowerCase();
  const [first = ''] = bare.split(';');
  if (isDuration) return { kind: 'duration', hasTime: true, digits: 0, code };
  // Nobody gives an amount the format 00000: it is a postal code or an article number that lost its zeros.
  if (/^0{2,}$/.test(first)) return { ...GENERAL, digits: first.length, code };
  if (first.includes('general') || !/[dmyhse]/.test(first.replaceAll(/e[+-]/g, ''))) return { ...GENERAL, code };
  const hasTime = /[hs]/.test(first);
  // Minutes stand beside hours or seconds; a month stands alone or beside days and years.
  const hasDate = /[dy]/.test(first) || (!hasTime && /[me]/.test(first));
  return { kind: hasDate ? 'date' : 'time', hasTime, digits: 0, code };
}
