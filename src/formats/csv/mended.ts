import { issueCatalogue } from '../../core/issue-catalogue.ts';

/** Columns a reject sheet appends. */
const REASON_COLUMNS = 3;

/**
 * Whether a row of a file without header comes from a reject sheet: it has exactly the reason columns too many, and the
 * second of them holds a code of ours.
 */
export function isFromRejectSheet(cells: readonly string[], width: number): boolean {
  return cells.length === width + REASON_COLUMNS && Object.hasOwn(issueCatalogue, cells[width + 1] ?? '');
}
