import { Failure, isFailure } from '../../core/failure.ts';
import type { TrackedRecord, Tracking } from '../../core/feed.ts';
import type { TrackedRead, UnreadRecords } from '../../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { describeUnread, judgeUnread, unreadOf } from './unread.ts';

// What is read between two transactions; a crash reads so many again.
const BATCH = 100;
const AT_ONCE = 4;
// After so many failures in a row it is not the record, it is the provider.
const MOST_FAILURES = 3;
const MOST_NAMED = 3;

/**
 * Reads open records of ours that are due, one by one; an answer that says nothing new gives no item. Answers how many
 * items were new. One record that cannot be read is tried again later; the others go on. Ends after `everyMs` with some
 * left for the next run: a round over very many must not keep a file waiting for its end.
 * @throws Failure when the provider cannot be read; what was read stays.
 */
export async function collectTracked(
  flow: OutboundFlow,
  parts: OutboundParts,
  tracking: Tracking,
  signal: AbortSignal,
  tell: (trouble: string) => void = () => undefined,
): Promise<number> {
  const { provider, feed } = flow;
  const { ledger, clock } = parts;
  const now = clock.now();
  await ledger.enrolRecords({ provider, feed: feed.name, ...tracking }, now);
  const health: Health = { inARow: 0, read: 0, failed: 0, failures: [], last: undefined };
  let found = 0;
  const endsAt = clock.monotonic() + tracking.everyMs;
  for (let isFirst = true; !signal.aborted && (isFirst || clock.monotonic() < endsAt); isFirst = false) {
    // The time of the start: what becomes due while we read has its turn in the next run.
    const records = await ledger.dueRecords(provider, feed.name, now, BATCH);
    if (records.length === 0) break;
    const { reads, stop } = await readBatch(records, { flow, parts, tracking, health, signal });
    found += await ledger.storeReads(provider, feed.name, reads);
    if (stop !== undefined) throw stop;
  }
  if (!signal.aborted) await judgeUnread(flow, parts, tracking);
  if (health.read === 0 && health.last !== undefined) throw health.last;
  if (health.failed > 0)
    tell(`records could not be read: ${describeUnread({ count: health.failed, first: health.failures })}`);
  return found;
}

interface Health {
  inARow: number;
  read: number;
  /** Records that could not be read, and the first of them. */
  failed: number;
  readonly failures: UnreadRecords['first'][number][];
  last: Failure | undefined;
}

interface Batch {
  readonly flow: OutboundFlow;
  readonly parts: OutboundParts;
  readonly tracking: Tracking;
  readonly health: Health;
  readonly signal: AbortSignal;
}

async function readBatch(
  records: readonly TrackedRecord[],
  batch: Batch,
): Promise<{ reads: readonly TrackedRead[]; stop: Failure | undefined }> {
  const { parts, tracking, signal } = batch;
  const reads: TrackedRead[] = [];
  const queue = records.values();
  let stop: Failure | undefined;
  const work = async (): Promise<void> => {
    for (const record of queue) {
      if (stop !== undefined) return;
      try {
        const { item, isDone, unread } = await tracking.read(record, signal);
        batch.health.inARow = 0;
        batch.health.read++;
        if (unread !== undefined) {
          reads.push(unreadOf(record, unread, batch.flow, parts, tracking.everyMs));
          continue;
        }
        const dueAt = isDone ? undefined : parts.clock.now() + tracking.everyMs;
        reads.push({ submissionId: record.submissionId, dueAt, ...(item === undefined ? {} : { item }) });
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (isOfProvider(error, record, batch)) stop ??= batch.health.last ?? error;
        else reads.push(unreadOf(record, error.detail ?? error.code, batch.flow, parts, tracking.everyMs));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { reads, stop };
}

/** Whether a failure says that no record can be read at the moment. */
function isOfProvider(failure: Failure, { documentKey, reference }: TrackedRecord, { health }: Batch): boolean {
  const { code, retryAfterMs, detail } = failure;
  if (code === 'stopped' || code === 'credentials-refused' || retryAfterMs !== undefined) {
    health.last = failure;
    return true;
  }
  const told = { documentKey, reference, detail: detail ?? code };
  health.inARow++;
  health.failed++;
  if (health.failures.length < MOST_NAMED) health.failures.push(told);
  health.last = new Failure(code, describeUnread({ count: 1, first: [told] }), { cause: failure });
  return health.inARow >= MOST_FAILURES;
}
