import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Ledger, TrackedFeed } from '../../src/core/ledger.ts';
import type { FeedWake } from '../../src/core/webhook.ts';
import { openLedger } from '../../src/ledger/index.ts';
import { connect } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { webhookSql } from '../../src/ledger/sqlite/sql/webhooks.ts';
import {
  accepted,
  claimOne,
  createTestClock,
  createTestLog,
  document,
  receive,
  temporaryDirectory,
} from './support-ledger.ts';

const EVERY_MS = 100_000;
const feed: TrackedFeed = {
  provider: 'ctl',
  feed: 'orders',
  operations: ['order.create'],
  everyMs: EVERY_MS,
  forMs: 10 * EVERY_MS,
};

async function openTestLedger(): Promise<{ ledger: Ledger; now: number; reopen: () => Promise<Ledger> }> {
  const directory = await temporaryDirectory();
  const clock = createTestClock();
  const open = (): Promise<Ledger> =>
    openLedger({ path: join(directory.path, 'dray.db'), clock, log: createTestLog() });
  let ledger = await open();
  onTestFinished(async () => {
    await ledger.close();
    await directory.dispose();
  });
  const reopen = async (): Promise<Ledger> => {
    await ledger.close();
    ledger = await open();
    return ledger;
  };
  return { ledger, now: clock.now(), reopen };
}

const event = (identity: string, text = identity) => ({
  provider: 'ctl',
  identity,
  type: 'shipped',
  body: Buffer.from(text),
});
const wake = (key: string): FeedWake => ({
  provider: 'ctl',
  feed: 'orders',
  record: { operations: ['order.create'], key },
});

test('events of one moment are stored together, each once, and outlast the program', async () => {
  const { ledger, reopen } = await openTestLedger();
  const stored = await Promise.all(['a', 'b', 'a'].map((identity) => ledger.storeWebhook(event(identity))));
  expect(stored).toEqual([true, true, false]);
  expect(await ledger.storeWebhook({ ...event('a'), provider: 'other' })).toBe(true);
  const again = await reopen();
  const open = await again.openWebhooks(2);
  expect(open.map(({ body }) => Buffer.from(body).toString())).toEqual(['a', 'b']);
  expect(await again.openWebhooks(9, open.at(-1)?.id)).toMatchObject([{ provider: 'other' }]);
  expect((await again.overview()).webhooks).toMatchObject([
    { provider: 'ctl', stored: 2, repeated: 1, woken: 0 },
    { provider: 'other', stored: 1 },
  ]);
});

test('an event is ended once, and what it woke is known after a restart', async () => {
  const { ledger, now, reopen } = await openTestLedger();
  await ledger.storeWebhook(event('a'));
  const ids = (await ledger.openWebhooks(9)).map(({ id }) => id);
  await ledger.wakeFeeds(ids, [wake('A')], now);
  await ledger.wakeFeeds(ids, [], now);
  const again = await reopen();
  expect(await again.openWebhooks(9)).toEqual([]);
  expect(await again.wokenFeeds()).toEqual([{ provider: 'ctl', feed: 'orders', wokenAt: now }]);
  expect((await again.overview()).webhooks).toMatchObject([{ woken: 1 }]);
});

test('the record of an event is the first to be read, also when it is being read while the event comes', async () => {
  const { ledger, now } = await openTestLedger();
  for (const key of ['A', 'B', 'C']) {
    await receive(ledger, `${key}.csv`, [document(key)]);
    await ledger.endAttempt(accepted(await claimOne(ledger), `R-${key}`));
  }
  const due = async (): Promise<string[]> => (await ledger.dueRecords('ctl', 'orders', now, 9)).map(({ key }) => key);
  await ledger.enrolRecords(feed, now);
  expect(await due()).toEqual(['A', 'B', 'C']);
  await ledger.wakeFeeds([], [wake('C')], now);
  await ledger.enrolRecords(feed, now);
  expect(await due()).toEqual(['C', 'A', 'B']);

  // The read that is under way says what was true before the event.
  const records = await ledger.dueRecords('ctl', 'orders', now, 9);
  await ledger.wakeFeeds([], [wake('B'), wake('unknown')], now);
  const reads = records.map(({ submissionId }) => ({ submissionId, dueAt: now + EVERY_MS }));
  await ledger.storeReads('ctl', 'orders', reads);
  await ledger.enrolRecords(feed, now);
  expect(await due()).toEqual(['B']);

  await ledger.storeReads('ctl', 'orders', [{ submissionId: records[1]?.submissionId ?? 0, dueAt: undefined }]);
  await ledger.wakeFeeds([], [wake('A')], now);
  await ledger.enrolRecords(feed, now);
  expect(await due()).not.toContain('A');
});

// Few rows by their nature: one for each provider, one for each feed.
const SMALL = new Set(['counts', 'woken']);

test.each(Object.entries(webhookSql).filter(([name]) => !SMALL.has(name)))(
  'webhooks.%s finds its rows by an index',
  async (_name, sql) => {
    const directory = await temporaryDirectory();
    const connection = connect({ path: join(directory.path, 'dray.db'), isReadOnly: false, timeoutMs: 0 });
    onTestFinished(async () => {
      connection.close();
      await directory.dispose();
    });
    migrate(connection);
    const numbers = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
    const count = numbers.length > 0 ? Math.max(...numbers) : (sql.match(/\?/g) ?? []).length;
    const values = Array.from({ length: count }, () => 1);
    const plan = connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    expect(plan.map(({ detail }) => detail).filter((step) => /^SCAN \w/.test(step))).toEqual([]);
  },
);
