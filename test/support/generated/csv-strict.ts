import type { CsvDialect } from './csv-plan.ts';

/** A row of a CSV text as RFC 4180 has it, with what dialects add to it. */
export interface StrictRow {
  readonly start: number;
  readonly end: number;
  readonly kind: 'row' | 'blank' | 'comment';
  readonly cells: readonly string[];
  /** Its quotes make no sense. */
  readonly isBad: boolean;
  /** The text ends with it. */
  readonly isOpen: boolean;
}

/** The rows of a text, character by character; undefined when a quote is never closed. */
export function readStrictly(text: string, dialect: CsvDialect): readonly StrictRow[] | undefined {
  const rows: StrictRow[] = [];
  let at = 0;
  while (at < text.length) {
    const row = readRow(text, at, dialect);
    if (row === undefined) return undefined;
    rows.push(row);
    at = row.end + breakAt(text, row.end);
  }
  return rows;
}

function breakAt(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? 2 : text[at] === '\r' || text[at] === '\n' ? 1 : 0;
}

function readRow(text: string, start: number, dialect: CsvDialect): StrictRow | undefined {
  const { comment, delimiter } = dialect;
  const lineEnd = endOfLine(text, start);
  if (comment !== undefined && text.startsWith(comment, start)) {
    return { start, end: lineEnd, kind: 'comment', cells: [], isBad: false, isOpen: lineEnd === text.length };
  }
  const line = text.slice(start, lineEnd);
  if (line.replaceAll('\u001a', '').trim() === '' && !line.includes(delimiter)) {
    return { start, end: lineEnd, kind: 'blank', cells: [], isBad: false, isOpen: false };
  }
  const cells: string[] = [];
  let isBad = false;
  let at = start;
  for (;;) {
    const cell = readCell(text, at, dialect);
    if (cell === undefined) return undefined;
    cells.push(cell.value);
    isBad ||= cell.isBad;
    if (!text.startsWith(delimiter, cell.end) || cell.end >= text.length) {
      return { start, end: cell.end, kind: 'row', cells, isBad, isOpen: cell.end === text.length };
    }
    at = cell.end + delimiter.length;
  }
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\r' && text[at] !== '\n') at++;
  return at;
}

interface Cell {
  readonly value: string;
  readonly end: number;
  readonly isBad: boolean;
}

function readCell(text: string, start: number, dialect: CsvDialect): Cell | undefined {
  const { delimiter, quote, trim } = dialect;
  const end = endOfCell(text, start, delimiter);
  const outer = text.slice(start, end);
  const lead = trim ? outer.length - outer.trimStart().length : 0;
  if (quote !== undefined && text.startsWith(quote, start + lead))
    return readQuoted(text, start + lead, quote, dialect);
  const isBad = quote !== undefined && outer.includes(quote);
  return { value: trim ? outer.trim() : outer, end, isBad };
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== '\r' && text[at] !== '\n' && text[at] !== delimiter) at++;
  return at;
}

/** `opened`: offset of the opening quote. Undefined: it is never closed. */
function readQuoted(
  text: string,
  opened: number,
  quote: string,
  { delimiter, escape, trim }: CsvDialect,
): Cell | undefined {
  const parts: string[] = [];
  let from = opened + 1;
  let at = from;
  for (; ; at++) {
    if (at >= text.length) return undefined;
    if (text[at] === escape && (escape !== quote || text[at + 1] === quote)) {
      if (at + 1 >= text.length) return undefined;
      parts.push(text.slice(from, at));
      from = at + 1;
      at++;
    } else if (text[at] === quote) break;
  }
  parts.push(text.slice(from, at));
  const end = endOfCell(text, at + 1, delimiter);
  const rest = text.slice(at + 1, end);
  return { value: parts.join(''), end, isBad: (trim ? rest.trim() : rest) !== '' };
}
