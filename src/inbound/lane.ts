import { backoffMs } from '../core/backoff.ts';
import { isFailure } from '../core/failure.ts';
import type { Clock } from '../core/clock.ts';
import type { AttemptEnd, Claim, Ledger } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';
import type { Outcome, Provider } from '../core/provider.ts';
import { createSignalBox } from '../core/signal-box.ts';
import { judgeLookUp, judgeSend } from './verdict.ts';

export interface LaneParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/** Why a lane does not send. */
export type LaneTrouble = 'unreachable' | 'credentials';

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
}

// A refused credential is not tried at the pace of the work: accounts get locked.
const CREDENTIALS_PAUSE_MS = 15 * 60_000;
const BUSY_MS = 1000;
const BLOCKED_MS = 100;
const DISK_FULL_PAUSE_MS = 5000;

interface LaneHealth {
  /** Transient failures in a row, over all submissions. */
  failures: number;
  successes: number;
  /** Monotonic time before which nothing is sent. */
  pausedUntil: number;
  trouble: LaneTrouble | undefined;
  /** Successes of the lane when a submission began to fail. */
  readonly failingSince: Map<number, number>;
}

export function createLane(provider: Provider, parts: LaneParts, onEnd: (end: AttemptEnd) => void): Lane {
  const box = createSignalBox();
  const health: LaneHealth = { failures: 0, successes: 0, pausedUntil: 0, trouble: undefined, failingSince: new Map() };
  const inFlight = new Set<Promise<void>>();
  const start = (claim: Claim, cut: AbortSignal): void => {
    const work = attempt(provider, parts, health, claim, cut)
      .then(onEnd)
      .finally(() => {
        inFlight.delete(work);
        box.wake();
      });
    inFlight.add(work);
    // A failing ledger must surface in run(), not as an unhandled rejection.
    work.catch((error: unknown) => box.fail(error));
  };
  return {
    provider: provider.name,
    wake: box.wake,
    trouble: () => health.trouble,
    async run({ signal, cut, untilIdle }) {
      try {
        while (!signal.aborted) {
          const claims = await claimNext(provider, parts, health, inFlight.size);
          for (const claim of claims) start(claim, cut);
          if (claims.length > 0) continue;
          if (untilIdle && inFlight.size === 0 && (await isIdle(provider, parts, health))) return;
          // Whatever is in flight rings when it ends.
          const waitMs = inFlight.size > 0 ? BUSY_MS : await idleMs(provider, parts, health);
          await box.wait(waitMs, parts.clock, signal);
        }
      } finally {
        await Promise.allSettled(inFlight);
      }
    },
  };
}

async function claimNext(
  provider: Provider,
  parts: LaneParts,
  health: LaneHealth,
  inFlight: number,
): Promise<readonly Claim[]> {
  if (parts.clock.monotonic() < health.pausedUntil) return [];
  // While the provider fails, one request at a time finds out whether it is back.
  const width = health.failures > 0 ? 1 : provider.concurrency;
  const free = width - inFlight;
  // Claiming in halves spares a flush for every single request.
  if (free < Math.max(1, Math.floor(width / 2))) return [];
  try {
    return await parts.ledger.claimSubmissions(provider.name, free, parts.clock.now());
  } catch (error) {
    if (!isFailure(error, 'disk-full')) throw error;
    health.pausedUntil = parts.clock.monotonic() + DISK_FULL_PAUSE_MS;
    parts.log.error({ provider: provider.name }, 'the disk is full; nothing is sent until there is space');
    return [];
  }
}

async function isIdle(provider: Provider, parts: LaneParts, health: LaneHealth): Promise<boolean> {
  if (health.trouble !== undefined) return true;
  return (await parts.ledger.laneState(provider.name)).open === 0;
}

/** How long nothing can be done, in milliseconds. */
async function idleMs(provider: Provider, parts: LaneParts, health: LaneHealth): Promise<number> {
  const { nextDueAt } = await parts.ledger.laneState(provider.name);
  const untilDue = nextDueAt === undefined ? Infinity : nextDueAt - parts.clock.now();
  const untilResumed = health.pausedUntil - parts.clock.monotonic();
  // What is due and was not claimed waits behind an older document with its key.
  const soonest = Math.max(untilDue > 0 ? untilDue : BLOCKED_MS, untilResumed);
  // A clock that was set back must not make us wait for it to catch up.
  return Math.min(soonest, Math.max(provider.retry.capMs, untilResumed));
}

