/** A place in a text file. Lines end with CRLF, LF or CR. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters as editors count them. */
  readonly character: number;
  /** Whether the character before is a CR: a LF that follows belongs to it. */
  readonly isAfterCr: boolean;
}

export const START: Position = { line: 1, character: 1, isAfterCr: false };

const LF = 10;
const CR = 13;

/** The place behind a part of a text that begins at a place. */
export function advance(from: Position, text: string, start: number, end: number): Position {
  let { line, character, isAfterCr } = from;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === CR || (code === LF && !isAfterCr)) {
      line++;
      character = 1;
    } else if (code !== LF) character++;
    isAfterCr = code === CR;
  }
  return { line, character, isAfterCr };
}
