// UTF-8 read as windows-1252 begins with one of these wherever it stood beyond ASCII, and what follows is a byte from 80 to BF.
const CONTINUATION =
  '[\\u0080-\\u00bf\\u20ac\\u201a\\u0192\\u201e\\u2026\\u2020\\u2021\\u02c6\\u2030\\u0160\\u2039\\u0152\\u017d\\u2018\\u2019\\u201c\\u201d\\u2022\\u2013\\u2014\\u02dc\\u2122\\u0161\\u203a\\u0153\\u017e\\u0178]';
const DOUBLE = new RegExp(`[\\u00c2\\u00c3]${CONTINUATION}|\\u00e2${CONTINUATION}{2}`);

/** Whether a text was encoded as UTF-8 twice: `RenÃ©` for `René`, `â€™` for an apostrophe. */
export function looksDoubleEncoded(text: string): boolean {
  return DOUBLE.test(text);
}
