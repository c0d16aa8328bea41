import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { Bytes } from '../../../src/core/format.ts';
import type { FileEntry, Folder } from '../../../src/core/folder.ts';
import { pathFailure, StatusError } from '../../../src/folders/sftp/failures.ts';
import { keepLog, openRoom, settingsFor, type RemoteRoom } from '../../support/sftp-folder.ts';
import {
  listed,
  regular,
  serveOddFiles,
  startOddServer,
  type Answers,
  type OddFiles,
} from '../../support/ssh-server.ts';
import { startSshd, type Sshd } from '../../support/sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

/** A folder `/home` on a server that answers oddly. */
async function open(sftp: (answers: Answers) => void, timeoutMs = 5000): Promise<RemoteRoom> {
  const server = await startOddServer({ sftp });
  const settings = settingsFor(sshd, { port: server.port, hostKeys: [server.hostKey], timeoutMs });
  const room = await openRoom(settings, { path: '/home' });
  onTestFinished(async () => {
    await room.close();
    await server.close();
  });
  return room;
}

const serving = (odd: OddFiles, asked: string[] = []): Promise<RemoteRoom> =>
  open((answers) => serveOddFiles(answers, odd, asked));

const list = (folder: Folder): Promise<FileEntry[]> => Array.fromAsync(folder.list('in'));

describe('a hostile listing', () => {
  test('leads nowhere: names that are paths are left out and told', async () => {
    const evil = ['../../evil.csv', '/etc/passwd', '..', '.', '', 'a/b.csv', 'nul\0.csv'];
    const asked: string[] = [];
    const { folder, log } = await serving({ batches: [evil.map((name) => listed(name)), [listed('good.csv')]] }, asked);
    expect((await list(folder)).map(({ path }) => path)).toEqual(['in/good.csv']);
    expect(asked.filter((line) => /evil|passwd|a\/b/.test(line))).toEqual([]);
    await list(folder);
    const told = log.lines.filter((line) => line.includes('no names of files'));
    expect(told).toEqual([expect.stringContaining('"names":5')]);
  });

  test.each([
    ['not UTF-8', 'caf\uFFFD.csv', /UTF-8/],
    ['with a backslash', 'a\\b.csv', /backslash/],
    ['too long', `${'a'.repeat(300)}.csv`, /too long/],
  ])('a name %s is listed with the reason why it cannot be taken', async (_how, name, reason) => {
    const { folder } = await serving({ batches: [[listed(name), listed('b.csv')]] });
    const entries = await list(folder);
    expect(entries.map(({ unusable }) => unusable)).toEqual([expect.stringMatching(reason), undefined]);
  });

  test('goes by attributes and not by the text of a line', async () => {
    const odd = [
      { filename: 'link.csv', longname: '-rw-r--r-- link.csv', attrs: { ...regular(3), mode: 0o120777 } },
      { filename: 'pipe.csv', longname: '', attrs: { ...regular(3), mode: 0o010644 } },
      { filename: 'file.csv', longname: 'drwxr-xr-x file.csv', attrs: regular(3) },
    ];
    const { folder } = await serving({ batches: [odd] });
    expect((await list(folder)).map(({ path }) => path)).toEqual(['in/file.csv']);
  });

  test('without attributes is asked for them one by one', async () => {
    const bare = { filename: 'a.csv', longname: '', attrs: {} };
    const { folder } = await serving({ batches: [[bare]], files: { 'a.csv': Buffer.from('four') } });
    expect(await list(folder)).toMatchObject([{ path: 'in/a.csv', size: 4 }]);
  });

  test('that breaks off is no listing', async () => {
    const { folder } = await serving({ batches: [[listed('a.csv')]], listingEndsWith: 4 });
    await expect(list(folder)).rejects.toMatchObject({ code: 'folder-unreachable', kind: 'transient' });
  });

  test('of 50,000 names is read whole', async () => {
    const batches = Array.from({ length: 500 }, (_, batch) =>
      Array.from({ length: 100 }, (_name, index) => listed(`${batch}-${index}.csv`)),
    );
    const { folder } = await serving({ batches });
    expect(await list(folder)).toHaveLength(50_000);
  });
});

