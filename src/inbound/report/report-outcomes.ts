import type { Drop, ResultRow, Told } from '../../core/ledger.ts';
import type { DocumentStatus } from '../../core/states.ts';

/** How many documents of a drop came to which end. */
export type Outcomes = Readonly<Record<DocumentStatus, number>>;

/** What a report is about: counted while its documents pass. */
export interface Tally {
  readonly outcomes: Outcomes;
  readonly told: Told;
  /** How many documents have something to tell. */
  documents(): number;
  /** Answers whether the document is told: what is held again is told already. */
  count(row: ResultRow): boolean;
}

export function createTally(drop: Drop): Tally {
  const outcomes = { waiting: 0, accepted: 0, 'already-received': 0, rejected: 0, held: 0 };
  const told = { held: [] as number[], ended: [] as number[] };
  let documents = 0;
  return {
    outcomes,
    told,
    documents: () => documents,
    count({ status, documentId }) {
      outcomes[status]++;
      if (status === 'held') told.held.push(documentId);
      if (!isFirst(drop)) {
        if (status === 'held' || status === 'waiting') return false;
        told.ended.push(documentId);
      }
      documents++;
      return true;
    },
  };
}

/** Whether nothing was reported of a drop before. */
export function isFirst({ reports = 0 }: Drop): boolean {
  return reports === 0;
}
