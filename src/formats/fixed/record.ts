import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import {
  brokenOff,
  cutOff,
  fileCutOff,
  splitCharacter,
  tabInside,
  tooLong,
  tooShort,
  unknownType,
  type Spot,
} from './findings.ts';
import { columnAt, kindOf } from './kinds.ts';
import type { Field, Layout, RecordLayout } from './layout.ts';
import type { Line } from './lines.ts';
import { reasonsOf, type Reasons } from './reasons.ts';
import { isInsideCharacter, sliceUnits, unitAt, type Measured, type Ruler } from './ruler.ts';

export interface FoundRecord {
  readonly record: DataRecord;
  /** It does not fit the layout, and does not come from a reject sheet. */
  readonly isMisfit: boolean;
  /** The file ends inside it. */
  readonly cut?: Issue;
}

/** Takes a record apart into its fields. */
export function readRecord(line: Line, seq: number, layout: Layout, ruler: Ruler, context: ReadContext): FoundRecord {
  // In a file without line ends there is no room for reasons.
  const reasons = layout.blockLength === undefined ? reasonsOf(line.text) : undefined;
  const text = line.text.slice(0, reasons?.at);
  const returned = reasons === undefined ? {} : { isReturned: true };
  const measured = ruler(text);
  const kind = kindOf(layout.kinds, measured);
  const where: Spot = { file: context.file, line: line.line };
  if (kind === undefined) {
    const issues = [unknownType(where, layout.kinds, text)];
    return { record: { seq, line: line.line, ...returned, cells: [text], issues }, isMisfit: reasons === undefined };
  }
  const isCut = reasons !== undefined && wasCut(reasons);
  const length = layout.blockLength ?? kind.length;
  if (line.isOpen && reasons === undefined && measured.units < length) {
    const cut = fileCutOff(where, measured, kind, length, layout.unit);
    return { record: { seq, line: line.line }, isMisfit: true, cut };
  }
  const misfit = checkLength(measured, kind, layout, isCut, where);
  const cells = kind.fields.length === 0 ? [text] : kind.fields.map((field) => readField(measured, field));
  const issues = [
    misfit,
    layout.rejectsTabs ? checkTabs(measured, kind, where) : undefined,
    measured.offsets === undefined ? undefined : checkBorders(measured, kind, where),
    checkValues(cells, kind, context, where),
  ].filter((issue) => issue !== undefined);
  const record = { seq, line: line.line, ...(kind.type === undefined ? {} : { type: kind.type }), ...returned, cells };
  return {
    record: issues.length === 0 ? record : { ...record, issues },
    isMisfit: misfit !== undefined && reasons === undefined,
  };
}

/**
 * A record that was refused because it was cut off stays refused until it has its full length: what is missing must not
 * pass for blanks because its sheet was dropped again. Other records of its document have its code, and no column.
 */
export function wasCut({ code, column }: Pick<Reasons, 'code' | 'column'>): boolean {
  return code === 'cut-off' && column !== '';
}

/** The text of a field; its padding is taken away where the layout declares one. */
function readField(measured: Measured, { from, to, pad, align }: Field): string {
  const text = sliceUnits(measured, from, to);
  return pad === undefined ? text : withoutPadding(text.trim(), pad, align);
}

/** Of zeros a sign before them stays, one that stands alone, and one before a decimal mark: -0012, 0000, 000.50. */
function withoutPadding(text: string, pad: string, align: 'left' | 'right'): string {
  if (pad === '0') return align === 'right' ? text.replace(/^([-+]?)0+(?=[^.,])/, '$1') : text.replace(/(?<=.)0+$/, '');
  let start = 0;
  let end = text.length;
  if (align === 'right') while (text[start] === pad) start++;
  else while (end > start && text[end - 1] === pad) end--;
  return text.slice(start, end);
}

function checkLength(
  measured: Measured,
  kind: RecordLayout,
  layout: Layout,
  isCut: boolean,
  where: Spot,
): Issue | undefined {
  const { units } = measured;
  const length = layout.blockLength ?? kind.length;
  if (isCut && units < length) return cutOff(where, measured, kind, length, layout.unit);
  if (layout.blockLength !== undefined || units === length) return undefined;
  if (units > length) {
    const isBlank = sliceUnits(measured, length, units).trim() === '';
    return isBlank && layout.long === 'ignore-blank' ? undefined : tooLong(where, measured, length, layout);
  }
  if (layout.short === 'reject') return tooShort(where, measured, kind, layout);
  const broken = brokenField(measured, kind);
  return broken === undefined ? undefined : brokenOff(where, measured, broken, layout);
}

/** The field that a short record breaks off in, where blanks in its place would say something else. */
function brokenField({ units }: Measured, { fields }: RecordLayout): Field | undefined {
  return fields.find(({ from, to, align }) => align === 'right' && units > from && units < to);
}

/** So many units a record lacks that stand for blanks; 0 where what is missing is an issue of its own. */
export function missingBlanks(measured: Measured, kind: RecordLayout, layout: Layout): number {
  if (layout.short === 'reject' || brokenField(measured, kind) !== undefined) return 0;
  return Math.max(0, kind.length - measured.units);
}

function checkTabs(measured: Measured, kind: RecordLayout, where: Spot): Issue | undefined {
  const offset = measured.text.indexOf('\t');
  if (offset === -1) return undefined;
  const unit = unitAt(measured, offset);
  return tabInside(where, columnAt(kind, unit), unit);
}

function checkBorders(measured: Measured, { fields }: RecordLayout, where: Spot): Issue | undefined {
  const split = fields.find(({ from, to }) => isInsideCharacter(measured, from) || isInsideCharacter(measured, to));
  return split === undefined ? undefined : splitCharacter(where, split);
}

function checkValues(
  cells: readonly string[],
  { columns }: RecordLayout,
  { limits }: ReadContext,
  where: Spot,
): Issue | undefined {
  const index = cells.findIndex((cell) => cell.length > limits.fieldCharacters);
  if (index === -1) return undefined;
  const details = { expected: say`at most ${limits.fieldCharacters} characters`, got: cells[index] ?? '' };
  return createIssue('field-too-long', { ...where, column: columns[index] ?? String(index + 1) }, details);
}
