import type { Issue } from '../../core/issue.ts';
import type { SheetPlace } from '../../core/record.ts';
import type { BoundMapping, BuiltDocument, SourceRecord } from '../types.ts';

/** A file of the drop that is a sheet of a workbook. */
export interface OnSheet {
  readonly file: string;
  readonly part: string;
  readonly sheet: SheetPlace;
  /** Position of a column in the table, by its name or an alias. */
  find(column: string): number | undefined;
  /** Positions of the columns the mapping reads; undefined: it may read any. */
  readonly used: ReadonlySet<number> | undefined;
}

/**
 * Speaks of workbooks as their users do: an issue names sheet and cell. What is wrong with a cell that nobody reads, such as
 * a broken formula beside the table, is no business of the documents.
 */
export function onSheets(bound: BoundMapping, sheets: readonly OnSheet[]): BoundMapping {
  if (sheets.length === 0) return bound;
  const byPart = new Map(sheets.map((sheet) => [sheet.part, sheet]));
  const byFile = new Map(sheets.map((sheet) => [sheet.file, sheet]));
  const placed = (document: BuiltDocument): BuiltDocument =>
    document.issues.length === 0
      ? document
      : { ...document, issues: document.issues.map((each) => place(each, byFile)) };
  return {
    ...bound,
    build(records, operation) {
      const built = bound.build(
        records.map((source) => withoutUnread(source, byPart)),
        operation,
      );
      return built instanceof Promise ? built.then(placed) : placed(built);
    },
  };
}

function withoutUnread(source: SourceRecord, sheets: ReadonlyMap<string, OnSheet>): SourceRecord {
  const { issues, ...record } = source.record;
  const sheet = sheets.get(source.part);
  if (issues === undefined || sheet?.used === undefined) return source;
  const {
    used,
    sheet: { letters },
  } = sheet;
  const left = issues.filter(({ where: { cell } }) => {
    const position = cell === undefined ? -1 : letters.indexOf(cell.replace(/\d+$/, ''));
    return position === -1 || used.has(position);
  });
  if (left.length === issues.length) return source;
  return { ...source, record: left.length === 0 ? record : { ...record, issues: left } };
}

function place(issue: Issue, sheets: ReadonlyMap<string, OnSheet>): Issue {
  const { file, line, column, sheet } = issue.where;
  const found = sheets.get(file ?? '');
  if (found === undefined || sheet !== undefined) return issue;
  const position = column === undefined ? undefined : found.find(column);
  const letters = position === undefined ? undefined : found.sheet.letters[position];
  const cell = letters === undefined || line === undefined ? {} : { cell: `${letters}${line}` };
  return { ...issue, where: { ...issue.where, sheet: found.sheet.name, ...cell } };
}
