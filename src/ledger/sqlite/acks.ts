import type { Clock } from '../../core/clock.ts';
import type { Acknowledgement, AnswerLedger, AwaitedCode, OutboundFile, ReceivedDrop } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { contentValues } from './outbound-runs.ts';
import { toDrop, toOutboundFile, type DropRow, type OutboundRow } from './rows.ts';
import { ackSql } from './sql/acks.ts';
import { controlSql } from './sql/controls.ts';

interface ReceivedRow extends DropRow {
  readonly documents: number;
  readonly refused: number;
}

/** Receipts of drops, and what becomes of files after they went out. */
export function ackMethods(connection: Connection, clock: Clock): AnswerLedger {
  return {
    async dropsToAcknowledge(limit) {
      return connection.all<ReceivedRow>(ackSql.toAcknowledge, limit).map((row): ReceivedDrop => {
        const { received_at, documents, refused } = row;
        return { ...toDrop(connection, row), receivedAt: received_at ?? 0, documents, refused };
      });
    },
    async completeReceipt(dropId, file) {
      connection.write(() => {
        const flow = connection.first<{ flow: string }>(ackSql.noteReceipt, dropId)?.flow;
        if (flow === undefined) throw new Error(`drop ${dropId} has no receipt to complete`);
        if (file !== undefined) connection.run(ackSql.insertReceipt, flow, dropId, ...contentValues(file));
      });
    },
    ...awaitingMethods(connection, clock),
    async acknowledgeFile(acknowledgement) {
      return connection.write(() => acknowledge(connection, acknowledgement));
    },
    async judgeIncident(flow, code, state) {
      const open = connection.first<OpenRow>(ackSql.openOf, flow, code);
      if (state === undefined) {
        if (open === undefined) return undefined;
        connection.write(() => void connection.run(controlSql.closeIncident, clock.now(), open.id));
        return 'closed';
      }
      const subject = storable(state.subject);
      if (open?.subject === subject && open.up_to >= state.upTo) return undefined;
      connection.write(() => {
        if (open !== undefined) connection.run(ackSql.change, subject, state.upTo, open.id);
        else connection.run(ackSql.open, flow, code, subject, clock.now(), state.upTo);
      });
      return open === undefined ? 'opened' : undefined;
    },
  };
}

interface OpenRow {
  readonly id: number;
  readonly subject: string;
  readonly up_to: number;
}

type AwaitingMethods = Pick<
  AnswerLedger,
  'beginAwaiting' | 'retireAwaiting' | 'lyingFiles' | 'markLeft' | 'overdueFiles' | 'declinedFiles'
>;

const OVERDUE = {
  'file-uncollected': { count: ackSql.lyingCount, oldest: ackSql.lyingOldest },
  'file-unacknowledged': { count: ackSql.unansweredCount, oldest: ackSql.unansweredOldest },
} as const satisfies Record<AwaitedCode, object>;

function awaitingMethods(connection: Connection, clock: Clock): AwaitingMethods {
  return {
    async beginAwaiting(flow, code, now) {
      const known = sinceOf(connection, flow, code);
      if (known !== undefined) return known;
      connection.write(() => void connection.run(ackSql.begin, flow, code, now));
      return now;
    },
    async retireAwaiting(kept) {
      const isKept = (row: AwaitedRow): boolean =>
        kept.some(({ flow, code }) => flow === row.flow && code === row.code);
      const gone = connection.all<AwaitedRow>(ackSql.awaited).filter((row) => !isKept(row));
      if (gone.length === 0) return;
      const now = clock.now();
      connection.write(() => {
        for (const { flow, code } of gone) {
          connection.run(ackSql.retire, flow, code);
          connection.run(controlSql.closeOfFlow, now, flow, code);
        }
      });
    },
    async lyingFiles(flow, since, limit) {
      return connection
        .all<LyingRow>(ackSql.lying, flow, since, limit)
        .map(({ id, folder, path, published_at }) => ({ id, folder, path: restored(path), publishedAt: published_at }));
    },
    async markLeft(fileIds, at) {
      if (fileIds.length === 0) return;
      connection.write(() => {
        for (const id of fileIds) connection.run(ackSql.leave, at, id);
      });
    },
    async overdueFiles(flow, code, since, until) {
      const count = connection.first<{ count: number }>(OVERDUE[code].count, flow, since, until)?.count ?? 0;
      if (count === 0) return { count, oldest: undefined };
      const oldest = connection.first<{ path: string; published_at: number }>(OVERDUE[code].oldest, flow, since, until);
      return {
        count,
        oldest: oldest === undefined ? undefined : { path: restored(oldest.path), publishedAt: oldest.published_at },
      };
    },
    async declinedFiles(flow) {
      const oldest = connection.first<{ path: string; message: string }>(ackSql.declinedOldest, flow);
      if (oldest === undefined) return { count: 0, oldest };
      const { path, message } = oldest;
      return { count: declinedCount(connection, flow), oldest: { path: restored(path), message: restored(message) } };
    },
  };
}

