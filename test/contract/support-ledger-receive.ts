import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, Receipt, StagedDocument } from '../../src/core/ledger.ts';
import {
  accepted,
  claimOne,
  collect,
  document,
  dropFile,
  ended,
  errorIssue,
  receipt,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

/** What every ledger promises about the flip that makes a drop received. */
export function receiveContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());
  const rows = async (dropId: number) => collect(ledger.resultRows(dropId));
  const statuses = async (dropId: number) => (await rows(dropId)).map(({ status }) => status);

  describe('receiving a drop', () => {
    test('makes its good documents due and leaves the refused ones refused, in the order of the drop', async () => {
      const drop = await receive(ledger, 'a.csv', [
        document('B'),
        document('A', { line: 3, issues: [errorIssue()] }),
        document('C', { line: 4 }),
      ]);
      expect((await rows(drop.id)).map(({ key, status, line }) => [key, status, line])).toEqual([
        ['B', 'waiting', 2],
        ['A', 'rejected', 3],
        ['C', 'waiting', 4],
      ]);
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).map(({ key }) => key)).toEqual(['B', 'C']);
      expect((await ledger.drop(drop.id))?.books).toEqual({
        records: 3,
        accepted: 0,
        rejected: 1,
        held: 0,
        ignored: 0,
        waiting: 2,
      });
    });

    test('hands out the request byte for byte as it was frozen', async () => {
      const request = {
        method: 'PUT',
        path: '/o/%C3%A4?x=1',
        headers: { b: '2', a: '1' },
        body: '{"n":2.50,"t":"Zo\u00eb \\u0000 \0 \ud83d\ude00"}',
      };
      const submission = { provider: 'ctl', operation: 'order.create', key: 'K\0', request };
      await receive(ledger, 'a.csv', [document('A', { submission })]);
      expect(await claimOne(ledger)).toMatchObject({
        request,
        key: 'K\0',
        attempt: 1,
        purpose: 'send',
        mayHaveArrived: false,
      });
    });

    test('joins the same document of a later drop instead of sending it again', async () => {
      const first = await receive(ledger, 'in/monday.csv', [document('A')]);
      const second = await receive(ledger, 'in/tuesday.csv', [document('A')]);
      expect(await statuses(second.id)).toEqual(['waiting']);
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).length).toBe(1);
      const [view] = await ledger.documents({ dropId: second.id, limit: 1 });
      await ledger.endAttempt(accepted({ ...(await attemptOf(view?.submission?.id ?? 0)) }, 'R-7'));
      expect((await rows(first.id))[0]).toMatchObject({ status: 'accepted', reference: 'R-7', firstDrop: '' });
      expect((await rows(second.id))[0]).toMatchObject({
        status: 'already-received',
        reference: 'R-7',
        firstDrop: 'in/monday.csv',
      });
      expect((await ledger.drop(second.id))?.books).toMatchObject({ records: 1, accepted: 1, waiting: 0 });
    });

    test('joins a document that was accepted long ago and reports it at once', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      const again = await receive(ledger, 'b.csv', [document('A')]);
      expect(await statuses(again.id)).toEqual(['already-received']);
      expect((await ledger.dropsToReport(10)).map(({ id }) => id)).toContain(again.id);
      expect(await ledger.laneState('ctl')).toEqual({ open: 0, nextDueAt: undefined });
    });

    test('refuses the same key with other content and names where it was first seen', async () => {
      const first = await receive(ledger, 'in/a.csv', [document('A', { line: 7 })]);
      const second = await receive(ledger, 'in/b.csv', [
        document('A', { line: 3, body: '{"other":1}' }),
        document('B', { line: 4 }),
      ]);
      const [refused, good] = await rows(second.id);
      expect(refused).toMatchObject({
        status: 'rejected',
        issues: [{ code: 'key-reused', where: { file: 'b.csv', line: 3 }, got: 'A' }],
      });
      expect(refused?.issues[0]?.expected).toBe(`the content first received with a.csv line 7 (drop ${first.id})`);
      expect(good?.status).toBe('waiting');
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).length).toBe(2);
    });

    test.each([
      ['method', { method: 'PUT' }],
      ['path', { path: '/other' }],
      ['header', { headers: { 'content-type': 'text/plain' } }],
    ])('takes a request with another %s for other content', async (_part, change) => {
      const base = document('A');
      await receive(ledger, 'a.csv', [base]);
      const { submission } = base;
      if (submission === undefined) throw new Error('no submission');
      const other = { ...submission, request: { ...submission.request, ...change } };
      const second = await receive(ledger, 'b.csv', [document('A', { submission: other })]);
      expect((await rows(second.id))[0]?.issues[0]?.code).toBe('key-reused');
    });

    test('joins or refuses a second document of the same drop under one key, the first one winning', async () => {
      const drop = await receive(ledger, 'a.csv', [
        document('A', { group: '1', line: 2 }),
        document('A', { group: '2', line: 3 }),
        document('A', { group: '3', line: 4, body: '{}' }),
      ]);
      expect(await statuses(drop.id)).toEqual(['waiting', 'waiting', 'rejected']);
      expect((await rows(drop.id))[2]?.issues[0]?.expected).toContain('a.csv line 2');
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      expect(await statuses(drop.id)).toEqual(['accepted', 'already-received', 'rejected']);
    });

    test('lets a mended document be sent after the first one was rejected', async () => {
      const first = await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(
        ended(await claimOne(ledger), 'rejected', { outcome: 'FIX_DATA', issues: [errorIssue('refused-by-provider')] }),
      );
      const mended = await receive(ledger, 'b.csv', [document('A', { body: '{"mended":true}' })]);
      expect(await statuses(mended.id)).toEqual(['waiting']);
      await ledger.endAttempt(accepted(await claimOne(ledger)));
      expect([await statuses(first.id), await statuses(mended.id)]).toEqual([['rejected'], ['accepted']]);
    });

    test('keeps the warnings of a document beside the issues of the provider', async () => {
      const warning = { ...errorIssue('unknown-column'), severity: 'warning' as const };
      const drop = await receive(ledger, 'a.csv', [document('A', { issues: [warning] })]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected', { issues: [errorIssue('too-late')] }));
      expect((await rows(drop.id))[0]?.issues.map(({ code }) => code)).toEqual(['unknown-column', 'too-late']);
    });

    test('rejects joined documents with the submission they belong to', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const joined = await receive(ledger, 'b.csv', [document('A')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected', { issues: [errorIssue('too-late')] }));
      expect((await rows(joined.id))[0]).toMatchObject({ status: 'rejected', issues: [{ code: 'too-late' }] });
    });

    test('leaves a document that joins a held one held', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'held'));
      const joined = await receive(ledger, 'b.csv', [document('A')]);
      expect(await statuses(joined.id)).toEqual(['held']);
      expect((await ledger.drop(joined.id))?.books).toMatchObject({ held: 1, waiting: 0 });
    });
  });

  describe('documents of one key whose records stand among each other', () => {
    const rowsOf = (group: string, seqs: readonly number[], part = '') =>
      seqs.map((seq) => ({ part, seq, line: seq + 2, group, body: '{}' }));
    const runs = (...seqs: readonly number[]) => seqs.map((seq) => ['', seq, 1] as const);
    const placed = document('A', { group: 'A N', line: 2, records: runs(0, 2) });
    const cancelled = document('A', { group: 'A X', line: 3, records: runs(1), operation: 'order.cancel' });
    const staged = [...rowsOf('A N', [0, 2]), ...rowsOf('A X', [1]), ...rowsOf('B', [3, 5]), ...rowsOf('C', [4])];
    const received = async (documents: readonly StagedDocument[], changes: Partial<Receipt> = {}) => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('in/a.csv')]);
      await ledger.stageRecords(drop.id, staged);
      await ledger.stageDocuments(drop.id, documents);
      await ledger.receiveDrop(drop.id, receipt(drop, 6, changes));
      return drop;
    };
    const other = [document('B', { line: 5, records: runs(3, 5) }), document('C', { line: 6, records: runs(4) })];

    test('are refused, all that come from there on, and the others sent', async () => {
      const drop = await received([placed, cancelled, ...other]);
      const told = await rows(drop.id);
      expect(told.map(({ key, status }) => [key, status])).toEqual([
        ['A', 'rejected'],
        ['A', 'rejected'],
        ['B', 'waiting'],
        ['C', 'waiting'],
      ]);
      expect(told.slice(0, 2).map(({ issues }) => issues[0])).toMatchObject([
        {
          code: 'key-mixed',
          where: { file: 'a.csv', line: 2 },
          what: 'lines 2 and 4 are one document, and line 3 between them is another one with the same key',
          got: 'A',
        },
        { code: 'key-mixed', where: { file: 'a.csv', line: 3 } },
      ]);
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).map(({ key }) => key)).toEqual(['B', 'C']);
      expect((await ledger.drop(drop.id))?.books).toMatchObject({ records: 6, rejected: 3, waiting: 3 });
    });

    test('leave their keys free', async () => {
      await received([placed, cancelled, ...other]);
      const mended = await receive(ledger, 'b.csv', [document('A', { group: 'A N' })]);
      expect(await statuses(mended.id)).toEqual(['waiting']);
    });

    test('refuse a drop that is accepted whole', async () => {
      const drop = await received([placed, cancelled, ...other], { isAllOrNothing: true });
      expect((await rows(drop.id)).map(({ issues }) => issues.map(({ code }) => code))).toEqual([
        ['key-mixed'],
        ['key-mixed'],
        ['refused-with-drop'],
        ['refused-with-drop'],
      ]);
    });

    test('are refused with one that was refused already: its mended lines would come apart', async () => {
      const drop = await received([document('A', { ...placed, issues: [errorIssue()] }), cancelled]);
      expect((await rows(drop.id)).map(({ issues }) => issues.map(({ code }) => code))).toEqual([
        ['missing-value', 'key-mixed'],
        ['key-mixed'],
      ]);
    });

    test('are taken when one of them is about another thing of that number', async () => {
      const purchase = { operation: 'purchase-order.create', line: 3, records: runs(1), group: 'A P' };
      const drop = await received([placed, document('A', purchase)]);
      expect(await statuses(drop.id)).toEqual(['waiting', 'waiting']);
    });

    test('are taken when it is only other keys that stand between', async () => {
      const own = document('A', { group: 'A N', line: 2, records: runs(0, 2) });
      const later = document('A', { group: 'A X', line: 5, records: runs(3), operation: 'order.cancel' });
      const drop = await received([own, document('B', { line: 3, records: runs(1) }), later]);
      expect(await statuses(drop.id)).toEqual(['waiting', 'waiting', 'waiting']);
    });
  });

  describe('a drop that is accepted whole or not at all', () => {
    test('is refused with one refused document, the others saying why', async () => {
      const documents = [document('A'), document('B', { line: 3, issues: [errorIssue()] }), document('C', { line: 4 })];
      const drop = await receive(ledger, 'a.csv', documents, { isAllOrNothing: true });
      const codes = (await rows(drop.id)).map(({ status, issues }) => [status, ...issues.map(({ code }) => code)]);
      expect(codes).toEqual([
        ['rejected', 'refused-with-drop'],
        ['rejected', 'missing-value'],
        ['rejected', 'refused-with-drop'],
      ]);
      expect(await ledger.submissions({ limit: 10 })).toEqual([]);
      expect(await ledger.laneState('ctl')).toEqual({ open: 0, nextDueAt: undefined });
      expect(await ledger.drop(drop.id)).toMatchObject({
        isRefused: true,
        state: 'received',
        books: { records: 3, rejected: 3, waiting: 0 },
      });
    });

    test('is refused when a key was used before for other content', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const drop = await receive(ledger, 'b.csv', [document('A', { body: '{}' }), document('B')], {
        isAllOrNothing: true,
      });
      expect((await rows(drop.id)).map(({ issues }) => issues[0]?.code)).toEqual(['key-reused', 'refused-with-drop']);
      expect((await ledger.claimSubmissions('ctl', 10, 2e6)).map(({ key }) => key)).toEqual(['A']);
    });

    test('leaves its keys free, so that the mended file is taken', async () => {
      await receive(ledger, 'a.csv', [document('A'), document('B', { issues: [errorIssue()] })], {
        isAllOrNothing: true,
      });
      const mended = await receive(ledger, 'b.csv', [document('A'), document('B')], { isAllOrNothing: true });
      expect(await statuses(mended.id)).toEqual(['waiting', 'waiting']);
    });

    test('is received as usual when nothing is wrong, joined documents included', async () => {
      await receive(ledger, 'a.csv', [document('A')]);
      const drop = await receive(ledger, 'b.csv', [document('A'), document('B')], { isAllOrNothing: true });
      expect((await ledger.drop(drop.id))?.isRefused).toBe(false);
      expect(await statuses(drop.id)).toEqual(['waiting', 'waiting']);
    });
  });

  test('a file refused as a whole keeps its issues, no documents, and all its records count as rejected', async () => {
    const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
    await ledger.stageDocuments(drop.id, [document('A')]);
    const issues = [errorIssue('trailer-missing')];
    await ledger.receiveDrop(drop.id, receipt(drop, 12, { isRefused: true, issues, ignored: 2 }));
    expect(await rows(drop.id)).toEqual([]);
    expect(await ledger.submissions({ limit: 10 })).toEqual([]);
    const view = await ledger.drop(drop.id);
    expect(view).toMatchObject({ isRefused: true, issues, books: { records: 12, rejected: 10, ignored: 2 } });
    expect((await ledger.dropsToReport(5)).map(({ id }) => id)).toEqual([drop.id]);
  });

  async function attemptOf(submissionId: number) {
    const attempt = 1;
    const request = { method: '', path: '', headers: {}, body: '' };
    const rest = { isPrepared: true, mayHaveArrived: false, purpose: 'send' as const };
    return { submissionId, attempt, operation: '', key: '', request, ...rest };
  }
}
