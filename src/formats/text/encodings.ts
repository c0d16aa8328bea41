import iconv from 'iconv-lite';

import { createEbcdicReader, ebcdicEncodings, ebcdicLineEnd, ebcdicTable } from './ebcdic.ts';

/** Encodings a text file may declare. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-9',
  'iso-8859-15',
  'macintosh',
  'koi8-r',
  'ibm866',
  'cp437',
  'cp850',
  'cp852',
  'cp858',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
  ...ebcdicEncodings,
] as const;

// Code pages of DOS that the Encoding Standard, and so TextDecoder, does not know. All their 256 bytes are text.
const DOS = new Set<string>(['cp437', 'cp850', 'cp852', 'cp858']);
const DOUBLE_BYTE = new Set<string>(['shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'big5']);

export interface TextReader {
  /** @throws TypeError for bytes that are not text in the encoding. */
  decode(bytes: Uint8Array): string;
  /** @throws TypeError when the bytes ended inside a character. */
  end(): string;
}

/**
 * A decoder of a stream that keeps a byte order mark. A strict one lets nothing become U+FFFD; one that is not strict
 * never throws.
 */
export function createTextReader(encoding: string, isStrict = true): TextReader {
  const table = ebcdicTable(encoding);
  if (table !== undefined) return { decode: createEbcdicReader(table), end: () => '' };
  if (DOS.has(encoding)) {
    const decoder = iconv.getDecoder(encoding);
    return { decode: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' };
  }
  const decoder = new TextDecoder(encoding, { fatal: isStrict, ignoreBOM: true });
  const mended = mendedControls(encoding);
  return { decode: (bytes) => mended(decoder.decode(bytes, { stream: true })), end: () => mended(decoder.decode()) };
}

const SWAPPED: Readonly<Record<string, string>> = { '\u001c': '\u001a', '\u007f': '\u001c', '\u001a': '\u007f' };

/**
 * ICU, which decodes for Node, reads the bytes 1A, 1C and 7F of Shift JIS as 1C, 7F and 1A, against the Encoding Standard:
 * the end mark of DOS would be a record.
 */
function mendedControls(encoding: string): (text: string) => string {
  if (encoding !== 'shift_jis') return (text) => text;
  return (text) => text.replaceAll(/[\u001a\u001c\u007f]/g, (control) => SWAPPED[control] ?? control);
}

/** Turns text into bytes; characters the encoding lacks are given to `unmappable`, which answers a substitute. */
export type TextWriter = (text: string, unmappable: (character: string) => string) => Uint8Array;

/**
 * The inverse of {@link createTextReader}: text read from a file comes out as the same bytes, except for the few
 * characters to which a double-byte encoding gives two codes; they come out under the standard one.
 */
export function createTextWriter(encoding: string): TextWriter {
  if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be') return createUnicodeWriter(encoding);
  const decodeWhole = wholeDecoder(encoding);
  const codes = knownCodes.get(encoding) ?? codeTable(encoding, decodeWhole);
  knownCodes.set(encoding, codes);
  const encodeCharacter = (character: string): Uint8Array | undefined => {
    const code = codes.get(character);
    if (code !== undefined || !DOUBLE_BYTE.has(encoding)) return code;
    // Codes of three and four bytes are too many for a table.
    const rare = iconv.encode(character, encoding);
    return decodeWhole(rare) === character ? rare : undefined;
  };
  return (text, unmappable) => {
    const parts: Uint8Array[] = [];
    for (const character of text) {
      const code = encodeCharacter(character);
      if (code !== undefined) parts.push(code);
      else for (const other of unmappable(character)) parts.push(encodeCharacter(other) ?? Uint8Array.of(0x3f));
    }
    return Buffer.concat(parts);
  };
}

function createUnicodeWriter(encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): TextWriter {
  return (text, unmappable) => {
    // Half of a surrogate pair is no character; an encoder would put U+FFFD in its place.
    const sound = text.isWellFormed()
      ? text
      : Array.from(text, (character) => (character.isWellFormed() ? character : unmappable(character))).join('');
    const bytes = Buffer.from(sound, encoding === 'utf-8' ? 'utf8' : 'utf16le');
    return encoding === 'utf-16be' ? bytes.swap16() : bytes;
  };
}

type WholeDecoder = (bytes: Uint8Array) => string | undefined;

function wholeDecoder(encoding: string): WholeDecoder {
  const table = ebcdicTable(encoding);
  if (table !== undefined) return createEbcdicReader(table);
  if (DOS.has(encoding)) return (bytes) => iconv.decode(Buffer.from(bytes), encoding);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const mended = mendedControls(encoding);
  return (bytes) => {
    try {
      return mended(decoder.decode(bytes));
    } catch {
      return undefined;
    }
  };
}

// One table per encoding, made when it is first needed: those of double-byte encodings take a tenth of a second.
const knownCodes = new Map<string, ReadonlyMap<string, Uint8Array>>();

/** The code of every character that takes one byte or two. */
function codeTable(encoding: string, decodeWhole: WholeDecoder): ReadonlyMap<string, Uint8Array> {
  const codes = new Map<string, Uint8Array>();
  const add = (...code: readonly number[]): void => {
    const bytes = Uint8Array.from(code);
    const character = decodeWhole(bytes);
    if (character === undefined || codes.has(character) || Array.from(character).length !== 1) return;
    codes.set(character, bytes);
  };
  // Of two bytes that are read as a line end, the one that the file uses.
  if (ebcdicTable(encoding) !== undefined) add(ebcdicLineEnd(encoding));
  for (let byte = 0; byte < 256; byte++) {
    // An old code of the euro sign, which is read but whose standard code comes later.
    if (encoding !== 'gb18030' || byte !== 0x80) add(byte);
  }
  if (!DOUBLE_BYTE.has(encoding)) return codes;
  for (let lead = 0x81; lead < 0xff; lead++) {
    // Rows ED and EE of Shift JIS repeat characters whose standard code comes later.
    if (encoding === 'shift_jis' && (lead === 0xed || lead === 0xee)) continue;
    for (let trail = 0x30; trail < 0xff; trail++) add(lead, trail);
  }
  return codes;
}
