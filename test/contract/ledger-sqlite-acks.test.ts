import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../src/ledger/index.ts';
import { connect } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { migrations } from '../../src/ledger/sqlite/schema.ts';
import { acknowledgementMigration } from '../../src/ledger/sqlite/schema-acks.ts';
import { createTestClock, createTestLog, temporaryDirectory } from './support-ledger.ts';

test('a ledger from before acknowledgements keeps its incidents, their numbers and the facts in its files', async () => {
  const { path: directory, dispose } = await temporaryDirectory();
  onTestFinished(dispose);
  const path = join(directory, 'dray.db');
  const earlier = connect({ path, isReadOnly: false, timeoutMs: 0 });
  migrate(earlier, migrations.slice(0, migrations.indexOf(acknowledgementMigration)));
  earlier.execute(`
    INSERT INTO incidents (flow, code, subject, opened_at, closed_at) VALUES
      ('orders', 'sequence-gap', 'number 2', 1, 2), ('orders', 'file-overdue', 'Monday', 3, NULL);
    INSERT INTO outbound_files (flow, kind, state, sequence, folder, path, published_at)
      VALUES ('shipped', 'feed', 'published', 1, 'erp', 'out/S_1.csv', 4);
    INSERT INTO facts (fact, flow, file_id) VALUES ('a', 'shipped', 1);`);
  earlier.close();

  const ledger = await openLedger({ path, clock: createTestClock(), log: createTestLog() });
  onTestFinished(() => ledger.close());
  expect(await ledger.incidents({ limit: 9 })).toMatchObject([
    { id: 2, code: 'file-overdue', subject: 'Monday', closedAt: undefined },
    { id: 1, code: 'sequence-gap', closedAt: 2 },
  ]);
  expect(await ledger.judgeIncident('shipped', 'file-declined', { subject: 's', upTo: 0 })).toBe('opened');
  expect((await ledger.incidents({ limit: 1 }))[0]).toMatchObject({ id: 3 });
  expect(await ledger.openIncident('orders', 'file-overdue', 'Monday'), 'still open').toBe(false);
  const said = { flows: ['shipped'], name: 'S_1.csv', isAccepted: true, message: '', saidAt: 9 };
  expect(await ledger.acknowledgeFile(said)).toMatchObject({ id: 1 });
  const { fileId } = await ledger.beginFile('shipped');
  expect(await ledger.assignFacts(fileId, ['a', 'b'])).toEqual([false, true]);
});
