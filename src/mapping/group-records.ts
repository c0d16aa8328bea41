import type { BoundMapping, SourceRecord } from './types.ts';

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
