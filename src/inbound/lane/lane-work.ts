import { isFailure } from '../../core/failure.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ledger, Spool } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';
import type { Provider } from '../../core/provider.ts';
import type { LaneHealth } from './lane-health.ts';

export interface LaneParts {
  readonly ledger: Ledger;
  /** Left out where no operation sends a file. */
  readonly spool?: Pick<Spool, 'read'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/** What one lane works with. */
export interface Work extends LaneParts {
  readonly provider: Provider;
  readonly health: LaneHealth;
  /** How often a full disk is waited for before the run fails. */
  fullPausesLeft: number;
}

export const DISK_FULL_PAUSE_MS = 5000;

/** The provider has acted: while the disk is full what it said waits here, and nothing else is claimed. */
export async function onceThereIsSpace(
  work: Work,
  submissionId: number,
  cut: AbortSignal,
  write: () => Promise<unknown>,
): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isFailure(error, 'disk-full') || cut.aborted || work.fullPausesLeft-- <= 0) throw error;
      work.log.error({ submission: submissionId }, 'the disk is full; the outcome is kept until there is space');
      await work.clock.sleep(DISK_FULL_PAUSE_MS, cut);
    }
  }
}
