import { mostTogether, type ClaimBatch } from '../../core/batch.ts';
import type { Connection } from './connection.ts';
import { findRequest } from './requests.ts';
import { submissionSql } from './sql/submissions.ts';

/** A submission that is due. */
export interface DueRow {
  readonly id: number;
  readonly state: 'ready' | 'unknown';
  readonly operation: string;
  readonly key: string;
  readonly attempts: number;
}

export type Batches = ReadonlyMap<string, ClaimBatch>;

// Of what is due behind the first of a batch so many times its size is looked at: others may lie between.
const LOOK_AHEAD = 2;

interface Due {
  readonly provider: string;
  readonly now: number;
}

/**
 * What goes along with the first rows of a lane, each of which has a request of its own unless its operation takes many at
 * once. Only what is due now: nothing waits for a request to become full.
 */
export function fillBatches(
  connection: Connection,
  heads: readonly DueRow[],
  due: Due,
  batches: Batches,
): readonly DueRow[] {
  const taken = new Set<number>();
  return heads.flatMap((head) => {
    if (taken.has(head.id)) return [];
    const batch = batches.get(head.operation);
    const isAlone = batch === undefined || (head.state === 'unknown' && !batch.hasNoLookUp);
    const rows = isAlone ? [head] : [head, ...companions(connection, head, due, batch, taken)];
    for (const { id } of rows) taken.add(id);
    return rows;
  });
}

function companions(
  connection: Connection,
  head: DueRow,
  { provider, now }: Due,
  batch: ClaimBatch,
  taken: ReadonlySet<number>,
): DueRow[] {
  const most = mostTogether(batch, head.attempts) - 1;
  const request = findRequest(connection, head.id);
  if (most === 0 || request === undefined) return [];
  const frame = batch.frame(request);
  let bytes = Buffer.byteLength(request.body);
  const found: DueRow[] = [];
  for (const row of connection.all<DueRow>(submissionSql.due, provider, now, batch.size * LOOK_AHEAD)) {
    if (row.id === head.id || taken.has(row.id) || !isAlike(row, head)) continue;
    if (connection.first(submissionSql.isFirstOfKey, row.id) === undefined) continue;
    const other = findRequest(connection, row.id);
    if (other === undefined || batch.frame(other) !== frame) continue;
    bytes += Buffer.byteLength(other.body);
    if (bytes > batch.bytes) break;
    found.push(row);
    if (found.length === most) break;
  }
  return found;
}

function isAlike(one: DueRow, other: DueRow): boolean {
  return one.operation === other.operation && one.state === other.state && one.attempts === other.attempts;
}
