import { execFile } from 'node:child_process';
import { link, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Folder } from '../../../src/core/folder.ts';
import { placeFile } from '../../../src/folders/local-moves.ts';
import { openLocalFolder } from '../../../src/folders/local.ts';

const run = promisify(execFile);
let base: string;
let root: string;
let folder: Folder;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'dray-local-'));
  root = join(base, 'erp');
  folder = await openLocalFolder({ name: 'erp', path: root });
  await mkdir(join(root, 'in'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const names = async (directory: string): Promise<string[]> =>
  (await Array.fromAsync(folder.list(directory))).map(({ path }) => path).sort();

describe('the root', () => {
  test('is created when opened, or its absence is said', async () => {
    expect((await stat(root)).isDirectory()).toBe(true);
    const absent = openLocalFolder({ name: 'x', path: join(base, 'absent'), create: false });
    await expect(absent).rejects.toMatchObject({ code: 'folder-gone' });
  });

  test('replaced by another directory is gone, and back again is back', async () => {
    await writeFile(join(root, 'in/a.csv'), 'x');
    await rename(root, join(base, 'away'));
    await mkdir(join(root, 'in'), { recursive: true });
    await expect(names('in')).rejects.toMatchObject({ code: 'folder-gone' });
    await expect(folder.writeTemporary('in/.dray-1', nothing())).rejects.toMatchObject({ code: 'folder-gone' });
    await rm(root, { recursive: true });
    await rename(join(base, 'away'), root);
    expect(await names('in')).toEqual(['in/a.csv']);
  });

  test('may be reached by a link', async () => {
    await writeFile(join(root, 'in/a.csv'), 'x');
    await symlink(root, join(base, 'link'));
    const linked = await openLocalFolder({ name: 'erp', path: join(base, 'link') });
    const file = await linked.open('in/a.csv');
    expect(file.entry.size).toBe(1);
    await file.close();
  });
});

describe('what is no file', () => {
  test('a pipe without a writer is passed over and blocks nobody', async () => {
    await run(
      'mkfifo',
      ['1', '2', '3', '4', '5'].map((number) => join(root, `in/pipe${number}.csv`)),
    );
    expect(await names('in')).toEqual([]);
    const opened = await Promise.allSettled([1, 2, 3, 4, 5].map((number) => folder.open(`in/pipe${number}.csv`)));
    for (const attempt of opened) expect(attempt).toMatchObject({ reason: { code: 'not-a-regular-file' } });
  });

  test('a socket is refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'in/s.csv'), resolve));
    expect(await names('in')).toEqual([]);
    await expect(folder.open('in/s.csv')).rejects.toMatchObject({ code: 'not-a-regular-file' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a directory that is a link out of the folder is not entered, for reading or writing', async () => {
    await mkdir(join(base, 'outside'));
    await writeFile(join(base, 'outside/secret.csv'), 'secret');
    await symlink(join(base, 'outside'), join(root, 'trap'));
    const refused = { code: 'folder-unreachable' };
    await expect(names('trap')).rejects.toMatchObject(refused);
    await expect(folder.open('trap/secret.csv')).rejects.toMatchObject(refused);
    await expect(folder.writeTemporary('trap/.dray-1', nothing())).rejects.toMatchObject(refused);
    await writeFile(join(root, 'in/a.csv'), 'x');
    await expect(folder.place('in/a.csv', 'trap/a.csv')).rejects.toMatchObject(refused);
  });
});

describe('names', () => {
  test('that are not UTF-8 are listed, opened and moved by their escaped form', async () => {
    const bytes = Buffer.concat([Buffer.from(join(root, 'in/caf')), Buffer.from([0xe9]), Buffer.from('.csv')]);
    await writeFile(bytes, 'x');
    const [path = ''] = await names('in');
    expect(path).toBe(String.raw`in/caf\xE9.csv`);
    const file = await folder.open(path);
    expect(file.entry.path).toBe(path);
    await file.close();
    await folder.place(path, `done/${path.slice(3)}`);
    const moved = Buffer.from(bytes.toString('latin1').replace('/in/', '/done/'), 'latin1');
    expect((await readFile(moved)).toString()).toBe('x');
  });

  test.each([
    'a\nb.csv',
    '-rf.csv',
    '"q".csv',
    'x'.repeat(251) + '.csv',
    String.raw`a\xE9.csv`,
    '𠮷.csv',
    'e\u0301.csv',
  ])('%j works', async (name) => {
    await writeFile(join(root, 'in', name), 'x');
    const [path = ''] = await names('in');
    await folder.place(path, path.replace('in/', 'done/'));
    expect((await readFile(join(root, 'done', name))).toString()).toBe('x');
  });
});

describe('placing', () => {
  test('a move that was cut off half way is completed', async () => {
    await writeFile(join(root, 'in/a.csv'), 'x');
    await link(join(root, 'in/a.csv'), join(root, 'in/b.csv'));
    await folder.place('in/a.csv', 'in/b.csv');
    expect(await names('in')).toEqual(['in/b.csv']);
  });

  test('also goes to another device, whole and never over a file', async (context) => {
    const other = await mkdtemp('/dev/shm/dray-place-').catch(() => undefined);
    if (other === undefined || (await stat(other)).dev === (await stat(root)).dev) {
      if (other !== undefined) await rm(other, { recursive: true });
      context.skip('no second device here');
      return;
    }
    try {
      await writeFile(join(root, 'in/a.csv'), 'x'.repeat(300_000));
      const [from, to] = [Buffer.from(join(root, 'in/a.csv')), Buffer.from(join(other, 'a.csv'))];
      await placeFile(from, to);
      expect((await readFile(to)).length).toBe(300_000);
      await writeFile(from, 'other');
      await expect(placeFile(from, to)).rejects.toMatchObject({ code: 'name-taken' });
      expect((await readFile(from)).toString()).toBe('other');
    } finally {
      await rm(other, { recursive: true });
    }
  });
});

test('a thousand files are listed', async () => {
  await Promise.all(Array.from({ length: 1000 }, (_, index) => writeFile(join(root, 'in', `${index}.csv`), 'x')));
  expect(await names('in')).toHaveLength(1000);
});

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(new Uint8Array());
}
