import type { Marker, OutboundFlowView, OutboundLedger } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import { viewAwaited } from './acks.ts';
import type { Connection } from './connection.ts';
import { requireOne } from './drops.ts';
import { findFeed } from './feeds.ts';
import { toOutboundFile, type OutboundRow } from './rows.ts';
import { feedSql } from './sql/feeds.ts';
import { outboundSql } from './sql/outbound.ts';

type DecisionMethods = Pick<
  OutboundLedger,
  | 'unpublishedMarkers'
  | 'markMarker'
  | 'fileBefore'
  | 'releaseKept'
  | 'rewriteFile'
  | 'askRecollection'
  | 'openRecollection'
  | 'voidFile'
>;

interface MarkerRow {
  readonly file_id: number;
  readonly path: string;
  readonly temporary_path: string;
  readonly state: Marker['state'];
  readonly flow: string;
  readonly folder: string;
}

/** What stands beside files, what is kept of them, and what people ask of them. */
export function decisionMethods(connection: Connection): DecisionMethods {
  return {
    async unpublishedMarkers() {
      return connection.all<MarkerRow>(outboundSql.unpublishedMarkers).map((row) => ({
        fileId: row.file_id,
        flow: row.flow,
        folder: row.folder,
        path: restored(row.path),
        temporaryPath: restored(row.temporary_path),
        state: row.state,
      }));
    },
    async markMarker(fileId, state) {
      connection.write(() =>
        requireOne(connection.run(outboundSql.markMarker, state, fileId), `file ${fileId} has no marker`),
      );
    },
    async fileBefore(fileId) {
      const row = connection.first<OutboundRow>(outboundSql.fileBefore, fileId);
      return row === undefined ? undefined : toOutboundFile(row);
    },
    async releaseKept(now, limit) {
      const overdue = connection.all<{ id: number; spool: string }>(outboundSql.overdueKept, now, limit);
      // Asking costs no flush; most of the time nothing is overdue.
      if (overdue.length > 0)
        connection.write(() => {
          for (const { id } of overdue) connection.run(outboundSql.releaseKept, id);
        });
      return overdue.map(({ spool }) => spool);
    },
    async rewriteFile(fileId) {
      return connection.write(() => {
        const isKept = connection.run(outboundSql.rewrite, fileId) === 1;
        if (isKept) connection.run(outboundSql.reopenMarker, fileId);
        return isKept;
      });
    },
    async askRecollection(flow, from, at) {
      connection.write(() => void connection.run(outboundSql.askRecollection, flow, storable(from), at));
    },
    async openRecollection(flow) {
      const row = connection.first<{ id: number; from_cursor: string }>(outboundSql.openRecollection, flow);
      return row === undefined ? undefined : { id: row.id, from: restored(row.from_cursor) };
    },
    async voidFile(fileId, at) {
      return connection.write(() => voidFile(connection, fileId, at));
    },
  };
}

function voidFile(connection: Connection, fileId: number, at: number): boolean {
  const file = connection.first<{ flow: string; sequence: number; path: string }>(outboundSql.unpublishedFile, fileId);
  // What was counted into a file cannot be counted back out of it.
  if (file === undefined || connection.first(outboundSql.anyCount, file.flow) !== undefined) return false;
  connection.run(outboundSql.insertVoid, file.flow, file.sequence, file.path, at);
  connection.run(outboundSql.deferItemsOf, fileId);
  connection.run(outboundSql.clearDelivered, file.flow);
  connection.run(outboundSql.delete, fileId);
  return true;
}

/** How far an outbound flow is. */
export function viewFlow(
  connection: Connection,
  { flow, provider, feed }: { flow: string; provider: string; feed: string },
): OutboundFlowView {
  const state = connection.first<{ position: number; sequence: number; last_run_at: number | null }>(
    outboundSql.flow,
    flow,
  );
  const found = findFeed(connection, provider, feed);
  const count = (sql: string): number => connection.first<{ count: number }>(sql, flow)?.count ?? 0;
  const last = connection.first<OutboundRow>(outboundSql.lastFile, flow);
  const open = connection.first<{ from_cursor: string }>(outboundSql.openRecollection, flow);
  const items =
    found === undefined
      ? undefined
      : connection.first<{ items: number }>(feedSql.itemCount, found.id, state?.position ?? 0);
  return {
    flow,
    lastRunAt: state?.last_run_at ?? undefined,
    sequence: state?.sequence ?? 0,
    cursor: found?.cursor ?? '',
    items: items?.items ?? 0,
    deferred: count(outboundSql.deferredCount),
    unpublished: count(outboundSql.unpublishedCount),
    voids: count(outboundSql.voidCount),
    ...viewAwaited(connection, flow),
    lastFile: last === undefined ? undefined : toOutboundFile(last),
    recollectsFrom: open === undefined ? undefined : restored(open.from_cursor),
  };
}
