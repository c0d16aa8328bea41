import type { Clock } from './clock.ts';
import { createSignalBox } from './signal-box.ts';

/** Tells one flow that something happened in its feed, before the time at which it would have looked. */
export interface FeedBell {
  ring(at: number): void;
  /** Wall-clock time of the last ring, never after `now`; undefined when it never rang. */
  rungAt(now: number): number | undefined;
  /** As `Clock.sleep`; a ring ends it, also one that came before. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function createFeedBell(clock: Clock): FeedBell {
  const box = createSignalBox();
  let last: number | undefined;
  return {
    ring(at) {
      last = at;
      box.wake();
    },
    rungAt(now) {
      // With a clock that was set back a ring in the future would count again and again.
      if (last !== undefined && last > now) last = now;
      return last;
    },
    sleep: (ms, signal) => box.wait(ms, clock, signal),
  };
}
