import type { JournalEntry } from '../../../src/sandbox/index.ts';
import { tally, type Report, type Settled } from './checker.ts';
import type { LedgerDump } from './evidence.ts';
import type { ExpectedDocument } from './workload.ts';

/** I3 and I4: what the provider got, against the files that were placed and the attempts in the ledger. */
export function checkProvider(settled: Settled, report: Report): void {
  checkRecords(settled, report);
  checkAttempts(settled, report);
}

/** I3: one record for each accepted document, none for any other, and all requests for one of them alike. */
function checkRecords({ placed, provider, idle }: Settled, report: Report): void {
  const documents = new Map(
    placed.flatMap(({ flow, documents }) =>
      documents
        .filter(({ outcome }) => outcome === 'accepted')
        .map((document) => [`${pathOf(flow)}/${document.key}`, document]),
    ),
  );
  const byPath = Map.groupBy(provider.writes, ({ path }) => path);
  for (const [path, writes] of byPath) {
    const document = documents.get(path);
    if (document === undefined) {
      report('I3', `${writes.length} requests to ${path}, which no accepted document calls for`);
      continue;
    }
    const bodies = new Set(writes.map(({ body }) => body));
    if (bodies.size > 1) report('I3', `${writes.length} requests to ${path} have ${bodies.size} different bodies`);
    const made = writes.filter(({ committed }) => committed).length;
    if (made !== 1) report('I3', `${path} was made ${made} times`);
    checkContent(path, writes, document, report);
  }
  for (const path of documents.keys()) if (!byPath.has(path)) report('I3', `${path} was never made`);
  for (const { key, state } of idle.dump.submissions) {
    if (state !== 'accepted') report('I3', `the submission of ${key} is ${state}`);
  }
}

function pathOf(flow: string): string {
  return `/ctl/v1/${flow === 'orders' ? 'Orders' : 'PurchaseOrders'}`;
}

/** What arrived is what the file says, with no line lost. */
function checkContent(path: string, writes: readonly JournalEntry[], document: ExpectedDocument, report: Report): void {
  const { Items } = JSON.parse(writes[0]?.body ?? '{}') as { Items?: { Sku: string; Quantity: number }[] };
  const found = (Items ?? []).map(({ Sku, Quantity }) => `${Sku} ${Quantity}`).join(', ');
  const expected = document.items.join(', ');
  if (found !== expected) report('I3', `${path} holds ${found}; the file says ${expected}`);
}

/** I4: after each process there are at least as many attempts in the book as requests at the provider. */
function checkAttempts({ phases }: Settled, report: Report): void {
  for (const { name, dump, writes } of phases) {
    const attempts = attemptsOf(dump);
    for (const [path, count] of tally(writes.map((write) => write.path))) {
      const booked = attempts.get(path) ?? 0;
      if (count > booked) report('I4', `after ${name}: ${count} requests to ${path}, ${booked} attempts in the ledger`);
    }
  }
}

function attemptsOf(dump: LedgerDump | undefined): Map<string, number> {
  const attempts = new Map<string, number>();
  for (const { key, operation, attempts: all } of dump?.submissions ?? []) {
    const path = `${pathOf(operation === 'order.create' ? 'orders' : 'purchase-orders')}/${key}`;
    const sent = all.filter(({ purpose }) => purpose === 'send').length;
    attempts.set(path, (attempts.get(path) ?? 0) + sent);
  }
  return attempts;
}
