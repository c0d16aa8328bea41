import { TOTAL } from './header.ts';
import { linesOf, type Line } from './lines.ts';
import { point, type Point } from './types.ts';

const TRIED_LINES = 2000;
const SHORTEST = 4;

/** A text read as records of fixed positions. */
export interface FixedWidth {
  /** From 0, makes no sense, to 1, every line fits. */
  readonly score: number;
  readonly points: readonly Point[];
}

interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Whether the lines are of one length and have blank columns in common, and where fields begin. */
export function detectFixedWidth(text: string, isWhole: boolean): FixedWidth {
  const lines = linesOf(text, isWhole, TRIED_LINES);
  if (lines.length === 0) return { score: 0, points: [] };
  const types = detectPrefixes(lines);
  if (types !== undefined) return types;
  const lengths = lines.map((line) => line.text.length);
  const length = mode(lengths);
  const alike = lengths.filter((each) => each === length).length / lines.length;
  const slices = slicesOf(lines, Math.max(...lengths));
  const hasGutters = slices.length > 1;
  if (length < SHORTEST || lines.length < 2) return { score: 0.15, points: fieldPoints(lines, slices, hasGutters) };
  // Lines of one length alone say little; short ones are so by chance.
  const score = hasGutters ? 0.5 + 0.4 * alike : alike > 0.9 && lines.length > 2 ? 0.35 : 0;
  return { score, points: fieldPoints(lines, slices, hasGutters) };
}

function fieldPoints(lines: readonly Line[], slices: readonly Slice[], hasGutters: boolean): readonly Point[] {
  const names = hasGutters ? headerNames(lines, slices) : undefined;
  const fields = Object.fromEntries(
    slices.map(({ from, to }, index) => [names?.[index] ?? `Field${index + 1}`, [from + 1, to - from]]),
  );
  const why = hasGutters
    ? 'columns that are blank in every line separate the fields; two fields without a blank between them look like one'
    : 'no column is blank in every line, so where fields begin must come from the description of the file';
  const points = [point('fields', fields, 'unsure', why)];
  const [first] = lines;
  if (names !== undefined && first !== undefined) {
    points.push(point('header.lines', first.line, 'likely', 'the first line names the columns'));
  }
  const [total] = TOTAL.exec(lines.at(-1)?.text.trim() ?? '') ?? [];
  if (total !== undefined) points.push(point('ignore', total, 'unsure', 'the last line begins as totals do'));
  return points;
}

/** Runs of positions that are not blank in every line, each up to where the next begins. */
function slicesOf(lines: readonly Line[], width: number): readonly Slice[] {
  const isUsed = Array.from({ length: width }, (_, at) => lines.some(({ text }) => (text[at] ?? ' ') !== ' '));
  const starts = isUsed.flatMap((used, at) => (used && isUsed[at - 1] !== true ? [at] : []));
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? lastUsed(isUsed) + 1 }));
}

function lastUsed(isUsed: readonly boolean[]): number {
  return isUsed.lastIndexOf(true);
}

/** Names in the first line, when it is text over fields that hold numbers. */
function headerNames(lines: readonly Line[], slices: readonly Slice[]): readonly string[] | undefined {
  const [first, ...rest] = lines;
  if (first === undefined || rest.length === 0) return undefined;
  const cut = (line: Line): string[] => slices.map(({ from, to }) => line.text.slice(from, to).trim());
  const names = cut(first);
  const isText = names.every((name) => /^[\p{L}_#][^\d]*$/u.test(name)) && new Set(names).size === names.length;
  const isNumeric = slices.some((_slice, index) => {
    const values = rest.map((line) => cut(line)[index] ?? '').filter((value) => value !== '');
    return values.length > 0 && values.every((value) => /^[-+]?[\d.,]+-?$/.test(value));
  });
  return isText && isNumeric ? names : undefined;
}

/** Lines that begin with one of a few codes and are as long as others with that code. */
function detectPrefixes(lines: readonly Line[]): FixedWidth | undefined {
  for (const size of [4, 3, 2, 1]) {
    const groups = Map.groupBy(lines, ({ text }) => text.slice(0, size));
    const isCode = [...groups.keys()].every((code) => /^[A-Z][A-Z0-9]*$/.test(code) && code.length === size);
    const isWord = lines.some(({ text }) => /^[A-Z]+[A-Za-z]/.test(text.slice(size - 1, size + 1)));
    if (!isCode || isWord || groups.size < 2 || groups.size > 12 || lines.length < groups.size + 1) continue;
    const lengths = new Set(lines.map(({ text }) => text.length));
    // A letter and digits are codes even where their lines end early.
    const isPlain = size > 2 && [...groups.keys()].every((code) => /^[A-Z]+\d+$/.test(code));
    const isStable =
      isPlain ||
      [...groups.values()].every((group) => {
        const common = mode(group.map(({ text }) => text.length));
        return group.filter(({ text }) => text.length === common).length >= group.length * 0.8;
      });
    if (!isStable) continue;
    const why = `every line begins with one of ${groups.size} codes`;
    return {
      score: lengths.size > 1 ? 0.9 : 0.85,
      points: [point('records', recordsOf(groups), 'unsure', why, ['fields, if the records are all of one kind'])],
    };
  }
  return undefined;
}

function recordsOf(groups: ReadonlyMap<string, readonly Line[]>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...groups].map(([code, lines]) => {
      const width = Math.max(...lines.map(({ text }) => text.length));
      const slices = slicesOf(lines, width).map(({ from, to }): Slice => ({ from: Math.max(from, 0), to }));
      const fields = slices.map(({ from, to }, index) => [`${code}_${index + 1}`, [from + 1, to - from]]);
      return [code, { is: code, fields: Object.fromEntries(fields) as unknown }];
    }),
  );
}

function mode(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const each of numbers) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}
