import { cellKind } from './cells.ts';
import { tryRecords, type Trial, type TrialRow } from './records.ts';
import { point, type Point } from './types.ts';

const delimiters = [',', ';', '\t', '|', '\u0001', '\u001f', '^', '~', ':'] as const;
const names: Readonly<Record<string, string>> = {
  '\t': 'a tab',
  '\u0001': 'the character 0x01',
  '\u001f': 'the character 0x1F',
};
/** Seldom meant as delimiters: they need to fit better than the others. */
const HANDICAP: Readonly<Record<string, number>> = { '^': 0.05, '~': 0.05, ':': 0.25 };
const TRIED_CHARACTERS = 256 * 1024;
const TRIED_ROWS = 2000;
const SEP_LINE = /^sep=([^\r\n])(?:\r\n|\n|\r|$)/i;
/** How far behind the best another delimiter may be and still make sense. */
const CLOSE = 0.12;

/** A text read as delimited values in the way that fits it best. */
export interface Delimited {
  readonly trial: Trial;
  readonly rows: readonly TrialRow[];
  /** Number of values most rows have. */
  readonly width: number;
  /** From 0, makes no sense, to 1, every row alike. */
  readonly score: number;
  readonly points: readonly Point[];
}

interface Tried {
  readonly trial: Trial;
  readonly rows: readonly TrialRow[];
  readonly width: number;
  readonly score: number;
}

/** Finds delimiter, quote and escape by trying them out. `isWhole`: the text is not cut off. */
export function detectDelimited(text: string, isWhole: boolean): Delimited {
  const sep = SEP_LINE.exec(text);
  const lines = sep === null ? 0 : 1;
  const body = text.slice(sep?.[0].length ?? 0, TRIED_CHARACTERS);
  const isAll = isWhole && text.length <= TRIED_CHARACTERS;
  const candidates = sep === null ? delimiters.filter((delimiter) => body.includes(delimiter)) : [sep[1] ?? ','];
  const tried = (candidates.length === 0 ? [','] : candidates)
    .map((delimiter) => bestQuoting(body, delimiter, isAll))
    .sort((a, b) => b.score - a.score);
  const [best = bestQuoting(body, ',', isAll), ...others] = tried;
  const rivals = others.filter(({ score, width }) => width > 1 && best.score - score < CLOSE);
  return {
    trial: best.trial,
    rows: best.rows.map((row) => ({ ...row, line: row.line + lines })),
    width: best.width,
    score: best.score,
    points: [delimiterPoint(best, rivals, sep !== null), ...quotePoints(best, body), ...rowPoints(best)],
  };
}

function delimiterPoint(best: Tried, rivals: readonly Tried[], isDeclared: boolean): Point {
  const { delimiter } = best.trial;
  const alternatives = rivals.map(({ trial }) => trial.delimiter);
  if (isDeclared) return point('delimiter', delimiter, 'certain', 'the first line says sep=');
  if (best.width === 1) {
    return point('delimiter', delimiter, 'unsure', 'only one column was found', alternatives);
  }
  const same = best.rows.filter(({ cells }) => cells.length === best.width).length;
  const why = `cut at ${called(delimiter)}, ${same} of ${best.rows.length} lines have ${best.width} values`;
  return point('delimiter', delimiter, alternatives.length === 0 ? 'likely' : 'unsure', why, alternatives);
}

/** A delimiter as people call it. */
function called(delimiter: string): string {
  return names[delimiter] ?? `"${delimiter}"`;
}

function quotePoints({ trial, rows }: Tried, body: string): readonly Point[] {
  const isUsed = rows.some(({ quoted }) => quoted.includes(true));
  const faults = rows.reduce((sum, row) => sum + row.faults, 0);
  if (trial.quote === undefined) {
    return [point('quote', 'none', 'likely', 'quotes stand inside values and never around them', ['"'])];
  }
  if (trial.quote === '"' && trial.escape === '"') return [];
  const points: Point[] = [];
  if (trial.quote !== '"') points.push(point('quote', trial.quote, 'likely', 'it stands around values', ['"', 'none']));
  if (trial.escape !== trial.quote && isUsed) {
    const isMixed = faults > 0 || /[^\s"\\]""[^"\r\n]/.test(body.replaceAll(`""${trial.delimiter}`, trial.delimiter));
    const why = isMixed
      ? 'backslashes stand before quotes, but not always'
      : 'a backslash stands before quotes in values';
    points.push(point('escape', trial.escape, isMixed ? 'unsure' : 'likely', why, [trial.quote]));
  }
  return points;
}

