import { describe, expect, test } from 'vitest';
import { definitionOf, findings, told } from './controls-support.ts';
import { createControlCheck } from '../../../src/mapping/index.ts';

const HEADER = 'Id,Sku,Qty,Price';

describe('a trailer that is told by its first value', () => {
  const rows = [HEADER, 'A,100,2,1.50', 'A,200,3,2.25', 'B,X-300,1,0.10'];

  test.each([
    ['a count of records', '{ starts: T, count: 2 }', 'T,3'],
    ['leading zeros', '{ starts: T, count: 2, of: records }', 'T,0000003'],
    ['documents', '{ starts: T, count: 2, of: documents }', 'T,2'],
    ['lines, with the header and the trailer', '{ starts: T, count: 2, of: lines }', 'T,5'],
    ['several counts', '{ starts: T, count: { 2: documents, 3: lines, 4: records } }', 'T,2,5,3'],
    ['a sum', '{ starts: T, sums: { 3: Qty } }', 'T,,6'],
    ['an exact sum of decimals', '{ starts: T, sums: { 2: Price } }', 'T,3.85'],
    ['a sum stated with more decimals', '{ starts: T, sums: { 2: Price } }', 'T,3.8500'],
    ['the columns in another case', '{ starts: T, sums: { 2: " qTY" } }', 'T,6'],
    ['a hash total', '{ starts: T, hash: { 2: Sku } }', 'T,600'],
    ['the last digits of a hash total', '{ starts: T, hash: { 2: { of: Sku, keep: 2 } } }', 'T,00'],
    ['several trailers', '[{ starts: T, count: 2 }, { starts: S, sums: { 2: Qty } }]', 'T,3', 'S,6'],
  ])('agrees: %s', (_name, trailer, ...last) => {
    expect(told(findings('table', `trailer: ${trailer}`, ...rows, ...last))).toEqual([]);
  });

  test.each([
    ['{ starts: T, count: 2 }', 'T,4', '5:- control-total 4/3 the trailer does not agree with the records of the file'],
    [
      '{ starts: T, count: 2, of: documents }',
      'T,3',
      '5:- control-total 3/2 the trailer does not agree with the documents of the file',
    ],
    [
      '{ starts: T, count: 2, of: lines }',
      'T,3',
      '5:- control-total 3/5 the trailer does not agree with the lines of the file',
    ],
    [
      '{ starts: T, count: 2 }',
      'T,3.0',
      '5:- control-total 3.0/3 the trailer does not agree with the records of the file',
    ],
    ['{ starts: T, count: 9 }', 'T,3', '5:- control-total /3 the trailer does not agree with the records of the file'],
    [
      '{ starts: T, sums: { 2: Price } }',
      'T,3.84',
      '5:- control-total 3.84/3.85 the trailer does not agree with the sum of Price of the file',
    ],
    [
      '{ starts: T, sums: { 2: Price } }',
      'T,"3,85"',
      '5:- control-total "3/3.85 the trailer does not agree with the sum of Price of the file',
    ],
    [
      '{ starts: T, sums: { 2: Qty } }',
      'T',
      '5:- control-total /6 the trailer does not agree with the sum of Qty of the file',
    ],
    [
      '{ starts: T, hash: { 2: Sku } }',
      'T,601',
      '5:- control-total 601/600 the trailer does not agree with the hash total of Sku of the file',
    ],
    [
      '{ starts: T, hash: { 2: { of: Sku, keep: 2 } } }',
      'T,600',
      '5:- control-total 600/0 the trailer does not agree with the hash total of Sku of the file',
    ],
    ['{ starts: T, sums: { 2: Amount } }', 'T,6', '1:Amount missing-column a column is missing'],
    [
      '{ starts: T }',
      'X,1,1,1',
      '-:- trailer-missing /a last record that starts with "T" the trailer record is missing',
    ],
    ['{ starts: T }', 't', '-:- trailer-missing /a last record that starts with "T" the trailer record is missing'],
  ])('does not agree: %s with %s', (trailer, last, expected) => {
    expect(told(findings('table', `trailer: ${trailer}`, ...rows, last))).toEqual([expected]);
  });

  test('in the middle of the file is found, at the first record behind it', () => {
    const lines = [HEADER, 'A,1,1,1', 'T,1', 'B,1,1,1', 'C,1,1,1'];
    expect(told(findings('table', 'trailer: { starts: T, count: 2 }', ...lines))).toEqual([
      '4:- control-total records follow the trailer',
    ]);
  });

  test('that comes twice is found', () => {
    expect(told(findings('table', 'trailer: { starts: T }', HEADER, 'A,1,1,1', 'T,1', 'T,1'))).toEqual([
      '4:- control-total the trailer comes a second time',
    ]);
  });

  test('of a file that is cut off is missing, and an empty file has none either', () => {
    const expected = '-:- trailer-missing /a last record that starts with "T" the trailer record is missing';
    expect(told(findings('table', 'trailer: { starts: T }', HEADER, 'A,1,1'))).toEqual([expected]);
    expect(told(findings('table', 'trailer: { starts: T }', HEADER))).toEqual([expected]);
  });
});

