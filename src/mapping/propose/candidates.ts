/** Cells that are not what the others of their column are. */
export interface Misfits {
  readonly count: number;
  /** Where the first of them stand. */
  readonly lines: readonly number[];
}

const MOST_LINES = 3;
/** So many misfits a candidate may have among the first values; later, so many of a hundred. */
const FIRST_MISFITS = 10;
const SHARE = 0.05;

/** Ways of reading the values of a column, with what each could not read; in bounded memory. */
export class Candidates<Way> {
  readonly #fits: (way: Way, value: string) => boolean;
  #left: readonly { readonly way: Way; count: number; readonly lines: number[] }[];
  #seen = 0;

  constructor(ways: readonly Way[], fits: (way: Way, value: string) => boolean) {
    this.#left = ways.map((way) => ({ way, count: 0, lines: [] }));
    this.#fits = fits;
  }

  add(value: string, line: number): void {
    if (this.#left.length === 0) return;
    this.#seen++;
    let isHopeless = false;
    for (const candidate of this.#left) {
      if (this.#fits(candidate.way, value)) continue;
      candidate.count++;
      if (candidate.lines.length < MOST_LINES) candidate.lines.push(line);
      isHopeless ||= this.#isHopeless(candidate.count);
    }
    if (isHopeless) this.#left = this.#left.filter(({ count }) => !this.#isHopeless(count));
  }

  #isHopeless(count: number): boolean {
    return count > Math.max(FIRST_MISFITS, this.#seen * SHARE);
  }

  /** Those with the fewest misfits, when these are no more than `most`. */
  best(most: number): readonly Way[] {
    const fewest = Math.min(...this.#left.map(({ count }) => count));
    return fewest > most ? [] : this.#left.filter(({ count }) => count === fewest).map(({ way }) => way);
  }

  /** Misfits of a way; of one that was given up, too many. */
  count(way: Way | undefined): number {
    return this.#left.find((candidate) => candidate.way === way)?.count ?? Infinity;
  }

  misfits(way: Way): { readonly misfits?: Misfits } {
    const found = this.#left.find((candidate) => candidate.way === way);
    return found === undefined || found.count === 0 ? {} : { misfits: { count: found.count, lines: found.lines } };
  }
}