interface LyingRow {
  readonly id: number;
  readonly folder: string;
  readonly path: string;
  readonly published_at: number;
}

interface AwaitedRow {
  readonly flow: string;
  readonly code: AwaitedCode;
}

function sinceOf(connection: Connection, flow: string, code: AwaitedCode): number | undefined {
  return connection.first<{ since: number }>(ackSql.since, flow, code)?.since;
}

function declinedCount(connection: Connection, flow: string): number {
  return connection.first<{ count: number }>(ackSql.declinedCount, flow)?.count ?? 0;
}

/** Inside a transaction: of each flow the newest file that can be meant. */
function acknowledge(connection: Connection, said: Acknowledgement): OutboundFile | 'unknown' | 'ambiguous' {
  const { flows, name, sequence, isAccepted, message, saidAt } = said;
  const found = flows.flatMap((flow) => {
    const row =
      name === undefined
        ? connection.first<OutboundRow>(ackSql.bySequence, flow, sequence ?? 0, saidAt)
        : connection.first<OutboundRow>(ackSql.byName, flow, storable(name), saidAt);
    return row === undefined ? [] : [row];
  });
  const [file, ...others] = found.length > 1 ? withPath(found, said.path) : found;
  if (file === undefined) return 'unknown';
  // The right one of two flows cannot be guessed: the wrong one would count as read.
  if (others.length > 0) return 'ambiguous';
  connection.run(ackSql.acknowledge, file.id, file.flow, isAccepted ? 1 : 0, storable(message), saidAt);
  connection.run(ackSql.answer, saidAt, file.id);
  return toOutboundFile(file);
}

/** Those that a path tells apart: ours may lie deeper in theirs, and theirs in ours. */
function withPath(rows: readonly OutboundRow[], said: string | undefined): readonly OutboundRow[] {
  if (said === undefined) return rows;
  const isMeant = ({ path }: OutboundRow): boolean =>
    `/${restored(path)}`.endsWith(`/${said}`) || `/${said}`.endsWith(`/${restored(path)}`);
  const meant = rows.filter(isMeant);
  return meant.length > 0 ? meant : rows;
}

/** How many files of a flow are still awaited, and how many were declined. */
export function viewAwaited(connection: Connection, flow: string) {
  const awaitedOf = (code: AwaitedCode): number | undefined => {
    const since = sinceOf(connection, flow, code);
    if (since === undefined) return undefined;
    return connection.first<{ count: number }>(OVERDUE[code].count, flow, since, Number.MAX_SAFE_INTEGER)?.count ?? 0;
  };
  return {
    uncollected: awaitedOf('file-uncollected'),
    unacknowledged: awaitedOf('file-unacknowledged'),
    declined: declinedCount(connection, flow),
  };
}

/** Inside a transaction: a person closed an incident. What it was about is not awaited any more, or it would open again. */
export function noteClosed(connection: Connection, id: number, now: number): void {
  const incident = connection.first<{ flow: string; code: string; up_to: number }>(ackSql.openById, id);
  if (incident === undefined) return;
  const { flow, code, up_to } = incident;
  if (code === 'file-uncollected') connection.run(ackSql.leaveAll, now, flow, up_to);
  if (code === 'file-unacknowledged') connection.run(ackSql.answerAll, now, flow, up_to);
  if (code === 'file-declined') connection.run(ackSql.closeDeclined, flow);
}

/** Files that told of a document, the oldest first. */
export function filesAbout(connection: Connection, provider: string, keys: readonly string[]): readonly OutboundFile[] {
  const found = new Map<number, OutboundFile>();
  for (const key of new Set(keys)) {
    for (const row of connection.all<OutboundRow>(ackSql.filesAbout, storable(key), provider))
      found.set(row.id, toOutboundFile(row));
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}
