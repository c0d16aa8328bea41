import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, StagedRecord } from '../../src/core/ledger.ts';
import {
  collect,
  document,
  dropFile,
  errorIssue,
  receipt,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

/** What every ledger promises about drops until they are received. */
export function dropContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());

  describe('a drop that is being read', () => {
    test('counts its tries and keeps its id, and forgets what an earlier try had staged', async () => {
      const first = await ledger.beginDrop('orders', 'erp', [dropFile('in/a.csv')]);
      await ledger.stageDocuments(first.id, [document('A')]);
      await ledger.stageRecords(first.id, [record('', 0, 'A')]);
      const second = await ledger.beginDrop('orders', 'erp', [dropFile('in/a.csv', { size: 11 })]);
      expect([first.tries, second.tries, second.id, second.files[0]?.size]).toEqual([1, 2, first.id, 11]);
      expect(await ledger.stageDocuments(first.id, [document('A')])).toBe(true);
      expect(await collect(ledger.stagedGroups(first.id))).toEqual([]);
    });

    test('is another drop than one of another flow, folder or path', async () => {
      const ids = [
        await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]),
        await ledger.beginDrop('products', 'erp', [dropFile('a.csv')]),
        await ledger.beginDrop('orders', 'partner', [dropFile('a.csv')]),
        await ledger.beginDrop('orders', 'erp', [dropFile('b.csv')]),
      ].map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
    });

    test('keeps several files with their parts in order', async () => {
      const files = [dropFile('h.csv'), dropFile('z.csv', { part: 'items' }), dropFile('a.csv', { part: 'comments' })];
      const drop = await ledger.beginDrop('orders', 'erp', files);
      expect(drop.files).toEqual(files);
    });

    test('shows nothing of what is staged', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      await ledger.stageDocuments(drop.id, [document('A'), document('B', { issues: [errorIssue()] })]);
      expect(await ledger.claimSubmissions('ctl', 10, 9e15)).toEqual([]);
      expect(await ledger.laneState('ctl')).toEqual({ open: 0, nextDueAt: undefined });
      expect(await ledger.documents({ limit: 10 })).toEqual([]);
      expect(await ledger.submissions({ limit: 10 })).toEqual([]);
      expect(await collect(ledger.resultRows(drop.id))).toEqual([]);
      expect((await ledger.overview()).submissions).toEqual({});
    });

    test('takes a batch of documents whole or not at all', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      expect(await ledger.stageDocuments(drop.id, [document('A')])).toBe(true);
      expect(await ledger.stageDocuments(drop.id, [document('B'), document('A')])).toBe(false);
      expect(await ledger.stageDocuments(drop.id, [document('C'), document('C')])).toBe(false);
      await ledger.receiveDrop(drop.id, receipt(drop, 1));
      expect((await collect(ledger.resultRows(drop.id))).map(({ key }) => key)).toEqual(['A']);
    });

    test('keeps groups apart that differ only in a NUL or a broken character', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      const groups = ['A', 'A\0', 'A\ud800', 'A\ufffd', '"A"'];
      const documents = groups.map((group) => document(group, { group }));
      expect(await ledger.stageDocuments(drop.id, documents)).toBe(true);
      await ledger.receiveDrop(drop.id, receipt(drop, 5));
      expect((await collect(ledger.resultRows(drop.id))).map(({ key }) => key)).toEqual(groups);
    });

    test('is forgotten without a trace when its sender takes the file away', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      await ledger.stageDocuments(drop.id, [document('A')]);
      await ledger.forgetDrop(drop.id);
      expect(await ledger.drop(drop.id)).toBeUndefined();
      expect(await ledger.unsettledDrops()).toEqual([]);
    });

    test('is not forgotten any more once it is received', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      await ledger.forgetDrop(drop.id);
      expect((await ledger.drop(drop.id))?.state).toBe('received');
    });

    test('can be set aside, and the same bytes under the same name stay aside', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      await ledger.holdDrop(drop.id, errorIssue('kills-reader'));
      const { fingerprint } = dropFile('a.csv');
      expect(await ledger.isHeld('erp', 'a.csv', fingerprint)).toBe(true);
      expect(await ledger.isHeld('erp', 'a.csv', 'another print')).toBe(false);
      expect(await ledger.isHeld('partner', 'a.csv', fingerprint)).toBe(false);
      expect((await ledger.drop(drop.id))?.issues.map(({ code }) => code)).toEqual(['kills-reader']);
      expect((await ledger.beginDrop('orders', 'erp', [dropFile('a.csv', { fingerprint: 'new' })])).tries).toBe(1);
    });
  });

  describe('staged records', () => {
    test('come back group by group in the order of their first record, each group whole', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('h.csv'), dropFile('i.csv', { part: 'items' })]);
      await ledger.stageRecords(drop.id, [
        record('items', 0, 'only items'),
        record('items', 1, 'B'),
        record('items', 2, 'A'),
      ]);
      await ledger.stageRecords(drop.id, [record('', 2, 'B'), record('', 0, 'B'), record('', 1, 'A')]);
      const groups = await collect(ledger.stagedGroups(drop.id));
      expect(groups.map((group) => group.map(({ part, seq }) => `${part}${seq}`))).toEqual([
        ['0', '2', 'items1'],
        ['1', 'items2'],
        ['items0'],
      ]);
      expect(groups[0]?.[0]).toEqual(record('', 0, 'B'));
    });

    test('come back complete when there are more groups than a page holds', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      const records = Array.from({ length: 3000 }, (_, seq) => record('', seq, `g${seq % 1400}`));
      await ledger.stageRecords(drop.id, records);
      const groups = await collect(ledger.stagedGroups(drop.id));
      expect(groups.map((group) => group[0]?.seq)).toEqual(Array.from({ length: 1400 }, (_, seq) => seq));
      expect(groups.flat().length).toBe(3000);
    });

    test('may be followed by documents while they are read', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      await ledger.stageRecords(drop.id, [record('', 0, 'A'), record('', 1, 'B')]);
      for await (const group of ledger.stagedGroups(drop.id)) {
        await ledger.stageDocuments(drop.id, [document(group[0]?.group ?? '')]);
      }
      await ledger.receiveDrop(drop.id, receipt(drop, 2));
      expect((await collect(ledger.resultRows(drop.id))).map(({ key }) => key)).toEqual(['A', 'B']);
      expect(await collect(ledger.stagedGroups(drop.id))).toEqual([]);
    });

    test('are removed on demand together with staged documents', async () => {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile('a.csv')]);
      await ledger.stageRecords(drop.id, [record('', 0, 'A')]);
      await ledger.stageDocuments(drop.id, [document('A')]);
      await ledger.clearStaged(drop.id);
      expect(await collect(ledger.stagedGroups(drop.id))).toEqual([]);
      expect(await ledger.stageDocuments(drop.id, [document('A')])).toBe(true);
    });
  });

  describe('a drop after it was received', () => {
    test('goes through settling to settled with its targets and findings', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      fixture.clock.set(1_000_500);
      await ledger.beginSettling(drop.id, new Map([['', 'done/a.csv']]));
      expect((await ledger.unsettledDrops()).map(({ state, files }) => [state, files[0]?.target])).toEqual([
        ['settling', 'done/a.csv'],
      ]);
      await ledger.settleDrop(drop.id, [errorIssue('original-missing')]);
      expect(await ledger.unsettledDrops()).toEqual([]);
      const view = await ledger.drop(drop.id);
      expect(view).toMatchObject({
        state: 'settled',
        firstSeenAt: 1_000_000,
        receivedAt: 1_000_000,
        settledAt: 1_000_500,
      });
      expect(view?.issues.map(({ code }) => code)).toEqual(['original-missing']);
    });

    test('takes no more documents and is not received twice', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      await expect(ledger.stageDocuments(drop.id, [document('B')])).rejects.toThrow('not reading');
      await expect(ledger.receiveDrop(drop.id, receipt(drop, 1))).rejects.toThrow('not reading');
      await expect(ledger.clearStaged(drop.id)).rejects.toThrow('not reading');
    });

    test('survives closing and opening again', async () => {
      const drop = await receive(ledger, 'a.csv', [document('A')]);
      const again = await fixture.reopen();
      expect((await again.unsettledDrops()).map(({ id, state }) => [id, state])).toEqual([[drop.id, 'received']]);
      expect((await again.claimSubmissions('ctl', 5, 2e6)).length).toBe(1);
    });
  });
}

function record(part: string, seq: number, group: string): StagedRecord {
  return { part, seq, line: seq + 2, group, body: JSON.stringify({ seq, cells: ['Zoë', '\0'] }) };
}
