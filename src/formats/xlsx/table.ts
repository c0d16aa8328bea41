import { issueCatalogue } from '../../core/issue-catalogue.ts';
import { columnLetters } from './cell-reference.ts';
import type { ColumnSpan } from './sheet.ts';
import type { TextRow } from './rows.ts';

/** Which columns of a sheet are the columns of the table. */
export interface TableColumns {
  readonly names: readonly string[];
  /** Column of the sheet for each of them. */
  readonly places: readonly number[];
  readonly letters: readonly string[];
  /** Columns whose content is no part of a record: reasons of a reject sheet, hidden columns that are skipped. */
  readonly others: ReadonlySet<number>;
  /** How many columns of the sheet the table takes up, those that are no part of it included. */
  readonly width: number;
}

/** What reject sheets call the columns they append. */
const REASON_NAME = /^\s*dray_/i;
const REASON_COLUMNS = 3;

/** `skipped`: hidden columns that are passed over. */
export function columnsOfHeader(header: TextRow, skipped: ReadonlySet<number>): TableColumns {
  const others = new Set(skipped);
  const shown = header.texts
    .map((text, place) => ({ name: headerName(text), place }))
    .filter(({ place }) => !skipped.has(place));
  while (shown.length > 0 && isBesideTable(shown.at(-1)?.name ?? '')) {
    const last = shown.pop();
    if (last !== undefined && last.name !== '') others.add(last.place);
  }
  return tableColumns(
    shown.map(({ name }) => name),
    shown.map(({ place }) => place),
    others,
    header.texts.length,
  );
}

function isBesideTable(name: string): boolean {
  return name === '' || REASON_NAME.test(name);
}

/** For a sheet without a header: the names stand for its columns from A on. */
export function columnsByName(names: readonly string[], skipped: ReadonlySet<number>): TableColumns {
  const places: number[] = [];
  for (let place = 0; places.length < names.length; place++) if (!skipped.has(place)) places.push(place);
  return tableColumns(names, places, skipped, (places.at(-1) ?? -1) + 1);
}

function tableColumns(
  names: readonly string[],
  places: readonly number[],
  others: ReadonlySet<number>,
  width: number,
): TableColumns {
  return { names, places, letters: places.map(columnLetters), others, width };
}

/** Hidden columns, each by itself; `most` bounds what a crafted sheet may declare. */
export function hiddenColumns(spans: readonly ColumnSpan[], most: number): ReadonlySet<number> {
  const hidden = new Set<number>();
  for (const { first, last, isHidden } of spans) {
    for (let column = first; isHidden && column <= Math.min(last, most); column++) hidden.add(column);
  }
  return hidden;
}

/** The first column of a row with content that belongs nowhere, or -1. */
export function strayColumn(row: TextRow, columns: TableColumns, hasHeader: boolean): number {
  const end = contentEnd(row, columns, hasHeader);
  for (let column = (columns.places.at(-1) ?? -1) + 1; column < end; column++) {
    if (row.texts[column] !== '' && !columns.others.has(column)) return column;
  }
  return -1;
}

/** Behind the last column of a row with content, the reasons of an earlier reject sheet not counted. */
export function contentEnd({ texts }: TextRow, columns: TableColumns, hasHeader: boolean): number {
  const beyond = (columns.places.at(-1) ?? -1) + 1;
  let end = hasHeader ? texts.length : endBeforeReasons(texts, beyond);
  while (end > beyond && (texts[end - 1] === '' || columns.others.has(end - 1))) end--;
  return end;
}

function endBeforeReasons(texts: readonly string[], beyond: number): number {
  return hasReasons(texts, beyond) ? texts.length - REASON_COLUMNS : texts.length;
}

/**
 * Whether a row of a sheet without a header comes from a reject sheet: its last three values, all of them behind the table,
 * are reasons; one of them is a code of ours.
 */
export function hasReasons(texts: readonly string[], beyond: number): boolean {
  const start = texts.length - REASON_COLUMNS;
  return start >= beyond && texts.slice(start).some((text) => Object.hasOwn(issueCatalogue, text));
}

/** Whether the header of a sheet says that it is a reject sheet. */
export function hasReasonNames({ texts }: TextRow): boolean {
  return texts.some((text) => /^\s*dray_code\s*$/i.test(text));
}

/** Whether a row says the header once more. */
export function isHeaderAgain(row: TextRow, columns: TableColumns): boolean {
  return columns.places.every((place, index) => headerName(row.texts[place] ?? '') === columns.names[index]);
}

/** Names are broken over lines to fit their column. */
function headerName(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
