import type { Ending, Format } from '../../core/format.ts';
import { readOptions } from './options.ts';
import { readRawXlsx } from './raw.ts';
import { readXlsx } from './read.ts';
import { writeXlsxRejects } from './rejects.ts';
import { checkWriteOptions, writeOptions } from './write-options.ts';
import { checkXlsxRow, writeXlsx } from './write.ts';

/** Workbooks of Excel and its kin (.xlsx, ECMA-376), one sheet of them as a table. */
export const xlsx: Format = {
  name: 'xlsx',
  shape: 'table',
  extension: 'xlsx',
  readOptions,
  writeOptions,
  check: (use, options, columns) => (use === 'write' ? checkWriteOptions(options, columns) : []),
  ending,
  read: readXlsx,
  readRaw: readRawXlsx,
  writeRejects: writeXlsxRejects,
  rowCheck: checkXlsxRow,
  write: writeXlsx,
};

const END_RECORD = Buffer.from('PK\u0005\u0006');
const END_BYTES = 22;

/** Complete when the record that ends a zip archive is there, with the comment it announces and nothing after it. */
function ending(tail: Uint8Array, size: number): Ending {
  if (size === 0) return 'empty';
  const bytes = Buffer.from(tail);
  const at = bytes.lastIndexOf(END_RECORD);
  if (at === -1 || at + END_BYTES > bytes.length) return 'open';
  return at + END_BYTES + bytes.readUInt16LE(at + END_BYTES - 2) === bytes.length ? 'complete' : 'open';
}
