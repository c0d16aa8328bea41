import { isFailure, type Failure } from '../core/failure.ts';
import type { TrackedRecord, Tracking } from '../core/feed.ts';
import type { TrackedRead } from '../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';

// What is read between two transactions; a crash reads so many again.
const BATCH = 100;
const AT_ONCE = 4;
// After so many failures in a row it is not the record, it is the provider.
const MOST_FAILURES = 3;

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
): Promise<number> {
  const { provider, feed } = flow;
  const { ledger, clock } = parts;
  const now = clock.now();
  await ledger.enrolRecords({ provider, feed: feed.name, ...tracking }, now);
  const health: Health = { inARow: 0, read: 0, last: undefined };
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
  if (health.read === 0 && health.last !== undefined) throw health.last;
  return found;
}

interface Health {
  inARow: number;
  read: number;
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
        const { item, isDone } = await tracking.read(record, signal);
        batch.health.inARow = 0;
        batch.health.read++;
        const dueAt = isDone ? undefined : parts.clock.now() + tracking.everyMs;
        reads.push({ submissionId: record.submissionId, dueAt, ...(item === undefined ? {} : { item }) });
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (isOfProvider(error, batch)) stop ??= error;
        else reads.push({ submissionId: record.submissionId, dueAt: parts.clock.now() + tracking.everyMs });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { reads, stop };
}

/** Whether a failure says that no record can be read at the moment. */
function isOfProvider(failure: Failure, { flow, parts, health }: Batch): boolean {
  const { code, retryAfterMs, message } = failure;
  if (code === 'stopped' || code === 'credentials-refused' || retryAfterMs !== undefined) return true;
  health.inARow++;
  health.last = failure;
  if (health.inARow >= MOST_FAILURES) return true;
  const label = { provider: flow.provider, feed: flow.feed.name, failure: code, detail: message };
  parts.log.warn(label, 'the record of a submission could not be read; it is tried again later');
  return false;
}
