import { shapeOf } from './shape.ts';
import { isSentinel, ValueWatcher, type ValueGuess } from './value-guess.ts';

/** What is known of one column of a file, or of one path of a tree. */
export interface ColumnProfile {
  readonly name: string;
  /** How a mapping calls it: for a tree, the path from the innermost list. */
  readonly reference: string;
  /** Of a tree, the path of the list it lies in; empty outside lists. */
  readonly list: string;
  /** Records in which it is not empty. */
  readonly filled: number;
  /** Number of different values; undefined when there are too many to count. */
  readonly distinct: number | undefined;
  readonly guess: ValueGuess;
  /** What its values look like, the most common first. */
  readonly shapes: readonly string[];
  /** Different values, the first ones of the file. Data of people: for deciding, and only shown when asked for. */
  readonly values: readonly string[];
  /** Values that programs write where there is none: `00.00.0000`, `NULL`. They count neither as values nor as filled. */
  readonly sentinels: readonly string[];
  /** Characters of its longest value. */
  readonly longest: number;
}

/** What is known of the records of a file. */
export interface FileProfile {
  readonly records: number;
  readonly columns: readonly ColumnProfile[];
  /** The first records: values of each column in the order of `columns`, outer space removed. */
  readonly rows: readonly (readonly string[])[];
}

const MOST_VALUES = 200;
const LONGEST_VALUE = 200;
/** Values that are told apart, and values of the first records, over all columns: memory is bounded by them. */
const MOST_DISTINCT = 300_000;
const MOST_CELLS = 100_000;
const MOST_SHAPES = 50;
const SHOWN_SHAPES = 3;
/** What values look like is told by the first ones. */
const SHAPED_VALUES = 2000;

/** Watches records go by and remembers what a proposal needs, in bounded memory. */
export class ProfileBuilder {
  readonly #columns: readonly ColumnWatcher[];
  readonly #rows: (readonly string[])[] = [];
  #records = 0;

  constructor(names: readonly string[]) {
    const mostDistinct = Math.floor(MOST_DISTINCT / Math.max(names.length, 1));
    this.#columns = names.map((name) => new ColumnWatcher(name, mostDistinct));
  }

  /** `line`: where the record stands; without it records are counted. */
  add(cells: readonly string[], line?: number): void {
    this.#records++;
    const row = this.#columns.map((_column, index) => cells[index]?.trim() ?? '');
    if (this.#rows.length * row.length < MOST_CELLS) this.#rows.push(row.map((value) => value.slice(0, LONGEST_VALUE)));
    for (const [index, column] of this.#columns.entries()) column.add(row[index] ?? '', line ?? this.#records);
  }

  profile(): FileProfile {
    return { records: this.#records, columns: this.#columns.map((column) => column.profile()), rows: this.#rows };
  }
}

/** Watches the values of one column. */
export class ColumnWatcher {
  readonly #name: string;
  readonly #place: { readonly reference: string; readonly list: string };
  readonly #mostDistinct: number;
  readonly #watcher = new ValueWatcher();
  readonly #sentinels = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #values: string[] = [];
  readonly #shapes = new Map<string, number>();
  #filled = 0;
  #longest = 0;

  constructor(name: string, mostDistinct: number, place?: { readonly reference: string; readonly list: string }) {
    this.#name = name;
    this.#place = place ?? { reference: name, list: '' };
    this.#mostDistinct = mostDistinct;
  }

  add(value: string, line: number): void {
    if (value === '') return;
    if (isSentinel(value)) {
      this.#sentinels.add(value);
      return;
    }
    this.#filled++;
    this.#longest = Math.max(this.#longest, value.length);
    this.#watcher.add(value, line);
    if (this.#filled <= SHAPED_VALUES) this.#addShape(shapeOf(value));
    const known = value.slice(0, LONGEST_VALUE);
    if (this.#seen.size > this.#mostDistinct || this.#seen.has(known)) return;
    this.#seen.add(known);
    if (this.#values.length < MOST_VALUES) this.#values.push(known);
  }

  #addShape(shape: string): void {
    const count = this.#shapes.get(shape);
    if (count !== undefined || this.#shapes.size < MOST_SHAPES) this.#shapes.set(shape, (count ?? 0) + 1);
  }

  profile(): ColumnProfile {
    const shapes = [...this.#shapes].sort(([, a], [, b]) => b - a).map(([shape]) => shape);
    return {
      name: this.#name,
      ...this.#place,
      filled: this.#filled,
      distinct: this.#seen.size > this.#mostDistinct ? undefined : this.#seen.size,
      guess: this.#watcher.guess(this.#values),
      shapes: shapes.slice(0, SHOWN_SHAPES),
      values: this.#values,
      sentinels: [...this.#sentinels],
      longest: this.#longest,
    };
  }
}
