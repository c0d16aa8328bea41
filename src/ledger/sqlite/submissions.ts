import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import type { Claim, Ledger } from '../../core/ledger.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import type { SubmissionState } from '../../core/states.ts';
import { fromBytes, restored } from '../text.ts';
import { createBookChanges } from './books.ts';
import type { Connection } from './connection.ts';
import { submissionSql } from './sql/submissions.ts';

// Nothing waits longer than a provider may ask for: what does was written by a clock that ran ahead.
const LONGEST_WAIT_MS = 3_600_000;

type SubmissionMethods = Pick<Ledger, 'recoverSending' | 'claimSubmissions' | 'laneState' | 'releaseSubmission'>;

interface ClaimRow {
  readonly id: number;
  readonly state: 'ready' | 'unknown';
  readonly operation: string;
  readonly key: string;
  readonly attempts: number;
}

export function submissionMethods(connection: Connection, clock: Clock): SubmissionMethods {
  return {
    async recoverSending() {
      return connection.write(() => {
        const now = clock.now();
        connection.run(submissionSql.recoverLookUps, now);
        connection.run(submissionSql.clampDue, now, now + LONGEST_WAIT_MS);
        return connection.run(submissionSql.recoverSending, now);
      });
    },
    async claimSubmissions(provider, limit, now) {
      // Without this look every idle round would cost a flush.
      if (connection.first(submissionSql.claim, provider, now, 1) === undefined) return [];
      return connection.write(() => {
        const rows = connection.all<ClaimRow>(submissionSql.claim, provider, now, limit);
        return rows.map((row) => claim(connection, row, clock.now()));
      });
    },
    async laneState(provider) {
      const open = connection.first<{ open: number }>(submissionSql.open, provider)?.open ?? 0;
      const next = open === 0 ? undefined : connection.first<{ due_at: number }>(submissionSql.nextDue, provider);
      return { open, nextDueAt: next?.due_at };
    },
    async releaseSubmission(submissionId) {
      connection.write(() => release(connection, submissionId, clock.now()));
    },
  };
}

function claim(connection: Connection, row: ClaimRow, now: number): Claim {
  const attempt = row.attempts + 1;
  const purpose = row.state === 'ready' ? 'send' : 'look-up';
  const mayHaveArrived = row.attempts > 0 && hasArrivedPerhaps(connection, row.id);
  // A send counts as arrived until its end proves otherwise: after a crash nobody can tell.
  connection.run(submissionSql.insertAttempt, row.id, attempt, purpose, purpose === 'send' ? 1 : 0, now);
  connection.run(purpose === 'send' ? submissionSql.startSending : submissionSql.startLookUp, attempt, row.id);
  const request = readRequest(connection, row.id);
  return {
    submissionId: row.id,
    attempt,
    operation: row.operation,
    key: restored(row.key),
    request,
    mayHaveArrived,
    purpose,
  };
}

/** What a submission sends; undefined when there is no such submission. */
export function findRequest(connection: Connection, submissionId: number): FrozenRequest | undefined {
  const row = connection.first<{ method: string; path: string; headers: string; body: Uint8Array }>(
    submissionSql.request,
    submissionId,
  );
  if (row === undefined) return undefined;
  const headers = JSON.parse(row.headers) as Record<string, string>;
  return { method: row.method, path: row.path, headers, body: fromBytes(row.body) };
}

function readRequest(connection: Connection, submissionId: number): FrozenRequest {
  const request = findRequest(connection, submissionId);
  if (request === undefined) throw new Error(`submission ${submissionId} has no request`);
  return request;
}

function hasArrivedPerhaps(connection: Connection, submissionId: number): boolean {
  return connection.first(submissionSql.mayHaveArrived, submissionId) !== undefined;
}

function release(connection: Connection, id: number, now: number): void {
  const row = connection.first<{ state: SubmissionState; provider: string }>(submissionSql.byId, id);
  if (row?.state !== 'held')
    throw new Failure('bad-usage', `submission ${id} is ${row?.state ?? 'not known'}, not held`);
  const next = hasArrivedPerhaps(connection, id) ? 'unknown' : 'ready';
  connection.run(submissionSql.release, next, now, id);
  const changes = createBookChanges(connection);
  changes.note({ id, provider: row.provider }, 'held', next);
  changes.apply();
}
