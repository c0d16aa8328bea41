import type { Clock } from '../../core/clock.ts';
import type { AttemptEnd } from '../../core/ledger.ts';
import type { OutcomeClass } from '../../core/provider.ts';
import { toBytes } from '../text.ts';
import { createBookChanges, type BookChanges } from './books.ts';
import type { Connection } from './connection.ts';
import { requireOne } from './drops.ts';
import { issuesText } from './rows.ts';
import { submissionSql } from './sql/submissions.ts';

/** Ends of attempts, gathered so that those of one moment share a transaction and its flush. */
export interface AttemptEnds {
  end(end: AttemptEnd): Promise<void>;
  /** Commits what is gathered now instead of at the end of the turn. */
  flush(): void;
}

interface PendingEnd {
  readonly end: AttemptEnd;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createAttemptEnds(connection: Connection, clock: Clock): AttemptEnds {
  let pending: PendingEnd[] = [];
  const flush = (): void => {
    const batch = pending;
    pending = [];
    if (batch.length > 0) commit(connection, batch, clock.now());
  };
  return {
    flush,
    end: (end) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) setImmediate(flush);
        pending.push({ end, resolve, reject });
      }),
  };
}

/** An end that does not fit fails alone; a failing transaction fails them all. */
function commit(connection: Connection, batch: readonly PendingEnd[], now: number): void {
  const misfits = new Map<PendingEnd, unknown>();
  try {
    connection.write(() => {
      const changes = createBookChanges(connection);
      for (const one of batch) {
        const provider = providerUnderWay(connection, one.end);
        if (provider === undefined) misfits.set(one, new Error(notUnderWay(one.end)));
        else applyEnd(connection, one.end, provider, changes, now);
      }
      changes.apply();
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
    return;
  }
  for (const one of batch) {
    if (misfits.has(one)) one.reject(misfits.get(one));
    else one.resolve();
  }
}

function providerUnderWay(connection: Connection, { submissionId, attempt }: AttemptEnd): string | undefined {
  return connection.first<{ provider: string }>(submissionSql.underWay, submissionId, attempt)?.provider;
}

function notUnderWay({ submissionId, attempt }: AttemptEnd): string {
  return `attempt ${attempt} of submission ${submissionId} is not under way`;
}

function applyEnd(connection: Connection, end: AttemptEnd, provider: string, changes: BookChanges, now: number): void {
  const { submissionId, attempt, state, outcome, httpStatus, detail, answer, reference } = end;
  const answerBytes = answer === undefined || answer === '' ? null : toBytes(answer);
  const arrived = mayHaveArrived(end) ? 1 : 0;
  const values = [now, outcome, httpStatus ?? null, detail, answerBytes, arrived, submissionId, attempt];
  requireOne(connection.run(submissionSql.endAttempt, ...values), notUnderWay(end));
  const issues = issuesText(end.issues);
  connection.run(submissionSql.endSubmission, state, end.dueAt ?? now, issues, reference ?? null, submissionId);
  // `sending` and a look-up under way both stand as waiting.
  changes.note({ id: submissionId, provider }, 'sending', state);
}

const NOT_ARRIVED = new Set<OutcomeClass>(['FIX_DATA', 'FIX_CREDENTIALS', 'ALREADY_EXISTS']);
const TURNED_AWAY = new Set([401, 429, 503]);

/**
 * Conservative: an attempt may have made the record unless its end proves otherwise. "Already exists" proves it: that very
 * request made nothing, and counting it would let the next such answer pass for ours.
 */
function mayHaveArrived({ outcome, httpStatus, detail }: AttemptEnd): boolean {
  if (NOT_ARRIVED.has(outcome)) return false;
  if (outcome !== 'RETRY_LATER') return true;
  return httpStatus === undefined ? !detail.startsWith('not sent') : !TURNED_AWAY.has(httpStatus);
}
