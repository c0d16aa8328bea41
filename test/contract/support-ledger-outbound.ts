import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileContent, Ledger } from '../../src/core/ledger.ts';
import type { FeedItem } from '../../src/core/provider.ts';
import {
  completeOnly,
  document,
  dropFile,
  errorIssue,
  receipt,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';
import { runContract } from './support-ledger-runs.ts';
import { trackingContract } from './support-ledger-tracking.ts';

/** What every ledger promises about what is read from providers and written to files. */
export function outboundContract(create: LedgerFactory): void {
  trackingContract(create);
  runContract(create);
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());
  const store = (items: readonly FeedItem[], cursor: string, gap?: { low: string; high: string; dueAt: number }) =>
    ledger.storePage({ provider: 'ctl', feed: 'shipments', items, cursor, ...(gap === undefined ? {} : { gap }) });
  const identities = async (position = 0, feed = 'shipments') =>
    (await ledger.itemsAfter('ctl', feed, position, 100)).map(({ body }) => body);

  describe('a stream', () => {
    test('moves its cursor together with its items and passes over what it knows', async () => {
      expect(await ledger.feedCursor('ctl', 'shipments')).toBeUndefined();
      expect(await store([item('1'), item('2', 'K-2')], '2')).toBe(2);
      expect(await store([item('2'), item('3')], '3')).toBe(1);
      expect(await ledger.feedCursor('ctl', 'shipments')).toBe('3');
      const items = await ledger.itemsAfter('ctl', 'shipments', 0, 2);
      expect(items.map(({ documentKey, body }) => [documentKey, body])).toEqual([
        ['', 'body 1'],
        ['K-2', 'body 2'],
      ]);
      expect(await identities(items.at(-1)?.id)).toEqual(['body 3']);
    });

    test('never moves its cursor back, beyond 2^53 either', async () => {
      await store([], '18446744073709551615');
      await store([item('9')], '9223372036854775807');
      expect(await ledger.feedCursor('ctl', 'shipments')).toBe('18446744073709551615');
      await store([], 'token-b');
      expect(await ledger.feedCursor('ctl', 'shipments')).toBe('token-b');
      expect(await identities()).toEqual(['body 9']);
    });

    test('keeps streams of other feeds and providers apart', async () => {
      await store([item('1')], '1');
      await ledger.storePage({ provider: 'ds', feed: 'shipments', items: [item('1')], cursor: '7' });
      await ledger.storePage({ provider: 'ctl', feed: 'receipts', items: [item('1')], cursor: '8' });
      expect(
        (await ledger.overview()).feeds.map(
          ({ provider, feed, cursor, items }) => `${provider} ${feed} ${cursor} ${items}`,
        ),
      ).toEqual(['ctl receipts 8 1', 'ctl shipments 1 1', 'ds shipments 7 1']);
    });

    test('keeps bodies and identities digit by digit and character by character', async () => {
      const body = '{"index":18446744073709551615,"t":"\0 \u{1f600}"}';
      await store([{ identity: 'x\0', index: '18446744073709551615', body }], '1');
      const [found] = await ledger.feedItems({ limit: 1 });
      expect(found).toMatchObject({ body, index: '18446744073709551615', provider: 'ctl', feed: 'shipments' });
      expect(await store([{ identity: 'x\0', body }], '1')).toBe(0);
      expect(await store([{ identity: 'x', body }], '1')).toBe(1);
    });

    test('remembers a gap until it is closed, and says when to look next', async () => {
      await store([item('1'), item('5')], '5', { low: '2', high: '4', dueAt: 100 });
      await store([item('5')], '5', { low: '2', high: '4', dueAt: 100 });
      expect(await ledger.dueGaps('ctl', 'shipments', 99)).toEqual([]);
      const [gap] = await ledger.dueGaps('ctl', 'shipments', 100);
      expect(gap).toEqual({ id: gap?.id, low: '2', high: '4', checks: 0 });
      expect(await ledger.storeGap(gap?.id ?? 0, 'ctl', 'shipments', [item('3'), item('5')], 500)).toBe(1);
      expect(await ledger.dueGaps('ctl', 'shipments', 499)).toEqual([]);
      expect((await ledger.dueGaps('ctl', 'shipments', 500))[0]?.checks).toBe(1);
      expect((await ledger.overview()).feeds[0]?.gaps).toBe(1);
      await ledger.storeGap(gap?.id ?? 0, 'ctl', 'shipments', [], undefined);
      expect(await ledger.dueGaps('ctl', 'shipments', 9e15)).toEqual([]);
      expect(await identities()).toEqual(['body 1', 'body 5', 'body 3']);
    });
  });

  describe('a snapshot', () => {
    test('is invisible until its walk is finished and then replaces the one before', async () => {
      const first = await ledger.beginSnapshot('ctl', 'inventory');
      await ledger.storeSnapshotPage(first, [item('p1'), item('p2')]);
      expect(await identities(0, 'inventory')).toEqual([]);
      expect(await ledger.feedItems({ limit: 9 })).toEqual([]);
      await ledger.finishSnapshot(first);
      expect(await identities(0, 'inventory')).toEqual(['body p1', 'body p2']);
      const last = (await ledger.itemsAfter('ctl', 'inventory', 0, 9)).at(-1)?.id ?? 0;
      const second = await ledger.beginSnapshot('ctl', 'inventory');
      await ledger.storeSnapshotPage(second, [item('p2'), item('p3'), item('p2')]);
      expect(await identities(0, 'inventory')).toEqual(['body p1', 'body p2']);
      await ledger.finishSnapshot(second);
      expect(await identities(0, 'inventory')).toEqual(['body p2', 'body p3']);
      expect(await identities(last, 'inventory')).toEqual(['body p2', 'body p3']);
    });

    test('that was not finished leaves nothing, and its ids are not given out again', async () => {
      const lost = await ledger.beginSnapshot('ctl', 'inventory');
      await ledger.storeSnapshotPage(lost, [item('p1')]);
      const next = await ledger.beginSnapshot('ctl', 'inventory');
      await expect(ledger.storeSnapshotPage(lost, [item('p2')])).rejects.toThrow('not under way');
      await ledger.storeSnapshotPage(next, [item('p3')]);
      await ledger.finishSnapshot(next);
      const items = await ledger.itemsAfter('ctl', 'inventory', 0, 9);
      expect(items.map(({ body }) => body)).toEqual(['body p3']);
      expect(items[0]?.id).toBeGreaterThan(1);
    });
  });

  describe('a walk that a stream adopts', () => {
    test('is invisible until then, comes with the cursor, and what the stream has is passed over', async () => {
      await ledger.storePage({ provider: 'ctl', feed: 'report', items: [item('r1')], cursor: 'a' });
      const walk = await ledger.beginSnapshot('ctl', 'report');
      expect(await ledger.storeSnapshotPage(walk, [item('r2'), item('r1'), item('r3')])).toBe(3);
      expect([...(await ledger.stagedItems(walk, ['r1', 'r4', 'r3']))]).toEqual(['r1', 'r3']);
      expect(await identities(0, 'report')).toEqual(['body r1']);
      expect(await ledger.feedCursor('ctl', 'report')).toBe('a');
      const last = (await ledger.itemsAfter('ctl', 'report', 0, 9)).at(-1)?.id ?? 0;
      expect(await ledger.adoptSnapshot(walk, 'b')).toBe(2);
      expect(await identities(0, 'report')).toEqual(['body r1', 'body r2', 'body r3']);
      expect(await identities(last, 'report')).toEqual(['body r2', 'body r3']);
      expect(await ledger.feedCursor('ctl', 'report')).toBe('b');
      await expect(ledger.adoptSnapshot(walk, 'c')).rejects.toThrow('not under way');
    });

    test('that was not adopted leaves nothing', async () => {
      const lost = await ledger.beginSnapshot('ctl', 'report');
      await ledger.storeSnapshotPage(lost, [item('r1')]);
      const walk = await ledger.beginSnapshot('ctl', 'report');
      expect(await ledger.adoptSnapshot(walk, 'b')).toBe(0);
      expect(await identities(0, 'report')).toEqual([]);
      await expect(ledger.stagedItems(lost, ['r1'])).rejects.toThrow('not under way');
    });

    test('may be finished with the cursor in one step', async () => {
      const walk = await ledger.beginSnapshot('ctl', 'report');
      await ledger.storeSnapshotPage(walk, [item('r1')]);
      await ledger.finishSnapshot(walk, 'b');
      expect([await identities(0, 'report'), await ledger.feedCursor('ctl', 'report')]).toEqual([['body r1'], 'b']);
    });
  });

  describe('an outbound flow', () => {
    test('numbers its files without a hole and moves its position only with a finished file', async () => {
      const first = await ledger.beginFile('confirmations');
      expect(first.sequence).toBe(1);
      await completeOnly(ledger, 'confirmations', { fileId: first.fileId, content: content('a.csv') }, 10);
      const idle = await ledger.beginFile('confirmations');
      expect(idle.sequence).toBe(2);
      await ledger.abandonFile(idle.fileId, 15);
      expect((await ledger.flowState('confirmations')).position).toBe(15);
      expect((await ledger.beginFile('confirmations')).sequence).toBe(2);
      expect((await ledger.beginFile('receipts')).sequence).toBe(1);
      expect((await ledger.flowState('receipts')).position).toBe(0);
    });

    test('writes each fact into exactly one file', async () => {
      const first = await ledger.beginFile('confirmations');
      expect(await ledger.assignFacts(first.fileId, ['s1#1', 's1#2', 's1#1'])).toEqual([true, true, false]);
      await completeOnly(ledger, 'confirmations', { fileId: first.fileId, content: content('a.csv') }, 1);
      const second = await ledger.beginFile('confirmations');
      expect(await ledger.assignFacts(second.fileId, ['s1#2', 's2'])).toEqual([false, true]);
      const other = await ledger.beginFile('archive');
      expect(await ledger.assignFacts(other.fileId, ['s1#2'])).toEqual([true]);
    });

    test('gives the facts of a file back that was never finished', async () => {
      const lost = await ledger.beginFile('confirmations');
      await ledger.assignFacts(lost.fileId, ['s1']);
      const next = await ledger.beginFile('confirmations');
      expect(next.fileId).not.toBe(lost.fileId);
      expect(await ledger.assignFacts(next.fileId, ['s1'])).toEqual([true]);
      await expect(ledger.assignFacts(lost.fileId, ['s2'])).rejects.toThrow('not being built');
      await ledger.abandonFile(next.fileId, 3);
      expect(await ledger.assignFacts((await ledger.beginFile('confirmations')).fileId, ['s1'])).toEqual([true]);
    });

    test('shows the facts that came from an item', async () => {
      await store([item('1'), item('2')], '2');
      const [first, second] = await ledger.itemsAfter('ctl', 'shipments', 0, 9);
      const { fileId } = await ledger.beginFile('confirmations');
      await ledger.assignFacts(fileId, ['S1/b', 'S1/a', 'S2'], [first?.id ?? 0, first?.id ?? 0, second?.id ?? 0]);
      await ledger.assignFacts(fileId, ['of nowhere']);
      expect((await ledger.feedItems({ limit: 9 })).map(({ facts }) => facts)).toEqual([['S2'], ['S1/a', 'S1/b']]);
    });

    test('leads a file from built over written to published', async () => {
      const { fileId } = await ledger.beginFile('confirmations');
      expect(await ledger.outboundFiles({ limit: 9 })).toEqual([]);
      await expect(ledger.markWritten(fileId)).rejects.toThrow('not built');
      await completeOnly(ledger, 'confirmations', { fileId, content: content('a.csv') }, 1);
      const file = {
        id: fileId,
        flow: 'confirmations',
        kind: 'feed',
        state: 'built',
        sequence: 1,
        dropId: undefined,
        ...content('a.csv'),
      };
      expect(await ledger.unpublishedFiles()).toEqual([file]);
      await expect(ledger.markPublished(fileId)).rejects.toThrow('not written');
      await ledger.markWritten(fileId);
      expect((await ledger.unpublishedFiles())[0]?.state).toBe('written');
      await ledger.markPublished(fileId);
      expect(await ledger.unpublishedFiles()).toEqual([]);
      expect((await ledger.outboundFiles({ flow: 'confirmations', limit: 9 }))[0]?.state).toBe('published');
      expect(await ledger.outboundFiles({ flow: 'other', limit: 9 })).toEqual([]);
    });

    test('knows every name that was ever used in a folder', async () => {
      const { fileId } = await ledger.beginFile('confirmations');
      await completeOnly(ledger, 'confirmations', { fileId, content: content('a.csv') }, 1);
      expect(await ledger.isNameUsed('erp', 'a.csv')).toBe(true);
      expect(await ledger.isNameUsed('partner', 'a.csv')).toBe(false);
      expect(await ledger.isNameUsed('erp', 'b.csv')).toBe(false);
    });

    test('remembers its last run, and a run moves nothing', async () => {
      expect(await ledger.flowState('confirmations')).toEqual({ position: 0, lastRunAt: undefined });
      await ledger.recordRun('confirmations', 123);
      await ledger.recordRun('confirmations', 456);
      expect(await ledger.flowState('confirmations')).toEqual({ position: 0, lastRunAt: 456 });
    });
  });

  describe('the report of a drop', () => {
    test('is its files and the mark in one step, once', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A', { issues: [errorIssue()] })]);
      const files = [
        { ...content('a.result.csv'), kind: 'result' as const },
        { ...content('a.rejected.csv'), kind: 'rejects' as const },
      ];
      await ledger.completeReport(drop.id, files);
      expect(
        (await ledger.unpublishedFiles()).map(({ kind, flow, dropId, path }) => [kind, flow, dropId, path]),
      ).toEqual([
        ['result', 'orders', drop.id, 'a.result.csv'],
        ['rejects', 'orders', drop.id, 'a.rejected.csv'],
      ]);
      expect(await ledger.dropsToReport(10)).toEqual([]);
      expect((await ledger.drop(drop.id))?.isReported).toBe(true);
      await expect(ledger.completeReport(drop.id, files)).rejects.toThrow('no report');
    });
  });

  test('the spool keeps what drops and unpublished files need, and no more', async () => {
    const reading = await ledger.beginDrop('orders', 'erp', [dropFile('r.csv', { spool: 'spool-r' })]);
    const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv'), dropFile('b.csv', { part: 'b' })]);
    await ledger.receiveDrop(drop.id, receipt(drop, 0));
    expect(await ledger.neededSpool()).toEqual(new Set(['spool-r', `spool-${drop.id}`, `spool-${drop.id}b`]));
    await ledger.settleDrop(drop.id, []);
    expect((await ledger.neededSpool()).size).toBe(3);
    await ledger.completeReport(drop.id, [{ ...content('x.csv'), kind: 'result' }]);
    expect(await ledger.neededSpool()).toEqual(new Set(['spool-r', 'spool of x.csv']));
    const [file] = await ledger.unpublishedFiles();
    await ledger.markWritten(file?.id ?? 0);
    await ledger.markPublished(file?.id ?? 0);
    await ledger.forgetDrop(reading.id);
    expect(await ledger.neededSpool()).toEqual(new Set());
  });
}

function item(identity: string, documentKey?: string): FeedItem {
  return { identity, index: identity, body: `body ${identity}`, ...(documentKey === undefined ? {} : { documentKey }) };
}

function content(path: string): FileContent {
  return {
    folder: 'erp',
    path,
    temporaryPath: `.${path}.tmp`,
    hash: 'ab',
    size: 5,
    rows: 1,
    spool: `spool of ${path}`,
  };
}
