import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { Ledger } from '../core/ledger.ts';
import { openLedger } from '../ledger/index.ts';
import { createLog } from './logger.ts';

/** A book that is thrown away when it is closed, in a directory only we can read, with room for other files of the work. */
export interface Scratch {
  readonly ledger: Ledger;
  readonly directory: string;
  close(): Promise<void>;
}

export async function openScratch(secrets: readonly string[] = []): Promise<Scratch> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-'));
  const log = createLog('error', secrets);
  const ledger = await openLedger({ path: join(directory, 'book.db'), clock: systemClock, log });
  return {
    ledger,
    directory,
    async close() {
      await ledger.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
