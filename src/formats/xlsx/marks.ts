import { forgivingName } from '../../core/forgiving-name.ts';
import type { CellMark, FormatOptions } from '../../core/format.ts';
import { columnOf } from './cell-reference.ts';
import type { TableColumns } from './table.ts';

/** Finds the column of the sheet that a mark means; undefined: none that is there. */
export interface MarkFinder {
  find(mark: CellMark): number | undefined;
}

/** Issues name a column as the mapping does, or as the file does; where they know the cell, that decides. */
export function createMarkFinder(columns: TableColumns, options: FormatOptions): MarkFinder {
  const places = new Map<string, number>();
  const add = (name: string, place: number): void => {
    const key = forgivingName(name);
    if (key !== '' && !places.has(key)) places.set(key, place);
  };
  for (const [index, name] of columns.names.entries()) add(name, columns.places[index] ?? 0);
  const { aliases = {} } = (options['columns'] ?? {}) as { aliases?: Readonly<Record<string, readonly string[]>> };
  for (const [name, others] of Object.entries(aliases)) {
    const place = others.map((other) => places.get(forgivingName(other))).find((found) => found !== undefined);
    if (place !== undefined) add(name, place);
  }
  return {
    find({ cell, column }) {
      const row = /\d+$/.exec(cell ?? '')?.[0];
      const place = cell === undefined || row === undefined ? -1 : columnOf(cell, Number(row));
      return place === -1 ? places.get(forgivingName(column)) : place;
    },
  };
}
