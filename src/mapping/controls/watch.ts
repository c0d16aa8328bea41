import { createIssue, type Issue, type Place } from '../../core/issue.ts';
import { say, type Phrase } from '../../core/text.ts';
import type { InboundDefinition } from '../types.ts';
import { columnName, positionOf, type Seen } from './cells.ts';
import { totalFinding } from './finding.ts';
import { createTally, type Counting, type Tally } from './tally.ts';
import type { Total } from './totals.ts';

/** Follows one rule through the records of a drop. */
export interface Watch {
  see(seen: Seen): void;
  /** At the end of the drop. `documents`: how many it has. */
  findings(documents: number): readonly Issue[];
}

/** What all rules of a drop share. */
export interface WatchContext {
  readonly definition: Pick<InboundDefinition, 'read' | 'document'>;
  readonly counting: Counting;
  /** Name of the picked file. */
  readonly file: string;
  readonly isTrailer: (seen: Seen) => boolean;
  /** Record type with which the batch begins that a trailer ends; undefined for the trailer of the file. */
  readonly batchOf: (trailer: Seen) => string | undefined;
}

/** Records from one place of the file to another, measured. */
export interface Stretch {
  add(seen: Seen): void;
  /** Compares with what a record states. `by`: that record, in words; `scope`: of what it is. */
  compare(stating: Seen, by: Phrase, scope: Phrase, documents: number): readonly Issue[];
}

export function createStretch(totals: readonly Total[], { definition, counting }: WatchContext): Stretch {
  const tallies = totals.map((total): [Total, Tally] => [total, createTally(total.measure, counting)]);
  return {
    add(seen) {
      for (const [, tally] of tallies) tally.add(seen);
    },
    compare(stating, by, scope, documents) {
      const where: Place = { file: counting.fileName(stating.part), line: stating.record.line };
      return tallies.flatMap(([total, tally]) => {
        const column = columnName(total.place, definition);
        const [stated] = counting.cells.read(stating, column) ?? [];
        if (stated === undefined) {
          return [
            createIssue('missing-column', { ...where, column: total.place }, { what: say`${by} has no such column` }),
          ];
        }
        const difference = tally.difference(stated, documents);
        return difference === undefined
          ? []
          : [totalFinding('control-total', { total, where, stated, by, scope }, difference)];
      });
    },
  };
}

/** Where a stated total stands, for a message about it. */
export function placeOf({ part, record }: Seen, place: string, { counting }: WatchContext): Place {
  const where = { file: counting.fileName(part), line: record.line };
  return positionOf(place) === undefined ? { ...where, column: place } : where;
}
