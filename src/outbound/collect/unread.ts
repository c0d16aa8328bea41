import type { TrackedRecord, Tracking } from '../../core/feed.ts';
import type { TrackedRead, UnreadRecords } from '../../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';

// A record may become readable later than the answer that promised it: it has so many reads.
const GRACE_READS = 3;
const MOST_TOLD = 3;

/** The read of a record that gave nothing. Said in the log when it begins. */
export function unreadOf(
  record: TrackedRecord,
  detail: string,
  { provider, feed }: Pick<OutboundFlow, 'provider' | 'feed'>,
  { clock, log }: Pick<OutboundParts, 'clock' | 'log'>,
  everyMs: number,
): TrackedRead {
  const { submissionId, documentKey, reference, unreadSince } = record;
  const now = clock.now();
  if (unreadSince === undefined) {
    const label = { provider, feed: feed.name, key: documentKey, reference, detail };
    log.warn(label, 'the record of a submission could not be read; it is tried again later');
  }
  return { submissionId, dueAt: now + everyMs, unread: { since: unreadSince ?? now, detail } };
}

/** Opens, changes or closes the incident about records that have given nothing for longer than is normal. */
export async function judgeUnread(
  { name, provider, feed }: OutboundFlow,
  { ledger, clock, log }: OutboundParts,
  { everyMs }: Tracking,
): Promise<void> {
  const now = clock.now();
  const unread = await ledger.unreadRecords(provider, feed.name, now - GRACE_READS * everyMs, MOST_TOLD);
  const { count } = unread;
  const state = count === 0 ? undefined : { subject: describeUnread(unread), upTo: 0 };
  const became = await ledger.judgeIncident(name, 'records-unread', state);
  if (became === 'opened')
    log.error({ flow: name, incident: 'records-unread', records: count }, 'records of ours cannot be read for long');
  if (became === 'closed') log.info({ flow: name, incident: 'records-unread' }, 'the records can be read again');
}

/** How many, and the first of them: `A-1 (77001): 404, B-2 (77002): 404, and 4 more`. */
export function describeUnread({ count, first }: UnreadRecords): string {
  const told = first.slice(0, MOST_TOLD).map(({ documentKey, reference, detail }) => {
    const name = reference === '' ? documentKey : `${documentKey} (${reference})`;
    return `${name}: ${detail}`;
  });
  const more = count - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
