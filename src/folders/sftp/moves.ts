import { createHash } from 'node:crypto';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Bytes } from '../../core/format.ts';
import { parentPath } from '../names.ts';
import { hasStatus, status, StatusError } from './failures.ts';
import { absentAsUndefined, openRemoteFile } from './file.ts';
import { inOrder } from './in-order.ts';
import { isRegular } from './kinds.ts';
import type { RemotePaths } from './paths.ts';
import type { Handle } from './requests.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

/** Writes that are under way together. */
const AHEAD = 4;
// They grow while answers come soon and shrink when they do not: what waits in a slow line keeps signs of life from passing.
const SMALLEST_WRITE_BYTES = 4 * 1024;
const LARGEST_WRITE_BYTES = 64 * 1024;
const SOON_MS = 500;
const LATE_MS = 5000;

/** How names are changed and files are written on a server. */
export interface RemoteMoves {
  /** Renames a regular file to a free name. */
  rename(from: string, to: string, how: Renaming): Promise<void>;
  write(path: string, bytes: Bytes): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface Renaming {
  /** Never both names at once, where the server can do it. */
  readonly isOneStep: boolean;
  /** Whether the directory it goes to is made when it is missing. */
  readonly mayCreate: boolean;
}

export function createRemoteMoves(server: Server, paths: RemotePaths): RemoteMoves {
  return {
    async rename(from, to, how) {
      try {
        await server.use((session) => renameFree(session, paths, from, to, how));
      } catch (error) {
        // The answer may be lost and the file renamed: both names tell.
        if (!isFailure(error, 'server-unreachable') || !(await isRenamed(server, paths, from, to))) throw error;
      }
    },
    write: (path, bytes) => server.use((session) => writeNew(session, paths, path, bytes)),
    remove: (path) =>
      server.useAgain((session) => paths.onFile(session, path, (full) => ifThere(() => session.unlink(full)))),
  };
}

async function renameFree(
  session: Session,
  paths: RemotePaths,
  from: string,
  to: string,
  { isOneStep, mayCreate }: Renaming,
): Promise<void> {
  await paths.onFile(session, from, async (source) => {
    const target = await paths.at(session, to);
    const [look, directory, taken] = await inOrder([
      session.lstat(source),
      paths.ensureDirectory(session, parentPath(to), mayCreate),
      absentAsUndefined(() => session.lstat(target)),
    ]);
    if (!isRegular(look())) throw new Failure('not-a-regular-file', from);
    directory();
    if (taken() !== undefined) {
      await removeTwin(session, paths, from, to);
      return;
    }
    const rename = isOneStep ? (session.renameAtOnce ?? session.rename) : session.rename;
    try {
      await rename(source, target);
    } catch (error) {
      if (hasStatus(error, status.noSuchFile)) {
        // Not the file is gone but the directory it goes to: "gone" would mean that it was moved before.
        await session.lstat(source);
        throw new Failure('folder-unreachable', `${to}: its directory is gone`, { cause: error });
      }
      if (!hasStatus(error, status.failure)) throw error;
      // A bare "failure" is what most servers say to a name that was taken meanwhile.
      const isTaken = (await absentAsUndefined(() => session.lstat(target))) !== undefined;
      throw isTaken ? new Failure('name-taken', to, { cause: error }) : error;
    }
  });
}

/**
 * A server that renames by linking and unlinking may have ended in between: one file under both names. Then the old name
 * goes; any other file under the new one stays.
 * @throws Failure name-taken.
 */
async function removeTwin(session: Session, paths: RemotePaths, from: string, to: string): Promise<void> {
  const [source, target] = [await paths.at(session, from), await paths.at(session, to)];
  const [left, right] = [await session.lstat(source), await session.lstat(target)];
  const looksSame = isRegular(right) && left.size === right.size && left.mtime === right.mtime;
  if (!looksSame || (await hashOf(session, paths, from)) !== (await hashOf(session, paths, to))) {
    throw new Failure('name-taken', to);
  }
  await session.unlink(source);
}

async function hashOf(session: Session, paths: RemotePaths, path: string): Promise<string> {
  const file = await openRemoteFile(session, paths, path);
  try {
    const digest = createHash('sha256');
    for await (const piece of file.bytes()) digest.update(piece);
    return digest.digest('hex');
  } finally {
    await file.close();
  }
}

async function isRenamed(server: Server, paths: RemotePaths, from: string, to: string): Promise<boolean> {
  try {
    return await server.use(async (session) => {
      const source = await absentAsUndefined(async () => session.lstat(await paths.at(session, from)));
      const target = await absentAsUndefined(async () => session.lstat(await paths.at(session, to)));
      return source === undefined && target !== undefined;
    });
  } catch {
    // It cannot be seen now; what failed is told, and whoever tries again finds out.
    return false;
  }
}

/** Writes a new file; what an earlier try left is removed first, so that nothing is followed and nothing is mixed. */
async function writeNew(session: Session, paths: RemotePaths, path: string, bytes: Bytes): Promise<void> {
  await paths.ensureDirectory(session, parentPath(path));
  await paths.onFile(session, path, async (full) => {
    const handle = await openNew(session, full);
    try {
      const size = await writeAll(session, handle, bytes);
      await session.flush?.(handle);
      await session.close(handle);
      // Only now: some servers keep what they were given to themselves until the end.
      const written = await session.lstat(full);
      if (written.size !== undefined && written.size !== size) {
        throw new Failure('folder-unreachable', `${path} has ${written.size} of ${size} bytes on the server`);
      }
    } catch (error) {
      // Half a file helps nobody and may be what fills the disk.
      await session.close(handle).catch(() => undefined);
      await session.unlink(full).catch(() => undefined);
      throw await fullDisk(session, full, path, error);
    }
  });
}

/** @throws what kept an earlier one from being removed, where that is what stands in the way. */
async function openNew(session: Session, full: string): Promise<Handle> {
  let refusal: unknown;
  try {
    await ifThere(() => session.unlink(full));
  } catch (error) {
    // A server may deny to remove what is not even there.
    if (!hasStatus(error, status.permissionDenied)) throw error;
    refusal = error;
  }
  try {
    return await session.openNew(full);
  } catch (error) {
    throw refusal ?? error;
  }
}

async function writeAll(session: Session, handle: Handle, bytes: Bytes): Promise<number> {
  const ahead: Promise<void>[] = [];
  let partBytes = SMALLEST_WRITE_BYTES;
  let position = 0;
  const write = async (part: Buffer, at: number, queued: number): Promise<void> => {
    const askedAt = performance.now();
    await session.write(handle, at, part, queued);
    const tookMs = performance.now() - askedAt;
    if (tookMs < SOON_MS) partBytes = Math.min(partBytes * 2, LARGEST_WRITE_BYTES);
    else if (tookMs > LATE_MS) partBytes = Math.max(partBytes / 2, SMALLEST_WRITE_BYTES);
  };
  try {
    for await (const piece of bytes) {
      for (let from = 0; from < piece.length;) {
        const part = Buffer.from(piece.buffer, piece.byteOffset + from, Math.min(partBytes, piece.length - from));
        const written = write(part, position, ahead.length * LARGEST_WRITE_BYTES);
        written.catch(() => undefined);
        ahead.push(written);
        from += part.length;
        position += part.length;
        if (ahead.length >= AHEAD) await ahead.shift();
      }
    }
    await Promise.all(ahead);
    return position;
  } finally {
    await Promise.allSettled(ahead);
  }
}

/** Most servers say no more than "failure" when their disk is full. */
async function fullDisk(session: Session, full: string, path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof StatusError) || error.status !== status.failure || session.freeBytes === undefined)
    return error;
  const free = await session.freeBytes(full.slice(0, full.lastIndexOf('/') + 1)).catch(() => undefined);
  return free !== undefined && free < LARGEST_WRITE_BYTES ? new Failure('disk-full', path, { cause: error }) : error;
}

async function ifThere(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasStatus(error, status.noSuchFile)) throw error;
  }
}
