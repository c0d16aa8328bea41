const LETTER_A = 65;
const LETTERS = 26;
/** XFD, the last column there is. */
export const LAST_COLUMN = 16_383;
export const LAST_ROW = 1_048_576;

/** `A` for 0, `AB` for 27. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column; rest >= 0; rest = Math.floor(rest / LETTERS) - 1) {
    letters = String.fromCharCode(LETTER_A + (rest % LETTERS)) + letters;
  }
  return letters;
}

/** Column of a reference (`C14` is 2), or -1 for what is none or names another row. */
export function columnOf(reference: string, row: number): number {
  let column = 0;
  let at = 0;
  for (; at < 3; at++) {
    const code = reference.charCodeAt(at) - LETTER_A;
    if (!(code >= 0 && code < LETTERS)) break;
    column = column * LETTERS + code + 1;
  }
  const isOfRow = at > 0 && reference.length - at <= 7 && Number(reference.slice(at)) === row;
  return isOfRow && column - 1 <= LAST_COLUMN ? column - 1 : -1;
}

/** Rows count from 1, columns from 0; both ends belong to it. */
export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** `A1:B3`, or undefined for what is no area. */
export function parseArea(reference: string): Area | undefined {
  const match = /^([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$/.exec(reference);
  if (match === null) return undefined;
  const [, from = '', first = '', to = from, last = first] = match;
  const area = {
    top: Number(first),
    left: columnOf(from + first, Number(first)),
    bottom: Number(last),
    right: columnOf(to + last, Number(last)),
  };
  const isSound = area.left >= 0 && area.right >= area.left && area.top >= 1 && area.bottom >= area.top;
  return isSound && area.bottom <= LAST_ROW ? area : undefined;
}
