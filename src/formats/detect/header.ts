import { cellKind } from './cells.ts';
import type { TrialRow } from './records.ts';
import { point, type Point } from './types.ts';

/** A row of a table of any format. */
export type Row = Pick<TrialRow, 'line' | 'cells'>;

export interface Table {
  /** Names of the columns; made up when the file has none. */
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  /** Rows under the header that are records. */
  readonly body: readonly Row[];
  readonly points: readonly Point[];
}

/** Within how many rows a header is looked for. */
const WITHIN = 50;
const REMARK = /^(?:#|\/\/|--|;|\*\*)/;
/** How a line of totals begins. */
export const TOTAL =
  /^(?:grand[ -]?total|sub-?total|total|totals|sum|summe|gesamt(?:summe)?|zwischensumme|endsumme)\b/i;

/**
 * Finds the header, titles above it, and lines below it that are no records. `hasComments`: whether the format knows lines
 * that are remarks by their first characters.
 */
export function detectHeader(rows: readonly Row[], width: number, hasComments = false): Table {
  const at = headerIndex(rows, width);
  const header = rows[at];
  if (header === undefined) return { columns: [], hasHeader: false, body: [], points: [] };
  const remarks = remarksBelow(rows.slice(at + 1), width);
  const body = rows
    .slice(at + 1)
    .filter((row) => ![...remarks.signs, ...remarks.totals].some((text) => begins(row, text)) && filled(row) > 0);
  const verdict = isHeader(header, body);
  const above = rows.slice(0, at).filter((row) => filled(row) > 0).length;
  const points = [
    verdict.isHeader ? headerPoint(header, above, verdict) : namesPoint(Math.max(width, header.cells.length), verdict),
  ];
  if (!verdict.isHeader && at > 0) {
    points.push(point('skip', header.line - 1, 'unsure', 'lines at the top do not fit the columns'));
  }
  points.push(...remarkPoints(remarks, hasComments));
  return {
    columns: verdict.isHeader
      ? header.cells.map((cell) => cell.trim())
      : madeUpNames(Math.max(width, header.cells.length)),
    hasHeader: verdict.isHeader,
    body: verdict.isHeader ? body : [header, ...body],
    points,
  };
}

/** The first row that is about as full as most rows are: titles fill a cell or two. */
function headerIndex(rows: readonly Row[], width: number): number {
  if (width < 2) return 0;
  const counts = rows.map(filled).filter((count) => count > 1);
  const usual = counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? width;
  const isFull = (row: Row): boolean =>
    filled(row) >= Math.max(2, usual * 0.6) && !REMARK.test(row.cells[0]?.trim() ?? '');
  const found = rows.slice(0, WITHIN).findIndex(isFull);
  return Math.max(found, 0);
}

export function filled({ cells }: Pick<Row, 'cells'>): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

interface Verdict {
  readonly isHeader: boolean;
  readonly sureness: 'likely' | 'unsure';
  readonly why: string;
}

/** Names are text, and the values under some of them are not. */
function isHeader({ cells }: Row, body: readonly Row[]): Verdict {
  const kinds = cells.map(cellKind);
  const isNamed = (index: number): boolean => kinds[index] === 'text' || isYear(cells, index);
  const bad = kinds.findIndex((kind, index) => kind !== 'empty' && !isNamed(index));
  if (bad !== -1) {
    return { isHeader: false, sureness: 'likely', why: 'the first line holds numbers or dates, as records do' };
  }
  if (body.length === 0) return { isHeader: true, sureness: 'unsure', why: 'there is only one line' };
  const telling = cells.findIndex((_cell, index) => kinds[index] === 'text' && isMostlyNumeric(body, index));
  if (telling !== -1) {
    const why = `it holds names, and under "${(cells[telling] ?? '').trim()}" there are numbers or dates`;
    return { isHeader: true, sureness: 'likely', why };
  }
  const recurs = cells.some(
    (cell, index) => cell.trim() !== '' && body.some((row) => row.cells[index]?.trim() === cell.trim()),
  );
  const why = recurs ? 'all of it is text, and values of it come again below' : 'all of it is text, as all below it is';
  return { isHeader: !recurs, sureness: 'unsure', why };
}

/** Tables over years have numbers for names: all but the first column. */
function isYear(cells: readonly string[], index: number): boolean {
  return index > 0 && cellKind(cells[0] ?? '') === 'text' && /^(?:19|20)\d\d$/.test(cells[index]?.trim() ?? '');
}

function isMostlyNumeric(body: readonly Row[], index: number): boolean {
  const kinds = body.map(({ cells }) => cellKind(cells[index] ?? '')).filter((kind) => kind !== 'empty');
  return kinds.length > 0 && kinds.filter((kind) => kind !== 'text').length >= kinds.length * 0.8;
}

function headerPoint(header: Row, above: number, { sureness, why }: Verdict): Point {
  if (above === 0) {
    const alternatives = sureness === 'unsure' ? ['columns.names, because the file has no header'] : [];
    return { ...point('header', { line: header.line }, sureness, why, alternatives), isDefault: true };
  }
  const names = distinctive(header.cells);
  const told = `${above} ${above === 1 ? 'line stands' : 'lines stand'} above it; ${why}`;
  if (names.length === 0) return point('header.line', header.line, 'unsure', told);
  return point('header.has', names, sureness, told, [{ line: header.line }]);
}

/** Some names by which the header is found again, wherever it stands. */
function distinctive(cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return names.filter((name) => names.indexOf(name) === names.lastIndexOf(name)).slice(0, 3);
}

function namesPoint(width: number, { sureness, why }: Verdict): Point {
  return point('columns.names', madeUpNames(width), sureness, `there is no header: ${why}`, ['the first line']);
}

function madeUpNames(width: number): readonly string[] {
  return Array.from({ length: width }, (_, index) => `Column${index + 1}`);
}

interface Remarks {
  readonly signs: readonly string[];
  readonly totals: readonly string[];
}

/** How lines begin that do not fit the columns: by the sign of a remark, or by the word of a total. */
function remarksBelow(rows: readonly Row[], width: number): Remarks {
  const signs = new Set<string>();
  const totals = new Set<string>();
  for (const row of rows) {
    const first = row.cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
    const [sign] = REMARK.exec(first) ?? [];
    const [total] = TOTAL.exec(first) ?? [];
    if (sign !== undefined && (row.cells.length !== width || filled(row) === 1)) signs.add(sign);
    if (total !== undefined && row === rows.at(-1)) totals.add(total);
  }
  return { signs: [...signs], totals: [...totals] };
}

function remarkPoints({ signs, totals }: Remarks, hasComments: boolean): readonly Point[] {
  const [sign] = hasComments ? signs : [];
  const ignored = [...signs.filter((each) => each !== sign), ...totals];
  const why = 'lines that do not fit the columns begin so, as remarks or totals do';
  return [
    ...(sign === undefined ? [] : [point('comment', sign, 'unsure', why)]),
    ...(ignored.length === 0 ? [] : [point('ignore', ignored, 'unsure', why)]),
  ];
}

function begins({ cells }: Row, text: string): boolean {
  return (
    cells
      .find((cell) => cell.trim() !== '')
      ?.trim()
      .startsWith(text) === true
  );
}
