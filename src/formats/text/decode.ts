import type { Bytes } from '../../core/format.ts';
import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import type { PhraseValue } from '../../core/text.ts';
import { explainBadByte, sinceLineEnd } from './bad-byte.ts';
import { inBlocks } from './bytes.ts';
import { ebcdicTable, ebcdicVariant } from './ebcdic.ts';
import { createTextReader, type TextReader } from './encodings.ts';
import {
  asciiNotEbcdic,
  bytesReplaced,
  containsNul,
  encodingDetected,
  invalidEncoding,
  utf8Declared,
} from './findings.ts';
import { byteOrderMark, looksLikeUtf16, sniff } from './magic.ts';
import { looksLikeAscii, watchForUtf8, type Utf8Watch } from './misdeclared.ts';
import type { TextOptions } from './options.ts';
import { createReplacer } from './replace.ts';

/** Text of a file, as far as it is text. */
export type Decoded =
  /** Once, first, unless the file is refused before: `encoding` is what {@link createTextWriter} writes the file back in. */
  | { readonly kind: 'encoding'; readonly encoding: string; readonly hasMark: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'notice'; readonly issue: Issue }
  /**
   * Nothing follows; all text before the fault was given. The format knows best where that is: `issueAt` builds the
   * issue at the place it says. `isWhole`: the file as such is something else, and has no place.
   */
  | { readonly kind: 'refused'; readonly isWhole: boolean; readonly issueAt: (where: Place) => Issue };

/** What the file is for its reader: its name in messages, and what the format is called, `CSV`. */
export interface TextSource {
  readonly file: string;
  readonly called: PhraseValue;
}

/**
 * Decodes a file: the byte order mark decides, else the declared encoding; nothing is guessed. Bytes that are no text
 * refuse the file or are replaced, as the options say. In flat memory; closes the bytes in any case.
 */
export async function* decode(
  bytes: Bytes,
  options: TextOptions,
  source: TextSource,
): AsyncGenerator<Decoded, void, void> {
  const blocks = inBlocks(bytes);
  try {
    const first = await blocks.next();
    const head = first.done === true ? new Uint8Array() : first.value;
    const found = sniff(head, source.called);
    if (found === undefined) yield* decodeFrom(head, blocks, options, source);
    else yield { kind: 'refused', isWhole: true, issueAt: (where) => createIssue(found.code, where, found.details) };
  } finally {
    await blocks.return();
  }
}

type Blocks = AsyncIterable<Uint8Array, void, void>;

async function* decodeFrom(
  head: Uint8Array,
  blocks: Blocks,
  options: TextOptions,
  source: TextSource,
): AsyncGenerator<Decoded, void, void> {
  const mark = byteOrderMark(head);
  const encoding = mark?.encoding ?? options.encoding;
  const isEbcdic = ebcdicTable(encoding) !== undefined;
  if (isEbcdic && looksLikeAscii(head)) {
    yield { kind: 'refused', isWhole: true, issueAt: (where) => asciiNotEbcdic({ ...where, line: 1 }, encoding) };
    return;
  }
  yield {
    kind: 'encoding',
    encoding: isEbcdic ? ebcdicVariant(encoding, head) : encoding,
    hasMark: mark !== undefined,
  };
  if (encoding !== options.encoding) yield { kind: 'notice', issue: encodingDetected(source.file, encoding) };
  const looksLike = isEbcdic || encoding.startsWith('utf-16') ? undefined : looksLikeUtf16(head);
  const start = head.subarray(mark?.length ?? 0);
  const watch = watchForUtf8(encoding);
  watch?.push(start);
  const watched = watch === undefined ? blocks : watchBlocks(blocks, watch);
  if (options.onBad === 'replace' && looksLike === undefined) {
    yield* decodeReplacing(encoding, start, watched, source);
    const line = watch?.end();
    if (line !== undefined)
      yield { kind: 'notice', issue: utf8Declared({ file: source.file, line }, encoding, 'warning') };
    return;
  }
  for await (const decoded of decodeStrictly(encoding, start, watched, source)) {
    const nul = decoded.kind === 'text' ? decoded.text.indexOf('\0') : -1;
    yield decoded.kind === 'text' && nul !== -1 ? { kind: 'text', text: decoded.text.slice(0, nul) } : decoded;
    if (nul === -1) continue;
    yield { kind: 'refused', isWhole: false, issueAt: (where) => containsNul(where, source.called, looksLike) };
    return;
  }
  const line = watch?.end();
  if (line === undefined) return;
  yield { kind: 'refused', isWhole: true, issueAt: (where) => utf8Declared({ ...where, line }, encoding, 'error') };
}

async function* watchBlocks(blocks: Blocks, watch: Utf8Watch): AsyncGenerator<Uint8Array, void, void> {
  for await (const block of blocks) {
    watch.push(block);
    yield block;
  }
}

async function* decodeStrictly(
  encoding: string,
  head: Uint8Array,
  blocks: Blocks,
  source: TextSource,
): AsyncGenerator<Decoded, void, void> {
  const reader = createTextReader(encoding);
  const rest = blocks[Symbol.asyncIterator]();
  let before: Uint8Array = new Uint8Array();
  let offset = 0;
  let block: Uint8Array | undefined = head;
  while (block !== undefined) {
    const text = tryDecode(reader, block);
    if (text === undefined) break;
    yield { kind: 'text', text };
    before = sinceLineEnd(block, encoding, offset);
    offset += block.length;
    const next: IteratorResult<Uint8Array, void> = await rest.next();
    block = next.done === true ? undefined : next.value;
  }
  // Undefined at the end: the file may stop inside a character.
  if (block === undefined && tryEnd(reader) !== undefined) return;
  const { text, fault } = await explainBadByte(encoding, before, block ?? new Uint8Array(), blocks);
  if (text !== '') yield { kind: 'text', text };
  yield {
    kind: 'refused',
    isWhole: false,
    issueAt: (where) => invalidEncoding(where, source.called, encoding, fault),
  };
}

async function* decodeReplacing(
  encoding: string,
  head: Uint8Array,
  blocks: Blocks,
  source: TextSource,
): AsyncGenerator<Decoded, void, void> {
  const replacer = createReplacer(encoding);
  yield { kind: 'text', text: replacer.decode(head) };
  for await (const block of blocks) yield { kind: 'text', text: replacer.decode(block) };
  yield { kind: 'text', text: replacer.end() };
  const { count, line } = replacer.replaced();
  if (count > 0) yield { kind: 'notice', issue: bytesReplaced(source.file, line, count, encoding) };
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
