import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Bytes } from '../../src/core/format.ts';
import type { FileEntry, Folder } from '../../src/core/folder.ts';

/** A folder and a way round it, as its senders and readers have. */
export interface FolderUnderTest {
  readonly folder: Folder;
  put(path: string, content: string): Promise<void>;
  /** Undefined when there is no such file. */
  content(path: string): Promise<string | undefined>;
  makeDirectory(path: string): Promise<void>;
  /** The link's target is a path inside the folder. */
  makeLink(path: string, target: string): Promise<void>;
  /** Takes the folder away with all that is in it. */
  vanish(): Promise<void>;
  /** Ends the test and cleans up. */
  close(): Promise<void>;
}

/** What every kind of folder promises to the rest of the program. */
export function describeFolder(kind: string, open: () => Promise<FolderUnderTest>): void {
  describe(`folder ${kind}`, () => {
    let under: FolderUnderTest;
    let folder: Folder;
    beforeEach(async () => {
      under = await open();
      folder = under.folder;
    });
    afterEach(() => under.close());

    const list = async (directory: string): Promise<FileEntry[]> => Array.fromAsync(folder.list(directory));
    const names = async (directory: string): Promise<string[]> =>
      (await list(directory)).map(({ path }) => path).sort();

    describe('listing', () => {
      test('gives the regular files of one level, without temporary names, links and directories', async () => {
        for (const name of ['b.csv', 'a.csv', '.a.csv', 'c.csv.part', '~$d.csv', 'sub/e.csv'])
          await under.put(`in/${name}`, name);
        await under.makeDirectory('in/f.csv');
        await under.makeLink('in/g.csv', 'in/a.csv');
        expect(await names('in')).toEqual(['in/a.csv', 'in/b.csv']);
      });

      test('creates a directory that is absent', async () => {
        expect(await names('new/in')).toEqual([]);
        await under.put('new/in/a.csv', 'x');
        expect(await names('new/in')).toEqual(['new/in/a.csv']);
      });

      test('the fingerprint stays while the file rests and changes with it', async () => {
        await under.put('in/a.csv', 'one');
        const [first] = await list('in');
        expect(await list('in')).toEqual([first]);
        await under.put('in/a.csv', 'one more');
        const [second] = await list('in');
        expect(second?.fingerprint).not.toBe(first?.fingerprint);
        expect([first?.size, second?.size]).toEqual([3, 8]);
      });

      test('does not make a directory that must be there, and says which one is gone', async () => {
        await under.put('in/a.csv', 'x');
        const gone = { code: 'folder-gone', message: expect.stringMatching(/: was\/here$/) as string };
        for (let look = 0; look < 2; look++)
          await expect(Array.fromAsync(folder.list('was/here', { mustExist: true }))).rejects.toMatchObject(gone);
        expect(await Array.fromAsync(folder.list('in', { mustExist: true }))).toHaveLength(1);
      });

      test('tells what is there and is no file, except under temporary names', async () => {
        await under.put('in/a.csv', 'x');
        await under.put('in/old/b.csv', 'x');
        await under.makeDirectory('in/.hidden');
        await under.makeLink('in/c.csv', 'in/a.csv');
        await under.makeLink('in/d.csv', 'in/absent.csv');
        const told: string[] = [];
        await Array.fromAsync(folder.list('in', { onNoFile: ({ path, kind }) => told.push(`${path} ${kind}`) }));
        expect(told.sort()).toEqual(['in/c.csv link', 'in/d.csv link', 'in/old directory']);
      });

      test('a folder that vanished is no empty one', async () => {
        await under.put('in/a.csv', 'x');
        await under.vanish();
        await expect(list('in')).rejects.toMatchObject({ code: 'folder-gone' });
        const must = Array.fromAsync(folder.list('in', { mustExist: true }));
        await expect(must).rejects.toMatchObject({ code: 'folder-gone', message: expect.not.stringMatching(/: in$/) });
        await expect(folder.stat('in/a.csv')).rejects.toMatchObject({ code: 'folder-gone' });
        await expect(folder.publish('in/.dray-1', 'in/b.csv')).rejects.toMatchObject({ code: 'folder-gone' });
      });
    });

    describe('opening', () => {
      test('reads what its entry describes', async () => {
        await under.put('in/a.csv', 'A,B\n1,2\n');
        const file = await folder.open('in/a.csv');
        expect([file.entry]).toEqual(await list('in'));
        expect(Buffer.from(await file.read(4, 100)).toString()).toBe('1,2\n');
        expect(await text(file.bytes())).toBe('A,B\n1,2\n');
        expect(await file.isUnchanged()).toBe(true);
        await file.close();
      });

      test('notices when the file is changed, replaced or taken away', async () => {
        for (const change of ['append', 'replace', 'remove']) {
          await under.put('in/a.csv', 'one');
          const file = await folder.open('in/a.csv');
          if (change === 'append') await under.put('in/a.csv', 'one and two');
          else await folder.remove('in/a.csv');
          if (change === 'replace') await under.put('in/a.csv', 'one');
          expect(await file.isUnchanged(), change).toBe(false);
          await file.close();
        }
      });

      test('stops when told', async () => {
        await under.put('in/a.csv', 'one');
        const file = await folder.open('in/a.csv');
        await expect(text(file.bytes(AbortSignal.abort()))).rejects.toMatchObject({ code: 'stopped' });
        await file.close();
      });

      test('refuses what is absent, a link, a directory', async () => {
        await under.put('in/a.csv', 'x');
        await under.makeLink('in/link.csv', 'in/a.csv');
        await under.makeDirectory('in/d.csv');
        await expect(folder.open('in/absent.csv')).rejects.toMatchObject({ code: 'file-gone' });
        await expect(folder.open('absent/a.csv')).rejects.toMatchObject({ code: 'file-gone' });
        await expect(folder.open('in/link.csv')).rejects.toMatchObject({ code: 'not-a-regular-file' });
        await expect(folder.open('in/d.csv')).rejects.toMatchObject({ code: 'not-a-regular-file' });
      });
    });

    test('stat gives the entry or nothing', async () => {
      await under.put('in/a.csv', 'x');
      expect(await folder.stat('in/a.csv')).toEqual((await list('in'))[0]);
      expect(await folder.stat('in/b.csv')).toBeUndefined();
      expect(await folder.stat('absent/b.csv')).toBeUndefined();
    });

    test.each(['../a.csv', '/etc/passwd', 'in/../../a', 'in//a', './a', 'in/\0a', '..'])(
      'the path %j is refused',
      async (path) => {
        const refused = { code: 'bad-usage' };
        await expect(folder.open(path)).rejects.toMatchObject(refused);
        await expect(folder.stat(path)).rejects.toMatchObject(refused);
        await expect(folder.remove(path)).rejects.toMatchObject(refused);
        await expect(folder.place('a.csv', path)).rejects.toMatchObject(refused);
        await expect(folder.writeTemporary(path, bytes('x'))).rejects.toMatchObject(refused);
        await expect(list(path)).rejects.toMatchObject(refused);
      },
    );

    describe('moving', () => {
      test('claim renames onto a free name', async () => {
        await under.put('in/a.csv', 'x');
        await folder.claim('in/a.csv', 'in/.dray-7');
        expect(await under.content('in/a.csv')).toBeUndefined();
        expect(await under.content('in/.dray-7')).toBe('x');
        await expect(folder.claim('in/a.csv', 'in/.dray-8')).rejects.toMatchObject({ code: 'file-gone' });
        await expect(folder.claim('gone/a.csv', 'gone/.dray-8')).rejects.toMatchObject({ code: 'file-gone' });
        const made = Array.fromAsync(folder.list('gone', { mustExist: true }));
        await expect(made).rejects.toMatchObject({ code: 'folder-gone' });
      });

      test('place moves to another directory, made if need be', async () => {
        await under.put('in/a.csv', 'x');
        await folder.place('in/a.csv', 'done/2026/a.csv');
        expect(await under.content('done/2026/a.csv')).toBe('x');
        expect(await names('in')).toEqual([]);
        await expect(folder.place('in/a.csv', 'done/b.csv')).rejects.toMatchObject({ code: 'file-gone' });
      });

      test('nothing ever replaces a file', async () => {
        await under.put('in/a.csv', 'new');
        await under.put('in/taken.csv', 'old');
        const taken = { code: 'name-taken' };
        await expect(folder.claim('in/a.csv', 'in/taken.csv')).rejects.toMatchObject(taken);
        await expect(folder.place('in/a.csv', 'in/taken.csv')).rejects.toMatchObject(taken);
        await expect(folder.publish('in/a.csv', 'in/taken.csv')).rejects.toMatchObject(taken);
        expect(await under.content('in/taken.csv')).toBe('old');
        expect(await under.content('in/a.csv')).toBe('new');
      });

      test('remove takes a file away, and an absent one is no error', async () => {
        await under.put('in/a.csv', 'x');
        await folder.remove('in/a.csv');
        await folder.remove('in/a.csv');
        await folder.remove('absent/a.csv');
        expect(await under.content('in/a.csv')).toBeUndefined();
      });
    });

    describe('publishing', () => {
      test('a file is invisible under its temporary name and whole under its final one', async () => {
        await folder.writeTemporary('out/.dray-1.tmp', bytes('whole', ' file'));
        expect(await names('out')).toEqual([]);
        await folder.publish('out/.dray-1.tmp', 'out/a.csv');
        expect(await names('out')).toEqual(['out/a.csv']);
        expect(await under.content('out/a.csv')).toBe('whole file');
        await expect(folder.publish('out/.dray-1.tmp', 'out/b.csv')).rejects.toMatchObject({ code: 'file-gone' });
      });

      test('an earlier try is replaced, and a link in its place is not followed', async () => {
        await folder.writeTemporary('out/.dray-1.tmp', bytes('a longer first try'));
        await folder.writeTemporary('out/.dray-1.tmp', bytes('second'));
        expect(await under.content('out/.dray-1.tmp')).toBe('second');
        await under.put('precious.csv', 'precious');
        await folder.remove('out/.dray-1.tmp');
        await under.makeLink('out/.dray-1.tmp', 'precious.csv');
        await folder.writeTemporary('out/.dray-1.tmp', bytes('third'));
        expect(await under.content('precious.csv')).toBe('precious');
        expect(await under.content('out/.dray-1.tmp')).toBe('third');
      });

      test('bytes that fail leave nothing behind', async () => {
        async function* failing(): Bytes {
          yield await Promise.resolve(Buffer.from('half'));
          throw new Error('no more');
        }
        await expect(folder.writeTemporary('out/.dray-1.tmp', failing())).rejects.toThrow();
        expect(await under.content('out/.dray-1.tmp')).toBeUndefined();
      });
    });

    test('a change wakes the watcher', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const watcher = await folder.watch(['in', 'other'], resolve);
      await under.put('in/a.csv', 'x');
      await promise;
      await watcher.close();
    });
  });
}

async function* bytes(...parts: readonly string[]): Bytes {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

async function text(source: Bytes): Promise<string> {
  return Buffer.concat(await Array.fromAsync(source)).toString();
}
