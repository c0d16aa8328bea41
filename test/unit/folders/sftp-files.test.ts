import { writeFileSync } from 'node:fs';
import { link, rm, utimes } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { Bytes } from '../../../src/core/format.ts';
import { createSightings } from '../../../src/core/sightings.ts';
import { openRoom, settingsFor, type RemoteRoom } from '../../support/sftp-folder.ts';
import { startSshd, type Sshd, type SshdOptions } from '../../support/sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

async function room(...given: Parameters<typeof openRoom>): Promise<RemoteRoom> {
  const opened = await openRoom(...given);
  onTestFinished(() => opened.close());
  return opened;
}

async function* bytesOf(...parts: readonly (string | Uint8Array)[]): Bytes {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

describe('names', () => {
  test.each([
    'with space.csv',
    'quote\'s and "more".csv',
    '-rf.csv',
    'Ñandú – 注文 😀.csv',
    'e\u0301.csv',
    '\u00e9.csv',
    'new\nline.csv',
    'a*b?[c].csv',
    '$(x);`y`&|.csv',
    `${'n'.repeat(251)}.csv`,
  ])('like %j are taken as they are', async (name) => {
    const { folder, put, content } = await room(settingsFor(sshd));
    await put(`in/${name}`, 'A,B\n');
    expect((await Array.fromAsync(folder.list('in'))).map(({ path }) => path)).toEqual([`in/${name}`]);
    const file = await folder.open(`in/${name}`);
    expect(String(Buffer.concat(await Array.fromAsync(file.bytes())))).toBe('A,B\n');
    await file.close();
    await folder.place(`in/${name}`, `done/${name}`);
    expect(await content(`done/${name}`)).toBe('A,B\n');
  });

  test('a link that leads out is no way out', async () => {
    const { folder, makeLink, put } = await room(settingsFor(sshd));
    await put('in/a.csv', 'x');
    await makeLink('out', '../..');
    const refused = { code: 'folder-unreachable' };
    await expect(Array.fromAsync(folder.list('out'))).rejects.toMatchObject(refused);
    await expect(folder.writeTemporary('out/.dray-1', bytesOf('x'))).rejects.toMatchObject(refused);
    await expect(folder.place('in/a.csv', 'out/a.csv')).rejects.toMatchObject(refused);
  });
});

test('a directory of 20,000 files is listed whole', async () => {
  const { folder, path, put } = await room(settingsFor(sshd));
  await put('in/0.csv', '0');
  for (let i = 1; i < 20_000; i++) writeFileSync(path(`in/${i}.csv`), '');
  const entries = await Array.fromAsync(folder.list('in'));
  expect(new Set(entries.map((entry) => entry.path)).size).toBe(20_000);
});

test('an empty file is given longer, and has no bytes when it is taken', async () => {
  const { folder, put } = await room(settingsFor(sshd));
  await put('in/a.csv', '');
  let nowMs = 0;
  const sightings = createSightings({ clock: { monotonic: () => nowMs }, quietMs: folder.defaultQuietMs });
  const [entry] = await Array.fromAsync(folder.list('in'));
  if (entry === undefined) throw new Error('nothing is listed');
  const look = () => sightings.see(entry, () => Promise.reject(new Error('it is not to be read')));
  await look();
  nowMs = folder.defaultQuietMs;
  expect(await look()).toMatchObject({ kind: 'wait', why: 'empty' });
  nowMs = folder.defaultQuietMs * 6;
  expect(await look()).toMatchObject({ kind: 'take', ending: 'empty' });
  const file = await folder.open('in/a.csv');
  expect(await Array.fromAsync(file.bytes())).toEqual([]);
  await file.close();
});

test('a file that became a link, or went away, since it was listed is not read', async () => {
  const { folder, path, put, makeLink } = await room(settingsFor(sshd));
  await put('secret.txt', 'x');
  for (const name of ['a.csv', 'b.csv']) await put(`in/${name}`, 'x');
  await Array.fromAsync(folder.list('in'));
  for (const name of ['a.csv', 'b.csv']) await rm(path(`in/${name}`));
  await makeLink('in/a.csv', 'secret.txt');
  await expect(folder.open('in/a.csv')).rejects.toMatchObject({ code: 'not-a-regular-file' });
  await expect(folder.open('in/b.csv')).rejects.toMatchObject({ code: 'file-gone' });
});

describe('what is half done on the server', () => {
  test('one file under both names, as a server leaves it that dies while it renames, is finished', async () => {
    const { folder, put, content, path } = await room(settingsFor(sshd));
    await put('out/.dray-1', 'whole');
    await link(path('out/.dray-1'), path('out/a.csv'));
    await folder.publish('out/.dray-1', 'out/a.csv');
    expect([await content('out/.dray-1'), await content('out/a.csv')]).toEqual([undefined, 'whole']);
  });

  test('two files that only look the same stay two', async () => {
    const { folder, put, content, path } = await room(settingsFor(sshd));
    await put('out/.dray-1', 'mine!');
    await put('out/a.csv', 'other');
    await utimes(path('out/.dray-1'), 1000, 1000);
    await utimes(path('out/a.csv'), 1000, 1000);
    await expect(folder.publish('out/.dray-1', 'out/a.csv')).rejects.toMatchObject({ code: 'name-taken' });
    expect([await content('out/.dray-1'), await content('out/a.csv')]).toEqual(['mine!', 'other']);
  });
});

describe('rights', () => {
  async function limited(options: SshdOptions): Promise<RemoteRoom> {
    const other = await startSshd(options);
    onTestFinished(() => other.close());
    return room(settingsFor(other));
  }

  test('a server that only lets us read says so of everything else', async () => {
    const { folder, put } = await limited({ sftp: '-R' });
    await put('in/a.csv', 'x');
    expect(await Array.fromAsync(folder.list('in'))).toHaveLength(1);
    const refused = { code: 'no-permission', kind: 'permanent' };
    await expect(folder.claim('in/a.csv', 'in/.dray-1')).rejects.toMatchObject(refused);
    await expect(folder.writeTemporary('in/.dray-2', bytesOf('x'))).rejects.toMatchObject(refused);
  });

  test('a server without renaming in one step is renamed on in two', async () => {
    const { folder, put, content } = await limited({ sftp: '-P posix-rename,fsync,statvfs' });
    await put('out/.dray-1', 'x');
    await put('out/taken.csv', 'older');
    await expect(folder.publish('out/.dray-1', 'out/taken.csv')).rejects.toMatchObject({ code: 'name-taken' });
    await folder.publish('out/.dray-1', 'out/a.csv');
    expect(await content('out/a.csv')).toBe('x');
  });
});

test.each([-3600, 3600])(
  'a server whose clock is %i s off changes nothing: our own sightings decide',
  async (offset) => {
    const { folder, put, path } = await room(settingsFor(sshd));
    await put('in/a.csv', 'A\n1\n');
    const there = Math.floor(Date.now() / 1000) + offset;
    await utimes(path('in/a.csv'), there, there);
    let nowMs = 1000;
    const sightings = createSightings({ clock: { monotonic: () => nowMs }, quietMs: folder.defaultQuietMs });
    const look = async (): Promise<string> => {
      const [entry] = await Array.fromAsync(folder.list('in'));
      if (entry === undefined) throw new Error('nothing is listed');
      return (await sightings.see(entry, () => Promise.resolve('complete'))).kind;
    };
    expect(await look()).toBe('wait');
    nowMs += folder.defaultQuietMs - 1;
    expect(await look()).toBe('wait');
    nowMs += 1;
    expect(await look()).toBe('take');
    await put('in/a.csv', 'A\n1\n2\n');
    expect(await look()).toBe('wait');
  },
);