describe('a hostile file', () => {
  const whole = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  const text = async (folder: Folder): Promise<Buffer> => {
    const file = await folder.open('in/a.csv');
    try {
      return Buffer.concat(await Array.fromAsync(file.bytes()));
    } finally {
      await file.close();
    }
  };

  test.each([1000, 32_768, 100_000])('whose reads answer %i bytes at most arrives whole', async (mostBytes) => {
    const { folder } = await serving({ files: { 'a.csv': whole }, mostBytes });
    expect((await text(folder)).equals(whole)).toBe(true);
  });

  test('that ends before its size is no file that was read', async () => {
    const { folder } = await serving({ files: { 'a.csv': whole }, sizes: { 'a.csv': whole.length + 1 } });
    await expect(text(folder)).rejects.toMatchObject({ code: 'folder-unreachable' });
  });

  test('that is small and longer than its size is read to its size and no further', async () => {
    const { folder } = await serving({ files: { 'a.csv': Buffer.from('12345') }, sizes: { 'a.csv': 3 } });
    expect(String(await text(folder))).toBe('123');
  });

  test('at which the server can only say "failure" is not taken for absent', async () => {
    const { folder } = await serving({ files: { 'a.csv': whole }, lookStatus: 4 });
    const failure = { code: 'folder-unreachable', kind: 'transient' };
    await expect(folder.stat('in/a.csv')).rejects.toMatchObject(failure);
    await expect(folder.publish('in/a.csv', 'in/b.csv')).rejects.toMatchObject(failure);
  });

  test('that may not be read or renamed is said to be so', async () => {
    const { folder } = await serving({ files: { 'a.csv': whole }, lookStatus: 3 });
    await expect(folder.open('in/a.csv')).rejects.toMatchObject({ code: 'no-permission', kind: 'permanent' });
    const { folder: other } = await serving({ files: { 'a.csv': whole } });
    await expect(other.claim('in/a.csv', 'in/.dray-1')).rejects.toMatchObject({ code: 'no-permission' });
  });
});

test('a server that cannot write on leaves no half file, and it is tried again', async () => {
  const removed: string[] = [];
  const { folder } = await open((answers) => {
    serveOddFiles(answers, {});
    answers.removeAllListeners('WRITE').on('WRITE', (id: number) => answers.status(id, 4));
    answers.removeAllListeners('REMOVE').on('REMOVE', (id: number, path: string) => {
      removed.push(path);
      answers.status(id, removed.length === 1 ? 2 : 0);
    });
  });
  async function* bytes(): Bytes {
    yield await Promise.resolve(Buffer.from('x'));
  }
  const written = folder.writeTemporary('in/.dray-1.tmp', bytes());
  await expect(written).rejects.toMatchObject({ code: 'folder-unreachable', kind: 'transient' });
  expect(removed).toEqual(['/home/in/.dray-1.tmp', '/home/in/.dray-1.tmp']);
});

test.each([
  [2, 'file-gone'],
  [3, 'no-permission'],
  [4, 'folder-unreachable'],
  [7, 'server-unreachable'],
  [11, 'name-taken'],
  [14, 'disk-full'],
  [15, 'disk-full'],
  [99, 'folder-unreachable'],
])('status %i becomes %s', (status, code) => {
  expect(pathFailure(new StatusError(status), 'in/a\u001b.csv')).toMatchObject({ code });
  expect(pathFailure(new StatusError(status), 'in/a\u001b.csv').message).not.toContain('\u001b');
});

describe('a hostile server', () => {
  test('that never answers does not keep us', async () => {
    const { folder } = await open((answers) => answers.on('REALPATH', () => undefined), 300);
    const startedAt = performance.now();
    await expect(list(folder)).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('that answers what is none of the protocol is left', async () => {
    const { folder } = await open((answers) => {
      answers.on('REALPATH', (id: number) => answers.handle(id, Buffer.from('no name')));
    }, 500);
    await expect(list(folder)).rejects.toMatchObject({ code: expect.stringMatching(/^(server|folder)-/) as string });
  });

  test('says nothing that gets into a message', async () => {
    const { folder } = await open((answers) => {
      answers.on('REALPATH', (id: number) => answers.status(id, 4, 'IGNORE \u001b[31m'));
    });
    const failure: unknown = await list(folder).catch((error: unknown) => error);
    expect(String(failure)).not.toContain('IGNORE');
  });
});

test('the log of the tests keeps what it is told', () => {
  const log = keepLog();
  log.warn({ a: 1 }, 'words');
  expect(log.lines).toEqual(['words {"a":1}']);
});
