import type { IssueCode } from '../../core/issue-catalogue.ts';
import type { IssueDetails } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import type { NumberFormat } from './number-format.ts';
import { numberText } from './number-text.ts';
import { damaged } from './refusal.ts';
import { dateText, durationText, timeText } from './serial-date.ts';
import type { SheetCell } from './sheet.ts';
import { unescapeText } from './text.ts';

/** What the cells of a sheet refer to. */
export interface CellContext {
  readonly strings: readonly string[];
  readonly formats: readonly NumberFormat[];
  readonly is1904: boolean;
}

export interface CellProblem {
  readonly code: IssueCode;
  readonly details: IssueDetails;
}

/** The text of a cell, or with it what is wrong. */
export type CellValue = string | { readonly text: string; readonly problem: CellProblem };

/** More digits before the point than a spreadsheet keeps: those behind them are lost, whatever stands in their place. */
const LONG = /^-?\d{16}/;
const MEND = say`Enter the value again and save.`;

/** Text stays as it is; numbers become plain digits, dates ISO 8601, booleans `true` and `false`. */
export function cellText(cell: SheetCell, context: CellContext): CellValue {
  const { type, text } = cell;
  switch (type) {
    case 's':
      return sharedText(text, context.strings);
    case 'str':
      return cell.isFormula && !cell.hasValue ? uncalculated() : unescapeText(text);
    case 'inlineStr':
      return unescapeText(text);
    case 'b':
      return booleanText(text);
    case 'e':
      return { text, problem: { code: 'spreadsheet-error', details: { got: text } } };
    case 'd':
      return isoText(text, context.formats[cell.style]);
    default:
      if (text === '') return cell.isFormula ? uncalculated() : '';
      return numericText(text, context.formats[cell.style], context.is1904);
  }
}

function booleanText(text: string): CellValue {
  if (/^(1|true)$/i.test(text)) return 'true';
  if (/^(0|false)$/i.test(text)) return 'false';
  return text === '' ? '' : { text, problem: { code: 'not-a-boolean', details: { got: text, hint: MEND } } };
}

function uncalculated(): CellValue {
  return { text: '', problem: { code: 'formula-without-value', details: {} } };
}

function sharedText(number: string, strings: readonly string[]): string {
  const text = strings[Number(number)];
  if (text === undefined) throw damaged(say`a cell refers to a text that is not there`);
  return text;
}

function numericText(stored: string, format: NumberFormat | undefined, is1904: boolean): CellValue {
  const text = numberText(stored);
  if (text === undefined) {
    return { text: stored, problem: { code: 'not-a-number', details: { got: stored, hint: MEND } } };
  }
  if (format === undefined || format.kind === 'number') {
    if (LONG.test(text)) return { text: stored, problem: { code: 'scientific-notation', details: longNumber(stored) } };
    if (format === undefined) return text;
  }
  if (format.kind === 'number') return /^\d+$/.test(text) ? text.padStart(format.digits, '0') : text;
  const serial = Number(stored);
  if (format.kind === 'duration') return durationText(serial);
  const found = format.kind === 'time' ? timeText(serial, is1904) : dateText(serial, is1904, format.hasTime);
  return found ?? { text, problem: { code: 'no-such-date', details: noSuchDate(text) } };
}

function longNumber(got: string): IssueDetails {
  return {
    what: say`a spreadsheet keeps 15 digits of a number, and this one is longer`,
    got,
    hint: say`Format the column as text and enter all digits again.`,
  };
}

function noSuchDate(got: string): IssueDetails {
  return {
    what: say`the cell is formatted as a date, and its number is none`,
    got,
    hint: say`Enter the date, or format the cell as a number.`,
  };
}

/** Some programs write dates as text; a day alone carries no time then either, and no zone is meant. */
function isoText(stored: string, format: NumberFormat | undefined): CellValue {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(\.\d+)?)?Z?$/.exec(stored);
  if (match === null) return stored;
  const [, day = '', clock = '', fraction = ''] = match;
  const time = `${clock}${fraction.replace(/0+$/, '').replace(/^\.$/, '')}`;
  if (clock === '' || (time === '00:00:00' && format?.hasTime !== true)) return day;
  return `${day}T${time}`;
}
