import type { WrittenCount } from '../../core/ledger.ts';
import { countNames, growGroup, growthOf, type OutboundRow } from '../../mapping/index.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';

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
      const moves = books.moves();
      const records = growGroup(row.records, (record) => books.grow(record, row.item, record.type));
      return records.length === 0 ? [] : [{ ...row, records, fact: factOf(row, books.moves() > moves) }];
    }
    if (row.growth === undefined) return [row];
    const moves = books.moves();
    const cells = books.grow(row, row.item, '');
    return cells === undefined ? [] : [{ ...row, cells, fact: factOf(row, books.moves() > moves) }];
  });
  await parts.ledger.noteCounts(fileId, books.changed());
  return grown;
}

/** Counts that moved may come back to what they were: then the same counts are another fact. */
function factOf({ fact, item }: ItemRow, hasMoved: boolean): string {
  return hasMoved ? `${fact}@${item}` : fact;
}

interface Books {
  /** The cells with the growth in place of the counts; undefined where nothing has grown. */
  grow(row: Pick<OutboundRow, 'cells' | 'growth'>, item: number, type: string): readonly string[] | undefined;
  changed(): readonly WrittenCount[];
  /** In how many rows counts have moved so far. */
  moves(): number;
}

function createBooks(stored: readonly WrittenCount[], flow: OutboundFlow, { log }: OutboundParts): Books {
  const counts = new Map(stored.map((count) => [placeOf(count.key, count.name), count]));
  const changed = new Map<string, WrittenCount>();
  const note = (count: WrittenCount): void => {
    const place = placeOf(count.key, count.name);
    counts.set(place, count);
    changed.set(place, count);
  };
  let moves = 0;
  return {
    changed: () => [...changed.values()],
    moves: () => moves,
    grow(row, item, type) {
      const { key = '' } = row.growth ?? {};
      const growth = growthOf(
        row,
        countNames(flow.mapping, type),
        (name) => counts.get(placeOf(key, name))?.count ?? '',
      );
      if (growth.kind === 'none') return undefined;
      const known = (name: string): WrittenCount | undefined => counts.get(placeOf(key, name));
      // An item that had to wait is older than what was written since.
      const isLate = growth.kind === 'moved' && growth.counts.some(({ name }) => (known(name)?.item ?? 0) > item);
      if (growth.kind === 'grown' || (growth.kind === 'moved' && !isLate)) {
        if (growth.kind === 'moved') moves++;
        for (const { name, count } of growth.counts) note({ key, name, count, told: '', item });
        return growth.cells;
      }
      for (const { name, count } of growth.kind === 'moved' ? growth.lower : growth.counts) {
        const last = known(name);
        if (last?.told === count) continue;
        note({ key, name, count: last?.count ?? '', told: count, item: last?.item ?? 0 });
        log.warn({ flow: flow.name, item, column: name }, 'a count is lower than what was written; it is passed over');
      }
      return undefined;
    },
  };
}

function placeOf(key: string, name: string): string {
  return JSON.stringify([key, name]);
}
