import { describe, expect, test } from 'vitest';
import { createIssue } from '../../../src/core/issue.ts';
import { say } from '../../../src/core/text.ts';
import { reportDrop } from '../../../src/inbound/report/report.ts';
import { createBench, endAll, required, type Bench } from './support.ts';

const typed = (lineMore = '', map = 'Items: { $each: line, Sku: Sku, Quantity: Qty }'): string => `
read:
  format: csv
  records:
    file:  { is: F, role: envelope, columns: [Type, Sender] }
    order: { is: H, columns: [Type, Id, Name] }
    line:  { is: D,${lineMore} columns: [Type, Order, Sku, Qty] }
    note:  { is: N, columns: [Type, Text] }
    end:   { is: T, role: trailer, columns: [Type, Count] }
    pause: { is: "*", role: ignore }
document: { type: order, key: Id, begins: order }
map: { Name: file.Sender, ${map} }
`;

const text = (...records: readonly string[]): string => `${records.join('\n')}\n`;

async function bodies(bench: Bench): Promise<unknown[]> {
  const claims = await bench.ledger.claimSubmissions('test', 100, bench.clock.now());
  return claims.map(({ request }) => JSON.parse(request.body) as unknown);
}

/** `key status codes` of a drop's documents, and its books. */
async function outcome(bench: Bench): Promise<{ documents: string[]; books: string }> {
  const { id } = await bench.drop();
  const found = await bench.ledger.documents({ dropId: id, limit: 100 });
  const { books } = required(await bench.ledger.drop(id));
  const { records, rejected, ignored, waiting } = books;
  expect(records).toBe(books.accepted + rejected + books.held + ignored + waiting);
  return {
    documents: found
      .toReversed()
      .map(({ key, status, issues }) => [key, status, ...issues.map(({ code }) => code)].join(' ')),
    books: `${records} = ${waiting} waiting + ${rejected} rejected + ${ignored} ignored`,
  };
}

/** The sheets that go back, by file name. */
async function sheets(bench: Bench): Promise<Record<string, string[]>> {
  for (const drop of await bench.ledger.dropsToReport(10)) await reportDrop(drop, bench.flow, bench.parts);
  const files: Record<string, string[]> = {};
  for (const { path, spool, kind } of await bench.ledger.unpublishedFiles()) {
    let content = '';
    for await (const chunk of bench.spool.read(spool)) content += Buffer.from(chunk).toString();
    if (kind === 'rejects') files[path.slice('results/'.length)] = content.trim().split(/\r?\n/);
  }
  return files;
}

