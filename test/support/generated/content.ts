import * as fc from 'fast-check';
import { doubleBytes, upperHalves } from './codes.ts';
import type { Encoding } from './encode.ts';

/** What files are made of that readers stumble over, in characters that every encoding has. */
const NASTY = [
  'A',
  'Qty',
  'x y',
  '0012',
  '12.50',
  '-5',
  '1.23E+12',
  '2026-02-30',
  'null',
  'true',
  'sep=;',
  'SEP=,',
  '"',
  '""',
  "'",
  ',',
  ';',
  '\t',
  '|',
  '\\',
  '\\"',
  '#',
  '//',
  ' ',
  '  ',
  '=',
  '=1+1',
  '+',
  '-',
  '@SUM(',
  '`',
  '~',
  '{',
  '}',
  '[',
  ']',
  ':',
  '<b>',
  '&amp;',
  ']]>',
  '_x000D_',
  '%',
  '$',
  '^',
  '/',
  '\u0001',
  '\u001f',
  '\u007f',
] as const;
const BREAKS = ['\n', '\r\n', '\r', '\n\n', '\u000b', '\u000c', '\u001a'] as const;
const UNICODE = [
  'é',
  'e\u0301',
  'ß',
  'Ø',
  '€',
  '東京',
  'ソ',
  '表',
  'ｱ',
  '😀',
  '🚚',
  '👩‍👩‍👧',
  'İ',
  '\ufeff',
  '\u200b',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\u202e',
  '\ufffd',
  '\uffee',
  '𠮷',
  '„',
  'א',
] as const;
const LATIN = ['é', 'ß', 'Ø', 'ÿ', 'þ', '£', '¢', '¬', '\u00a0', '¦', 'Ä', 'ï', '»', '¿'] as const;

/** Characters beyond ASCII that an encoding holds. */
function beyondAscii(encoding: Encoding): readonly string[] {
  if (encoding.startsWith('utf-')) return UNICODE;
  if (encoding.startsWith('ebcdic') || encoding === 'iso-8859-1') return LATIN;
  const upper = upperHalves[encoding];
  if (upper === undefined) return Object.keys(doubleBytes[encoding] ?? {});
  return Array.from(upper).filter((character) => character >= '\u00a0' || character > '\u00ff');
}

/** The pieces that values are made of. `breaks`: line breaks and other characters that layouts cannot hold among them. */
export function atomsOf(encoding: Encoding, breaks: boolean): readonly string[] {
  const own = beyondAscii(encoding);
  return breaks
    ? [...NASTY, ...own, ...BREAKS]
    : [...NASTY.filter((atom) => !/[\u0000-\u001f\u007f]/.test(atom)), ...own];
}

/** What a value is made of, before the encoding is known: numbers of pieces. */
export type Seed = readonly number[];
export const seed: fc.Arbitrary<Seed> = fc.array(fc.nat({ max: 9999 }), { maxLength: 5 });

export function textOf(numbers: Seed, atoms: readonly string[]): string {
  return numbers.map((number) => atoms[number % atoms.length] ?? '').join('');
}

/** Small decisions, drawn beforehand so that a failure shrinks: 0 is the plainest. */
export type Dice = (sides: number) => number;
export const rolls: fc.Arbitrary<Seed> = fc.array(fc.nat({ max: 9999 }), { maxLength: 24 });

export function diceOf(numbers: Seed): Dice {
  let count = 0;
  return (sides) => {
    if (numbers.length === 0) return 0;
    const round = Math.floor(count / numbers.length);
    const roll = (numbers[count % numbers.length] ?? 0) + round;
    count++;
    return roll % sides;
  };
}

/** The member of a list that a number stands for. */
export function pick<const T extends readonly [unknown, ...unknown[]]>(list: T, number: number): T[number] {
  return list[number % list.length];
}
