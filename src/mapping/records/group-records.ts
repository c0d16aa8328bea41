import type { DataRecord } from '../../core/record.ts';
import type { BoundMapping, SourceRecord } from '../types.ts';

/** A row of empty cells, as spreadsheets leave them behind: it says nothing. One with a type says where a document begins. */
export function isBlank({ cells, type }: DataRecord): boolean {
  return type === undefined && cells !== undefined && cells.every((cell) => cell.trim() === '');
}

/**
 * Records of a whole drop, in the order of its files, as documents in the order of their first records. For trying out: it
 * holds everything in memory.
 */
export function groupRecords(
  bound: BoundMapping,
  records: readonly SourceRecord[],
): readonly (readonly SourceRecord[])[] {
  const sorting = bound.startSorting();
  const groups = new Map<string, SourceRecord[]>();
  for (const { part, record } of records) {
    const placed = sorting.place(part, record);
    if (placed === undefined) continue;
    const rows = groups.get(placed.group);
    if (rows === undefined) groups.set(placed.group, [placed]);
    else rows.push(placed);
  }
  return [...groups.values()];
}
