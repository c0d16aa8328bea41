import { parse, type Options } from 'csv-parse/sync';

import { scanFields } from './fields.ts';
import type { Dialect } from './options.ts';
import type { Chunk } from './split.ts';
import { isWhite } from './white.ts';

/** The values of a record, or undefined when its quotes make no sense. */
export type Cells = readonly string[] | undefined;

/**
 * Values of every record of a chunk, in step with the splitter. When the chunk as a whole cannot be parsed, its records
 * are parsed one by one, so that a bad one costs nothing but itself.
 */
export function parseChunk(chunk: Chunk, dialect: Dialect): readonly Cells[] {
  const whole = opensQuoteTwice(chunk.body, dialect) ? undefined : tryParse(chunk.body, dialect, lineEndsOf(chunk));
  if (whole?.length === chunk.starts.length) return whole;
  return chunk.starts.map((start, index) => parseRecord(chunk.source.slice(start, chunk.ends[index]), dialect));
}

/** Values of one record. */
export function parseRecord(text: string, dialect: Dialect): Cells {
  if (opensQuoteTwice(text, dialect) && scanFields(text, dialect).some(({ fault }) => fault !== undefined)) {
    return undefined;
  }
  const records = tryParse(text, dialect, ['\r\n', '\n', '\r']);
  return records?.length === 1 ? records[0] : undefined;
}

/**
 * Whether there may be an empty quoted value, white space, and another quote: where white space is trimmed, the parser
 * reads `"" "x"` as `x` instead of complaining.
 */
function opensQuoteTwice(text: string, { quote, trim }: Dialect): boolean {
  if (!trim || quote === undefined) return false;
  for (let at = text.indexOf(quote + quote); at !== -1; at = text.indexOf(quote + quote, at + 1)) {
    let next = at + 2;
    while (next < text.length && isWhite(text, next)) next++;
    if (next > at + 2 && text[next] === quote) return true;
  }
  return false;
}

function tryParse(text: string, dialect: Dialect, lineEnds: readonly string[]): readonly string[][] | undefined {
  const { delimiter, quote = null, escape, trim } = dialect;
  const options: Options = {
    delimiter,
    quote,
    escape: quote === null ? null : escape,
    columns: false,
    trim,
    relax_column_count: true,
    record_delimiter: [...lineEnds],
  };
  try {
    return parse(text, options);
  } catch {
    // What is wrong is found and said by our own walk over the record; the parser's message quotes the data.
    return undefined;
  }
}

/** The line ends between the records of a chunk: where they are all alike the parser has less to compare. */
function lineEndsOf(chunk: Chunk): readonly string[] {
  let hasCrLf = false;
  let hasLf = false;
  let hasCr = false;
  for (let index = 0; index < chunk.ends.length; index++) {
    const end = chunk.ends[index] ?? 0;
    const next = chunk.nexts[index] ?? 0;
    if (next - end === 2) hasCrLf = true;
    else if (next > end && chunk.source.charCodeAt(end) === 10) hasLf = true;
    else if (next > end) hasCr = true;
  }
  if (hasLf && !hasCrLf && !hasCr) return ['\n'];
  return hasCrLf && !hasLf && !hasCr ? ['\r\n'] : ['\r\n', '\n', '\r'];
}
