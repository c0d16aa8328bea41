import { decodeLoosely } from './plausible.ts';
import { point, type Point } from './types.ts';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Bytes that are letters, digits, blanks, line ends and common signs in every EBCDIC code page. */
const TEXT = new Set([
  ...Buffer.from('050d1525404b4d4e4f505c5d5e60616b6c6d6f7a7b7c7d7e7f', 'hex'),
  ...range(0x81, 0x89),
  ...range(0x91, 0x99),
  ...range(0xa2, 0xa9),
  ...range(0xc1, 0xc9),
  ...range(0xd1, 0xd9),
  ...range(0xe2, 0xe9),
  ...range(0xf0, 0xf9),
]);
/** Where the two code pages have different characters. */
const DIFFERENT = new Set([0x4a, 0x4f, 0x5a, 0x5f, 0xb0, 0xba, 0xbb]);

/** Whether nearly all bytes are common characters of EBCDIC, and few enough are ASCII text. */
export function looksLikeEbcdic(counts: readonly number[]): boolean {
  const sum = (includes: (byte: number) => boolean): number =>
    counts.reduce((total, count, byte) => (includes(byte) ? total + count : total), 0);
  const size = sum(() => true);
  if (size < 8) return false;
  const letters = sum((byte) => TEXT.has(byte) && byte >= 0x80);
  return sum((byte) => TEXT.has(byte)) > size * 0.95 && letters > size * 0.3 && (counts[0x20] ?? 0) < size * 0.01;
}

/** Which of the code pages; where no byte tells them apart, the one of North America. */
export function whichEbcdic(head: Uint8Array): Point {
  const why = 'the bytes are letters, digits and blanks of EBCDIC';
  const differs = head.some((byte) => DIFFERENT.has(byte));
  if (!differs) {
    const told = `${why}; ebcdic-500 would read the same`;
    return point('encoding', 'ebcdic-037', 'likely', told, ['ebcdic-500']);
  }
  // In text, bars and round signs are more common than what the other page has in their places.
  const oddness = (encoding: string): number => (decodeLoosely(head, encoding).match(/[![\]^¢¬¨´]/g) ?? []).length;
  const [first, second] = oddness('ebcdic-037') <= oddness('ebcdic-500') ? ['037', '500'] : ['500', '037'];
  return point('encoding', `ebcdic-${first}`, 'unsure', `${why}; the two code pages differ in a sign of this file`, [
    `ebcdic-${second}`,
  ]);
}