function rowPoints({ rows, width }: Tried): readonly Point[] {
  const points: Point[] = [];
  if (rows.some(({ hasBlanks }) => hasBlanks)) {
    points.push(point('trim', true, 'likely', 'blanks stand between quotes and delimiters'));
  }
  const [header] = rows.filter(({ cells }) => cells.length > 1);
  const full = header?.cells.length ?? width;
  const short = rows.filter(({ cells }) => cells.length > 1 && cells.length < full).length;
  const long = rows.filter(({ cells }) => cells.length > full);
  const isTrailing =
    long.length > rows.length / 2 && long.every(({ cells }) => cells.slice(full).every((cell) => cell.trim() === ''));
  if (isTrailing)
    points.push(point('ragged', 'trim', 'likely', 'rows end in delimiters that the header does not have', ['reject']));
  else if (short > rows.length * 0.2) {
    points.push(point('ragged', 'pad', 'unsure', 'many rows have fewer values than the header', ['reject']));
  }
  return points;
}

/** The way of quoting that explains a text best; the usual one where several do equally well. */
function bestQuoting(body: string, delimiter: string, isWhole: boolean): Tried {
  const ways: Trial[] = [{ delimiter, quote: '"', escape: '"' }];
  if (body.includes('\\"')) ways.push({ delimiter, quote: '"', escape: '\\' });
  if (body.includes('"')) ways.push({ delimiter, quote: undefined, escape: '"' });
  if (new RegExp(`(?:^|[\\n\\r${escaped(delimiter)}])'[^'\\n\\r]*'(?:$|[\\n\\r${escaped(delimiter)}])`).test(body)) {
    ways.push({ delimiter, quote: "'", escape: "'" });
  }
  const [usual, ...others] = ways.map((trial) => tryOut(body, trial, isWhole));
  const better = others.sort((a, b) => b.score - a.score)[0];
  if (usual === undefined) throw new TypeError('no way of quoting');
  return better !== undefined && better.score > usual.score + 0.01 ? better : usual;
}

function escaped(delimiter: string): string {
  return /[\\^|.$]/.test(delimiter) ? `\\${delimiter}` : delimiter;
}

function tryOut(body: string, trial: Trial, isWhole: boolean): Tried {
  const { rows, swallowed } = tryRecords(body, trial, isWhole, TRIED_ROWS);
  const width = commonWidth(rows);
  if (rows.length === 0) return { trial, rows, width, score: 0 };
  const loss = Math.min(swallowed, body.length) / Math.max(body.length, 1);
  const faulty = rows.filter(({ faults }) => faults > 0).length / rows.length;
  const alike = rows.filter(({ cells }) => cells.length === width).length / rows.length;
  const clean = cleanShare(rows, trial);
  const wide = width === 1 ? 0.2 : 0.75 + 0.25 * (1 - 1 / width);
  const bare = trial.quote === undefined ? rows.filter((row) => hasBareQuotes(row)).length / rows.length : 0;
  const score = wide * alike * (0.5 + 0.5 * clean) * (1 - 0.5 * faulty) * (1 - loss) * (1 - 0.6 * bare);
  return { trial, rows, width, score: score - (HANDICAP[trial.delimiter] ?? 0) };
}

/** Without quoting, a value that begins and ends with a quote speaks for quoting. */
function hasBareQuotes({ cells }: TrialRow): boolean {
  return cells.some((cell) => cell.length > 1 && /^(["']).*\1$/.test(cell.trim()));
}

/** Number of values most rows have; of two equally common ones the larger. */
function commonWidth(rows: readonly TrialRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [best] = [...counts].sort(([widthA, a], [widthB, b]) => b - a || widthB - widthA);
  return best?.[0] ?? 0;
}

/** How many values look like one value, and not like several that another delimiter would tell apart. */
function cleanShare(rows: readonly TrialRow[], { delimiter }: Trial): number {
  let clean = 0;
  let all = 0;
  for (const { cells, quoted } of rows) {
    for (const [index, cell] of cells.entries()) {
      all++;
      if (quoted[index] === true || cellKind(cell) !== 'text' || !isSeveral(cell, delimiter)) clean++;
    }
  }
  return all === 0 ? 0 : clean / all;
}

function isSeveral(cell: string, delimiter: string): boolean {
  return (
    [';', '\t', '|', '\u0001', '\u001f'].some((other) => other !== delimiter && cell.includes(other)) ||
    /\S,\S/.test(cell)
  );
}
