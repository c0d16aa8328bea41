import { createIssue, type Issue } from '../../core/issue.ts';
import type { DropFile, RecordRun } from '../../core/ledger.ts';
import { say } from '../../core/text.ts';
import { restored } from '../text.ts';
import type { Connection } from './connection.ts';
import { placeOf } from './place.ts';
import { issuesText, toIssues } from './rows.ts';
import { receiveSql } from './sql/receive.ts';

const PAGE = 1000;

interface GappedRow {
  readonly id: number;
  readonly key: string;
  readonly records: string;
}

/** A document of that key. */
interface KeyRow extends GappedRow {
  readonly line: number;
  readonly issues: string;
  readonly submission_id: number | null;
  readonly operation: string | null;
}

/**
 * Inside a transaction, before anything of the drop is released: refuses documents of one key whose records stand among
 * each other in the main file. What comes first would be sent whole, with the lines that stand behind the second one: an
 * order that is placed, cancelled and placed again would be placed once, with double quantities, and then cancelled.
 */
export function refuseInterleaved(connection: Connection, dropId: number, files: readonly DropFile[]): void {
  if (connection.first(receiveSql.hasScattered, dropId) === undefined) return;
  const refused = new Set<string>();
  let gapped = connection.all<GappedRow>(receiveSql.gapped, dropId, -1, PAGE);
  while (gapped.length > 0) {
    for (const row of gapped) {
      if (row.key !== '' && !refused.has(row.key) && refuseKey(connection, dropId, row, files)) refused.add(row.key);
    }
    gapped = connection.all<GappedRow>(receiveSql.gapped, dropId, gapped.at(-1)?.id ?? 0, PAGE);
  }
}

/** Documents have their ids in the order of their first records: what stands among its records comes behind it. */
function refuseKey(connection: Connection, dropId: number, gapped: GappedRow, files: readonly DropFile[]): boolean {
  const rowsFrom = (id: number) => connection.all<KeyRow>(receiveSql.ofOneKey, gapped.key, dropId, id, PAGE);
  const [own, ...behind] = rowsFrom(gapped.id);
  if (own === undefined) return false;
  const { last } = extentOf(own);
  const between = behind.find((row) => extentOf(row).first < last && isAboutSame(row, own));
  if (between === undefined) return false;
  const end = connection.first<{ line: number }>(receiveSql.lineOf, dropId, last)?.line ?? own.line;
  const what = say`lines ${own.line} and ${end} are one document, and line ${between.line} between them is another one with the same key`;
  let rows: readonly KeyRow[] = [own, ...behind];
  while (rows.length > 0) {
    for (const row of rows.filter((each) => isAboutSame(each, own))) {
      refuse(connection, dropId, row, createIssue('key-mixed', placeOf(row, files), { what, got: restored(row.key) }));
    }
    rows = rowsFrom((rows.at(-1)?.id ?? 0) + 1);
  }
  return true;
}

/** An order and a purchase order may have one number; what was refused already may be about either. */
function isAboutSame(one: KeyRow, other: KeyRow): boolean {
  return one.operation === null || other.operation === null || thingOf(one.operation) === thingOf(other.operation);
}

function thingOf(operation: string): string {
  return operation.slice(0, Math.max(operation.lastIndexOf('.'), 0));
}

/** The first and the last of its records in the main file. */
function extentOf({ records }: GappedRow): { readonly first: number; readonly last: number } {
  const runs = (JSON.parse(records) as readonly RecordRun[]).filter(([part]) => part === '');
  const last = runs.at(-1);
  return { first: runs[0]?.[1] ?? Infinity, last: last === undefined ? -1 : last[1] + last[2] - 1 };
}

function refuse(connection: Connection, dropId: number, row: KeyRow, reason: Issue): void {
  connection.run(receiveSql.refuse, issuesText([...toIssues(row.issues), reason]), row.id);
  const { submission_id: id } = row;
  if (id === null) return;
  connection.run(receiveSql.deleteOwnRequests, dropId, id - 1, id);
  connection.run(receiveSql.deleteOwn, dropId, id - 1, id);
}
