import { codecOf, type Encoding } from './encode.ts';
import { honestText, LIMITS, type Honest, type HonestRecord } from './honest.ts';
import type { Source } from './reading.ts';

interface LongField {
  readonly at: number;
  readonly length: number;
  readonly pad?: string;
  readonly align?: 'left' | 'right';
}
type DeclaredField = readonly [number, number] | LongField;

interface Options {
  readonly unit: 'characters' | 'bytes';
  readonly length: number;
  readonly ignore: string;
  readonly lineEnds?: 'none';
  readonly fields?: Readonly<Record<string, DeclaredField>>;
  readonly records?: Readonly<Record<string, { is: unknown; fields?: Readonly<Record<string, DeclaredField>> }>>;
  readonly header?: { readonly lines: number };
  readonly short?: 'reject';
  readonly long?: 'reject';
  readonly tabs?: 'keep';
}

interface Line {
  readonly text: string;
  readonly line: number;
  readonly isOpen: boolean;
}

/** Reads a fixed-width file as its options say, all at once and by no other code than this. */
export function fixedHonestly(source: Source): Honest {
  const options = source.options as unknown as Options;
  const decoded = honestText(source);
  if (decoded.refusal !== undefined) return decoded;
  const width = widthOf(options, decoded.encoding, source.bytes);
  const cut = options.lineEnds === 'none' ? blocksOf(decoded.text, options, width) : linesOf(decoded.text);
  if (typeof cut === 'string') return { refusal: cut };
  const above = options.header?.lines ?? 0;
  const lines = cut.slice(above).filter(({ text }) => text.trim() !== '');
  if (lines.length === 0 && (above === 0 || cut.length === 0)) return { refusal: 'empty' };
  const own = lines.filter(({ text }) => !text.startsWith(options.ignore));
  const last = own.at(-1);
  if (last?.isOpen === true && isShort(last.text, options, width)) return { refusal: 'cut off' };
  const isUnended = options.lineEnds !== 'none' && lines.at(-1)?.isOpen === true;
  const records = own.map((line) => recordOf(line, options, width));
  return {
    refusal: undefined,
    records,
    isCutOff: own.at(-1)?.isOpen === true && records.at(-1)?.isBad === true,
    columns: columnsOf(options),
    passedOver: lines.length - own.length,
    notices: [
      ...decoded.notices,
      ...(own.length === 0 ? ['no-records'] : []),
      ...(isUnended ? ['no-final-newline'] : []),
    ],
  };
}

type Width = (character: string) => number;

function widthOf({ unit }: Options, encoding: Encoding, bytes: Uint8Array): Width {
  if (unit === 'characters') return () => 1;
  if (encoding.startsWith('utf-16')) return (character) => character.length * 2;
  if (encoding === 'utf-8') return (character) => Buffer.byteLength(character);
  if (encoding !== 'shift_jis' && encoding !== 'gb18030') return () => 1;
  const widths = widthsIn(bytes, encoding);
  return (character) => widths.get(character) ?? 1;
}

/** How many bytes each character takes, by its first bytes. */
function widthsIn(bytes: Uint8Array, encoding: Encoding): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  const { decode } = codecOf(encoding);
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const next = bytes[at + 1] ?? 0;
    const isSingle = lead < 0x81 || lead === 0xff || (encoding === 'shift_jis' && lead >= 0xa0 && lead <= 0xdf);
    const isFour = encoding === 'gb18030' && next >= 0x30 && next <= 0x39;
    const width = isSingle ? 1 : isFour ? 4 : 2;
    const character = decode(bytes.subarray(at, at + width));
    // The euro sign of gb18030 has two codes; it counts as the longer one, which is the standard's.
    if (character !== undefined) widths.set(character, character === '€' ? 2 : width);
    at += width;
  }
  return widths;
}

function linesOf(text: string): Line[] | string {
  const parts = text.replace(/\u001a+$/, '').split(/\r\n|\n|\r/);
  const lines = parts.map((each, index) => ({ text: each, line: index + 1, isOpen: index === parts.length - 1 }));
  // Behind the last line end there is nothing.
  if (lines.at(-1)?.text === '') lines.pop();
  return lines.some((line) => line.text.length > LIMITS.record) ? 'too long' : lines;
}

