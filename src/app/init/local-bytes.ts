import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Failure, isFailure, systemCode } from '../../core/failure.ts';
import type { Bytes, RandomAccess } from '../../core/format.ts';

/**
 * A file of this machine that somebody named on the command line.
 * @throws Failure bad-usage when there is none, or when it is no regular file.
 */
export async function openLocalBytes(path: string): Promise<Bytes> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new Failure('bad-usage', `${path} is a directory; name a file in it`);
    if (!stats.isFile()) throw new Failure('bad-usage', `${path} is not a regular file`);
    await (await open(path, 'r')).close();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || isFailure(error)) throw error;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission denied' : code;
    throw new Failure('bad-usage', `cannot read ${path}: ${why}`, { cause: error });
  }
  return {
    [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
    openRandom: () => openRandom(path),
  };
}

async function openRandom(path: string): Promise<RandomAccess> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
