import { mkdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { Failure, isFailure, systemCode } from '../core/failure.ts';
import { syncDirectory } from './local-moves.ts';
import { checkPath, nameBytes, parentPath } from './names.ts';
import { onPath } from './system-failures.ts';

/** Turns paths inside a folder into paths of the system, on a root that is still the one we began with. */
export interface LocalPaths {
  /**
   * The system's path of a directory, free of symbolic links.
   * @throws Failure folder-gone; file-gone when the directory is absent; folder-unreachable when it leads outside.
   */
  directory(path: string): Promise<Buffer>;
  /** As {@link directory}, for the directory a file is in, with the file's own name appended unresolved. */
  file(path: string): Promise<Buffer>;
  /** Creates a directory and those above it when they are absent, durably. */
  ensureDirectory(path: string): Promise<void>;
  /** Whether a path of the system is below the root. */
  isInside(path: Buffer): Promise<boolean>;
}

interface Root {
  readonly real: Buffer;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * Knows the root by device and inode from now on, so that an unmounted or recreated folder is no empty one.
 * @throws Failure folder-gone when the root is absent and may not be created.
 */
export async function openLocalPaths(rootPath: string, mayCreate: boolean): Promise<LocalPaths> {
  const absolute = resolve(rootPath);
  if (mayCreate) await onPath(rootPath, () => mkdir(absolute, { recursive: true }));
  return createLocalPaths(absolute, await lookAtRoot(absolute));
}

function createLocalPaths(absolute: string, known: Root): LocalPaths {
  async function root(): Promise<Root> {
    const found = await lookAtRoot(absolute);
    if (found.dev === known.dev && found.ino === known.ino) return known;
    throw new Failure('folder-gone', `${absolute} is another directory than before`);
  }
  async function directory(path: string): Promise<Buffer> {
    checkPath(path);
    const { real } = await root();
    const resolved = await onPath(path, () => realpath(join(real, path), { encoding: 'buffer' }));
    if (!isBelow(resolved, real)) throw new Failure('folder-unreachable', `${path} leads outside its folder`);
    return resolved;
  }
  return {
    directory,
    async file(path) {
      if (checkPath(path) === '') throw new Failure('bad-usage', 'a file needs a name');
      return join(await directory(parentPath(path)), path.slice(path.lastIndexOf('/') + 1));
    },
    ensureDirectory: (path) => ensureDirectory(path, directory),
    isInside: async (path) => isBelow(path, (await root()).real),
  };
}

/** One level at a time, from the first that is absent, so that each new name can be made durable where it stands. */
async function ensureDirectory(path: string, directory: LocalPaths['directory']): Promise<void> {
  const missing: string[] = [];
  for (let parent = checkPath(path); !(await isThere(parent, directory)); parent = parentPath(parent)) {
    missing.unshift(parent);
  }
  for (const name of missing) {
    const above = await directory(parentPath(name));
    await onPath(name, async () => {
      await mkdir(join(above, name.slice(name.lastIndexOf('/') + 1)), { recursive: true });
      await syncDirectory(above);
    });
  }
}

async function isThere(path: string, directory: LocalPaths['directory']): Promise<boolean> {
  try {
    await directory(path);
    return true;
  } catch (error) {
    if (isFailure(error, 'file-gone')) return false;
    throw error;
  }
}

async function lookAtRoot(absolute: string): Promise<Root> {
  try {
    const real = await realpath(absolute, { encoding: 'buffer' });
    const { dev, ino } = await stat(real, { bigint: true });
    return { real, dev, ino };
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return onPath(absolute, () => Promise.reject(error as Error));
    throw new Failure('folder-gone', absolute, { cause: error });
  }
}

function join(directory: Buffer, path: string): Buffer {
  return path === '' ? directory : Buffer.concat([directory, Buffer.from('/'), nameBytes(path)]);
}

function isBelow(path: Buffer, root: Buffer): boolean {
  if (path.equals(root)) return true;
  const prefix = root.equals(Buffer.from('/')) ? root : Buffer.concat([root, Buffer.from('/')]);
  return path.subarray(0, prefix.length).equals(prefix);
}
