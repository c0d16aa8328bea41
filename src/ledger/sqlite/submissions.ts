import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import { createIssue } from '../../core/issue.ts';
import type { Claim, Ledger } from '../../core/ledger.ts';
import type { FrozenRequest, OutcomeClass } from '../../core/provider.ts';
import type { SubmissionState } from '../../core/states.ts';
import { restored, toBytes } from '../text.ts';
import { createBookChanges } from './books.ts';
import { fillBatches, type DueRow } from './claim-batches.ts';
import type { Connection } from './connection.ts';
import { noteDecided, requireOne } from './drops.ts';
import { readRequest } from './requests.ts';
import { issuesText, toIssues } from './rows.ts';
import { submissionSql } from './sql/submissions.ts';

// Nothing waits longer than a provider may ask for: what does was written by a clock that ran ahead.
const LONGEST_WAIT_MS = 3_600_000;

type SubmissionMethods = Pick<
  Ledger,
  | 'recoverSending'
  | 'claimSubmissions'
  | 'storePrepared'
  | 'fileOf'
  | 'laneState'
  | 'releaseSubmission'
  | 'giveUpSubmission'
>;

export function submissionMethods(connection: Connection, clock: Clock): SubmissionMethods {
  return {
    async recoverSending() {
      return connection.write(() => {
        const now = clock.now();
        connection.run(submissionSql.recoverLookUps, now);
        connection.run(submissionSql.clampDue, now, now + LONGEST_WAIT_MS);
        connection.run(submissionSql.recoverUnprepared, now);
        return connection.run(submissionSql.recoverSending, now);
      });
    },
    async claimSubmissions(provider, limit, now, batches = new Map()) {
      // Without this look every idle round would cost a flush.
      if (connection.first(submissionSql.claim, provider, now, 1) === undefined) return [];
      return connection.write(() => {
        const heads = connection.all<DueRow>(submissionSql.claim, provider, now, limit);
        const rows = batches.size === 0 ? heads : fillBatches(connection, heads, { provider, now }, batches);
        return rows.map((row) => claim(connection, row, clock.now()));
      });
    },
    async storePrepared(submissionId, attempt, request) {
      connection.write(() => storePrepared(connection, submissionId, attempt, request));
    },
    async fileOf(submissionId) {
      return connection.first<{ spool: string; size: number }>(submissionSql.file, submissionId);
    },
    async laneState(provider) {
      const open = connection.first<{ open: number }>(submissionSql.open, provider)?.open ?? 0;
      const next = open === 0 ? undefined : connection.first<{ due_at: number }>(submissionSql.nextDue, provider);
      return { open, nextDueAt: next?.due_at };
    },
    async releaseSubmission(submissionId) {
      connection.write(() => release(connection, submissionId, clock.now()));
    },
    async giveUpSubmission(submissionId) {
      connection.write(() => giveUp(connection, submissionId));
    },
  };
}

function claim(connection: Connection, row: DueRow, now: number): Claim {
  const attempt = row.attempts + 1;
  const purpose = row.state === 'ready' ? 'send' : 'look-up';
  const mayHaveArrived = row.attempts > 0 && hasArrivedPerhaps(connection, row.id);
  const { request, isPrepared } = readRequest(connection, row.id);
  const first =
    attempt === 1 ? undefined : connection.first<{ started_at: number }>(submissionSql.firstAttempt, row.id);
  const last = purpose === 'look-up' ? connection.first<LastSendRow>(submissionSql.lastSend, row.id) : undefined;
  const said = last === undefined ? [] : toIssues(last.issues);
  // A send counts as arrived until its end proves otherwise: after a crash nobody can tell.
  const mayArrive = purpose === 'send' && isPrepared ? 1 : 0;
  connection.run(submissionSql.insertAttempt, row.id, attempt, purpose, mayArrive, now);
  connection.run(purpose === 'send' ? submissionSql.startSending : submissionSql.startLookUp, attempt, row.id);
  return {
    submissionId: row.id,
    attempt,
    operation: row.operation,
    key: restored(row.key),
    request,
    isPrepared,
    mayHaveArrived,
    ...(first === undefined ? {} : { since: first.started_at }),
    ...(last?.outcome === 'ALREADY_EXISTS' ? { unseen: last.unseen } : {}),
    ...(said.length === 0 ? {} : { said }),
    purpose,
  };
}

interface LastSendRow {
  readonly outcome: OutcomeClass | '';
  readonly unseen: number;
  /** Of the submission. */
  readonly issues: string;
}

/** From here on the request may arrive: after a crash it is looked up, or sent again just like this. */
function storePrepared(connection: Connection, id: number, attempt: number, request: FrozenRequest): void {
  if (connection.first(submissionSql.underWay, id, attempt) === undefined)
    throw new Error(`attempt ${attempt} of submission ${id} is not under way`);
  const { method, path, headers, body } = request;
  const values = [method, path, JSON.stringify(headers), toBytes(body)];
  requireOne(connection.run(submissionSql.prepare, ...values, id), `the request of submission ${id} is complete`);
  requireOne(connection.run(submissionSql.mayArrive, id, attempt), `attempt ${attempt} of submission ${id} has ended`);
}

function hasArrivedPerhaps(connection: Connection, submissionId: number): boolean {
  return connection.first(submissionSql.mayHaveArrived, submissionId) !== undefined;
}

function release(connection: Connection, id: number, now: number): void {
  const { provider } = requireHeld(connection, id);
  const next = hasArrivedPerhaps(connection, id) ? 'unknown' : 'ready';
  connection.run(submissionSql.release, next, now, id);
  noteHeld(connection, { id, provider }, next);
}

function giveUp(connection: Connection, id: number): void {
  const { provider, issues } = requireHeld(connection, id);
  // The decision first: its code is that of the document.
  connection.run(submissionSql.giveUp, issuesText([createIssue('given-up', {}), ...toIssues(issues)]), id);
  noteHeld(connection, { id, provider }, 'rejected');
}

function requireHeld(connection: Connection, id: number): { provider: string; issues: string } {
  const row = connection.first<{ state: SubmissionState; provider: string; issues: string }>(submissionSql.byId, id);
  if (row?.state !== 'held')
    throw new Failure('bad-usage', `submission ${id} is ${row?.state ?? 'not known'}, not held`);
  return row;
}

function noteHeld(connection: Connection, of: { id: number; provider: string }, next: SubmissionState): void {
  const changes = createBookChanges(connection);
  changes.note(of, 'held', next);
  changes.apply();
  noteDecided(connection, of.id);
}
