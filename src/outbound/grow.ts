import type { WrittenCount } from '../core/ledger.ts';
import { countNames, growGroup, growthOf, type OutboundRow } from '../mapping/index.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';

/** A row of an item. */
export interface ItemRow extends OutboundRow {
  readonly item: number;
}

/**
 * Puts into rows how much their counts have grown since what this flow last wrote; rows without growth fall away, and a
 * group in which nothing has grown. The new counts hold with the file, or not at all.
 */
export async function growRows(
  rows: readonly ItemRow[],
  flow: OutboundFlow,
  parts: OutboundParts,
  fileId: number,
): Promise<readonly ItemRow[]> {
  const keys = new Set(rows.flatMap((row) => (row.records ?? [row]).flatMap(({ growth }) => growth?.key ?? [])));
  if (keys.size === 0) return rows;
  const stored = await parts.ledger.writtenCounts(fileId, [...keys]);
  const books = createBooks(stored, flow, parts);
  const grown = rows.flatMap((row): ItemRow[] => {
    if (row.records !== undefined) {
      const records = growGroup(row.records, (record) => books.grow(record, row.item, record.type));
      return records.length === 0 ? [] : [{ ...row, records }];
    }
    if (row.growth === undefined) return [row];
    const cells = books.grow(row, row.item, '');
    return cells === undefined ? [] : [{ ...row, cells }];
  });
  await parts.ledger.noteCounts(fileId, books.changed());
  return grown;
}

interface Books {
  /** The cells with the growth in place of the counts; undefined where nothing has grown. */
  grow(row: Pick<OutboundRow, 'cells' | 'growth'>, item: number, type: string): readonly string[] | undefined;
  changed(): readonly WrittenCount[];
}

function createBooks(stored: readonly WrittenCount[], flow: OutboundFlow, { log }: OutboundParts): Books {
  const counts = new Map(stored.map((count) => [placeOf(count.key, count.name), count]));
  const changed = new Map<string, WrittenCount>();
  const note = (count: WrittenCount): void => {
    const place = placeOf(count.key, count.name);
    counts.set(place, count);
    changed.set(place, count);
  };
  return {
    changed: () => [...changed.values()],
    grow(row, item, type) {
      const { key = '' } = row.growth ?? {};
      const growth = growthOf(
        row,
        countNames(flow.mapping, type),
        (name) => counts.get(placeOf(key, name))?.count ?? '',
      );
      if (growth.kind === 'none') return undefined;
      if (growth.kind === 'grown') {
        for (const { name, count } of growth.counts) note({ key, name, count, told: '' });
        return growth.cells;
      }
      for (const { name, count } of growth.counts) {
        const known = counts.get(placeOf(key, name));
        if (known?.told === count) continue;
        note({ key, name, count: known?.count ?? '', told: count });
        log.warn({ flow: flow.name, item, column: name }, 'a count is lower than what was written; it is passed over');
      }
      return undefined;
    },
  };
}

function placeOf(key: string, name: string): string {
  return JSON.stringify([key, name]);
}
