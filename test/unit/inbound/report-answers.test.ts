import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { resultWriter } from '../../../src/app/result-writer.ts';
import type { AnswerRule } from '../../../src/core/flow-rules.ts';
import { createIssue } from '../../../src/core/issue.ts';
import type { AttemptEnd, Claim } from '../../../src/core/ledger.ts';
import { createSignalBox } from '../../../src/core/signal-box.ts';
import { formats } from '../../../src/formats/index.ts';
import { placed } from '../../../src/inbound/report/report-documents.ts';
import { createReporter } from '../../../src/inbound/report/reporter.ts';
import { createBench, endAll, orders, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const LINE_COLUMNS = 'drop,line,key,status,code,column,value,message,reference';
const DROP_COLUMNS =
  'drop,size,sha256,received_at,records,ignored,documents,accepted,already_received,rejected,held,status,code,line,column,value,message';

function answers(rule: Partial<AnswerRule>): AnswerRule {
  return { when: 'always', per: 'document', isReceiptWanted: false, ...rule };
}

async function bytesOf({ ledger, spool }: Bench): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const { path, spool: name } of await ledger.unpublishedFiles()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of spool.read(name)) chunks.push(chunk);
    files[path] = Buffer.concat(chunks);
  }
  return files;
}

async function textsOf(bench: Bench): Promise<Record<string, string>> {
  const files = await bytesOf(bench);
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.toString()]));
}

async function allOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* each<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}

/** The first cells of the rows of a workbook that is built. */
async function sheetOf(bench: Bench, path: string): Promise<string[][]> {
  const workbook = required((await bytesOf(bench))[path]);
  const rows: string[][] = [];
  const context = { file: path, limits: bench.flow.limits };
  for await (const event of required(formats.get('xlsx')).read(each([workbook]), {}, context)) {
    if (event.kind === 'records') rows.push(...event.records.map(({ cells = [] }) => cells.slice(0, 7)));
  }
  return rows;
}

const reporterOf = (bench: Bench) => createReporter([bench.flow], bench.parts, createSignalBox(), () => undefined);

async function told(
  rule: Partial<AnswerRule>,
  content: string,
  end?: (claim: Claim) => Partial<AttemptEnd>,
): Promise<Bench> {
  const bench = await createBench({ flow: { answers: answers(rule) } });
  await bench.put('in/a.csv', content);
  await bench.take('a.csv');
  await endAll(bench, end);
  await reporterOf(bench).reportAll();
  return bench;
}

const holding = (): Partial<AttemptEnd> => ({
  state: 'held',
  outcome: 'AMBIGUOUS',
  issues: [createIssue('outcome-unknown', {})],
  detail: '500',
});
const good = sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,3');
const bad = sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,three', 'B,Bob,S2,1', ',,,');

describe('when a result file is written', () => {
  test.each([
    ['always', good, ['results/a.result.csv']],
    ['errors', good, []],
    ['never', good, []],
    ['always', bad, ['results/a.rejected.csv', 'results/a.result.csv']],
    ['errors', bad, ['results/a.rejected.csv', 'results/a.result.csv']],
    ['never', bad, ['results/a.rejected.csv']],
    ['errors', '<html>\n', ['results/a.result.csv']],
    ['never', '<html>\n', []],
  ] as const)('%s: of %j', async (when, content, names) => {
    const bench = await told({ when }, content);
    expect(Object.keys(await textsOf(bench)).sort()).toEqual(names);
  });

  test('with errors tells all of a drop that has one, as it would otherwise', async () => {
    expect(await textsOf(await told({ when: 'errors' }, bad))).toEqual(await textsOf(await told({}, bad)));
  });

  test('with errors tells a held document, and its end even when all is well then', async () => {
    const bench = await told({ when: 'errors' }, good, ({ key }) => (key === 'A' ? holding() : {}));
    const first = required((await textsOf(bench))['results/a.result.csv']);
    expect(first).toMatch(/,A,held,.*\r\na\.csv,3,B,accepted/);
    const [document] = await bench.ledger.documents({ key: 'A', limit: 1 });
    await bench.ledger.releaseSubmission(required(document?.submission?.id));
    await endAll(bench);
    await reporterOf(bench).reportAll();
    expect((await textsOf(bench))['results/a.1.result.csv']).toBe(`${LINE_COLUMNS}\r\na.csv,2,A,accepted,,,,,R-A\r\n`);
  });

  test('never tells a held document, and what becomes of it comes back when it is refused', async () => {
    const bench = await told({ when: 'never' }, good, holding);
    expect(await textsOf(bench)).toEqual({});
    const [document] = await bench.ledger.documents({ key: 'B', limit: 1 });
    await bench.ledger.giveUpSubmission(required(document?.submission?.id));
    await reporterOf(bench).reportAll();
    expect(Object.keys(await textsOf(bench))).toEqual(['results/a.rejected.csv']);
  });
});

