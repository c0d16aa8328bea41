import type { CellFinding } from '../core/format.ts';
import { createIssue, describeIssue, isError, type Issue } from '../core/issue.ts';
import { parseExact } from '../core/json.ts';
import type { StoredItem } from '../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';
import type { ItemRow } from './grow.ts';

type RowCheck = (row: readonly string[]) => readonly CellFinding[];

/** Makes the rows of items; those that cannot be written are told and left out. */
export interface RowMaker {
  rowsOf(item: StoredItem): Promise<readonly ItemRow[]>;
  /** Items of which a row was left out. */
  readonly deferred: readonly number[];
  /** Whether any row was left out so far. */
  leftOut(): boolean;
}

export function createRowMaker(flow: OutboundFlow, parts: OutboundParts): RowMaker {
  const { format, mapping, writeOptions } = flow;
  const check: RowCheck = format.rowCheck?.(mapping.columns, writeOptions) ?? (() => []);
  // A snapshot states everything anew each time it is taken: what it could not say is said by the next one.
  const isSnapshot = flow.feed.kind === 'snapshot';
  const deferred: number[] = [];
  let hasLeftOut = false;
  return {
    deferred,
    leftOut: () => hasLeftOut,
    async rowsOf(item) {
      const made = await mapping.rows(parseExact(item.body));
      const issues = [...made.issues];
      const rows = made.rows.filter(({ cells }) => {
        const findings = check(cells);
        issues.push(...findings.map(({ code, column, ...details }) => createIssue(code, { column }, details)));
        return findings.length === 0;
      });
      for (const issue of issues) tellIssue(issue, item, flow, parts);
      if (issues.some(isError)) hasLeftOut = true;
      if (issues.some(isError) && !isSnapshot) deferred.push(item.id);
      const prefix = isSnapshot && flow.snapshot !== 'changes' ? `${item.id}/` : '';
      return rows.map((row) => ({ ...row, fact: prefix + row.fact, item: item.id }));
    },
  };
}

function tellIssue(issue: Issue, item: StoredItem, flow: OutboundFlow, { log }: OutboundParts): void {
  // Without the value: it may be personal.
  const { got: _got, ...safe } = issue;
  log.error(
    { flow: flow.name, item: item.id, code: issue.code, problem: describeIssue(safe) },
    'a row cannot be written as mapped; its item is kept',
  );
}
