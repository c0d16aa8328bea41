import type { WrittenCount } from '../../core/ledger.ts';
import { countNames, growGroup, growthOf, type OutboundRow } from '../../mapping/index.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';

/** A row of an item. */
export interface ItemRow extends OutboundRow {
  readonly item: number;
}

/** Where rows grow. */
export interface GrowPlace {
  readonly flow: OutboundFlow;
  readonly parts: OutboundParts;
  readonly fileId: number;
  /** Whether the file can hold a row as it has grown. */
  readonly isWritable: (row: ItemRow) => boolean;
}

/**
 * Puts into rows how much their counts have grown since what this flow last wrote; rows without growth fall away, and a
 * group in which nothing has grown. The new counts hold with the file, or not at all; those of a row that the file cannot
 * hold stay as they were.
 */
export async function growRows(
  rows: readonly ItemRow[],
  { flow, parts, fileId, isWritable }: GrowPlace,
): Promise<readonly ItemRow[]> {
  const keys = new Set(rows.flatMap((row) => (row.records ?? [row]).flatMap(({ growth }) => growth?.key ?? [])));
  if (keys.size === 0) return rows;
  const stored = await parts.ledger.writtenCounts(fileId, [...keys]);
  const books = createBooks(stored, flow, parts);
  const grown = rows.flatMap((row): ItemRow[] => {
    if (row.records === undefined && row.growth === undefined) return [row];
    books.begin();
    const own = growRow(row, books);
    if (own === undefined) return [];
    if (isWritable(own)) return [{ ...own, fact: factOf(row, books.hasMoved()) }];
    books.takeBack();
    return [];
  });
  await parts.ledger.noteCounts(fileId, books.changed());
  return grown;
}

function growRow(row: ItemRow, books: Books): ItemRow | undefined {
  if (row.records !== undefined) {
    const records = growGroup(row.records, (record) => books.grow(record, row.item, record.type));
    return records.length === 0 ? undefined : { ...row, records };
  }
  const cells = books.grow(row, row.item, '');
  return cells === undefined ? undefined : { ...row, cells };
}

/** Counts that moved may come back to what they were: then the same counts are another fact. */
function factOf({ fact, item }: ItemRow, hasMoved: boolean): string {
  return hasMoved ? `${fact}@${item}` : fact;
}

interface Books {
  /** A row begins. */
  begin(): void;
  /** Whether counts have moved in the row that was begun. */
  hasMoved(): boolean;
  /** What was noted of the row that was begun does not hold. */
  takeBack(): void;
  /** The cells with the growth in place of the counts; undefined where nothing has grown. */
  grow(row: Pick<OutboundRow, 'cells' | 'growth'>, item: number, type: string): readonly string[] | undefined;
  changed(): readonly WrittenCount[];
}

function createBooks(stored: readonly WrittenCount[], flow: OutboundFlow, { log }: OutboundParts): Books {
  const counts = new Map(stored.map((count) => [placeOf(count.key, count.name), count]));
  const changed = new Map<string, WrittenCount>();
  let undo: (() => void)[] = [];
  let hasMoved = false;
  const note = (count: WrittenCount): void => {
    const place = placeOf(count.key, count.name);
    undo.push(restoring(counts, place), restoring(changed, place));
    counts.set(place, count);
    changed.set(place, count);
  };
  return {
    begin() {
      undo = [];
      hasMoved = false;
    },
    hasMoved: () => hasMoved,
    takeBack() {
      for (const step of undo.toReversed()) step();
      undo = [];
    },
    changed: () => [...changed.values()],
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
        if (growth.kind === 'moved') hasMoved = true;
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

function restoring<Value>(map: Map<string, Value>, place: string): () => void {
  const before = map.get(place);
  return () => void (before === undefined ? map.delete(place) : map.set(place, before));
}

function placeOf(key: string, name: string): string {
  return JSON.stringify([key, name]);
}
