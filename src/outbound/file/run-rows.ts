import { Failure } from '../../core/failure.ts';
import type { Bytes, CellFinding, FileFacts, TypedRow } from '../../core/format.ts';
import { createIssue, describeIssue, isError, type Issue } from '../../core/issue.ts';
import { parseExact } from '../../core/json.ts';
import type { StoredItem } from '../../core/ledger.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import type { OutboundRow } from '../../mapping/index.ts';
import type { ItemRow } from './grow.ts';

type RowCheck = (row: TypedRow) => readonly CellFinding[];

/** Makes the rows of items; those that cannot be written are told and left out. */
export interface RowMaker {
  /** What counts have grown to is not looked at: only their growth is written. */
  rowsOf(item: StoredItem): Promise<readonly ItemRow[]>;
  /** Whether the file can hold a row of one of these items with its growth; if not, it is told and left out. */
  isWritable(row: ItemRow, items: readonly StoredItem[]): boolean;
  /** Items of which a row was left out, and that no later one of the same record has replaced. */
  readonly deferred: readonly number[];
  /** Whether any row was left out so far. */
  leftOut(): boolean;
}

export function createRowMaker(flow: OutboundFlow, parts: OutboundParts): RowMaker {
  const { mapping } = flow;
  const check = createCheck(flow);
  // A snapshot states everything anew each time it is taken: what it could not say is said by the next one.
  const isSnapshot = flow.feed.kind === 'snapshot';
  const deferred = createDeferred(flow);
  let hasLeftOut = false;
  const issuesOf = (records: readonly TypedRow[]): readonly Issue[] =>
    records.flatMap(check).map(({ code, column, ...details }) => createIssue(code, { column }, details));
  const note = (item: StoredItem, issues: readonly Issue[]): void => {
    for (const issue of issues) tellIssue(issue, item, flow, parts);
    if (issues.some(isError)) hasLeftOut = true;
    if (!isSnapshot) deferred.note(item, issues.some(isError));
  };
  return {
    get deferred() {
      return deferred.items();
    },
    leftOut: () => hasLeftOut,
    async rowsOf(item) {
      const made = await mapping.rows(parseExact(item.body));
      const issues = [...made.issues];
      // Of a group that holds one value too many nothing is written: half a document is none.
      const rows = made.rows.filter((row) => {
        const found = issuesOf((row.records ?? [{ ...row, type: '' }]).map(withoutCounts));
        issues.push(...found);
        return found.length === 0;
      });
      note(item, issues);
      const prefix = isSnapshot && flow.snapshot !== 'changes' ? `${item.id}/` : '';
      return rows.map((row) => ({ ...row, fact: prefix + row.fact, item: item.id }));
    },
    isWritable(row, items) {
      const issues = issuesOf(recordsOf(row));
      const item = items.find(({ id }) => id === row.item);
      if (issues.length > 0 && item !== undefined) note(item, issues);
      return issues.length === 0;
    },
  };
}

function withoutCounts({ type, cells, growth }: TypedRow & Pick<OutboundRow, 'growth'>): TypedRow {
  return { type, cells: cells.map((cell, column) => (growth?.columns.includes(column) === true ? '' : cell)) };
}

/**
 * Items that cannot be written. Where records are read one by one, each item says all of its record: one that can be
 * written stands for those before it.
 */
function createDeferred({ feed }: OutboundFlow) {
  const items = new Map<number, string>();
  return {
    items: (): readonly number[] => [...items.keys()],
    note({ id, identity = '' }: StoredItem, isLeftOut: boolean): void {
      const record = feed.tracking === undefined ? '' : identity.slice(0, identity.lastIndexOf('/') + 1);
      if (isLeftOut) items.set(id, record);
      else if (record !== '' && items.size > 0) {
        for (const [other, of] of items) if (of === record && other < id) items.delete(other);
      }
    },
  };
}

function createCheck({ format, mapping, writeOptions }: OutboundFlow): RowCheck {
  if (mapping.types !== undefined) return format.mixed?.rowCheck(mapping.types, writeOptions) ?? (() => []);
  const check = format.rowCheck?.(mapping.columns, writeOptions);
  return ({ cells }) => check?.(cells) ?? [];
}

/** What stands in the file for a row: itself, or the records of its group. */
export function recordsOf({ cells, records }: Pick<ItemRow, 'cells' | 'records'>): readonly TypedRow[] {
  return records ?? [{ type: '', cells }];
}

/** Writes records as the mapping has them: of one kind, or of several types. */
export function writeRecords(
  { format, mapping, writeOptions }: OutboundFlow,
  records: AsyncIterable<TypedRow>,
  facts: FileFacts,
): Bytes {
  const { columns, types } = mapping;
  if (format.mixed !== undefined)
    return format.mixed.write(records, types ?? new Map([['', columns]]), writeOptions, facts);
  if (types === undefined) return format.write(onlyCells(records), columns, writeOptions, facts);
  throw new Failure('bad-config', `${format.name} files hold records of one kind`);
}

async function* onlyCells(records: AsyncIterable<TypedRow>): AsyncGenerator<readonly string[], void, void> {
  for await (const { cells } of records) yield cells;
}

function tellIssue(issue: Issue, item: StoredItem, flow: OutboundFlow, { log }: OutboundParts): void {
  // Without the value: it may be personal.
  const { got: _got, ...safe } = issue;
  log.error(
    { flow: flow.name, item: item.id, code: issue.code, problem: describeIssue(safe) },
    'a row cannot be written as mapped; its item is kept',
  );
}
