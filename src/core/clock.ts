import { setTimeout as delay } from 'node:timers/promises';

/** Time, passed in so that tests own it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch: for records and for due times, never for measuring. */
  now(): number;
  /** Monotonic milliseconds: for quiet times, timeouts and rates. */
  monotonic(): number;
  /** Waits; returns early, without throwing, when the signal aborts. Any length is allowed. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// A longer setTimeout fires at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    while (left > 0 && signal?.aborted !== true) {
      const step = Math.min(left, LONGEST_TIMER_MS);
      await delay(step, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      left -= step;
    }
  },
};
