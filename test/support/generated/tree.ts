import * as fc from 'fast-check';
import { atomsOf, diceOf, seed, textOf, type Dice, type Seed } from './content.ts';
import type { Codec } from './encode.ts';

/** A JSON value, as drawn: numbers as their text. */
export type Node =
  | { readonly kind: 'text'; readonly numbers: Seed }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [Seed, Node])[] };

const WORDS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '7',
  '1.50',
  '1e5',
  '1E+2',
  '-12.000',
  '9007199254740993',
  '0.1e-7',
  '123456789012345678901234567890',
  '2.0000000000000000000000001',
] as const;

const text = seed.map((numbers): Node => ({ kind: 'text', numbers }));
const { node: drawn } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.constantFrom(...WORDS).map((word): Node => ({ kind: 'word', text: word })),
    fc.array(tie('node'), { maxLength: 3 }).map((items): Node => ({ kind: 'array', items })),
    fc.array(fc.tuple(seed, tie('node')), { maxLength: 4 }).map((members): Node => ({ kind: 'object', members })),
  ),
}));

export const node: fc.Arbitrary<Node> = drawn;
/** Mostly what records are: objects. */
export const record: fc.Arbitrary<Node> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.tuple(seed, drawn), { maxLength: 5 }).map((members): Node => ({ kind: 'object', members })),
  },
  { weight: 1, arbitrary: drawn },
);

// Whatever an encoding lacks is escaped.
const ATOMS = [...atomsOf('utf-8', true), '__proto__', 'constructor', '{"a": [', ']}', '\b', '\u2029'];

export const nameOf = (numbers: Seed): string => textOf(numbers, ATOMS);

/** Members by their names: of two with the same name the first. */
function membersOf(members: readonly (readonly [Seed, Node])[]): ReadonlyMap<string, Node> {
  const byName = new Map<string, Node>();
  for (const [numbers, member] of members) {
    const name = nameOf(numbers);
    if (!byName.has(name)) byName.set(name, member);
  }
  return byName;
}

/** As `canonical` writes what was read. */
export function canonicalOf(value: Node): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(textOf(value.numbers, ATOMS));
    case 'word':
      return value.text;
    case 'array':
      return `[${value.items.map(canonicalOf).join(',')}]`;
    case 'object': {
      const members = [...membersOf(value.members)].sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalOf(member)}`).join(',')}}`;
    }
  }
}

/** Writes values as JSON by hand, with blanks wherever they may be, and escapes where they need not be. */
export interface TreeWriter {
  value(value: Node): string;
  string(text: string): string;
  blank(): string;
}

export function createTreeWriter(codec: Codec, blanks: readonly string[], rolls: Seed): TreeWriter {
  const dice = diceOf(rolls);
  const blank = (): string => blanks[dice(blanks.length)] ?? '';
  const string = (text: string): string => quoted(text, codec, dice);
  const value = (each: Node): string => {
    switch (each.kind) {
      case 'text':
        return string(textOf(each.numbers, ATOMS));
      case 'word':
        return each.text;
      case 'array':
        return listed('[', each.items.map(value), ']', blank);
      case 'object': {
        const members = [...membersOf(each.members)].map(
          ([name, member]) => `${string(name)}${blank()}:${blank()}${value(member)}`,
        );
        return listed('{', members, '}', blank);
      }
    }
  };
  return { value, string, blank };
}

function listed(open: string, parts: readonly string[], close: string, blank: () => string): string {
  return `${open}${blank()}${parts.map((part) => part + blank()).join(`,${blank()}`)}${close}`;
}

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
};

function quoted(text: string, codec: Codec, dice: Dice): string {
  const parts = Array.from(text, (character) => {
    const short = SHORT[character];
    const mustEscape = character < ' ' || character === '"' || character === '\\' || character === '\u0085';
    if (short !== undefined && (mustEscape || dice(3) === 2)) return dice(5) === 4 ? codeOf(character) : short;
    return mustEscape || dice(9) === 8 || codec.encode(character) === undefined ? codeOf(character) : character;
  });
  return `"${parts.join('')}"`;
}

function codeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => String.raw`\u` + unit.toString(16).padStart(4, '0')).join('');
}
