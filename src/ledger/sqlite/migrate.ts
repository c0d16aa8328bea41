import { Failure } from '../../core/failure.ts';
import type { Connection } from './connection.ts';
import { migrations } from './schema.ts';

// Marks the file as ours ("dray"), https://sqlite.org/pragma.html#pragma_application_id
const APPLICATION_ID = 0x64726179;

/**
 * Brings a ledger up to date, wholly or not at all. `steps`: those an earlier dray knew, where a test needs a ledger of that time.
 * @throws Failure ledger-newer, or ledger-unreachable when the file is some other program's database.
 */
export function migrate(connection: Connection, steps: readonly string[] = migrations): void {
  const version = schemaVersion(connection);
  if (version >= steps.length) return;
  connection.write(() => {
    for (const sql of steps.slice(version)) connection.execute(sql);
    connection.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.execute(`PRAGMA user_version = ${steps.length}`);
  });
}

/** For readers, which change nothing. @throws Failure ledger-newer, ledger-unreachable. */
export function requireCurrentSchema(connection: Connection): void {
  const version = schemaVersion(connection);
  if (version === migrations.length) return;
  const detail = `${connection.path} has schema ${version}, this dray reads ${migrations.length}; start it once to bring the ledger up to date`;
  throw new Failure('ledger-unreachable', detail);
}

function schemaVersion(connection: Connection): number {
  const version = connection.first<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  const application = connection.first<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;
  const { tables } = connection.first<{ tables: number }>('SELECT count(*) AS tables FROM sqlite_schema') ?? {
    tables: 0,
  };
  if (application !== APPLICATION_ID && tables > 0) {
    throw new Failure('ledger-unreachable', `${connection.path} is the database of another program`);
  }
  if (version > migrations.length) {
    throw new Failure(
      'ledger-newer',
      `${connection.path} has schema ${version}, this dray knows schemas up to ${migrations.length}`,
    );
  }
  return version;
}
