import type { CsvDialect } from './csv-plan.ts';
import { readStrictly, type StrictRow } from './csv-strict.ts';
import { lineCounter } from './generated-file.ts';
import { honestText, LIMITS, type Honest, type HonestRecord } from './honest.ts';
import type { Source } from './reading.ts';

interface Options {
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly comment?: string;
  readonly trim?: boolean;
  readonly skip?: number;
  readonly ragged?: string | readonly string[];
  readonly ignore?: readonly string[];
  readonly header?: { readonly has?: readonly string[]; readonly line?: number };
  readonly columns?: { readonly names?: readonly string[] };
  readonly records?: Readonly<Record<string, { readonly is: unknown; readonly columns?: readonly string[] }>>;
}

interface Row extends StrictRow {
  readonly line: number;
}

/** Reads a CSV file as its options say, all at once and by no other code than this. */
export function csvHonestly(source: Source): Honest {
  const options: Options = source.options;
  const decoded = honestText(source);
  if (decoded.refusal !== undefined) return decoded;
  const text = decoded.text.replace(/\u001a+$/, '');
  const [sep = '', separator] = /^sep=([^\r\n])(?:\r\n|\r|\n|$)/i.exec(text) ?? [];
  const dialect = dialectOf(options, separator);
  const strict = readStrictly(text.slice(sep.length), dialect);
  if (strict === undefined) return { refusal: 'a quote is never closed' };
  const lineAt = lineCounter(text);
  // A `sep=` line without a line end is one all the same.
  const shift = sep !== '' && !/[\r\n]$/.test(sep) ? 1 : 0;
  const all = strict.map((row): Row => ({ ...row, line: lineAt(sep.length + row.start) + shift }));
  if (all.some(({ kind, start, end }) => kind === 'row' && end - start > LIMITS.record)) return { refusal: 'too long' };
  const rows = all.filter(({ kind }) => kind === 'row');
  const opened = open(rows, options);
  if (opened.refusal !== undefined) return opened;
  const comments = all.filter(({ kind }) => kind === 'comment').length;
  const table = new Table(options, opened.columns);
  for (const row of opened.rows) table.take(row, text.slice(sep.length));
  if (table.isCut) return { refusal: 'cut off' };
  const isOpen = opened.rows.at(-1)?.isOpen === true;
  return {
    refusal: undefined,
    records: table.records,
    columns: columnsOf(options, opened.columns ?? []),
    passedOver: comments + table.passedOver,
    notices: [
      ...decoded.notices,
      ...(opened.rows.length === 0 ? ['no-records'] : []),
      ...(isOpen ? ['no-final-newline'] : []),
    ],
    isCutOff: isOpen && table.records.at(-1)?.isBad === true,
    isOutOfBounds: all.some(({ start, end }) => end - start > LIMITS.record),
  };
}

function dialectOf(options: Options, separator: string | undefined): CsvDialect {
  const { delimiter = ',', quote = '"', escape = quote, comment, trim = false } = options;
  return { delimiter: separator ?? delimiter, quote: quote === 'none' ? undefined : quote, escape, comment, trim };
}

type Opened =
  | { readonly refusal: string }
  | { readonly refusal: undefined; readonly columns: readonly string[] | undefined; readonly rows: readonly Row[] };

const WITHIN = 50;

/** Finds the header and the first record. */
function open(rows: readonly Row[], { header, columns, records, skip = 0 }: Options): Opened {
  const given = columns?.names;
  const hasHeader = given === undefined && records === undefined;
  if (!hasHeader) {
    return rows.length === 0 ? { refusal: 'empty' } : { refusal: undefined, columns: given, rows: rows.slice(skip) };
  }
  const at = header === undefined ? 0 : rows.findIndex((row) => isHeader(row, header));
  const found = rows[at];
  if (found === undefined) return { refusal: 'no header' };
  if (found.isBad) return { refusal: 'quotes of the header' };
  if (found.cells.length > LIMITS.columns) return { refusal: 'too many columns' };
  return { refusal: undefined, columns: found.cells.map((name) => name.trim()), rows: rows.slice(at + 1 + skip) };
}

function isHeader({ line, cells, isBad }: Row, { line: wanted, has = [] }: NonNullable<Options['header']>): boolean {
  if (wanted !== undefined) return line === wanted;
  const names = new Set(isBad ? [] : cells.map(forgiving));
  return line <= WITHIN && has.every((name) => names.has(forgiving(name)));
}

const forgiving = (name: string): string =>
  name
    .normalize('NFC')
    .replaceAll(/[\s\ufeff]+/g, '')
    .toLowerCase();

class Table {
  readonly records: HonestRecord[] = [];
  passedOver = 0;
  /** The file ends in a broken record without a line end. */
  isCut = false;
  readonly #options: Options;
  readonly #columns: readonly string[] | undefined;

  constructor(options: Options, columns: readonly string[] | undefined) {
    this.#options = options;
    this.#columns = columns;
  }

  take(row: Row, text: string): void {
    const { ignore = [] } = this.#options;
    const first = (row.isBad ? [text.slice(row.start, row.end)] : row.cells).find((cell) => cell.trim() !== '')?.trim();
    const isIgnored = first !== undefined && ignore.some((start) => first.startsWith(start));
    if (isIgnored || (!row.isBad && this.#isHeaderAgain(row.cells))) this.passedOver++;
    else this.records.push(this.#record(row));
  }

  #isHeaderAgain(cells: readonly string[]): boolean {
    const columns = this.#columns;
    return (
      columns !== undefined && cells.length === columns.length && cells.every((cell, at) => cell.trim() === columns[at])
    );
  }

  #record({ line, cells, isBad, isOpen }: Row): HonestRecord {
    if (isBad) {
      this.isCut ||= isOpen;
      return { line, isBad };
    }
    const { records } = this.#options;
    const type =
      records === undefined ? undefined : Object.keys(records).find((name) => fits(records[name]?.is, cells));
    if (records !== undefined && type === undefined) return { line, cells, isBad: true };
    const columns = type === undefined ? this.#columns : records?.[type]?.columns;
    const even = this.#evened(cells, columns?.length ?? cells.length, isOpen);
    const isUneven = columns !== undefined && even.length !== columns.length;
    const isPadded = [this.#options.ragged ?? []].flat().includes('pad');
    this.isCut ||= isOpen && isUneven && even.length < columns.length && !isPadded;
    const isLong = even.some((cell) => cell.length > LIMITS.field);
    return { line, cells: even, isBad: isUneven || isLong, ...(type === undefined ? {} : { type }) };
  }

  #evened(cells: readonly string[], width: number, isOpen: boolean): readonly string[] {
    const policies = [this.#options.ragged ?? []].flat();
    if (cells.length < width && policies.includes('pad') && !isOpen) {
      return [...cells, ...Array<string>(width - cells.length).fill('')];
    }
    const isSurplus = cells.length > width && cells.slice(width).every((cell) => cell.trim() === '');
    return isSurplus && policies.includes('trim') ? cells.slice(0, width) : cells;
  }
}

function fits(is: unknown, cells: readonly string[]): boolean {
  return [is].flat().every((sign) => {
    const { at, text } = typeof sign === 'string' ? { at: 1, text: sign } : (sign as { at: number; text: string });
    return cells[at - 1]?.trim() === text;
  });
}

function columnsOf({ records }: Options, names: readonly string[]): Readonly<Record<string, readonly string[]>> {
  if (records === undefined) return { '': names };
  return Object.fromEntries(Object.entries(records).map(([name, { columns = [] }]) => [name, columns]));
}
