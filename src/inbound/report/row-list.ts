import type { RecordRun } from '../../core/ledger.ts';
import type { CountedRecord, SourceRecord } from '../../mapping/index.ts';

/** The rows of one document while they are read, in bounded memory. */
export interface RowList {
  readonly rows: readonly SourceRecord[];
  /** Where all of them stand. */
  readonly runs: readonly RecordRun[];
  add(row: SourceRecord): void;
}

/**
 * Of a document that has more than `most` rows, and is too long anyway, those behind them are only counted, by what they
 * are: a file may be one document of a million rows.
 */
export function createRowList(most: number): RowList {
  const rows: SourceRecord[] = [];
  const runs = createRuns();
  const counted = new Map<string, { -readonly [K in keyof CountedRecord]: CountedRecord[K] }>();
  return {
    rows,
    runs: runs.list,
    add(row) {
      const { part, record } = row;
      const { seq, line, type } = record;
      runs.add(part, seq);
      if (rows.length <= most) {
        rows.push(row);
        return;
      }
      const kind = `${part}\n${type ?? ''}`;
      const known = counted.get(kind);
      if (known !== undefined) {
        known.more++;
        return;
      }
      const first = { seq, line, ...(type === undefined ? {} : { type }), more: 0 };
      counted.set(kind, first);
      rows.push({ part, record: first });
    },
  };
}

/** Neighbouring records as runs: what the reject sheet needs to find them again. */
export function runsOf(rows: readonly SourceRecord[]): readonly RecordRun[] {
  const runs = createRuns();
  for (const { part, record } of rows) runs.add(part, record.seq);
  return runs.list;
}

function createRuns(): { readonly list: readonly RecordRun[]; add(part: string, seq: number): void } {
  const list: [string, number, number][] = [];
  return {
    list,
    add(part, seq) {
      const last = list.at(-1);
      if (last !== undefined && last[0] === part && last[1] + last[2] === seq) last[2]++;
      else list.push([part, seq, 1]);
    },
  };
}
