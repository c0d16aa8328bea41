import type { ResultRow } from '../../core/ledger.ts';

/** The document of a record. */
export interface Owned {
  readonly row: ResultRow;
  /** Whether the record is the first of its document in this file. */
  readonly isFirst: boolean;
}

/** Tells for each record of a file, in ascending order, which document it belongs to. */
export interface Owners {
  at(seq: number): Promise<Owned | undefined>;
}

/** A document with records in the file, and the run of them that is not passed yet. */
interface Entry {
  readonly row: ResultRow;
  readonly order: number;
  readonly runs: readonly (readonly [first: number, end: number])[];
  at: number;
}

/**
 * Walks the documents of a drop in step with its records, so that only the documents around the current record are held.
 * Documents come in the order of their first record of the picked file; a companion's records may lie in any order, so
 * for those all wanted documents are read first.
 */
export function createOwners(
  rows: AsyncIterable<ResultRow>,
  part: string,
  isWanted: (row: ResultRow) => boolean = () => true,
): Owners {
  const source = rows[Symbol.asyncIterator]();
  const open = createHeap();
  let ahead: Entry | undefined;
  let order = 0;
  let isDone = false;
  const pull = async (): Promise<void> => {
    ahead = undefined;
    while (!isDone && ahead === undefined) {
      const { value, done } = await source.next();
      isDone = done === true;
      if (isDone || value === undefined || !isWanted(value as ResultRow)) continue;
      ahead = entryOf(value as ResultRow, part, order++);
    }
  };
  const reach = async (seq: number): Promise<void> => {
    if (ahead === undefined) await pull();
    while (ahead !== undefined && (part !== '' || startOf(ahead) <= seq)) {
      open.push(ahead);
      await pull();
    }
  };
  return {
    async at(seq) {
      await reach(seq);
      for (let first = open.peek(); first !== undefined && startOf(first) <= seq; first = open.peek()) {
        if (endOf(first) > seq) return { row: first.row, isFirst: first.runs[0]?.[0] === seq };
        open.pop();
        first.at++;
        if (first.at < first.runs.length) open.push(first);
      }
      return undefined;
    },
  };
}

function entryOf(row: ResultRow, part: string, order: number): Entry | undefined {
  const runs = row.records
    .filter(([of]) => of === part)
    .map(([, first, count]) => [first, first + count] as const)
    .sort(([a], [b]) => a - b);
  return runs.length === 0 ? undefined : { row, order, runs, at: 0 };
}

function startOf({ runs, at }: Entry): number {
  return runs[at]?.[0] ?? 0;
}

function endOf({ runs, at }: Entry): number {
  return runs[at]?.[1] ?? 0;
}

interface Heap {
  peek(): Entry | undefined;
  push(entry: Entry): void;
  pop(): void;
}

/** The entry whose next run begins first is on top: of documents that lie through one another there may be very many. */
function createHeap(): Heap {
  const list: Entry[] = [];
  const isBefore = (a: Entry, b: Entry): boolean => (startOf(a) - startOf(b) || a.order - b.order) < 0;
  const swapIfBefore = (child: number, parent: number): boolean => {
    const [a, b] = [list[child], list[parent]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    [list[child], list[parent]] = [b, a];
    return true;
  };
  return {
    peek: () => list[0],
    push(entry) {
      let at = list.push(entry) - 1;
      while (at > 0 && swapIfBefore(at, (at - 1) >> 1)) at = (at - 1) >> 1;
    },
    pop() {
      const last = list.pop();
      if (last === undefined || list.length === 0) return;
      list[0] = last;
      for (let at = 0; ;) {
        const [left, right] = [list[2 * at + 1], list[2 * at + 2]];
        if (left === undefined) return;
        const least = right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
        if (!swapIfBefore(least, at)) return;
        at = least;
      }
    },
  };
}
