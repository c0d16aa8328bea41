import { createIssue, type Issue } from '../../core/issue.ts';
import type { AttemptView, DocumentView, Ledger, RecordRun, ResultRow } from '../../core/ledger.ts';
import type { DocumentStatus, SubmissionState } from '../../core/states.ts';
import { say } from '../../core/text.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { toIssues } from './rows.ts';
import { readingSql } from './sql/reading.ts';

export type SubmissionView = NonNullable<DocumentView['submission']>;

interface DocumentRow {
  readonly id: number;
  readonly drop_id: number;
  readonly flow: string;
  readonly file: string;
  readonly line: number;
  readonly key: string;
  readonly type: string;
  readonly records: string;
  readonly issues: string;
  readonly is_joined: number;
  readonly held_told: number;
  readonly submission_id: number | null;
  readonly provider: string;
  readonly operation: string;
  readonly submission_key: string;
  readonly state: SubmissionState;
  readonly hash: string;
  readonly reference: string | null;
  readonly submission_issues: string | null;
  readonly first_path: string | null;
  /** Operation of an older submission of this document's key that is held. */
  readonly held_before: string | null;
}

const ROWS_PER_PAGE = 1000;
/** `held_told` of a document that was told as held and decided about since. */
const DECIDED = 2;

const statuses = {
  ready: 'waiting',
  sending: 'waiting',
  unknown: 'waiting',
  accepted: 'accepted',
  rejected: 'rejected',
  held: 'held',
} as const satisfies Record<SubmissionState, DocumentStatus>;

/** Where a document is: its own refusal, or whatever became of the submission it belongs to. */
function statusOf({ submission_id, state, is_joined }: DocumentRow): DocumentStatus {
  if (submission_id === null) return 'rejected';
  return state === 'accepted' && is_joined === 1 ? 'already-received' : statuses[state];
}

/** The document's own findings, then those of the provider. */
function issuesOf(row: DocumentRow) {
  return [...toIssues(row.issues), ...toIssues(row.submission_issues ?? '[]')];
}

export function resultMethods(connection: Connection): Pick<Ledger, 'resultRows'> {
  return {
    async *resultRows(dropId) {
      let rows = connection.all<DocumentRow>(readingSql.resultRows, dropId, -1, ROWS_PER_PAGE);
      while (rows.length > 0) {
        for (const row of rows) yield toResultRow(row);
        rows = connection.all<DocumentRow>(readingSql.resultRows, dropId, rows.at(-1)?.id ?? 0, ROWS_PER_PAGE);
      }
    },
  };
}

function toResultRow(row: DocumentRow): ResultRow {
  const status = statusOf(row);
  return {
    documentId: row.id,
    line: row.line,
    key: restored(row.key),
    type: row.type,
    status,
    issues: issuesOf(row),
    reference: row.reference ?? '',
    records: JSON.parse(row.records) as readonly RecordRun[],
    firstDrop: status === 'already-received' ? restored(row.first_path ?? '') : '',
    ...(row.held_told === DECIDED ? { isDecided: true } : {}),
  };
}

/** Documents with the newest first, of one key, of one drop, or all. */
export function readDocuments(
  connection: Connection,
  filter: { key?: string; dropId?: number; limit: number; before?: number },
): readonly DocumentView[] {
  const { key, dropId, limit, before = Number.MAX_SAFE_INTEGER } = filter;
  const page = [before, limit];
  if (key !== undefined && dropId !== undefined)
    return select(connection, readingSql.documentsOfDropByKey, dropId, storable(key), ...page);
  if (key !== undefined) return select(connection, readingSql.documentsByKey, storable(key), ...page);
  if (dropId !== undefined) return select(connection, readingSql.documentsOfDrop, dropId, ...page);
  return select(connection, readingSql.documents, ...page);
}

function select(connection: Connection, sql: string, ...values: readonly (string | number)[]): readonly DocumentView[] {
  return connection.all<DocumentRow>(sql, ...values).map((row) => toDocumentView(connection, row));
}

function toDocumentView(connection: Connection, row: DocumentRow): DocumentView {
  const view = {
    id: row.id,
    dropId: row.drop_id,
    flow: row.flow,
    file: restored(row.file),
    line: row.line,
    key: restored(row.key),
    type: row.type,
    status: statusOf(row),
    issues: [...issuesOf(row), ...waitingReasons(row)],
  };
  if (row.submission_id === null) return view;
  const { provider, operation, submission_key: key, state, hash, reference } = row;
  const submission = { id: row.submission_id, provider, operation, key, state, hash, reference: reference ?? '' };
  return { ...view, submission: toSubmissionView(connection, submission) };
}

/** Why nothing happens with a document that waits. */
function waitingReasons({ held_before: operation }: DocumentRow): Issue[] {
  if (operation === null) return [];
  return [
    createIssue('held-behind', {}, { what: say`waits: ${operation} with the same key came before it and is held` }),
  ];
}

/** A submission as it is shown, with its attempts. */
export function toSubmissionView(connection: Connection, row: Omit<SubmissionView, 'attempts'>): SubmissionView {
  return {
    ...row,
    key: restored(row.key),
    attempts: connection.all<AttemptRow>(readingSql.attempts, row.id).map(toAttempt),
  };
}

interface AttemptRow {
  readonly attempt: number;
  readonly purpose: 'send' | 'look-up';
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string;
  readonly http_status: number | null;
  readonly detail: string;
}

function toAttempt(row: AttemptRow): AttemptView {
  return {
    attempt: row.attempt,
    purpose: row.purpose,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    outcome: row.outcome,
    httpStatus: row.http_status ?? undefined,
    detail: row.detail,
  };
}
