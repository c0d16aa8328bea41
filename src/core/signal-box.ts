import type { Clock } from './clock.ts';

/** A bell for one waiter: rings are remembered until somebody waits. */
export interface SignalBox {
  wake(): void;
  /** The next wait throws this. */
  fail(error: unknown): void;
  /** Returns at a ring, after the time, or when the signal aborts. */
  wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void>;
}

export function createSignalBox(): SignalBox {
  let hasRung = false;
  let failure: { readonly error: unknown } | undefined;
  let ring: (() => void) | undefined;
  const wake = (): void => {
    hasRung = true;
    ring?.();
  };
  return {
    wake,
    fail(error) {
      failure ??= { error };
      wake();
    },
    async wait(ms, clock, signal) {
      if (!hasRung && !signal.aborted) {
        const timer = new AbortController();
        const rung = new Promise<void>((resolve) => {
          ring = resolve;
        });
        signal.addEventListener('abort', wake, { once: true });
        await Promise.race([rung, clock.sleep(ms, timer.signal)]);
        signal.removeEventListener('abort', wake);
        timer.abort();
        ring = undefined;
      }
      hasRung = false;
      if (failure !== undefined) throw failure.error;
    },
  };
}
