import type { BigIntStats, Dirent } from 'node:fs';
import { opendir, lstat } from 'node:fs/promises';

import { Failure, isFailure, systemCode } from '../core/failure.ts';
import type { FileEntry, Folder, ListOptions, NoFile } from '../core/folder.ts';
import { openLocalFile, toEntry } from './local-file.ts';
import { placeFile, parentOf, removeFile, renameFile, syncDirectory, writeFile } from './local-moves.ts';
import { openLocalPaths, type LocalPaths } from './local-paths.ts';
import { watchDirectories } from './local-watch.ts';
import { nameText, parentPath } from './names.ts';
import { folderFailure, onPath } from './system-failures.ts';
import { isTemporaryName } from '../core/folder-names.ts';

export interface LocalFolderOptions {
  readonly name: string;
  /** Path of the directory, absolute or from the working directory. */
  readonly path: string;
  /** Whether a root that is absent now is created; later its absence is a failure. Default: yes. */
  readonly create?: boolean;
}

const QUIET_MS = 5000;
/** How many files are looked at together. */
const LOOKS = 64;

/**
 * A directory of this machine, or one mounted on it. A name that is not UTF-8 appears with `\xE9` for each such byte and
 * with its backslashes doubled; paths in that form find the file again.
 * @throws Failure folder-gone, no-permission.
 */
export async function openLocalFolder({ name, path: root, create = true }: LocalFolderOptions): Promise<Folder> {
  const paths = await openLocalPaths(root, create);
  return {
    name,
    location: root,
    defaultQuietMs: QUIET_MS,
    list: (directory, options = {}) => listFiles(directory, paths, options),
    open: (path) => openLocalFile(path, paths),
    stat: (path) => statFile(path, paths),
    async claim(path, claimedPath) {
      const [from, to] = [await paths.file(path), await paths.file(claimedPath)];
      await onPath(path, () => renameFile(from, to));
    },
    async place(path, target) {
      const from = await paths.file(path);
      await paths.ensureDirectory(parentPath(target));
      const to = await paths.file(target);
      await onPath(path, () => placeFile(from, to));
    },
    async writeTemporary(path, bytes) {
      await paths.ensureDirectory(parentPath(path));
      const full = await paths.file(path);
      await onPath(path, () => writeFile(full, bytes));
    },
    async publish(temporaryPath, finalPath) {
      const from = await paths.file(temporaryPath);
      await paths.ensureDirectory(parentPath(finalPath));
      const to = await paths.file(finalPath);
      await onPath(finalPath, async () => {
        await renameFile(from, to);
        await syncDirectory(parentOf(to));
      });
    },
    remove: (path) => ifThere(async () => removeFile(await paths.file(path)), path),
    async watch(directories, wake) {
      for (const directory of directories) await paths.ensureDirectory(directory);
      const full = await Promise.all(directories.map((directory) => paths.directory(directory)));
      return watchDirectories(full.map(String), wake);
    },
  };
}

async function* listFiles(
  directory: string,
  paths: LocalPaths,
  { onNoFile = () => undefined, mustExist = false }: ListOptions,
): AsyncGenerator<FileEntry, void, void> {
  if (!mustExist) await paths.ensureDirectory(directory);
  const full = await listedPath(directory, paths);
  const handle = await onPath(directory, () =>
    opendir(full, { bufferSize: LOOKS, encoding: 'buffer' as BufferEncoding }),
  );
  let names: Buffer[] = [];
  try {
    for await (const entry of handle) {
      // Asked for as bytes: as text, a name that is not UTF-8 could be listed but never opened.
      const bytes = entry.name as unknown as Buffer;
      if (isTemporaryName(nameText(bytes))) continue;
      if (!entry.isFile() && isKnownKind(entry)) {
        onNoFile({ path: pathOf(directory, bytes), kind: kindOf(entry) });
        continue;
      }
      names.push(bytes);
      if (names.length < LOOKS) continue;
      yield* await lookAt(names, full, directory, onNoFile);
      names = [];
    }
  } catch (error) {
    throw folderFailure(error, directory);
  }
  yield* await lookAt(names, full, directory, onNoFile);
}

async function listedPath(directory: string, paths: LocalPaths): Promise<Buffer> {
  try {
    return await paths.directory(directory);
  } catch (error) {
    if (isFailure(error, 'file-gone')) throw new Failure('folder-gone', directory, { cause: error });
    throw error;
  }
}

/** Some file systems list names without saying what they are. */
function isKnownKind(entry: Kind): boolean {
  return entry.isDirectory() || entry.isSymbolicLink() || entry.isFIFO();
}

type Kind = Pick<Dirent, 'isDirectory' | 'isSymbolicLink' | 'isFIFO'>;

function kindOf(entry: Kind | BigIntStats): NoFile['kind'] {
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function pathOf(directory: string, name: Buffer): string {
  return directory === '' ? nameText(name) : `${directory}/${nameText(name)}`;
}

async function lookAt(
  names: readonly Buffer[],
  full: Buffer,
  directory: string,
  onNoFile: (entry: NoFile) => void,
): Promise<readonly FileEntry[]> {
  const looks = names.map(async (name) => {
    const path = pathOf(directory, name);
    const stats = await statsAt(Buffer.concat([full, Buffer.from('/'), name]), path);
    return { path, stats };
  });
  return (await Promise.all(looks)).flatMap(({ path, stats }) => {
    if (stats === undefined) return [];
    if (stats.isFile()) return [toEntry(path, stats)];
    onNoFile({ path, kind: kindOf(stats) });
    return [];
  });
}

function statFile(path: string, paths: LocalPaths): Promise<FileEntry | undefined> {
  return ifThere(async () => entryAt(await paths.file(path), path), path);
}

/** The entry of a regular file; undefined when there is none, or something else under the name. */
async function entryAt(full: Buffer, path: string): Promise<FileEntry | undefined> {
  const stats = await statsAt(full, path);
  return stats?.isFile() === true ? toEntry(path, stats) : undefined;
}

async function statsAt(full: Buffer, path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(full, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw folderFailure(error, path);
  }
}

/** A file in a directory that is absent is absent itself; a folder that is gone says nothing about its files. */
async function ifThere<T>(work: () => Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await onPath(path, work);
  } catch (error) {
    if (isFailure(error, 'file-gone')) return undefined;
    throw error;
  }
}
