import type { Bytes, RandomAccess } from '../../core/format.ts';
import { say } from '../../core/text.ts';
import { tooMuch } from './refusal.ts';

const MIB = 1024 * 1024;
/** Of bytes that only come once, in order, so many are held. */
const MOST_HELD = 64 * MIB;

/**
 * The bytes from any place: of a file at rest as they lie there, else out of memory.
 * @throws Refusal when they are too many to be held.
 */
export async function openAnywhere(bytes: Bytes): Promise<RandomAccess> {
  if (bytes.openRandom !== undefined) return bytes.openRandom();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > MOST_HELD) throw tooMuch(say`the workbook is too large`, say`at most ${MOST_HELD / MIB} MiB`);
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  return {
    size,
    read: (offset, length) => Promise.resolve(whole.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}
