import type { Gap, Ledger, StoredItem } from '../../core/ledger.ts';
import type { FeedItem } from '../../core/provider.ts';
import { isBehind, sortableIndex } from '../stream-index.ts';
import { fromBytes, restored, storable, toBytes } from '../text.ts';
import type { Connection } from './connection.ts';
import { requireOne } from './drops.ts';
import { feedSql } from './sql/feeds.ts';

type FeedMethods = Pick<Ledger, 'feedCursor' | 'storePage' | 'dueGaps' | 'storeGap' | 'itemsAfter'>;

export const STREAM = 0;

interface FeedRow {
  readonly id: number;
  readonly cursor: string | null;
}

/** Streams: items and cursor move together, and what is missing below the cursor is remembered. */
export function feedMethods(connection: Connection): FeedMethods {
  return {
    async feedCursor(provider, feed) {
      return findFeed(connection, provider, feed)?.cursor ?? undefined;
    },
    async storePage({ provider, feed, items, cursor, gap }) {
      return connection.write(() => {
        const { id, cursor: current } = ensureFeed(connection, provider, feed);
        if (current === null || !isBehind(cursor, current)) connection.run(feedSql.setCursor, cursor, id);
        if (gap !== undefined)
          connection.run(feedSql.insertGap, id, gap.low, gap.high, sortableIndex(gap.low), gap.dueAt);
        return storeItems(connection, id, STREAM, items);
      });
    },
    async dueGaps(provider, feed, now) {
      const id = findFeed(connection, provider, feed)?.id;
      return id === undefined ? [] : connection.all<Gap>(feedSql.dueGaps, id, now).map((gap) => ({ ...gap }));
    },
    async storeGap(gapId, provider, feed, items, nextDueAt) {
      return connection.write(() => {
        const { id } = ensureFeed(connection, provider, feed);
        const changed =
          nextDueAt === undefined
            ? connection.run(feedSql.closeGap, gapId, id)
            : connection.run(feedSql.postponeGap, nextDueAt, gapId, id);
        requireOne(changed, `gap ${gapId} is not open in ${provider} ${feed}`);
        return storeItems(connection, id, STREAM, items);
      });
    },
    async itemsAfter(provider, feed, position, limit) {
      const id = findFeed(connection, provider, feed)?.id;
      return id === undefined ? [] : connection.all<ItemRow>(feedSql.itemsAfter, id, position, limit).map(toItem);
    },
  };
}

export interface ItemRow {
  readonly id: number;
  readonly document_key: string;
  readonly body: Uint8Array;
  readonly identity?: string;
}

export function toItem({ id, document_key, body, identity }: ItemRow): StoredItem {
  const named = identity === undefined ? {} : { identity: restored(identity) };
  return { id, documentKey: restored(document_key), body: fromBytes(body), ...named };
}

export function findFeed(connection: Connection, provider: string, feed: string): FeedRow | undefined {
  return connection.first<FeedRow>(feedSql.find, provider, feed);
}

/** Inside a transaction: the feed's row, created when absent. */
export function ensureFeed(connection: Connection, provider: string, feed: string): FeedRow {
  connection.run(feedSql.ensure, provider, feed);
  const row = findFeed(connection, provider, feed);
  if (row === undefined) throw new Error('a row that was just written is not there');
  return row;
}

/** Inside a transaction: passes over items whose identity is known; answers how many were new. */
export function storeItems(
  connection: Connection,
  feedId: number,
  snapshotId: number,
  items: readonly FeedItem[],
): number {
  let added = 0;
  for (const { identity, index, documentKey, body } of items) {
    const values = [storable(identity), index ?? '', storable(documentKey ?? ''), toBytes(body)];
    added += connection.run(feedSql.insertItem, feedId, snapshotId, ...values);
  }
  return added;
}
