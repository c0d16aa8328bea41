import { createTextReader } from './encodings.ts';

const MARK = '\ufffd';
/** U+FFFD as UTF-8 writes it: where the file itself holds it, nothing was replaced. */
const OWN_MARK = Buffer.from(MARK);

export interface Replacer {
  decode(block: Uint8Array): string;
  end(): string;
  /** In how many places something was replaced so far, and on which line the first is. */
  replaced(): { readonly count: number; readonly line: number };
}

/** Decodes with U+FFFD in the place of what is no text, NUL characters among them, and keeps count. */
export function createReplacer(encoding: string): Replacer {
  const reader = createTextReader(encoding, false);
  let count = 0;
  let line = 1;
  let lastCode = 0;
  let tail: Uint8Array = new Uint8Array();
  const note = (decoded: string, own: number): string => {
    const text = decoded.replaceAll('\0', MARK);
    const found = countOf(text) - own;
    if (count === 0) {
      const upTo = found > 0 ? text.indexOf(MARK) : text.length;
      for (let index = 0; index < upTo; index++) {
        const code = text.charCodeAt(index);
        if (code === 13 || (code === 10 && lastCode !== 13)) line++;
        lastCode = code;
      }
    }
    count += found;
    return text;
  };
  return {
    decode: (block) => {
      const joined = Buffer.concat([tail, block]);
      tail = joined.subarray(Math.max(joined.length - OWN_MARK.length + 1, 0));
      return note(reader.decode(block), encoding === 'utf-8' ? ownMarks(joined) : 0);
    },
    end: () => note(reader.end(), 0),
    replaced: () => ({ count, line }),
  };
}

function countOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) count++;
  return count;
}

function ownMarks(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(OWN_MARK); at !== -1; at = bytes.indexOf(OWN_MARK, at + 1)) count++;
  return count;
}
