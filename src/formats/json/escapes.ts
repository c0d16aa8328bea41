import type { FaultKind } from './faults.ts';

/** A text between quotes, as far as it goes. */
interface Unescaped {
  readonly value: string;
  /** Offset behind the closing quote; -1 when there is none. */
  readonly end: number;
  readonly faults: readonly { readonly kind: FaultKind; readonly at: number; readonly got: string }[];
}

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /["\\\u0000-\u001f]/g;
const PART_OF_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;
const HEX = /^[0-9a-fA-F]{4}$/;

/** Reads a text with escapes, or with faults. `start`: offset behind the opening quote. */
export function unescapeText(text: string, start: number): Unescaped {
  const faults: { kind: FaultKind; at: number; got: string }[] = [];
  const special = new RegExp(SPECIAL);
  let value = '';
  let from = start;
  let hasCodes = false;
  special.lastIndex = start;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const at = found.index;
    const [character] = found;
    if (character === '"') {
      value += text.slice(from, at);
      if (hasCodes && !value.isWellFormed()) faults.push({ kind: 'lone-surrogate', at: start - 1, got: '' });
      return { value, end: at + 1, faults };
    }
    if (character !== '\\') {
      // One finding for a text is enough: where a quote is missing there are many.
      const kind = character === '\n' || character === '\r' ? 'line-break' : 'control';
      if (faults.at(-1)?.kind !== kind) faults.push({ kind, at, got: character });
      continue;
    }
    // Where the text is only the beginning of a longer one, so may be its last escape.
    if (PART_OF_ESCAPE.test(text.slice(at, at + 6)) && at + 6 > text.length) break;
    const { meaning, length } = readEscape(text, at);
    hasCodes ||= length === 6;
    if (meaning === undefined) faults.push({ kind: 'bad-escape', at, got: text.slice(at, at + 2) });
    value += text.slice(from, at) + (meaning ?? text.slice(at, at + length));
    from = at + length;
    special.lastIndex = from;
  }
  return { value, end: -1, faults };
}

function readEscape(text: string, at: number): { meaning: string | undefined; length: number } {
  const letter = text[at + 1] ?? '';
  if (letter !== 'u') return { meaning: ESCAPES[letter], length: 2 };
  const code = text.slice(at + 2, at + 6);
  return HEX.test(code)
    ? { meaning: String.fromCharCode(Number.parseInt(code, 16)), length: 6 }
    : { meaning: undefined, length: 2 };
}

/** JSON for a character that the encoding of a file lacks. */
export function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('');
}
