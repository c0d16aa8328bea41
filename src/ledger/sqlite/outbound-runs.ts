import type { FileContent, OutboundLedger, StoredItem } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { requireBuilding, settleCounts } from './counts.ts';
import { findFeed, toItem, type ItemRow } from './feeds.ts';
import { decisionMethods } from './outbound-decisions.ts';
import { feedSql } from './sql/feeds.ts';
import { outboundSql } from './sql/outbound.ts';

/** Several files of one run, and what lies around the files themselves. */
export function runMethods(connection: Connection): OutboundLedger {
  return {
    ...itemMethods(connection),
    ...compareMethods(connection),
    ...decisionMethods(connection),
    async beginNextFile(fileId) {
      return connection.write(() => {
        const { flow } = requireBuilding(connection, fileId);
        const next = connection.insert(outboundSql.beginNext, flow);
        return { fileId: next, sequence: requireBuilding(connection, next).sequence };
      });
    },
    async dropFile(fileId) {
      connection.write(() => {
        requireBuilding(connection, fileId);
        connection.run(outboundSql.delete, fileId);
      });
    },
    async forgetFacts(flow, beforeFile, limit) {
      // Asking costs no flush; most of the time there are none.
      if (connection.first(outboundSql.oldFact, flow, beforeFile) === undefined) return 0;
      return connection.write(() => connection.run(outboundSql.forgetFacts, flow, beforeFile, limit));
    },
    async completeRun(flow, files, { position, deferred, at, recollection, comparedBy, keepsGone }) {
      connection.write(() => {
        let last: number | undefined;
        for (const { fileId, content } of files) {
          const { sequence } = requireBuilding(connection, fileId);
          completeOne(connection, fileId, content, at);
          settleCounts(connection, flow, fileId);
          last = sequence;
        }
        if (comparedBy !== undefined) {
          if (keepsGone !== true) connection.run(outboundSql.clearDelivered, flow);
          connection.run(outboundSql.settleRows, flow, comparedBy);
          connection.run(outboundSql.clearBuildingRows, comparedBy);
        }
        if (last === undefined) connection.run(outboundSql.setPosition, position, flow);
        else connection.run(outboundSql.advance, last, position, flow);
        replaceDeferred(connection, flow, deferred);
        if (recollection !== undefined) connection.run(outboundSql.closeRecollection, at, recollection);
      });
    },
  };
}

/** Inside a transaction: a file gets its name and its bytes. */
function completeOne(connection: Connection, fileId: number, content: FileContent, at?: number): void {
  const { document = '', replaces = '', archivePath = '', repeatsFrom = '', keepMs = 0, marker } = content;
  const extras = [storable(document), replaces, storable(archivePath), storable(repeatsFrom), keepMs, at ?? null];
  connection.run(outboundSql.complete, ...contentValues(content), ...extras, fileId);
  if (marker === undefined) return;
  connection.run(outboundSql.insertMarker, fileId, storable(marker.path), storable(marker.temporaryPath));
}

export function replaceDeferred(connection: Connection, flow: string, items: readonly number[]): void {
  connection.run(outboundSql.clearDeferred, flow);
  for (const item of items) connection.run(outboundSql.defer, flow, item);
}

export function contentValues({ folder, path, temporaryPath, hash, size, rows, spool }: FileContent) {
  return [folder, storable(path), storable(temporaryPath), hash, size, rows, spool];
}

type ItemMethods = Pick<OutboundLedger, 'lastItem' | 'documentsAfter' | 'itemsOfDocument' | 'snapshotTime'>;

function itemMethods(connection: Connection): ItemMethods {
  return {
    async lastItem(provider, feed) {
      const id = findFeed(connection, provider, feed)?.id;
      return id === undefined ? 0 : (connection.first<{ id: number | null }>(feedSql.lastItem, id)?.id ?? 0);
    },
    async documentsAfter(provider, feed, position, upTo) {
      const id = findFeed(connection, provider, feed)?.id;
      if (id === undefined) return [];
      return connection
        .all<{ document_key: string }>(feedSql.documentsAfter, id, position, upTo)
        .map((row) => restored(row.document_key));
    },
    async itemsOfDocument(provider, feed, document, position, upTo, limit): Promise<readonly StoredItem[]> {
      const id = findFeed(connection, provider, feed)?.id;
      if (id === undefined) return [];
      return connection
        .all<ItemRow>(feedSql.itemsOfDocument, id, storable(document), position, upTo, limit)
        .map(toItem);
    },
    async snapshotTime(provider, feed) {
      const id = findFeed(connection, provider, feed)?.id;
      if (id === undefined) return undefined;
      return connection.first<{ begun_at: number | null }>(feedSql.snapshotTime, id)?.begun_at ?? undefined;
    },
  };
}

interface DeliveredRow {
  readonly fact: string;
  readonly cells: string;
}

function compareMethods(connection: Connection): Pick<OutboundLedger, 'compareRows' | 'goneRows'> {
  return {
    async compareRows(fileId, rows) {
      return connection.write(() => {
        const { flow } = requireBuilding(connection, fileId);
        return rows.map(({ fact, cells }) => {
          const text = JSON.stringify(cells);
          const isFirst = connection.run(outboundSql.noteRow, fileId, storable(fact), text) === 1;
          const known = connection.first<{ cells: string }>(outboundSql.deliveredRow, flow, storable(fact));
          return isFirst && known?.cells !== text;
        });
      });
    },
    async goneRows(fileId, after, limit) {
      const { flow } = requireBuilding(connection, fileId);
      return connection
        .all<DeliveredRow>(outboundSql.goneRows, flow, fileId, storable(after), limit)
        .map(({ fact, cells }) => ({ fact: restored(fact), cells: JSON.parse(cells) as readonly string[] }));
    },
  };
}
