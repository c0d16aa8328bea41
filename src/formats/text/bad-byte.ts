import { createTextReader } from './encodings.ts';
import type { BadByte } from './findings.ts';

const LF = 0x0a;

/**
 * The part of a block since its last line end: a place where every encoding starts afresh. `offset`: bytes of the text
 * before the block.
 */
export function sinceLineEnd(block: Uint8Array, encoding: string, offset: number): Uint8Array {
  if (encoding === 'utf-8') return block.subarray(wholeFrom(block, block.lastIndexOf(LF) + 1));
  if (!encoding.startsWith('utf-16')) return block.subarray(block.lastIndexOf(LF) + 1);
  const aligned = offset % 2;
  const half = encoding === 'utf-16le' ? 0 : 1;
  for (let at = block.lastIndexOf(LF); at >= 0; at = at === 0 ? -1 : block.lastIndexOf(LF, at - 1)) {
    const unit = at - half;
    if (unit < 0 || unit % 2 !== aligned || block[half === 0 ? at + 1 : unit] !== 0) continue;
    return block.subarray(unit + 2);
  }
  return block.subarray(aligned);
}

/** Behind the rest of a UTF-8 character that began in the block before. */
function wholeFrom(block: Uint8Array, from: number): number {
  let at = from;
  while (at < from + 3 && ((block[at] ?? 0) & 0xc0) === 0x80) at++;
  return at;
}

/**
 * Decodes once more, byte by byte, a block that is not all text: the good text that was not given yet, and the byte with
 * which the bad sequence begins. Reads on in the file to tell whether another encoding fits it.
 */
export async function explainBadByte(
  encoding: string,
  before: Uint8Array,
  block: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): Promise<{ text: string; fault: BadByte }> {
  // Undefined: without a line end in the last block, its beginning may lie inside a character.
  const known = tryDecode(encoding, before);
  const replayed = known === undefined ? block : Buffer.concat([before, block]);
  const { text, badAt } = decodeUpToBadByte(encoding, replayed);
  const isWestern = encoding === 'utf-8' && isWindows1252(replayed.subarray(badAt)) && (await areWindows1252(rest));
  const fault = { byte: replayed[badAt], word: isWestern ? wordAround(replayed, badAt) : undefined };
  return { text: text.slice(known?.length ?? 0), fault };
}

function tryDecode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return createTextReader(encoding).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeUpToBadByte(encoding: string, bytes: Uint8Array): { text: string; badAt: number } {
  const reader = createTextReader(encoding);
  let text = '';
  let openedAt = 0;
  for (let index = 0; index < bytes.length; index++) {
    try {
      const decoded = reader.decode(bytes.subarray(index, index + 1));
      text += decoded;
      if (decoded !== '') openedAt = index + 1;
    } catch {
      break;
    }
  }
  return { text, badAt: Math.min(openedAt, Math.max(bytes.length - 1, 0)) };
}

// A file of gigabytes is told by its first part, so that it is refused at once.
const LOOKED_AT_BYTES = 16 * 1024 * 1024;

async function areWindows1252(blocks: AsyncIterable<Uint8Array>): Promise<boolean> {
  let seen = 0;
  for await (const block of blocks) {
    if (!isWindows1252(block)) return false;
    seen += block.length;
    if (seen > LOOKED_AT_BYTES) return true;
  }
  return true;
}

/** No byte that windows-1252 leaves undefined and no control character but those of text. */
function isWindows1252(bytes: Uint8Array): boolean {
  return bytes.every((byte) => {
    if (byte < 0x20) return byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1a;
    return byte !== 0x7f && byte !== 0x81 && byte !== 0x8d && byte !== 0x8f && byte !== 0x90 && byte !== 0x9d;
  });
}

const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined && (byte >= 0x80 || /[A-Za-z0-9'-]/.test(String.fromCharCode(byte)));

/** The word a byte stands in, read as windows-1252: it shows at a glance whether the guess is right. */
function wordAround(bytes: Uint8Array, at: number): string {
  let from = at;
  let to = at + 1;
  while (at - from < 20 && isWordByte(bytes[from - 1])) from--;
  while (to - at < 20 && isWordByte(bytes[to])) to++;
  return new TextDecoder('windows-1252').decode(bytes.subarray(from, to));
}
