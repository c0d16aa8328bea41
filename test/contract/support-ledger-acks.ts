import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Acknowledgement, AwaitedCode, FileIncidentCode, Ledger } from '../../src/core/ledger.ts';
import {
  accepted,
  claimOne,
  completeOnly,
  document,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

const UNCOLLECTED: AwaitedCode = 'file-uncollected';
const UNACKNOWLEDGED: AwaitedCode = 'file-unacknowledged';
const FOREVER = Number.MAX_SAFE_INTEGER;

/** What every ledger must hold of receipts, and of files after they went out. */
export function ackContract(create: LedgerFactory): void {
  describe('a receipt', () => {
    const { fixture, ledger } = book(create);

    test('is wanted until it is built, and no report comes before it', async () => {
      await receive(ledger(), 'in/plain.csv', [document('A')]);
      const issues = [{ code: 'missing-value', severity: 'error', where: {}, what: 'x' }] as const;
      const drop = await receive(ledger(), 'in/a.csv', [document('B'), document('C', { issues })], {
        isReceiptWanted: true,
      });
      const again = await fixture().reopen();
      expect(await again.dropsToAcknowledge(10)).toMatchObject([
        { id: drop.id, documents: 2, refused: 1, receivedAt: fixture().clock.now() },
      ]);
      for (const _each of [1, 2]) await again.endAttempt(accepted(await claimOne(again)));
      expect((await again.dropsToReport(10)).map(({ id }) => id)).not.toContain(drop.id);
      await again.completeReceipt(drop.id, content('results/a.received.csv', drop.id));
      expect(await again.dropsToAcknowledge(10)).toEqual([]);
      expect((await again.dropsToReport(10)).map(({ id }) => id)).toContain(drop.id);
      expect(await again.unpublishedFiles()).toMatchObject([{ kind: 'received', dropId: drop.id, flow: 'orders' }]);
      await expect(again.completeReceipt(drop.id, undefined)).rejects.toThrow('no receipt');
    });
  });

  describe('a file that went out', () => {
    const { fixture, ledger } = book(create);
    const publish = (path: string, flow = 'shipped') => publishFile(ledger(), flow, path, fixture().clock.now());
    const overdue = (code: AwaitedCode, until = FOREVER) => ledger().overdueFiles('shipped', code, 0, until);

    test('is awaited from when that began, and no more when nobody awaits it', async () => {
      fixture().clock.set(5000);
      expect(await ledger().beginAwaiting('shipped', UNCOLLECTED, 5000)).toBe(5000);
      expect(await ledger().beginAwaiting('shipped', UNCOLLECTED, 9000)).toBe(5000);
      await ledger().judgeIncident('shipped', UNCOLLECTED, { subject: 'a file', upTo: 1 });
      await ledger().retireAwaiting([{ flow: 'shipped', code: UNACKNOWLEDGED }]);
      expect(await ledger().incidents({ isOpen: true, limit: 9 })).toEqual([]);
      expect(await ledger().beginAwaiting('shipped', UNCOLLECTED, 9000)).toBe(9000);
    });

    test('lies in its folder until it is seen to be gone, and again when it is written again', async () => {
      const id = await publish('out/S_1.csv');
      fixture().clock.set(2_000_000);
      await publish('out/S_2.csv');
      await publish('out/other.csv', 'others');
      expect(await ledger().lyingFiles('shipped', 0, 9)).toMatchObject([
        { path: 'out/S_1.csv' },
        { path: 'out/S_2.csv' },
      ]);
      expect(await ledger().lyingFiles('shipped', 1_500_000, 9)).toMatchObject([{ path: 'out/S_2.csv' }]);
      expect(await overdue(UNCOLLECTED, 1_500_000)).toEqual({
        count: 1,
        oldest: { path: 'out/S_1.csv', publishedAt: 1_000_000 },
      });
      await ledger().markLeft([id], 2_000_000);
      expect(await overdue(UNCOLLECTED, 1_500_000)).toEqual({ count: 0, oldest: undefined });
      expect(await ledger().rewriteFile(id)).toBe(true);
      expect(await ledger().lyingFiles('shipped', 0, 9), 'not out yet').toHaveLength(1);
      await ledger().markWritten(id);
      await ledger().markPublished(id, 3_000_000);
      expect(await overdue(UNCOLLECTED, 2_500_000)).toMatchObject({ count: 1, oldest: { path: 'out/S_2.csv' } });
      expect(await overdue(UNCOLLECTED)).toMatchObject({ count: 2 });
    });

    test('is acknowledged by its name or its number, whichever flow it is of', async () => {
      await publish('a/deep/dir/S_1.csv');
      await publish('O_1.csv', 'others');
      const said = { flows: ['shipped', 'others'], isAccepted: true, message: '', saidAt: FOREVER };
      expect(await ledger().acknowledgeFile({ ...said, name: 'S_1.csv' })).toMatchObject({
        path: 'a/deep/dir/S_1.csv',
      });
      expect(await ledger().acknowledgeFile({ ...said, name: 'O_1.csv' })).toMatchObject({ flow: 'others' });
      expect(await ledger().acknowledgeFile({ ...said, flows: ['shipped'], sequence: 1 })).toMatchObject({
        flow: 'shipped',
      });
      for (const unknown of [{ name: 'dir/S_1.csv' }, { name: 's_1.csv' }, { sequence: 2 }, { name: '' }])
        expect(await ledger().acknowledgeFile({ ...said, ...unknown })).toBe('unknown');
      expect(await ledger().acknowledgeFile({ ...said, flows: ['shipped'], name: 'O_1.csv' })).toBe('unknown');
      expect(await overdue(UNACKNOWLEDGED)).toMatchObject({ count: 0 });
    });

    test('of several with one name is the newest that was there when it was said', async () => {
      const first = await publish('STOCK.csv');
      fixture().clock.set(2_000_000);
      const next = await publish('STOCK.csv');
      const say = (saidAt: number) => ledger().acknowledgeFile(said({ name: 'STOCK.csv', saidAt }));
      expect(await say(1_500_000)).toMatchObject({ id: first });
      expect(await say(2_000_000)).toMatchObject({ id: next });
      expect(await say(500_000)).toBe('unknown');
    });

    test('is not awaited any more once another one has replaced it under its name', async () => {
      await publish('STOCK.csv');
      await publish('other/B.csv');
      expect(await overdue(UNACKNOWLEDGED)).toMatchObject({ count: 2, oldest: { path: 'STOCK.csv' } });
      fixture().clock.set(2_000_000);
      await publish('STOCK.csv');
      expect(await overdue(UNACKNOWLEDGED)).toMatchObject({ count: 2, oldest: { path: 'other/B.csv' } });
      await ledger().acknowledgeFile(said({ name: 'STOCK.csv', saidAt: 1_500_000, isAccepted: false, message: 'x' }));
      expect(await ledger().declinedFiles('shipped'), 'what comes late is still known').toMatchObject({ count: 1 });
      await ledger().acknowledgeFile(said({ name: 'STOCK.csv' }));
      expect(await overdue(UNACKNOWLEDGED)).toMatchObject({ count: 1, oldest: { path: 'other/B.csv' } });
    });

    test('of several flows with one name or number is only known by its path', async () => {
      await publish('a/STOCK.csv');
      await publish('b/STOCK.csv', 'others');
      const flows = ['shipped', 'others'];
      const say = async (own: Partial<Acknowledgement>): Promise<string> => {
        const file = await ledger().acknowledgeFile(said({ flows, ...own }));
        return typeof file === 'string' ? file : file.path;
      };
      const name = 'STOCK.csv';
      expect([await say({ name }), await say({ sequence: 1 }), await say({ name, path: name })]).toEqual(
        Array.from({ length: 3 }, () => 'ambiguous'),
      );
      expect(await say({ name, path: 'b/STOCK.csv' })).toBe('b/STOCK.csv');
      expect(await say({ name, path: 'C:/share/a/STOCK.csv' })).toBe('a/STOCK.csv');
      expect(await say({ name, path: 'z/STOCK.csv' })).toBe('ambiguous');
    });

    test('is not known before it is out, and known while it is written again', async () => {
      const built = await buildOnly(ledger(), 'shipped', 'S_1.csv', 1_000_000);
      expect(await ledger().acknowledgeFile(said({ name: 'S_1.csv' }))).toBe('unknown');
      await ledger().markWritten(built);
      await ledger().markPublished(built, 1_000_000);
      await ledger().rewriteFile(built);
      expect(await ledger().acknowledgeFile(said({ name: 'S_1.csv' }))).toMatchObject({ id: built });
    });

    test('is declined until something better is said later', async () => {
      await publish('S_1.csv');
      fixture().clock.set(2_000_000);
      await publish('S_2.csv');
      const declined = (): Promise<unknown> => ledger().declinedFiles('shipped');
      await ledger().acknowledgeFile(said({ name: 'S_2.csv', isAccepted: false, message: 'two', saidAt: 3_000_000 }));
      await ledger().acknowledgeFile(said({ name: 'S_1.csv', isAccepted: false, message: 'one', saidAt: 3_000_000 }));
      expect(await declined()).toEqual({ count: 2, oldest: { path: 'S_1.csv', message: 'one' } });
      await ledger().acknowledgeFile(said({ name: 'S_1.csv', saidAt: 2_900_000 }));
      expect(await declined(), 'said before').toMatchObject({ count: 2 });
      await ledger().acknowledgeFile(said({ name: 'S_1.csv', saidAt: 3_100_000 }));
      expect(await declined()).toEqual({ count: 1, oldest: { path: 'S_2.csv', message: 'two' } });
      expect(await view(ledger())).toMatchObject({ declined: 1 });
    });

    test('is counted for status only where it is awaited', async () => {
      await publish('S_1.csv');
      expect(await view(ledger())).toMatchObject({ uncollected: undefined, unacknowledged: undefined });
      await ledger().beginAwaiting('shipped', UNCOLLECTED, 1_000_000);
      await ledger().beginAwaiting('shipped', UNACKNOWLEDGED, 1_000_001);
      expect(await view(ledger())).toMatchObject({ uncollected: 1, unacknowledged: 0 });
    });
  });

  describe('an incident about files', () => {
    const { fixture, ledger } = book(create);
    const open = () => ledger().incidents({ isOpen: true, limit: 9 });

    test.each<FileIncidentCode>(['file-uncollected', 'file-unacknowledged', 'file-declined'])(
      '%s is one for its flow, whatever it says',
      async (code) => {
        const { judgeIncident } = ledger();
        expect(await judgeIncident('shipped', code, { subject: 'one', upTo: 1 })).toBe('opened');
        expect(await judgeIncident('shipped', code, { subject: 'two', upTo: 2 })).toBeUndefined();
        expect(await judgeIncident('shipped', code, { subject: 'two', upTo: 2 })).toBeUndefined();
        expect(await judgeIncident('others', code, { subject: 'one', upTo: 1 })).toBe('opened');
        expect(await open()).toMatchObject([
          { flow: 'others', code },
          { flow: 'shipped', code, subject: 'two' },
        ]);
        expect(await judgeIncident('shipped', code, undefined)).toBe('closed');
        expect(await judgeIncident('shipped', code, undefined)).toBeUndefined();
        expect(await open()).toHaveLength(1);
      },
    );

    test('that a person closes does not open again for the same files', async () => {
      await publishFile(ledger(), 'shipped', 'S_1.csv', 1_000_000);
      await publishFile(ledger(), 'shipped', 'S_2.csv', 2_000_000);
      await ledger().acknowledgeFile(said({ name: 'S_2.csv', isAccepted: false }));
      for (const code of ['file-uncollected', 'file-unacknowledged', 'file-declined'] as const)
        await ledger().judgeIncident('shipped', code, { subject: code, upTo: 1_500_000 });
      fixture().clock.set(3_000_000);
      for (const { id } of await open()) expect(await ledger().closeIncident(id)).toBe(true);
      expect(await ledger().overdueFiles('shipped', UNCOLLECTED, 0, FOREVER)).toMatchObject({
        count: 1,
        oldest: { path: 'S_2.csv' },
      });
      expect(await ledger().overdueFiles('shipped', UNACKNOWLEDGED, 0, FOREVER)).toMatchObject({ count: 0 });
      expect(await ledger().declinedFiles('shipped')).toMatchObject({ count: 0 });
      await ledger().acknowledgeFile(said({ name: 'S_2.csv', isAccepted: false, message: 'again' }));
      expect(await ledger().declinedFiles('shipped')).toMatchObject({ count: 1 });
    });
  });

  describe('files that told of a document', () => {
    const { ledger } = book(create);

    test('are found by its key at its provider, each once, in their order', async () => {
      const item = (index: number, documentKey: string) => ({
        index: String(index),
        identity: String(index),
        documentKey,
        body: '{}',
      });
      await ledger().storePage({
        provider: 'ctl',
        feed: 'shipments',
        items: [item(1, 'A'), item(2, 'B')],
        cursor: '3',
      });
      await ledger().storePage({ provider: 'other', feed: 'shipments', items: [item(1, 'A')], cursor: '2' });
      const items = await ledger().itemsAfter('ctl', 'shipments', 0, 9);
      const [others] = await ledger().itemsAfter('other', 'shipments', 0, 9);
      const ids = new Map(items.map(({ id, documentKey }) => [documentKey, id]));
      const write = async (path: string, facts: Record<string, number>): Promise<void> => {
        const { fileId } = await ledger().beginFile('shipped');
        await ledger().assignFacts(fileId, Object.keys(facts), Object.values(facts));
        await completeOnly(ledger(), 'shipped', { fileId, content: content(path, fileId) }, 0);
      };
      await write('S_1.csv', { a1: ids.get('A') ?? 0, a2: ids.get('A') ?? 0, b: ids.get('B') ?? 0 });
      await write('S_2.csv', { a3: ids.get('A') ?? 0 });
      await write('S_3.csv', { o: others?.id ?? 0 });
      const about = async (...keys: string[]): Promise<string[]> =>
        (await ledger().filesAbout('ctl', keys)).map(({ path }) => path);
      expect(await about('A')).toEqual(['S_1.csv', 'S_2.csv']);
      expect(await about('B', 'A')).toEqual(['S_1.csv', 'S_2.csv']);
      expect(await about('C')).toEqual([]);
    });
  });
}

function book(create: LedgerFactory): { fixture: () => LedgerFixture; ledger: () => Ledger } {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await create();
  });
  afterEach(() => fixture.dispose());
  return { fixture: () => fixture, ledger: () => fixture.ledger };
}

function content(path: string, id: number) {
  const temporaryPath = `.dray-${id}.tmp`;
  return { folder: 'erp', path, temporaryPath, hash: 'h', size: 1, rows: 1, spool: `spool-${path}`, keepMs: 1000 };
}

async function buildOnly(ledger: Ledger, flow: string, path: string, at: number): Promise<number> {
  const { fileId } = await ledger.beginFile(flow);
  const files = [{ fileId, content: content(path, fileId) }];
  await ledger.completeRun(flow, files, { position: 0, deferred: [], at });
  return fileId;
}

async function publishFile(ledger: Ledger, flow: string, path: string, at: number): Promise<number> {
  const id = await buildOnly(ledger, flow, path, at);
  await ledger.markWritten(id);
  await ledger.markPublished(id, at);
  return id;
}

function said(own: Partial<Acknowledgement>): Acknowledgement {
  return { flows: ['shipped'], isAccepted: true, message: '', saidAt: FOREVER, ...own };
}

const view = (ledger: Ledger) => ledger.outboundFlow({ flow: 'shipped', provider: 'ctl', feed: 'shipments' });
