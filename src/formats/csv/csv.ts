import type { Ending, Format, FormatOptions } from '../../core/format.ts';
import { readDialect, readOptions, writeOptions } from './options.ts';
import { readRawCsv } from './raw.ts';
import { readCsv } from './read.ts';
import { writeCsvRejects } from './rejects.ts';
import { writeCsv } from './write.ts';

/** Comma-separated values and their kin: any one-character delimiter, any usual encoding. */
export const csv: Format = {
  name: 'csv',
  shape: 'table',
  extension: 'csv',
  readOptions,
  writeOptions,
  ending,
  read: readCsv,
  readRaw: readRawCsv,
  writeRejects: writeCsvRejects,
  write: writeCsv,
};

const LF = 0x0a;
const CR = 0x0d;
const CTRL_Z = 0x1a;

/** Complete when the last character, but for a Ctrl-Z, is a line end. */
function ending(tail: Uint8Array, size: number, options: FormatOptions): Ending {
  if (size === 0) return 'empty';
  const encoding = utf16Encoding(tail, size, options);
  const unit = encoding === undefined ? 1 : 2;
  const low = encoding === 'utf-16le' ? 2 : 1;
  const isUnit = (end: number, code: number): boolean =>
    tail[end - low] === code && (encoding === undefined || tail[end - (3 - low)] === 0);
  let end = tail.length;
  while (isUnit(end, CTRL_Z)) end -= unit;
  return isUnit(end, LF) || isUnit(end, CR) ? 'complete' : 'open';
}

/** From the declared encoding, else from the tail: after a line end in UTF-16, the zero half betrays the byte order. */
function utf16Encoding(tail: Uint8Array, size: number, options: FormatOptions): 'utf-16le' | 'utf-16be' | undefined {
  const { encoding } = readDialect(options);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return encoding;
  if (size % 2 !== 0 || tail.length < 2) return undefined;
  if (tail.at(-1) === 0) return 'utf-16le';
  return tail.at(-2) === 0 ? 'utf-16be' : undefined;
}
