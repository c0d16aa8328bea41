/** A line that is only in one of two texts. */
export interface ChangedLine {
  readonly sign: '-' | '+';
  /** Its number in the text it is in, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Beyond this many comparisons what lies between the first and the last change is shown as a whole. */
const MOST_COMPARISONS = 4_000_000;

/** What has to be taken away from a text and put in to get another, line by line. */
export function lineDiff(before: string, after: string): readonly ChangedLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const left = old.slice(start, old.length - end);
  const right = now.slice(start, now.length - end);
  const kept = left.length * right.length > MOST_COMPARISONS ? [] : commonLines(left, right);
  const [keptLeft, keptRight] = [new Set(kept.map(([at]) => at)), new Set(kept.map(([, at]) => at))];
  const changes = [
    ...left.flatMap((text, at): ChangedLine[] => (keptLeft.has(at) ? [] : [{ sign: '-', line: start + at + 1, text }])),
    ...right.flatMap((text, at): ChangedLine[] =>
      keptRight.has(at) ? [] : [{ sign: '+', line: start + at + 1, text }],
    ),
  ];
  return inOrder(changes, kept, start);
}

/** Pairs of positions of the longest run of lines that both have in the same order. */
function commonLines(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let a = left.length - 1; a >= 0; a--) {
    for (let b = right.length - 1; b >= 0; b--) {
      const [row, below] = [lengths[a], lengths[a + 1]];
      if (row === undefined || below === undefined) continue;
      row[b] = left[a] === right[b] ? (below[b + 1] ?? 0) + 1 : Math.max(below[b] ?? 0, row[b + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let a = 0, b = 0; a < left.length && b < right.length;) {
    if (left[a] === right[b]) pairs.push([a++, b++]);
    else if ((lengths[a + 1]?.[b] ?? 0) >= (lengths[a]?.[b + 1] ?? 0)) a++;
    else b++;
  }
  return pairs;
}

/** What goes before what comes, place by place. */
function inOrder(
  changes: readonly ChangedLine[],
  kept: readonly (readonly [number, number])[],
  start: number,
): readonly ChangedLine[] {
  const before = ({ sign, line }: ChangedLine): number =>
    kept.filter(([a, b]) => (sign === '-' ? a : b) < line - 1 - start).length;
  return changes
    .map((change) => ({ change, place: before(change) }))
    .sort((a, b) => a.place - b.place || (a.change.sign === b.change.sign ? 0 : a.change.sign === '-' ? -1 : 1))
    .map(({ change }) => change);
}
