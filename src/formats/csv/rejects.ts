import type { FormatOptions, RejectRow } from '../../core/format.ts';
import { guardFormula } from '../../core/formula-guard.ts';
import type { RawRecord } from '../../core/record.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { scanFields } from './fields.ts';
import { isFromRejectSheet } from './mended.ts';
import { readDialect, type Dialect } from './options.ts';
import { parseRecord } from './parse.ts';

const SEP_LINE = /^\ufeff?sep=([^\r\n])/i;

/**
 * A sheet of refused records with their reasons, ready to be mended and dropped again: the records stand byte for byte as
 * they came, padded to the width of the header so that the reasons stand under their names. Reasons of an earlier sheet
 * are replaced.
 */
export async function* writeCsvRejects(
  rows: AsyncIterable<RejectRow>,
  options: FormatOptions,
  reasons: readonly string[],
): AsyncGenerator<Uint8Array, void, void> {
  let sheet: Sheet | undefined;
  let text = '';
  for await (const row of rows) {
    if (sheet === undefined) {
      sheet = openSheet(row.raw, readDialect(options), reasons);
      text = row.raw.source?.lead ?? '';
    }
    text += sheetLine(row, sheet, reasons);
    if (text.length < BLOCK_BYTES) continue;
    yield sheet.encode(text);
    text = '';
  }
  if (sheet !== undefined && text !== '') yield sheet.encode(text);
}

interface Sheet {
  readonly dialect: Dialect;
  /** Columns of the file before any reasons. */
  readonly width: number;
  /** The file is itself a mended reject sheet with a header. */
  readonly hadReasons: boolean;
  readonly lineEnd: string;
  encode(text: string): Uint8Array;
}

function openSheet(first: RawRecord, declared: Dialect, reasons: readonly string[]): Sheet {
  const sep = SEP_LINE.exec(first.source?.lead ?? '');
  const dialect = sep === null ? declared : { ...declared, delimiter: sep[1] ?? declared.delimiter };
  const header = dialect.names ?? parseRecord(first.text, dialect) ?? [];
  const ending = header.slice(-reasons.length).map((name) => name.trim());
  const hadReasons = dialect.names === undefined && ending.join('\n') === reasons.join('\n');
  const count = dialect.names?.length ?? scanFields(first.text, dialect).length;
  const write = createTextWriter(first.source?.encoding ?? dialect.encoding);
  return {
    dialect,
    width: hadReasons ? count - reasons.length : count,
    hadReasons,
    lineEnd: first.lineEnd === '' ? '\r\n' : first.lineEnd,
    // Only reasons can hold a character the encoding lacks: the rest was read in it.
    encode: (text) => write(text, () => '?'),
  };
}

function sheetLine(row: RejectRow, sheet: Sheet, reasons: readonly string[]): string {
  const { dialect, width, lineEnd } = sheet;
  const text = withoutReasons(row.raw.text, sheet, reasons.length);
  const missing = Math.max(width - scanFields(text, dialect).length, 0);
  const isHeader = row.reasons === undefined;
  const cells = (row.reasons ?? reasons).map((reason) => writeReason(reason, isHeader, dialect));
  const end = row.raw.lineEnd === '' ? lineEnd : row.raw.lineEnd;
  return text + dialect.delimiter.repeat(missing + 1) + cells.join(dialect.delimiter) + end;
}

function withoutReasons(text: string, sheet: Sheet, count: number): string {
  const { dialect, width, hadReasons } = sheet;
  const fields = scanFields(text, dialect);
  const hasReasons =
    dialect.names === undefined
      ? hadReasons && fields.length >= width + count
      : isFromRejectSheet(parseRecord(text, dialect) ?? [], width);
  const first = hasReasons ? fields[fields.length - count] : undefined;
  return first === undefined ? text : text.slice(0, first.start - dialect.delimiter.length);
}

function writeReason(reason: string, isHeader: boolean, dialect: Dialect): string {
  const { quote, escape, delimiter } = dialect;
  const line = reason.replaceAll(/[\r\n\0]+/g, ' ');
  const safe = isHeader ? line : guardFormula(line);
  if (quote === undefined) return safe.replaceAll(delimiter, ' ');
  if (isHeader && !safe.includes(quote) && !safe.includes(delimiter)) return safe;
  const escaped = escape === quote ? safe : safe.replaceAll(escape, escape + escape);
  return quote + escaped.replaceAll(quote, escape + quote) + quote;
}
