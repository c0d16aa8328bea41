import { createTextReader } from './encodings.ts';

/**
 * The text at the end of a file, by its size and last bytes, for telling whether its structure has ended. Its beginning
 * may be damaged where the bytes cut a character. A file in UTF-16 known only by its byte order mark is told by the zero
 * halves of its last character.
 */
export function tailText(tail: Uint8Array, size: number, declared: string): string {
  const encoding = declared.startsWith('utf-16') ? declared : (undeclaredUtf16(tail, size) ?? declared);
  const isUtf16 = encoding.startsWith('utf-16');
  const whole = isUtf16 && tail.length % 2 !== size % 2 ? tail.subarray(1) : tail;
  const reader = createTextReader(encoding, false);
  return reader.decode(whole) + reader.end();
}

function undeclaredUtf16(tail: Uint8Array, size: number): string | undefined {
  if (size % 2 !== 0 || tail.length < 2) return undefined;
  if (tail.at(-1) === 0) return 'utf-16le';
  return tail.at(-2) === 0 ? 'utf-16be' : undefined;
}
