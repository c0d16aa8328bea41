import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import { say } from '../../core/text.ts';
import type { DataRecord } from '../../core/record.ts';
import { findRecordType } from '../record-types.ts';
import { scanFields } from './fields.ts';
import { badQuote, unknownType, wrongColumnCount } from './findings.ts';
import { isFromRejectSheet } from './mended.ts';
import type { Dialect, RaggedRules, ReadRules } from './options.ts';
import { parseRecord, type Cells } from './parse.ts';

/** What the rows of a table, or of one record type, are made of. */
export interface Kind {
  readonly type: string | undefined;
  /** Undefined: nobody reads it, so that it may have any number of values. */
  readonly columns: readonly string[] | undefined;
}

/** What a row is; undefined when no record type fits. `table`: of a file that does not mix them. */
export function kindOf(cells: readonly string[], types: ReadRules['types'], table: Kind): Kind | undefined {
  if (types === undefined) return table;
  const type = findRecordType(types, ({ at, text }) => cells[at - 1]?.trim() === text);
  return type === undefined ? undefined : { type: type.name, columns: type.columns };
}

/** A row as the file holds it. */
export interface Row {
  readonly seq: number;
  readonly line: number;
  readonly cells: Cells;
  /** Its text is only cut out when something is wrong. */
  readonly text: () => string;
  readonly length: number;
  /** The file ends with it, without a line end. */
  readonly isOpen: boolean;
}

export interface FoundRow {
  readonly record: DataRecord;
  /** It does not fit the columns. */
  readonly isUneven: boolean;
  /** It is broken where the file ends without a line end, in a way that a cut explains. */
  readonly isCut: boolean;
}

export interface RowReader {
  read(row: Row): FoundRow;
}

/** Makes records of rows: finds their type, evens them out as declared, says what is wrong with them. */
export function createRowReader(rules: ReadRules, dialect: Dialect, table: Kind, context: ReadContext): RowReader {
  const { file, limits } = context;
  const { types } = rules;
  return {
    read({ seq, line, cells, text, length, isOpen }) {
      if (cells === undefined) {
        const issue = badQuote(context, line, text(), dialect, table.columns ?? []);
        return {
          record: { seq, line, ...soundPart(text(), types, dialect), issues: [issue] },
          isUneven: true,
          isCut: isOpen,
        };
      }
      const kind = kindOf(cells, types, table);
      if (kind === undefined) {
        const record = { seq, line, cells, issues: [unknownType({ file, line }, types, text())] };
        return { record, isUneven: true, isCut: false };
      }
      const { columns, type } = kind;
      const even = columns === undefined ? cells : evenOut(cells, columns.length, rules.ragged, isOpen);
      const isUneven = columns !== undefined && even.length !== columns.length;
      const issues: Issue[] = isUneven
        ? [wrongColumnCount({ file, line }, even, columns.length, dialect.delimiter, isOpen)]
        : [];
      if (length > limits.fieldCharacters) issues.push(...longFields(line, even, columns ?? [], context));
      const plain: DataRecord = type === undefined ? { seq, line, cells: even } : { seq, line, type, cells: even };
      const isLonger = columns !== undefined && cells.length > columns.length;
      const isReturned = isLonger && isFromRejectSheet(cells, columns.length);
      const record = isReturned ? { ...plain, isReturned } : plain;
      // Too many values are no cut's doing, and where rows may be short a short one is none for certain.
      const isCut = isOpen && isUneven && even.length < columns.length && !rules.ragged.pad;
      return { record: issues.length === 0 ? record : { ...record, issues }, isUneven, isCut };
    },
  };
}

/**
 * What a damaged record says before the damage, so that it is known whose it is. Nothing when it spans lines: then it may
 * have swallowed records of others.
 */
function soundPart(text: string, types: ReadRules['types'], dialect: Dialect): Pick<DataRecord, 'cells' | 'type'> {
  if (/[\r\n]/.test(text)) return {};
  const fields = scanFields(text, dialect);
  const faulty = fields.findIndex(({ fault }) => fault !== undefined);
  const end = fields[faulty - 1]?.end;
  const cells = end === undefined ? undefined : parseRecord(text.slice(0, end), dialect);
  // All of them empty would be a blank row, and no reason to refuse anything.
  if (cells === undefined || cells.every((cell) => cell.trim() === '')) return {};
  if (types === undefined) return { cells };
  // Only when every type could have shown itself.
  const isTold = types.every(({ signs }) => signs.every(({ at }) => at <= cells.length));
  const type = isTold ? kindOf(cells, types, { type: undefined, columns: undefined })?.type : undefined;
  return type === undefined ? {} : { cells, type };
}

/** The values without those that a reject sheet added, filled up or shortened where that is declared and loses nothing. */
function evenOut(cells: readonly string[], width: number, ragged: RaggedRules, isOpen: boolean): readonly string[] {
  if (cells.length === width) return cells;
  if (isFromRejectSheet(cells, width)) return cells.slice(0, width);
  // A last line without its end may have been cut off in the middle of a value.
  if (cells.length < width) return ragged.pad && !isOpen ? [...cells, ...Array(width - cells.length).fill('')] : cells;
  return ragged.trim && cells.slice(width).every((cell) => cell.trim() === '') ? cells.slice(0, width) : cells;
}

function longFields(
  line: number,
  cells: readonly string[],
  columns: readonly string[],
  { file, limits }: ReadContext,
): readonly Issue[] {
  return cells.flatMap((cell, index) => {
    if (cell.length <= limits.fieldCharacters) return [];
    const column = columns[index] ?? String(index + 1);
    const details = { expected: say`at most ${limits.fieldCharacters} characters`, got: cell };
    return [createIssue('field-too-long', { file, line, column }, details)];
  });
}
