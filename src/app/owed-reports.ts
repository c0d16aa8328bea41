import type { Ledger } from '../core/ledger.ts';

/** What a report says that nobody was told of yet, because the process that built it ended before it was out. */
export interface OwedReport {
  /** Whether the drop was refused as a whole. */
  readonly isRefused: boolean;
  readonly rejected: number;
  readonly held: number;
}

/** Reports that earlier processes built and that are not out, by drop. */
export async function owedReports(
  ledger: Pick<Ledger, 'unpublishedFiles' | 'drop'>,
): Promise<ReadonlyMap<number, OwedReport>> {
  const owed = new Map<number, OwedReport>();
  for (const { kind, dropId } of await ledger.unpublishedFiles()) {
    if (dropId === undefined || (kind !== 'result' && kind !== 'rejects') || owed.has(dropId)) continue;
    const drop = await ledger.drop(dropId);
    if (drop === undefined) continue;
    const { isRefused, books } = drop;
    // The books of a drop that was refused as a whole count its records.
    owed.set(dropId, { isRefused, rejected: isRefused ? 0 : books.rejected, held: books.held });
  }
  return owed;
}
