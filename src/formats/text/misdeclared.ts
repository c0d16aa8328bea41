import { isAscii } from 'node:buffer';

import { createTextReader, encodings, type TextReader } from './encodings.ts';

/** Encodings in which every byte is a character, so that UTF-8 is read without complaint as something else. */
const SINGLE_BYTE: ReadonlySet<string> = new Set(
  encodings.filter((name) => /^(?:windows-|iso-8859-|cp|ibm|koi8-|macintosh)/.test(name)),
);

export interface Utf8Watch {
  push(block: Uint8Array): void;
  /** The line of the first character beyond ASCII, when all of the file is UTF-8. */
  end(): number | undefined;
}

/** Looks whether a file declared in single bytes is UTF-8; undefined where that cannot be mistaken. */
export function watchForUtf8(encoding: string): Utf8Watch | undefined {
  if (!SINGLE_BYTE.has(encoding)) return undefined;
  // Dropped at the first sequence that is no UTF-8.
  let reader: TextReader | undefined = createTextReader('utf-8');
  let lines: number | undefined;
  let feeds = 0;
  let returns = 0;
  const countLines = (block: Uint8Array): void => {
    feeds += countOf(block, 0x0a);
    returns += countOf(block, 0x0d);
  };
  return {
    push(block) {
      if (reader === undefined) return;
      if (lines === undefined) {
        if (isAscii(block)) return countLines(block);
        countLines(
          block.subarray(
            0,
            block.findIndex((byte) => byte >= 0x80),
          ),
        );
        lines = 1 + (feeds === 0 ? returns : feeds);
      }
      if (!decodes(() => reader?.decode(block))) reader = undefined;
    },
    end: () => (reader !== undefined && decodes(() => reader?.end()) ? lines : undefined),
  };
}

function decodes(decode: () => void): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}

function countOf(block: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = block.indexOf(byte); at !== -1; at = block.indexOf(byte, at + 1)) count++;
  return count;
}

/**
 * Whether the head of a file declared as EBCDIC is ASCII. Letters and digits of EBCDIC all lie above 0x80, and where ASCII
 * has its blank and its digits are control characters that no text holds.
 */
export function looksLikeAscii(head: Uint8Array): boolean {
  let high = 0;
  let plain = 0;
  let sure = 0;
  for (const byte of head) {
    if (byte >= 0x80) high++;
    else if (isAsciiLetter(byte) || isLineEnd(byte)) plain++;
    else if (isAsciiDigitOrBlank(byte)) {
      plain++;
      sure++;
    }
  }
  return sure > 0 && high * 10 <= head.length && plain * 10 >= head.length * 6;
}

function isAsciiLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** CR is the same byte in both: it proves nothing. */
function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isAsciiDigitOrBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x30 && byte <= 0x39);
}
