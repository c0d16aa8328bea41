import { backoffMs } from '../../core/backoff.ts';
import type { Clock } from '../../core/clock.ts';
import type { Claim } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';
import type { Outcome, RetryPolicy } from '../../core/provider.ts';

/** Why a lane does not send. `detail` is the provider's last answer in a word: a status, a refused connection. */
export interface LaneTrouble {
  readonly kind: 'unreachable' | 'refused' | 'postponed' | 'waiting';
  readonly detail: string;
  /** What it says itself. Never logged. */
  readonly words?: string;
}

/**
 * What an attempt tells of the provider. `answered`: it said something final about a document. `silent`: nothing was
 * learnt, as when a look-up finds nothing or there is no look-up at all.
 */
export type Lesson = 'answered' | 'silent' | 'failed' | 'credentials';

/** How well a provider answers, and from that when to send again. */
export interface LaneHealth {
  trouble(): LaneTrouble | undefined;
  isFailing(): boolean;
  /** Milliseconds for which nothing may be sent; not above 0 when sending is allowed. */
  pauseMs(): number;
  pause(ms: number): void;
  /** The wait is longer than a run that ends may take. */
  postpone(ms: number): void;
  /** A run begins: what was before it was no silence. */
  begin(): void;
  /** Milliseconds since an answer was more than that a document has to wait. */
  quietMs(): number;
  /** Wall-clock time for due times: it never goes back, even when the clock of the machine does. */
  now(): number;
  /** Notes one request, of one submission or of several. Answers when they may be tried again, all at the same time. */
  note(claims: readonly Claim[], lesson: Lesson, outcome: Outcome | undefined): number;
  /** Whether the provider fails on this document again and again while it answers others. */
  isExhausted(claim: Claim): boolean;
}

export interface HealthParts {
  readonly provider: string;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

// A refused credential is not tried at the pace of the work: accounts get locked.
const CREDENTIALS_PAUSE_MS = 15 * 60_000;
const LONGEST_WORDS = 300;

export function createLaneHealth({ provider, retry, clock, log, random }: HealthParts): LaneHealth {
  const origin = { wall: clock.now(), monotonic: clock.monotonic() };
  // Failures in a row and finally answered documents, over all submissions.
  let failures = 0;
  let answered = 0;
  let trouble: LaneTrouble | undefined;
  // Monotonic times. A pause the provider asked for is kept even when an older request still succeeds.
  let backoffUntil = 0;
  let askedUntil = 0;
  let heardAt = clock.monotonic();
  // What the lane had answered when a submission began to fail.
  const failingSince = new Map<number, number>();
  const now = (): number => Math.max(clock.now(), Math.floor(origin.wall + clock.monotonic() - origin.monotonic));
  const meetFailure = (claims: readonly Claim[], outcome: Outcome | undefined): number => {
    for (const { submissionId } of claims)
      if (!failingSince.has(submissionId)) failingSince.set(submissionId, answered);
    failures++;
    const asked = outcome?.retryAfterMs;
    if (asked !== undefined) askedUntil = Math.max(askedUntil, clock.monotonic() + asked);
    else backoffUntil = Math.max(backoffUntil, clock.monotonic() + backoffMs(retry, failures, random));
    if (failures >= retry.attempts && trouble === undefined) {
      trouble = { kind: 'unreachable', detail: outcome?.detail ?? '' };
      log.error({ provider, detail: outcome?.detail }, 'the provider fails every time; its lane waits and tries on');
    }
    return asked ?? backoffMs(retry, Math.max(claims[0]?.attempt ?? 1, 1), random);
  };
  const meetRefusal = (outcome: Outcome | undefined): number => {
    const words = outcome?.messages[0]?.text.replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, LONGEST_WORDS);
    trouble = { kind: 'refused', detail: outcome?.detail ?? '', ...(words === undefined ? {} : { words }) };
    failures++;
    askedUntil = clock.monotonic() + CREDENTIALS_PAUSE_MS;
    log.error({ provider, detail: outcome?.detail }, 'the provider refuses us; its lane stands still');
    return CREDENTIALS_PAUSE_MS;
  };
  return {
    now,
    trouble: () => trouble,
    isFailing: () => failures > 0,
    pauseMs: () => Math.max(backoffUntil, askedUntil) - clock.monotonic(),
    pause(ms) {
      backoffUntil = Math.max(backoffUntil, clock.monotonic() + ms);
    },
    postpone(ms) {
      const kind = askedUntil - clock.monotonic() > 0 ? 'postponed' : 'waiting';
      trouble = { kind, detail: `${Math.ceil(ms / 60_000)} min` };
    },
    begin: () => void (heardAt = clock.monotonic()),
    quietMs: () => clock.monotonic() - heardAt,
    note(claims, lesson, outcome) {
      if (lesson !== 'silent') heardAt = clock.monotonic();
      if (lesson === 'credentials') return now() + meetRefusal(outcome);
      if (lesson === 'failed') return now() + meetFailure(claims, outcome);
      // The lane goes on; this document alone has to wait.
      if (lesson === 'silent') return now() + backoffMs(retry, (claims[0]?.unseen ?? 0) + 1, random);
      if (lesson === 'answered') {
        failures = 0;
        backoffUntil = 0;
        trouble = undefined;
        answered++;
        for (const { submissionId } of claims) failingSince.delete(submissionId);
      }
      return now();
    },
    isExhausted(claim) {
      const since = failingSince.get(claim.submissionId);
      return claim.attempt >= retry.attempts && since !== undefined && answered > since;
    },
  };
}
