import type { Clock } from '../../core/clock.ts';
import { createIssue, type Issue } from '../../core/issue.ts';
import type { DropFile, Ledger, Receipt } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';
import { say } from '../../core/text.ts';
import { restored } from '../text.ts';
import { addOpen, writeBooks } from './books.ts';
import type { Connection } from './connection.ts';
import { noteReceived } from './controls.ts';
import { deleteAll, forSubmissions } from './in-pages.ts';
import { refuseInterleaved } from './interleaved.ts';
import { baseName, placeOf } from './place.ts';
import { issuesText, toIssues, writeFiles } from './rows.ts';
import { ackSql } from './sql/acks.ts';
import { dropSql } from './sql/drops.ts';
import { receiveSql } from './sql/receive.ts';
import { stagingSql } from './sql/staging.ts';
import { ANY_PLACE, clearStaged, requireReading } from './staging.ts';

const PAGE = 1000;

interface RefusableRow {
  readonly id: number;
  readonly line: number;
  readonly key: string;
  readonly issues: string;
  readonly records: string;
}

/** A document whose key was used before; the `first_` columns are of the document that used it. */
interface ReusedRow extends RefusableRow {
  readonly first_path: string;
  readonly first_drop: number;
  readonly first_line: number | null;
  /** Of the same content, and refused for what came after it. */
  readonly is_same: number;
  readonly own_id: number;
  readonly first_id: number;
}

/** The one transaction after which nothing of a drop can be lost. */
export function receiveMethods(connection: Connection, clock: Clock, log: Log): Pick<Ledger, 'receiveDrop'> {
  return {
    async receiveDrop(dropId, receipt) {
      connection.write(() => {
        requireReading(connection, dropId);
        writeFiles(connection, dropId, receipt.files);
        const isRefused = receipt.isRefused
          ? refuseUnread(connection, dropId)
          : receiveDocuments(connection, dropId, receipt, clock);
        deleteAll(connection, stagingSql.deleteRecords, dropId);
        const { records, ignored } = receipt;
        const now = clock.now();
        connection.run(dropSql.receive, isRefused ? 1 : 0, issuesText(receipt.issues), records, ignored, now, dropId);
        if (receipt.isReceiptWanted === true) connection.run(ackSql.wantReceipt, dropId);
        if (!isRefused) noteReceived(connection, dropId, receipt, now);
        const books = writeBooks(connection, dropId, receipt);
        const counted = books.accepted + books.rejected + books.held + books.waiting + ignored;
        if (counted !== records) log.error({ drop: dropId, records, counted }, 'the books of a drop do not balance');
      });
    },
  };
}

function refuseUnread(connection: Connection, dropId: number): true {
  clearStaged(connection, dropId);
  return true;
}

/** Answers whether the drop is refused because one of its documents is. */
function receiveDocuments(connection: Connection, dropId: number, receipt: Receipt, clock: Clock): boolean {
  const turn = connection.first<{ value: number }>(dropSql.nextTurn)?.value ?? 1;
  const now = clock.now();
  refuseInterleaved(connection, dropId, receipt.files);
  forSubmissions(connection, dropId, (from, to) => {
    connection.run(receiveSql.release, dropId, now, turn, from, to);
    // Changes first: whether an order that comes again is the same depends on what came for it in between.
    for (const revision of connection.all<RevisionRow>(receiveSql.revisions, dropId, from, to))
      placeRevision(connection, dropId, revision, now, turn);
    connection.run(receiveSql.join, dropId, from, to);
  });
  refuseReused(connection, dropId, receipt.files);
  forSubmissions(connection, dropId, (from, to) => {
    connection.run(stagingSql.deleteRequests, dropId, from, to);
    connection.run(stagingSql.deleteSubmissions, dropId, from, to);
  });
  if (receipt.isAllOrNothing && connection.first(receiveSql.hasRefused, dropId) !== undefined) {
    refuseAll(connection, dropId, receipt.files);
    return true;
  }
  forSubmissions(connection, dropId, (from, to) => {
    const counts = connection.all<{ provider: string; open: number }>(receiveSql.newPerProvider, dropId, from, to);
    for (const { provider, open } of counts) addOpen(connection, provider, open);
  });
  return false;
}

