import { createTextWriter, type TextWriter } from '../text/encodings.ts';
import type { Unit } from './layout.ts';

/**
 * A text with its units counted: `offsets[unit]` is where in the text a unit begins, -1 for one inside a character, and
 * the last one is the end. Undefined offsets: every unit is one UTF-16 code of the text.
 */
export interface Measured {
  readonly text: string;
  readonly units: number;
  readonly offsets: Int32Array | undefined;
}

export type Ruler = (text: string) => Measured;

const MULTIBYTE = new Set(['utf-8', 'shift_jis', 'euc-jp', 'euc-kr', 'gb18030', 'big5']);
const SURROGATES = /[\ud800-\udfff]/;
const BEYOND_ASCII = /[^\0-\x7f]/;

/** Whether a character may take more than one byte. */
export function isMultibyte(encoding: string): boolean {
  return MULTIBYTE.has(encoding) || encoding.startsWith('utf-16');
}

/** Units of the characters that every encoding has. */
export function narrowest(unit: Unit, encoding: string): number {
  return unit === 'bytes' && encoding.startsWith('utf-16') ? 2 : 1;
}

/** Counts characters (code points), or the bytes they take in an encoding. */
export function createRuler(unit: Unit, encoding: string): Ruler {
  if (unit === 'characters') return (text) => (SURROGATES.test(text) ? measure(text, () => 1) : plain(text));
  if (encoding.startsWith('utf-16')) return (text) => measure(text, (character) => character.length * 2);
  if (!isMultibyte(encoding)) return plain;
  const width = encoding === 'utf-8' ? Buffer.byteLength : createWidths(encoding);
  return (text) => (BEYOND_ASCII.test(text) ? measure(text, width) : plain(text));
}

function plain(text: string): Measured {
  return { text, units: text.length, offsets: undefined };
}

function createWidths(encoding: string): (character: string) => number {
  // Its tables take a while to build: only text beyond ASCII needs them.
  let write: TextWriter | undefined;
  const known = new Map<string, number>();
  return (character) => {
    write ??= createTextWriter(encoding);
    const width = known.get(character) ?? write(character, () => '?').length;
    known.set(character, width);
    return width;
  };
}

function measure(text: string, width: (character: string) => number): Measured {
  const widths: number[] = [];
  let units = 0;
  for (const character of text) {
    const taken = width(character);
    widths.push(taken);
    units += taken;
  }
  const offsets = new Int32Array(units + 1).fill(-1);
  let unit = 0;
  let offset = 0;
  for (const taken of widths) {
    offsets[unit] = offset;
    unit += taken;
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  offsets[units] = text.length;
  return { text, units, offsets };
}

/** Whether a position lies inside a character. */
export function isInsideCharacter({ offsets }: Measured, unit: number): boolean {
  return offsets?.[unit] === -1;
}

/** Where in the text a position is; of one inside a character, where that begins. */
export function offsetAt({ text, offsets, units }: Measured, unit: number): number {
  if (unit >= units) return text.length;
  if (offsets === undefined) return unit;
  let at = unit;
  while (offsets[at] === -1) at--;
  return offsets[at] ?? 0;
}

/** The text between two positions. A character on a border belongs to what is behind it. */
export function sliceUnits(measured: Measured, from: number, to: number): string {
  return measured.text.slice(offsetAt(measured, from), offsetAt(measured, to));
}

/** The position at which an offset of the text lies. */
export function unitAt({ offsets, units }: Measured, offset: number): number {
  if (offsets === undefined) return Math.min(offset, units);
  const unit = offsets.indexOf(offset);
  return unit === -1 ? units : unit;
}
