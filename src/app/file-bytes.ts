import { constants, createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Failure, isFailure, systemCode } from '../core/failure.ts';
import type { Bytes, RandomAccess } from '../core/format.ts';

/**
 * Size of a file that somebody named on the command line.
 * @throws Failure bad-usage when there is none, it may not be read, or it is no regular file.
 */
export async function sizeOfFile(path: string): Promise<number> {
  try {
    // A pipe or a device must not make the opening wait.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) throw new Failure('bad-usage', `${path} is a directory; name a file in it`);
      if (!stats.isFile()) throw new Failure('bad-usage', `${path} is not a regular file`);
      return stats.size;
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || isFailure(error)) throw error;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission denied' : code;
    throw new Failure('bad-usage', `cannot read ${path}: ${why}`, { cause: error });
  }
}

/** The bytes of a file that lies still, from its start or from any place. @throws the system's own errors */
export function fileBytes(path: string): Bytes {
  return {
    async *[Symbol.asyncIterator]() {
      for await (const piece of createReadStream(path)) yield piece as Uint8Array;
    },
    async openRandom() {
      const file = await open(path, 'r');
      try {
        return randomAccess(file, (await file.stat()).size);
      } catch (error) {
        await file.close();
        throw error;
      }
    },
  };
}

function randomAccess(file: FileHandle, size: number): RandomAccess {
  return {
    size,
    async read(offset, length) {
      const buffer = Buffer.alloc(Math.max(Math.min(length, size - offset), 0));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    close: () => file.close(),
  };
}
