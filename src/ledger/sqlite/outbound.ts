import type { Ledger, OutboundLedger } from '../../core/ledger.ts';
import { storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { requireBuilding, settleCounts } from './counts.ts';
import { noteTold, requireOne } from './drops.ts';
import { contentValues, replaceDeferred, runMethods } from './outbound-runs.ts';
import { toItem, type ItemRow } from './feeds.ts';
import { toOutboundFile, type OutboundRow } from './rows.ts';
import { dropSql } from './sql/drops.ts';
import { outboundSql } from './sql/outbound.ts';

type OutboundMethods = OutboundLedger &
  Pick<
    Ledger,
    | 'flowState'
    | 'recordRun'
    | 'beginFile'
    | 'assignFacts'
    | 'abandonFile'
    | 'deferredItems'
    | 'completeReport'
    | 'isNameUsed'
    | 'unpublishedFiles'
    | 'markWritten'
    | 'markPublished'
    | 'neededSpool'
    | 'isFolderKnown'
    | 'rememberFolder'
  >;

/** Files that dray writes back: what is in them, and how far each one is. */
export function outboundMethods(connection: Connection): OutboundMethods {
  return {
    ...buildMethods(connection),
    ...runMethods(connection),
    async completeReport(dropId, files, told) {
      connection.write(() => {
        const flow = connection.first<{ flow: string }>(dropSql.report, dropId)?.flow;
        if (flow === undefined) throw new Error(`drop ${dropId} has no report to complete`);
        for (const file of files)
          connection.run(outboundSql.insertBuilt, flow, file.kind, dropId, ...contentValues(file));
        if (told !== undefined) noteTold(connection, dropId, told);
      });
    },
    async isNameUsed(folder, path) {
      return connection.first(outboundSql.byPath, storable(path), folder) !== undefined;
    },
    async unpublishedFiles() {
      return connection.all<OutboundRow>(outboundSql.unpublished).map(toOutboundFile);
    },
    async markWritten(fileId) {
      connection.write(() =>
        requireOne(connection.run(outboundSql.markWritten, fileId), `file ${fileId} is not built`),
      );
    },
    async markPublished(fileId, at) {
      connection.write(() => {
        requireOne(connection.run(outboundSql.markPublished, at ?? null, fileId), `file ${fileId} is not written`);
        // What it replaced is not awaited any more.
        if (at !== undefined) connection.run(outboundSql.giveUpBefore, at, fileId);
      });
    },
    async isFolderKnown(name, location) {
      return connection.first(outboundSql.folder, name, storable(location)) !== undefined;
    },
    async rememberFolder(name, location) {
      connection.write(() => void connection.run(outboundSql.rememberFolder, name, storable(location)));
    },
    async neededSpool() {
      const ofDrops = connection.all<{ spool: string }>(dropSql.spool);
      const ofFiles = connection.all<{ spool: string }>(outboundSql.spool);
      return new Set([...ofDrops, ...ofFiles].map(({ spool }) => spool));
    },
  };
}

type BuildMethods = Pick<
  OutboundMethods,
  'flowState' | 'recordRun' | 'beginFile' | 'assignFacts' | 'abandonFile' | 'deferredItems'
>;

function buildMethods(connection: Connection): BuildMethods {
  return {
    async flowState(flow) {
      const row = connection.first<{ position: number; last_run_at: number | null }>(outboundSql.flow, flow);
      return { position: row?.position ?? 0, lastRunAt: row?.last_run_at ?? undefined };
    },
    async recordRun(flow, at) {
      connection.write(() => void connection.run(outboundSql.recordRun, flow, at));
    },
    async beginFile(flow) {
      return connection.write(() => {
        connection.run(outboundSql.ensureFlow, flow);
        connection.run(outboundSql.deleteBuilding, flow);
        const fileId = connection.insert(outboundSql.begin, flow);
        return { fileId, sequence: requireBuilding(connection, fileId).sequence };
      });
    },
    async assignFacts(fileId, facts, items = []) {
      return connection.write(() => {
        const { flow } = requireBuilding(connection, fileId);
        return facts.map((fact, index) => {
          const added = connection.run(outboundSql.assignFact, flow, storable(fact), fileId, items[index] ?? null);
          return added === 1;
        });
      });
    },
    async abandonFile(fileId, position, deferred = []) {
      connection.write(() => {
        const { flow } = requireBuilding(connection, fileId);
        settleCounts(connection, flow, fileId);
        connection.run(outboundSql.delete, fileId);
        connection.run(outboundSql.setPosition, position, flow);
        replaceDeferred(connection, flow, deferred);
      });
    },
    async deferredItems(flow) {
      return connection.all<ItemRow>(outboundSql.deferred, flow).map(toItem);
    },
  };
}
