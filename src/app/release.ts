import type { Config } from '../config/index.ts';
import { systemClock } from '../core/clock.ts';
import type { Ledger } from '../core/ledger.ts';
import { openLedger } from '../ledger/index.ts';
import { connectControl, controlAddress } from '../server/control.ts';
import { createLog } from './logger.ts';

/** What a person may decide about a held submission: it is sent again, or not any more. */
export type Decision = 'release' | 'give-up';

/** Decides about the held submissions of a document key, in the running dray or in the ledger itself. Answers how many. */
export async function decideHeld(config: Config, key: string, decision: Decision): Promise<number> {
  const control = await connectControl(controlAddress(config.ledger));
  if (control !== undefined) {
    try {
      return await decideIn(control, key, decision);
    } finally {
      control.close();
    }
  }
  const ledger = await openLedger({ path: config.ledger, clock: systemClock, log: createLog('error', config.secrets) });
  try {
    return await decideIn(ledger, key, decision);
  } finally {
    await ledger.close();
  }
}

async function decideIn(
  ledger: Pick<Ledger, 'documents' | 'releaseSubmission' | 'giveUpSubmission'>,
  key: string,
  decision: Decision,
): Promise<number> {
  const documents = await ledger.documents({ key, limit: 1000 });
  const held = new Set(documents.flatMap(({ submission }) => (submission?.state === 'held' ? [submission.id] : [])));
  for (const id of held) await (decision === 'release' ? ledger.releaseSubmission(id) : ledger.giveUpSubmission(id));
  return held.size;
}