describe('a file of several record types', () => {
  test('passes through memory document by document; what belongs to none is counted as ignored', async () => {
    const bench = await createBench({ mapping: typed() });
    await bench.put(
      'in/a.csv',
      text('F,ACME', 'H,A,Ann', 'D,,S1,1', '*', 'D,,S2,2', 'F,BETA', 'H,B,Bob', 'D,,S3,3', 'T,3'),
    );
    expect(await bench.take('a.csv')).toBe('received');
    expect(await outcome(bench)).toEqual({
      documents: ['A waiting', 'B waiting'],
      books: '9 = 5 waiting + 0 rejected + 4 ignored',
    });
    expect(await bodies(bench)).toEqual([
      {
        Name: 'ACME',
        Items: [
          { Sku: 'S1', Quantity: 1 },
          { Sku: 'S2', Quantity: 2 },
        ],
      },
      { Name: 'BETA', Items: [{ Sku: 'S3', Quantity: 3 }] },
    ]);
  });

  test('whose records lie apart goes through the ledger, and each document keeps the envelope above its beginning', async () => {
    const bench = await createBench({ mapping: typed(' by: Order,') });
    await bench.put(
      'in/a.csv',
      text('F,ACME', 'H,A,Ann', 'F,BETA', 'H,B,Bob', 'D,A,S1,1', 'D,B,S3,3', 'D,Z,S9,9', 'D,A,S2,2', 'T,4'),
    );
    await bench.take('a.csv');
    expect(await outcome(bench)).toEqual({
      documents: ['A waiting', 'B waiting', 'Z rejected no-head'],
      books: '9 = 5 waiting + 1 rejected + 3 ignored',
    });
    expect(await bodies(bench)).toMatchObject([
      { Name: 'ACME', Items: [{}, {}] },
      { Name: 'BETA', Items: [{}] },
    ]);
  });

  test('is held to the limit of lines by each of its types, and loses none below it', async () => {
    const lines = (count: number): string[] =>
      Array.from({ length: count }, (_line, at) => [`D,,S${at},1`, 'N,x']).flat();
    const mapping = typed('', 'Items: { $each: line, Sku: Sku, Quantity: Qty }').replace('file.Sender', 'note.Text');
    const bench = await createBench({ mapping, limits: { linesPerDocument: 4 } });
    await bench.put('in/a.csv', text('H,A,Ann', ...lines(4), 'H,B,Bob', ...lines(30), 'H,C,Cid', ...lines(1)));
    await bench.take('a.csv');
    expect(await outcome(bench)).toEqual({
      documents: ['A waiting', 'B rejected too-many-lines', 'C waiting'],
      books: '73 = 12 waiting + 61 rejected + 0 ignored',
    });
    const [first] = await bodies(bench);
    expect(first).toEqual({
      Name: 'x',
      Items: ['S0', 'S1', 'S2', 'S3'].map((Sku) => ({ Sku, Quantity: 1 })),
    });
  });

  test('tells what is wrong with a record that belongs to no document, and goes on', async () => {
    const bench = await createBench({ mapping: typed() });
    await bench.put('in/a.csv', text('F,ACME', 'H,A,Ann', 'D,,S1,1', 'T,1,and,much,more'));
    await bench.take('a.csv');
    expect((await bench.drop()).issues.map(({ code, severity, where }) => `${where.line} ${severity} ${code}`)).toEqual(
      ['4 warning wrong-column-count'],
    );
    expect((await outcome(bench)).documents).toEqual(['A waiting']);
  });

  test('comes back with the envelopes its refused documents stand under, and with no others', async () => {
    const bench = await createBench({ mapping: typed() });
    await bench.put(
      'in/a.csv',
      text(
        'F,ONE',
        'H,A,Ann',
        'D,,S1,1',
        'F,TWO',
        'H,B,Bob',
        'D,,S1,one',
        'H,C,Cid',
        'D,,S1,1',
        'F,THREE',
        'D,,S1,1',
        'T,3',
      ),
    );
    await bench.take('a.csv');
    await endAll(bench);
    const { 'a.rejected.csv': rows } = await sheets(bench);
    expect(rows?.map((row) => row.replaceAll('"', '').split(',').slice(0, 5).join(','))).toEqual([
      'F,TWO,needed-by-refused,,nothing is wrong here: refused documents of this sheet need it. Leave it in the sheet when you drop it again.',
      'H,B,Bob,not-a-number,',
      'D,,S1,one,not-a-number',
      'D,,S1,1,no-head',
    ]);
  });

  test('has what the provider refuses led back to the record the field came from', async () => {
    const bench = await createBench({ mapping: typed(' by: Order,') });
    await bench.put('in/a.csv', text('F,ACME', 'H,B,Bob', 'H,A,Ann', 'D,B,S3,3', 'D,A,S1,1', 'D,A,S2,2'));
    await bench.take('a.csv');
    const refused = createIssue('refused-by-provider', { column: 'Items[1].Sku' }, { what: say`no such product` });
    const sender = createIssue('refused-by-provider', { column: 'Name' }, { what: say`unknown sender` });
    await endAll(bench, ({ key }) =>
      key === 'A' ? { state: 'rejected', outcome: 'FIX_DATA', issues: [refused, sender], detail: '400' } : {},
    );
    const [drop] = await bench.ledger.dropsToReport(1);
    await reportDrop(required(drop), bench.flow, bench.parts);
    const [result] = (await bench.ledger.unpublishedFiles()).filter(({ kind }) => kind === 'result');
    let content = '';
    for await (const chunk of bench.spool.read(required(result).spool)) content += Buffer.from(chunk).toString();
    expect(content).toContain('a.csv,6,A,rejected,refused-by-provider,Sku,S2,');
    expect(content).toContain('line 1 column Sender: unknown sender');
  });
});

