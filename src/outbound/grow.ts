import type { WrittenCount } from '../core/ledger.ts';
import { growthOf, type OutboundRow } from '../mapping/index.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';

/** A row of an item. */
export interface ItemRow extends OutboundRow {
  readonly item: number;
}

/**
 * Puts into rows how much their counts have grown since what this flow last wrote; rows without growth fall away. The new
 * counts hold with the file, or not at all.
 */
export async function growRows(
  rows: readonly ItemRow[],
  flow: OutboundFlow,
  { ledger, log }: OutboundParts,
  fileId: number,
): Promise<readonly ItemRow[]> {
  const keys = new Set(rows.flatMap(({ growth }) => growth?.key ?? []));
  if (keys.size === 0) return rows;
  const stored = await ledger.writtenCounts(fileId, [...keys]);
  const counts = new Map(stored.map((count) => [placeOf(count.key, count.name), count]));
  const changed = new Map<string, WrittenCount>();
  const note = (count: WrittenCount): void => {
    const place = placeOf(count.key, count.name);
    counts.set(place, count);
    changed.set(place, count);
  };
  const grown = rows.flatMap((row) => {
    const { key } = row.growth ?? {};
    if (key === undefined) return [row];
    const growth = growthOf(row, flow.mapping.columns, (name) => counts.get(placeOf(key, name))?.count ?? '');
    if (growth.kind === 'none') return [];
    if (growth.kind === 'grown') {
      for (const { name, count } of growth.counts) note({ key, name, count, told: '' });
      return [{ ...row, cells: growth.cells }];
    }
    for (const { name, count } of growth.counts) {
      const known = counts.get(placeOf(key, name));
      if (known?.told === count) continue;
      note({ key, name, count: known?.count ?? '', told: count });
      log.warn(
        { flow: flow.name, item: row.item, column: name },
        'a count is lower than what was written; it is passed over',
      );
    }
    return [];
  });
  await ledger.noteCounts(fileId, [...changed.values()]);
  return grown;
}

function placeOf(key: string, name: string): string {
  return JSON.stringify([key, name]);
}
