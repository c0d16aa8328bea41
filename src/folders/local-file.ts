import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readlink, type FileHandle } from 'node:fs/promises';
import { platform } from 'node:process';

import { Failure, systemCode } from '../core/failure.ts';
import type { FileEntry, OpenFile } from '../core/folder.ts';
import type { LocalPaths } from './local-paths.ts';
import { onPath } from './system-failures.ts';

const READ_BYTES = 64 * 1024;
// A pipe without a writer must not block us, a symbolic link not lead us elsewhere. Neither flag exists on Windows.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What the system says of a file, as an entry of the folder. */
export function toEntry(path: string, stats: BigIntStats): FileEntry {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const fingerprint = [dev, ino, size, mtimeNs, ctimeNs].join(':');
  return { path, size: Number(size), mtimeMs: Number(stats.mtimeMs), fingerprint };
}

/** Opens a regular file for reading; pipes, devices, links and whatever the root does not hold are refused. */
export async function openLocalFile(path: string, paths: LocalPaths): Promise<OpenFile> {
  const full = await paths.file(path);
  const handle = await onPath(path, () => open(full, FLAGS));
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw new Failure('not-a-regular-file', path);
    await refuseOutside(handle, path, paths);
    return createOpenFile(handle, full, toEntry(path, stats));
  } catch (error) {
    await handle.close();
    return onPath(path, () => Promise.reject(error as Error));
  }
}

/** A directory on the way may have become a link between the look and the opening. */
async function refuseOutside(handle: FileHandle, path: string, paths: LocalPaths): Promise<void> {
  if (platform !== 'linux') return;
  const opened = await readlink(`/proc/self/fd/${handle.fd}`, { encoding: 'buffer' });
  if (!(await paths.isInside(opened))) throw new Failure('not-a-regular-file', `${path} leads outside its folder`);
}

function createOpenFile(handle: FileHandle, full: Buffer, entry: FileEntry): OpenFile {
  const read = (position: number, length: number): Promise<Uint8Array> =>
    onPath(entry.path, () => readFully(handle, position, length));
  return {
    entry,
    read,
    async *bytes(signal) {
      for (let position = 0; ;) {
        if (signal?.aborted === true) throw new Failure('stopped');
        const piece = await read(position, READ_BYTES);
        if (piece.length === 0) return;
        yield piece;
        position += piece.length;
      }
    },
    isUnchanged: () =>
      onPath(entry.path, async () => {
        const opened = toEntry(entry.path, await handle.stat({ bigint: true }));
        return (
          opened.fingerprint === entry.fingerprint && (await fingerprintAt(full, entry.path)) === entry.fingerprint
        );
      }),
    close: () => handle.close(),
  };
}

async function readFully(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function fingerprintAt(full: Buffer, path: string): Promise<string | undefined> {
  try {
    return toEntry(path, await lstat(full, { bigint: true })).fingerprint;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
