import type { Config } from '../config/index.ts';
import { isFailure } from '../core/failure.ts';
import type { LedgerReader, SourceReader } from '../core/ledger.ts';
import { openLedgerReader } from '../ledger/index.ts';
import { connectControl, controlAddress, type Control, type Situation } from '../server/control.ts';

/** A way to read the ledger: through the dray that runs, or directly when none does. */
export interface Reading {
  readonly ledger: LedgerReader;
  /** What is remembered of files that stay where they are; undefined when a dray runs, which looks at them itself. */
  readonly sources: SourceReader | undefined;
  /** Undefined when no dray runs. */
  readonly running: Control | undefined;
  readonly situation: Situation;
  close(): Promise<void>;
}

// Between a dray that ends and one that starts there may be neither a socket nor a free ledger.
const TRIES = 5;
const PAUSE_MS = 200;

/** @throws Failure ledger-unreachable when there is no ledger yet, ledger-locked when its owner does not answer. */
export async function openReading(config: Config): Promise<Reading> {
  for (let attempt = 1; ; attempt++) {
    const control = await connectControl(controlAddress(config.ledger));
    if (control !== undefined) {
      const situation = await control.situation();
      const close = async (): Promise<void> => control.close();
      return { ledger: control, sources: undefined, running: control, situation, close };
    }
    try {
      const ledger = await openLedgerReader({ path: config.ledger });
      const situation = { waiting: [], troubles: [] };
      return { ledger, sources: ledger, running: undefined, situation, close: () => ledger.close() };
    } catch (error) {
      if (!isFailure(error, 'ledger-locked') || attempt >= TRIES) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}
