import type { Ledger, TrackedFeed } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { ensureFeed, findFeed, storeItems, STREAM } from './feeds.ts';
import { feedSql } from './sql/feeds.ts';
import { hurryRecords } from './webhooks.ts';

type TrackingMethods = Pick<Ledger, 'knownItems' | 'enrolRecords' | 'dueRecords' | 'storeReads' | 'unreadRecords'>;

// What is held in memory, and changed in one transaction, does not grow with the number of orders.
const ROWS = 1_000;

interface AcceptedRow {
  readonly id: number;
  readonly submission_id: number;
  readonly operation: string;
  readonly accepted_at: number | null;
}

interface RecordRow {
  readonly submission_id: number;
  readonly operation: string;
  readonly key: string;
  readonly document_key: string;
  readonly reference: string;
  readonly unread_since: number | null;
}

interface UnreadRow {
  readonly document_key: string;
  readonly reference: string;
  readonly unread: string;
}

/** Records of accepted submissions that are read one by one, and what is known of items. */
export function trackingMethods(connection: Connection): TrackingMethods {
  return {
    async knownItems(provider, feed, identities) {
      const id = findFeed(connection, provider, feed)?.id;
      if (id === undefined) return new Set();
      return new Set(identities.filter((one) => connection.first(feedSql.knownItem, id, storable(one)) !== undefined));
    },
    async enrolRecords(tracked, now) {
      letGo(connection, tracked, now);
      while (enrolSome(connection, tracked, now) === ROWS) await new Promise((resolve) => setImmediate(resolve));
      hurryRecords(connection, tracked.provider, tracked.feed);
    },
    async dueRecords(provider, feed, now, limit) {
      const id = findFeed(connection, provider, feed)?.id;
      if (id === undefined) return [];
      return connection.all<RecordRow>(feedSql.dueTracks, id, now, limit).map((row) => ({
        submissionId: row.submission_id,
        operation: row.operation,
        key: restored(row.key),
        documentKey: restored(row.document_key),
        reference: row.reference,
        ...(row.unread_since === null ? {} : { unreadSince: row.unread_since }),
      }));
    },
    async storeReads(provider, feed, reads) {
      return connection.write(() => {
        const { id } = ensureFeed(connection, provider, feed);
        for (const { submissionId, dueAt, unread } of reads) {
          const trouble = [unread?.since ?? null, storable(unread?.detail ?? '')];
          if (dueAt === undefined) connection.run(feedSql.closeTrack, id, submissionId);
          else connection.run(feedSql.postponeTrack, dueAt, ...trouble, id, submissionId);
        }
        return storeItems(
          connection,
          id,
          STREAM,
          reads.flatMap(({ item }) => item ?? []),
        );
      });
    },
    async unreadRecords(provider, feed, until, limit) {
      const id = findFeed(connection, provider, feed)?.id;
      const count = id === undefined ? 0 : connection.first<{ count: number }>(feedSql.unreadCount, id, until)?.count;
      if (id === undefined || count === undefined || count === 0) return { count: 0, first: [] };
      const rows = connection.all<UnreadRow>(feedSql.unreadTracks, id, until, limit);
      const first = rows.map(({ document_key, reference, unread }) => ({
        documentKey: restored(document_key),
        reference,
        detail: restored(unread),
      }));
      return { count, first };
    },
  };
}

/** The feed's cursor is the number of the last accepted submission it has looked at, and for which operations. */
function enrolSome(connection: Connection, tracked: TrackedFeed, now: number): number {
  const { provider, feed, operations, forMs } = tracked;
  const names = [...operations].sort().join(',');
  const [position = '0', known = names] = (findFeed(connection, provider, feed)?.cursor ?? '').split(' ');
  // With other operations than before, earlier ones have to be looked at again.
  const from = known === names && /^\d+$/.test(position) ? Number(position) : 0;
  const rows = connection.all<AcceptedRow>(feedSql.acceptedAfter, provider, from, ROWS);
  const last = rows.at(-1);
  if (last === undefined) return 0;
  connection.write(() => {
    const { id } = ensureFeed(connection, provider, feed);
    for (const { submission_id, operation, accepted_at } of rows) {
      if (!operations.includes(operation)) continue;
      connection.run(feedSql.track, id, submission_id, now, (accepted_at ?? now) + forMs);
    }
    connection.run(feedSql.setCursor, `${last.id} ${names}`, id);
  });
  return rows.length;
}

function letGo(connection: Connection, { provider, feed, everyMs }: TrackedFeed, now: number): void {
  const id = findFeed(connection, provider, feed)?.id;
  if (id === undefined) return;
  // Without these looks every idle round would cost a flush.
  if (connection.first(feedSql.overdueTrack, id, now) !== undefined)
    connection.write(() => void connection.run(feedSql.endTracks, id, now));
  if (connection.first(feedSql.farTrack, id, now + everyMs) !== undefined)
    connection.write(() => void connection.run(feedSql.clampTracks, now, id, now + everyMs));
}
