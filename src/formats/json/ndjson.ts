import type { Ending, Format, FormatOptions } from '../../core/format.ts';
import { tailText } from '../text/ending.ts';
import { readTextOptions } from '../text/options.ts';
import { LineCutter } from './lines.ts';
import { checkJsonWriting, checkMixedJson, ndjsonReadOptions, ndjsonWriteOptions } from './options.ts';
import { readRawTrees, readTrees, type Layout } from './read.ts';
import { rejectWriter } from './rejects.ts';
import { checkJsonRow, checkMixedJsonRow, writeNdjson, writeMixedNdjson } from './write.ts';

const layout: Layout = { called: 'NDJSON', cutter: (_options, context) => new LineCutter(context) };

/** One JSON value on each line, also called JSON Lines. */
export const ndjson: Format = {
  name: 'ndjson',
  shape: 'tree',
  extension: 'ndjson',
  readOptions: ndjsonReadOptions,
  writeOptions: ndjsonWriteOptions,
  check: checkJsonWriting(true),
  ending,
  read: (bytes, options, context) => readTrees(layout, bytes, options, context),
  readRaw: (bytes, options, context) => readRawTrees(layout, bytes, options, context),
  writeRejects: rejectWriter(true),
  rowCheck: checkJsonRow,
  mixed: { check: checkMixedJson(true), rowCheck: checkMixedJsonRow, write: writeMixedNdjson },
  write: writeNdjson,
};

/** Complete when the last character is a line end. */
function ending(tail: Uint8Array, size: number, options: FormatOptions): Ending {
  if (size === 0) return 'empty';
  return /[\r\n]\u001a*$/.test(tailText(tail, size, readTextOptions(options).encoding)) ? 'complete' : 'open';
}