async function attempt(
  provider: Provider,
  parts: LaneParts,
  health: LaneHealth,
  claim: Claim,
  cut: AbortSignal,
): Promise<AttemptEnd> {
  const operation = provider.operations.get(claim.operation);
  if (operation === undefined) {
    const outcome: Outcome = {
      class: 'RETRY_LATER',
      messages: [],
      detail: 'not sent: the operation is no longer defined',
    };
    return finish(provider, parts, health, claim, outcome, cut, (retryAt) =>
      judgeSend(claim, outcome, { operation: noOperation, now: parts.clock.now(), retryAt, isExhausted: true }),
    );
  }
  if (claim.purpose === 'look-up') {
    const found = await operation.lookUp?.(claim.key, claim.request, cut);
    return finish(provider, parts, health, claim, found?.outcome, cut, (retryAt, isExhausted) =>
      judgeLookUp(claim, found, { operation, now: parts.clock.now(), retryAt, isExhausted }),
    );
  }
  const outcome = await operation.send(claim.request, cut);
  return finish(provider, parts, health, claim, outcome, cut, (retryAt, isExhausted) =>
    judgeSend(claim, outcome, { operation, now: parts.clock.now(), retryAt, isExhausted }),
  );
}

const noOperation = { lookUp: undefined, isRepeatable: false };

async function finish(
  provider: Provider,
  parts: LaneParts,
  health: LaneHealth,
  claim: Claim,
  outcome: Outcome | undefined,
  cut: AbortSignal,
  judge: (retryAt: number, isExhausted: boolean) => AttemptEnd,
): Promise<AttemptEnd> {
  const waitMs = noteHealth(provider, parts, health, claim, outcome);
  const isExhausted = claim.attempt >= provider.retry.attempts && othersSucceed(health, claim);
  const end = judge(parts.clock.now() + waitMs, isExhausted);
  await endDurably(end, parts, cut);
  const { submissionId, attempt: number, outcome: outcomeClass, state, detail } = end;
  parts.log.info(
    { provider: provider.name, submission: submissionId, attempt: number, outcome: outcomeClass, state, detail },
    'attempt ended',
  );
  return end;
}

/** The provider has acted: while the disk is full the outcome waits here, and nothing else is claimed. */
async function endDurably(end: AttemptEnd, parts: LaneParts, cut: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await parts.ledger.endAttempt(end);
      return;
    } catch (error) {
      if (!isFailure(error, 'disk-full') || cut.aborted) throw error;
      parts.log.error({ submission: end.submissionId }, 'the disk is full; the outcome is kept until there is space');
      await parts.clock.sleep(DISK_FULL_PAUSE_MS, cut);
    }
  }
}

/** Only a provider that answers others proves that the failure is this document's own. */
function othersSucceed(health: LaneHealth, claim: Claim): boolean {
  const since = health.failingSince.get(claim.submissionId);
  return since !== undefined && health.successes > since;
}

/** Updates the lane after an answer; answers how long this submission has to wait. */
function noteHealth(
  provider: Provider,
  parts: LaneParts,
  health: LaneHealth,
  claim: Claim,
  outcome: Outcome | undefined,
): number {
  const now = parts.clock.monotonic();
  if (outcome?.class === 'FIX_CREDENTIALS') {
    health.trouble = 'credentials';
    health.failures++;
    health.pausedUntil = now + CREDENTIALS_PAUSE_MS;
    parts.log.error(
      { provider: provider.name, detail: outcome.detail },
      'the provider refuses our credentials; its lane stands still',
    );
    return CREDENTIALS_PAUSE_MS;
  }
  if (outcome?.class !== 'RETRY_LATER' && outcome?.class !== 'AMBIGUOUS') {
    health.failures = 0;
    health.pausedUntil = 0;
    health.trouble = undefined;
    health.successes++;
    health.failingSince.delete(claim.submissionId);
    return 0;
  }
  if (!health.failingSince.has(claim.submissionId)) health.failingSince.set(claim.submissionId, health.successes);
  health.failures++;
  const waitMs = outcome.retryAfterMs ?? backoffMs(provider.retry, Math.max(claim.attempt, 1), parts.random);
  const laneMs = outcome.retryAfterMs ?? backoffMs(provider.retry, health.failures, parts.random);
  health.pausedUntil = Math.max(health.pausedUntil, now + laneMs);
  if (health.failures >= provider.retry.attempts && health.trouble === undefined) {
    health.trouble = 'unreachable';
    parts.log.error(
      { provider: provider.name, detail: outcome.detail },
      'the provider fails every time; its lane waits and tries on',
    );
  }
  return waitMs;
}
