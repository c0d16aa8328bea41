import type { RetryPolicy } from './provider.ts';

/**
 * Full jitter: a random wait below a bound that doubles with each failure, so that many waiters do not come back together.
 * `failures` counts from 1; `random` is in [0, 1).
 */
export function backoffMs(policy: RetryPolicy, failures: number, random: () => number): number {
  const bound = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(bound * random());
}
