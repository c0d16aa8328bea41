import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordRun, ResultRow } from '../../../src/core/ledger.ts';
import { createOwners } from '../../../src/inbound/report/owners.ts';

const document = (documentId: number, records: readonly RecordRun[]): ResultRow => ({
  documentId,
  line: 1,
  key: String(documentId),
  type: 'order',
  status: 'accepted',
  issues: [],
  reference: '',
  records,
  firstDrop: '',
});

async function* each(rows: readonly ResultRow[]): AsyncGenerator<ResultRow> {
  yield* rows;
}

/** Records of documents that lie through one another in any way; 0 belongs to none. */
const owned = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 });

test.each(['', 'items'])(
  'every record of part "%s" finds its document, wherever its other records lie',
  async (part) => {
    await fc.assert(
      fc.asyncProperty(owned, async (owners) => {
        const found = createOwners(each(documentsOf(owners, part)), part);
        for (const [seq, owner] of owners.entries()) {
          const at = await found.at(seq);
          expect(at?.row.documentId ?? 0).toBe(owner);
          if (at !== undefined) expect(at.isFirst).toBe(owners.indexOf(owner) === seq);
        }
      }),
      { numRuns: 100 },
    );
  },
);

/** Neighbours as runs, the documents in the order of their first record. */
function documentsOf(owners: readonly number[], part: string): ResultRow[] {
  const runs = new Map<number, [string, number, number][]>();
  for (const [seq, owner] of owners.entries()) {
    if (owner === 0) continue;
    const own = runs.get(owner) ?? [['other', seq, 1]];
    runs.set(owner, own);
    const last = own.at(-1);
    if (last?.[0] === part && last[1] + last[2] === seq) last[2]++;
    else own.push([part, seq, 1]);
  }
  return [...runs].map(([owner, own]) => document(owner, own));
}

test('documents that are not wanted own nothing', async () => {
  const rows = [document(1, [['', 0, 1]]), document(2, [['', 1, 1]])];
  const found = createOwners(each(rows), '', ({ documentId }) => documentId === 2);
  expect([(await found.at(0))?.row.documentId, (await found.at(1))?.row.documentId]).toEqual([undefined, 2]);
});
