import type { Bytes } from '../../core/format.ts';
import { inBlocks } from './bytes.ts';
import { createTextReader, type TextReader } from './encodings.ts';
import { byteOrderMark, looksLikeUtf16, sniff, type Sniffed } from './magic.ts';

const LF = 0x0a;

/** Text of a file, as far as it is text. */
export type Decoded =
  | { readonly kind: 'encoding'; readonly encoding: string; readonly hasMark: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'not-text'; readonly found: Sniffed }
  /** All text before the place was given; nothing follows. */
  | { readonly kind: 'nul'; readonly looksLike: 'utf-16le' | 'utf-16be' | undefined }
  | {
      readonly kind: 'bad-byte';
      readonly byte: number | undefined;
      readonly word: string;
      readonly isWestern: boolean;
    };

/** Decodes strictly: the byte order mark decides, else the declared encoding; nothing is guessed or replaced. */
export async function* decode(bytes: Bytes, declared: string): AsyncGenerator<Decoded, void, void> {
  const blocks = inBlocks(bytes);
  try {
    const first = await blocks.next();
    yield* decodeFrom(first.done === true ? new Uint8Array() : first.value, blocks, declared);
  } finally {
    await blocks.return();
  }
}

async function* decodeFrom(
  head: Uint8Array,
  blocks: AsyncIterable<Uint8Array, void, void>,
  declared: string,
): AsyncGenerator<Decoded, void, void> {
  const found = sniff(head);
  if (found !== undefined) {
    yield { kind: 'not-text', found };
    return;
  }
  const mark = byteOrderMark(head);
  const encoding = mark?.encoding ?? declared;
  yield { kind: 'encoding', encoding, hasMark: mark !== undefined };
  const looksLike = encoding.startsWith('utf-16') ? undefined : looksLikeUtf16(head);
  for await (const decoded of decodeBlocks(encoding, head.subarray(mark?.length ?? 0), blocks)) {
    const nul = decoded.kind === 'text' ? decoded.text.indexOf('\0') : -1;
    yield decoded.kind === 'text' && nul !== -1 ? { kind: 'text', text: decoded.text.slice(0, nul) } : decoded;
    if (nul === -1) continue;
    yield { kind: 'nul', looksLike };
    return;
  }
}

async function* decodeBlocks(
  encoding: string,
  head: Uint8Array,
  blocks: AsyncIterable<Uint8Array, void, void>,
): AsyncGenerator<Decoded, void, void> {
  const reader = createTextReader(encoding);
  const rest = blocks[Symbol.asyncIterator]();
  // The part of the last block since its last line end: a place where every encoding here starts afresh.
  let before: Uint8Array = new Uint8Array();
  let block: Uint8Array | undefined = head;
  while (block !== undefined) {
    const text = tryDecode(reader, block);
    if (text === undefined) break;
    yield { kind: 'text', text };
    before = block.subarray(block.lastIndexOf(LF) + 1);
    const next: IteratorResult<Uint8Array, void> = await rest.next();
    block = next.done === true ? undefined : next.value;
  }
  // Undefined at the end: the file may stop inside a character.
  if (block !== undefined || tryEnd(reader) === undefined) {
    yield* explainBadByte(encoding, before, block ?? new Uint8Array(), blocks);
  }
}

function tryDecode(reader: TextReader, block: Uint8Array): string | undefined {
  try {
    return reader.decode(block);
  } catch {
    return undefined;
  }
}

function tryEnd(reader: TextReader): string | undefined {
  try {
    return reader.end();
  } catch {
    return undefined;
  }
}

/** Decodes once more, byte by byte, to give the good text and to name the byte the bad sequence begins with. */
async function* explainBadByte(
  encoding: string,
  before: Uint8Array,
  block: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Decoded, void, void> {
  const known = tryDecode(createTextReader(encoding), before);
  const replayed = known === undefined ? block : Buffer.concat([before, block]);
  const { text, badAt } = decodeUpToBadByte(encoding, replayed);
  const news = text.slice(known?.length ?? 0);
  if (news !== '') yield { kind: 'text', text: news };
  const isWestern = encoding === 'utf-8' && isWindows1252(replayed.subarray(badAt)) && (await areWindows1252(rest));
  yield { kind: 'bad-byte', byte: replayed[badAt], word: isWestern ? wordAround(replayed, badAt) : '', isWestern };
}

function decodeUpToBadByte(encoding: string, bytes: Uint8Array): { text: string; badAt: number } {
  const reader = createTextReader(encoding);
  let text = '';
  let openedAt = 0;
  for (let index = 0; index < bytes.length; index++) {
    const decoded = tryDecode(reader, bytes.subarray(index, index + 1));
    if (decoded === undefined) break;
    text += decoded;
    if (decoded !== '') openedAt = index + 1;
  }
  return { text, badAt: Math.min(openedAt, Math.max(bytes.length - 1, 0)) };
}

async function areWindows1252(blocks: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const block of blocks) if (!isWindows1252(block)) return false;
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
