import type { Bytes } from '../../core/format.ts';
import { createTextReader, type TextReader } from '../text/encodings.ts';

/** How much of a file is looked at closely. */
const HEAD_BYTES = 1024 * 1024;
/** How much around bytes that are not ASCII is kept, wherever in the file they are. */
const CONTEXT_BYTES = 64 * 1024;
const AROUND = 24;

/** Encodings of several bytes, which not every sequence of bytes is text in. */
const strict = ['utf-8', 'shift_jis', 'gb18030'] as const;

/** What is known of all bytes of a file after one pass over it. */
export interface Sample {
  readonly head: Uint8Array;
  readonly size: number;
  /** How often each byte occurs. */
  readonly counts: readonly number[];
  /** Pieces of the file around bytes that are not ASCII. */
  readonly contexts: readonly Uint8Array[];
  /** Which of the multi-byte encodings the whole file is valid text in. */
  readonly valid: ReadonlySet<string>;
}

/** Reads a file once to its end, in bounded memory. */
export async function takeSample(bytes: Bytes): Promise<Sample> {
  const head = new Head();
  const validity = new Validity();
  const contexts: Uint8Array[] = [];
  const counts = Array.from({ length: 256 }, () => 0);
  let size = 0;
  let kept = 0;
  for await (const piece of bytes) {
    head.take(piece);
    validity.take(piece);
    for (const byte of piece) counts[byte] = (counts[byte] ?? 0) + 1;
    for (const context of kept < CONTEXT_BYTES ? contextsOf(piece) : []) {
      contexts.push(context.subarray(0, CONTEXT_BYTES - kept));
      kept += context.length;
      if (kept >= CONTEXT_BYTES) break;
    }
    size += piece.length;
  }
  return { head: head.bytes(), size, counts, contexts, valid: validity.end() };
}

class Head {
  #parts: Uint8Array[] = [];
  #length = 0;

  take(piece: Uint8Array): void {
    const part = piece.slice(0, HEAD_BYTES - this.#length);
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

class Validity {
  #readers = new Map<string, TextReader>(strict.map((encoding) => [encoding, createTextReader(encoding)]));

  take(piece: Uint8Array): void {
    this.#keep((reader) => reader.decode(piece));
  }

  end(): ReadonlySet<string> {
    this.#keep((reader) => reader.end());
    return new Set(this.#readers.keys());
  }

  #keep(use: (reader: TextReader) => string): void {
    for (const [encoding, reader] of this.#readers) {
      try {
        use(reader);
      } catch {
        this.#readers.delete(encoding);
      }
    }
  }
}

/** Runs of bytes with one beyond ASCII in them, cut at line ends, each with a little of what is before and after. */
function* contextsOf(piece: Uint8Array): Generator<Uint8Array, void, void> {
  let from = -1;
  let to = -1;
  for (let index = 0; index < piece.length; index++) {
    if ((piece[index] ?? 0) < 0x80) continue;
    if (from !== -1 && index - AROUND > to) {
      yield piece.slice(from, to);
      from = -1;
    }
    if (from === -1) from = lineStart(piece, index);
    to = Math.min(index + AROUND, piece.length);
  }
  if (from !== -1) yield piece.slice(from, to);
}

/** A place shortly before where every encoding here starts afresh: behind a line end or the first byte after ASCII. */
function lineStart(piece: Uint8Array, at: number): number {
  let from = at;
  while (from > 0 && at - from < AROUND && (piece[from - 1] ?? 0) < 0x80 && piece[from - 1] !== 0x0a) from--;
  return from;
}
