import { describe, expect, test } from 'vitest';
import { createIssue } from '../../../src/core/issue.ts';
import { say } from '../../../src/core/text.ts';
import type { AttemptEnd, Claim } from '../../../src/core/ledger.ts';
import { reportDrop } from '../../../src/inbound/report/report.ts';
import { settleDrop } from '../../../src/inbound/source/settle.ts';
import { createBench, endAll, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const COLUMNS = 'drop,line,key,status,code,column,value,message,reference\r\n';

/** Files that are built and not published, by path. */
async function built(bench: Bench): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { path, spool } of await bench.ledger.unpublishedFiles()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bench.spool.read(spool)) chunks.push(chunk);
    files[path] = Buffer.concat(chunks).toString();
  }
  return files;
}

interface Told {
  readonly bench?: Parameters<typeof createBench>[0];
  readonly name?: string;
  readonly end?: (claim: Claim) => Partial<AttemptEnd>;
}

/** Takes a file, ends its documents, and reports it. */
async function report(
  content: string | Uint8Array,
  { bench: options, name = 'a.csv', end }: Told = {},
): Promise<Record<string, string>> {
  const bench = await createBench(options);
  await bench.put(`in/${name}`, content);
  await bench.take(name);
  await endAll(bench, end);
  await reportAll(bench);
  return built(bench);
}

async function reportAll(bench: Bench) {
  const outcomes = [];
  for (const drop of await bench.ledger.dropsToReport(10))
    outcomes.push(await reportDrop(drop, bench.flow, bench.parts));
  return outcomes;
}

const refuse = (issues: AttemptEnd['issues']): Partial<AttemptEnd> => ({
  state: 'rejected',
  outcome: 'FIX_DATA',
  issues,
  detail: '400',
});

describe('the result file', () => {
  test('has one line per document, in the order of the file, with the reference of the provider', async () => {
    const files = await report(sheet(HEADER, 'B,Bob,S1,3', 'A,Ann,S1,1', 'A,Ann,S2,2'));
    expect(files).toEqual({
      'results/a.result.csv': `${COLUMNS}a.csv,2,B,accepted,,,,,R-B\r\na.csv,3,A,accepted,,,,,R-A\r\n`,
    });
  });

  test('names the cell of the first finding and tells all of them', async () => {
    const files = await report(sheet(HEADER, 'A,Ann,S1,1', 'A,Ann,S2,one', 'A,Ann,,two'));
    const [, line = ''] = required(files['results/a.result.csv']).trim().split('\r\n');
    expect(line).toMatch(/^a\.csv,3,A,rejected,not-a-number,Qty,one,/);
    expect(line).toContain('| line 4 column Sku: a value is missing');
    expect(line).toContain('| line 4 column Qty: not a number');
  });

  test('says of a file that was refused why, and that it had no documents', async () => {
    const files = await report('<html>\n');
    expect(Object.keys(files)).toEqual(['results/a.result.csv']);
    expect(files['results/a.result.csv']).toMatch(/^drop,.*\r\na\.csv,\d*,,refused,looks-like-html,,/);
  });

  test('names the file of a drop of two that it was refused for', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/heads7.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items7.csv', 'Id,Sku,Qty\nA,"S1,1\n');
    await bench.take('heads7.csv', 'items7.csv');
    await reportAll(bench);
    const [, line] = required((await built(bench))['results/heads7.result.csv']).split('\r\n');
    expect(line).toMatch(/^items7\.csv,2,,refused,quote-not-closed,/);
  });

  test('says a notice about the file before its documents', async () => {
    const files = await report(sheet(HEADER, ',,,', 'A,Ann,S1,1'));
    expect(files['results/a.result.csv']).toBe(
      `${COLUMNS}a.csv,2,,notice,blank-row,,,1 row of empty cells; skipped.,\r\na.csv,3,A,accepted,,,,,R-A\r\n`,
    );
  });

  test('keeps a key or a value from running as a formula', async () => {
    const files = await report(sheet(HEADER, '=1+1,Ann,S1,@one'));
    const [, line = ''] = required(files['results/a.result.csv']).split('\r\n');
    expect(line).toContain(",'=1+1,");
    expect(line).toContain(",'@one,");
  });

  test('says of a document that is held what a person must do', async () => {
    const files = await report(sheet(HEADER, 'A,Ann,S1,1'), {
      end: () => ({ state: 'held', outcome: 'AMBIGUOUS', issues: [createIssue('outcome-unknown', {})], detail: '500' }),
    });
    expect(Object.keys(files)).toEqual(['results/a.result.csv']);
    expect(files['results/a.result.csv']).toContain(
      'a.csv,2,A,held,outcome-unknown,,,"it is not known whether the provider has the document. Ask the provider, then release the document or give it up.",',
    );
  });

  test('says of a document that came before with which file it came', async () => {
    const bench = await createBench();
    for (const name of ['first.csv', 'second.csv']) {
      await bench.put(`in/${name}`, sheet(HEADER, 'A,Ann,S1,1'));
      await bench.take(name);
      await endAll(bench);
    }
    expect(await reportAll(bench)).toMatchObject([{ accepted: 1 }, { 'already-received': 1 }]);
    expect((await built(bench))['results/second.result.csv']).toBe(
      `${COLUMNS}second.csv,2,A,already-received,already-received,,,The same document came with in/first.csv; it was not sent again.,R-A\r\n`,
    );
  });

  test('says with which file a key was used before for something else', async () => {
    const bench = await createBench();
    await bench.put('in/first.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.put('in/second.csv', sheet(HEADER, 'Z,Zoe,S1,1', 'A,Ann,S1,9'));
    for (const name of ['first.csv', 'second.csv']) await bench.take(name);
    await endAll(bench);
    await reportAll(bench);
    const files = await built(bench);
    expect(files['results/second.result.csv']).toContain('second.csv,3,A,rejected,key-reused,,A,');
    expect(files['results/second.result.csv']).toContain('the content first received with first.csv line 2 (drop 1)');
    expect(files['results/second.rejected.csv']).toContain('\nA,Ann,S1,9,"key-reused"');
  });
});

