import type { FormatOptions } from '../core/format.ts';
import { guardFormula } from '../core/formula-guard.ts';
import { formats } from '../formats/index.ts';
import type { InboundFlow } from '../inbound/index.ts';

/** What a cell of a spreadsheet holds. A value that is longer stands in the drop itself. */
const MOST_CHARACTERS = 32_000;

/**
 * How the answers to a flow's drops are written: as the drops are, because who drops a semicolon file in windows-1252 reads
 * the answer with the same program. Fixed-width drops are answered in CSV of their encoding: their layout has no room.
 */
export function resultWriter(
  named: string | undefined,
  drop: { readonly format: string; readonly options: FormatOptions },
): InboundFlow['result'] {
  const isOfRows = drop.format !== 'fixed' && formats.get(drop.format)?.isReadOnly !== true;
  const name = named ?? (isOfRows ? drop.format : 'csv');
  const format = formats.get(name);
  if (format === undefined) throw new TypeError(`unknown format ${name}`);
  const { encoding } = drop.options;
  // A message may hold a character that the sender's code page lacks: better a mark than no answer.
  const text = { ...(encoding === undefined ? {} : { encoding }), replacement: '?' };
  if (name === 'xlsx') return { format, options: {}, toCell: shorten };
  if (name !== 'csv') return { format, options: encoding === undefined ? {} : { encoding }, toCell: (cell) => cell };
  const dialect = drop.format === 'csv' ? csvDialect(drop.options) : {};
  const toCell = (cell: string): string => guardFormula(shorten(cell));
  if (drop.options['quote'] !== 'none' || drop.format !== 'csv') {
    return { format, options: { ...text, ...dialect }, toCell };
  }
  const { delimiter: declared } = drop.options;
  const delimiter = typeof declared === 'string' ? declared : ',';
  const toPlain = (cell: string): string =>
    toCell(cell)
      .replaceAll(delimiter, ' ')
      .replaceAll(/[\r\n]+/g, ' ');
  return { format, options: { ...text, ...dialect }, toCell: toPlain };
}

function csvDialect(read: FormatOptions): FormatOptions {
  const { delimiter, quote, escape } = read;
  const quoting = quote === 'none' ? { quote } : quote === undefined ? {} : { quoteMark: quote };
  return {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...quoting,
    ...(escape === undefined || quote === 'none' ? {} : { escape }),
  };
}

function shorten(cell: string): string {
  return cell.length <= MOST_CHARACTERS ? cell : `${cell.slice(0, MOST_CHARACTERS)}…`;
}
