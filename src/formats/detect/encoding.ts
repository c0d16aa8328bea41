import { byteOrderMark, looksLikeUtf16 } from '../text/magic.ts';
import { looksLikeEbcdic, whichEbcdic } from './ebcdic.ts';
import { decodeLoosely, plausibleDoubleByte, plausibleSingleByte } from './plausible.ts';
import type { Sample } from './sample.ts';
import { point, type Point, type Sureness } from './types.ts';

const OPTION = 'encoding';
const single = ['windows-1252', 'iso-8859-15', 'cp850', 'cp437', 'macintosh'] as const;
const double = ['shift_jis', 'gb18030'] as const;
/** What decides where little else does: files of today come from Windows. */
const PRIOR: Readonly<Record<string, number>> = { 'windows-1252': 0.2, 'iso-8859-15': 0.1 };
/** How far behind the best another encoding may be and still make sense. */
const CLOSE = 0.4;

/** In which encoding a text file is written. Undefined: it is no text in any that is known. */
export function detectEncoding(sample: Sample): Point | undefined {
  const { head, counts, valid } = sample;
  const mark = byteOrderMark(head);
  if (mark !== undefined) return point(OPTION, mark.encoding, 'certain', 'the file begins with a byte order mark');
  const wide = looksLikeUtf16(head);
  if (wide !== undefined) return point(OPTION, wide, 'certain', 'nearly every second byte is zero');
  if ((counts[0] ?? 0) > 0) return undefined;
  const beyond = counts.slice(0x80).reduce((sum, count) => sum + count, 0);
  if (beyond === 0) return point(OPTION, 'utf-8', 'certain', 'ASCII only, which all encodings but EBCDIC share');
  if (valid.has('utf-8')) {
    const sureness: Sureness = beyond > 6 ? 'certain' : 'likely';
    return point(OPTION, 'utf-8', sureness, 'all bytes are valid UTF-8, which other text hardly ever is');
  }
  if (looksLikeEbcdic(counts)) return whichEbcdic(head);
  return byPlausibility(sample);
}

interface Candidate {
  readonly encoding: string;
  readonly score: number;
}

function byPlausibility({ contexts, counts, valid }: Sample): Point | undefined {
  const candidates: Candidate[] = [
    { encoding: 'utf-8', score: nearlyUtf8(contexts) },
    ...single.map((encoding) => ({
      encoding,
      score: plausibleSingleByte(contexts, encoding) + (PRIOR[encoding] ?? 0),
    })),
    ...double
      .filter((encoding) => valid.has(encoding))
      .map((encoding) => ({ encoding, score: plausibleDoubleByte(contexts, encoding) })),
  ].sort((a, b) => b.score - a.score);
  // Controls that no text has: the bytes are no text, however they are read.
  if (counts.slice(1, 32).some((count, index) => count > 0 && !isTextControl(index + 1))) return undefined;
  const [best] = candidates;
  if (best === undefined || best.score < 0) return undefined;
  const read = (encoding: string): string => contexts.map((context) => decodeLoosely(context, encoding)).join('\n');
  const text = read(best.encoding);
  const near = candidates.slice(1).filter(({ score }) => best.score - score < CLOSE);
  const same = near.filter(({ encoding }) => read(encoding) === text).map(({ encoding }) => encoding);
  const other = near.map(({ encoding }) => encoding).filter((encoding) => !same.includes(encoding));
  if (best.encoding === 'utf-8') {
    return point(OPTION, 'utf-8', 'unsure', 'most bytes are valid UTF-8, and some are not: the file is damaged', other);
  }
  const why = `not UTF-8; read so, what is not ASCII makes sense: ${samples(text)}`;
  const told = same.length === 0 ? why : `${why}; ${same.join(' and ')} would read the same`;
  return point(OPTION, best.encoding, other.length === 0 ? 'likely' : 'unsure', told, [...same, ...other]);
}

function isTextControl(byte: number): boolean {
  return byte === 0x01 || (byte >= 0x08 && byte <= 0x0d) || byte === 0x1a || byte === 0x1b || byte >= 0x1c;
}

/** Below zero when more than one in five characters beyond ASCII is broken. */
function nearlyUtf8(contexts: readonly Uint8Array[]): number {
  const text = contexts.map((context) => decodeLoosely(context, 'utf-8')).join('');
  const beyond = text.match(/[^\u0000-\u007f]/gu) ?? [];
  const broken = beyond.filter((character) => character === '\ufffd').length;
  return beyond.length === 0 ? -1 : 2 - (10 * broken) / beyond.length;
}

/** Some of the characters that ASCII lacks, to judge the guess by; single ones, since words may be names of people. */
function samples(text: string): string {
  return [...new Set(text.match(/[^\s\u0000-\u007f]/gu) ?? [])].slice(0, 8).join(' ');
}