describe('what the provider refuses', () => {
  const items = sheet(HEADER, 'A,Ann,S1,1', 'A,Ann,S2,2', 'B,Bob,S1,1');
  const onA = (column: string | undefined) => (claim: Claim) =>
    claim.key === 'A'
      ? refuse([
          createIssue('refused-by-provider', column === undefined ? {} : { column }, {
            what: say`the provider says: no`,
          }),
        ])
      : {};

  test.each([
    ['Items[1].Sku', 'a.csv,3,A,rejected,refused-by-provider,Sku,S2,'],
    ['Items[0].Quantity', 'a.csv,2,A,rejected,refused-by-provider,Qty,1,'],
    ['Name', 'a.csv,2,A,rejected,refused-by-provider,Name,Ann,'],
  ])('at %s is told at the cell the value came from', async (field, expected) => {
    const files = await report(items, { end: onA(field) });
    expect(files['results/a.result.csv']).toContain(expected);
  });

  test('at a thing that is no cell is told at the nearest line, under the name the provider gives it', async () => {
    const files = await report(items, { end: onA('Items[1]') });
    expect(files['results/a.result.csv']).toContain('a.csv,3,A,rejected,refused-by-provider,Items[1],,');
  });

  test.each(['Unheard.Of', undefined])('at a place nobody knows, %s, is told at the document', async (field) => {
    const files = await report(items, { end: onA(field) });
    expect(files['results/a.result.csv']).toContain(`a.csv,2,A,rejected,refused-by-provider,${field ?? ''},,`);
  });

  test('comes back in the reject sheet, the reason at the row it is about', async () => {
    const files = await report(items, { end: onA('Items[1].Sku') });
    const rows = required(files['results/a.rejected.csv']).trim().split('\n');
    expect(rows).toEqual([
      `${HEADER},dray_code,dray_column,dray_reason`,
      'A,Ann,S1,1,"refused-by-provider","","Refused with document A because of line 3 of a.csv."',
      'A,Ann,S2,2,"refused-by-provider","Sku","the provider says: no; got ""S2""."',
    ]);
  });
});

