import type { Clock } from '../../core/clock.ts';

/** Spreads requests evenly: no burst ever exceeds the rate. */
export interface Pace {
  /** Waits for the next free moment; returns early when the signal aborts. */
  wait(signal?: AbortSignal): Promise<void>;
}

/** `20/s`, `300/m`, `0.5/s`; never zero. */
export const ratePattern = '^(?!0+(\\.0+)?/)\\d+(\\.\\d+)?/[smh]$';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

export function createPace(rate: string, clock: Clock): Pace {
  const [count = '', unit = ''] = rate.split('/');
  const intervalMs = (UNIT_MS[unit] ?? 1000) / Number(count);
  let free = -Infinity;
  return {
    async wait(signal) {
      const now = clock.monotonic();
      const due = Math.max(now, free);
      free = due + intervalMs;
      if (due > now) await clock.sleep(due - now, signal);
    },
  };
}
