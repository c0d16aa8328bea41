import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Connection } from '../../src/ledger/sqlite/connection.ts';
import { migrate } from '../../src/ledger/sqlite/migrate.ts';
import { ackSql } from '../../src/ledger/sqlite/sql/acks.ts';
import { controlSql } from '../../src/ledger/sqlite/sql/controls.ts';
import { dropSql } from '../../src/ledger/sqlite/sql/drops.ts';
import { feedSql } from '../../src/ledger/sqlite/sql/feeds.ts';
import { outboundSql } from '../../src/ledger/sqlite/sql/outbound.ts';
import { readingSql } from '../../src/ledger/sqlite/sql/reading.ts';
import { receiveSql } from '../../src/ledger/sqlite/sql/receive.ts';
import { sourceSql } from '../../src/ledger/sqlite/sql/sources.ts';
import { stagingSql } from '../../src/ledger/sqlite/sql/staging.ts';
import { submissionSql } from '../../src/ledger/sqlite/sql/submissions.ts';
import { temporaryDirectory } from './support-ledger.ts';

/** Statements that answer for a whole table by their nature, read on demand by a person. */
const WHOLE_TABLE = new Set([
  'reading.dropStates',
  'reading.submissionStates',
  'reading.outboundStates',
  'reading.books',
  'reading.feeds',
  'controls.sequences',
  'controls.expectations',
  'acks.awaited',
]);
// Partial indexes hold only the few rows that are under way: walking one of those is no scan of a table.
const FEW_ROWS =
  /USING INDEX (drops_unsettled|drops_to_report|drops_unfinished|outbound_files_unpublished|incidents_open_newest|drops_receipt)$/;

const statements = Object.entries({
  ...prefixed('drops', dropSql),
  ...prefixed('staging', stagingSql),
  ...prefixed('receive', receiveSql),
  ...prefixed('submissions', submissionSql),
  ...prefixed('feeds', feedSql),
  ...prefixed('outbound', outboundSql),
  ...prefixed('reading', readingSql),
  ...prefixed('controls', controlSql),
  ...prefixed('acks', ackSql),
  ...prefixed('sources', sourceSql),
}).filter(([name]) => !WHOLE_TABLE.has(name));

describe('every statement of the SQLite ledger', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let connection: Connection;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    connection = connect({ path: join(directory.path, 'dray.db'), isReadOnly: false, timeoutMs: 0 });
    migrate(connection);
  });
  afterAll(async () => {
    connection.close();
    await directory.dispose();
  });

  test.each(statements)('%s finds its rows by an index', (_name, sql) => {
    const scans = planOf(connection, sql).filter((step) => /^SCAN \w/.test(step) && !FEW_ROWS.test(step));
    expect(scans).toEqual([]);
  });

  test.each([
    ['claim', submissionSql.claim, 'submissions_due', 'submissions_open'],
    ['nextDue', submissionSql.nextDue, 'submissions_due', 'submissions_open'],
    ['itemsAfter', feedSql.itemsAfter, 'items_order', 'snapshots_feed'],
    ['dropsToReport', dropSql.toReport, 'drops_to_report', ''],
    ['resultRows', readingSql.resultRows, 'documents_drop', ''],
    ['gapped', receiveSql.gapped, 'documents_drop', ''],
    ['ofOneKey', receiveSql.ofOneKey, 'documents_key', ''],
    ['affectedDrops', submissionSql.affectedDrops, 'documents_submission', ''],
  ])('%s reads in the order of its index, sorting nothing but groups', (name, sql, first, second) => {
    const plan = planOf(connection, sql).join('\n');
    expect(plan).toContain(first);
    expect(plan).toContain(second);
    if (name !== 'affectedDrops') expect(plan).not.toContain('TEMP B-TREE');
  });
});

function planOf(connection: Connection, sql: string): readonly string[] {
  const highest = Math.max(0, ...[...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number)));
  const parameters = highest > 0 ? highest : (sql.match(/\?/g) ?? []).length;
  const values = Array.from({ length: parameters }, () => 1);
  return connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail);
}

function prefixed(area: string, all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([name, sql]) => [`${area}.${name}`, sql]));
}
