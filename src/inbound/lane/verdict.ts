import { createIssue, type Issue } from '../../core/issue.ts';
import { issueCatalogue, type IssueCode } from '../../core/issue-catalogue.ts';
import type { AttemptEnd, Claim } from '../../core/ledger.ts';
import type { LookUp, Operation, Outcome, Waiting } from '../../core/provider.ts';
import { say } from '../../core/text.ts';

/** What the rules need besides the outcome. Times are wall-clock milliseconds. */
export interface VerdictContext {
  readonly operation: Pick<Operation, 'lookUp' | 'isRepeatable'>;
  readonly now: number;
  /** When to try again after this failure. */
  readonly retryAt: number;
  /** Whether the provider fails on this document again and again while it answers others. */
  readonly isExhausted: boolean;
  /** How often something is tried that may still come right by itself. */
  readonly attempts: number;
}

type Ending = Pick<AttemptEnd, 'state' | 'issues'> & { readonly dueAt?: number };

/** Decides what becomes of a submission after a request was sent. Reads classes, never texts. */
export function judgeSend(claim: Claim, outcome: Outcome, context: VerdictContext): AttemptEnd {
  return { ...endOf(claim, outcome), ...sendEnding(claim, outcome, context) };
}

function sendEnding(claim: Claim, outcome: Outcome, context: VerdictContext): Ending {
  // None of a request of many was taken, and which of them is to blame is found out with fewer.
  if (outcome.isShared === true) return { state: 'ready', issues: [], dueAt: context.now };
  switch (outcome.class) {
    case 'ACCEPTED':
      return { state: 'accepted', issues: noticeIssues(outcome) };
    case 'ALREADY_EXISTS':
      return alreadyExists(claim, outcome, context);
    case 'FIX_DATA':
      return { state: 'rejected', issues: messageIssues('refused-by-provider', outcome) };
    case 'TOO_LATE':
      return { state: 'rejected', issues: messageIssues('too-late', outcome) };
    case 'NOT_FOUND':
    case 'EMPTY':
      return { state: 'rejected', issues: notFoundIssues(claim, outcome) };
    case 'FIX_CREDENTIALS':
      // The lane stands still for as long as the program lives; a new start, with mended settings, tries at once.
      return { state: 'ready', issues: [], dueAt: context.now };
    case 'RETRY_LATER':
      if (outcome.problem !== undefined) return { state: 'held', issues: [createIssue(outcome.problem, {})] };
      if (outcome.waits !== undefined) return waitEnding(claim, outcome, outcome.waits, context);
      if (context.isExhausted) return { state: 'held', issues: messageIssues('retries-exhausted', outcome) };
      return { state: 'ready', issues: [], dueAt: context.retryAt };
    case 'AMBIGUOUS':
      if (outcome.isFinal === true) return { state: 'held', issues: undecidedIssues(outcome) };
      if (context.isExhausted) return { state: 'held', issues: messageIssues('outcome-unknown', outcome) };
      // Kept with it: when nothing else is learnt, these words are all that a person has.
      return { state: 'unknown', issues: ownWords(outcome), dueAt: context.retryAt };
  }
}

/** Looks again after as long as it has waited already, so that what comes at once is met soon, and what never comes asked rarely. */
function waitEnding(claim: Claim, outcome: Outcome, { everyMs, longestMs }: Waiting, { now }: VerdictContext): Ending {
  const waitedMs = now - (claim.since ?? now);
  if (waitedMs < longestMs)
    return { state: 'ready', issues: [], dueAt: now + Math.min(everyMs, Math.max(waitedMs, SOON_MS)) };
  if (outcome.missing !== undefined) return { state: 'rejected', issues: notFoundIssues(claim, outcome) };
  return { state: 'held', issues: messageIssues('retries-exhausted', outcome) };
}

const SOON_MS = 1000;

/**
 * "Already exists" is ours only when an earlier attempt may have arrived, or when reading it back says so. Without the
 * provider's reference it is read back even then: what follows the record needs that reference.
 */
function alreadyExists(claim: Claim, outcome: Outcome, context: VerdictContext): Ending {
  const hasLookUp = context.operation.lookUp !== undefined;
  if (claim.mayHaveArrived && (!hasLookUp || outcome.reference !== undefined)) return { state: 'accepted', issues: [] };
  if (!hasLookUp) return { state: 'rejected', issues: [createIssue('key-in-use', {}, { got: claim.key })] };
  return { state: 'unknown', issues: [], dueAt: context.now };
}

/**
 * The provider says that the record exists, and its own look-up does not find it. Sending it again would be answered the
 * same: it may become visible later, and in the end only a person can know whose it is.
 */
