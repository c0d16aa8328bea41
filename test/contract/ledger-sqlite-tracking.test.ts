import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../src/ledger/index.ts';
import { connect } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { migrations } from '../../src/ledger/sqlite/schema.ts';
import { createTestClock, createTestLog, temporaryDirectory } from './support-ledger.ts';

test('what an earlier dray had accepted is followed too, from when it was accepted', async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory.dispose());
  const path = join(directory.path, 'dray.db');
  const connection = connect({ path, isReadOnly: false, timeoutMs: 0 });
  migrate(connection, migrations.slice(0, 3));
  connection.execute(`
    INSERT INTO drops (id, flow, folder, path, state, tries, first_seen_at) VALUES (1, 'orders', 'erp', 'a', 'settled', 1, 0);
    INSERT INTO submissions (id, drop_id, provider, operation, key, document_key, hash, state, reference) VALUES
      (7, 1, 'ctl', 'order.create', 'A', 'A', 'h', 'accepted', 'R-A'), (8, 1, 'ctl', 'order.create', 'B', 'B', 'h', 'rejected', '');
    INSERT INTO attempts (submission_id, attempt, purpose, may_have_arrived, started_at, ended_at)
      VALUES (7, 1, 'send', 1, 1000, 2000);
  `);
  connection.close();
  const ledger = await openLedger({ path, clock: createTestClock(), log: createTestLog() });
  onTestFinished(() => ledger.close());
  const feed = { provider: 'ctl', feed: 'orders', operations: ['order.create'], everyMs: 10, forMs: 5_000 };
  await ledger.enrolRecords(feed, 6_000);
  expect(await ledger.dueRecords('ctl', 'orders', 6_000, 9)).toMatchObject([{ submissionId: 7, reference: 'R-A' }]);
  await ledger.enrolRecords(feed, 7_000);
  expect(await ledger.dueRecords('ctl', 'orders', 7_000, 9)).toEqual([]);
});
