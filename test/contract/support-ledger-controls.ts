import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/core/ledger.ts';
import {
  document,
  dropFile,
  errorIssue,
  receipt,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

/** What every ledger promises about files that should come. */
export function controlContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());

  const numbered = (path: string, number: number, changes: object = {}) =>
    receive(ledger, path, [document(path)], { sequence: { cycle: 0, number }, ...changes });
  const last = async (): Promise<number | undefined> => (await ledger.sequenceState('orders'))?.number;

  describe('the sequence of a flow', () => {
    test('is not known before its first file', async () => {
      expect(await ledger.sequenceState('orders')).toBeUndefined();
      expect(await ledger.sequences()).toEqual([]);
    });

    test('goes on with the drop that is received, and not with one that is only begun', async () => {
      await ledger.beginDrop('orders', 'erp', [dropFile('5.csv')]);
      expect(await last()).toBeUndefined();
      const drop = await numbered('5.csv', 5);
      expect(await ledger.sequenceState('orders')).toEqual({
        flow: 'orders',
        cycle: 0,
        number: 5,
        waitingSince: undefined,
      });
      const found = await ledger.numberedDrop('orders', { cycle: 0, number: 5 });
      expect([found?.id, found?.files[0]?.hash]).toEqual([drop.id, 'hash of 5.csv']);
      expect(await ledger.numberedDrop('orders', { cycle: 1, number: 5 })).toBeUndefined();
      expect(await ledger.numberedDrop('products', { cycle: 0, number: 5 })).toBeUndefined();
    });

    test('stays where it is when the drop is refused, as a file or because of one of its documents', async () => {
      await numbered('5.csv', 5);
      await numbered('6.csv', 6, { isRefused: true });
      const broken = await ledger.beginDrop('orders', 'erp', [dropFile('7.csv')]);
      await ledger.stageDocuments(broken.id, [document('A', { issues: [errorIssue()] })]);
      await ledger.receiveDrop(
        broken.id,
        receipt(broken, 1, { isAllOrNothing: true, sequence: { cycle: 0, number: 7 } }),
      );
      expect(await last()).toBe(5);
      expect(await ledger.numberedDrop('orders', { cycle: 0, number: 6 })).toBeUndefined();
    });

    test('is not turned back by a file that comes late, and remembers it', async () => {
      await numbered('7.csv', 7);
      const late = await numbered('6.csv', 6);
      expect(await last()).toBe(7);
      expect((await ledger.numberedDrop('orders', { cycle: 0, number: 6 }))?.id).toBe(late.id);
    });

    test('goes on into the next cycle', async () => {
      await numbered('9999.csv', 9999);
      await receive(ledger, '1.csv', [document('1')], { sequence: { cycle: 1, number: 1 } });
      expect(await ledger.sequenceState('orders')).toMatchObject({ cycle: 1, number: 1 });
    });

    test('keeps the first drop of a number that comes twice', async () => {
      const first = await numbered('5.csv', 5);
      await numbered('5 again.csv', 5);
      expect((await ledger.numberedDrop('orders', { cycle: 0, number: 5 }))?.id).toBe(first.id);
    });

    test('remembers a wait and its incident until the file comes', async () => {
      await numbered('5.csv', 5);
      await ledger.noteSequenceWait('orders', 1_000_100);
      expect(await ledger.openIncident('orders', 'sequence-gap', 'number 6')).toBe(true);
      ledger = await fixture.reopen();
      expect((await ledger.sequenceState('orders'))?.waitingSince).toBe(1_000_100);
      expect(await ledger.openIncident('orders', 'sequence-gap', 'number 6')).toBe(false);
      fixture.clock.set(1_000_200);
      await numbered('6.csv', 6);
      expect((await ledger.sequenceState('orders'))?.waitingSince).toBeUndefined();
      expect(await ledger.incidents({ limit: 10 })).toMatchObject([{ code: 'sequence-gap', closedAt: 1_000_200 }]);
    });

    test('forgets a wait that is over without the file', async () => {
      await numbered('5.csv', 5);
      await ledger.noteSequenceWait('orders', 1_000_100);
      await ledger.openIncident('orders', 'sequence-gap', 'number 6');
      await ledger.noteSequenceWait('orders', undefined);
      expect((await ledger.sequenceState('orders'))?.waitingSince).toBeUndefined();
      expect(await ledger.incidents({ isOpen: true, limit: 10 })).toEqual([]);
    });

    test('is set by a person, before the first file or in place of what was missing', async () => {
      await ledger.setSequence('orders', { cycle: 0, number: 16 });
      expect(await last()).toBe(16);
      await ledger.noteSequenceWait('orders', 1_000_100);
      await ledger.openIncident('orders', 'sequence-gap', 'number 17');
      await ledger.setSequence('orders', { cycle: 1, number: 0 });
      expect(await ledger.sequences()).toEqual([{ flow: 'orders', cycle: 1, number: 0, waitingSince: undefined }]);
      expect(await ledger.incidents({ isOpen: true, limit: 10 })).toEqual([]);
    });
  });

  describe('the deadlines of a flow', () => {
    const unchanged = { judgedUntil: 100, isMet: false, countedUntil: 0, opened: [], closed: [] };

    test('are counted from when they were first known, through restarts', async () => {
      expect(await ledger.beginExpectation('orders', 100)).toEqual({
        flow: 'orders',
        judgedUntil: 100,
        isMet: false,
        arrivals: [],
      });
      ledger = await fixture.reopen();
      expect(await ledger.beginExpectation('orders', 900)).toMatchObject({ judgedUntil: 100 });
      expect(await ledger.expectations()).toHaveLength(1);
    });

    test('see drops that are received, and neither refused ones nor reject sheets that come back', async () => {
      await receive(ledger, 'before.csv', [document('before')]);
      await ledger.beginExpectation('orders', 100);
      await receive(ledger, 'refused.csv', [document('refused')], { isRefused: true });
      await receive(ledger, 'mended.csv', [document('mended')], { isReturned: true });
      const drop = await receive(ledger, 'good.csv', [document('good')]);
      const { arrivals } = await ledger.beginExpectation('orders', 100);
      expect(arrivals).toMatchObject([{ dropId: drop.id, at: 1_000_000 }]);
    });

    test('are judged in one step: what was counted is gone, what was missed is an incident', async () => {
      await ledger.beginExpectation('orders', 100);
      await receive(ledger, 'a.csv', [document('a')]);
      await receive(ledger, 'b.csv', [document('b')]);
      const { arrivals } = await ledger.beginExpectation('orders', 100);
      await ledger.judgeExpectation('orders', {
        judgedUntil: 200,
        isMet: true,
        countedUntil: arrivals[0]?.id ?? 0,
        opened: ['Monday', 'Tuesday'],
        closed: [],
      });
      ledger = await fixture.reopen();
      expect(await ledger.expectations()).toMatchObject([
        { flow: 'orders', judgedUntil: 200, isMet: true, arrivals: [{ dropId: arrivals[1]?.dropId }] },
      ]);
      const open = await ledger.incidents({ isOpen: true, limit: 10 });
      expect(open.map(({ code, subject, flow }) => [code, subject, flow])).toEqual([
        ['file-overdue', 'Tuesday', 'orders'],
        ['file-overdue', 'Monday', 'orders'],
      ]);
      const closed = [open[1]?.id ?? 0];
      await ledger.judgeExpectation('orders', { ...unchanged, closed });
      expect((await ledger.incidents({ isOpen: true, limit: 10 })).map(({ subject }) => subject)).toEqual(['Tuesday']);
      expect((await ledger.incidents({ limit: 10 })).map(({ subject }) => subject)).toEqual(['Tuesday', 'Monday']);
    });

    test('a missed one is one incident, however often it is found', async () => {
      await ledger.beginExpectation('orders', 100);
      for (let round = 0; round < 2; round++)
        await ledger.judgeExpectation('orders', { ...unchanged, opened: ['Monday'] });
      expect(await ledger.incidents({ limit: 10 })).toHaveLength(1);
    });

    test('an incident is closed once by a person', async () => {
      await ledger.openIncident('orders', 'file-overdue', 'Monday');
      const [incident] = await ledger.incidents({ isOpen: true, limit: 1 });
      expect(await ledger.closeIncident(incident?.id ?? 0)).toBe(true);
      expect(await ledger.closeIncident(incident?.id ?? 0)).toBe(false);
      expect(await ledger.closeIncident(999)).toBe(false);
    });

    test('are forgotten with their incidents when the flow no longer has them', async () => {
      for (const flow of ['orders', 'products']) {
        await ledger.beginExpectation(flow, 100);
        await ledger.openIncident(flow, 'file-overdue', 'Monday');
      }
      await numbered('5.csv', 5);
      await ledger.noteSequenceWait('orders', 100);
      await ledger.openIncident('orders', 'sequence-gap', 'number 6');
      await ledger.retireControls({ expecting: ['products'], numbered: [] });
      expect((await ledger.expectations()).map(({ flow }) => flow)).toEqual(['products']);
      expect((await ledger.incidents({ isOpen: true, limit: 10 })).map(({ flow }) => flow)).toEqual(['products']);
      expect(await ledger.sequenceState('orders')).toMatchObject({ number: 5, waitingSince: undefined });
    });
  });
}
