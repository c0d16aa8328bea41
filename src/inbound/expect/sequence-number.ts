import type { SequenceRule } from '../../core/flow-rules.ts';
import type { SequencePosition } from '../../core/ledger.ts';
import { say, type Phrase } from '../../core/text.ts';

type Range = Pick<SequenceRule, 'first' | 'max'>;

/** Whether numbers stand in names of files, not in them. */
export function isInName(rule: SequenceRule): boolean {
  return rule.in.includes('{seq}');
}

/** The number in a file name; undefined when it does not fit. */
export function nameReader(rule: SequenceRule): (fileName: string) => number | undefined {
  const [before = '', after = ''] = rule.in
    .split('{seq}')
    .map((piece) => piece.split('*').map(escapePattern).join('.*?'));
  // Beside a wildcard the digits would be shared out between the two.
  const head = rule.in.includes('*{seq}') ? `${before}(?<!\\d)` : before;
  const tail = rule.in.includes('{seq}*') ? `(?!\\d)${after}` : after;
  // Spreadsheets name their files .CSV as often as .csv.
  const pattern = new RegExp(`^${head}(\\d+)${tail}$`, 'i');
  return (fileName) => sequenceNumber(pattern.exec(fileName)?.[1] ?? '', rule);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&');
}

/** Digits as a number of the sequence; undefined when they are none or lie outside its range. */
export function sequenceNumber(text: string, { first, max }: Range): number | undefined {
  if (!/^\d{1,30}$/.test(text)) return undefined;
  const number = Number(text);
  const isInside = max === undefined ? number <= Number.MAX_SAFE_INTEGER : number >= first && number <= max;
  return isInside ? number : undefined;
}

/** The position a number means: of those it could stand for, the one nearest to the last file. */
export function positionOf(number: number, last: SequencePosition, range: Range): SequencePosition {
  const size = sizeOf(range);
  const ahead = number - last.number;
  if (size === undefined || Math.abs(ahead) <= size / 2) return { cycle: last.cycle, number };
  return { cycle: last.cycle + (ahead > 0 ? -1 : 1), number };
}

/** How many files `to` is behind `from`: 1 for the next one, negative when it comes before. */
export function distance(from: SequencePosition, to: SequencePosition, range: Range): number {
  const size = sizeOf(range);
  if (size === undefined) return to.cycle === from.cycle ? to.number - from.number : to.cycle - from.cycle;
  return (to.cycle - from.cycle) * size + to.number - from.number;
}

export function nextPosition(last: SequencePosition, { first, max }: Range): SequencePosition {
  return last.number === max
    ? { cycle: last.cycle + 1, number: first }
    : { cycle: last.cycle, number: last.number + 1 };
}

/** Where a sequence stands when a person says which number comes next: further on, or begun anew. */
export function positionBefore(next: number, last: SequencePosition | undefined, range: Range): SequencePosition {
  if (last === undefined) return { cycle: 0, number: next - 1 };
  const target = positionOf(next, last, range);
  if (distance(last, target, range) > 0) return { cycle: target.cycle, number: next - 1 };
  return { cycle: last.cycle + 1, number: next - 1 };
}

/** Numbers between two positions, in words: `6`, `6 and 7`, `6 to 19`. */
export function missingText(last: SequencePosition, to: SequencePosition, range: Range): Phrase {
  const first = nextPosition(last, range).number;
  const count = distance(last, to, range) - 1;
  const end = to.number === range.first && range.max !== undefined ? range.max : to.number - 1;
  if (count <= 1) return say`${first}`;
  return count === 2 ? say`${first} and ${end}` : say`${first} to ${end}`;
}

function sizeOf({ first, max }: Range): number | undefined {
  return max === undefined ? undefined : max - first + 1;
}
