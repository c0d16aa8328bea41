import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, RememberedFile } from '../../src/core/ledger.ts';
import { document, receive, type LedgerFactory, type LedgerFixture } from './support-ledger.ts';

/** What every ledger promises about files that stay where they are. */
export function sourceContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  let ledger: Ledger;
  beforeEach(async () => {
    fixture = await create();
    ({ ledger } = fixture);
  });
  afterEach(() => fixture.dispose());

  const file = (path: string, changes: Partial<RememberedFile> = {}): RememberedFile => ({
    path,
    fingerprint: `print of ${path}`,
    hash: `hash of ${path}`,
    isSure: true,
    readAt: 1000,
    ...changes,
  });
  const known = async (directory = 'in', folder = 'erp'): Promise<RememberedFile[]> => [
    ...(await ledger.rememberedFiles(folder, directory)).values(),
  ];

  describe('files that stay where they are', () => {
    test('are remembered with the drop they came in, and after the ledger was opened again', async () => {
      const { id } = await receive(ledger, 'in/a.csv', [document('A')]);
      expect(await known()).toEqual([]);
      await ledger.settleDrop(id, [], [file('in/a.csv', { isSure: false })]);
      expect(await known()).toEqual([file('in/a.csv', { isSure: false })]);
      ledger = await fixture.reopen();
      expect(await known()).toEqual([file('in/a.csv', { isSure: false })]);
    });

    test('are not remembered when their drop cannot be settled', async () => {
      await known();
      await expect(ledger.settleDrop(99, [], [file('in/a.csv')])).rejects.toThrow('drop 99');
      expect(await known()).toEqual([]);
      ledger = await fixture.reopen();
      expect(await known()).toEqual([]);
    });

    test('belong to one directory of one folder', async () => {
      await ledger.rememberFiles('erp', [file('in/a.csv'), file('in/old/b.csv'), file('c.csv')]);
      await ledger.rememberFiles('partner', [file('in/a.csv', { hash: 'other' })]);
      expect(await known()).toEqual([file('in/a.csv')]);
      expect(await known('')).toEqual([file('c.csv')]);
      expect(await known('in', 'partner')).toEqual([file('in/a.csv', { hash: 'other' })]);
      expect((await ledger.rememberedFiles('erp', 'in/old')).get('in/old/b.csv')).toEqual(file('in/old/b.csv'));
    });

    test('are known as they were last', async () => {
      await ledger.rememberFiles('erp', [file('in/a.csv', { isSure: false })]);
      await ledger.rememberFiles('erp', [file('in/a.csv', { hash: 'new', goneAt: 5000, marker: 'print' })]);
      expect(await known()).toEqual([file('in/a.csv', { hash: 'new', goneAt: 5000, marker: 'print' })]);
      ledger = await fixture.reopen();
      expect(await known()).toEqual([file('in/a.csv', { hash: 'new', goneAt: 5000, marker: 'print' })]);
    });

    test('are forgotten on request, those that are not known without a word', async () => {
      await ledger.rememberFiles('erp', [file('in/a.csv'), file('in/"b\0.csv')]);
      await ledger.forgetFiles('erp', ['in/"b\0.csv', 'in/never.csv']);
      expect(await known()).toEqual([file('in/a.csv')]);
      ledger = await fixture.reopen();
      expect(await known()).toEqual([file('in/a.csv')]);
    });

    test('of a large directory are asked for without reading the book again', async () => {
      await ledger.rememberFiles(
        'erp',
        Array.from({ length: 20_000 }, (_, i) => file(`in/${i}.csv`)),
      );
      expect(await known()).toHaveLength(20_000);
      const first = await ledger.rememberedFiles('erp', 'in');
      expect(await ledger.rememberedFiles('erp', 'in')).toBe(first);
    });
  });
}
