import { createHash } from 'node:crypto';
import { isFailure } from '../../core/failure.ts';
import type { Bytes } from '../../core/format.ts';
import type { Folder } from '../../core/folder.ts';
import type { Drop, DropFile, Spool } from '../../core/ledger.ts';

/** The files of a drop, each proven to hold the bytes that were received; or which of them are gone. */
export type KeptDrop =
  | { readonly files: readonly DropFile[]; readonly spool: Spool; close(): Promise<void> }
  | { readonly gone: readonly string[] };

interface Source {
  readonly bytes: Bytes;
  close(): Promise<void>;
}

/** Finds the bytes of a received drop: filed away, still where they came in, or in the spool. */
export async function findDrop(drop: Drop, folder: Folder, spool: Spool): Promise<KeptDrop> {
  const sources = new Map<string, Source>();
  const gone: string[] = [];
  const close = async (): Promise<void> => {
    for (const source of sources.values()) await source.close();
  };
  const files: DropFile[] = [];
  for (const file of drop.files) {
    const source = await findFile(file, folder, spool);
    if (source === undefined) gone.push(file.target === '' ? file.path : file.target);
    else {
      sources.set(file.part, source);
      // The part names the bytes in the place that reading takes them from.
      files.push({ ...file, spool: file.part });
    }
  }
  if (gone.length === 0) return { files, spool: readOnlySpool(sources), close };
  await close();
  return { gone };
}

async function findFile(file: DropFile, folder: Folder, spool: Spool): Promise<Source | undefined> {
  for (const path of [file.target, file.path]) {
    const source = path === '' ? undefined : await openFrom(folder, path);
    if (source === undefined) continue;
    if ((await hashOf(source.bytes)) === file.hash) return source;
    await source.close();
  }
  return (await isInSpool(file, spool)) ? { bytes: spool.read(file.spool), close: () => Promise.resolve() } : undefined;
}

async function openFrom(folder: Folder, path: string): Promise<Source | undefined> {
  try {
    const file = await folder.open(path);
    const bytes: Bytes = {
      [Symbol.asyncIterator]: () => file.bytes()[Symbol.asyncIterator](),
      openRandom: () =>
        Promise.resolve({
          size: file.entry.size,
          read: (offset, length) => file.read(offset, length),
          close: () => Promise.resolve(),
        }),
    };
    return { bytes, close: () => file.close() };
  } catch (error) {
    if (isFailure(error, 'file-gone') || isFailure(error, 'not-a-regular-file') || isFailure(error, 'no-permission')) {
      return undefined;
    }
    throw error;
  }
}

async function isInSpool(file: DropFile, spool: Spool): Promise<boolean> {
  if (file.spool === '') return false;
  try {
    return (await hashOf(spool.read(file.spool))) === file.hash;
  } catch (error) {
    if (isFailure(error, 'file-gone')) return false;
    throw error;
  }
}

async function hashOf(bytes: Bytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

/** Bytes by the part they are of. Nothing is ever written. */
function readOnlySpool(sources: ReadonlyMap<string, Source>): Spool {
  const refuse = (): Promise<never> => Promise.reject(new TypeError('nothing is written here'));
  return {
    keep: refuse,
    read(part) {
      const source = sources.get(part);
      if (source === undefined) throw new TypeError('no such file in the drop');
      return source.bytes;
    },
    remove: refuse,
    sweep: refuse,
  };
}
