import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { systemClock } from '../../../src/core/clock.ts';
import type { Bytes } from '../../../src/core/format.ts';
import { createServers, openSftpFolder } from '../../../src/folders/index.ts';
import { keepLog, openRoom, settingsFor, type RemoteRoom } from '../../support/sftp-folder.ts';
import { startSshd, type Sshd } from '../../support/sshd.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

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

async function throughProxy(more: object = {}): Promise<{ proxy: TcpProxy; opened: RemoteRoom }> {
  const proxy = await startTcpProxy(sshd);
  onTestFinished(() => proxy.close());
  const opened = await room(settingsFor(sshd, { port: proxy.port, timeoutMs: 1000, keepAliveMs: 100, ...more }));
  return { proxy, opened };
}

async function* bytesOf(...parts: readonly (string | Uint8Array)[]): Bytes {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

describe('a connection', () => {
  test('is one for all folders of a server', async () => {
    const proxy = await startTcpProxy(sshd);
    onTestFinished(() => proxy.close());
    const log = keepLog();
    const servers = createServers({ clock: systemClock, log, random: () => 0 });
    onTestFinished(() => servers.close());
    const folders = ['/tmp', '/'].map((path) =>
      openSftpFolder({
        name: 'a',
        path,
        server: servers.get(settingsFor(sshd, { port: proxy.port })),
        pollMs: 1000,
        log,
      }),
    );
    await Promise.all(folders.flatMap((folder) => [folder.stat('absent.csv'), folder.stat('absent.csv')]));
    expect(proxy.connections()).toBe(1);
  });

  test('that was lost while nobody used it is opened again unnoticed', async () => {
    const { proxy, opened } = await throughProxy();
    await opened.put('in/a.csv', 'x');
    expect(await opened.folder.stat('in/a.csv')).toMatchObject({ size: 1 });
    proxy.cutNext({ kind: 'reset', after: 1 });
    expect(await opened.folder.stat('in/a.csv')).toMatchObject({ size: 1 });
    expect(proxy.connections()).toBe(2);
  });

  test('that falls silent is given up and opened again', async () => {
    const { proxy, opened } = await throughProxy();
    await opened.put('in/a.csv', 'x');
    await opened.folder.stat('in/a.csv');
    proxy.cutNext({ kind: 'stall', after: 1 });
    const startedAt = performance.now();
    expect(await opened.folder.stat('in/a.csv')).toMatchObject({ size: 1 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(proxy.connections()).toBe(2);
  });

  test('to a server that is down fails at once after the first try, and works when it is back', async () => {
    const down = await startSshd();
    onTestFinished(() => down.close());
    let nowMs = 0;
    const clock = { ...systemClock, monotonic: () => nowMs };
    const opened = await room(settingsFor(down, { timeoutMs: 500 }), { clock, random: () => 0.5 });
    await opened.put('in/a.csv', 'x');
    await down.stop();
    await expect(opened.folder.stat('in/a.csv')).rejects.toMatchObject({ code: 'server-unreachable' });
    for (const waitMs of [750, 1500, 3000]) {
      const refused = opened.folder.stat('in/a.csv');
      await expect(refused).rejects.toMatchObject({ code: 'server-unreachable', retryAfterMs: waitMs });
      await expect(refused).rejects.toThrow(/tried again in/);
      nowMs += waitMs;
      if (waitMs < 3000) await expect(opened.folder.stat('in/a.csv')).rejects.toThrow(/ECONNREFUSED/);
    }
    await down.start();
    expect(await opened.folder.stat('in/a.csv')).toMatchObject({ size: 1 });
  });

  test('that is lost again and again is not opened all the time', async () => {
    const proxy = await startTcpProxy(sshd);
    onTestFinished(() => proxy.close());
    let nowMs = 0;
    const clock = { ...systemClock, monotonic: () => nowMs };
    const opened = await room(settingsFor(sshd, { port: proxy.port }), { clock });
    const use = async (): Promise<unknown> => {
      const failure: unknown = await opened.folder.stat('a.csv').catch((error: unknown) => error);
      proxy.cutNext({ kind: 'reset', after: 1 });
      return failure;
    };
    let failure: unknown;
    for (let i = 0; i < 60 && failure === undefined; i++) failure = await use();
    expect(failure).toMatchObject({ code: 'server-unreachable', retryAfterMs: 3000 });
    expect(proxy.connections()).toBe(20);
    await use();
    expect(proxy.connections()).toBe(20);
    nowMs += 3000;
    proxy.cutNext({ kind: 'reset', after: 1e9 });
    expect(await opened.folder.stat('a.csv')).toBeUndefined();
  });

  test('that ends with the program leaves nothing open', async () => {
    const { proxy, opened } = await throughProxy();
    await opened.folder.stat('a.csv');
    await opened.servers.close();
    await expect(opened.folder.stat('a.csv')).rejects.toMatchObject({ code: 'stopped' });
    expect(proxy.connections()).toBe(1);
  });
});

describe('large files', () => {
  const megabytes = Buffer.alloc(5_000_011, 'a line that is not too short\n');

  test('arrive whole both ways', async () => {
    const { folder, content } = await room(settingsFor(sshd));
    await folder.writeTemporary(
      'out/.dray-1',
      bytesOf(megabytes.subarray(0, 3_000_000), megabytes.subarray(3_000_000)),
    );
    await folder.publish('out/.dray-1', 'out/a.csv');
    expect(Buffer.from((await content('out/a.csv')) ?? '').equals(megabytes)).toBe(true);
    const file = await folder.open('out/a.csv');
    expect(Buffer.concat(await Array.fromAsync(file.bytes())).equals(megabytes)).toBe(true);
    expect(String(await file.read(megabytes.length - 6, 100))).toBe(String(megabytes.subarray(-6)));
    await file.close();
  });

  test('that are cut off while they are read or written fail, and can be had again', async () => {
    const { proxy, opened } = await throughProxy();
    const { folder } = opened;
    await opened.put('in/a.csv', megabytes);
    const file = await folder.open('in/a.csv');
    proxy.cutNext({ kind: 'reset', after: 2_000_000 });
    await expect(Array.fromAsync(file.bytes())).rejects.toMatchObject({ code: 'server-unreachable' });
    await file.close();
    await folder.stat('in/a.csv');
    proxy.cutNext({ kind: 'half-close', after: 2_000_000 });
    await expect(folder.writeTemporary('out/.dray-1', bytesOf(megabytes))).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    await folder.writeTemporary('out/.dray-1', bytesOf(megabytes));
    await folder.publish('out/.dray-1', 'out/a.csv');
    expect(Buffer.from((await opened.content('out/a.csv')) ?? '').equals(megabytes)).toBe(true);
  });
});

describe('a rename whose answer is lost', () => {
  test('is found out by looking at both names', async () => {
    const { proxy, opened } = await throughProxy();
    const { folder, put, content } = opened;
    // Every point of the few hundred bytes that a rename takes.
    const before = proxy.passed();
    await put('in/a.csv', 'x');
    await folder.claim('in/a.csv', 'in/.dray-0');
    await folder.stat('in/.dray-0');
    const start = proxy.passed();
    await folder.claim('in/.dray-0', 'in/.dray-00');
    const length = proxy.passed() - start;
    expect(length).toBeGreaterThan(300);
    expect(start).toBeGreaterThan(before);
    let renamed = 0;
    for (let after = 1; after < length; after += Math.ceil(length / 12)) {
      await put(`in/${after}.csv`, String(after));
      await folder.stat(`in/${after}.csv`);
      proxy.cutNext({ kind: 'reset', after });
      const failure: unknown = await folder
        .claim(`in/${after}.csv`, `in/.dray-${after}`)
        .catch((error: unknown) => error);
      const [source, target] = [await content(`in/${after}.csv`), await content(`in/.dray-${after}`)];
      expect([source, target].filter((text) => text === String(after))).toHaveLength(1);
      if (failure === undefined) {
        expect(target).toBe(String(after));
        renamed++;
      } else expect(failure).toMatchObject({ code: 'server-unreachable' });
    }
    expect(renamed).toBeGreaterThan(0);
  });
});
