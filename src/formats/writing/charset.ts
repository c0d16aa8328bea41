import { createTextWriter } from '../text/encodings.ts';
import type { CellRules } from './cell-options.ts';
import { spell } from './transliterate.ts';

/** The characters a file can hold, and what becomes of others. */
export interface Charset {
  /** Whether any text may come out changed. */
  readonly changes: boolean;
  /** The first character that cannot be written, not with another spelling either. */
  lacks(text: string): string | undefined;
  /** The text with another spelling of what is lacking. */
  spell(text: string): string;
}

// What is asked of ASCII is known without asking.
const BEYOND_ASCII = /[^\0-\x7f]/;

export function createCharset(encoding: string, rules: CellRules): Charset {
  const { spelling, isAscii, replacement } = rules;
  const isHeld = createHolder(encoding, isAscii);
  const known = new Map<string, string | undefined>();
  /** Undefined: there is no way to write it. */
  const written = (character: string): string | undefined => {
    if (!BEYOND_ASCII.test(character)) return character;
    if (known.has(character)) return known.get(character);
    const text = isHeld(character) ? character : (other(character) ?? replacement);
    known.set(character, text);
    return text;
  };
  const other = (character: string): string | undefined => {
    const spelt = spelling === undefined ? undefined : spell(character, spelling);
    return spelt !== undefined && Array.from(spelt).every(isHeld) ? spelt : undefined;
  };
  return {
    changes: spelling !== undefined || isAscii,
    lacks: (text) =>
      BEYOND_ASCII.test(text) ? Array.from(text.normalize()).find((one) => written(one) === undefined) : undefined,
    spell: (text) => {
      if (!BEYOND_ASCII.test(text) || (spelling === undefined && !isAscii)) return text;
      const characters = Array.from(text);
      if (characters.every(isHeld)) return text;
      return Array.from(text.normalize(), (one) => written(one) ?? one).join('');
    },
  };
}

function createHolder(encoding: string, isAscii: boolean): (character: string) => boolean {
  if (isAscii) return (character) => !BEYOND_ASCII.test(character);
  const write = createTextWriter(encoding);
  const known = new Map<string, boolean>();
  return (character) => {
    if (!BEYOND_ASCII.test(character)) return true;
    let isHeld = known.get(character);
    if (isHeld === undefined) {
      isHeld = true;
      write(character, () => {
        isHeld = false;
        return '';
      });
      known.set(character, isHeld);
    }
    return isHeld;
  };
}
