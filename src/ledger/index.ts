import type { Clock } from '../core/clock.ts';
import type { Ledger, LedgerReader, SourceReader } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';
import { openSqliteLedger, openSqliteReader } from './sqlite/open.ts';

export { createSpool } from './spool.ts';

export interface LedgerOptions {
  /** Path of the SQLite file; it and its directory are created when absent. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the book for the one process that works with it.
 * @throws Failure ledger-locked, ledger-newer, ledger-damaged, ledger-unreachable, disk-full, disk-error.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  return openSqliteLedger(options);
}

/**
 * Opens the book for reading while no dray works with it.
 * @throws Failure ledger-locked (ask the running process instead), ledger-newer, ledger-damaged, ledger-unreachable.
 */
export async function openLedgerReader(options: {
  readonly path: string;
}): Promise<LedgerReader & SourceReader & { close(): Promise<void> }> {
  return openSqliteReader(options.path);
}
