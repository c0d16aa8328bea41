import type { Ledger } from '../../core/ledger.ts';
import type { Connection } from './connection.ts';
import { ensureFeed, storeItems } from './feeds.ts';
import { feedSql } from './sql/feeds.ts';

type SnapshotMethods = Pick<Ledger, 'beginSnapshot' | 'storeSnapshotPage' | 'finishSnapshot'>;

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
    async finishSnapshot(snapshotId) {
      connection.write(() => {
        const feedId = feedOf(connection, snapshotId);
        deleteSnapshots(connection, feedId, connection.all(feedSql.olderSnapshots, feedId, snapshotId));
        connection.run(feedSql.finishSnapshot, snapshotId);
      });
    },
  };
}

function feedOf(connection: Connection, snapshotId: number): number {
  const feedId = connection.first<{ feed_id: number }>(feedSql.snapshotFeed, snapshotId)?.feed_id;
  if (feedId === undefined) throw new Error(`snapshot ${snapshotId} is not under way`);
  return feedId;
}

function deleteSnapshots(connection: Connection, feedId: number, snapshots: readonly { id: number }[]): void {
  for (const { id } of snapshots) {
    connection.run(feedSql.deleteSnapshotItems, feedId, id);
    connection.run(feedSql.deleteSnapshot, id);
  }
}
