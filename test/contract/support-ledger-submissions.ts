import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AttemptEnd, Ledger } from '../../src/core/ledger.ts';
import {
  accepted,
  claimOne,
  document,
  ended,
  errorIssue,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

/** What every ledger promises about sending: intention first, one at a time per key, nothing forgotten. */
export function submissionContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());
  const frame = () => '';
  const keys = async (now = 2_000_000) => (await ledger.claimSubmissions('ctl', 10, now)).map(({ key }) => key);

  describe('claiming', () => {
    test('writes the attempt down before the request is handed out', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      fixture.clock.set(1_000_007);
      const { submissionId } = await claimOne(ledger);
      const [view] = await ledger.submissions({ state: 'sending', limit: 5 });
      expect(view?.id).toBe(submissionId);
      expect(view?.attempts).toEqual([
        {
          attempt: 1,
          purpose: 'send',
          startedAt: 1_000_007,
          endedAt: undefined,
          outcome: '',
          httpStatus: undefined,
          detail: '',
        },
      ]);
    });

    test('what a submission sends can be read at any time, just as it was frozen', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const { submissionId, request } = await claimOne(ledger);
      expect(await ledger.request(submissionId)).toEqual(request);
      expect(await ledger.request(submissionId + 1)).toBeUndefined();
    });

    test('hands nothing out twice, and no more than was asked for', async () => {
      await receive(ledger, 'a.csv', [document('A'), document('B'), document('C')]);
      expect((await ledger.claimSubmissions('ctl', 2, 2e6)).map(({ key }) => key)).toEqual(['A', 'B']);
      expect(await keys()).toEqual(['C']);
      expect(await keys()).toEqual([]);
      expect(await ledger.claimSubmissions('choice', 10, 2e6)).toEqual([]);
    });

    test('hands out several for one request where an operation takes many, each with an attempt of its own', async () => {
      const batches = new Map([['order.create', { size: 3, bytes: 1000, frame, hasNoLookUp: true }]]);
      const claim = async (limit: number) =>
        (await ledger.claimSubmissions('ctl', limit, 2e6, batches)).map(({ key }) => key).join('');
      await receive(
        ledger,
        'a.csv',
        ['A', 'B', 'C', 'D'].map((key, at) => document(key, { line: at + 2 })),
      );
      await receive(ledger, 'b.csv', [document('A', { operation: 'order.cancel' }), document('E', { line: 3 })]);
      await receive(ledger, 'c.csv', [document('X', { operation: 'order.change' }), document('F', { line: 3 })]);
      expect(await claim(1)).toBe('ABC');
      // The cancellation of A waits behind A.
      expect(await claim(2)).toBe('DEF');
      expect(await claim(2)).toBe('X');
      expect(await ledger.submissions({ state: 'sending', limit: 9 })).toHaveLength(7);
      expect(await claim(9)).toBe('');
    });

    test('hands out together what was tried equally often, half as many each time, and what fits by its bytes', async () => {
      const batches = new Map([['order.create', { size: 4, bytes: 100, frame, hasNoLookUp: false }]]);
      const claim = () => ledger.claimSubmissions('ctl', 1, 2e6, batches);
      await receive(
        ledger,
        'a.csv',
        ['A', 'B', 'C', 'D'].map((key, at) => document(key, { line: at + 2 })),
      );
      for (const one of await claim())
        await ledger.endAttempt(ended(one, 'ready', { outcome: 'RETRY_LATER', httpStatus: 503, dueAt: 5 }));
      await receive(ledger, 'b.csv', [document('E'), document('F', { line: 3, body: 'x'.repeat(95) })]);
      expect((await claim()).map(({ key, attempt }) => `${key}${attempt}`)).toEqual(['A2', 'B2']);
      expect((await claim()).map(({ key }) => key)).toEqual(['C', 'D']);
      expect((await claim()).map(({ key }) => key)).toEqual(['E']);
      const large = await claim();
      expect(large.map(({ key }) => key)).toEqual(['F']);
    });

    test('hands out together only requests that are alike but for their items', async () => {
      const byBody = ({ body }: { body: string }) => body.slice(0, 1);
      const batches = new Map([['order.create', { size: 4, bytes: 1000, frame: byBody, hasNoLookUp: true }]]);
      const bodies = ['x1', 'y1', 'x2', 'y2'];
      await receive(
        ledger,
        'a.csv',
        bodies.map((body, at) => document(body, { line: at + 2, body })),
      );
      const claim = async () => (await ledger.claimSubmissions('ctl', 1, 2e6, batches)).map(({ key }) => key);
      expect(await claim()).toEqual(['x1', 'x2']);
      expect(await claim()).toEqual(['y1', 'y2']);
    });

    test('asks about each alone where there is a read to make', async () => {
      const claim = (hasNoLookUp: boolean) =>
        ledger.claimSubmissions(
          'ctl',
          1,
          2e6,
          new Map([['order.create', { size: 4, bytes: 1000, frame, hasNoLookUp }]]),
        );
      await receive(ledger, 'a.csv', [document('A'), document('B', { line: 3 }), document('C', { line: 4 })]);
      for (const one of await claim(false)) await ledger.endAttempt(ended(one, 'unknown', { dueAt: 5 }));
      expect((await claim(false)).map(({ key, purpose }) => `${key} ${purpose}`)).toEqual(['A look-up']);
      expect((await claim(true)).map(({ key }) => key)).toEqual(['B', 'C']);
    });

    test('waits until a submission is due', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(
        ended(await claimOne(ledger), 'ready', { outcome: 'RETRY_LATER', httpStatus: 429, dueAt: 3_000_000 }),
      );
      expect(await keys(2_999_999)).toEqual([]);
      expect(await ledger.laneState('ctl')).toEqual({ open: 1, nextDueAt: 3_000_000 });
      expect(await keys(3_000_000)).toEqual(['A']);
    });

    test('lets documents with one key go one at a time in the order in which their drops were received', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await receive(ledger, 'b.csv', [
        document('A', { operation: 'order.cancel' }),
        document('B', { operation: 'order.cancel' }),
      ]);
      const first = await ledger.claimSubmissions('ctl', 10, 2e6);
      expect(first.map(({ operation, key }) => [operation, key])).toEqual([
        ['order.create', 'A'],
        ['order.cancel', 'B'],
      ]);
      expect(await keys()).toEqual([]);
      expect(await ledger.laneState('ctl')).toEqual({ open: 3, nextDueAt: undefined });
      await Promise.all(first.map((claim) => ledger.endAttempt(accepted(claim))));
      expect(await keys()).toEqual(['A']);
    });

    test('keeps the order of receiving where it differs from the order of staging', async () => {
      const early = await ledger.beginDrop('orders', 'erp', [
        { part: '', path: 'early.csv', size: 1, fingerprint: 'e', hash: '', spool: '', target: '' },
      ]);
      await ledger.stageDocuments(early.id, [document('A', { operation: 'order.cancel' })]);
      await receive(ledger, 'late.csv', [document('A')]);
      await ledger.receiveDrop(early.id, {
        files: early.files,
        isRefused: false,
        isAllOrNothing: false,
        issues: [],
        records: 1,
        ignored: 0,
      });
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).map(({ operation }) => operation)).toEqual([
        'order.create',
      ]);
    });

    test('does not let a submission that waits for its next try block other keys', async () => {
      await receive(ledger, 'a.csv', [document('A'), document('B')]);
      const [first] = await ledger.claimSubmissions('ctl', 1, 2e6);
      if (first === undefined) throw new Error('nothing claimed');
      await ledger.endAttempt(ended(first, 'unknown', { dueAt: 9_000_000 }));
      expect(await keys()).toEqual(['B']);
      expect((await ledger.laneState('ctl')).nextDueAt).toBe(9_000_000);
    });

    test('hands nothing out behind a held submission of its key, says so, and goes on when that one is released', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const create = await claimOne(ledger);
      await ledger.endAttempt(ended(create, 'held'));
      await receive(ledger, 'b.csv', [document('A', { operation: 'order.cancel' }), document('B')]);
      expect(await keys()).toEqual(['B']);
      expect(await ledger.laneState('ctl')).toEqual({ open: 2, nextDueAt: undefined });
      const [cancel] = await ledger.documents({ key: 'A', limit: 1 });
      expect(cancel).toMatchObject({ status: 'waiting', issues: [{ code: 'held-behind', severity: 'warning' }] });
      await ledger.releaseSubmission(create.submissionId);
      const again = await claimOne(ledger);
      expect(again).toMatchObject({ operation: 'order.create', purpose: 'look-up' });
      expect((await ledger.documents({ key: 'A', limit: 1 }))[0]?.issues).toEqual([]);
      await ledger.endAttempt(accepted(again));
      expect(await claimOne(ledger)).toMatchObject({ key: 'A', operation: 'order.cancel' });
    });

    test('asks first where the last outcome is unknown, and stays unknown while it asks', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'unknown', { issues: [errorIssue('outcome-unknown')] }));
      const lookUp = await claimOne(ledger);
      expect(lookUp).toMatchObject({
        attempt: 2,
        purpose: 'look-up',
        mayHaveArrived: true,
        said: [{ code: 'outcome-unknown' }],
      });
      expect((await ledger.overview()).submissions).toEqual({ unknown: 1 });
      expect(await keys()).toEqual([]);
      await ledger.endAttempt(ended(lookUp, 'ready', { outcome: 'NOT_FOUND' }));
      expect(await claimOne(ledger)).toMatchObject({ attempt: 3, purpose: 'send', mayHaveArrived: true });
    });
  });

  describe('an earlier attempt', () => {
    const cases: readonly (readonly [string, boolean, Partial<AttemptEnd>])[] = [
      ['without an answer', true, { outcome: 'AMBIGUOUS' }],
      ['answered 500', true, { outcome: 'RETRY_LATER', httpStatus: 500 }],
      ['answered 502', true, { outcome: 'RETRY_LATER', httpStatus: 502 }],
      ['that broke off', true, { outcome: 'RETRY_LATER', detail: 'connection reset' }],
      ['that was never sent', false, { outcome: 'RETRY_LATER', detail: 'not sent: connection refused' }],
      ['answered 429', false, { outcome: 'RETRY_LATER', httpStatus: 429 }],
      ['answered 503', false, { outcome: 'RETRY_LATER', httpStatus: 503 }],
      ['answered 401', false, { outcome: 'RETRY_LATER', httpStatus: 401 }],
      ['with refused credentials', false, { outcome: 'FIX_CREDENTIALS', httpStatus: 403 }],
      ['with refused data', false, { outcome: 'FIX_DATA', httpStatus: 422 }],
      ['told that the record exists', false, { outcome: 'ALREADY_EXISTS', httpStatus: 409 }],
    ];
    test.each(cases)('%s: may have arrived = %s', async (_name, arrived, change) => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(
        ended(await claimOne(ledger), 'ready', { httpStatus: undefined, ...change } as Partial<AttemptEnd>),
      );
      expect((await claimOne(ledger)).mayHaveArrived).toBe(arrived);
    });

    test('that may have arrived is remembered through later ones that did not', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'ready'));
      await ledger.endAttempt(ended(await claimOne(ledger), 'ready', { outcome: 'RETRY_LATER', httpStatus: 429 }));
      expect(await claimOne(ledger)).toMatchObject({ attempt: 3, mayHaveArrived: true });
    });
  });

  describe('ending attempts', () => {
    test('keeps what the provider said', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      const claim = await claimOne(ledger);
      fixture.clock.set(1_000_100);
      await ledger.endAttempt({ ...accepted(claim, 'SO-9'), answer: '{"id":"SO-9"}' });
      const [view] = await ledger.documents({ key: 'A', limit: 1 });
      expect(view).toMatchObject({
        status: 'accepted',
        dropId: drop.id,
        file: 'a.csv',
        submission: { state: 'accepted', reference: 'SO-9' },
      });
      expect(view?.submission?.attempts[0]).toMatchObject({
        endedAt: 1_000_100,
        outcome: 'ACCEPTED',
        httpStatus: 201,
        detail: '201',
      });
    });

    test('commits what ends together, and fails alone what does not fit', async () => {
      await receive(ledger, 'a.csv', [document('A'), document('B')]);
      const [a, b] = await ledger.claimSubmissions('ctl', 2, 2e6);
      if (a === undefined || b === undefined) throw new Error('nothing claimed');
      const results = await Promise.allSettled([
        ledger.endAttempt(accepted(a)),
        ledger.endAttempt(accepted({ ...b, attempt: 9 })),
        ledger.endAttempt(accepted(b)),
        ledger.endAttempt(accepted(b)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
      expect((await ledger.overview()).submissions).toEqual({ accepted: 2 });
    });

    test('is not lost when the book is closed in the same moment', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const end = ledger.endAttempt(accepted(await claimOne(ledger)));
      const again = await fixture.reopen();
      await end;
      expect((await again.overview()).submissions).toEqual({ accepted: 1 });
    });

    test('makes a drop ready to report when its last document has an end', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A'), document('B'), document('C')]);
      const claims = await ledger.claimSubmissions('ctl', 10, 2e6);
      const [a, b, c] = claims;
      if (a === undefined || b === undefined || c === undefined) throw new Error('nothing claimed');
      await ledger.endAttempt(accepted(a));
      await ledger.endAttempt(ended(b, 'held'));
      await ledger.endAttempt(ended(c, 'unknown'));
      expect(await ledger.dropsToReport(10)).toEqual([]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected', { issues: [errorIssue('too-late')] }));
      expect((await ledger.dropsToReport(10)).map(({ id }) => id)).toEqual([drop.id]);
      expect((await ledger.drop(drop.id))?.books).toEqual({
        records: 3,
        accepted: 1,
        rejected: 1,
        held: 1,
        ignored: 0,
        waiting: 0,
      });
      expect(await ledger.laneState('ctl')).toEqual({ open: 0, nextDueAt: undefined });
    });
  });
}
