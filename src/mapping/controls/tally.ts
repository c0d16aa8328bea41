import type { Place } from '../../core/issue.ts';
import type { JsonPath } from '../../core/path.ts';
import { say, type Phrase } from '../../core/text.ts';
import { elementsOf } from '../testing/tree-text.ts';
import { PICKED_PART } from '../types.ts';
import { isReadable, ownerOf, type Cells, type ColumnName, type Seen } from './cells.ts';
import { createExactSum, digitsOf } from './exact-sum.ts';
import type { Measure } from './totals.ts';

/** How records count: where they stand, and what they are for. */
export interface Counting {
  readonly cells: Cells;
  readonly fileName: (part: string) => string;
  /** Whether a record of the picked file belongs to documents: no header line, no envelope, no trailer. */
  readonly isPart: (seen: Seen) => boolean;
  /** Whether a document begins with it; undefined where records alone do not say so. */
  readonly begins: ((seen: Seen) => boolean) | undefined;
}

/** What stands in the way of a total, or how it differs from what is stated. */
export interface Difference {
  readonly found: string | undefined;
  /** The cell that is no number, or the record that cannot be read. */
  readonly unreadable: Unreadable | undefined;
}

export interface Unreadable {
  readonly where: Place;
  readonly why: Phrase;
  /** Undefined where the value itself is not what is wrong. */
  readonly got: string | undefined;
}

/** Measures one thing over some records. */
export interface Tally {
  add(seen: Seen): void;
  /** Undefined when the stated text says the same. `documents`: how many the file has. */
  difference(stated: string, documents: number): Difference | undefined;
}

export function createTally(measure: Measure, counting: Counting): Tally {
  if (measure.kind === 'count') return createCount(measure.of, counting);
  if (measure.kind === 'elements') return createElementCount(measure.path, counting);
  const { column } = measure;
  if (measure.kind === 'sum') {
    const sum = createExactSum();
    return createReading(column, counting, {
      add(text) {
        const plain = measure.read(text);
        if (plain !== undefined) sum.add(plain);
        return plain !== undefined;
      },
      found: () => sum.text(),
      agrees(stated) {
        const plain = measure.readStated(stated);
        return plain !== undefined && sum.equals(plain);
      },
    });
  }
  return createReading(column, counting, createHash(measure.keep));
}

function createCount(of: string, { isPart, begins }: Counting): Tally {
  let count = 0;
  const counts = countedBy(of, isPart, begins);
  return {
    add(seen) {
      if (counts?.(seen) === true) count++;
    },
    difference: (stated, documents) => countDifference(stated, counts === undefined ? documents : count),
  };
}

function createElementCount(path: JsonPath, { isPart }: Counting): Tally {
  let count = 0;
  return {
    add(seen) {
      if (isPart(seen)) count += elementsOf(seen.record.tree, path).length;
    },
    difference: (stated) => countDifference(stated, count),
  };
}

function countDifference(stated: string, found: number): Difference | undefined {
  if (/^\d{1,100}$/.test(stated) && BigInt(stated) === BigInt(found)) return undefined;
  return { found: String(found), unreadable: undefined };
}

/** Undefined: only the whole file says how many there are. */
function countedBy(
  of: string,
  isPart: Counting['isPart'],
  begins: Counting['begins'],
): ((seen: Seen) => boolean) | undefined {
  if (of === 'records') return isPart;
  if (of === 'lines') return ({ part }) => part === PICKED_PART;
  return of === 'documents' ? begins : (seen) => ownerOf(seen) === of;
}

interface Adder {
  /** Answers false when the text cannot be added. */
  add(text: string): boolean;
  found(): string;
  agrees(stated: string): boolean;
}

function createHash(keep: number | undefined): Adder {
  let total = 0n;
  const kept = (): bigint => (keep === undefined ? total : total % 10n ** BigInt(keep));
  return {
    add(text) {
      const digits = digitsOf(text);
      if (digits !== undefined && digits !== '') total += BigInt(digits);
      return digits !== undefined;
    },
    found: () => kept().toString(),
    agrees: (stated) => /^\d{1,100}$/.test(stated) && BigInt(stated) === kept(),
  };
}

/** Reads a column of the records that have it. One value that cannot be read spoils the whole: nothing is proved then. */
function createReading(name: ColumnName, { cells, fileName, isPart }: Counting, adder: Adder): Tally {
  // A column named with its record type may also be that of an envelope or a trailer: totals of totals.
  const belongs = (seen: Seen): boolean =>
    name.owner === undefined ? isPart(seen) && cells.has(seen, name) : ownerOf(seen) === name.owner;
  let unreadable: Unreadable | undefined;
  const spoil = ({ part, record }: Seen, why: Phrase, column?: string, got?: string): void => {
    const where = { file: fileName(part), line: record.line, ...(column === undefined ? {} : { column }) };
    unreadable ??= { where, why, got };
  };
  return {
    add(seen) {
      if (unreadable !== undefined || !belongs(seen)) return;
      if (!isReadable(seen)) return spoil(seen, say`this record cannot be read`);
      for (const text of cells.read(seen, name) ?? []) {
        if (text === undefined) spoil(seen, say`the path leads to a list or an object`, name.column);
        else if (text !== '' && !adder.add(text))
          spoil(seen, say`this value is no number as the mapping declares it`, name.column, text);
      }
    },
    difference(stated) {
      if (unreadable === undefined && adder.agrees(stated)) return undefined;
      return { found: unreadable === undefined ? adder.found() : undefined, unreadable };
    },
  };
}
