import type { RecordColumns, TypedRow } from '../../core/format.ts';
import { columnOfType } from './record-columns.ts';

/** What a trailer states of the rows above it. */
export interface Totals {
  readonly rows: number;
  /** With the records around the rows, the one that says it included. */
  readonly records: number;
  /** Rows of one record type. */
  ofType(type: string): number;
  sum(column: string): string;
}

export interface Tally extends Totals {
  add(row: TypedRow): void;
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;

export function isPlainNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** Counts rows and adds up columns digit by digit; an empty value adds nothing. `around`: records that are no rows. */
export function createTally(types: RecordColumns, summed: readonly string[], around: number): Tally {
  let rows = 0;
  const counts = new Map<string, number>();
  const sums = new Map([...new Set(summed)].map((name) => [name, createSum()]));
  const adding = new Map(
    [...types].map(([type, columns]) => [
      type,
      [...sums].flatMap(([name, sum]) => {
        const column = columnOfType(name, type, columns);
        return column === undefined ? [] : [{ at: columns.indexOf(column), sum }];
      }),
    ]),
  );
  return {
    get rows() {
      return rows;
    },
    get records() {
      return rows + around;
    },
    ofType: (type) => counts.get(type) ?? 0,
    sum: (column) => sums.get(column)?.text() ?? '0',
    add({ type, cells }) {
      rows++;
      counts.set(type, (counts.get(type) ?? 0) + 1);
      for (const { at, sum } of adding.get(type) ?? []) sum.add(cells[at] ?? '');
    },
  };
}

interface Sum {
  add(text: string): void;
  /** As many decimals as the longest of the summands. */
  text(): string;
}

function createSum(): Sum {
  let units = 0n;
  let scale = 0;
  return {
    add(text) {
      if (text === '') return;
      const [whole = '', fraction = ''] = text.split('.');
      if (fraction.length > scale) {
        units *= 10n ** BigInt(fraction.length - scale);
        scale = fraction.length;
      }
      units += BigInt(whole + fraction.padEnd(scale, '0'));
    },
    text() {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
      const whole = digits.slice(0, digits.length - scale);
      const sign = units < 0n ? '-' : '';
      return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
    },
  };
}
