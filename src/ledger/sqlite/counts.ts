import type { Ledger, WrittenCount } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { outboundSql } from './sql/outbound.ts';

type CountMethods = Pick<Ledger, 'writtenCounts' | 'noteCounts'>;

/** Counts of which files hold the growth: they move with the file that holds it, or not at all. */
export function countMethods(connection: Connection): CountMethods {
  return {
    async writtenCounts(fileId, keys) {
      const { flow } = requireBuilding(connection, fileId);
      return keys.flatMap((key) =>
        connection
          .all<Omit<WrittenCount, 'key'>>(outboundSql.writtenCounts, flow, storable(key), fileId)
          .map(({ name, count, told, item }) => ({ key, name: restored(name), count, told, item })),
      );
    },
    async noteCounts(fileId, counts) {
      connection.write(() => {
        requireBuilding(connection, fileId);
        for (const { key, name, count, told, item } of counts)
          connection.run(outboundSql.noteCount, fileId, storable(key), storable(name), count, told, item);
      });
    },
  };
}

/** Inside the transaction that completes a file or gives it up: what was noted for it holds from now on. */
export function settleCounts(connection: Connection, flow: string, fileId: number): void {
  connection.run(outboundSql.settleCounts, flow, fileId);
  connection.run(outboundSql.clearBuildingCounts, fileId);
}

export function requireBuilding(connection: Connection, fileId: number): { flow: string; sequence: number } {
  const row = connection.first<{ flow: string; sequence: number }>(outboundSql.building, fileId);
  if (row === undefined) throw new Error(`file ${fileId} is not being built`);
  return row;
}
