/** A feed that is walked once for each of several values: the number of the round goes before the cursor of its pages. */
export interface Rounds {
  readonly start: string;
  parse(cursor: string): { readonly round: number; readonly inner: string };
  /** Cursor after a page of a round: its next page, else the first of the next round. */
  after(round: number, next: string | undefined): string | undefined;
}

export function createRounds(rounds: readonly unknown[], start: string): Rounds {
  if (rounds.length <= 1) {
    return { start, parse: (cursor) => ({ round: 0, inner: cursor }), after: (_round, next) => next };
  }
  return {
    start: `0|${start}`,
    parse: (cursor) => {
      const end = cursor.indexOf('|');
      return { round: Number(cursor.slice(0, end)), inner: cursor.slice(end + 1) };
    },
    after: (round, next) => {
      if (next !== undefined) return `${round}|${next}`;
      return round + 1 < rounds.length ? `${round + 1}|${start}` : undefined;
    },
  };
}
