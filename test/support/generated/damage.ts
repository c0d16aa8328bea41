import * as fc from 'fast-check';
import { pick } from './content.ts';
import { codecOf, encodings, type Encoding } from './encode.ts';
import type { FormatName } from './generated-file.ts';

export const damageKinds = [
  'cut',
  'flip',
  'drop line',
  'double line',
  'swap lines',
  'insert',
  're-encode',
  'prepend',
  'join',
  'long field',
  'long line',
  'many columns',
] as const;
export type DamageKind = (typeof damageKinds)[number];

/** What happens to a file on its way, as drawn. */
export interface Damage {
  readonly kind: DamageKind;
  readonly at: number;
  readonly other: number;
  readonly what: number;
}

const RARE = new Set<DamageKind>(['long field', 'many columns', 'long line', 'prepend']);

export const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...damageKinds.filter((kind) => !RARE.has(kind))) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE) },
  ),
  at: fc.nat({ max: 1_000_000 }),
  other: fc.nat({ max: 1_000_000 }),
  what: fc.nat({ max: 1000 }),
});

export interface Victim {
  readonly format: FormatName;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

/** The file after one damage; `joined`: another file of its kind. */
export function damaged(victim: Victim, { kind, at, other, what }: Damage, joined: Uint8Array): Uint8Array {
  const { bytes, encoding } = victim;
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  switch (kind) {
    case 'cut':
      return bytes.subarray(0, place);
    case 'flip':
      return bytes.map((byte, index) => (index === place ? byte ^ (1 << (what % 8)) : byte));
    case 'drop line':
    case 'double line':
    case 'swap lines':
      return rearranged(bytes, encoding, kind, at, other);
    case 'insert':
      return inserted(bytes, place, pick(inserts(encoding), what));
    case 're-encode':
      return reencoded(bytes, encoding, pick(encodings, what));
    case 'prepend':
      return inserted(bytes, 0, pick(HEADS, what));
    case 'join':
      return Buffer.concat([bytes, joined]);
    case 'long field':
      return inserted(bytes, place, text('a', encoding, 70_000));
    case 'long line':
      return inserted(bytes, place, text('a', encoding, 1_100_000));
    case 'many columns':
      return inserted(
        bytes,
        place,
        text(victim.format === 'json' || victim.format === 'ndjson' ? '[' : ',', encoding, 2500),
      );
  }
}

const HEADS: readonly [Uint8Array, ...Uint8Array[]] = [
  Buffer.from('<!DOCTYPE html><html><body>'),
  Buffer.from('PK\u0003\u0004\u0014\0\0\0', 'latin1'),
  Buffer.from('%PDF-1.7\n'),
  Buffer.from([0x1f, 0x8b, 0x08, 0]),
  Buffer.from('<?xml version="1.0"?>\n'),
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('\n'),
];

const PIECES = [
  '"',
  ',',
  ';',
  '\t',
  '|',
  "'",
  '\\',
  '\r',
  '\n',
  '\0',
  '{',
  '}',
  '[',
  ']',
  ':',
  ' ',
  '\u001a',
  '#',
  '0',
];

function inserts(encoding: Encoding): [Uint8Array, ...Uint8Array[]] {
  const marks = [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0], [0xff], [0x80]].map((mark) => Uint8Array.from(mark));
  return [text('"', encoding), ...PIECES.map((piece) => text(piece, encoding)), ...marks];
}

function text(character: string, encoding: Encoding, times = 1): Uint8Array {
  const bytes = Buffer.from(codecOf(encoding).encode(character) ?? []);
  return Buffer.alloc(bytes.length * times, bytes);
}

function inserted(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function reencoded(bytes: Uint8Array, from: Encoding, to: Encoding): Uint8Array {
  const { encode } = codecOf(to);
  const characters = Array.from(codecOf(from).decode(bytes, false) ?? '');
  return Buffer.concat(characters.map((character) => encode(character) ?? encode('?') ?? new Uint8Array()));
}

function rearranged(bytes: Uint8Array, encoding: Encoding, kind: DamageKind, at: number, other: number): Uint8Array {
  const lines = linesOf(bytes, encoding);
  const one = at % lines.length;
  const two = other % lines.length;
  const [first = new Uint8Array(), second = new Uint8Array()] = [lines[one], lines[two]];
  if (kind === 'drop line') lines.splice(one, 1);
  else if (kind === 'double line') lines.splice(one, 0, first);
  else [lines[one], lines[two]] = [second, first];
  return Buffer.concat(lines);
}

/** Cut behind every LF, where the file has any, else behind every CR, else somewhere. */
function linesOf(bytes: Uint8Array, encoding: Encoding): Uint8Array[] {
  const all = Buffer.from(bytes);
  const ends = ['\n', '\r'].map((end) => Buffer.from(text(end, encoding))).find((end) => all.includes(end));
  if (ends === undefined) return [all.subarray(0, all.length / 2), all.subarray(all.length / 2)];
  const lines: Uint8Array[] = [];
  let from = 0;
  for (let at = all.indexOf(ends); at !== -1; at = all.indexOf(ends, from)) {
    lines.push(all.subarray(from, at + ends.length));
    from = at + ends.length;
  }
  return from < all.length ? [...lines, all.subarray(from)] : lines;
}
