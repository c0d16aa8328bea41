import type { Bytes, Ending, Format, FormatOptions, OptionFinding, RejectRow } from '../../core/format.ts';
import { forgivingName } from '../../core/forgiving-name.ts';
import type { JsonSchema } from '../../core/json.ts';
import { namePlaces } from '../../core/name-pattern.ts';
import type { RawRecord } from '../../core/record.ts';
import { FILE_COLUMNS, readFile } from './read.ts';

const readOptions: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: {
      type: 'string',
      pattern: String.raw`\{[A-Za-z]+\}`,
      description: 'How the file is called; what stands in braces is a column: "{OrderNo}_{Type}.pdf".',
    },
  },
};

/**
 * A file as a whole: one record, whose columns are told by its name and its bytes. What is in it stays as it is; it goes to a
 * provider that takes uploads, and back to its sender when it is refused.
 */
export const file: Format = {
  name: 'file',
  shape: 'table',
  extension: 'bin',
  isReadOnly: true,
  readOptions,
  writeOptions: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', properties: {} },
  check: (use, options) => (use === 'read' ? checkName(options) : []),
  ending,
  read: readFile,
  readRaw,
  writeRejects,
  write() {
    throw new TypeError('whole files are not made of rows');
  },
};

function checkName({ name }: FormatOptions): readonly OptionFinding[] {
  if (typeof name !== 'string') return [];
  const taken = new Set(FILE_COLUMNS.map(forgivingName));
  return namePlaces(name).flatMap((place, index, all): OptionFinding[] => {
    const isOurs = taken.has(forgivingName(place));
    const isTwice = all.findIndex((other) => forgivingName(other) === forgivingName(place)) < index;
    if (!isOurs && !isTwice) return [];
    const what = isTwice ? `{${place}} stands in the name twice` : `{${place}} is a column that every file has`;
    return [{ code: 'wrong-value', path: ['name'], what, hint: 'Call it something else.' }];
  });
}

/** Only a PDF says at its end that it has ended; of other files their rest alone tells. */
function ending(tail: Uint8Array, size: number, { name }: FormatOptions): Ending {
  if (size === 0) return 'empty';
  const isSaidPdf = typeof name === 'string' && /\.pdf$/i.test(name);
  return !isSaidPdf || Buffer.from(tail).includes('%%EOF') ? 'complete' : 'open';
}

async function* readRaw(bytes: Bytes): AsyncGenerator<RawRecord> {
  yield { seq: 0, line: 1, text: '', lineEnd: '', native: bytes };
}

/** The refused file itself: reasons have no place in it, the result file tells them. */
async function* writeRejects(rows: AsyncIterable<RejectRow>): AsyncGenerator<Uint8Array> {
  for await (const { raw } of rows) yield* raw.native as Bytes;
}
