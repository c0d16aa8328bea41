import type { AttemptEnd, Claim } from '../../core/ledger.ts';
import type { LookUp, Operation, Outcome } from '../../core/provider.ts';
import type { Together } from './lane-claims.ts';
import { fileFor } from './lane-file.ts';
import type { Lesson } from './lane-health.ts';
import { onceThereIsSpace, type Work } from './lane-work.ts';
import { judgeLookUp, judgeSend, type VerdictContext } from './verdict.ts';

/** Sends or looks up what was claimed together, and stores how it ended. */
export async function attempt(work: Work, claims: Together, cut: AbortSignal): Promise<readonly AttemptEnd[]> {
  const [claim, ...others] = claims;
  if (claim === undefined) return [];
  const operation = work.provider.operations.get(claim.operation);
  if (operation === undefined) return undefinedOperation(work, claim, cut, UNDEFINED);
  if (others.length > 0) return attemptTogether(work, claims, operation, cut);
  if (!claim.isPrepared && operation.prepare === undefined) return undefinedOperation(work, claim, cut, UNPREPARABLE);
  if (claim.purpose === 'look-up') {
    const found = await operation.lookUp?.(claim.key, claim.request, cut);
    const context = learn(work, [claim], operation, lessonOfLookUp(found), found?.outcome);
    return finish(work, [judgeLookUp(claim, found, context)], cut);
  }
  const outcome = await send(work, claim, operation, cut);
  const context = learn(work, [claim], operation, lessonOfSend(outcome), outcome);
  return finish(work, [judgeSend(claim, outcome, context)], cut);
}

/** One request of many, or the end of many that nothing can be asked about. */
async function attemptTogether(
  work: Work,
  claims: Together,
  operation: Operation,
  cut: AbortSignal,
): Promise<readonly AttemptEnd[]> {
  if (claims[0]?.purpose === 'look-up' || operation.batch === undefined) {
    const context = learn(work, claims, operation, lessonOfLookUp(undefined), undefined);
    const ends = claims.map((claim) => judgeLookUp(claim, undefined, context));
    return finish(work, ends, cut);
  }
  const outcomes = await operation.batch.send(claims, cut);
  const contexts = learnFromMany(work, claims, operation, outcomes);
  if (outcomes.some(({ isShared }) => isShared === true))
    work.log.warn(
      {
        provider: work.provider.name,
        operation: operation.name,
        submissions: claims.length,
        detail: outcomes[0]?.detail,
      },
      'a request of many was refused as a whole; what it does not name is sent again in smaller ones',
    );
  const ends = claims.map((claim, position) => {
    const [outcome, context] = [outcomes[position], contexts.get(claim)];
    if (outcome === undefined || context === undefined) throw new Error('a document of a request without an outcome');
    return judgeSend(claim, outcome, context);
  });
  return finish(work, ends, cut);
}

/**
 * An answer to many is one lesson about the provider, however many it is about: those that failed first, for where others
 * were answered it is not the provider that fails.
 */
function learnFromMany(
  work: Work,
  claims: Together,
  operation: Operation,
  outcomes: readonly Outcome[],
): ReadonlyMap<Claim, VerdictContext> {
  const contexts = new Map<Claim, VerdictContext>();
  for (const lesson of ['credentials', 'failed', 'silent', 'answered'] as const) {
    const taught = claims.filter((_claim, position) => lessonAt(outcomes, position) === lesson);
    if (taught.length === 0) continue;
    const outcome = outcomes.find((_outcome, position) => lessonAt(outcomes, position) === lesson);
    const context = learn(work, taught, operation, lesson, outcome);
    for (const claim of taught) contexts.set(claim, context);
  }
  return contexts;
}

function lessonAt(outcomes: readonly Outcome[], position: number): Lesson | undefined {
  const outcome = outcomes[position];
  return outcome === undefined ? undefined : lessonOfSend(outcome);
}

/** Completes the request where that has to be done, stores what it became, and only then sends it. */
async function send(work: Work, claim: Claim, operation: Operation, cut: AbortSignal): Promise<Outcome> {
  const { submissionId, attempt: number, key, mayHaveArrived } = claim;
  const file = await fileFor(claim, operation, work);
  if (claim.isPrepared || operation.prepare === undefined)
    return operation.send(claim.request, cut, key, mayHaveArrived, file);
  const prepared = await operation.prepare(key, claim.request, cut);
  if (prepared.kind === 'failed') return prepared.outcome;
  await onceThereIsSpace(work, submissionId, cut, () =>
    work.ledger.storePrepared(submissionId, number, prepared.request),
  );
  return operation.send(prepared.request, cut, key, mayHaveArrived, file);
}

// The definition was changed between two runs.
const UNDEFINED = 'not sent: the operation is no longer defined';
const UNPREPARABLE = 'not sent: the operation no longer says how to complete the request';

function undefinedOperation(
  work: Work,
  claim: Claim,
  cut: AbortSignal,
  detail: string,
): Promise<readonly AttemptEnd[]> {
  const now = work.health.now();
  const operation = { lookUp: undefined, isRepeatable: false };
  const context = { operation, now, retryAt: now, isExhausted: true, attempts: 0 };
  return finish(work, [judgeSend(claim, { class: 'RETRY_LATER', messages: [], detail }, context)], cut);
}

function lessonOfSend(outcome: Outcome): Lesson {
  if (outcome.class === 'FIX_CREDENTIALS') return 'credentials';
  // What this document lacks tells nothing of the provider.
  if (outcome.waits !== undefined) return 'silent';
  if (outcome.isFinal === true || outcome.problem !== undefined) return 'answered';
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
  claims: Together,
  operation: Operation,
  lesson: Lesson,
  outcome: Outcome | undefined,
): VerdictContext {
  const retryAt = health.note(claims, lesson, outcome);
  const [claim, ...others] = claims;
  return {
    operation,
    now: health.now(),
    retryAt,
    // Of many that fail together one may be to blame: the others go on without it first.
    isExhausted: claim !== undefined && others.length === 0 && health.isExhausted(claim),
    attempts: provider.retry.attempts,
  };
}

/** The ends of one moment share a transaction: a request of many is settled for all of its documents, or for none. */
async function finish(work: Work, ends: readonly AttemptEnd[], cut: AbortSignal): Promise<readonly AttemptEnd[]> {
  const { provider, ledger, log } = work;
  await onceThereIsSpace(work, ends[0]?.submissionId ?? 0, cut, () =>
    Promise.all(ends.map((end) => ledger.endAttempt(end))),
  );
  for (const { submissionId, attempt: number, outcome, state, detail } of ends)
    log.info(
      { provider: provider.name, submission: submissionId, attempt: number, outcome, state, detail },
      'attempt ended',
    );
  return ends;
}
