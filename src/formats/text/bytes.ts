import type { Bytes } from '../../core/format.ts';

/** Bytes handed on at a time, and so the size of a batch of records. */
export const BLOCK_BYTES = 64 * 1024;

/** The same bytes in blocks of about {@link BLOCK_BYTES}, however they came. */
export async function* inBlocks(bytes: Bytes): AsyncGenerator<Uint8Array, void, void> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += BLOCK_BYTES) {
      const part = piece.subarray(from, from + BLOCK_BYTES);
      parts.push(part);
      size += part.length;
      if (size < BLOCK_BYTES) continue;
      yield parts.length === 1 ? part : Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(parts);
}
