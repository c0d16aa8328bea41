import type { Clock } from '../core/clock.ts';
import { isFailure } from '../core/failure.ts';
import type { AttemptEnd, Claim, Ledger } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';
import type { LookUp, Operation, Outcome, Provider } from '../core/provider.ts';
import { createSignalBox } from '../core/signal-box.ts';
import { createLaneHealth, type LaneHealth, type LaneTrouble, type Lesson } from './lane-health.ts';
import { judgeLookUp, judgeSend, type VerdictContext } from './verdict.ts';

export interface LaneParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

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
const BLOCKED_MS = 100;
const DISK_FULL_PAUSE_MS = 5000;
/** A run that ends leaves the work to the next one rather than wait longer. */
const LONGEST_WAIT_MS = 90_000;
const MOST_FULL_PAUSES = 12;

/** What one lane works with. */
interface Work extends LaneParts {
  readonly provider: Provider;
  readonly health: LaneHealth;
  /** How often a full disk is waited for before the run fails. */
  fullPausesLeft: number;
}

export function createLane(provider: Provider, parts: LaneParts, onEnd: (end: AttemptEnd) => void): Lane {
  const box = createSignalBox();
  const health = createLaneHealth({ ...parts, provider: provider.name, retry: provider.retry });
  const work: Work = { ...parts, provider, health, fullPausesLeft: Infinity };
  const inFlight = new Set<Promise<void>>();
  let crash: { readonly error: unknown } | undefined;
  const start = (claim: Claim, cut: AbortSignal): void => {
    const attempted = attempt(work, claim, cut)
      .then(onEnd)
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
      if (untilIdle) work.fullPausesLeft = MOST_FULL_PAUSES;
      try {
        while (!signal.aborted) {
          const claims = await claimNext(work, inFlight.size);
          for (const claim of claims) start(claim, cut);
          if (claims.length > 0) continue;
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

async function claimNext(work: Work, inFlight: number): Promise<readonly Claim[]> {
  const { provider, health, ledger, log } = work;
  if (health.pauseMs() > 0) return [];
  // While the provider fails, one request at a time finds out whether it is back.
  const width = health.isFailing() ? 1 : provider.concurrency;
  const free = width - inFlight;
  // Claiming in halves spares a flush for every single request.
  if (free < Math.max(1, Math.floor(width / 2))) return [];
  try {
    return await ledger.claimSubmissions(provider.name, free, health.now());
  } catch (error) {
    if (!isFailure(error, 'disk-full') || work.fullPausesLeft-- <= 0) throw error;
    health.pause(DISK_FULL_PAUSE_MS);
    log.error({ provider: provider.name }, 'the disk is full; nothing is sent until there is space');
    return [];
  }
}

/** For a run that ends: whether there is nothing left that it could still do. */
async function isOver(work: Work): Promise<boolean> {
  const { provider, health, ledger } = work;
  if (health.trouble() !== undefined) return true;
  const { open, nextDueAt } = await ledger.laneState(provider.name);
  // What is open and never due waits behind documents that are held: only a person can help it on.
  if (open === 0 || nextDueAt === undefined) return true;
  const waitMs = await idleMs(work);
  if (waitMs <= LONGEST_WAIT_MS) return false;
  health.postpone(waitMs);
  return true;
}

/** How long nothing can be done, in milliseconds. */
async function idleMs({ provider, health, ledger }: Work): Promise<number> {
  const { nextDueAt } = await ledger.laneState(provider.name);
  const untilDue = nextDueAt === undefined ? provider.retry.capMs : nextDueAt - health.now();
  // What is due and was not claimed waits behind an older document with its key.
  return Math.max(untilDue > 0 ? untilDue : BLOCKED_MS, health.pauseMs());
}

async function attempt(work: Work, claim: Claim, cut: AbortSignal): Promise<AttemptEnd> {
  const operation = work.provider.operations.get(claim.operation);
  if (operation === undefined) return undefinedOperation(work, claim, cut, UNDEFINED);
  if (!claim.isPrepared && operation.prepare === undefined) return undefinedOperation(work, claim, cut, UNPREPARABLE);
  if (claim.purpose === 'look-up') {
    const found = await operation.lookUp?.(claim.key, claim.request, cut);
    const context = learn(work, claim, operation, lessonOfLookUp(found), found?.outcome);
    return finish(work, judgeLookUp(claim, found, context), cut);
  }
  const outcome = await send(work, claim, operation, cut);
  const context = learn(work, claim, operation, lessonOfSend(outcome), outcome);
  return finish(work, judgeSend(claim, outcome, context), cut);
}

/** Completes the request where that has to be done, stores what it became, and only then sends it. */
async function send(work: Work, claim: Claim, operation: Operation, cut: AbortSignal): Promise<Outcome> {
  const { submissionId, attempt: number, key, mayHaveArrived } = claim;
  if (claim.isPrepared || operation.prepare === undefined)
    return operation.send(claim.request, cut, key, mayHaveArrived);
  const prepared = await operation.prepare(key, claim.request, cut);
  if (prepared.kind === 'failed') return prepared.outcome;
  await onceThereIsSpace(work, submissionId, cut, () =>
    work.ledger.storePrepared(submissionId, number, prepared.request),
  );
  return operation.send(prepared.request, cut, key, mayHaveArrived);
}

// The definition was changed between two runs.
const UNDEFINED = 'not sent: the operation is no longer defined';
const UNPREPARABLE = 'not sent: the operation no longer says how to complete the request';

function undefinedOperation(work: Work, claim: Claim, cut: AbortSignal, detail: string): Promise<AttemptEnd> {
  const now = work.health.now();
  const operation = { lookUp: undefined, isRepeatable: false };
  const context = { operation, now, retryAt: now, isExhausted: true, attempts: 0 };
  return finish(work, judgeSend(claim, { class: 'RETRY_LATER', messages: [], detail }, context), cut);
}

function lessonOfSend(outcome: Outcome): Lesson {
  if (outcome.class === 'FIX_CREDENTIALS') return 'credentials';
  if (outcome.isFinal === true) return 'answered';
  return outcome.class === 'RETRY_LATER' || outcome.class === 'AMBIGUOUS' ? 'failed' : 'answered';
}

/** Only a find is final: a provider that fails on every send may well answer every look-up. */
function lessonOfLookUp(found: LookUp | undefined): Lesson {
  if (found?.outcome.class === 'FIX_CREDENTIALS') return 'credentials';
  if (found?.kind === 'failed') return 'failed';
  return found?.kind === 'found' || found?.kind === 'settled' ? 'answered' : 'silent';
}

function learn(
  { health, provider }: Work,
  claim: Claim,
  operation: Operation,
  lesson: Lesson,
  outcome: Outcome | undefined,
): VerdictContext {
  const retryAt = health.note(claim, lesson, outcome);
  return {
    operation,
    now: health.now(),
    retryAt,
    isExhausted: health.isExhausted(claim),
    attempts: provider.retry.attempts,
  };
}

async function finish(work: Work, end: AttemptEnd, cut: AbortSignal): Promise<AttemptEnd> {
  const { provider, ledger, log } = work;
  const { submissionId, attempt: number, outcome, state, detail } = end;
  await onceThereIsSpace(work, submissionId, cut, () => ledger.endAttempt(end));
  log.info(
    { provider: provider.name, submission: submissionId, attempt: number, outcome, state, detail },
    'attempt ended',
  );
  return end;
}

/** The provider has acted: while the disk is full what it said waits here, and nothing else is claimed. */
async function onceThereIsSpace(
  work: Work,
  submissionId: number,
  cut: AbortSignal,
  write: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isFailure(error, 'disk-full') || cut.aborted || work.fullPausesLeft-- <= 0) throw error;
      work.log.error({ submission: submissionId }, 'the disk is full; the outcome is kept until there is space');
      await work.clock.sleep(DISK_FULL_PAUSE_MS, cut);
    }
  }
}
