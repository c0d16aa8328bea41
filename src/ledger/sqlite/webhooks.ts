import type { Clock } from '../../core/clock.ts';
import type { ReceivedWebhook, WebhookCounts, WebhookLedger } from '../../core/webhook.ts';
import { storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { webhookSql } from './sql/webhooks.ts';

// What one transaction forgets: the others wait for so long at most.
const PRUNED_AT_ONCE = 1_000;

interface PendingEvent {
  readonly received: ReceivedWebhook;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface EventRow {
  readonly id: number;
  readonly provider: string;
  readonly body: Uint8Array;
}

/** Posts of providers. `flushWebhooks` commits what is gathered now instead of at the end of the turn. */
export function webhookMethods(connection: Connection, clock: Clock): WebhookLedger & { flushWebhooks(): void } {
  let pending: PendingEvent[] = [];
  const flush = (): void => {
    const batch = pending;
    pending = [];
    if (batch.length > 0) store(connection, batch, clock.now());
  };
  return {
    flushWebhooks: flush,
    // One flush to disk serves all that came in the same turn: the disk, not the processor, bounds how many can come.
    storeWebhook: (received) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) setImmediate(flush);
        pending.push({ received, resolve, reject });
      }),
    async openWebhooks(limit, after = 0) {
      return connection.all<EventRow>(webhookSql.open, after, limit).map((row) => ({ ...row }));
    },
    async wakeFeeds(eventIds, wakes, now) {
      connection.write(() => {
        finish(connection, eventIds);
        for (const { provider, feed, record } of wakes) {
          connection.run(webhookSql.wake, provider, feed, now);
          for (const operation of record?.operations ?? [])
            connection.run(webhookSql.wakeRecord, provider, feed, operation, storable(record?.key ?? ''));
        }
      });
    },
    async wokenFeeds() {
      const rows = connection.all<{ provider: string; feed: string; woken_at: number }>(webhookSql.woken);
      return rows.map(({ provider, feed, woken_at: wokenAt }) => ({ provider, feed, wokenAt }));
    },
    async pruneWebhooks(before) {
      for (let forgotten = 0; ;) {
        const count = connection.write(() => connection.run(webhookSql.old, before, PRUNED_AT_ONCE));
        forgotten += count;
        if (count < PRUNED_AT_ONCE) return forgotten;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/**
 * Makes the records that events were about the first to be read. At the start of a round of reads, and not when the events
 * come: a read that is under way then may have been answered before.
 */
export function hurryRecords(connection: Connection, provider: string, feed: string): void {
  if (connection.first(webhookSql.wokenRecord, provider, feed) === undefined) return;
  connection.write(() => {
    connection.run(webhookSql.hurryRecords, provider, feed);
    connection.run(webhookSql.forgetRecords, provider, feed);
  });
}

export function readWebhookCounts(connection: Connection): readonly WebhookCounts[] {
  return connection
    .all<Omit<WebhookCounts, 'lastAt'> & { readonly last_at: number }>(webhookSql.counts)
    .map(({ last_at: lastAt, ...counts }) => ({ ...counts, lastAt }));
}

function store(connection: Connection, batch: readonly PendingEvent[], now: number): void {
  let areNew: readonly boolean[];
  try {
    areNew = connection.write(() => {
      const inserted = batch.map(({ received }) => insert(connection, received, now));
      for (const provider of new Set(batch.map(({ received }) => received.provider))) {
        const own = inserted.filter((_isNew, place) => batch[place]?.received.provider === provider);
        const stored = own.filter(Boolean).length;
        connection.run(webhookSql.count, provider, now, stored, own.length - stored);
      }
      return inserted;
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
    return;
  }
  batch.forEach(({ resolve }, place) => resolve(areNew[place] ?? false));
}

function insert(connection: Connection, received: ReceivedWebhook, now: number): boolean {
  const { provider, identity, type, documentKey = '', timeMs, body } = received;
  const texts = [provider, storable(identity), storable(type), storable(documentKey)];
  return connection.run(webhookSql.insert, ...texts, timeMs ?? null, now, body) > 0;
}

function finish(connection: Connection, ids: readonly number[]): void {
  const woken = new Map<string, number>();
  for (const id of ids) {
    const done = connection.first<{ provider: string }>(webhookSql.done, id);
    if (done !== undefined) woken.set(done.provider, (woken.get(done.provider) ?? 0) + 1);
  }
  for (const [provider, count] of woken) connection.run(webhookSql.countWoken, count, provider);
}
