import type { Bytes } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { defaultLimits } from '../../core/limits.ts';
import { openArchive } from '../xlsx/archive.ts';
import { openAnywhere } from '../xlsx/random.ts';
import { readXlsx } from '../xlsx/read.ts';
import { Refusal } from '../xlsx/refusal.ts';
import { openWorkbook } from '../xlsx/workbook.ts';
import { detectHeader, filled, type Row } from './header.ts';
import { point, type Point } from './types.ts';

const TRIED_ROWS = 500;
const TRIED_SHEETS = 20;
/** Wider tables are looked at up to here. */
const TRIED_COLUMNS = 300;

/** Which sheet of a workbook holds the table, and where its header is; an issue when it is no workbook. */
export async function detectWorkbook(bytes: Bytes, fileName: string): Promise<readonly Point[] | Issue> {
  try {
    return await findTable(bytes, fileName);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, details, line } = error;
    return createIssue(code, { file: fileName, ...(line === undefined ? {} : { line }) }, details);
  }
}

async function findTable(bytes: Bytes, fileName: string): Promise<readonly Point[] | Issue> {
  const format = point('format', 'xlsx', 'certain', 'it is a workbook');
  const names = await shownSheets(bytes);
  const sheets: { name: string; rows: readonly Row[]; cells: number }[] = [];
  let refusal: Issue | undefined;
  for (const name of names.slice(0, TRIED_SHEETS)) {
    const { rows, refused } = await firstRows(bytes, name, fileName);
    refusal ??= refused;
    sheets.push({ name, rows, cells: rows.reduce((sum, row) => sum + filled(row), 0) });
  }
  const full = sheets.filter(({ cells }) => cells > 0).sort((a, b) => b.cells - a.cells);
  const [best, ...others] = full;
  if (best === undefined) return refusal ?? [format];
  const width = Math.max(...best.rows.map(widthOf));
  const { points } = detectHeader(best.rows, width);
  const isOnly = names.length === 1;
  const why = isOnly
    ? 'it is the only sheet'
    : others.length === 0
      ? 'only this sheet has cells'
      : 'it has the most cells';
  const alternatives = others.map(({ name }) => name);
  const sheet = point('sheet', best.name, isOnly || others.length === 0 ? 'likely' : 'unsure', why, alternatives);
  return [format, { ...sheet, isDefault: isOnly }, ...points];
}

async function shownSheets(bytes: Bytes): Promise<readonly string[]> {
  const access = await openAnywhere(bytes);
  try {
    const archive = await openArchive(access);
    try {
      const { sheets } = await openWorkbook(archive);
      return sheets.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
    } finally {
      archive.close();
    }
  } finally {
    await access.close();
  }
}

/** The first rows of a sheet as if it had no header: cells by their letters. */
async function firstRows(
  bytes: Bytes,
  sheet: string,
  file: string,
): Promise<{ rows: readonly Row[]; refused: Issue | undefined }> {
  const rows: Row[] = [];
  let refused: Issue | undefined;
  const names = Array.from({ length: TRIED_COLUMNS }, (_, index) => `c${index}`);
  for await (const event of readXlsx(bytes, { sheet, columns: { names } }, { file, limits: defaultLimits })) {
    if (event.kind === 'refused') refused = event.issue;
    if (event.kind !== 'records') continue;
    rows.push(...event.records.map(({ line, cells = [] }) => ({ line, cells })));
    if (rows.length >= TRIED_ROWS) break;
  }
  const width = Math.max(0, ...rows.map(widthOf));
  return { rows: rows.map(({ line, cells }) => ({ line, cells: cells.slice(0, width) })), refused };
}

function widthOf({ cells }: Row): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}
