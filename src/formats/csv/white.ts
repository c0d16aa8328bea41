const CR = 13;
const LF = 10;
/** The end mark of DOS. */
export const CTRL_Z = 26;

/** How many line ends are in a part of a text. */
export function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    if (code === LF || (code === CR && text.charCodeAt(index + 1) !== LF)) count++;
  }
  return count;
}

/** White space as the parser trims it. */
export function isWhite(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 32 || code >= 128 ? text.charAt(at).trim() === '' : false;
}

/**
 * A line of white space and end marks of DOS only; where the delimiter is white space, a line of delimiters is a record
 * of empty values.
 */
export function isBlank(text: string, start: number, end: number, delimiter: string): boolean {
  const code = text.charCodeAt(start);
  if (end > start && code > 32 && code < 128) return false;
  for (let at = start; at < end; at++) {
    if ((text.charCodeAt(at) !== CTRL_Z && !isWhite(text, at)) || text[at] === delimiter) return false;
  }
  return true;
}
