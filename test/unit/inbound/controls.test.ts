import { describe, expect, test } from 'vitest';
import { describeIssue, isError } from '../../../src/core/issue.ts';
import { createBench, orders, required, sheet } from './support.ts';

const types = `read:
  format: csv
  records:
    file: { is: F, role: envelope, columns: [Kind, Sender] }
    order: { is: H, columns: [Kind, Id, Name, Total] }
    line: { is: D, columns: [Kind, Sku, Qty] }
    end: { is: T, role: trailer, columns: [Kind, Orders, Lines, Total] }
document: { type: order, key: Id, begins: order }
map:
  Name: Name
  Items: { $each: line, Sku: Sku, Quantity: Qty }
controls:
  trailer: { record: end, count: { Orders: documents, Lines: lines }, sums: { Total: line.Qty } }
  document: { order.Total: { sum: line.Qty } }
`;
const good = ['F,ACME', 'H,A,Ann,3', 'D,S1,1', 'D,S2,2', 'H,B,Bob,5', 'D,S1,5', 'T,2,7,8'];

/** How a file was taken, what became of its documents, and why. */
async function outcome(mapping: string, ...lines: readonly string[]): Promise<string[]> {
  const bench = await createBench({ mapping });
  await bench.put('in/a.csv', `${lines.join('\n')}\n`);
  const how = await bench.take('a.csv');
  const { id, issues, books, records, ignored } = required((await bench.ledger.drops({ limit: 1 }))[0]);
  expect(books.accepted + books.rejected + books.held + books.ignored + books.waiting).toBe(records);
  const documents = await bench.ledger.documents({ dropId: id, limit: 9 });
  return [
    `${how}, ${records} read, ${ignored} ignored`,
    ...documents.toReversed().map(({ key, status }) => `${key} ${status}`),
    ...[...issues, ...documents.flatMap((document) => document.issues)].filter(isError).map(describeIssue),
  ];
}

describe('a file of record types with totals', () => {
  test('is taken when all agree; envelope and trailer are read and belong to no document', async () => {
    expect(await outcome(types, ...good)).toEqual(['received, 7 read, 2 ignored', 'A waiting', 'B waiting']);
  });

  test('is refused whole when a total of the file does not agree', async () => {
    const [how, ...told] = await outcome(types, ...good.slice(0, -1), 'T,2,7,9');
    expect(how).toMatch(/^refused, 7 read/);
    expect(told).toEqual([
      'a.csv line 7 column Total: the trailer does not agree with the sum of line.Qty of the file; expected 8, got "9". The file is cut off or changed; export it again.',
    ]);
  });

  test('loses one document alone when only its own total does not agree', async () => {
    const lines = good.map((line) => (line === 'H,A,Ann,3' ? 'H,A,Ann,4' : line));
    expect(await outcome(types, ...lines)).toEqual([
      'received, 7 read, 2 ignored',
      'A rejected',
      'B waiting',
      'a.csv line 2 column Total: the total in order.Total does not agree with the sum of line.Qty of the document; expected 3, got "4". Mend the lines or the total; a line may be missing.',
    ]);
  });

  test('is refused when it is cut off, wherever', async () => {
    for (let count = 1; count < good.length; count++) {
      expect((await outcome(types, ...good.slice(0, count)))[0]).toMatch(/^refused/);
    }
  });
});

test('rows that lie apart are added up once, though they are read twice', async () => {
  const mapping = `${orders}controls: { trailer: { starts: T, count: { 2: records, 3: lines }, sums: { 4: Qty } } }\n`;
  const rows = ['A,Ann,S1,1', 'B,Bob,S1,3', 'A,Ann,S2,2', 'T,3,5,6'];
  expect(await outcome(mapping, sheet('Id,Name,Sku,Qty', ...rows).trimEnd())).toEqual([
    'received, 4 read, 1 ignored',
    'A waiting',
    'B waiting',
  ]);
});