function unseen(claim: Claim, times: number, context: VerdictContext): Ending {
  if (times < context.attempts) return { state: 'unknown', issues: [], dueAt: context.retryAt };
  if (claim.mayHaveArrived) return { state: 'accepted', issues: [] };
  const what = say`the provider says that it has this document, and does not find it when it is asked for it`;
  return { state: 'held', issues: [createIssue('outcome-unknown', {}, { what, got: claim.key })] };
}

/** Decides after a look-up. `undefined`: the provider offers none. */
export function judgeLookUp(claim: Claim, found: LookUp | undefined, context: VerdictContext): AttemptEnd {
  if (found === undefined) return { ...endOf(claim, noLookUp), ...withoutLookUp(claim, context) };
  return { ...endOf(claim, found.outcome), ...lookUpEnding(claim, found, context) };
}

const noLookUp: Outcome = { class: 'EMPTY', messages: [], detail: 'no look-up at this provider' };

function withoutLookUp({ said }: Claim, context: VerdictContext): Ending {
  if (context.operation.isRepeatable) return { state: 'ready', issues: [], dueAt: context.now };
  return { state: 'held', issues: said ?? [createIssue('outcome-unknown', {})] };
}

function lookUpEnding(claim: Claim, found: LookUp, context: VerdictContext): Ending {
  switch (found.kind) {
    case 'found':
      if (found.isSame) return { state: 'accepted', issues: [] };
      return { state: 'rejected', issues: [createIssue('key-in-use', {}, { got: claim.key })] };
    case 'missing':
      if (claim.unseen !== undefined) return unseen(claim, claim.unseen + 1, context);
      if (context.isExhausted)
        return { state: 'held', issues: claim.said ?? messageIssues('outcome-unknown', found.outcome) };
      return { state: 'ready', issues: claim.said ?? [], dueAt: context.now };
    case 'settled':
      return sendEnding(claim, found.outcome, context);
    case 'failed':
      return { state: 'unknown', issues: claim.said ?? ownWords(found.outcome), dueAt: context.retryAt };
  }
}

function endOf(claim: Claim, outcome: Outcome): Omit<AttemptEnd, 'state' | 'issues'> {
  return {
    submissionId: claim.submissionId,
    attempt: claim.attempt,
    outcome: outcome.class,
    detail: outcome.detail,
    ...(outcome.status === undefined ? {} : { httpStatus: outcome.status }),
    ...(outcome.reference === undefined ? {} : { reference: outcome.reference }),
    ...(outcome.answer === undefined ? {} : { answer: outcome.answer }),
  };
}

function notFoundIssues(claim: Claim, outcome: Outcome): Issue[] {
  if (outcome.missing === undefined) return messageIssues('not-found', outcome);
  const what = say`the provider knows no ${outcome.missing} with this number`;
  return [createIssue('not-found', {}, { what, got: claim.key })];
}

/** What the repeat of a request was answered, where that leaves open whether the first one was carried out. */
function undecidedIssues({ messages: [message], detail }: Outcome): Issue[] {
  const what = say`an earlier answer was lost, and the provider says now: ${(message?.text ?? detail).replace(/\.$/, '')}`;
  return [createIssue('outcome-unknown', {}, { what })];
}

/** What the provider adds to its acceptance, each at the field it names. */
function noticeIssues({ notices = [] }: Outcome): Issue[] {
  return notices.map(({ field, text }) =>
    createIssue('provider-notice', placeOf(field), { what: say`the provider says: ${text.replace(/\.$/, '')}` }),
  );
}

function placeOf(field: string | undefined): Issue['where'] {
  return field === undefined ? {} : { column: field };
}

/** What the provider says of a document whose outcome is unknown; nothing where it says nothing. */
function ownWords(outcome: Outcome): Issue[] {
  return outcome.messages.length === 0 ? [] : messageIssues('outcome-unknown', outcome);
}

/** The provider's own words, each at the field it names. */
function messageIssues(code: IssueCode, outcome: Outcome): Issue[] {
  const fields = outcome.messages.filter((message) => message.field !== undefined);
  const told = fields.length > 0 ? fields : outcome.messages;
  if (told.length === 0)
    return [createIssue(code, {}, { what: say`${[issueCatalogue[code].what]} (${outcome.detail})` })];
  return told.map(({ field, text, unknown, code: own }) => {
    if (own !== undefined) return createIssue(own, placeOf(field), unknown === undefined ? {} : { got: unknown });
    return createIssue(
      code,
      placeOf(field),
      unknown === undefined
        ? { what: say`the provider says: ${text.replace(/\.$/, '')}` }
        : { what: say`the provider knows nothing by this name`, got: unknown },
    );
  });
}
