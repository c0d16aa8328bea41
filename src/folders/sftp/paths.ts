import { Failure } from '../../core/failure.ts';
import { checkPath, parentPath } from '../names.ts';
import { hasStatus, onRemotePath, status, StatusError } from './failures.ts';
import { inOrder } from './in-order.ts';
import { isDirectory } from './kinds.ts';
import type { Session } from './session.ts';

/** Turns paths inside a folder into paths of the server. */
export interface RemotePaths {
  /** The server's path of a file or directory; nothing is looked at but the root. */
  at(session: Session, path: string): Promise<string>;
  /**
   * Creates a directory and those above it when they are absent, unless it must be there.
   * @throws Failure folder-gone; folder-unreachable when it leads outside; not-a-regular-file when it is a file.
   */
  ensureDirectory(session: Session, path: string, mayCreate?: boolean): Promise<string>;
  /** @throws Failure folder-gone. */
  ensureRoot(session: Session): Promise<void>;
  /** Runs work on a file: an absent file of a folder that is gone is no absent file. */
  onFile<T>(session: Session, path: string, work: (full: string) => Promise<T>): Promise<T>;
}

/** `root`: the folder's directory on the server, absolute or below where a login begins. */
export function createRemotePaths(root: string): RemotePaths {
  const roots = new WeakMap<Session, Promise<string>>();
  const rootOf = (session: Session): Promise<string> => {
    const known = roots.get(session) ?? findRoot(session, root);
    roots.set(session, known);
    known.catch(() => roots.delete(session));
    return known;
  };
  const at = async (session: Session, path: string): Promise<string> =>
    join(await rootOf(session), checkName(checkPath(path)));

  async function onFile<T>(session: Session, path: string, work: (full: string) => Promise<T>): Promise<T> {
    const full = await at(session, path);
    return onRemotePath(path, async () => {
      try {
        return await work(full);
      } catch (error) {
        if (hasStatus(error, status.noSuchFile)) await lookAtRoot(session, await rootOf(session));
        throw error;
      }
    });
  }
  async function ensureDirectory(session: Session, path: string, mayCreate = true): Promise<string> {
    const base = await rootOf(session);
    const full = await at(session, path);
    return onRemotePath(path, async () => {
      const [isHere, real] = await inOrder([isThere(session, full), session.realpath(full)]);
      if (isHere()) {
        const found = real();
        if (found === base || found.startsWith(base === '/' ? '/' : `${base}/`)) return full;
        throw new Failure('folder-unreachable', `${path} leads outside its folder`);
      }
      if (path === '') throw new Failure('folder-gone', root);
      if (!mayCreate) {
        // All of the folder may be gone; then that is what is told.
        await lookAtRoot(session, base);
        throw new Failure('folder-gone', path);
      }
      await ensureDirectory(session, parentPath(path));
      await makeDirectory(session, full);
      return full;
    });
  }
  return {
    at,
    onFile,
    ensureDirectory,
    ensureRoot: async (session) => lookAtRoot(session, await rootOf(session)),
  };
}

async function findRoot(session: Session, root: string): Promise<string> {
  const full = await onRemotePath(root, async () => {
    try {
      return await session.realpath(root);
    } catch (error) {
      if (hasStatus(error, status.noSuchFile)) throw new Failure('folder-gone', root, { cause: error });
      throw error;
    }
  });
  await lookAtRoot(session, full);
  return full;
}

/** @throws Failure folder-gone when the root is absent or no directory. */
async function lookAtRoot(session: Session, full: string): Promise<void> {
  if (!(await onRemotePath(full, () => isThere(session, full)))) throw new Failure('folder-gone', full);
}

async function isThere(session: Session, full: string): Promise<boolean> {
  try {
    const found = await session.stat(full);
    if (isDirectory(found)) return true;
    throw new Failure('folder-unreachable', `${full} is no directory`);
  } catch (error) {
    if (hasStatus(error, status.noSuchFile)) return false;
    throw error;
  }
}

/** Somebody else may have made it meanwhile; most servers then answer no more than "failure". */
async function makeDirectory(session: Session, full: string): Promise<void> {
  try {
    await session.mkdir(full);
  } catch (error) {
    if (!(error instanceof StatusError) || !(await isThere(session, full))) throw error;
  }
}

/** A name in the form of one that is not UTF-8 cannot be asked for. */
function checkName(path: string): string {
  if (path.includes('\uFFFD')) throw new Failure('bad-usage', 'a name that is not UTF-8 cannot be asked for');
  return path;
}

function join(base: string, path: string): string {
  if (path === '') return base;
  return base.endsWith('/') ? base + path : `${base}/${path}`;
}
