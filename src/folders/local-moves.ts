import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { platform } from 'node:process';

import { Failure, systemCode } from '../core/failure.ts';
import type { Bytes } from '../core/format.ts';

// Not on Windows.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** The target is on another device, or its file system knows no hard links. */
const CANNOT_LINK: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

/**
 * Moves a regular file to a name that must be free. Linking refuses a taken name in one step, which renaming does not;
 * a move that was cut off between link and unlink is completed by repeating it.
 */
export async function placeFile(from: Buffer, to: Buffer): Promise<void> {
  const source = await lstat(from, { bigint: true });
  if (!source.isFile()) throw new Failure('not-a-regular-file');
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') await refuseUnlessSame(source, to);
    else if (CANNOT_LINK.has(systemCode(error))) await copyInto(from, to);
    else throw error;
  }
  await syncDirectory(parentOf(to));
  await unlink(from);
  await syncDirectory(parentOf(from));
}

async function refuseUnlessSame(source: { dev: bigint; ino: bigint }, to: Buffer): Promise<void> {
  const target = await lstat(to, { bigint: true });
  if (target.dev !== source.dev || target.ino !== source.ino) throw new Failure('name-taken');
}

/** The whole file under a name of ours first, so that nobody sees half of it under the final one. */
async function copyInto(from: Buffer, to: Buffer): Promise<void> {
  await refuseTaken(to);
  const temporary = temporaryBeside(to);
  await removeFile(temporary);
  await copyFile(from, temporary, constants.COPYFILE_EXCL);
  await syncFile(temporary);
  try {
    await link(temporary, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      await removeFile(temporary);
      throw new Failure('name-taken', undefined, { cause: error });
    }
    if (!CANNOT_LINK.has(systemCode(error))) throw error;
    // Without links there is no single step that refuses a taken name; look again at the last moment.
    await refuseTaken(to);
    await rename(temporary, to);
    return;
  }
  await unlink(temporary);
}

/** Renames a regular file onto a name that is free at the moment of looking. */
export async function renameFile(from: Buffer, to: Buffer): Promise<void> {
  if (!(await lstat(from)).isFile()) throw new Failure('not-a-regular-file');
  await refuseTaken(to);
  await rename(from, to);
}

/** Writes a new file of ours and makes it durable; what an earlier try left is removed, never followed. */
export async function writeFile(path: Buffer, bytes: Bytes): Promise<void> {
  await removeFile(path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
  const handle = await open(path, flags, 0o666);
  try {
    for await (const piece of bytes) await handle.writeFile(piece);
    await handle.sync();
  } catch (error) {
    await handle.close();
    // Half a file helps nobody and may be what fills the disk.
    await removeFile(path);
    throw error;
  }
  await handle.close();
  await syncDirectory(parentOf(path));
}

export async function removeFile(path: Buffer): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: Buffer): Promise<void> {
  // Windows opens no directories; there a rename is as durable as it gets.
  if (platform !== 'win32') await syncFile(path);
}

export function parentOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(path.lastIndexOf(0x2f), 1));
}

async function syncFile(path: Buffer): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | NO_FOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refuseTaken(path: Buffer): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  throw new Failure('name-taken');
}

/** A hash in place of the name: with anything added, a long name would not fit. */
function temporaryBeside(path: Buffer): Buffer {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return Buffer.concat([parentOf(path), Buffer.from(`/.dray-${hash}.placing`)]);
}
