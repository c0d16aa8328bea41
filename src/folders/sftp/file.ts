import { Failure } from '../../core/failure.ts';
import type { FileEntry, OpenFile } from '../../core/folder.ts';
import type { Bytes } from '../../core/format.ts';
import { hasStatus, onRemotePath, status } from './failures.ts';
import { isRegular, toEntry } from './kinds.ts';
import type { RemotePaths } from './paths.ts';
import type { Attributes, Handle } from './requests.ts';
import type { Session } from './session.ts';

/** A file of this size is read whole when it is opened: most drops are small, and each request is a journey. */
const SMALL_BYTES = 32 * 1024;
const READ_BYTES = 128 * 1024;
/** Reads that are under way together. */
const AHEAD = 4;

/**
 * Opens a regular file for reading. What is no regular file is refused before it is opened. `wasListed`: a listing has just
 * said that it is one, which saves a journey; it is looked at all the same before anything of it is given away.
 */
export async function openRemoteFile(
  session: Session,
  paths: RemotePaths,
  path: string,
  wasListed = false,
): Promise<OpenFile> {
  return paths.onFile(session, path, async (full) => {
    if (!wasListed) refuseOdd(await session.lstat(full), path);
    const handle = await session.openRead(full);
    try {
      // The protocol cannot open without following links: what was opened must look like what is there.
      const [look, start] = await Promise.all([session.lstat(full), session.read(handle, 0, SMALL_BYTES + 1, 0)]);
      refuseOdd(look, path);
      const isWhole = start.length === look.size;
      const opened = isWhole ? look : await session.fstat(handle);
      refuseOdd(opened, path);
      const entry = toEntry(path, opened);
      const isUnchanged = async (): Promise<boolean> =>
        (await fingerprintAt(session, full, path)) === entry.fingerprint;
      if (!isWhole) return createRemoteFile(session, handle, entry, isUnchanged);
      // Nobody has to wait for its end.
      session.close(handle).catch(() => undefined);
      return { ...readKept(entry, start), isUnchanged, close: () => Promise.resolve() };
    } catch (error) {
      await session.close(handle).catch(() => undefined);
      throw error;
    }
  });
}

function refuseOdd(found: Attributes, path: string): void {
  if (!isRegular(found)) throw new Failure('not-a-regular-file', path);
  if (found.size === undefined) throw new Failure('folder-unreachable', `${path}: the server does not tell its size`);
}

function readKept(entry: FileEntry, whole: Buffer): Pick<OpenFile, 'entry' | 'isKept' | 'read' | 'bytes'> {
  return {
    entry,
    isKept: true,
    read: (position, length) => Promise.resolve(whole.subarray(position, position + length)),
    async *bytes(signal) {
      if (signal?.aborted === true) throw new Failure('stopped');
      if (whole.length > 0) yield await Promise.resolve(whole);
    },
  };
}

function createRemoteFile(
  session: Session,
  handle: Handle,
  entry: FileEntry,
  isUnchanged: () => Promise<boolean>,
): OpenFile {
  return {
    entry,
    read: (position, length) => onRemotePath(entry.path, () => readFully(session, handle, position, length)),
    bytes: (signal) => readAll(session, handle, entry, signal),
    isUnchanged,
    // A handle of a connection that ended is closed with it.
    close: () => session.close(handle).catch(() => undefined),
  };
}

async function fingerprintAt(session: Session, full: string, path: string): Promise<string | undefined> {
  return onRemotePath(path, async () => {
    const found = await absentAsUndefined(() => session.lstat(full));
    return found === undefined || !isRegular(found) ? undefined : toEntry(path, found).fingerprint;
  });
}

export async function absentAsUndefined(work: () => Promise<Attributes>): Promise<Attributes | undefined> {
  try {
    return await work();
  } catch (error) {
    if (hasStatus(error, status.noSuchFile)) return undefined;
    throw error;
  }
}

async function readFully(session: Session, handle: Handle, position: number, length: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for (let filled = 0; filled < length;) {
    const piece = await session.read(handle, position + filled, length - filled, 0);
    if (piece.length === 0) break;
    pieces.push(piece);
    filled += piece.length;
  }
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

/**
 * The bytes in order, a few reads ahead. A server may answer with less than was asked for: then what was read ahead does
 * not join, and the rest is read anew in pieces of the size it likes.
 * @throws Failure folder-unreachable when the file ends before the size it has.
 */
async function* readAll(
  session: Session,
  handle: Handle,
  { path, size }: FileEntry,
  signal: AbortSignal | undefined,
): Bytes {
  const ahead: { readonly asked: number; readonly piece: Promise<Buffer> }[] = [];
  let pieceBytes = READ_BYTES;
  let position = 0;
  let asked = 0;
  try {
    while (position < size) {
      if (signal?.aborted === true) throw new Failure('stopped');
      while (ahead.length < AHEAD && asked < size) {
        const length = Math.min(pieceBytes, size - asked);
        const piece = session.read(handle, asked, length, asked - position);
        piece.catch(() => undefined);
        ahead.push({ asked: length, piece });
        asked += length;
      }
      const next = ahead.shift();
      if (next === undefined) break;
      const piece = await onRemotePath(path, () => next.piece);
      if (piece.length === 0) throw new Failure('folder-unreachable', `${path} ended before its size`);
      position += piece.length;
      if (piece.length < next.asked) {
        await Promise.allSettled(ahead.splice(0).map((one) => one.piece));
        asked = position;
        pieceBytes = piece.length;
      }
      yield piece;
    }
  } finally {
    await Promise.allSettled(ahead.map((one) => one.piece));
  }
}