describe('a sum', () => {
  test.each([
    ['{ of: Price, format: "0,00" }', ['1,50', '2,5', '-1'], '3,00'],
    ['{ of: Price, format: "0.000,00" }', ['1.234,50', '0,50'], '1.235,00'],
    ['{ of: Price, format: "0,00", stated: "0.00" }', ['1,50', '2,25'], '3.75'],
    ['Price', ['', '7', ''], '7'],
    ['Price', ['0.1', '0.2'], '0.3'],
    ['Price', ['99999999999999999999.99', '0.01'], '100000000000000000000'],
    ['Price', ['-5', '5'], '0.00'],
    ['Price', ['-0.05', '0.02'], '-0.03'],
  ])('of %s adds up exactly as the file writes its numbers: %j is %s', (of, prices, total) => {
    const rows = prices.map((price) => `A;${price}`);
    const controls = `trailer: { starts: T, sums: { 2: ${of} } }`;
    const semicolons = ['Id;Price', ...rows, `T;${total}`].map((line) => line.replaceAll(',', '\u2063'));
    // Cells of these lines are cut at the comma: the decimal comma is put back after that.
    expect(told(findingsOf(controls, semicolons))).toEqual([]);
  });

  test('that meets a value it cannot read proves nothing: the cell is named', () => {
    const controls = 'trailer: { starts: T, sums: { 2: Qty } }';
    expect(told(findings('table', controls, HEADER, 'A,1,2,1', 'A,1,two,1', 'A,1,three,1', 'T,4'))).toEqual([
      '3:Qty control-total two/ the sum of Qty of the file cannot be proved: this value is no number as the mapping declares it',
    ]);
  });

  test('that meets a record that cannot be read proves nothing: the line is named', () => {
    const check = createControlCheck(definitionOf('table', 'trailer: { starts: T, sums: { 2: Qty } }'), () => 'a.csv');
    check.header('', { columns: ['Id', 'Qty'], line: 1 });
    const issue = { code: 'bad-quote', severity: 'error', where: {}, what: '' } as const;
    check.pass([
      { seq: 0, line: 2, issues: [issue] },
      { seq: 1, line: 3, cells: ['T', '0'] },
    ]);
    expect(told(check.findings(1))).toEqual([
      '2:- control-total the sum of Qty of the file cannot be proved: this record cannot be read',
    ]);
  });

  test.each(['9'.repeat(101), `1.${'0'.repeat(200)}`, '1e3', '0x10', '５', '+3', 'NaN'])(
    'never takes %s for a number',
    (value) => {
      const lines = [HEADER, `A,1,${value},1`, `T,${value}`];
      expect(findings('table', 'trailer: { starts: T, sums: { 2: Qty } }', ...lines)).toHaveLength(1);
    },
  );
});