describe('the reject sheet', () => {
  test('has the refused rows byte for byte, in the order of the file, and no others', async () => {
    const rows = ['A,"Ann ""the"" One",S1,one', 'B,Bob,S1,1', 'C,  Cid  ,S1,x', 'A,"Ann ""the"" One",S2,0002'];
    const files = await report(`${[HEADER, ...rows].join('\r\n')}\r\n`);
    const lines = required(files['results/a.rejected.csv']).split('\r\n');
    expect(lines.map((line) => line.replace(/,"[a-z-]+","[^"]*",".*"$/, ''))).toEqual([
      `${HEADER},dray_code,dray_column,dray_reason`,
      rows[0],
      rows[2],
      rows[3],
      '',
    ]);
  });

  test('keeps the encoding and the byte order mark of the file', async () => {
    const bench = await createBench();
    const content = `\uFEFF${HEADER}\nA,Zoë,S1,one\n`;
    await bench.put('in/a.csv', Buffer.from(content, 'utf16le'));
    await bench.take('a.csv');
    await reportAll(bench);
    const file = required((await bench.ledger.unpublishedFiles()).find(({ kind }) => kind === 'rejects'));
    const chunks: Uint8Array[] = [];
    for await (const chunk of bench.spool.read(file.spool)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf16le')).toMatch(
      /^\uFEFFId,Name,Sku,Qty,dray_code,.*\nA,Zoë,S1,one,"not-a-number"/,
    );
  });

  test('can be mended and dropped again', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,one', 'B,Bob,S1,1'));
    await bench.take('a.csv');
    await endAll(bench);
    await reportAll(bench);
    const mended = required((await built(bench))['results/a.rejected.csv']).replace(',one,', ',1,');
    await bench.put('in/mended.csv', mended);
    expect(await bench.take('mended.csv')).toBe('received');
    const [document] = await bench.ledger.documents({ key: 'A', limit: 1 });
    expect(document).toMatchObject({ status: 'waiting', issues: [] });
  });

  test('of a file that is accepted whole or not at all has every row', async () => {
    const files = await report(sheet(HEADER, 'A,Ann,S1,one', 'B,Bob,S1,1'), { bench: { flow: { accept: 'file' } } });
    const rows = required(files['results/a.rejected.csv']).trim().split('\n');
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatch(/^B,Bob,S1,1,"refused-with-drop"/);
  });

  test('is one per file of a drop of two', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/heads.csv', sheet('Id,Name', 'A,Ann', 'B,Bob'));
    await bench.put('in/items.csv', sheet('Id,Sku,Qty', 'B,S1,1', 'A,S1,one'));
    await bench.take('heads.csv', 'items.csv');
    await endAll(bench);
    await reportAll(bench);
    const files = await built(bench);
    expect(Object.keys(files).sort()).toEqual([
      'results/heads.rejected.csv',
      'results/heads.result.csv',
      'results/items.rejected.csv',
    ]);
    expect(files['results/heads.rejected.csv']).toContain(
      '\nA,Ann,"not-a-number","","Refused with document A because of line 3 of items.csv."',
    );
    expect(files['results/items.rejected.csv']).toContain('\nA,S1,one,"not-a-number","Qty",');
  });
});

describe('a name', () => {
  test('is never used twice, even when the first file was taken away', async () => {
    const bench = await createBench();
    for (const key of ['A', 'B']) {
      await bench.put('in/a.csv', sheet(HEADER, `${key},Ann,S1,one`));
      await bench.take('a.csv');
      await reportAll(bench);
    }
    expect(Object.keys(await built(bench)).sort()).toEqual(
      ['a.result.csv', 'a.rejected.csv', 'a.2.result.csv', 'a.2.rejected.csv'].map((name) => `results/${name}`).sort(),
    );
  });

  test('that somebody else’s file has is not taken from it', async () => {
    const bench = await createBench();
    await bench.put('results/a.result.csv', 'somebody else’s');
    await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
    await bench.take('a.csv');
    await endAll(bench);
    await reportAll(bench);
    expect(Object.keys(await built(bench))).toEqual(['results/a.1.result.csv']);
  });
});

test('the bytes of a drop are let go once it is filed and reported', async () => {
  const bench = await createBench();
  await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1'));
  const drop = await bench.receive('a.csv');
  const spool = required(drop.files[0]).spool;
  await endAll(bench);
  await reportAll(bench);
  expect(await bench.ledger.neededSpool()).toContain(spool);
  await settleDrop(drop, bench.flow, bench.parts);
  expect(await bench.ledger.neededSpool()).not.toContain(spool);
  await expect(bench.spool.read(spool)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'file-gone' });
});
