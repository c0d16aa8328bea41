import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileContent, Ledger, RunEnd } from '../../src/core/ledger.ts';
import type { LedgerFactory, LedgerFixture } from './support-ledger.ts';

const FLOW = { flow: 'stock', provider: 'ctl', feed: 'stock' };

/** What every ledger promises about runs of several files, markers, kept bytes and what people ask of files. */
export function runContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());
  const complete = (files: readonly [number, FileContent][], end: Partial<RunEnd> = {}): Promise<void> =>
    ledger.completeRun(
      'stock',
      files.map(([fileId, own]) => ({ fileId, content: own })),
      { position: 1, deferred: [], at: 1000, ...end },
    );
  /** Publishes a file with these extras; answers its id. */
  const publish = async (path: string, extras: Partial<FileContent> = {}): Promise<number> => {
    const { fileId } = await ledger.beginFile('stock');
    await complete([[fileId, content(path, extras)]]);
    await ledger.markWritten(fileId);
    await ledger.markPublished(fileId, 1000);
    return fileId;
  };

  describe('a run of several files', () => {
    test('becomes visible as one, with numbers without a hole', async () => {
      const first = await ledger.beginFile('stock');
      const second = await ledger.beginNextFile(first.fileId);
      const third = await ledger.beginNextFile(second.fileId);
      expect([first, second, third].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(await ledger.assignFacts(first.fileId, ['a'])).toEqual([true]);
      expect(await ledger.assignFacts(second.fileId, ['a', 'b'])).toEqual([false, true]);
      await ledger.dropFile(third.fileId);
      expect(await ledger.unpublishedFiles()).toEqual([]);
      await complete(
        [
          [first.fileId, content('a.csv', { document: 'PO-1' })],
          [second.fileId, content('b.csv')],
        ],
        { position: 7 },
      );
      const files = await ledger.unpublishedFiles();
      expect(files.map(({ path, sequence, document }) => [path, sequence, document])).toEqual([
        ['a.csv', 1, 'PO-1'],
        ['b.csv', 2, undefined],
      ]);
      expect([(await ledger.flowState('stock')).position, (await ledger.beginFile('stock')).sequence]).toEqual([7, 3]);
    });

    test('that was not completed leaves neither numbers nor facts', async () => {
      const { fileId } = await ledger.beginFile('stock');
      const next = await ledger.beginNextFile(fileId);
      await ledger.assignFacts(next.fileId, ['a']);
      const again = await ledger.beginFile('stock');
      expect([again.sequence, await ledger.assignFacts(again.fileId, ['a'])]).toEqual([1, [true]]);
      await expect(complete([[next.fileId, content('x.csv')]])).rejects.toThrow('not being built');
      expect((await ledger.flowState('stock')).position).toBe(0);
    });

    test('finds the items of its documents, in the order of their first item', async () => {
      const items = ['B', 'A', '', 'B'].map((documentKey, index) => ({
        identity: String(index),
        index: String(index),
        body: String(index),
        documentKey,
      }));
      await ledger.storePage({ provider: 'ctl', feed: 'stock', items, cursor: '9' });
      const upTo = await ledger.lastItem('ctl', 'stock');
      expect(await ledger.documentsAfter('ctl', 'stock', 0, upTo)).toEqual(['B', 'A', '']);
      expect(await ledger.documentsAfter('ctl', 'stock', upTo - 1, upTo)).toEqual(['B']);
      const found = await ledger.itemsOfDocument('ctl', 'stock', 'B', 0, upTo, 9);
      expect(found.map(({ body }) => body)).toEqual(['0', '3']);
      expect(await ledger.itemsOfDocument('ctl', 'stock', 'B', 0, upTo - 1, 9)).toHaveLength(1);
      expect([await ledger.lastItem('ctl', 'none'), await ledger.documentsAfter('ctl', 'none', 0, 9)]).toEqual([0, []]);
    });
  });

  test('facts of earlier files of a flow are forgotten some at a time, and those of others stay', async () => {
    const old = await ledger.beginFile('stock');
    await ledger.assignFacts(old.fileId, ['a', 'b', 'c']);
    await complete([[old.fileId, content('a.csv')]]);
    const other = await ledger.beginFile('other');
    await ledger.assignFacts(other.fileId, ['a']);
    const { fileId } = await ledger.beginFile('stock');
    await ledger.assignFacts(fileId, ['d']);
    expect(await ledger.forgetFacts('stock', fileId, 2)).toBe(2);
    expect(await ledger.forgetFacts('stock', fileId, 2)).toBe(1);
    expect(await ledger.forgetFacts('stock', fileId, 2)).toBe(0);
    expect(await ledger.assignFacts(fileId, ['a', 'd'])).toEqual([true, false]);
    expect(await ledger.assignFacts(other.fileId, ['a'])).toEqual([false]);
  });

  test('a snapshot says when its walk began', async () => {
    expect(await ledger.snapshotTime('ctl', 'stock')).toBeUndefined();
    const walk = await ledger.beginSnapshot('ctl', 'stock', 4711);
    expect(await ledger.snapshotTime('ctl', 'stock')).toBeUndefined();
    await ledger.finishSnapshot(walk);
    expect(await ledger.snapshotTime('ctl', 'stock')).toBe(4711);
  });

  test('rows are compared with those last delivered, which move with their file or not at all', async () => {
    const rows = (...quantities: string[]) =>
      quantities.map((cell, index) => ({ fact: `f${index}`, cells: [cell, '\0'] }));
    const first = await ledger.beginFile('stock');
    expect(await ledger.compareRows(first.fileId, rows('1', '2'))).toEqual([true, true]);
    expect(await ledger.compareRows(first.fileId, rows('9'))).toEqual([false]);
    const second = await ledger.beginFile('stock');
    expect(await ledger.compareRows(second.fileId, rows('1', '2', '3'))).toEqual([true, true, true]);
    await complete([[second.fileId, content('a.csv')]], { comparedBy: second.fileId });
    const third = await ledger.beginFile('stock');
    expect(await ledger.compareRows(third.fileId, rows('1', '5'))).toEqual([false, true]);
    expect(await ledger.goneRows(third.fileId, '', 9)).toEqual([{ fact: 'f2', cells: ['3', '\0'] }]);
    expect(await ledger.goneRows(third.fileId, 'f2', 9)).toEqual([]);
    await complete([[third.fileId, content('b.csv')]], { comparedBy: third.fileId, keepsGone: true });
    const fourth = await ledger.beginFile('stock');
    expect((await ledger.goneRows(fourth.fileId, '', 2)).map(({ cells }) => cells[0])).toEqual(['1', '5']);
    expect((await ledger.goneRows(fourth.fileId, 'f1', 2)).map(({ cells }) => cells[0])).toEqual(['3']);
  });

  test('a marker is due once its file is published, and leads from built over written to published', async () => {
    const marker = { path: 'a.ok', temporaryPath: '.a.tmp' };
    const { fileId } = await ledger.beginFile('stock');
    await complete([[fileId, content('a.csv', { marker })]]);
    expect((await ledger.unpublishedFiles())[0]?.markerPath).toBe('a.ok');
    expect(await ledger.unpublishedMarkers()).toEqual([]);
    await ledger.markWritten(fileId);
    await ledger.markPublished(fileId, 1);
    expect(await ledger.unpublishedMarkers()).toEqual([
      { fileId, flow: 'stock', folder: 'erp', state: 'built', ...marker },
    ]);
    await ledger.markMarker(fileId, 'written');
    expect((await ledger.unpublishedMarkers())[0]?.state).toBe('written');
    await ledger.markMarker(fileId, 'published');
    expect(await ledger.unpublishedMarkers()).toEqual([]);
    await expect(ledger.markMarker(99, 'written')).rejects.toThrow('no marker');
  });

  describe('a published file', () => {
    test('is written again as long as its bytes are kept, its marker too', async () => {
      const id = await publish('a.csv', { keepMs: 500, marker: { path: 'a.ok', temporaryPath: '.a.tmp' } });
      await ledger.markMarker(id, 'published');
      expect(await ledger.neededSpool()).toEqual(new Set(['spool of a.csv']));
      expect(await ledger.rewriteFile(id)).toBe(true);
      expect(await ledger.rewriteFile(id)).toBe(false);
      expect(await ledger.unpublishedFiles()).toMatchObject([{ id, state: 'built', rewrites: 1 }]);
      await ledger.markWritten(id);
      await ledger.markPublished(id, 2000);
      expect((await ledger.unpublishedMarkers()).length).toBe(1);
      expect(await ledger.releaseKept(2499, 9)).toEqual([]);
      expect(await ledger.releaseKept(2500, 9)).toEqual(['spool of a.csv']);
      expect([await ledger.rewriteFile(id), (await ledger.neededSpool()).size]).toEqual([false, 0]);
    });

    test('is not written again once a later file has its name, out or not', async () => {
      const first = await publish('a.csv', { keepMs: 500 });
      await publish('b.csv', { keepMs: 500 });
      const { fileId } = await ledger.beginFile('stock');
      await complete([[fileId, content('a.csv', { replaces: 'wait', keepMs: 500 })]]);
      expect(await ledger.rewriteFile(first)).toBe(false);
      await ledger.markWritten(fileId);
      await ledger.markPublished(fileId, 1000);
      expect([await ledger.rewriteFile(first), await ledger.rewriteFile(fileId)]).toEqual([false, true]);
      expect(await ledger.unpublishedFiles()).toMatchObject([{ id: fileId, state: 'built' }]);
    });

    test('is known as the one before the next of its name', async () => {
      const first = await publish('a.csv', { archivePath: 'old/1.csv' });
      await publish('b.csv');
      const { fileId } = await ledger.beginFile('stock');
      await complete([[fileId, content('a.csv', { replaces: 'archive' })]]);
      expect(await ledger.fileBefore(fileId)).toMatchObject({ id: first, archivePath: 'old/1.csv' });
      expect(await ledger.fileBefore(first)).toBeUndefined();
    });
  });

  test('a file that is not out is withdrawn: its number is void, its items wait, and its facts are free', async () => {
    await ledger.storePage({ provider: 'ctl', feed: 'stock', items: [{ identity: '1', body: '{}' }], cursor: '2' });
    const [item] = await ledger.itemsAfter('ctl', 'stock', 0, 1);
    const { fileId } = await ledger.beginFile('stock');
    await ledger.assignFacts(fileId, ['a', 'b'], [item?.id ?? 0, item?.id ?? 0]);
    await complete([[fileId, content('a.csv')]], { position: item?.id ?? 0 });
    expect(await ledger.voidFile(fileId, 5)).toBe(true);
    expect(await ledger.voidFile(fileId, 5)).toBe(false);
    expect([await ledger.unpublishedFiles(), (await ledger.deferredItems('stock')).length]).toEqual([[], 1]);
    expect(await ledger.outboundFlow(FLOW)).toMatchObject({ voids: 1, sequence: 1, deferred: 1, items: 0 });
    const next = await ledger.beginFile('stock');
    expect([next.sequence, await ledger.assignFacts(next.fileId, ['a'])]).toEqual([2, [true]]);
    expect(await ledger.voidFile(await publish('c.csv'), 5)).toBe(false);
  });

  test('what a person wants collected again is open until its run is complete', async () => {
    await ledger.askRecollection('stock', '7', 1);
    await ledger.askRecollection('stock', '9', 2);
    const wish = await ledger.openRecollection('stock');
    expect([wish?.from, await ledger.openRecollection('other')]).toEqual(['7', undefined]);
    expect((await ledger.outboundFlow(FLOW)).recollectsFrom).toBe('7');
    const { fileId } = await ledger.beginFile('stock');
    await complete([[fileId, content('a.csv', { repeatsFrom: '7' })]], { recollection: wish?.id ?? 0 });
    expect((await ledger.outboundFlow(FLOW)).lastFile).toMatchObject({ path: 'a.csv', repeatsFrom: '7' });
    expect((await ledger.openRecollection('stock'))?.from).toBe('9');
  });
}

function content(path: string, extras: Partial<FileContent> = {}): FileContent {
  const plain = { folder: 'erp', path, temporaryPath: `.${path}.tmp`, hash: 'ab', size: 5, rows: 1 };
  return { ...plain, spool: `spool of ${path}`, ...extras };
}
