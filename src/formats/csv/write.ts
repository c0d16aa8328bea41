import { stringify, type Options } from 'csv-stringify/sync';

import { Failure } from '../../core/failure.ts';
import type { FormatOptions } from '../../core/format.ts';
import { createTextWriter } from '../text/encodings.ts';
import { writeDialect, type WriteDialect } from './options.ts';

const ROWS_AT_ONCE = 500;
/** What a reader would take for a line end, a byte order mark, a `sep=` line or the end of the file. */
const MISREAD = /[\r\n\u001a]|^\ufeff|^sep=.$/i;
/** In a table of one column, an empty value makes a blank line, which is no record. */
const BLANK = /^\s*$/;

/**
 * Writes rows of text, each under the columns given; the last line ends like the others.
 * @throws Failure bad-config for a character that the encoding cannot hold: nothing is replaced.
 */
export async function* writeCsv(
  rows: AsyncIterable<readonly string[]>,
  columns: readonly string[],
  options: FormatOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const dialect = writeDialect(options);
  const encode = createTextWriter(dialect.encoding);
  const settings = stringifyOptions(dialect, columns.length);
  const turnIntoBytes = (batch: readonly (readonly string[])[], lead = ''): Uint8Array =>
    encode(
      lead +
        stringify(
          batch.map((row) => [...row]),
          settings,
        ),
      (character) => {
        throw unmappable(character, dialect.encoding);
      },
    );
  let batch: (readonly string[])[] = dialect.hasHeader ? [columns] : [];
  let lead = dialect.hasByteOrderMark ? '\ufeff' : '';
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield turnIntoBytes(batch, lead);
    batch = [];
    lead = '';
  }
  if (batch.length > 0 || lead !== '') yield turnIntoBytes(batch, lead);
}

function stringifyOptions(dialect: WriteDialect, columns: number): Options {
  return {
    delimiter: dialect.delimiter,
    record_delimiter: dialect.lineEnd,
    quoted: dialect.quoteAll,
    quoted_empty: dialect.quoteAll || columns === 1,
    quoted_match: columns === 1 ? [MISREAD, BLANK] : [MISREAD],
    eof: true,
  };
}

function unmappable(character: string, encoding: string): Failure {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return new Failure(
    'bad-config',
    `the character U+${code} cannot be written in ${encoding}; choose utf-8, or translate it in the mapping`,
  );
}