const withLookUp = `
read:
  format: csv
  name: "orders{rest}.csv"
  with: { people: { name: "people{rest}.csv", key: No } }
document: { type: order, key: Id, group: Id }
map:
  Name: { $from: Person, $table: people.Name }
  Items: { $each: lines, Sku: Sku, Quantity: Qty }
`;

describe('a drop with a file that is looked up', () => {
  const people = text('No,Name,Town', '1,Ann,Ulm', '2,Bob,Bonn', '2,Rob,Bonn');

  test.each([
    ['together', ['A,1,S1,1', 'A,1,S2,2', 'B,1,S1,3']],
    ['apart', ['A,1,S1,1', 'B,1,S1,3', 'A,1,S2,2']],
  ])('becomes documents whose rows lie %s; what is looked up is counted as ignored, once', async (_name, rows) => {
    const bench = await createBench({ mapping: withLookUp });
    await bench.put('in/orders7.csv', text('Id,Person,Sku,Qty', ...rows));
    await bench.put('in/people7.csv', people);
    expect(await bench.take('orders7.csv', 'people7.csv')).toBe('received');
    expect(await outcome(bench)).toEqual({
      documents: ['A waiting', 'B waiting'],
      books: '6 = 3 waiting + 0 rejected + 3 ignored',
    });
    expect(await bodies(bench)).toMatchObject([{ Name: 'Ann' }, { Name: 'Ann' }]);
    expect(await bench.names('done')).toEqual(['orders7.csv', 'people7.csv']);
  });

  test('refuses documents at the cell that is looked up, and gives the whole file back beside the refused rows', async () => {
    const bench = await createBench({ mapping: withLookUp });
    await bench.put('in/orders.csv', text('Id,Person,Sku,Qty', 'A,9,S1,1', 'B,2,S1,1', 'C,1,S1,3'));
    await bench.put('in/people.csv', people);
    await bench.take('orders.csv', 'people.csv');
    expect(await outcome(bench)).toEqual({
      documents: ['A rejected not-in-table', 'B rejected ambiguous-entry', 'C waiting'],
      books: '6 = 1 waiting + 2 rejected + 3 ignored',
    });
    await endAll(bench);
    const back = await sheets(bench);
    expect(Object.keys(back).sort()).toEqual(['orders.rejected.csv', 'people.rejected.csv']);
    expect(back['people.rejected.csv']?.map((row) => row.split(',').slice(0, 3).join(','))).toEqual(
      people.trim().split('\n'),
    );
    const [again] = await bench.ledger.documents({ key: 'A', limit: 1 });
    expect(again?.issues[0]).toMatchObject({
      where: { file: 'orders.csv', line: 2, column: 'Person' },
      hint: 'Add it to people.csv, or mend the cell.',
    });
  });

  test.each([
    ['is larger than can be kept', people, { lookUpRows: 2 }, 'too-many-entries'],
    ['lacks a column', text('No,Town', '1,Ulm'), {}, 'missing-column'],
    ['is empty', '', {}, 'empty-file'],
    ['is a web page', '<!DOCTYPE html>\n', {}, 'looks-like-html'],
  ])('is refused whole when that file %s', async (_name, content, limits, code) => {
    const bench = await createBench({ mapping: withLookUp, limits });
    await bench.put('in/orders.csv', text('Id,Person,Sku,Qty', 'A,1,S1,1'));
    await bench.put('in/people.csv', content);
    expect(await bench.take('orders.csv', 'people.csv')).toBe('refused');
    expect((await bench.drop()).issues.map((issue) => issue.code)).toContain(code);
    expect((await bench.drop()).issues.find((issue) => issue.code === code)?.where.file).toBe('people.csv');
    expect([await bodies(bench), await bench.names('failed')]).toEqual([[], ['orders.csv', 'people.csv']]);
  });
});
