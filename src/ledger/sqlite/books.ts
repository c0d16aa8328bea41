import type { Receipt } from '../../core/ledger.ts';
import type { SubmissionState } from '../../core/states.ts';
import type { Connection } from './connection.ts';
import { dropSql } from './sql/drops.ts';
import { receiveSql } from './sql/receive.ts';
import { submissionSql } from './sql/submissions.ts';

interface BookRow {
  readonly accepted: number;
  readonly rejected: number;
  readonly held: number;
  readonly waiting: number;
  readonly open_documents: number;
}

type Column = 'accepted' | 'rejected' | 'held' | 'waiting';

/** Where the records of a submission's documents stand in the books. */
const columns = {
  ready: 'waiting',
  sending: 'waiting',
  unknown: 'waiting',
  accepted: 'accepted',
  rejected: 'rejected',
  held: 'held',
} as const satisfies Record<SubmissionState, Column>;

/** Opens the books of a drop that becomes received, counted from its documents. */
export function writeBooks(connection: Connection, dropId: number, receipt: Receipt): BookRow {
  const counted = connection.first<BookRow>(receiveSql.books, dropId);
  if (counted === undefined) throw new Error('an aggregate query answered nothing');
  // A file refused as a whole has no documents, and still every record of it was refused.
  const books = receipt.isRefused ? { ...counted, rejected: receipt.records - receipt.ignored } : counted;
  const { accepted, rejected, held, waiting, open_documents } = books;
  connection.run(dropSql.setBooks, accepted, rejected, held, waiting, open_documents, dropId);
  return books;
}

/** What a set of transitions does to the books of drops and to the lanes; applied once per transaction. */
export interface BookChanges {
  note(submission: { id: number; provider: string }, from: SubmissionState, to: SubmissionState): void;
  apply(): void;
}

export function createBookChanges(connection: Connection): BookChanges {
  const drops = new Map<number, BookRow>();
  const lanes = new Map<string, number>();
  return {
    note({ id, provider }, from, to) {
      const [left, entered] = [columns[from], columns[to]];
      if (left === entered) return;
      const opened = (entered === 'waiting' ? 1 : 0) - (left === 'waiting' ? 1 : 0);
      lanes.set(provider, (lanes.get(provider) ?? 0) + opened);
      for (const { drop_id, documents, records } of affectedDrops(connection, id)) {
        const change = { accepted: 0, rejected: 0, held: 0, waiting: 0, open_documents: 0, ...drops.get(drop_id) };
        change[left] -= records;
        change[entered] += records;
        change.open_documents += opened * documents;
        drops.set(drop_id, change);
      }
    },
    apply() {
      for (const [dropId, change] of drops) {
        const { accepted, rejected, held, waiting, open_documents } = change;
        connection.run(dropSql.moveBooks, accepted, rejected, held, waiting, open_documents, dropId);
      }
      for (const [provider, opened] of lanes) addOpen(connection, provider, opened);
    },
  };
}

export function addOpen(connection: Connection, provider: string, opened: number): void {
  if (opened !== 0) connection.run(submissionSql.addOpen, provider, opened);
}

function affectedDrops(connection: Connection, submissionId: number) {
  return connection.all<{ drop_id: number; documents: number; records: number }>(
    submissionSql.affectedDrops,
    submissionId,
  );
}
