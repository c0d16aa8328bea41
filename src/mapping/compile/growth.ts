import { Big } from 'big.js';
import type { OutboundMapping, OutboundRecord, OutboundRow } from '../types.ts';

/** A count of a row, by the column it stands in. */
export interface RowCount {
  readonly name: string;
  readonly count: string;
}

/** What became of a row whose columns hold the growth of counts. */
export type Growth =
  /** `cells`: with the growth in place of the counts. `counts`: what is written now, in all columns that say something. */
  | { readonly kind: 'grown'; readonly cells: readonly string[]; readonly counts: readonly RowCount[] }
  | { readonly kind: 'none' }
  /** As `grown`, but some have fallen while others grew (`lower`): damaged goods stood among the good ones before. */
  | {
      readonly kind: 'moved';
      readonly cells: readonly string[];
      readonly counts: readonly RowCount[];
      readonly lower: readonly RowCount[];
    }
  /** Counts below what was written: a state that went back, or an answer that came late. */
  | { readonly kind: 'lower'; readonly counts: readonly RowCount[] };

/**
 * Compares the counts of a row with what was written for its key. `written` answers decimal text, empty for nothing yet.
 * Where some fell and others grew, what was counted has moved: each difference is told, below zero too. Where some only
 * fell, nothing is.
 */
export function growthOf(
  row: Pick<OutboundRow, 'cells' | 'growth'>,
  columns: readonly string[],
  written: (name: string) => string,
): Growth {
  const counts = (row.growth?.columns ?? []).flatMap((column) => {
    const count = row.cells[column] ?? '';
    const name = columns[column] ?? '';
    return count === '' ? [] : [{ column, name, count, by: new Big(count).minus(new Big(written(name) || 0)) }];
  });
  const fallen = counts.filter(({ by }) => by.lt(0));
  const lower = fallen.map(({ name, count }) => ({ name, count }));
  if (fallen.length > 0 && !counts.some(({ by }) => by.gt(0))) return { kind: 'lower', counts: lower };
  if (counts.every(({ by }) => by.eq(0))) return { kind: 'none' };
  const growth = new Map(counts.map(({ column, by }) => [column, by.toFixed()]));
  const cells = row.cells.map((cell, column) => growth.get(column) ?? cell);
  const now = counts.map(({ name, count }) => ({ name, count }));
  return fallen.length > 0 ? { kind: 'moved', cells, counts: now, lower } : { kind: 'grown', cells, counts: now };
}

/** Names under which the counts of a record type are kept: two types may have a column of one name. */
export function countNames({ columns, types }: OutboundMapping, type: string): readonly string[] {
  return types === undefined ? columns : (types.get(type) ?? []).map((column) => `${type}.${column}`);
}

/**
 * The records of a group with the growth of their counts; none where nothing has grown. `grow` answers the cells of a record
 * with counts. What stands below a record without growth falls away with it.
 */
export function growGroup(
  records: readonly OutboundRecord[],
  grow: (record: OutboundRecord) => readonly string[] | undefined,
): readonly OutboundRecord[] {
  if (records.every(({ growth }) => growth === undefined)) return records;
  const kept: OutboundRecord[] = [];
  let hasGrown = false;
  for (let index = 0; index < records.length; index++) {
    const record = records[index];
    if (record === undefined) continue;
    const cells = record.growth === undefined ? record.cells : grow(record);
    if (cells === undefined) {
      index += record.below;
      continue;
    }
    hasGrown ||= record.growth !== undefined;
    kept.push({ ...record, cells });
  }
  return hasGrown ? kept : [];
}
