import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import type { Folder } from '../../src/core/folder.ts';
import type { Log } from '../../src/core/log.ts';
import { createServers, folderKinds, type Servers, type ServerSettings } from '../../src/folders/index.ts';
import type { Sshd } from './sshd.ts';

/** Keeps what was logged. */
export interface KeptLog extends Log {
  readonly lines: readonly string[];
}

export function keepLog(): KeptLog {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

/** How the tests reach a server: with its key, and with deadlines short enough to wait for. */
export function settingsFor(sshd: Sshd, more: Partial<ServerSettings> = {}): ServerSettings {
  return {
    host: sshd.host,
    port: sshd.port,
    username: sshd.username,
    hostKeys: [sshd.hostKey],
    knownHosts: undefined,
    password: undefined,
    privateKey: sshd.privateKey,
    passphrase: undefined,
    agent: undefined,
    legacy: [],
    timeoutMs: 10_000,
    keepAliveMs: 10_000,
    ...more,
  };
}

/** A folder on a server, and a way round it. */
export interface RemoteRoom {
  readonly folder: Folder;
  readonly servers: Servers;
  readonly log: KeptLog;
  /** Path of the folder on this machine. */
  path(...parts: string[]): string;
  put(path: string, content: string | Uint8Array): Promise<void>;
  content(path: string): Promise<string | undefined>;
  makeLink(path: string, target: string): Promise<void>;
  vanish(): Promise<void>;
  close(): Promise<void>;
}

export interface RoomOptions {
  /** Directory on the server, where it is not one of this machine. */
  readonly path?: string;
  readonly random?: () => number;
  readonly clock?: Clock;
}

export async function openRoom(
  settings: ServerSettings,
  { path, random = Math.random, clock = systemClock }: RoomOptions = {},
): Promise<RemoteRoom> {
  const base = await mkdtemp(join(tmpdir(), 'dray-sftp-'));
  const root = join(base, 'home');
  await mkdir(root);
  const log = keepLog();
  const servers = createServers({ clock, log, random });
  const server = servers.get(settings);
  const folder = folderKinds.sftp({ name: 'partner', path: path ?? root, server, pollMs: 20, log });
  let writtenAt = Math.floor(Date.now() / 1000) - 100_000;
  return {
    folder,
    servers,
    log,
    path: (...parts) => join(root, ...parts),
    async put(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
      // The protocol tells times in whole seconds: what is written later must be so by more than the test takes.
      writtenAt += 2;
      await utimes(join(root, path), writtenAt, writtenAt);
    },
    content: (path) => readFile(join(root, path), 'utf8').catch(() => undefined),
    makeLink: (path, target) => symlink(join(root, target), join(root, path)),
    vanish: () => rm(root, { recursive: true }),
    async close() {
      await servers.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
