import { Cron } from 'croner';
import type { RunSchedule } from './flow.ts';

/** Runs at once when it never ran, then with a fixed time between the starts of two runs. */
export function every(intervalMs: number): RunSchedule {
  return {
    // A clock that was set back must not postpone the next run by more than the interval.
    next: (lastRunAt, now) => (lastRunAt === undefined ? now : Math.min(lastRunAt + intervalMs, now + intervalMs)),
  };
}

/**
 * Runs at the times of a cron expression in a time zone. A run that was missed while the program was down is made up once.
 * In the hour a clock is put forward over, the run happens right after it; in the hour that comes twice, once.
 */
export function at(cron: string, zone: string): RunSchedule {
  const job = new Cron(cron, { timezone: zone, paused: true });
  return {
    next: (lastRunAt, now) =>
      job.nextRun(new Date(Math.min(lastRunAt ?? now, now)))?.getTime() ?? Number.MAX_SAFE_INTEGER,
  };
}
