import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Books, Claim, Ledger } from '../../src/core/ledger.ts';
import type { DocumentStatus } from '../../src/core/states.ts';
import {
  collect,
  document,
  dropFile,
  ended,
  errorIssue,
  receipt,
  receive,
  type LedgerFactory,
  type LedgerFixture,
} from './support-ledger.ts';

type Step =
  | {
      readonly kind: 'receive';
      readonly keys: readonly number[];
      readonly body: number;
      readonly isAllOrNothing: boolean;
      readonly ignored: number;
    }
  | { readonly kind: 'refuse'; readonly records: number }
  | { readonly kind: 'claim'; readonly limit: number }
  | { readonly kind: 'end'; readonly states: readonly ('ready' | 'accepted' | 'rejected' | 'unknown' | 'held')[] }
  | { readonly kind: 'crash' | 'release' | 'report' | 'forget' };

const state = fc.constantFrom(
  'ready' as const,
  'accepted' as const,
  'rejected' as const,
  'unknown' as const,
  'held' as const,
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('receive' as const),
      // Negative keys are documents with an issue.
      keys: fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 6 }),
      body: fc.integer({ min: 0, max: 1 }),
      isAllOrNothing: fc.boolean(),
      ignored: fc.integer({ min: 0, max: 2 }),
    }),
    fc.record({ kind: fc.constant('refuse' as const), records: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('end' as const), states: fc.array(state, { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constantFrom('crash' as const, 'release' as const, 'report' as const, 'forget' as const) }),
  ),
  { maxLength: 25 },
);

/** The books balance at any time: records read = accepted + rejected + held + ignored + waiting. */
export function booksContract(create: LedgerFactory): void {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await create();
  });
  afterEach(() => fixture.dispose());

  describe('the books', () => {
    test('balance after any sequence of steps, and agree with every single document', async () => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const scope = `${++round}`;
          let inFlight: readonly Claim[] = [];
          for (const [index, step] of sequence.entries()) {
            inFlight = await take(fixture.ledger, step, `${scope}-${index}`, scope, inFlight);
            await checkBooks(fixture.ledger);
          }
        }),
        { numRuns: 40 },
      );
    }, 120_000);
  });
}

async function take(
  ledger: Ledger,
  step: Step,
  name: string,
  scope: string,
  inFlight: readonly Claim[],
): Promise<readonly Claim[]> {
  switch (step.kind) {
    case 'receive':
      await receive(ledger, name, documentsOf(step.keys, step.body, scope), step);
      return inFlight;
    case 'refuse': {
      const drop = await ledger.beginDrop('orders', 'erp', [dropFile(name)]);
      await ledger.receiveDrop(
        drop.id,
        receipt(drop, step.records, { isRefused: true, issues: [errorIssue('not-text')] }),
      );
      return inFlight;
    }
    case 'claim':
      return [...inFlight, ...(await ledger.claimSubmissions('ctl', step.limit, 9e15))];
    case 'end': {
      const ending = inFlight.slice(0, step.states.length);
      await Promise.all(ending.map((claim, at) => ledger.endAttempt(ended(claim, step.states[at] ?? 'ready'))));
      return inFlight.slice(step.states.length);
    }
    case 'crash':
      await ledger.recoverSending();
      return [];
    case 'release':
      for (const held of await ledger.submissions({ state: 'held', limit: 2 }))
        await ledger.releaseSubmission(held?.id ?? 0);
      return inFlight;
    case 'report':
      for (const drop of await ledger.dropsToReport(2)) await ledger.completeReport(drop.id, []);
      return inFlight;
    case 'forget':
      await forget(ledger, name, scope);
  }
  return inFlight;
}

async function forget(ledger: Ledger, name: string, scope: string): Promise<void> {
  const drop = await ledger.beginDrop('orders', 'erp', [dropFile(name)]);
  await ledger.stageDocuments(drop.id, documentsOf([1, 2], 0, scope));
  await ledger.forgetDrop(drop.id);
}

function documentsOf(keys: readonly number[], body: number, scope: string) {
  return keys.map((key, at) =>
    document(`${scope}:${key}`, {
      group: String(at),
      line: at + 2,
      body: String(body),
      records: [['', at * 3, 1 + (at % 3)]],
      issues: key < 0 ? [errorIssue()] : [],
    }),
  );
}

const columns = {
  waiting: 'waiting',
  accepted: 'accepted',
  'already-received': 'accepted',
  rejected: 'rejected',
  held: 'held',
} as const satisfies Record<DocumentStatus, keyof Books>;

async function checkBooks(ledger: Ledger): Promise<void> {
  const total = { records: 0, accepted: 0, rejected: 0, held: 0, ignored: 0, waiting: 0 };
  let open = 0;
  const toReport = new Set((await ledger.dropsToReport(1000)).map(({ id }) => id));
  for (const drop of await ledger.drops({ limit: 1000 })) {
    const { books } = drop;
    expect(books.records).toBe(books.accepted + books.rejected + books.held + books.ignored + books.waiting);
    const counted = { records: drop.records, accepted: 0, rejected: 0, held: 0, ignored: drop.ignored, waiting: 0 };
    const rows = await collect(ledger.resultRows(drop.id));
    for (const row of rows) counted[columns[row.status]] += row.records.reduce((sum, [, , count]) => sum + count, 0);
    if (drop.isRefused && rows.length === 0) counted.rejected = drop.records - drop.ignored;
    expect(books).toEqual(counted);
    expect(toReport.has(drop.id)).toBe(!drop.isReported && rows.every(({ status }) => status !== 'waiting'));
    for (const key of ['records', 'accepted', 'rejected', 'held', 'ignored', 'waiting'] as const)
      total[key] += books[key];
  }
  const overview = await ledger.overview();
  expect(overview.books).toEqual(total);
  for (const name of ['ready', 'sending', 'unknown'] as const) open += overview.submissions[name] ?? 0;
  expect((await ledger.laneState('ctl')).open).toBe(open);
}
