import type { IssueDetails } from '../../core/issue.ts';
import { say, type Phrase, type PhraseValue } from '../../core/text.ts';

export interface Sniffed {
  readonly code: 'not-text' | 'looks-like-html';
  readonly details: IssueDetails;
}

interface Signature {
  readonly bytes: readonly number[];
  readonly what: Phrase;
  readonly hint: (called: PhraseValue) => Phrase;
}

const workbookHint = (called: PhraseValue): Phrase =>
  called === 'CSV'
    ? say`Open it in the spreadsheet program and save it as CSV.`
    : say`Export the data as ${called} from the system that made it.`;
const exportHint = (called: PhraseValue): Phrase =>
  say`Export the data itself as ${called} from the system that made it.`;
const paperHint = (called: PhraseValue): Phrase =>
  say`${exportHint(called)} Papers that are sent as they are need a flow with format: file.`;
const unpackHint = (): Phrase => say`Unpack it first and drop the file inside.`;

const signatures: readonly Signature[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: say`this is an Excel workbook or another zip archive`,
    hint: (called) =>
      say`${workbookHint(called)} A workbook is read with format: xlsx; an archive must be unpacked first.`,
  },
  {
    bytes: [0x50, 0x4b, 0x05, 0x06],
    what: say`this is an empty zip archive`,
    hint: () => say`Export the file again.`,
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    what: say`this is an old Excel workbook or Office document (OLE)`,
    hint: workbookHint,
  },
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], what: say`this is a PDF document`, hint: paperHint },
  {
    bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    what: say`this is a PNG picture`,
    hint: paperHint,
  },
  { bytes: [0xff, 0xd8, 0xff], what: say`this is a JPEG picture`, hint: paperHint },
  { bytes: [0x1f, 0x8b], what: say`this is a gzip archive`, hint: unpackHint },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: say`this is a Zstandard archive`, hint: unpackHint },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: say`this is a 7z archive`, hint: unpackHint },
];

const HTML = /^\s*(<!doctype html[^>]*>?|<html[\s>]|<head[\s>]|<\?xml[^>]*\?>\s*<!doctype html)/i;

/** Says what a file is by its first bytes, when that is no text. `called`: what the format is called, `CSV`. */
export function sniff(head: Uint8Array, called: PhraseValue): Sniffed | undefined {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (signature !== undefined) {
    return { code: 'not-text', details: { what: say`${signature.what}, not ${called}`, hint: signature.hint(called) } };
  }
  const start = new TextDecoder('latin1').decode(head.subarray(0, 256)).replace(/^\u00ef\u00bb\u00bf/, '');
  const [, tag] = HTML.exec(start) ?? [];
  return tag === undefined ? undefined : { code: 'looks-like-html', details: { got: tag.trim() } };
}

export interface ByteOrderMark {
  readonly encoding: string;
  readonly length: number;
}

/** The byte order mark a file begins with. */
export function byteOrderMark(head: Uint8Array): ByteOrderMark | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** `utf-16le` or `utf-16be` when nearly every second byte is zero, as in UTF-16 text without a byte order mark. */
export function looksLikeUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.floor(Math.min(head.length, 512) / 2);
  let zeroFirst = 0;
  let zeroSecond = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (head[pair * 2] === 0) zeroFirst++;
    if (head[pair * 2 + 1] === 0) zeroSecond++;
  }
  if (pairs === 0) return undefined;
  if (zeroSecond > pairs * 0.8) return zeroFirst > pairs * 0.2 ? undefined : 'utf-16le';
  return zeroFirst > pairs * 0.8 && zeroSecond < pairs * 0.2 ? 'utf-16be' : undefined;
}
