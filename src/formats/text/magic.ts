import type { IssueDetails } from '../../core/issue.ts';

export interface Sniffed {
  readonly code: 'not-a-csv' | 'looks-like-html';
  readonly details: IssueDetails;
}

interface Signature {
  readonly bytes: readonly number[];
  readonly what: string;
  readonly hint: string;
}

const WORKBOOK_HINT = 'Open it in the spreadsheet program and save it as CSV.';
const signatures: readonly Signature[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'this is an Excel workbook or another zip archive, not CSV',
    hint: `${WORKBOOK_HINT} If it is an archive, unpack it first.`,
  },
  {
    bytes: [0x50, 0x4b, 0x05, 0x06],
    what: 'this is an empty zip archive, not CSV',
    hint: 'Export the file again.',
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    what: 'this is an old Excel workbook or Office document (OLE), not CSV',
    hint: WORKBOOK_HINT,
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46, 0x2d],
    what: 'this is a PDF document, not CSV',
    hint: 'Export the data itself as CSV from the system that made the document.',
  },
  {
    bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    what: 'this is a PNG picture, not CSV',
    hint: 'Export the data itself as CSV.',
  },
  { bytes: [0x1f, 0x8b], what: 'this is a gzip archive, not CSV', hint: 'Unpack it first and drop the file inside.' },
];

/** Says what a file is by its first bytes, when that is not CSV. */
export function sniff(head: Uint8Array): Sniffed | undefined {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (signature !== undefined) return { code: 'not-a-csv', details: { what: signature.what, hint: signature.hint } };
  const start = new TextDecoder('latin1').decode(head.subarray(0, 256)).replace(/^(\u00ef\u00bb\u00bf)?\s+/, '');
  const tag =
    /^(?:\u00ef\u00bb\u00bf)?\s*(<!doctype html[^>]*>?|<html[\s>]|<head[\s>]|<\?xml[^>]*\?>\s*<!doctype html)/i.exec(
      start,
    );
  return tag === null ? undefined : { code: 'looks-like-html', details: { got: (tag[1] ?? '').trim() } };
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