describe('totals that every record repeats', () => {
  const controls = 'header: { count: Rows, of: records, sums: { Total: Qty } }';

  test('agree, whether every record has them or only the first', () => {
    expect(told(findings('table', controls, 'Id,Qty,Rows,Total', 'A,2,2,5', 'B,3,2,5'))).toEqual([]);
    expect(told(findings('table', controls, 'Id,Qty,Rows,Total', 'A,2,2,5', 'B,3,,'))).toEqual([]);
  });

  test.each([
    [['A,2,2,6', 'B,3,2,6'], '2:Total control-total 6/5 the total does not agree with the sum of Qty of the file'],
    [['A,2,3,5', 'B,3,3,5'], '2:Rows control-total 3/2 the total does not agree with the records of the file'],
    [['A,2,2,5', 'B,3,2,6'], '3:Total control-total 6/5, as in line 2 the records state different totals'],
    [['A,2,2,', 'B,3,2,'], '-:Total control-total /5 the total does not agree with the sum of Qty of the file'],
  ])('do not agree: %j', (rows, expected) => {
    expect(told(findings('table', controls, 'Id,Qty,Rows,Total', ...rows))).toEqual([expected]);
  });

  test('are read in trees by their paths', () => {
    const paths = 'header: { count: batch.rows, sums: { batch.qty: "items[].qty" } }';
    const good = [
      '{"id":1,"batch":{"rows":2,"qty":6.50},"items":[{"qty":1},{"qty":2.5}]}',
      '{"id":2,"items":[{"qty":3}]}',
    ];
    expect(told(findings('tree', paths, ...good))).toEqual([]);
    expect(told(findings('tree', paths, good[0] ?? ''))).toEqual([
      '1:batch.rows control-total 2/1 the total does not agree with the records of the file',
      '1:batch.qty control-total 6.50/3.5 the total does not agree with the sum of items[].qty of the file',
    ]);
  });
});

