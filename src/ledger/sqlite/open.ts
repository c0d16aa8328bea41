import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { Failure, systemCode } from '../../core/failure.ts';
import type { Ledger, LedgerReader, SourceReader } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';
import { ackMethods } from './acks.ts';
import { createAttemptEnds } from './attempts.ts';
import { connect, type Connection } from './connection.ts';
import { controlMethods } from './controls.ts';
import { countMethods } from './counts.ts';
import { resultMethods } from './documents.ts';
import { dropMethods } from './drops.ts';
import { feedMethods } from './feeds.ts';
import { migrate, requireCurrentSchema } from './migrate.ts';
import { outboundMethods } from './outbound.ts';
import { createReader } from './reader.ts';
import { receiveMethods } from './receive.ts';
import { snapshotMethods } from './snapshots.ts';
import { createSources, sourceReader } from './sources.ts';
import { stagingMethods } from './staging.ts';
import { submissionMethods } from './submissions.ts';
import { trackingMethods } from './tracking.ts';
import { webhookMethods } from './webhooks.ts';

const LOCK_WAIT_MS = 1000;
const LARGEST_WAL_BYTES = 64 * 1024 * 1024;

// Before 3.51.3 a WAL reset could corrupt the file, https://sqlite.org/wal.html#walresetbug
const OLDEST_SQLITE = [3, 51, 3];

const PRAGMAS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -8192;
  PRAGMA journal_size_limit = ${LARGEST_WAL_BYTES};
`;

const IS_CLEAN = `SELECT value FROM ledger_state WHERE name = 'clean'`;
const SET_CLEAN = `INSERT INTO ledger_state (name, value) VALUES ('clean', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1`;

export interface SqliteOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the file for this process alone. */
export function openSqliteLedger({ path, clock, log }: SqliteOptions): Ledger {
  createFile(path);
  const connection = connect({ path, isReadOnly: false, timeoutMs: LOCK_WAIT_MS });
  try {
    requireSqlite(connection);
    connection.execute(PRAGMAS);
    migrate(connection);
    checkAfterCrash(connection, log);
    connection.write(() => void connection.run(SET_CLEAN, 0));
  } catch (error) {
    connection.close();
    throw error;
  }
  return createSqliteLedger(connection, clock, log);
}

/** Opens the file for looking in. */
export function openSqliteReader(path: string): LedgerReader & SourceReader & { close(): Promise<void> } {
  const connection = connect({ path, isReadOnly: true, timeoutMs: LOCK_WAIT_MS });
  try {
    requireSqlite(connection);
    requireCurrentSchema(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    ...createReader(connection),
    ...sourceReader(connection),
    async close() {
      connection.close();
    },
  };
}

/** The ledger on a connection whose schema is up to date. */
export function createSqliteLedger(connection: Connection, clock: Clock, log: Log): Ledger {
  const ends = createAttemptEnds(connection, clock);
  const { flushWebhooks, ...webhooks } = webhookMethods(connection, clock);
  const sources = createSources(connection);
  const { rememberedFiles, rememberFiles, forgetFiles } = sources;
  return {
    ...createReader(connection),
    ...dropMethods(connection, clock, sources),
    rememberedFiles,
    rememberFiles,
    forgetFiles,
    ...stagingMethods(connection),
    ...receiveMethods(connection, clock, log),
    ...submissionMethods(connection, clock),
    ...resultMethods(connection),
    ...feedMethods(connection),
    ...snapshotMethods(connection),
    ...trackingMethods(connection),
    ...webhooks,
    ...outboundMethods(connection),
    ...countMethods(connection),
    ...controlMethods(connection, clock),
    ...ackMethods(connection, clock),
    endAttempt: (end) => ends.end(end),
    async close() {
      ends.flush();
      flushWebhooks();
      try {
        connection.write(() => void connection.run(SET_CLEAN, 1));
        connection.execute('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        connection.close();
      }
    },
  };
}

/**
 * Creates the directory and the file for the owner's eyes only; SQLite gives its side files the same mode. An existing file
 * is never opened here: closing it again would drop the locks this process holds on it.
 */
function createFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw new Failure(systemCode(error) === 'ENOSPC' ? 'disk-full' : 'ledger-unreachable', path, { cause: error });
  }
}

function requireSqlite(connection: Connection): void {
  const version = connection.first<{ version: string }>('SELECT sqlite_version() AS version')?.version ?? '';
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SQLITE.map((least, index) => (parts[index] ?? 0) - least).find((value) => value !== 0) ?? 0;
  if (difference < 0)
    throw new Failure('ledger-unreachable', `SQLite ${version} can damage files; ${OLDEST_SQLITE.join('.')} is needed`);
}

function checkAfterCrash(connection: Connection, log: Log): void {
  const isClean = connection.first<{ value: number }>(IS_CLEAN)?.value ?? 1;
  if (isClean === 1) return;
  const findings = connection.all<{ quick_check: string }>('PRAGMA quick_check(10)').map((row) => row.quick_check);
  if (findings.some((finding) => finding !== 'ok')) {
    throw new Failure('ledger-damaged', `${connection.path}: ${findings.join('; ')}`);
  }
  log.warn({ ledger: connection.path }, 'the last run ended without closing the ledger; it was checked and is sound');
}
