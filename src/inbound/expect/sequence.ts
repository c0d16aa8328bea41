import { createIssue, type Issue } from '../../core/issue.ts';
import type { Drop, DropFile, SequencePosition } from '../../core/ledger.ts';
import type { SequenceRule } from '../../core/flow-rules.ts';
import { say } from '../../core/text.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { readBeginning } from './sequence-column.ts';
import {
  distance,
  isInName,
  missingText,
  nameReader,
  nextPosition,
  positionOf,
  sequenceNumber,
} from './sequence-number.ts';

/** What becomes of a drop because of its number. */
export type Numbered =
  | { readonly kind: 'take'; readonly sequence?: SequencePosition; readonly notices: readonly Issue[] }
  /** An earlier number has not come. */
  | { readonly kind: 'wait'; readonly number: number }
  | { readonly kind: 'refuse'; readonly issue: Issue };

const plain: Numbered = { kind: 'take', notices: [] };

/** Finds the number of a drop whose bytes are kept, and holds it against those that came before. */
export async function numberDrop(
  files: readonly DropFile[],
  flow: InboundFlow,
  parts: InboundParts,
): Promise<Numbered> {
  const { sequence: rule } = flow;
  const picked = files.find(({ part }) => part === '');
  if (rule === undefined || picked === undefined) return plain;
  const named = isInName(rule) ? nameReader(rule)(baseName(picked.path)) : undefined;
  const last = await parts.ledger.sequenceState(flow.name);
  if (named !== undefined && last !== undefined) {
    const position = positionOf(named, last, rule);
    if (distance(last, position, rule) === 1) return { kind: 'take', sequence: position, notices: [] };
  }
  const { isReturned, isRefused, cell } = await readBeginning(picked, rule, flow, parts);
  if (isReturned || isRefused) return plain;
  const number = named ?? (cell === undefined ? undefined : sequenceNumber(cell.text, rule));
  if (number === undefined) return { kind: 'refuse', issue: noNumber(picked, rule, cell) };
  if (last === undefined) return { kind: 'take', sequence: { cycle: 0, number }, notices: [] };
  return judge(positionOf(number, last, rule), last, files, rule, flow, parts);
}

function noNumber(
  file: DropFile,
  rule: SequenceRule,
  cell: { text: string; where: Issue['where'] } | undefined,
): Issue {
  const range = rule.max === undefined ? say`digits` : say`a number up to ${rule.max}`;
  if (isInName(rule)) {
    const name = baseName(file.path);
    const expected = say`a name such as ${rule.in} with ${range} for {seq}`;
    return createIssue('sequence-missing', { file: name }, { expected, got: name });
  }
  const where = cell?.where ?? { file: baseName(file.path), column: rule.in };
  return createIssue('sequence-missing', where, { expected: range, got: cell?.text ?? '' });
}

async function judge(
  position: SequencePosition,
  last: SequencePosition,
  files: readonly DropFile[],
  rule: SequenceRule,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<Numbered> {
  const where = { file: baseName(files[0]?.path ?? '') };
  const ahead = distance(last, position, rule);
  if (ahead === 1) return { kind: 'take', sequence: position, notices: [] };
  if (ahead > 1) {
    if (rule.gap === 'wait') return { kind: 'wait', number: position.number };
    const expected = say`${missingText(last, position, rule)} before ${position.number}`;
    const notices = rule.gap === 'warn' ? [createIssue('sequence-gap', where, { expected })] : [];
    return { kind: 'take', sequence: position, notices };
  }
  const earlier = await parts.ledger.numberedDrop(flow.name, position);
  if (earlier === undefined) {
    if (rule.gap === 'accept') return { kind: 'take', sequence: position, notices: [] };
    // Without a file of the last number a person has said where the sequence goes on.
    const isDecided = (await parts.ledger.numberedDrop(flow.name, last)) === undefined;
    const what = { what: say`a person decided that number ${nextPosition(last, rule).number} comes next` };
    const details = { expected: say`a number after ${last.number}`, got: String(position.number) };
    const issue = createIssue('sequence-late', where, { ...details, ...(isDecided ? what : {}) });
    return { kind: 'take', sequence: position, notices: [issue] };
  }
  // The documents themselves say that they were received.
  if (isSame(earlier, files)) return plain;
  const first = say`${baseName(earlier.files[0]?.path ?? '')} (drop ${earlier.id})`;
  const details = { expected: say`the content of ${first}, or a new number`, got: String(position.number) };
  if (rule.duplicate === 'refuse') return { kind: 'refuse', issue: createIssue('sequence-repeated', where, details) };
  return { kind: 'take', notices: [createIssue('sequence-repeated', where, { ...details, severity: 'warning' })] };
}

function isSame(earlier: Drop, files: readonly DropFile[]): boolean {
  const hashes = (list: readonly DropFile[]): string =>
    list
      .map(({ part, hash }) => `${part}:${hash}`)
      .sort()
      .join();
  return hashes(earlier.files) === hashes(files);
}
