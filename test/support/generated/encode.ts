import { doubleBytes, ebcdicBytes, upperHalves } from './codes.ts';

/** The encodings that files are generated in. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'cp437',
  'cp850',
  'shift_jis',
  'gb18030',
  'ebcdic-037',
  'ebcdic-500',
] as const;
export type Encoding = (typeof encodings)[number];

// By the Encoding Standard iso-8859-1 is another name of windows-1252.
const upperHalf = (encoding: Encoding): string | undefined =>
  upperHalves[encoding === 'iso-8859-1' ? 'windows-1252' : encoding];

const NEL = 0x15;
const LF = 0x25;

function buildCodes(encoding: Encoding): ReadonlyMap<string, readonly number[]> {
  const codes = new Map<string, readonly number[]>();
  const ebcdic = ebcdicBytes[encoding];
  if (ebcdic !== undefined) {
    for (let code = 0; code < 256; code++) {
      const byte = Number.parseInt(ebcdic.slice(code * 2, code * 2 + 2), 16);
      if (byte !== NEL) codes.set(String.fromCharCode(code), [byte]);
    }
    return codes;
  }
  for (let code = 0; code < 128; code++) codes.set(String.fromCharCode(code), [code]);
  for (const [index, character] of Array.from(upperHalf(encoding) ?? '').entries()) codes.set(character, [128 + index]);
  for (const [character, bytes] of Object.entries(doubleBytes[encoding] ?? {}))
    codes.set(character, [...Buffer.from(bytes, 'hex')]);
  return codes;
}

export interface Codec {
  /** Undefined for a text that holds a character the encoding lacks, or that these tables do not know. */
  encode(text: string): Uint8Array | undefined;
  /** Undefined for bytes that are no text. `isStrict: false`: U+FFFD stands for them. A byte order mark stays. */
  decode(bytes: Uint8Array, isStrict?: boolean): string | undefined;
}

/** What a line end of EBCDIC is written as besides the byte 25; a character that no text holds stands for it. */
export const NEL_MARK = '\u0085';

function encoderOf(encoding: Encoding): Codec['encode'] {
  if (encoding === 'utf-8') return (text) => (text.isWellFormed() ? Buffer.from(text) : undefined);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    return (text) => {
      if (!text.isWellFormed()) return undefined;
      const bytes = Buffer.from(text, 'utf16le');
      return encoding === 'utf-16be' ? bytes.swap16() : bytes;
    };
  }
  const codes = buildCodes(encoding);
  const nel = ebcdicBytes[encoding] === undefined ? undefined : [NEL];
  return (text) => {
    const bytes: number[] = [];
    for (const character of text) {
      const code = character === NEL_MARK ? nel : codes.get(character);
      if (code === undefined) return undefined;
      bytes.push(...code);
    }
    return Uint8Array.from(bytes);
  };
}

function decoderOf(encoding: Encoding): Codec['decode'] {
  const ebcdic = ebcdicBytes[encoding];
  const upper = upperHalf(encoding);
  if (ebcdic === undefined && upper === undefined) return platformDecoder(encoding);
  const characters: string[] = Array.from(
    { length: 256 },
    (_, byte) => upper?.[byte - 128] ?? String.fromCharCode(byte),
  );
  if (ebcdic !== undefined) {
    for (const [character, [byte = 0]] of buildCodes(encoding)) characters[byte] = character;
    characters[NEL] = '\n';
    characters[LF] = '\n';
  }
  return (bytes) => Array.from(bytes, (byte) => characters[byte] ?? '').join('');
}

function platformDecoder(encoding: Encoding): Codec['decode'] {
  return (bytes, isStrict = true) => {
    try {
      const text = new TextDecoder(encoding, { fatal: isStrict, ignoreBOM: true }).decode(bytes);
      return encoding === 'shift_jis' ? text.replaceAll(/[\u001a\u001c\u007f]/g, controlOf) : text;
    } catch {
      return undefined;
    }
  };
}

/** ICU has three control characters of Shift JIS in each other's places. */
function controlOf(read: string): string {
  return read === '\u001c' ? '\u001a' : read === '\u007f' ? '\u001c' : '\u007f';
}

const codecs: ReadonlyMap<string, Codec> = new Map(
  encodings.map((encoding) => [encoding, { encode: encoderOf(encoding), decode: decoderOf(encoding) }]),
);

/** How text becomes bytes, and back. */
export function codecOf(encoding: Encoding): Codec {
  const codec = codecs.get(encoding);
  if (codec === undefined) throw new Error(`no codec for ${encoding}`);
  return codec;
}
