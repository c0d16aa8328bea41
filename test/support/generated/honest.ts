import { codecOf, encodings, type Encoding } from './encode.ts';
import type { Expected } from './generated-file.ts';
import type { Source } from './reading.ts';

/** A record as an honest reader finds it. */
export interface HonestRecord extends Expected {
  /** It cannot be used as it stands: it must carry an issue. */
  readonly isBad: boolean;
}

/** What an honest reader says of any bytes, by the rules that the documentation of the options gives, and by no others. */
export type Honest =
  /** The file cannot be read; for people who debug these tests, why. */
  | { readonly refusal: string }
  | {
      readonly refusal: undefined;
      readonly records: readonly HonestRecord[];
      readonly columns: Readonly<Record<string, readonly string[]>>;
      readonly passedOver: number;
      /** Codes of notices that must be given. */
      readonly notices: readonly string[];
      /** A line that is no record is beyond the limit of one. */
      readonly isOutOfBounds?: boolean;
      /** The last record has no line end and cannot be used: the file may have been cut off in it. */
      readonly isCutOff: boolean;
    };

export const LIMITS = { record: 1024 * 1024, field: 64 * 1024, columns: 2000 } as const;

/** The text of a file by its byte order mark, else by the declared encoding; undefined when it is none. */
export type HonestText =
  | { readonly refusal: string }
  | {
      readonly refusal: undefined;
      readonly text: string;
      readonly encoding: Encoding;
      readonly notices: readonly string[];
    };

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

export function honestText({ bytes, options }: Source): HonestText {
  const declared = encodings.find((encoding) => encoding === options['encoding']) ?? 'utf-8';
  const [marked, mark = []] = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte)) ?? [];
  const encoding = marked ?? declared;
  const body = bytes.subarray(mark.length);
  const detected = encoding === declared ? [] : ['encoding-detected'];
  const strict = codecOf(encoding).decode(body);
  if (strict !== undefined && !strict.includes('\0')) {
    return { refusal: undefined, text: strict, encoding, notices: detected };
  }
  if (options['onBad'] !== 'replace') return { refusal: strict === undefined ? 'no text' : 'a NUL' };
  const replaced = (codecOf(encoding).decode(body, false) ?? '').replaceAll('\0', '\ufffd');
  return { refusal: undefined, text: replaced, encoding, notices: [...detected, 'bytes-replaced'] };
}

/** Whether a file declared in a single-byte encoding is UTF-8 all the same: nothing but a person can tell. */
export function isMistakable({ bytes, options }: Source): boolean {
  const declared = encodings.find((encoding) => encoding === options['encoding']) ?? 'utf-8';
  const isSingle = /^(?:windows|iso|cp)/.test(declared);
  const isMarked = MARKS.some(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  return isSingle && !isMarked && bytes.some((byte) => byte >= 0x80) && codecOf('utf-8').decode(bytes) !== undefined;
}
