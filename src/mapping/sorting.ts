import type { DataRecord } from '../core/record.ts';
import { PICKED_PART, type RecordTypeDefinition, type Sorting } from './types.ts';

/** Whose a record is, by its own values and, on the first record of a document, by the envelopes above it. */
export type GroupOf = (record: DataRecord, above: readonly DataRecord[]) => string;

export interface SortingRules {
  /** Record types of the picked file; empty when it mixes none. */
  readonly types: ReadonlyMap<string, RecordTypeDefinition>;
  /** The type with which documents begin. */
  readonly begins: string | undefined;
  /** By file or record type; left out for records that belong to what stands before them. */
  readonly groups: ReadonlyMap<string, GroupOf>;
}

const nothingAbove: readonly DataRecord[] = [];

export function createSorting({ types, begins, groups }: SortingRules): Sorting {
  // The document around the next record of the picked file; undefined before one has begun.
  let current: string | undefined;
  let above = nothingAbove;
  const told = (part: string, name: string, record: DataRecord): string => {
    const group = groups.get(name)?.(record, above) ?? '';
    return group === '' ? ownGroup(part, record) : group;
  };
  return {
    place(part, record) {
      if (part !== PICKED_PART || types.size === 0) return { part, record, group: told(part, part, record) };
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
        current = told(part, PICKED_PART, record);
        return { part, record, group: current, above };
      }
      const group = by === undefined ? (current ?? ownGroup(part, record)) : told(part, type, record);
      return { part, record, group };
    },
  };
}

/** Values of cells are trimmed, so nothing real begins with a space. */
function ownGroup(part: string, record: DataRecord): string {
  return ` ${part}#${record.seq}`;
}
