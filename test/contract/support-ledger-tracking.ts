import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, TrackedFeed } from '../../src/core/ledger.ts';
import {
  completeOnly,
  accepted,
  claimOne,
  document,
  ended,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

const tracked: TrackedFeed = {
  provider: 'ctl',
  feed: 'orders',
  operations: ['order.create'],
  everyMs: 1_000,
  forMs: 100_000,
};

/** What every ledger promises about records that are followed one by one, and about counts that only grow. */
export function trackingContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  let now: number;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
    now = fixture.clock.now();
  });
  afterEach(() => fixture.dispose());

  const accept = async (key: string, operation = 'order.create'): Promise<void> => {
    await receive(ledger, `${key}.csv`, [document(key, { operation })]);
    await ledger.endAttempt(accepted(await claimOne(ledger), `R-${key}`));
  };
  const due = async (at: number): Promise<string[]> =>
    (await ledger.dueRecords('ctl', 'orders', at, 100)).map(({ key }) => key);

  describe('records that are followed', () => {
    test('are those of accepted submissions of the operations, with what they are known by', async () => {
      await accept('A');
      await accept('B', 'asn.create');
      await receive(ledger, 'c.csv', [document('C')]);
      await ledger.endAttempt(ended(await claimOne(ledger), 'rejected', { outcome: 'FIX_DATA' }));
      await receive(ledger, 'd.csv', [document('D')]);
      await ledger.enrolRecords(tracked, now);
      const [record, ...others] = await ledger.dueRecords('ctl', 'orders', now, 100);
      expect(others).toEqual([]);
      expect(record).toMatchObject({ operation: 'order.create', key: 'A', documentKey: 'A', reference: 'R-A' });
      expect(await ledger.dueRecords('ctl', 'other', now, 100)).toEqual([]);
    });

    test('have their times and their items in one step, and keep them over a restart', async () => {
      for (const key of ['A', 'B', 'C']) await accept(key);
      await ledger.enrolRecords(tracked, now);
      const [a, b] = await ledger.dueRecords('ctl', 'orders', now, 100);
      const item = { identity: 'order.create/A/1', body: '{"a":1}', documentKey: 'A' };
      const reads = [
        { submissionId: a?.submissionId ?? 0, item, dueAt: now + 1_000 },
        { submissionId: b?.submissionId ?? 0, dueAt: undefined },
      ];
      expect(await ledger.storeReads('ctl', 'orders', reads)).toBe(1);
      ledger = await fixture.reopen();
      await ledger.enrolRecords(tracked, now);
      expect(await due(now)).toEqual(['C']);
      expect(await due(now + 1_000)).toEqual(['C', 'A']);
      expect(await ledger.storeReads('ctl', 'orders', [{ submissionId: a?.submissionId ?? 0, item, dueAt: now }])).toBe(
        0,
      );
      expect((await ledger.itemsAfter('ctl', 'orders', 0, 9)).map(({ documentKey }) => documentKey)).toEqual(['A']);
    });

    test('are let go when their time since they were accepted has passed', async () => {
      await accept('A');
      fixture.clock.set(now + 60_000);
      await accept('B');
      await ledger.enrolRecords(tracked, now + 60_000);
      await ledger.enrolRecords(tracked, now + 100_000);
      expect(await due(now + 100_000)).toEqual(['B']);
    });

    test('are due again although a clock that ran ahead said later', async () => {
      await accept('A');
      await ledger.enrolRecords(tracked, now);
      const [a] = await ledger.dueRecords('ctl', 'orders', now, 100);
      await ledger.storeReads('ctl', 'orders', [{ submissionId: a?.submissionId ?? 0, dueAt: now + 1e12 }]);
      expect(await due(now + 1_000)).toEqual([]);
      await ledger.enrolRecords(tracked, now + 1_000);
      expect(await due(now + 1_000)).toEqual(['A']);
    });

    test('are each feed’s own', async () => {
      await accept('A');
      await ledger.enrolRecords(tracked, now);
      await ledger.enrolRecords({ ...tracked, feed: 'archive' }, now);
      const [a] = await ledger.dueRecords('ctl', 'orders', now, 100);
      await ledger.storeReads('ctl', 'orders', [{ submissionId: a?.submissionId ?? 0, dueAt: undefined }]);
      expect((await ledger.dueRecords('ctl', 'archive', now, 100)).map(({ key }) => key)).toEqual(['A']);
    });
  });

  test('keeps since when records give nothing, until they give something or are done', async () => {
    for (const key of ['A', 'B', 'C']) await accept(key);
    await ledger.enrolRecords(tracked, now);
    const [a, b, c] = await ledger.dueRecords('ctl', 'orders', now, 100);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three records are due');
    const read = (record: typeof a, since?: number) => ({
      submissionId: record.submissionId,
      dueAt: now + 9,
      ...(since === undefined ? {} : { unread: { since, detail: '404' } }),
    });
    await ledger.storeReads('ctl', 'orders', [read(a, now - 1), read(b, now - 3), read(c, now - 2)]);
    ledger = await fixture.reopen();
    expect(await ledger.dueRecords('ctl', 'orders', now + 9, 1)).toMatchObject([{ unreadSince: now - 1 }]);
    expect(await ledger.unreadRecords('ctl', 'orders', now - 2, 1)).toEqual({
      count: 2,
      first: [{ documentKey: 'B', reference: 'R-B', detail: '404' }],
    });
    const done = { submissionId: c.submissionId, dueAt: undefined };
    await ledger.storeReads('ctl', 'orders', [read(b), done]);
    expect(await ledger.unreadRecords('ctl', 'orders', now, 9)).toMatchObject({
      count: 1,
      first: [{ documentKey: 'A' }],
    });
    expect(await ledger.unreadRecords('ctl', 'other', now, 9)).toEqual({ count: 0, first: [] });
  });

  test('tells which items of a stream it has, not those of snapshots', async () => {
    expect(await ledger.knownItems('ctl', 'events', ['a'])).toEqual(new Set());
    await ledger.storePage({ provider: 'ctl', feed: 'events', items: [{ identity: 'a\0', body: '{}' }], cursor: 'x' });
    const snapshot = await ledger.beginSnapshot('ctl', 'events');
    expect(
      await ledger.storeSnapshotPage(snapshot, [
        { identity: 'b', body: '{}' },
        { identity: 'b', body: '{}' },
      ]),
    ).toBe(1);
    expect(await ledger.knownItems('ctl', 'events', ['a\0', 'a', 'b'])).toEqual(new Set(['a\0']));
  });

  describe('counts of a flow', () => {
    const file = { folder: 'erp', path: 'a.csv', temporaryPath: '.a', hash: '', size: 1, rows: 1, spool: 's' };
    const count = (key: string, name: string, text: string, told = '', item = 4) => ({
      key,
      name,
      count: text,
      told,
      item,
    });

    test('hold with the file they were noted for', async () => {
      const { fileId } = await ledger.beginFile('receipts');
      expect(await ledger.writtenCounts(fileId, ['k'])).toEqual([]);
      await ledger.noteCounts(fileId, [count('k', 'Ok', '5'), count('k', 'Bad', '1'), count('l', 'Ok', '7')]);
      await ledger.noteCounts(fileId, [count('k', 'Ok', '6', '', 9)]);
      expect(await ledger.writtenCounts(fileId, ['k'])).toEqual([count('k', 'Bad', '1'), count('k', 'Ok', '6', '', 9)]);
      await completeOnly(ledger, 'receipts', { fileId, content: file }, 1);
      ledger = await fixture.reopen();
      const next = await ledger.beginFile('receipts');
      await ledger.noteCounts(next.fileId, [count('k', 'Ok', '8')]);
      const written = await ledger.writtenCounts(next.fileId, ['k', 'l']);
      expect(written.map(({ key, name, count: text }) => `${key} ${name} ${text}`).sort()).toEqual([
        'k Bad 1',
        'k Ok 8',
        'l Ok 7',
      ]);
      expect(await ledger.writtenCounts((await ledger.beginFile('other')).fileId, ['k'])).toEqual([]);
      await expect(ledger.noteCounts(fileId, [])).rejects.toThrow('not being built');
    });

    test('are the old ones when the file was never finished', async () => {
      const first = await ledger.beginFile('receipts');
      await ledger.noteCounts(first.fileId, [count('k', 'Ok', '5')]);
      await completeOnly(ledger, 'receipts', { fileId: first.fileId, content: file }, 1);
      const lost = await ledger.beginFile('receipts');
      await ledger.noteCounts(lost.fileId, [count('k', 'Ok', '9')]);
      ledger = await fixture.reopen();
      const next = await ledger.beginFile('receipts');
      expect(await ledger.writtenCounts(next.fileId, ['k'])).toEqual([count('k', 'Ok', '5')]);
    });

    test('keep what was told of them without a file', async () => {
      const idle = await ledger.beginFile('receipts');
      await ledger.noteCounts(idle.fileId, [count('k', 'Ok', '5', '3')]);
      await ledger.abandonFile(idle.fileId, 1);
      const next = await ledger.beginFile('receipts');
      expect(await ledger.writtenCounts(next.fileId, ['k'])).toEqual([count('k', 'Ok', '5', '3')]);
    });
  });
}
