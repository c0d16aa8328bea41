import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/core/ledger.ts';
import {
  accepted,
  claimOne,
  collect,
  document,
  ended,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

/** What every ledger promises about submissions after a crash and after a person decided. */
export function recoveryContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());

  describe('after a crash', () => {
    test('what was being sent is unknown and due, and its attempt has no answer', async () => {
      await receive(ledger, 'a.csv', [document('A'), document('B')]);
      await claimOne(ledger);
      const again = await fixture.reopen();
      expect(await again.recoverSending()).toBe(1);
      expect(await again.recoverSending()).toBe(0);
      const claims = await again.claimSubmissions('ctl', 10, 2e6);
      expect(
        claims.map(({ key, purpose, attempt, mayHaveArrived }) => [key, purpose, attempt, mayHaveArrived]),
      ).toEqual([
        ['A', 'look-up', 2, true],
        ['B', 'send', 1, false],
      ]);
      const [view] = await again.documents({ key: 'A', limit: 1 });
      expect(view?.submission?.attempts[0]).toMatchObject({ endedAt: undefined, outcome: '' });
    });

    test('a look-up that was under way is made again', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'unknown'));
      await claimOne(ledger);
      const again = await fixture.reopen();
      expect(await again.claimSubmissions('ctl', 1, 2e6)).toEqual([]);
      await again.recoverSending();
      expect(await claimOne(again)).toMatchObject({ purpose: 'look-up', attempt: 3 });
    });

    test('the end of an attempt from before changes nothing any more', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const old = await claimOne(ledger);
      await ledger.recoverSending();
      await expect(ledger.endAttempt(accepted(old))).rejects.toThrow('not under way');
      expect((await ledger.overview()).submissions).toEqual({ unknown: 1 });
    });
  });

  describe('releasing', () => {
    test('sends a held submission again at once where nothing may have arrived', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const { submissionId, ...claim } = await claimOne(ledger);
      await ledger.endAttempt(ended({ submissionId, ...claim }, 'held', { outcome: 'RETRY_LATER', httpStatus: 503 }));
      await ledger.releaseSubmission(submissionId);
      expect(await claimOne(ledger)).toMatchObject({ purpose: 'send', attempt: 2 });
    });

    test('asks first where an attempt may have arrived', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const { submissionId, ...claim } = await claimOne(ledger);
      await ledger.endAttempt(ended({ submissionId, ...claim }, 'held'));
      await ledger.releaseSubmission(submissionId);
      expect(await claimOne(ledger)).toMatchObject({ purpose: 'look-up', attempt: 2 });
    });

    test('shows the live state and reports the drop no second time', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      const claim = await claimOne(ledger);
      await ledger.endAttempt(ended(claim, 'held', { outcome: 'RETRY_LATER', httpStatus: 503 }));
      await ledger.completeReport(drop.id, []);
      await ledger.releaseSubmission(claim.submissionId);
      expect((await ledger.drop(drop.id))?.books).toMatchObject({ held: 0, waiting: 1 });
      expect((await ledger.laneState('ctl')).open).toBe(1);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      expect((await collect(ledger.resultRows(drop.id)))[0]?.status).toBe('accepted');
      expect((await ledger.drop(drop.id))?.books).toMatchObject({ accepted: 1, waiting: 0 });
      expect(await ledger.dropsToReport(10)).toEqual([]);
    });

    test('refuses what is not held', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const { submissionId } = await claimOne(ledger);
      await expect(ledger.releaseSubmission(submissionId)).rejects.toMatchObject({ code: 'bad-usage' });
      await expect(ledger.releaseSubmission(999)).rejects.toMatchObject({ code: 'bad-usage' });
    });
  });
}
