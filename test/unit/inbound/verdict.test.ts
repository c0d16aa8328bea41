import { describe, expect, test } from 'vitest';
import type { AttemptEnd, Claim } from '../../../src/core/ledger.ts';
import {
  outcomeClasses,
  type LookUp,
  type Operation,
  type Outcome,
  type OutcomeClass,
} from '../../../src/core/provider.ts';
import { judgeLookUp, judgeSend, type VerdictContext } from '../../../src/inbound/lane/verdict.ts';

const NOW = 1000;
const RETRY_AT = 5000;
const lookUp: Operation['lookUp'] = () => Promise.reject(new Error('verdicts ask nobody'));
const request = { method: 'PUT', path: '/T-1', headers: {}, body: '{}' };

const ATTEMPTS = 4;

const claim = (mayHaveArrived: boolean, purpose: Claim['purpose'] = 'send', unseen?: number): Claim => ({
  submissionId: 7,
  attempt: 3,
  operation: 'thing.create',
  key: 'T-1',
  request,
  isPrepared: true,
  mayHaveArrived,
  ...(unseen === undefined ? {} : { unseen }),
  purpose,
});
const outcome = (outcomeClass: OutcomeClass): Outcome => ({
  class: outcomeClass,
  status: 418,
  messages: [],
  detail: '418',
});

const yesNo = [false, true] as const;
const contexts = yesNo.flatMap((hasLookUp) =>
  yesNo.flatMap((isRepeatable) => yesNo.map((isExhausted) => ({ hasLookUp, isRepeatable, isExhausted }))),
);
type Given = (typeof contexts)[number] & { readonly mayHaveArrived: boolean };
const givens: readonly Given[] = contexts.flatMap((context) =>
  yesNo.map((mayHaveArrived) => ({ ...context, mayHaveArrived })),
);

const contextOf = ({ hasLookUp, isRepeatable, isExhausted }: Given): VerdictContext => ({
  operation: { lookUp: hasLookUp ? lookUp : undefined, isRepeatable },
  now: NOW,
  retryAt: RETRY_AT,
  isExhausted,
  attempts: ATTEMPTS,
});

/** `state code dueAt`, as far as there is one. */
const brief = ({ state, issues, dueAt }: AttemptEnd): string =>
  [state, ...issues.map(({ code }) => code), ...(dueAt === undefined ? [] : [dueAt === NOW ? 'now' : 'later'])].join(
    ' ',
  );

/** What becomes of a submission after sending, as the promises say it. */
const afterSend: Readonly<Record<OutcomeClass, (given: Given) => string>> = {
  ACCEPTED: () => 'accepted',
  ALREADY_EXISTS: ({ mayHaveArrived, hasLookUp }) => {
    if (hasLookUp) return 'unknown now';
    return mayHaveArrived ? 'accepted' : 'rejected key-in-use';
  },
  FIX_DATA: () => 'rejected refused-by-provider',
  FIX_CREDENTIALS: () => 'ready now',
  RETRY_LATER: ({ isExhausted }) => (isExhausted ? 'held retries-exhausted' : 'ready later'),
  TOO_LATE: () => 'rejected too-late',
  NOT_FOUND: () => 'rejected not-found',
  EMPTY: () => 'rejected not-found',
  AMBIGUOUS: ({ isExhausted }) => (isExhausted ? 'held outcome-unknown' : 'unknown later'),
};

describe.each(outcomeClasses)('after sending, %s', (outcomeClass) => {
  test.each(givens)('given $mayHaveArrived/$hasLookUp/$isRepeatable/$isExhausted has its one consequence', (given) => {
    const end = judgeSend(claim(given.mayHaveArrived), outcome(outcomeClass), contextOf(given));
    expect(brief(end)).toBe(afterSend[outcomeClass](given));
  });
});

test.each(givens)('"already exists" with the reference of a record that may be ours needs no look-up: %o', (given) => {
  const named = { ...outcome('ALREADY_EXISTS'), reference: 'R-1' };
  const state = given.mayHaveArrived ? 'accepted' : given.hasLookUp ? 'unknown now' : 'rejected key-in-use';
  expect(brief(judgeSend(claim(given.mayHaveArrived), named, contextOf(given)))).toBe(state);
});

const found = (isSame: boolean): LookUp => ({ kind: 'found', isSame, outcome: outcome('ACCEPTED') });
const missing: LookUp = { kind: 'missing', outcome: outcome('NOT_FOUND') };

