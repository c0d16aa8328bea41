import type { Ledger } from '../../core/ledger.ts';
import { storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { ensureFeed, storeItems } from './feeds.ts';
import { feedSql } from './sql/feeds.ts';

type SnapshotMethods = Pick<
  Ledger,
  'beginSnapshot' | 'storeSnapshotPage' | 'finishSnapshot' | 'stagedItems' | 'adoptSnapshot'
>;

// What one statement changes is held in memory, and everything else waits for it.
const ROWS = 5_000;

/** Feeds that are read whole each time: a walk counts when it is finished, and then replaces the one before. */
export function snapshotMethods(connection: Connection): SnapshotMethods {
  return {
    async beginSnapshot(provider, feed, at) {
      return connection.write(() => {
        const feedId = ensureFeed(connection, provider, feed).id;
        deleteSnapshots(connection, feedId, connection.all(feedSql.unfinishedSnapshots, feedId));
        return connection.insert(feedSql.beginSnapshot, feedId, at ?? null);
      });
    },
    async storeSnapshotPage(snapshotId, items) {
      return connection.write(() => storeItems(connection, feedOf(connection, snapshotId), snapshotId, items));
    },
    async finishSnapshot(snapshotId, cursor) {
      connection.write(() => {
        const feedId = feedOf(connection, snapshotId);
        deleteSnapshots(connection, feedId, connection.all(feedSql.olderSnapshots, feedId, snapshotId));
        connection.run(feedSql.finishSnapshot, snapshotId);
        if (cursor !== undefined) connection.run(feedSql.setCursor, cursor, feedId);
      });
    },
    async stagedItems(snapshotId, identities) {
      const feedId = feedOf(connection, snapshotId);
      const isStaged = (one: string): boolean =>
        connection.first(feedSql.stagedItem, feedId, snapshotId, storable(one)) !== undefined;
      return new Set(identities.filter(isStaged));
    },
    async adoptSnapshot(snapshotId, cursor) {
      let adopted = 0;
      for (let from = 0; ;) {
        const some = connection.write(() => adoptSome(connection, snapshotId, from, cursor));
        adopted += some.adopted;
        if (some.last === undefined) return adopted;
        from = some.last;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

function feedOf(connection: Connection, snapshotId: number): number {
  const feedId = connection.first<{ feed_id: number }>(feedSql.snapshotFeed, snapshotId)?.feed_id;
  if (feedId === undefined) throw new Error(`snapshot ${snapshotId} is not under way`);
  return feedId;
}

/** `last`: up to where, when there is more; otherwise the walk is gone and the cursor has moved. */
function adoptSome(connection: Connection, snapshotId: number, from: number, cursor: string) {
  const feedId = feedOf(connection, snapshotId);
  const last = connection.first<{ id: number | null }>(feedSql.stagedUpTo, feedId, snapshotId, from, ROWS)?.id ?? from;
  const adopted = connection.run(feedSql.adoptItems, feedId, snapshotId, from, last);
  const next = connection.first<{ id: number | null }>(feedSql.stagedUpTo, feedId, snapshotId, last, 1)?.id;
  if (next !== undefined && next !== null) return { adopted, last };
  deleteSnapshots(connection, feedId, [{ id: snapshotId }]);
  connection.run(feedSql.setCursor, cursor, feedId);
  return { adopted, last: undefined };
}

function deleteSnapshots(connection: Connection, feedId: number, snapshots: readonly { id: number }[]): void {
  for (const { id } of snapshots) {
    connection.run(feedSql.deleteSnapshotItems, feedId, id);
    connection.run(feedSql.deleteSnapshot, id);
  }
}
