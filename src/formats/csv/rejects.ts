import type { FormatOptions, RejectRow } from '../../core/format.ts';
import { guardFormula } from '../../core/formula-guard.ts';
import type { RawRecord } from '../../core/record.ts';
import { BLOCK_BYTES } from '../text/bytes.ts';
import { createTextWriter } from '../text/encodings.ts';
import { scanFields } from './fields.ts';
import { isFromRejectSheet, REASON_COLUMNS } from './mended.ts';
import { readRules, type Dialect, type ReadRules } from './options.ts';
import { parseRecord } from './parse.ts';
import { kindOf, type Kind } from './rows.ts';

const SEP_LINE = /^\ufeff?sep=([^\r\n])(?:\r|\n|$)/i;

/**
 * A sheet of refused records with their reasons, ready to be mended and dropped again: what stands above the records and
 * the records themselves byte for byte as they came, the records padded to the width of their header or record type so
 * that the reasons stand under their names. Reasons of an earlier sheet are replaced.
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
      sheet = openSheet(row.raw, readRules(options), reasons);
      text = row.raw.source?.lead ?? '';
      const first = sheet.header === undefined ? sheetLine(row, sheet) : sheet.header;
      // What begins with U+FEFF and stood further down would lose it as the byte order mark of the sheet.
      if (text === '' && first.startsWith('\ufeff')) text = '\ufeff';
      text += first;
    } else text += sheetLine(row, sheet);
    if (text.length < BLOCK_BYTES) continue;
    yield sheet.encode(text);
    text = '';
  }
  if (sheet !== undefined && text !== '') yield sheet.encode(text);
}

interface Sheet {
  readonly rules: ReadRules;
  readonly dialect: Dialect;
  /** What records are that have no type. */
  readonly table: Kind;
  /** Undefined: the file has no header. */
  readonly header: string | undefined;
  /** How many columns of reasons there are in the header of the file, which is itself a mended reject sheet. */
  readonly reasonsBefore: number;
  readonly lineEnd: string;
  encode(text: string): Uint8Array;
}

function openSheet(first: RawRecord, rules: ReadRules, reasons: readonly string[]): Sheet {
  const sep = SEP_LINE.exec(first.source?.lead ?? '');
  const dialect = sep === null ? rules.dialect : { ...rules.dialect, delimiter: sep[1] ?? rules.dialect.delimiter };
  const write = createTextWriter(first.source?.encoding ?? rules.text.encoding);
  const lineEnd = first.lineEnd === '' ? '\r\n' : first.lineEnd;
  // Reasons may hold characters the encoding lacks, and U+FFFD stands for bytes that were no text: the rest was read in it.
  const encode = (text: string): Uint8Array => write(text, () => '?');
  const sheet = { rules, dialect, lineEnd, encode };
  if (rules.names !== undefined || rules.types !== undefined) {
    return { ...sheet, table: { type: undefined, columns: rules.names }, header: undefined, reasonsBefore: 0 };
  }
  const names = parseRecord(first.text, dialect) ?? [];
  const ending = names.slice(-reasons.length).map((name) => name.trim());
  const reasonsBefore = ending.join('\n') === reasons.join('\n') ? reasons.length : 0;
  const columns = names.slice(0, names.length - reasonsBefore);
  const own = firstFields(first.text, columns.length, dialect);
  const header =
    [own, ...reasons.map((reason) => writeReason(reason, true, dialect))].join(dialect.delimiter) + lineEnd;
  return { ...sheet, table: { type: undefined, columns }, header, reasonsBefore };
}

/** A row that has no reasons is no record, and stands as it came. */
function sheetLine({ raw, reasons }: RejectRow, sheet: Sheet): string {
  const { dialect } = sheet;
  const end = raw.lineEnd === '' ? sheet.lineEnd : raw.lineEnd;
  if (reasons === undefined) return raw.text + end;
  const { text, missing } = withoutReasons(raw.text, sheet);
  const cells = reasons.map((reason) => writeReason(reason, false, dialect));
  return text + dialect.delimiter.repeat(missing + 1) + cells.join(dialect.delimiter) + end;
}

/** The record without the reasons of an earlier sheet, and how many values it lacks. */
function withoutReasons(text: string, sheet: Sheet): { text: string; missing: number } {
  const { rules, dialect, table, reasonsBefore } = sheet;
  const count = scanFields(text, dialect).length;
  const usual = rules.types === undefined ? table.columns?.length : undefined;
  // Taking a record apart for its values costs a thousand times its size, and most have no value too many.
  if (usual !== undefined && count <= usual) return { text, missing: usual - count };
  const cells = parseRecord(text, dialect);
  const kind = cells === undefined ? table : kindOf(cells, rules.types, table);
  const width = kind?.columns?.length;
  if (width === undefined) return { text: firstFields(text, count - oldReasons(cells), dialect), missing: 0 };
  if (reasonsBefore > 0 && count >= width + reasonsBefore) {
    return { text: firstFields(text, count - reasonsBefore, dialect), missing: 0 };
  }
  const isSurplus = cells !== undefined && (isFromRejectSheet(cells, width) || hasEmptySurplus(cells, width, rules));
  return { text: isSurplus ? firstFields(text, width, dialect) : text, missing: Math.max(width - count, 0) };
}

/** In the file a row of any width: its reasons are told by our codes. */
function oldReasons(cells: readonly string[] | undefined): number {
  const width = (cells?.length ?? 0) - REASON_COLUMNS;
  return cells !== undefined && width > 0 && isFromRejectSheet(cells, width) ? REASON_COLUMNS : 0;
}

function hasEmptySurplus(cells: readonly string[], width: number, { ragged }: ReadRules): boolean {
  return ragged.trim && cells.length > width && cells.slice(width).every((cell) => cell.trim() === '');
}

function firstFields(text: string, count: number, dialect: Dialect): string {
  const next = scanFields(text, dialect)[count];
  return next === undefined ? text : text.slice(0, next.start - dialect.delimiter.length);
}

function writeReason(reason: string, isHeader: boolean, dialect: Dialect): string {
  const { quote, escape, delimiter } = dialect;
  const line = reason.replaceAll(/[\r\n\0]+/g, ' ');
  const safe = isHeader ? line : guardFormula(line);
  if (quote === undefined) return safe.replaceAll(delimiter, delimiter === ' ' ? '_' : ' ');
  if (isHeader && !safe.includes(quote) && !safe.includes(delimiter)) return safe;
  const escaped = escape === quote ? safe : safe.replaceAll(escape, escape + escape);
  return quote + escaped.replaceAll(quote, escape + quote) + quote;
}
