import type { Ending, Format, FormatOptions } from '../../core/format.ts';
import { tailText } from '../text/ending.ts';
import { readTextOptions } from '../text/options.ts';
import { readOptions } from './options.ts';
import { readRawCsv } from './raw.ts';
import { readCsv } from './read.ts';
import { writeCsvRejects } from './rejects.ts';
import { checkCsvRow, checkMixedCsvRow } from './write-check.ts';
import { checkMixedOptions, checkWriteOptions, writeOptions } from './write-options.ts';
import { writeCsv, writeMixedCsv } from './write.ts';

/** Comma-separated values and their kin: any one-character delimiter, any usual encoding. */
export const csv: Format = {
  name: 'csv',
  shape: 'table',
  extension: 'csv',
  readOptions,
  writeOptions,
  check: (use, options, columns) => (use === 'write' ? checkWriteOptions(options, columns) : []),
  ending,
  read: readCsv,
  readRaw: readRawCsv,
  writeRejects: writeCsvRejects,
  rowCheck: checkCsvRow,
  mixed: { check: checkMixedOptions, rowCheck: checkMixedCsvRow, write: writeMixedCsv },
  write: writeCsv,
};

/** Complete when the last character, but for a Ctrl-Z, is a line end. */
function ending(tail: Uint8Array, size: number, options: FormatOptions): Ending {
  if (size === 0) return 'empty';
  return /[\r\n]\u001a*[\r\n]*$/.test(tailText(tail, size, readTextOptions(options).encoding)) ? 'complete' : 'open';
}