describe('one line per record', () => {
  test('has the state of its document and the findings that stand on it; records of none are ignored', async () => {
    const lines = required((await textsOf(await told({ per: 'line' }, bad)))['results/a.result.csv']).split('\r\n');
    expect(lines).toEqual([
      LINE_COLUMNS,
      'a.csv,5,,notice,blank-row,,,1 row of empty cells; skipped.,',
      'a.csv,2,A,accepted,,,,,R-A',
      expect.stringMatching(/^a\.csv,3,B,rejected,not-a-number,Qty,three,/),
      'a.csv,4,B,rejected,,,,Refused with document B because of line 3 of a.csv.,',
      'a.csv,5,,ignored,,,,It belongs to no document.,',
      '',
    ]);
  });

  test('follows documents whose rows lie apart', async () => {
    const rows = ['A,Ann,S1,1', 'B,Bob,S1,1', 'C,Cid,S1,1', 'A,Ann,S2,1', 'C,Cid,S2,x', 'B,Bob,S2,1'];
    const bench = await told({ per: 'line' }, sheet(HEADER, ...rows));
    const lines = required((await textsOf(bench))['results/a.result.csv'])
      .trim()
      .split('\r\n')
      .slice(1);
    expect(lines.map((line) => line.split(',').slice(1, 4).join(' '))).toEqual([
      '2 A accepted',
      '3 B accepted',
      '4 C rejected',
      '5 A accepted',
      '6 C rejected',
      '7 B accepted',
    ]);
  });

  test('goes through all files of a drop', async () => {
    const bench = await createBench({ mapping: twoFiles, flow: { answers: answers({ per: 'line' }) } });
    await bench.put('in/heads7.csv', sheet('Id,Name', 'A,Ann', 'B,Bob'));
    await bench.put('in/items7.csv', sheet('Id,Sku,Qty', 'B,S1,1', 'A,S1,x', 'B,S2,2'));
    await bench.take('heads7.csv', 'items7.csv');
    await endAll(bench);
    await reporterOf(bench).reportAll();
    const lines = required((await textsOf(bench))['results/heads7.result.csv'])
      .trim()
      .split('\r\n')
      .slice(1);
    expect(lines.map((line) => line.split(',').slice(0, 6).join(' '))).toEqual([
      'heads7.csv 2 A rejected  ',
      'heads7.csv 3 B accepted  ',
      'items7.csv 2 B accepted  ',
      'items7.csv 3 A rejected not-a-number Qty',
      'items7.csv 4 B accepted  ',
    ]);
  });

  test('of a file that cannot be read says why, and no more', async () => {
    const text = required((await textsOf(await told({ per: 'line' }, '<html>\n')))['results/a.result.csv']);
    expect(text.trim().split('\r\n')).toEqual([LINE_COLUMNS, expect.stringMatching(/,refused,looks-like-html,/)]);
  });

  test('names each record of a drop that was refused for one of its documents', async () => {
    const bench = await createBench({ flow: { accept: 'file', answers: answers({ per: 'line', when: 'errors' }) } });
    await bench.put('in/a.csv', bad);
    await bench.take('a.csv');
    await reporterOf(bench).reportAll();
    const lines = required((await textsOf(bench))['results/a.result.csv'])
      .trim()
      .split('\r\n')
      .slice(2);
    expect(lines.map((line) => line.split(',').slice(1, 5).join(' '))).toEqual([
      '2 A rejected refused-with-drop',
      '3 B rejected not-a-number',
      '4 B rejected ',
      '5  ignored ',
    ]);
  });

  test('of a later report are only those whose document has its end now', async () => {
    const bench = await told({ per: 'line' }, sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,1', 'A,Ann,S2,1', ',,,'), holding);
    const [document] = await bench.ledger.documents({ key: 'A', limit: 1 });
    await bench.ledger.releaseSubmission(required(document?.submission?.id));
    await endAll(bench);
    await reporterOf(bench).reportAll();
    expect((await textsOf(bench))['results/a.1.result.csv']).toBe(
      `${LINE_COLUMNS}\r\na.csv,2,A,accepted,,,,,R-A\r\na.csv,4,A,accepted,,,,,R-A\r\n`,
    );
  });

  test('of a workbook is told in a workbook, each finding on its own row', async () => {
    const xlsx = required(formats.get('xlsx'));
    const bench = await createBench({
      mapping: orders.replace('format: csv', 'format: xlsx'),
      flow: {
        format: xlsx,
        answers: answers({ per: 'line' }),
        result: resultWriter(undefined, { format: 'xlsx', options: {} }),
      },
    });
    const rows = [
      ['A', 'Ann', 'S1', '1'],
      ['B', 'Bob', 'S1', '2'],
      ['B', 'Bob', 'S2', 'three'],
    ];
    await bench.put('in/a.xlsx', await allOf(xlsx.write(each(rows), HEADER.split(','), {})));
    await bench.take('a.xlsx');
    await endAll(bench);
    await reporterOf(bench).reportAll();
    expect(await sheetOf(bench, 'results/a.result.xlsx')).toEqual([
      ['a.xlsx', '2', 'A', 'accepted', '', '', ''],
      ['a.xlsx', '3', 'B', 'rejected', '', '', ''],
      ['a.xlsx', '4', 'B', 'rejected', 'not-a-number', 'Qty', 'three'],
    ]);
  });

  test('is a sheet of a workbook where that is asked for', async () => {
    const bench = await createBench({
      flow: { answers: answers({ per: 'line' }), result: resultWriter('xlsx', { format: 'csv', options: {} }) },
    });
    await bench.put('in/a.csv', bad);
    await bench.take('a.csv');
    await endAll(bench);
    await reporterOf(bench).reportAll();
    const read = (await sheetOf(bench, 'results/a.result.xlsx')).map((cells) => cells.slice(1, 4).join(' '));
    expect(read).toEqual(['5  notice', '2 A accepted', '3 B rejected', '4 B rejected', '5  ignored']);
  });
});

describe('one line per drop', () => {
  test('tells each layer as a count, and the first findings', async () => {
    const bench = await told({ per: 'file' }, bad);
    const [header, line = '', ...rest] = required((await textsOf(bench))['results/a.result.csv']).split('\r\n');
    expect([header, rest]).toEqual([DROP_COLUMNS, ['']]);
    const hash = createHash('sha256').update(bad).digest('hex');
    const received = new Date(bench.clock.now()).toISOString();
    const counts = `4,1,2,1,0,1,0,partly,not-a-number,3,Qty,three,`;
    expect(line).toContain(`a.csv,${bad.length},${hash},${received},${counts}`);
    expect(line).toMatch(/,"line 3 column Qty: not a number[^|]*"$/);
  });

  test('says what a drop came to in one word', async () => {
    const status = async (content: string, end?: () => Partial<AttemptEnd>): Promise<string | undefined> => {
      const text = required((await textsOf(await told({ per: 'file' }, content, end)))['results/a.result.csv']);
      return text.split('\r\n')[1]?.split(',')[11];
    };
    expect(await status(good)).toBe('accepted');
    expect(await status(good, holding)).toBe('held');
    expect(await status(sheet(HEADER, 'A,Ann,S1,x'))).toBe('rejected');
    expect(await status(sheet(HEADER))).toBe('empty');
    expect(await status('<html>\n')).toBe('refused');
  });

  test('tells the whole drop again when a held document has its end', async () => {
    const bench = await told({ per: 'file' }, good, ({ key }) => (key === 'A' ? holding() : {}));
    const [document] = await bench.ledger.documents({ key: 'A', limit: 1 });
    await bench.ledger.giveUpSubmission(required(document?.submission?.id));
    await reporterOf(bench).reportAll();
    const files = await textsOf(bench);
    const cells = (name: string): unknown => required(files[name]).split('\r\n')[1]?.split(',').slice(6, 13);
    expect(cells('results/a.result.csv')).toEqual(['2', '1', '0', '0', '1', 'held', 'outcome-unknown']);
    expect(cells('results/a.1.result.csv')).toEqual(['2', '1', '0', '1', '0', 'partly', 'given-up']);
  });

  test('names all files of a drop of several, and counts findings beyond the first', async () => {
    const bench = await createBench({
      mapping: twoFiles,
      flow: { answers: answers({ per: 'file' }), result: resultWriter('json', { format: 'csv', options: {} }) },
    });
    await bench.put('in/heads7.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items7.csv', sheet('Id,Sku,Qty', ...Array.from({ length: 8 }, () => 'A,S1,x')));
    await bench.take('heads7.csv', 'items7.csv');
    await reporterOf(bench).reportAll();
    const [told] = JSON.parse(required((await textsOf(bench))['results/heads7.result.json'])) as Record<
      string,
      string
    >[];
    expect(told).toMatchObject({ drop: 'heads7.csv | items7.csv', documents: '1', rejected: '1', status: 'rejected' });
    expect(told?.['sha256']).toMatch(/^[0-9a-f]{64} \| [0-9a-f]{64}$/);
    expect(told?.['message']).toMatch(/\| and 3 more$/);
  });

  test('of several files names the file of each finding', async () => {
    const { message, ...line } = await findingsOfTwo('file');
    expect(line).toMatchObject({ drop: 'heads7.csv | items7.csv', code: 'not-a-number', line: '2', column: 'Qty' });
    expect(placesIn(message)).toEqual([
      'line 2 of items7.csv column Qty: not a number',
      'line 3 of items7.csv column Qty: not a number',
      'line 3 of heads7.csv: the document has no lines',
    ]);
  });
});

/** The first line of the result file of a drop whose faults lie in both of its files. */
async function findingsOfTwo(per: 'file' | 'document'): Promise<Record<string, string>> {
  const bench = await createBench({
    mapping: twoFiles,
    flow: { answers: answers({ per }), result: resultWriter('json', { format: 'csv', options: {} }) },
  });
  await bench.put('in/heads7.csv', sheet('Id,Name', 'A,Ann', 'B,Bob'));
  await bench.put('in/items7.csv', sheet('Id,Sku,Qty', 'A,S1,x', 'A,S1,y'));
  await bench.take('heads7.csv', 'items7.csv');
  await endAll(bench);
  await reporterOf(bench).reportAll();
  const text = required((await textsOf(bench))['results/heads7.result.json']);
  return required((JSON.parse(text) as Record<string, string>[])[0]);
}

const placesIn = (message: string | undefined): string[] =>
  required(message)
    .split(' | ')
    .map((finding) => required(finding.split(';')[0]));

describe('one line per document of several files', () => {
  test('names the file of a finding that lies in another than the line is about', async () => {
    const { message, ...line } = await findingsOfTwo('document');
    expect(line).toMatchObject({ drop: 'items7.csv', key: 'A', line: '2', column: 'Qty' });
    expect(placesIn(message)).toEqual(['not a number', 'line 3 column Qty: not a number']);
  });

  test.each([
    ['heads7.csv', 'line 9 of items7.csv column Qty: one | line 3: two | column Name: three | four'],
    ['items7.csv', 'line 9 column Qty: one | line 3 of heads7.csv: two | column Name: three | four'],
    [undefined, 'line 9 of items7.csv column Qty: one | line 3 of heads7.csv: two | column Name: three | four'],
  ])('of all findings beside %s', (here, told) => {
    const findings = [
      createIssue('wrong-value', { file: 'items7.csv', line: 9, column: 'Qty' }, { what: 'one' }),
      createIssue('wrong-value', { line: 3 }, { what: 'two' }),
      createIssue('wrong-value', { column: 'Name' }, { what: 'three' }),
      createIssue('wrong-value', {}, { what: 'four' }),
    ];
    const files = { main: 'heads7.csv', here };
    expect(findings.map((issue) => placed(issue, files, undefined).replace(/\.$/, '')).join(' | ')).toBe(told);
  });
});

describe('the receipt of a drop', () => {
  const receiving = async (content: string, rule: Partial<AnswerRule> = {}): Promise<Bench> => {
    const bench = await createBench({ flow: { answers: answers({ isReceiptWanted: true, ...rule }) } });
    await bench.put('in/a.csv', content);
    await bench.take('a.csv');
    return bench;
  };

  test('is there before its documents have an end, and says nothing of the provider', async () => {
    const bench = await receiving(bad);
    await reporterOf(bench).reportAll();
    const hash = createHash('sha256').update(bad).digest('hex');
    expect(await textsOf(bench)).toEqual({
      'results/a.received.csv': [
        'drop,size,sha256,received_at,records,ignored,documents,refused,status,code,line,column,value,message',
        `a.csv,${bad.length},${hash},${new Date(bench.clock.now()).toISOString()},4,1,2,1,readable,blank-row,5,,,line 5: 1 row of empty cells; skipped.`,
        '',
      ].join('\r\n'),
    });
    await endAll(bench);
    await reporterOf(bench).reportAll();
    expect((await bench.ledger.unpublishedFiles()).map(({ kind, path }) => [kind, path])).toEqual([
      ['received', 'results/a.received.csv'],
      ['result', 'results/a.result.csv'],
      ['rejects', 'results/a.rejected.csv'],
    ]);
  });

  test('says why a drop is refused, also where no result file is wanted', async () => {
    const bench = await receiving('<html>\n', { when: 'never' });
    await reporterOf(bench).reportAll();
    const { 'results/a.received.csv': receipt = '', ...others } = await textsOf(bench);
    expect(others).toEqual({});
    expect(receipt).toMatch(/,0,0,0,0,refused,looks-like-html,/);
  });

  test('comes before a result file, and is built once however many ask', async () => {
    const bench = await receiving(good);
    await endAll(bench);
    expect(await bench.ledger.dropsToReport(10), 'its receipt first').toEqual([]);
    const reporter = reporterOf(bench);
    await Promise.all([reporter.acknowledgeAll(), reporter.acknowledgeAll(), reporter.reportAll()]);
    expect((await bench.ledger.unpublishedFiles()).map(({ kind }) => kind)).toEqual(['received', 'result']);
  });

  test('is not built when it is not wanted any more, and the drop is reported all the same', async () => {
    const bench = await receiving(good);
    const flow = { ...bench.flow, answers: answers({}) };
    await endAll(bench);
    await createReporter([flow], bench.parts, createSignalBox(), () => undefined).reportAll();
    expect(Object.keys(await textsOf(bench))).toEqual(['results/a.result.csv']);
  });

  test('of a mended reject sheet that comes back is one of its own', async () => {
    const bench = await receiving(bad);
    await endAll(bench);
    await reporterOf(bench).reportAll();
    const rejected = required((await textsOf(bench))['results/a.rejected.csv']);
    await bench.put('in/a.rejected.csv', rejected.replace('three', '3'));
    await bench.take('a.rejected.csv');
    await endAll(bench);
    await reporterOf(bench).reportAll();
    const files = await textsOf(bench);
    expect(files['results/a.rejected.received.csv']).toMatch(/,2,0,1,0,readable,/);
    expect(files['results/a.rejected.result.csv']).toContain('B,accepted');
  });
});
