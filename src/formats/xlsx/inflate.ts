import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { systemCode } from '../../core/failure.ts';
import { say } from '../../core/text.ts';
import { damaged } from './refusal.ts';

const PIECE_BYTES = 64 * 1024;

/** Unpacks deflated bytes; `name` for messages. Stops its source when its reader stops. */
export async function* inflated(
  packed: AsyncGenerator<Uint8Array, void, void>,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  // Its error comes out of the loop below as well.
  const pumped = pipeline(packed, inflate).catch(() => undefined);
  try {
    for await (const piece of inflate) yield piece as Uint8Array;
  } catch (error) {
    throw systemCode(error)?.startsWith('Z_') === true ? damaged(say`it cannot be unpacked`, name) : error;
  } finally {
    inflate.destroy();
    await pumped;
  }
}
