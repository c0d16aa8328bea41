import { stringify, type Options } from 'csv-stringify/sync';

import { Failure } from '../../core/failure.ts';
import type { FileFacts, FormatOptions, RecordColumns, TypedRow } from '../../core/format.ts';
import { createEncoder } from '../text/encoder.ts';
import { cellsOfTypes } from '../writing/cells.ts';
import { hasTrailer, readEnvelope, type OwnRecord } from '../writing/envelope.ts';
import { asTyped, isOneKind, oneKind } from '../writing/record-columns.ts';
import { createTally } from '../writing/totals.ts';
import { writeDialect, type WriteDialect } from './write-options.ts';

const ROWS_AT_ONCE = 500;
/** What a reader would take for a line end, a byte order mark, a `sep=` line or the end of the file. */
const MISREAD = /[\r\n\u001a]|^\ufeff|^sep=.$/i;
/** In a table of one column, an empty value makes a blank line, which is no record. */
const BLANK = /^\s*$/;

/**
 * Writes rows of text, each under the columns given; the last line ends like the others.
 * @throws Failure bad-config for what the dialect or the encoding cannot hold, unless a replacement is declared for it.
 */
export function writeCsv(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  return writeMixedCsv(asTyped(rows), oneKind(columns), options, facts);
}

/** Writes records of several types, with the same failures. No line names columns: each type has its own. */
export async function* writeMixedCsv(
  rows: AsyncIterable<TypedRow>,
  types: RecordColumns,
  options: FormatOptions,
  facts?: FileFacts,
): AsyncGenerator<Uint8Array, void, void> {
  const dialect = writeDialect(options);
  const encode = createEncoder(dialect.text);
  const narrowest = Math.min(...[...types.values()].map(({ length }) => length));
  const toText = dialect.quoting === 'none' ? plainText(dialect) : quotedText(dialect, narrowest);
  const { header, trailer, sums, records } = readEnvelope(options);
  const cells = cellsOfTypes(types, options, sums, dialect.text.encoding);
  const [any] = cells.values();
  const tally = createTally(types, sums, records);
  const own = ({ values }: OwnRecord): readonly string[] =>
    values.map(({ template }) => any?.own(template, facts, tally) ?? '');
  let batch: (readonly string[])[] = header === undefined ? [] : [own(header)];
  const only = isOneKind(types) ? any : undefined;
  if (dialect.hasHeader && only !== undefined) batch.push(only.names());
  let lead = dialect.text.hasByteOrderMark ? '\ufeff' : '';
  for await (const row of rows) {
    tally.add(row);
    batch.push(cells.get(row.type)?.write(row.cells) ?? row.cells);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield encode(lead + toText(batch));
    batch = [];
    lead = '';
  }
  if (trailer !== undefined && hasTrailer(tally, facts)) batch.push(own(trailer));
  if (batch.length > 0 || lead !== '') yield encode(lead + toText(batch));
}

type ToText = (rows: readonly (readonly string[])[]) => string;

function quotedText({ delimiter, quoting, quote, escape, text }: WriteDialect, columns: number): ToText {
  const isAll = quoting === 'all';
  const settings: Options = {
    delimiter,
    quote,
    escape,
    record_delimiter: text.lineEnd,
    quoted: isAll,
    quoted_empty: isAll || columns === 1,
    quoted_match: columns === 1 ? [MISREAD, BLANK] : [MISREAD],
    eof: true,
  };
  return (rows) =>
    stringify(
      rows.map((row) => [...row]),
      settings,
    );
}

/** @throws Failure bad-config for a value that would be read as something else: nothing quotes it. */
function plainText({ delimiter, text }: WriteDialect): ToText {
  return (rows) =>
    rows
      .map((row) => {
        const unsafe = row.find((cell) => isMisread(cell, delimiter)) ?? blankOf(row, delimiter);
        if (unsafe === undefined) return row.join(delimiter) + text.lineEnd;
        throw new Failure(
          'bad-config',
          `the value ${JSON.stringify(unsafe.slice(0, 60))} cannot be written with quote: none; it holds a delimiter or a line break, or is empty where a line may not be`,
        );
      })
      .join('');
}

/** Whether a value without quotes would be read as something else. */
export function isMisread(cell: string, delimiter: string): boolean {
  return cell.includes(delimiter) || MISREAD.test(cell);
}

/** A row that would be a blank line. */
function blankOf(row: readonly string[], delimiter: string): string | undefined {
  const line = row.join(delimiter);
  return line.trim() === '' && !line.includes(delimiter) ? line : undefined;
}
