import type { Limits } from '../../core/limits.ts';
import { say } from '../../core/text.ts';
import type { Book } from './book.ts';
import type { Area } from './cell-reference.ts';
import { damaged, tooMuch } from './refusal.ts';
import { readSheet, type SheetCell, type SheetRow } from './sheet.ts';
import { visitAll } from './small-part.ts';

/** The merged areas of a sheet. They stand behind its rows: the sheet is read twice. */
export async function findMerged({ archive, sheet }: Book, limits: Limits): Promise<readonly Area[]> {
  const reading = readSheet(archive, sheet.part, { keepsEmpty: false, mostCharacters: limits.recordCharacters });
  await visitAll(reading.rows());
  return reading.merged;
}

/** Puts the value of each merged area into all of its cells, row after row. */
export interface MergedFill {
  fill(row: SheetRow): SheetRow;
}

interface Open {
  readonly area: Area;
  /** Undefined: the area's first cell is empty. */
  readonly value: SheetCell | undefined;
}

/** A merged area may cover every cell there is. */
const MOST_FILLED = 5_000_000;

/** `mostColumns`: cells beyond are left alone. */
export function createMergedFill(areas: readonly Area[], mostColumns: number): MergedFill {
  const waiting = areas.toSorted((a, b) => a.top - b.top || a.left - b.left);
  let next = 0;
  let open: Open[] = [];
  let count = 0;
  return {
    fill(row) {
      open = open.filter(({ area }) => area.bottom >= row.number);
      const own = new Map(row.cells.map((cell) => [cell.column, cell]));
      for (; (waiting[next]?.top ?? Infinity) <= row.number; next++) {
        const area = waiting[next];
        if (area === undefined || area.bottom < row.number) continue;
        open.push({ area, value: area.top === row.number ? own.get(area.left) : undefined });
      }
      if (open.length === 0) return row;
      count += cover(row.number, own, open, mostColumns);
      if (count > MOST_FILLED) throw tooMuch(say`merged areas cover too many cells`, say`at most ${MOST_FILLED}`);
      return { ...row, cells: [...own.values()].sort((a, b) => a.column - b.column) };
    },
  };
}

/** Answers how many cells it looked at. */
function cover(row: number, own: Map<number, SheetCell>, open: readonly Open[], mostColumns: number): number {
  const covered = new Set<number>();
  for (const { area, value } of open) {
    for (let column = area.left; column <= Math.min(area.right, mostColumns - 1); column++) {
      if (covered.has(column)) throw damaged(say`merged areas overlap in row ${row}`);
      covered.add(column);
      const isFirst = area.top === row && column === area.left;
      if (value !== undefined && !isFirst) own.set(column, { ...value, column });
    }
  }
  return covered.size;
}
