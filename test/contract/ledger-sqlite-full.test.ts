import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/core/ledger.ts';
import { connect, type Connection } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { createSqliteLedger } from '../../src/ledger/sqlite/open.ts';
import {
  accepted,
  claimOne,
  createTestClock,
  createTestLog,
  document,
  dropFile,
  receipt,
  receive,
  temporaryDirectory,
} from './support-ledger.ts';

describe('a SQLite ledger on a full disk', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let connection: Connection;
  let ledger: Ledger;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    connection = connect({ path: join(directory.path, 'dray.db'), isReadOnly: false, timeoutMs: 0 });
    connection.execute('PRAGMA foreign_keys = ON');
    migrate(connection);
    ledger = createSqliteLedger(connection, createTestClock(), createTestLog());
  });
  afterEach(async () => {
    await ledger.close();
    await directory.dispose();
  });
  const limitPages = (pages: number) => connection.execute(`PRAGMA max_page_count = ${pages}`);
  const fill = () => limitPages(connection.first<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0);

  test('says so, changes nothing, and goes on when there is room again', async () => {
    const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
    await ledger.stageDocuments(drop.id, [document('A')]);
    fill();
    const large = [document('B'), document('C', { body: 'x'.repeat(200_000) })];
    await expect(ledger.stageDocuments(drop.id, large)).rejects.toMatchObject({ code: 'disk-full', kind: 'transient' });
    expect((await ledger.unsettledDrops()).length).toBe(1);
    limitPages(1_000_000);
    expect(await ledger.stageDocuments(drop.id, large)).toBe(true);
    await ledger.receiveDrop(drop.id, receipt(drop, 3));
    expect((await ledger.overview()).submissions).toEqual({ ready: 3 });
  });

  test('fails every end of an attempt that shared the transaction, and takes them again later', async () => {
    await receive(ledger, 'a.csv', [document('A'), document('B')]);
    const claims = [await claimOne(ledger), await claimOne(ledger)];
    fill();
    const ends = claims.map((claim) => ({ ...accepted(claim), answer: 'x'.repeat(100_000) }));
    const results = await Promise.allSettled(ends.map((end) => ledger.endAttempt(end)));
    expect(results.map((result) => (result.status === 'rejected' ? result.reason.code : result.status))).toEqual([
      'disk-full',
      'disk-full',
    ]);
    limitPages(1_000_000);
    await Promise.all(ends.map((end) => ledger.endAttempt(end)));
    expect((await ledger.overview()).submissions).toEqual({ accepted: 2 });
  });
});