function blocksOf(text: string, { length }: Options, width: Width): Line[] | string {
  const blocks: Line[] = [];
  let block = '';
  let units = 0;
  for (const character of text) {
    block += character;
    units += width(character);
    if (units > length) return 'a record ends inside a character';
    if (units < length) continue;
    if (/^[\r\n]/.test(block)) return 'a line end where a record begins';
    blocks.push({ text: block, line: blocks.length + 1, isOpen: false });
    block = '';
    units = 0;
  }
  const isTail = /^(?:\r\n|\n|\r)?\u001a*$/.test(block);
  return isTail ? blocks : [...blocks, { text: block, line: blocks.length + 1, isOpen: true }];
}

/** A text by units: at each the character that begins there, undefined inside of one. */
type Units = readonly (string | undefined)[];

function unitsOf(text: string, width: Width): Units {
  const units: (string | undefined)[] = [];
  for (const character of text) {
    units.push(character);
    for (let more = 1; more < width(character); more++) units.push(undefined);
  }
  return units;
}

function recordOf({ text, line, isOpen }: Line, options: Options, width: Width): HonestRecord {
  const units = unitsOf(text, width);
  const kind = kindOf(text, units, options);
  if (kind === undefined) return { line, isBad: true };
  const spans = Object.values(kind.fields).map(spanOf);
  const cells = spans.map(({ from, to, pad, align }) => unpadded(units.slice(from, to).join(''), pad, align));
  const isSplit = spans.some(({ from, to }) => isInside(units, from) || isInside(units, to));
  const hasTab = options.tabs !== 'keep' && text.includes('\t');
  return {
    line,
    ...(kind.type === undefined ? {} : { type: kind.type }),
    cells: spans.length === 0 ? [text] : cells,
    isBad: isSplit || hasTab || isMisfit(units, spans, options, isOpen),
  };
}

function isShort(text: string, options: Options, width: Width): boolean {
  const units = unitsOf(text, width);
  return kindOf(text, units, options) !== undefined && units.length < options.length;
}

const isInside = (units: Units, at: number): boolean => at < units.length && units[at] === undefined;

function isMisfit(units: Units, spans: readonly Span[], options: Options, isOpen: boolean): boolean {
  const { length, lineEnds, short, long } = options;
  if (isOpen && units.length < length) return true;
  if (lineEnds === 'none' || units.length === length) return false;
  if (units.length > length) return long === 'reject' || units.slice(length).join('').trim() !== '';
  const isBroken = spans.some(({ from, to, align }) => align === 'right' && units.length > from && units.length < to);
  return short === 'reject' || isBroken;
}

function kindOf(
  text: string,
  units: Units,
  { fields = {}, records }: Options,
): { type: string | undefined; fields: Readonly<Record<string, DeclaredField>> } | undefined {
  if (records === undefined) return { type: undefined, fields };
  const type = Object.keys(records).find((name) =>
    [records[name]?.is].flat().every((sign) => {
      const { at, text: wanted } =
        typeof sign === 'string' ? { at: 1, text: sign } : (sign as { at: number; text: string });
      let from = at - 1;
      while (isInside(units, from)) from--;
      return text.startsWith(wanted, units.slice(0, from).join('').length);
    }),
  );
  return type === undefined ? undefined : { type, fields: records[type]?.fields ?? {} };
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly pad: string | undefined;
  readonly align: 'left' | 'right';
}

function spanOf(field: DeclaredField): Span {
  const { at, length, pad, align = 'left' }: LongField = isPair(field) ? { at: field[0], length: field[1] } : field;
  return { from: at - 1, to: at - 1 + length, pad, align };
}

function isPair(field: DeclaredField): field is readonly [number, number] {
  return Array.isArray(field);
}

/** Zeros are taken away before a digit only, behind a sign. */
function unpadded(text: string, pad: string | undefined, align: 'left' | 'right'): string {
  if (pad === undefined) return text;
  const plain = text.trim();
  if (pad === '0') {
    const [, sign = '', zeros = '', rest = ''] = /^([-+]?)(0*)(.*)$/su.exec(plain) ?? [];
    const isMark = rest === '' || /^[.,]/.test(rest);
    return sign + (zeros !== '' && isMark ? '0' : '') + rest;
  }
  const characters = Array.from(plain);
  while (align === 'right' && characters[0] === pad) characters.shift();
  while (align === 'left' && characters.at(-1) === pad) characters.pop();
  return characters.join('');
}

function columnsOf({ fields, records }: Options): Readonly<Record<string, readonly string[]>> {
  if (records === undefined) return { '': Object.keys(fields ?? {}) };
  return Object.fromEntries(Object.entries(records).map(([name, type]) => [name, Object.keys(type.fields ?? {})]));
}
