import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, systemCode } from '../core/failure.ts';
import type { Bytes, RandomAccess } from '../core/format.ts';
import type { Spool } from '../core/ledger.ts';

const NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const READ_BYTES = 256 * 1024;

/** A spool in a directory, which is created when absent. Nobody but the owner can read what lies in it. */
export function createSpool(directory: string): Spool {
  return {
    async keep(bytes) {
      const spool = randomUUID();
      const path = join(directory, spool);
      try {
        await ensureDirectory(directory);
        const kept = await writeDurably(path, bytes);
        await syncDirectory(directory);
        return { spool, ...kept };
      } catch (error) {
        await rm(path, { force: true }).catch(() => undefined);
        throw asFailure(error);
      }
    },
    read: (spool) => readFrom(pathOf(directory, spool)),
    async remove(spool) {
      await rm(pathOf(directory, spool), { force: true });
    },
    async sweep(needed) {
      const names = (await listNames(directory)).filter((name) => NAME.test(name) && !needed.has(name));
      for (const name of names) await rm(join(directory, name), { force: true });
      return names.length;
    },
  };
}

/** Spool names come back from the ledger; only names we made ourselves become paths. */
function pathOf(directory: string, spool: string): string {
  if (!NAME.test(spool)) throw new Failure('file-gone', 'not a name of the spool');
  return join(directory, spool);
}

async function writeDurably(path: string, bytes: Bytes): Promise<{ hash: string; size: number }> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
    return { hash: hash.digest('hex'), size };
  } finally {
    await file.close();
  }
}

function readFrom(path: string): Bytes {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) yield chunk as Uint8Array;
      } catch (error) {
        throw asFailure(error);
      }
    },
    openRandom: () => openRandom(path),
  };
}

async function openRandom(path: string): Promise<RandomAccess> {
  try {
    const file = await open(path, 'r');
    return await randomAccess(file).catch(async (error: unknown) => {
      await file.close();
      throw error;
    });
  } catch (error) {
    throw asFailure(error);
  }
}

async function randomAccess(file: FileHandle): Promise<RandomAccess> {
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const buffer = Buffer.alloc(Math.max(Math.min(length, size - offset), 0));
      let filled = 0;
      try {
        while (filled < buffer.length) {
          const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (error) {
        throw asFailure(error);
      }
      return buffer.subarray(0, filled);
    },
    close: () => file.close(),
  };
}

async function ensureDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  // A directory whose entry is lost in a power cut takes everything in it along.
  if (first !== undefined) await syncDirectory(dirname(first));
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows has no such call for directories.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw asFailure(error);
  }
}

function asFailure(error: unknown): unknown {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('disk-full', 'writing to the spool', { cause: error });
    case 'EIO':
      return new Failure('disk-error', 'in the spool', { cause: error });
    case 'ENOENT':
      return new Failure('file-gone', 'in the spool', { cause: error });
    case undefined:
    default:
      return error;
  }
}
