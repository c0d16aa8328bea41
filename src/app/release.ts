import type { Config } from '../config/index.ts';
import { systemClock } from '../core/clock.ts';
import type { LedgerReader } from '../core/ledger.ts';
import { openLedger } from '../ledger/index.ts';
import { connectControl, controlAddress } from '../server/control.ts';
import { createLog } from './logger.ts';

/** Releases the held submissions of a document key, in the running dray or in the ledger itself. Answers how many. */
export async function releaseHeld(config: Config, key: string): Promise<number> {
  const control = await connectControl(controlAddress(config.ledger));
  if (control !== undefined) {
    try {
      return await releaseIn(control, key);
    } finally {
      control.close();
    }
  }
  const ledger = await openLedger({ path: config.ledger, clock: systemClock, log: createLog('error', config.secrets) });
  try {
    return await releaseIn(ledger, key);
  } finally {
    await ledger.close();
  }
}

async function releaseIn(
  ledger: LedgerReader & { releaseSubmission(id: number): Promise<void> },
  key: string,
): Promise<number> {
  const documents = await ledger.documents({ key, limit: 1000 });
  const held = new Set(documents.flatMap(({ submission }) => (submission?.state === 'held' ? [submission.id] : [])));
  for (const id of held) await ledger.releaseSubmission(id);
  return held.size;
}
