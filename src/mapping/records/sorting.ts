import { isError, type Place } from '../../core/issue.ts';
import type { DataRecord } from '../../core/record.ts';
import { createNeighbours, ownGroup } from './neighbours.ts';
import {
  PICKED_PART,
  type PlacedRecord,
  type RecordTypeDefinition,
  type Sorting,
  type SourceRecord,
} from '../types.ts';

/** Whose a record is, by its own values and, on the first record of a document, by the envelopes above it. */
export type GroupOf = (record: DataRecord, above: readonly DataRecord[]) => string;

export interface SortingRules {
  /** Record types of the picked file; empty when it mixes none. */
  readonly types: ReadonlyMap<string, RecordTypeDefinition>;
  /** The type with which documents begin. */
  readonly begins: string | undefined;
  /** By file or record type; left out for records that belong to what stands before them. */
  readonly groups: ReadonlyMap<string, GroupOf>;
  /** Names of what these groups are read from, for those who fill them in. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const nothingAbove: readonly DataRecord[] = [];

export function createSorting(
  { types, begins, groups, columns }: SortingRules,
  where: (source: SourceRecord) => Place,
): Sorting {
  // The document around the next record of the picked file; undefined before one has begun.
  let current: string | undefined;
  let above = nothingAbove;
  const neighbours = createNeighbours(where);
  const isJoined = [...types].some(([type, { by }]) => type !== begins && by !== undefined);
  const told = (name: string, record: DataRecord): string =>
    isDamagedAt(record, columns.get(name) ?? []) ? '' : (groups.get(name)?.(record, above) ?? '');
  const byValue = (part: string, name: string, record: DataRecord): PlacedRecord => {
    if (!groups.has(name)) return { part, record, group: ownGroup(part, record) };
    return neighbours.place({ part, record }, told(name, record), columns.get(name) ?? []);
  };
  return {
    place(part, record) {
      if (part !== PICKED_PART || types.size === 0) return byValue(part, part, record);
      const { type = '' } = record;
      const { role, by } = types.get(type) ?? { role: 'part' };
      if (role === 'ignore') return undefined;
      if (role !== 'part') {
        // Nothing goes on across an envelope or a trailer: what follows without a beginning has lost its head.
        current = undefined;
        if (role === 'envelope') above = [...above.filter((other) => other.type !== type), record];
        return undefined;
      }
      if (type === begins) {
        const group = told(PICKED_PART, record);
        current = group === '' ? ownGroup(part, record) : group;
        return {
          ...(isJoined ? neighbours.begin({ part, record }, current) : { part, record, group: current }),
          above,
        };
      }
      if (by !== undefined) return byValue(part, type, record);
      // Of records that are joined by value, one that cannot be read may be whose it likes.
      if (record.type === undefined && isJoined) return neighbours.place({ part, record }, '', [], current);
      return { part, record, group: current ?? ownGroup(part, record) };
    },
  };
}

/** Whether what is wrong with a record is the very value that says whose it is. */
function isDamagedAt({ issues }: DataRecord, columns: readonly string[]): boolean {
  return issues?.some((issue) => isError(issue) && columns.includes(issue.where.column ?? '')) === true;
}
