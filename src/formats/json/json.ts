import type { Ending, Format, FormatOptions } from '../../core/format.ts';
import { tailText } from '../text/ending.ts';
import { readTextOptions } from '../text/options.ts';
import { DocumentCutter } from './document.ts';
import { checkJsonWriting, checkMixedJson, jsonReadOptions, jsonWriteOptions, pathNames } from './options.ts';
import { readRawTrees, readTrees, type Layout } from './read.ts';
import { rejectWriter } from './rejects.ts';
import { checkJsonRow, checkMixedJsonRow, writeJson, writeMixedJson } from './write.ts';

const layout: Layout = {
  called: 'JSON',
  cutter: (options, context) => new DocumentCutter(pathNames(options, 'path'), context),
};

/** One JSON document: an array of records, an object with that array in it, or an object that is one record. */
export const json: Format = {
  name: 'json',
  shape: 'tree',
  extension: 'json',
  readOptions: jsonReadOptions,
  writeOptions: jsonWriteOptions,
  check: checkJsonWriting(false),
  ending,
  read: (bytes, options, context) => readTrees(layout, bytes, options, context),
  readRaw: (bytes, options, context) => readRawTrees(layout, bytes, options, context),
  writeRejects: rejectWriter(false),
  rowCheck: checkJsonRow,
  mixed: { check: checkMixedJson(false), rowCheck: checkMixedJsonRow, write: writeMixedJson },
  write: writeJson,
};

/** Complete when the last character is a bracket that can close the document. */
function ending(tail: Uint8Array, size: number, options: FormatOptions): Ending {
  if (size === 0) return 'empty';
  const text = tailText(tail, size, readTextOptions(options).encoding);
  const close = options['path'] === undefined ? /[\]}][\s\u001a]*$/ : /\}[\s\u001a]*$/;
  return close.test(text) ? 'complete' : 'open';
}
