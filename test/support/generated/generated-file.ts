import type { FormatOptions } from '../../../src/core/format.ts';
import type { Encoding } from './encode.ts';

export const formatNames = ['csv', 'fixed', 'json', 'ndjson', 'xlsx'] as const;
export type FormatName = (typeof formatNames)[number];

/** A record as its reader must say it. */
export interface Expected {
  /** As in the file, from 1. */
  readonly line: number;
  readonly type?: string;
  readonly cells?: readonly string[];
  /** {@link canonical} text of a tree. */
  readonly tree?: string;
}

/** A file that was generated, and what it says. */
export interface GeneratedFile {
  readonly format: FormatName;
  /** Who wrote it: a writer of the tests, or the format's own. */
  readonly by: 'hand' | 'write';
  readonly encoding: Encoding;
  /** As a mapping's `read:` has them. */
  readonly options: FormatOptions;
  readonly bytes: Uint8Array;
  readonly records: readonly Expected[];
  /** Columns by record type; under '' where there are none. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Lines that its reader must say it passed over. */
  readonly passedOver: number;
  /** Codes of the notices that its reader must give, sorted. */
  readonly notices: readonly string[];
}

/** Tells on which physical line, from 1, an offset of a text lies. Offsets are asked for in rising order. */
export function lineCounter(text: string): (offset: number) => number {
  const breaks = /\r\n|\r|\n/g;
  let line = 1;
  let next = breaks.exec(text);
  return (offset) => {
    while (next !== null && next.index + next[0].length <= offset) {
      line++;
      next = breaks.exec(text);
    }
    return line;
  };
}

/** A tree as text, whatever the order of its members; numbers as their source wrote them. */
export function canonical(tree: unknown): string {
  if (Array.isArray(tree)) return `[${tree.map(canonical).join(',')}]`;
  if (typeof tree !== 'object' || tree === null) return JSON.stringify(tree);
  // JSON.rawJSON makes frozen objects without a prototype: their text is their number.
  if (isRaw(tree)) return JSON.stringify(tree);
  const members = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(',')}}`;
}

function isRaw(value: object): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}