describe('record types', () => {
  const both = [
    'trailer:',
    '  - { record: batchEnd, since: batch, count: { Lines: line }, sums: { Qty: Qty }, hash: { Hash: line.Sku } }',
    '  - { record: fileEnd, count: { Orders: documents, Lines: lines }, sums: { Qty: line.Qty } }',
  ].join('\n');
  const good = [
    'F',
    'B',
    'H,1',
    'D,10,2',
    'D,20,3',
    'E,2,5,30',
    'N,hello',
    'B',
    'H,2',
    'D,5,1.5',
    'E,1,1.5,5',
    'T,2,12,6.5',
  ];

  test('let trailers of batches and of the file count each their own', () => {
    expect(told(findings('types', both, ...good))).toEqual([]);
  });

  test('let a batch without records and a file without batches pass', () => {
    expect(told(findings('types', both, 'F', 'B', 'E,0,0,0', 'T,0,4,0'))).toEqual([]);
    expect(told(findings('types', both, 'F', 'T,0,2,0'))).toEqual([]);
  });

  const changed = (from: string, ...to: readonly string[]): string[] =>
    good.flatMap((line) => (line === from ? to : [line]));

  test.each([
    [
      'a line of a batch is gone',
      changed('D,20,3'),
      [
        '5:Lines control-total 2/1 the trailer does not agree with the "line" records of the batch',
        '5:Qty control-total 5/2 the trailer does not agree with the sum of Qty of the batch',
        '5:Hash control-total 30/10 the trailer does not agree with the hash total of line.Sku of the batch',
        '11:Lines control-total 12/11 the trailer does not agree with the lines of the file',
        '11:Qty control-total 6.5/3.5 the trailer does not agree with the sum of line.Qty of the file',
      ],
    ],
    [
      'a batch trailer is gone',
      changed('E,2,5,30'),
      [
        '2:- trailer-missing /a record of type "batchEnd" at its end the batch that begins here has no trailer',
        '11:Lines control-total 12/11 the trailer does not agree with the lines of the file',
      ],
    ],
    [
      'the trailer of the last batch is gone',
      changed('E,1,1.5,5'),
      [
        '8:- trailer-missing /a record of type "batchEnd" at its end the batch that begins here has no trailer',
        '11:Lines control-total 12/11 the trailer does not agree with the lines of the file',
      ],
    ],
    [
      'a batch trailer comes twice',
      changed('E,2,5,30', 'E,2,5,30', 'E,2,5,30'),
      [
        '7:- control-total a trailer without a batch before it',
        '13:Lines control-total 12/13 the trailer does not agree with the lines of the file',
      ],
    ],
    [
      'records stand between two batches',
      changed('N,hello', 'H,3', 'D,7,0'),
      [
        '7:- control-total records outside of a batch: no trailer counts them',
        '13:Orders control-total 2/3 the trailer does not agree with the documents of the file',
        '13:Lines control-total 12/13 the trailer does not agree with the lines of the file',
      ],
    ],
    [
      'the file is cut off',
      good.slice(0, -1),
      ['-:- trailer-missing /a last record of type "fileEnd" the trailer record is missing'],
    ],
    [
      'a batch follows the trailer of the file',
      [...good, 'B', 'E,0,0,0'],
      ['13:- control-total records follow the trailer'],
    ],
  ])('find it when %s', (_name, lines, expected) => {
    expect(told(findings('types', both, ...lines)).sort()).toEqual([...expected].sort());
  });

  const stated =
    'header:\n  - { record: file, count: { Orders: documents, Lines: line } }\n  - { record: batch, count: Orders, of: order }';

  test('state ahead what follows them', () => {
    const lines = ['F,3,2', 'B,2', 'H,1', 'D,1,1', 'H,2', 'B,1', 'H,3', 'D,1,1', 'T'];
    expect(told(findings('types', stated, ...lines))).toEqual([]);
    expect(told(findings('types', stated, ...lines.filter((line) => line !== 'H,2')))).toEqual([
      '1:Orders control-total 3/2 the record "file" does not agree with the documents of what follows it',
      '2:Orders control-total 2/1 the record "batch" does not agree with the "order" records of what follows it',
    ]);
  });

  test('find records that stand above the record that states their totals', () => {
    expect(told(findings('types', 'header: { record: batch, count: Orders, of: order }', 'H,1', 'B,1', 'H,2'))).toEqual(
      ['1:- control-total the record "batch", which states the totals, does not stand above this record'],
    );
  });

  test('count the lines of a batch without the trailer of the file', () => {
    const rules = 'trailer: { record: batchEnd, since: batch }\nheader: { record: batch, count: Orders, of: lines }';
    expect(told(findings('types', rules, 'F', 'B,4', 'H,1', 'D,1,1', 'E', 'B,2', 'E', 'T'))).toEqual([]);
  });
});

describe('a reject sheet that comes back', () => {
  const trailer = 'trailer: { starts: T, count: 2 }';

  test('is not held to the totals of the first file, and that is said', () => {
    const lines = [`${HEADER},dray_code,dray_column,dray_reason`, 'A,1,1,1,not-a-number,Qty,"not a number"'];
    expect(findings('table', trailer, ...lines)).toMatchObject([{ code: 'totals-unchecked', severity: 'warning' }]);
  });

  test('is known by its records where it has no header', () => {
    const check = createControlCheck(definitionOf('table', trailer), () => 'a.csv');
    check.pass([{ seq: 0, line: 1, cells: ['A'], isReturned: true }]);
    expect(check.isReturned).toBe(true);
    expect(check.findings(1)).toMatchObject([{ code: 'totals-unchecked' }]);
  });
});

test('of a file with many wrong batches no more is told than a person will read', () => {
  const batches = Array.from({ length: 1000 }, () => ['B', 'E,9']).flat();
  expect(findings('types', 'trailer: { record: batchEnd, since: batch, count: Lines }', ...batches)).toHaveLength(200);
});

/** Cells with decimal commas: each line is cut at semicolons. */
function findingsOf(controls: string, lines: readonly string[]): ReturnType<typeof findings> {
  const check = createControlCheck(definitionOf('table', controls), () => 'a.csv');
  const rows = lines.map((line) => line.replaceAll('\u2063', ',').split(';'));
  check.header('', { columns: rows[0] ?? [], line: 1 });
  check.pass(rows.slice(1).map((cells, seq) => ({ seq, line: seq + 2, cells })));
  return check.findings(1);
}
