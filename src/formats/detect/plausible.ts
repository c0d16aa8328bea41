import { createTextReader } from '../text/encodings.ts';

/** Letters of Western European words; what else is a letter in a code page stands in few of them. */
const FAMILIAR = /[äöüßéèêëàâçñáíóúãõåæøôîïìòùûœšžÄÖÜÉÈÀÇÑÅÆØŠŽŒ]/;
const LATIN = /\p{Script=Latin}/u;
const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;
/** Signs that business papers use outside words. */
const SIGNS = /[€£§°²³½¼¾®©™«»„“”‚‘’–—…·•\u00a0×±µº ª¿¡¥´]/;
const IMPOSSIBLE = -8;
const STRANGE = -3;

/**
 * How much the characters beyond ASCII look like words and signs of Western languages: about 2 for each that does, below
 * zero for line graphics, controls and capitals inside words.
 */
export function plausibleSingleByte(contexts: readonly Uint8Array[], encoding: string): number {
  let score = 0;
  let count = 0;
  for (const context of contexts) {
    const characters = Array.from(decodeLoosely(context, encoding));
    for (const [index, character] of characters.entries()) {
      if (character <= '\u007f') continue;
      count++;
      score += plausibleCharacter(character, characters[index - 1] ?? ' ', characters[index + 1] ?? ' ');
    }
  }
  return count === 0 ? 0 : score / count;
}

function plausibleCharacter(character: string, before: string, after: string): number {
  if (character <= '\u009f' || character === '\ufffd') return IMPOSSIBLE;
  const isInWord = LATIN.test(before) && LATIN.test(after);
  if (LATIN.test(character) && /\p{L}/u.test(character)) {
    if (UPPER.test(character) && LOWER.test(before)) return STRANGE;
    const known = FAMILIAR.test(character) ? 2 : 0.5;
    return LATIN.test(before) || LATIN.test(after) ? known : known / 2;
  }
  if (character === '’') return 1;
  if (!SIGNS.test(character)) return STRANGE;
  if (isInWord) return STRANGE;
  return /[€£¥]/.test(character) ? 1.5 : 0.7;
}

/**
 * The same for the encodings of two bytes: about 2 for each common character. Words of these scripts are not mixed letter
 * by letter with ASCII, which is what Western text looks like when it is read so.
 */
export function plausibleDoubleByte(contexts: readonly Uint8Array[], encoding: 'shift_jis' | 'gb18030'): number {
  const common = encoding === 'shift_jis' ? commonShiftJis : commonGb;
  let score = 0;
  let count = 0;
  for (const bytes of contexts) {
    for (let index = 0; index < bytes.length; index++) {
      const lead = bytes[index] ?? 0;
      if (lead < 0x80) continue;
      const isHalf = encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf;
      const start = index;
      if (!isHalf) index++;
      count++;
      const isBetweenLetters = isAsciiLetter(bytes[start - 1]) && isAsciiLetter(bytes[index + 1]);
      const isAlone = !isBeyondAscii(bytes[start - 1]) && !isBeyondAscii(bytes[index + 1]);
      if (isBetweenLetters || (isHalf && isAlone)) score += STRANGE;
      else score += isHalf ? 1 : common(lead, bytes[index] ?? 0);
    }
  }
  return count === 0 ? 0 : score / count;
}

/** Kana and the common kanji are rows of their own; signs come before them. */
function commonShiftJis(lead: number, trail: number): number {
  if (lead >= 0x82 && lead <= 0x83) return 2.5;
  if (lead >= 0x88 && lead <= 0x97) return 2;
  if (lead === 0x81) return trail <= 0x9e ? 1.5 : 0.5;
  return lead >= 0x98 && lead <= 0xea ? 0 : STRANGE;
}

/** The 3755 common characters are rows B0 to D7. */
function commonGb(lead: number, trail: number): number {
  if (trail < 0xa1) return -1.5;
  if (lead >= 0xb0 && lead <= 0xd7) return 2;
  if (lead >= 0xa1 && lead <= 0xa5) return 1;
  return lead >= 0xd8 && lead <= 0xf7 ? 0 : STRANGE;
}

const isAsciiLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
const isBeyondAscii = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80;

export function decodeLoosely(bytes: Uint8Array, encoding: string): string {
  const reader = createTextReader(encoding, false);
  return reader.decode(bytes) + reader.end();
}
