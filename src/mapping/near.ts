import type { DataRecord } from '../core/record.ts';
import type { Run } from './run.ts';

const noRecords: readonly DataRecord[] = [];

/**
 * Records of a part that are meant where `$each` stands, by their place in the file: those behind the record around,
 * before the next of its kind; where there are none, those before the first of its kind, and so on outwards.
 */
export function nearRecords(run: Run, part: number, depth: number): readonly DataRecord[] {
  const list = run.parts[part] ?? noRecords;
  for (let at = depth; at > 0; at--) {
    const until = at === depth ? run.ends[at] : run.firsts[at + 1];
    const found = between(list, run.records[at]?.seq ?? 0, until ?? Infinity);
    if (found.length > 0) return found;
  }
  return between(list, 0, run.firsts[1] ?? Infinity);
}

/** Records of an ascending list from a number on and before another. */
export function between(records: readonly DataRecord[], from: number, until: number): readonly DataRecord[] {
  const start = countBefore(records, from);
  const end = until === Infinity ? records.length : countBefore(records, until);
  return start === 0 && end === records.length ? records : records.slice(start, end);
}

function countBefore(records: readonly DataRecord[], seq: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Records that stand in no stretch of the parts they are walked in: items before the first carton. `chain`: places of the
 * parts, the outermost first.
 */
export function strayRecords(parts: readonly (readonly DataRecord[])[], chain: readonly number[]): DataRecord[] {
  const outer = chain.slice(0, -1).map((part) => parts[part] ?? noRecords);
  const inner = parts[chain.at(-1) ?? 0] ?? noRecords;
  return inner.filter(({ seq }) => {
    let last = -1;
    return outer.some((records) => {
      const before = records[countBefore(records, seq) - 1]?.seq ?? -1;
      const isStray = before <= last;
      last = before;
      return isStray;
    });
  });
}
