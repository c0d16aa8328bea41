/** What a spreadsheet keeps of a number, and shows at most; more digits are noise of the binary form. */
const DIGITS = 15;
/** The largest double written out. */
const LONGEST = 320;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The number of a cell in plain digits: `987654321` whatever the cell shows, `0.3` for 0.30000000000000004. Whole numbers that
 * are written out are kept to the last digit. Undefined: this is no number.
 */
export function numberText(stored: string): string | undefined {
  if (isPlainCount(stored)) return stored;
  const match = stored.length > LONGEST ? null : NUMBER.exec(stored);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const isWrittenOut = fraction === '' && exponent === undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (isWrittenOut || digits.replace(/0+$/, '').length <= DIGITS) {
    return plain(sign, `${whole}${fraction}`, whole.length + Number(exponent ?? 0));
  }
  const rounded = NUMBER.exec(Number(stored).toExponential(DIGITS - 1));
  if (rounded === null) return undefined;
  return plain(rounded[1] ?? '', `${rounded[2] ?? ''}${rounded[3] ?? ''}`, 1 + Number(rounded[4] ?? 0));
}

/** Most cells of numbers are small whole ones, which need no second look. */
function isPlainCount(stored: string): boolean {
  if (stored.length === 0 || stored.length > DIGITS) return false;
  for (let at = 0; at < stored.length; at++) {
    const code = stored.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return stored.length === 1 || stored.charCodeAt(0) !== 0x30;
}

/** `point`: how many of the digits stand before the decimal point; may lie outside of them. */
function plain(sign: string, digits: string, point: number): string {
  const whole = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const fraction = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const shownWhole = whole.replace(/^0+/, '') || '0';
  const shownFraction = trimZeros(fraction);
  const text = shownFraction === '' ? shownWhole : `${shownWhole}.${shownFraction}`;
  return sign === '-' && text !== '0' ? `-${text}` : text;
}

function trimZeros(fraction: string): string {
  let end = fraction.length;
  while (end > 0 && fraction.charCodeAt(end - 1) === 0x30) end--;
  return fraction.slice(0, end);
}
