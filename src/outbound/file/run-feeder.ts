import type { ComparedRow, StoredItem } from '../../core/ledger.ts';
import { growRows, type ItemRow } from './grow.ts';
import type { FileRun } from './run-files.ts';

// Each batch is a transaction; more would only fill the memory.
const BATCH_ITEMS = 500;
const BATCH_GONE = 1_000;

/** Rows in the order of their items, some at a time. */
export interface Feeder {
  /**
   * Rows with at most so many records in all; none at the end, or where the next group has more. `isFirst`: it is given
   * however many it has.
   */
  take(most: number, isFirst: boolean): Promise<readonly FedRow[]>;
  /** Whether all was given. */
  isEmpty(): boolean;
}

export type FedRow = (ItemRow & { readonly isGone?: false }) | GoneRow;

/** A row that was delivered and is in the snapshot no more. */
interface GoneRow extends ComparedRow {
  readonly isGone: true;
}

export function createFeeder(batches: AsyncGenerator<readonly FedRow[]>): Feeder {
  let left: readonly FedRow[] = [];
  let isEnd = false;
  return {
    isEmpty: () => isEnd && left.length === 0,
    async take(most, isFirst) {
      while (left.length === 0) {
        const next = await batches.next();
        isEnd = next.done === true;
        if (next.done === true) return [];
        left = next.value;
      }
      let room = most;
      const end = left.findIndex((row, index) => {
        room -= sizeOf(row);
        return room < 0 && !(isFirst && index === 0);
      });
      const taken = end === -1 ? left : left.slice(0, end);
      left = left.slice(taken.length);
      return taken;
    },
  };
}

/** How many records stand in the file for a row. */
export function sizeOf(row: FedRow): number {
  return row.isGone === true ? 1 : (row.records?.length ?? 1);
}

/** Of everything that is new. */
export async function* batchesOfAll(run: FileRun): AsyncGenerator<readonly FedRow[]> {
  const { flow, parts, makers } = run;
  yield* oneByOne(run, run.waiting);
  for (;;) {
    const items = await parts.ledger.itemsAfter(flow.provider, flow.feed.name, run.position, BATCH_ITEMS);
    if (items.length === 0) break;
    const rows = await grownRows(run, items);
    for (const { id } of items) run.position = Math.max(run.position, id);
    yield rows;
  }
  // A row that could not be made is not gone, and nobody can tell which one it would have been.
  if (flow.snapshot === 'changes' && !makers.leftOut()) yield* batchesOfGone(run);
}

async function* oneByOne(run: FileRun, items: FileRun['waiting']): AsyncGenerator<readonly FedRow[]> {
  for (const item of items) yield grownRows(run, [item]);
}

async function grownRows(run: FileRun, items: readonly StoredItem[]): Promise<readonly ItemRow[]> {
  const { flow, parts, makers } = run;
  const made: ItemRow[] = [];
  for (const item of items) for (const row of await makers.rowsOf(item)) made.push(row);
  const isWritable = (row: ItemRow): boolean => makers.isWritable(row, items);
  return growRows(made, { flow, parts, fileId: run.firstFile(), isWritable });
}

/** Of one document; `item` picks one of those that belong to none. */
export async function* batchesOfDocument(
  run: FileRun,
  { document, from, upTo, item }: { document: string; from: number; upTo: number; item?: number },
): AsyncGenerator<readonly FedRow[]> {
  const { flow, parts } = run;
  const isWanted = (id: number): boolean => item === undefined || item === id;
  yield* oneByOne(
    run,
    run.waiting.filter(({ documentKey, id }) => documentKey === document && isWanted(id)),
  );
  let position = item === undefined ? from : Math.max(from, item - 1);
  const end = item ?? upTo;
  while (position < end) {
    const items = await parts.ledger.itemsOfDocument(
      flow.provider,
      flow.feed.name,
      document,
      position,
      end,
      BATCH_ITEMS,
    );
    if (items.length === 0) return;
    position = items.at(-1)?.id ?? end;
    yield grownRows(run, items);
  }
}

async function* batchesOfGone(run: FileRun): AsyncGenerator<readonly FedRow[]> {
  const { flow, parts } = run;
  const { gone } = flow.mapping.definition;
  const { columns } = flow.mapping;
  let after = '';
  let count = 0;
  for (;;) {
    const rows = await parts.ledger.goneRows(run.firstFile(), after, BATCH_GONE);
    if (rows.length === 0) break;
    after = rows.at(-1)?.fact ?? after;
    count += rows.length;
    if (gone === undefined) continue;
    yield rows.map(({ fact, cells }) => ({
      fact,
      isGone: true,
      cells: columns.map((name, index) => gone[name] ?? cells[index] ?? ''),
    }));
  }
  if (count > 0 && gone === undefined)
    parts.log.warn(
      { flow: flow.name, rows: count },
      'rows of the last snapshot are in this one no more, and the mapping does not say how that is written (gone:)',
    );
}
