import type { AttemptEnd } from '../../core/ledger.ts';
import type { Provider } from '../../core/provider.ts';
import { createSignalBox } from '../../core/signal-box.ts';
import { attempt } from './lane-attempt.ts';
import { claimNext, idleMs, isOver, type Together } from './lane-claims.ts';
import { createLaneHealth, type LaneTrouble } from './lane-health.ts';
import type { LaneParts, Work } from './lane-work.ts';

/** One provider's queue of submissions: claims, sends, judges, and waits when the provider is silent. */
export interface Lane {
  readonly provider: string;
  /** There may be new work. */
  wake(): void;
  /**
   * Works until the signal aborts; with `untilIdle` also until nothing is open or the provider is given up.
   * What is in flight when the signal aborts is finished, or cut off when `cut` aborts.
   */
  run(options: { signal: AbortSignal; cut: AbortSignal; untilIdle: boolean }): Promise<void>;
  /** Undefined when all is well. */
  trouble(): LaneTrouble | undefined;
  /** How many documents are left where all of them wait behind held ones: only a person can help them on. */
  blocked(): Promise<number>;
}

const BUSY_MS = 1000;
const MOST_FULL_PAUSES = 12;

export function createLane(provider: Provider, parts: LaneParts, onEnd: (end: AttemptEnd) => void): Lane {
  const box = createSignalBox();
  const health = createLaneHealth({ ...parts, provider: provider.name, retry: provider.retry });
  const work: Work = { ...parts, provider, health, fullPausesLeft: Infinity };
  const inFlight = new Set<Promise<void>>();
  let crash: { readonly error: unknown } | undefined;
  const start = (claims: Together, cut: AbortSignal): void => {
    const attempted = attempt(work, claims, cut)
      .then((ends) => ends.forEach(onEnd))
      .finally(() => {
        inFlight.delete(attempted);
        box.wake();
      });
    inFlight.add(attempted);
    // A failing ledger must surface in run(), not as an unhandled rejection.
    attempted.catch((error: unknown) => {
      crash ??= { error };
      box.fail(error);
    });
  };
  return {
    provider: provider.name,
    wake: box.wake,
    trouble: health.trouble,
    async blocked() {
      const { open, nextDueAt } = await parts.ledger.laneState(provider.name);
      return nextDueAt === undefined ? open : 0;
    },
    async run({ signal, cut, untilIdle }) {
      health.begin();
      if (untilIdle) work.fullPausesLeft = MOST_FULL_PAUSES;
      try {
        while (!signal.aborted) {
          const requests = await claimNext(work, inFlight.size);
          for (const claims of requests) start(claims, cut);
          if (requests.length > 0) continue;
          if (untilIdle && inFlight.size === 0 && (await isOver(work))) break;
          // Whatever is in flight rings when it ends.
          const waitMs = inFlight.size > 0 ? BUSY_MS : await idleMs(work);
          await box.wait(waitMs, parts.clock, signal);
        }
      } finally {
        await Promise.allSettled(inFlight);
      }
      if (crash !== undefined) throw crash.error;
    },
  };
}