describe('after looking up', () => {
  const judged = (given: Given, answer: LookUp | undefined): string =>
    brief(judgeLookUp(claim(given.mayHaveArrived, 'look-up'), answer, contextOf(given)));

  test.each(givens)('a record that is ours is accepted, another is not, whatever else holds: %o', (given) => {
    expect(judged(given, found(true))).toBe('accepted');
    expect(judged(given, found(false))).toBe('rejected key-in-use');
  });

  test.each(givens)('a record that is not there is sent again, unless that was tried often enough: %o', (given) => {
    expect(judged(given, missing)).toBe(given.isExhausted ? 'held outcome-unknown' : 'ready now');
  });

  test.each(givens)(
    'a record that is said to exist and is not found is looked for again, never sent again: %o',
    (given) => {
      const after = (unseen: number): AttemptEnd =>
        judgeLookUp(claim(given.mayHaveArrived, 'look-up', unseen), missing, contextOf(given));
      for (let unseen = 0; unseen < ATTEMPTS - 1; unseen++) expect(brief(after(unseen))).toBe('unknown later');
      const last = after(ATTEMPTS - 1);
      expect(brief(last)).toBe(given.mayHaveArrived ? 'accepted' : 'held outcome-unknown');
      expect(last.issues.map(({ what, got }) => [what, got])).toEqual(
        given.mayHaveArrived
          ? []
          : [['the provider says that it has this document, and does not find it when it is asked for it', 'T-1']],
      );
    },
  );

  test.each(outcomeClasses)('a look-up that fails with %s is asked again and never taken for an answer', (failed) => {
    for (const given of givens) {
      expect(judged(given, { kind: 'failed', outcome: outcome(failed) })).toBe('unknown later');
    }
  });

  test.each(givens)('where there is no look-up, only what may be repeated is sent again: %o', (given) => {
    expect(judged(given, undefined)).toBe(given.isRepeatable ? 'ready now' : 'held outcome-unknown');
  });
});

describe('the end of an attempt', () => {
  const [given] = givens;
  if (given === undefined) throw new Error('no givens');

  test('that leaves all open keeps what the provider says of it, until a person reads it', () => {
    const failed: Outcome = { ...outcome('AMBIGUOUS'), messages: [{ text: 'No carrier takes it.' }] };
    const { issues, state } = judgeSend(claim(false), failed, contextOf(given));
    expect([state, issues]).toMatchObject([
      'unknown',
      [{ code: 'outcome-unknown', what: 'the provider says: No carrier takes it' }],
    ]);
    const asked = { ...claim(true, 'look-up'), said: issues };
    for (const isExhausted of [false, true])
      expect(judgeLookUp(asked, missing, { ...contextOf(given), isExhausted })).toMatchObject({
        state: isExhausted ? 'held' : 'ready',
        issues,
      });
    const failing: LookUp = { kind: 'failed', outcome: outcome('RETRY_LATER') };
    expect(judgeLookUp(asked, failing, contextOf(given))).toMatchObject({ state: 'unknown', issues });
    const never = { ...contextOf(given), operation: { lookUp: undefined, isRepeatable: false } };
    expect(judgeLookUp(asked, undefined, never)).toMatchObject({ state: 'held', issues });
  });

  test('names its submission and attempt and keeps what was answered', () => {
    const answered: Outcome = {
      ...outcome('ACCEPTED'),
      status: 201,
      reference: 'R-1',
      answer: '{"Id":1}',
      detail: '201',
    };
    expect(judgeSend(claim(false), answered, contextOf(given))).toEqual({
      submissionId: 7,
      attempt: 3,
      state: 'accepted',
      outcome: 'ACCEPTED',
      httpStatus: 201,
      reference: 'R-1',
      answer: '{"Id":1}',
      detail: '201',
      issues: [],
    });
  });

  test('leaves out what was not answered', () => {
    const silent: Outcome = { class: 'AMBIGUOUS', messages: [], detail: 'no answer' };
    expect(Object.keys(judgeSend(claim(false), silent, contextOf(given))).sort()).toEqual(
      ['attempt', 'detail', 'dueAt', 'issues', 'outcome', 'state', 'submissionId'].sort(),
    );
  });

  test('tells the provider’s own words, each at the field it names', () => {
    const refused: Outcome = {
      ...outcome('FIX_DATA'),
      messages: [
        { text: 'Validation failed.' },
        { text: 'Unknown SKU.', field: 'Items[1].Sku' },
        { text: 'Too many', field: 'Items[0].Quantity' },
      ],
    };
    expect(judgeSend(claim(false), refused, contextOf(given)).issues).toMatchObject([
      { where: { column: 'Items[1].Sku' }, what: 'the provider says: Unknown SKU' },
      { where: { column: 'Items[0].Quantity' }, what: 'the provider says: Too many' },
    ]);
    const general: Outcome = { ...refused, messages: [{ text: 'Validation failed.' }] };
    expect(judgeSend(claim(false), general, contextOf(given)).issues).toMatchObject([
      { where: {}, what: 'the provider says: Validation failed' },
    ]);
  });

  test('tells what was looked for and is not there, in words a clerk understands', () => {
    const missingOrder: Outcome = { ...outcome('NOT_FOUND'), missing: 'order', messages: [{ text: 'Not Found' }] };
    expect(judgeSend(claim(false), missingOrder, contextOf(given)).issues).toMatchObject([
      { code: 'not-found', what: 'the provider knows no order with this number', got: 'T-1' },
    ]);
  });

  test('tells at least the status when the provider says nothing', () => {
    expect(judgeSend(claim(false), outcome('FIX_DATA'), contextOf(given)).issues[0]?.what).toBe(
      'refused by the provider (418)',
    );
  });
});