interface RevisionRow {
  readonly id: number;
  readonly provider: string;
  readonly operation: string;
  readonly key: string;
  readonly hash: string;
  readonly place: number;
}

/** What is the same as before is joined to it; any other is the next one of its key. */
function placeRevision(connection: Connection, dropId: number, revision: RevisionRow, now: number, turn: number): void {
  const { id, provider, operation, key } = revision;
  const last = connection.first<LastChange>(receiveSql.lastChange, provider, operation, key);
  const same = sameAs(connection, dropId, revision, last);
  if (same !== undefined) connection.run(receiveSql.joinRevision, same, id);
  else connection.run(receiveSql.releaseRevision, now, turn, (last?.place ?? -1) + 1, id);
}

interface LastChange {
  readonly id: number;
  readonly drop_id: number;
  readonly hash: string;
  readonly place: number;
}

/**
 * Of changes the last one of the key decides. Of requests that say the same each time only the drop can: what comes with
 * the same bytes under the same name is the same drop, and one drop is made once however often it comes.
 */
function sameAs(
  connection: Connection,
  dropId: number,
  { provider, operation, key, hash, place }: RevisionRow,
  last: LastChange | undefined,
): number | undefined {
  if (last?.hash === hash && (place === ANY_PLACE || last.drop_id === dropId)) return last.id;
  if (place === ANY_PLACE) return undefined;
  return connection.first<{ id: number }>(receiveSql.ofSameDrop, provider, operation, key, hash, dropId)?.id;
}

function refuseReused(connection: Connection, dropId: number, files: readonly DropFile[]): void {
  refuseEach(connection, receiveSql.reused, dropId, (row) => {
    if (row.is_same === 1) return overtaken(connection, row, files);
    const file = baseName(restored(row.first_path));
    const first =
      row.first_line === null
        ? say`${file} (drop ${row.first_drop})`
        : say`${file} line ${row.first_line} (drop ${row.first_drop})`;
    return createIssue('key-reused', placeOf(row, files), {
      expected: say`the content first received with ${first}`,
      got: restored(row.key),
    });
  });
}

interface OvertakingRow {
  readonly operation: string;
  readonly path: string;
  readonly drop_id: number;
  readonly line: number;
}

/** The number was used, and what came for it since is not undone by sending the order again. */
function overtaken(connection: Connection, row: ReusedRow, files: readonly DropFile[]): Issue {
  const later = connection.first<OvertakingRow>(receiveSql.overtaking, row.own_id, row.first_id);
  if (later === undefined) throw new Error(`document ${row.id} was neither joined nor overtaken`);
  const file = baseName(restored(later.path));
  return createIssue('key-spent', placeOf(row, files), {
    what: say`this key was used before, and ${later.operation} came for it since: ${file} line ${later.line} (drop ${later.drop_id})`,
    got: restored(row.key),
  });
}

function refuseAll(connection: Connection, dropId: number, files: readonly DropFile[]): void {
  refuseEach(connection, receiveSql.unrefused, dropId, (row) => createIssue('refused-with-drop', placeOf(row, files)));
  forSubmissions(connection, dropId, (from, to) => {
    connection.run(receiveSql.deleteOwnRequests, dropId, from, to);
    connection.run(receiveSql.deleteOwn, dropId, from, to);
  });
}

/** Page by page: memory must not grow with the drop. */
function refuseEach(connection: Connection, sql: string, dropId: number, reason: (row: ReusedRow) => Issue): void {
  let rows = connection.all<ReusedRow>(sql, dropId, -1, PAGE);
  while (rows.length > 0) {
    for (const row of rows)
      connection.run(receiveSql.refuse, issuesText([...toIssues(row.issues), reason(row)]), row.id);
    rows = connection.all<ReusedRow>(sql, dropId, rows.at(-1)?.id ?? 0, PAGE);
  }
}
