import type { FormatOptions } from '../../core/format.ts';
import { ebcdicEncodings } from './ebcdic.ts';
import { encodings } from './encodings.ts';

/** How the bytes of a text file become text. */
export interface TextOptions {
  readonly encoding: string;
  /** What becomes of bytes that are no text in the encoding: the file is refused, or they stand as U+FFFD. */
  readonly onBad: 'fail' | 'replace';
}

/** The read options that all text formats share. */
export const textReadOptions = {
  encoding: {
    enum: encodings,
    default: 'utf-8',
    description: 'Encoding of the file. A byte order mark in the file wins over it; nothing else is guessed.',
  },
  onBad: {
    enum: ['fail', 'replace'],
    default: 'fail',
    description:
      'Bytes that are no text in the encoding: fail refuses the file and says where; replace puts U+FFFD (\ufffd) in their place and says how many.',
  },
} as const;

/** The write options that all text formats share; {@link textWriteRules} belongs to them. */
export const textWriteOptions = {
  encoding: {
    enum: encodings,
    default: 'utf-8',
    description: 'Encoding of the file. A character it lacks is an issue and its row waits, unless replacement is set.',
  },
  replacement: {
    type: 'string',
    pattern: '^[ -~]$',
    description:
      'Written instead of a character that the encoding lacks. Left out: such a character is an issue and its row waits.',
  },
  bom: { type: 'boolean', default: false, description: 'Whether the file begins with a byte order mark.' },
  lineEnd: {
    enum: ['lf', 'crlf', 'cr', 'nel'],
    default: 'crlf',
    description: 'How lines end. In EBCDIC lf is the byte 0x25, nel the byte 0x15.',
  },
} as const;

/** NEL is a line end in EBCDIC only. */
export const textWriteRules = {
  if: { type: 'object', required: ['lineEnd'], properties: { lineEnd: { const: 'nel' } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema says `then`; nobody awaits it
  then: { type: 'object', required: ['encoding'], properties: { encoding: { enum: ebcdicEncodings } } },
} as const;

export function readTextOptions(options: FormatOptions): TextOptions {
  const { encoding } = options;
  return {
    encoding: typeof encoding === 'string' ? encoding : 'utf-8',
    onBad: options['onBad'] === 'replace' ? 'replace' : 'fail',
  };
}

/** How text becomes the bytes of a file. */
export interface TextWriting {
  /** As {@link createTextWriter} takes it. */
  readonly encoding: string;
  readonly lineEnd: string;
  readonly hasByteOrderMark: boolean;
  /** Undefined: a character the encoding lacks stops the file. */
  readonly replacement: string | undefined;
}

const LINE_ENDS: Readonly<Record<string, string>> = { lf: '\n', cr: '\r', nel: '\n' };

/** `lineEnd`: what the format uses when the options do not say. */
export function writeTextOptions(options: FormatOptions, lineEnd = '\r\n'): TextWriting {
  const { encoding } = readTextOptions(options);
  const named = options['lineEnd'];
  const { replacement } = options;
  return {
    encoding: named === 'nel' ? `${encoding}-nel` : encoding,
    lineEnd: typeof named === 'string' ? (LINE_ENDS[named] ?? '\r\n') : lineEnd,
    hasByteOrderMark: options['bom'] === true,
    replacement: typeof replacement === 'string' ? replacement : undefined,
  };
}
