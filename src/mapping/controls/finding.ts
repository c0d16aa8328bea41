import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import { positionOf } from './cells.ts';
import { measureText, type Total } from './totals.ts';
import type { Difference } from './tally.ts';

/** Where a total is stated, and the words for it: `the trailer`, `of the file`. */
export interface Statement {
  readonly total: Total;
  readonly where: Place;
  readonly stated: string;
  readonly by: Phrase;
  readonly scope: Phrase;
}

/** A total that does not agree, with both numbers; or the cell for which it cannot be told. */
export function totalFinding(
  code: 'control-total' | 'document-total',
  { total, where, stated, by, scope }: Statement,
  { found, unreadable }: Difference,
): Issue {
  const measured = measureText(total.measure);
  if (unreadable !== undefined) {
    const { got, why } = unreadable;
    const what = say`${measured} ${scope} cannot be proved: ${why}`;
    const hint = say`Mend the value, or say with format: in the mapping how the file writes its numbers.`;
    return createIssue(code, unreadable.where, { what, ...(got === undefined ? {} : { got, hint }) });
  }
  const isNamed = positionOf(total.place) === undefined && where.column === undefined;
  const what = say`${by} does not agree with ${measured} ${scope}`;
  return createIssue(code, isNamed ? { ...where, column: total.place } : where, {
    what,
    expected: say`${found ?? ''}`,
    got: stated,
  });
}
