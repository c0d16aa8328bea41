import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeIssue } from '../../src/core/issue.ts';
import type { Ledger, StagedDocument } from '../../src/core/ledger.ts';
import type { FrozenRequest, Revisions } from '../../src/core/provider.ts';
import {
  accepted,
  claimOne,
  collect,
  document,
  dropFile,
  ended,
  errorIssue,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

const frozen: FrozenRequest = { method: 'PATCH', path: '/orders/{found.id}', headers: {}, body: '{"sku":"A"}' };
const complete: FrozenRequest = { method: 'PATCH', path: '/orders/77', headers: { a: '1' }, body: '{"sku":"DA"}' };

function unprepared(key: string): StagedDocument {
  const submission = { provider: 'ctl', operation: 'order.change', key, request: frozen, isPrepared: false };
  return document(key, { submission });
}

function change(key: string, body: string, group = key, revisions: Revisions = 'each'): StagedDocument {
  const request = { method: 'PUT', path: `/orders/${key}/ShipTo`, headers: {}, body };
  const submission = { provider: 'ctl', operation: 'order.ship-to', key, request, revisions };
  return document(key, { submission, group });
}

/** What every ledger promises about requests that are completed before they are sent, and about changes that follow one another. */
export function changeContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());

  describe('a request that is completed before its first send', () => {
    test('is stored before it is sent, and every later attempt sends exactly that', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      const claim = await claimOne(ledger);
      expect(claim).toMatchObject({ isPrepared: false, request: frozen, mayHaveArrived: false });
      await ledger.storePrepared(claim.submissionId, claim.attempt, complete);
      expect(await ledger.request(claim.submissionId)).toEqual(complete);
      await ledger.endAttempt(ended(claim, 'ready', { outcome: 'RETRY_LATER', httpStatus: 500, dueAt: 5 }));
      expect(await claimOne(ledger)).toMatchObject({ isPrepared: true, request: complete, mayHaveArrived: true });
    });

    test('that was not completed when the program ended is ready again: nothing of it was sent', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      await claimOne(ledger);
      ledger = await fixture.reopen();
      expect(await ledger.recoverSending()).toBe(0);
      expect(await claimOne(ledger)).toMatchObject({ purpose: 'send', isPrepared: false, mayHaveArrived: false });
    });

    test('that was completed when the program ended may have arrived: it is looked up', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      const claim = await claimOne(ledger);
      await ledger.storePrepared(claim.submissionId, claim.attempt, complete);
      ledger = await fixture.reopen();
      expect(await ledger.recoverSending()).toBe(1);
      expect(await claimOne(ledger)).toMatchObject({ purpose: 'look-up', request: complete, mayHaveArrived: true });
    });

    test('that could not be completed was not sent, whatever the read ended with', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      const claim = await claimOne(ledger);
      await ledger.endAttempt(ended(claim, 'held', { outcome: 'RETRY_LATER', httpStatus: 500 }));
      await ledger.releaseSubmission(claim.submissionId);
      expect(await claimOne(ledger)).toMatchObject({ purpose: 'send', isPrepared: false, mayHaveArrived: false });
    });

    test('is completed once, and only by the attempt that is under way', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      const { submissionId, attempt } = await claimOne(ledger);
      await expect(ledger.storePrepared(submissionId, attempt + 1, complete)).rejects.toThrow('not under way');
      await ledger.storePrepared(submissionId, attempt, complete);
      await expect(ledger.storePrepared(submissionId, attempt, frozen)).rejects.toThrow('is complete');
      expect(await ledger.request(submissionId)).toEqual(complete);
    });

    test('is the same document when it comes again, although another request was sent', async () => {
      await receive(ledger, 'a.csv', [unprepared('A')]);
      const claim = await claimOne(ledger);
      await ledger.storePrepared(claim.submissionId, claim.attempt, complete);
      await ledger.endAttempt(accepted(claim));
      const again = await receive(ledger, 'b.csv', [unprepared('A')]);
      expect((await collect(ledger.resultRows(again.id)))[0]?.status).toBe('already-received');
    });
  });

  describe('a document behind one that is held', () => {
    test('goes on when that one is given up, and the books are kept', async () => {
      const first = await receive(ledger, 'a.csv', [document('A')]);
      const create = await claimOne(ledger);
      await ledger.endAttempt(ended(create, 'held', { issues: [errorIssue('outcome-unknown')] }));
      await receive(ledger, 'b.csv', [document('A', { operation: 'order.cancel' })]);
      await ledger.giveUpSubmission(create.submissionId);
      expect(await claimOne(ledger)).toMatchObject({ key: 'A', operation: 'order.cancel' });
      expect((await ledger.drop(first.id))?.books).toMatchObject({ rejected: 1, held: 0, waiting: 0 });
      const [given] = await ledger.documents({ dropId: first.id, limit: 1 });
      expect(given).toMatchObject({ status: 'rejected', issues: [{ code: 'given-up' }, { code: 'outcome-unknown' }] });
      await expect(ledger.giveUpSubmission(create.submissionId)).rejects.toMatchObject({ code: 'bad-usage' });
      // Its key is free again.
      await receive(ledger, 'c.csv', [document('A', { body: '{"other":1}' })]);
      expect((await ledger.submissions({ state: 'ready', limit: 5 })).length).toBe(1);
    });
  });

  describe('an order that comes again', () => {
    const cancel = (key: string, group = `cancel ${key}`, line = 9): StagedDocument =>
      document(key, { operation: 'order.cancel', group, line, body: '{"cancel":true}' });
    const told = async (dropId: number) =>
      (await collect(ledger.resultRows(dropId))).map(({ status, issues }) => issues[0]?.code ?? status);

    test('after its cancellation is refused and names that, whatever became of it so far', async () => {
      await receive(ledger, 'in/a.csv', [document('A')]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      const cancelled = await receive(ledger, 'in/b.csv', [cancel('A')]);
      const early = await receive(ledger, 'in/c.csv', [document('A', { line: 4 })]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      const late = await receive(ledger, 'in/d.csv', [document('A', { line: 4 })]);
      for (const { id } of [early, late]) {
        const [row] = await collect(ledger.resultRows(id));
        expect(row).toMatchObject({
          status: 'rejected',
          issues: [{ code: 'key-spent', where: { line: 4 }, got: 'A' }],
        });
        const issue = row?.issues[0];
        expect(issue === undefined ? '' : describeIssue(issue)).toContain(
          `order.cancel came for it since: b.csv line 9 (drop ${cancelled.id})`,
        );
      }
      expect(await ledger.claimSubmissions('ctl', 10, 2e6)).toEqual([]);
      expect((await ledger.drop(late.id))?.books).toMatchObject({ rejected: 1, accepted: 0 });
    });

    test('is refused in the same file, too, and after a change', async () => {
      const orders = [document('A', { group: '1' }), cancel('A'), document('A', { group: '3' })];
      expect(await told((await receive(ledger, 'a.csv', orders)).id)).toEqual(['waiting', 'waiting', 'key-spent']);
      const changed = [document('B', { group: '1' }), change('B', '{"to":1}', '2'), document('B', { group: '3' })];
      expect(await told((await receive(ledger, 'b.csv', changed)).id)).toEqual(['waiting', 'waiting', 'key-spent']);
    });

    test('with the very same drop stays the same order, each document as it was told before', async () => {
      const orders = [document('A', { group: '1' }), document('B', { group: '2' })];
      await receive(ledger, 'in/a.csv', orders);
      await receive(ledger, 'in/b.csv', [cancel('A')]);
      await receive(ledger, 'in/mixed.csv', [cancel('B'), document('B', { group: '2' })]);
      for (const claim of await ledger.claimSubmissions('ctl', 10, 2e6)) await ledger.endAttempt(accepted(claim));
      for (const claim of await ledger.claimSubmissions('ctl', 10, 2e6)) await ledger.endAttempt(accepted(claim));
      for (const _time of [2, 3, 4])
        expect(await told((await receive(ledger, 'in/a.csv', orders)).id)).toEqual([
          'already-received',
          'already-received',
        ]);
      // Refused at first, and not the same order only because its file is known.
      const mixed = await receive(ledger, 'in/mixed.csv', [cancel('B'), document('B', { group: '2' })]);
      expect(await told(mixed.id)).toEqual(['already-received', 'key-spent']);
      expect(await ledger.claimSubmissions('ctl', 10, 2e6)).toEqual([]);
    });

    test('is the same when the cancellation came first, was refused, or is about something else', async () => {
      const early = await receive(ledger, 'a.csv', [cancel('A')]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      expect(await told(early.id)).toEqual(['accepted']);
      await receive(ledger, 'b.csv', [document('A')]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      expect(await told((await receive(ledger, 'c.csv', [document('A')])).id)).toEqual(['already-received']);
      await receive(ledger, 'd.csv', [document('B')]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      await receive(ledger, 'e.csv', [cancel('B')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected', { outcome: 'TOO_LATE' }));
      await receive(ledger, 'f.csv', [document('B', { operation: 'purchase-order.create', group: 'p', body: '{}' })]);
      expect(await told((await receive(ledger, 'g.csv', [document('B')])).id)).toEqual(['already-received']);
    });
  });

  describe('changes of one key', () => {
    const settle = async (): Promise<string> => {
      const claim = await claimOne(ledger);
      await ledger.endAttempt(accepted(claim));
      return claim.request.body;
    };
    const status = async (dropId: number) => (await collect(ledger.resultRows(dropId))).map((row) => row.status);

    test('are sent each: A, B and A again', async () => {
      for (const body of ['A', 'B', 'A']) {
        const drop = await receive(ledger, `${body}.csv`, [change('K', body)]);
        expect(await settle()).toBe(body);
        expect(await status(drop.id)).toEqual(['accepted']);
      }
    });

    test('that say what the last one said are already received', async () => {
      await receive(ledger, 'a.csv', [change('K', 'A')]);
      await settle();
      const again = await receive(ledger, 'b.csv', [change('K', 'A')]);
      expect(await status(again.id)).toEqual(['already-received']);
      expect((await ledger.laneState('ctl')).open).toBe(0);
    });

    test('go one after another, in the order in which they came', async () => {
      await receive(ledger, 'a.csv', [change('K', 'A', '1'), change('K', 'B', '2'), change('K', 'A', '3')]);
      await receive(ledger, 'b.csv', [change('K', 'A')]);
      const order: string[] = [];
      for (let round = 0; round < 3; round++) {
        const claim = await claimOne(ledger);
        order.push(claim.request.body);
        expect(await ledger.claimSubmissions('ctl', 10, 2e6)).toEqual([]);
        await ledger.endAttempt(accepted(claim));
      }
      expect(order).toEqual(['A', 'B', 'A']);
      expect((await ledger.laneState('ctl')).open).toBe(0);
    });

    test('that were rejected do not count as the last one', async () => {
      await receive(ledger, 'a.csv', [change('K', 'A')]);
      await settle();
      await receive(ledger, 'b.csv', [change('K', 'B')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected'));
      const back = await receive(ledger, 'c.csv', [change('K', 'A')]);
      expect(await status(back.id)).toEqual(['already-received']);
      await receive(ledger, 'd.csv', [change('K', 'B')]);
      expect(await settle()).toBe('B');
    });

    test('of a file that is taken whole or not at all leave nothing when it is refused', async () => {
      const bad = document('Z', { issues: [{ code: 'missing-value', severity: 'error', where: {}, what: 'wrong' }] });
      const drop = await receive(ledger, 'a.csv', [change('K', 'A'), bad], { isAllOrNothing: true });
      expect(await status(drop.id)).toEqual(['rejected', 'rejected']);
      await receive(ledger, 'b.csv', [change('K', 'A')]);
      expect(await settle()).toBe('A');
    });
  });

  describe('requests that say the same each time', () => {
    const retry = (group = 'K') => change('K', '', group, 'always');
    const status = async (dropId: number) => (await collect(ledger.resultRows(dropId))).map((row) => row.status);
    const settle = async (state: 'accepted' | 'rejected' = 'accepted'): Promise<void> => {
      const claim = await claimOne(ledger);
      await ledger.endAttempt(state === 'accepted' ? accepted(claim) : ended(claim, state, { outcome: 'TOO_LATE' }));
    };
    const drop = (path: string, hash: string, documents = [retry()]) => {
      const file = { ...dropFile(path), hash };
      return receive(ledger, path, documents, { files: [file] });
    };

    test('are each made, in a new file and in the same file with other content', async () => {
      for (const [path, hash] of [
        ['a.csv', '1'],
        ['b.csv', '1'],
        ['a.csv', '2'],
      ] as const) {
        const { id } = await drop(path, hash);
        await settle();
        expect(await status(id)).toEqual(['accepted']);
      }
    });

    test('are made once when the very same file comes again, whatever came between', async () => {
      await drop('a.csv', '1');
      await settle();
      await drop('b.csv', '2');
      await settle();
      for (let times = 0; times < 5; times++) {
        const { id } = await drop('a.csv', '1');
        expect(await status(id)).toEqual(['already-received']);
      }
      expect((await ledger.laneState('ctl')).open).toBe(0);
    });

    test('are made again from the same file when it was refused', async () => {
      await drop('a.csv', '1');
      await settle('rejected');
      const { id } = await drop('a.csv', '1');
      await settle();
      expect(await status(id)).toEqual(['accepted']);
    });

    test('are one when they stand twice in one file', async () => {
      const { id } = await drop('a.csv', '1', [retry('1'), retry('2')]);
      await settle();
      expect(await status(id)).toEqual(['accepted', 'already-received']);
      expect((await ledger.laneState('ctl')).open).toBe(0);
    });
  });

  describe('a record that the provider says it has', () => {
    const next = async (outcome: 'ALREADY_EXISTS' | 'NOT_FOUND' | 'AMBIGUOUS', state: 'unknown' | 'ready') => {
      const claim = await claimOne(ledger);
      await ledger.endAttempt(ended(claim, state, { outcome, httpStatus: 409, dueAt: 5 }));
      return claim.unseen;
    };

    test('has its look-ups counted, since the last send', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      expect(await next('ALREADY_EXISTS', 'unknown')).toBeUndefined();
      expect(await next('NOT_FOUND', 'unknown')).toBe(0);
      expect(await next('NOT_FOUND', 'unknown')).toBe(1);
      expect(await next('NOT_FOUND', 'ready')).toBe(2);
      expect(await next('AMBIGUOUS', 'unknown')).toBeUndefined();
      expect(await next('NOT_FOUND', 'ready')).toBeUndefined();
      expect(await next('ALREADY_EXISTS', 'unknown')).toBeUndefined();
      expect(await next('NOT_FOUND', 'unknown')).toBe(0);
    });
  });
}
