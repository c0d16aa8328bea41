import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { allOf, say, type Phrase } from '../../core/text.ts';
import { columnLetters } from './cell-reference.ts';
import type { ReadRules } from './options.ts';
import { Refusal } from './refusal.ts';
import type { ColumnSpan } from './sheet.ts';
import { hiddenColumns, type TableColumns } from './table.ts';

/** Counts what is said once, at the end. */
export interface Tally {
  hiddenRow(line: number): void;
  ignoredRow(line: number): void;
  columns(columns: TableColumns, spans: readonly ColumnSpan[]): void;
  /** What was passed over, and how many records that were. */
  passed(): readonly { readonly records: number; readonly issue: Issue }[];
  notices(): readonly Issue[];
}

/** @throws Refusal at the first hidden row or column when those are refused */
export function createTally(context: ReadContext, sheet: string, { hidden }: ReadRules): Tally {
  const hiddenRows: Count = { count: 0, first: 0 };
  const ignored: Count = { count: 0, first: 0 };
  let letters: readonly string[] = [];
  const where = { file: context.file, sheet };
  const refuse = (what: Phrase, line?: number): void => {
    if (hidden !== 'refuse') return;
    throw new Refusal(
      'hidden-cells',
      { severity: 'error', what, hint: say`Show or delete what is hidden, and save.` },
      line,
    );
  };
  return {
    hiddenRow(line) {
      refuse(say`a row is hidden`, line);
      add(hiddenRows, line);
    },
    ignoredRow: (line) => add(ignored, line),
    columns({ width }, spans) {
      letters = [...hiddenColumns(spans, width - 1)].map(columnLetters);
      if (letters.length > 0) refuse(say`a column is hidden: ${letters.join(', ')}`);
    },
    passed() {
      const found = [];
      if (ignored.count > 0) {
        const what =
          ignored.count === 1
            ? say`1 row that read.ignore names; skipped`
            : say`${ignored.count} rows that read.ignore names; skipped`;
        found.push({
          records: ignored.count,
          issue: createIssue('line-ignored', { ...where, line: ignored.first }, { what }),
        });
      }
      if (hidden === 'skip' && hiddenRows.count > 0) {
        const what = say`${rowsText(hiddenRows.count)}; skipped`;
        const issue = createIssue('hidden-cells', { ...where, line: hiddenRows.first }, { what });
        found.push({ records: hiddenRows.count, issue });
      }
      return found;
    },
    notices() {
      const isSkipped = hidden === 'skip';
      const parts = [
        ...(isSkipped || hiddenRows.count === 0
          ? []
          : [say`${rowsText(hiddenRows.count)} (first: ${hiddenRows.first})`]),
        ...(letters.length === 0 ? [] : [say`${columnsText(letters.length)} (${letters.join(', ')})`]),
      ];
      if (parts.length === 0) return [];
      const what = isSkipped ? say`${allOf(parts)}; skipped` : say`${allOf(parts)} read like the others`;
      return [createIssue('hidden-cells', where, { what })];
    },
  };
}

interface Count {
  count: number;
  first: number;
}

function add(count: Count, line: number): void {
  if (count.count === 0) count.first = line;
  count.count++;
}

function rowsText(count: number): Phrase {
  return count === 1 ? say`1 hidden row` : say`${count} hidden rows`;
}

function columnsText(count: number): Phrase {
  return count === 1 ? say`1 hidden column` : say`${count} hidden columns`;
}
