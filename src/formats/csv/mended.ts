import { issueCatalogue } from '../../core/issue-catalogue.ts';

/** Columns a reject sheet appends: the code, the column, the reason. */
export const REASON_COLUMNS = 3;

/**
 * Whether a row comes from a reject sheet whose reason columns are not in the header (there is none, or somebody removed
 * their names): it has exactly that many values too many, and the code, first or second of them, is one of ours.
 */
export function isFromRejectSheet(cells: readonly string[], width: number): boolean {
  if (cells.length !== width + REASON_COLUMNS) return false;
  return cells.slice(width, width + 2).some((cell) => Object.hasOwn(issueCatalogue, cell));
}
