import { say } from '../../core/text.ts';
import { cellText, type CellContext, type CellProblem } from './cell-text.ts';
import { Refusal } from './refusal.ts';
import type { SheetCell, SheetRow } from './sheet.ts';

/** A row with the texts of its cells by column, from A to the last that has one. */
export interface TextRow {
  readonly number: number;
  readonly isHidden: boolean;
  readonly texts: readonly string[];
  readonly cells: readonly SheetCell[];
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem extends CellProblem {
  readonly column: number;
}

export interface RowLimits {
  readonly columns: number;
  readonly recordCharacters: number;
}

const none: readonly PlacedProblem[] = [];

/** Undefined for a row without any content. @throws Refusal for one that is out of bounds */
export function textRow(row: SheetRow, context: CellContext, limits: RowLimits): TextRow | undefined {
  const texts: string[] = [];
  let problems: PlacedProblem[] | undefined;
  let characters = 0;
  for (const cell of row.cells) {
    const value = cellText(cell, context);
    const text = typeof value === 'string' ? value : value.text;
    if (typeof value !== 'string') (problems ??= []).push({ ...value.problem, column: cell.column });
    else if (text === '') continue;
    if (cell.column >= limits.columns) {
      throw new Refusal('too-many-columns', { expected: say`at most ${limits.columns} columns` }, row.number);
    }
    while (texts.length < cell.column) texts.push('');
    texts.push(text);
    characters += text.length;
  }
  if (characters > limits.recordCharacters) {
    throw new Refusal('line-too-long', { expected: say`at most ${limits.recordCharacters} characters` }, row.number);
  }
  if (texts.length === 0) return undefined;
  return { number: row.number, isHidden: row.isHidden, texts, cells: row.cells, problems: problems ?? none };
}
