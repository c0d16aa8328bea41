// The shape of a row is known to its statement alone, so the caller names it.
/* oxlint-disable typescript/no-unnecessary-type-parameters */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { isFailure } from '../../core/failure.ts';
import { asFailure } from './failures.ts';

type Value = SQLInputValue;

/** One connection with its prepared statements. All calls are synchronous; none is held open across an await. */
export interface Connection {
  readonly path: string;
  /** Runs statements without parameters, outside any transaction of ours. */
  execute(sql: string): void;
  /** Changes rows; answers how many. */
  run(sql: string, ...values: readonly Value[]): number;
  /** Inserts a row; answers its id. */
  insert(sql: string, ...values: readonly Value[]): number;
  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[];
  first<Row>(sql: string, ...values: readonly Value[]): Row | undefined;
  /** All or nothing, flushed when it returns. @throws Failure when the disk or the file fails. */
  write<Result>(work: () => Result): Result;
  close(): void;
}

export interface ConnectionOptions {
  readonly path: string;
  readonly isReadOnly: boolean;
  /** How long opening may wait for another process to let go. */
  readonly timeoutMs: number;
}

/** @throws Failure ledger-unreachable. */
export function connect(options: ConnectionOptions): Connection {
  const { path } = options;
  const database = guarded(
    path,
    () => new DatabaseSync(path, { readOnly: options.isReadOnly, timeout: options.timeoutMs }),
  );
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  // After a failed flush the kernel may have dropped the pages, and the next commit would succeed all the same.
  let broken: Error | undefined;
  const safely = <Result>(work: () => Result): Result => {
    if (broken !== undefined) throw broken;
    try {
      return guarded(path, work);
    } catch (error) {
      if (isFailure(error, 'disk-error') || isFailure(error, 'ledger-damaged')) broken = error;
      throw error;
    }
  };
  return {
    path,
    execute: (sql) => safely(() => database.exec(sql)),
    run: (sql, ...values) => safely(() => Number(prepare(sql).run(...values).changes)),
    insert: (sql, ...values) => safely(() => Number(prepare(sql).run(...values).lastInsertRowid)),
    all: <Row>(sql: string, ...values: readonly Value[]) =>
      safely(() => prepare(sql).all(...values) as unknown as readonly Row[]),
    first: <Row>(sql: string, ...values: readonly Value[]) =>
      safely(() => prepare(sql).get(...values) as unknown as Row | undefined),
    write: (work) => safely(() => transact(database, work)),
    close: () => database.close(),
  };
}

function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  // A deferred transaction that begins to write fails at once when another writer exists.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk SQLite has rolled back by itself, and a second rollback would hide the reason.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asFailure(error, path);
  }
}
