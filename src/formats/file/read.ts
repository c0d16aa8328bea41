import { createHash } from 'node:crypto';
import type { Bytes, FormatOptions, ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { captureName, namePlaces, withoutRejectMark } from '../../core/name-pattern.ts';
import type { ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import { mediaTypeOf, saidMediaType, UNKNOWN } from './media-type.ts';

/** Columns that every file has, behind those of its name. */
export const FILE_COLUMNS = ['FileName', 'FileSize', 'MediaType', 'Sha256'] as const;

/** Readers of PDF look for its end in so many last bytes. ISO 32000-1, implementation note H.3.4.4. */
const PDF_END_BYTES = 1024;
const HEAD_BYTES = 512;

/** One record for the file. Of its bytes no more than the first and the last are ever held. */
export async function* readFile(
  bytes: Bytes,
  options: FormatOptions,
  { file }: ReadContext,
): AsyncGenerator<ReadEvent> {
  const pattern = typeof options['name'] === 'string' ? options['name'] : '';
  const places = namePlaces(pattern);
  const scan = createScan();
  for await (const chunk of bytes) {
    if (scan.size === 0 && chunk.length > 0) yield { kind: 'header', columns: [...places, ...FILE_COLUMNS], line: 1 };
    scan.add(chunk);
  }
  if (scan.size === 0) {
    yield { kind: 'refused', issue: createIssue('empty-file', { file }) };
    return;
  }
  const name = withoutRejectMark(file);
  // A name that fits only as it stands has no mark of ours in it.
  const captured = captureName(pattern, name) ?? captureName(pattern, file);
  const mediaType = mediaTypeOf(scan.head());
  const cells = [
    ...places.map((place) => captured?.get(place) ?? ''),
    name,
    String(scan.size),
    mediaType,
    scan.sha256(),
  ];
  const issues = contentIssues(file, mediaType, scan.tail());
  const record = { seq: 0, line: 1, cells, ...(issues.length === 0 ? {} : { issues }) };
  yield { kind: 'records', records: [name === file ? record : { ...record, isReturned: true }] };
}

function contentIssues(file: string, mediaType: string, tail: Uint8Array): Issue[] {
  const where = { file, line: 1, column: 'MediaType' };
  const said = saidMediaType(file);
  if (said !== undefined && said !== mediaType) {
    const got = mediaType === UNKNOWN ? {} : { got: mediaType };
    return [createIssue('wrong-file-type', where, { expected: say`${said}, as its name says`, ...got })];
  }
  if (mediaType === 'application/pdf' && !Buffer.from(tail).includes('%%EOF')) {
    return [createIssue('file-cut-off', where, { what: say`the PDF has no end (%%EOF); it may be cut off` })];
  }
  return [];
}

interface Scan {
  readonly size: number;
  add(chunk: Uint8Array): void;
  head(): Uint8Array;
  tail(): Uint8Array;
  /** Of all that was added, hex. Ends the scan. */
  sha256(): string;
}

function createScan(): Scan {
  const hash = createHash('sha256');
  let size = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  return {
    get size() {
      return size;
    },
    add(chunk) {
      hash.update(chunk);
      size += chunk.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      const last = chunk.subarray(-PDF_END_BYTES);
      tail = Buffer.concat([tail.subarray(Math.max(0, tail.length + last.length - PDF_END_BYTES)), last]);
    },
    head: () => head,
    tail: () => tail,
    sha256: () => hash.digest('hex'),
  };
}
