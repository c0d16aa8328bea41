import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Bytes, RandomAccess } from '../core/format.ts';

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
