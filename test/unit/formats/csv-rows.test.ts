import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { readCsv, rejectSheet, said } from './csv-help.ts';

describe('ragged rows', () => {
  const content = 'A,B,C\n1,2\n1,2,3,, \n1,2,3,4\n\n"",,\n1,2,3\n';

  test.each([
    [{}, ['2 2', '3 5', '4 4']],
    [{ ragged: 'reject' }, ['2 2', '3 5', '4 4']],
    [{ ragged: 'pad' }, ['3 5', '4 4']],
    [{ ragged: 'trim' }, ['2 2', '4 4']],
    [{ ragged: ['pad', 'trim'] }, ['4 4']],
  ])('%j', async (options, expected) => {
    const { issues, records } = await readCsv(content, options);
    expect(issues.map(({ where, got, code }) => [code, `${where.line} ${got}`])).toEqual(
      expected.map((text) => ['wrong-column-count', text]),
    );
    const bad = new Set(issues.map(({ where }) => where.line));
    for (const { line, cells } of records) if (!bad.has(line)) expect(cells).toHaveLength(3);
  });

  test('are not filled up where the file may have been cut off', async () => {
    const { issues } = await readCsv('A,B,C\n1,2\n3,4', { ragged: 'pad' });
    expect(issues.map(said)).toEqual([
      'orders.csv line 3: the number of values differs from the number of columns; expected 3 values, one per column, got "2". The file ends here without a line end: is it cut off? Otherwise add the missing delimiters.',
    ]);
  });

  test('stand in a reject sheet so that their reasons are under their names', async () => {
    const options = { ragged: ['pad', 'trim'] };
    const sheet = await rejectSheet(content, [0, 1, 2], options);
    expect(sheet.toString()).toBe(
      [
        'A,B,C,dray column,dray code,dray message',
        '1,2,,"E","bad-quote","why"',
        '1,2,3,"E","bad-quote","why"',
        '1,2,3,4,"E","bad-quote","why"\n',
      ].join('\n'),
    );
    const { issues } = await readCsv(sheet, options);
    expect(issues.map(({ where }) => where.line)).toEqual([4]);
  });

  test('that are most of a short file are told one by one and as a whole', async () => {
    const { records, issues, notes, refused } = await readCsv('A,B\n1,2,3\n1,2,3\n1,2\n');
    expect([records.length, issues.length, refused]).toEqual([3, 2, undefined]);
    expect(notes.map((note) => [note.severity, said(note)])).toEqual([
      [
        'warning',
        'orders.csv line 2: 2 of all 3 records do not have as many values as there are columns; expected 2 values in most records. Is the delimiter right, and is the first line the header?',
      ],
    ]);
    expect((await readCsv('A,B\n1,2,3\n')).notes).toEqual([]);
    expect((await readCsv('A,B\n1,2,3\n1,2\n')).notes).toEqual([]);
  });
});

describe('white space around values', () => {
  const content = 'A, B ,"C"\n1 , "x, ""y""" ,  z\t\n "two\nlines" ,"" , \n';

  test('goes where that is declared, and stays inside quotes', async () => {
    for (const size of [1, 1000]) {
      const { cells, columns, issues } = await readCsv(content, { trim: true }, {}, size);
      expect(columns).toEqual(['A', 'B', 'C']);
      expect(cells).toEqual([
        ['1', 'x, "y"', 'z'],
        ['two\nlines', '', ''],
      ]);
      expect(issues).toEqual([]);
    }
    expect((await readCsv('A;B\n" x ";y\n', { trim: true, delimiter: ';' })).cells).toEqual([[' x ', 'y']]);
  });

  test('is no delimiter, and the delimiter no white space', async () => {
    expect((await readCsv('A\tB\tC\n1\t "x\ty" \t\n', { trim: true, delimiter: '\t' })).cells).toEqual([
      ['1', 'x\ty', ''],
    ]);
  });

  test('does not hide what is wrong with quotes', async () => {
    const { issues } = await readCsv('A,B\n1, "x" y\n2, z" \n', { trim: true });
    expect(issues.map(({ what, where }) => [where.line, where.column, what])).toEqual([
      [2, 'B', 'text after a closing quote'],
      [3, 'B', 'a quote inside an unquoted value'],
    ]);
  });

  test('between two quotes makes no value of them', async () => {
    const { issues, cells } = await readCsv('A,B\n"" "x",1\n"a"" ""b",2\n1,"" "\n2,y\n', { trim: true });
    expect(issues.map(({ code, where }) => [code, where.line])).toEqual([
      ['bad-quote', 2],
      ['bad-quote', 4],
    ]);
    expect([cells[1], cells[3]]).toEqual([
      ['a" "b', '2'],
      ['2', 'y'],
    ]);
  });

  test('comes back in a reject sheet as it stood', async () => {
    const sheet = await rejectSheet(content, [0, 1], { trim: true });
    expect(sheet.toString()).toContain('1 , "x, ""y""" ,  z\t,"E"');
    expect(sheet.toString()).toContain(' "two\nlines" ,"" , ,"E"');
  });
});

describe('record types', () => {
  const options = {
    records: {
      order: { is: 'H', columns: ['Type', 'OrderNo', 'Customer'] },
      line: { is: ['D', { at: 3, text: 'A' }], columns: ['Type', 'SKU', 'Class', 'Qty'] },
      other: { is: 'D', role: 'ignore' },
      trailer: { is: 'T', role: 'trailer', columns: ['Type', 'Count'] },
    },
  };
  const content = 'H,1,ACME\n D ,x,A,5\nD,y,B,6,7,8\nD,z,A\nX,1\nT,4\n';

  test('are told by their values, with their own columns and widths', async () => {
    for (const size of [1, 1000]) {
      const { events, records } = await readCsv(content, options, {}, size);
      expect(events.filter(({ kind }) => kind === 'header')).toEqual([
        { kind: 'header', type: 'order', line: 1, columns: ['Type', 'OrderNo', 'Customer'] },
        { kind: 'header', type: 'line', line: 1, columns: ['Type', 'SKU', 'Class', 'Qty'] },
        { kind: 'header', type: 'other', line: 1, columns: [] },
        { kind: 'header', type: 'trailer', line: 1, columns: ['Type', 'Count'] },
      ]);
      expect(records.map(({ seq, line, type, issues }) => [seq, line, type, issues?.map(said)])).toEqual([
        [0, 1, 'order', undefined],
        [1, 2, 'line', undefined],
        [2, 3, 'other', undefined],
        [
          3,
          4,
          'line',
          [
            'orders.csv line 4: the number of values differs from the number of columns; expected 4 values, one per column, got "3". Add the missing delimiters; a value with a line break in it must be quoted.',
          ],
        ],
        [
          4,
          5,
          undefined,
          [
            'orders.csv line 5: no record type of the mapping fits this record; expected "H" as the first value, or "D" as the first value and "A" as value 3, or "D" as the first value, or "T" as the first value, got "X,1". Is it damaged? Otherwise declare its type under read.records.',
          ],
        ],
        [5, 6, 'trailer', undefined],
      ]);
    }
  });

  test('may be padded like other rows', async () => {
    const { cells, issues } = await readCsv(content, { ...options, ragged: 'pad' });
    expect(cells[3]).toEqual(['D', 'z', 'A', '']);
    expect(issues.map(({ code }) => code)).toEqual(['unknown-record-type']);
  });

  test('come back in a reject sheet without a header, each as wide as its type', async () => {
    const sheet = await rejectSheet(content, [0, 2, 3, 4], options, ['too-long', 'Qty', 'why']);
    expect(sheet.toString()).toBe(
      [
        'H,1,ACME,"too-long","Qty","why"',
        'D,y,B,6,7,8,"too-long","Qty","why"',
        'D,z,A,,"too-long","Qty","why"',
        'X,1,"too-long","Qty","why"\n',
      ].join('\n'),
    );
    const again = await readCsv(sheet.toString().replace('D,z,A,,', 'D,z,A,9,').replace('X,1,', 'T,1,'), options);
    expect(again.issues).toEqual([]);
    expect(again.records.map(({ type, cells }) => [type, cells?.slice(0, 4)])).toEqual([
      ['order', ['H', '1', 'ACME']],
      ['other', ['D', 'y', 'B', '6']],
      ['line', ['D', 'z', 'A', '9']],
      ['trailer', ['T', '1']],
    ]);
    const second = await rejectSheet(sheet, [2, 3], options, ['missing-value', 'SKU', 'x']);
    expect(second.toString()).toBe('D,z,A,,"missing-value","SKU","x"\nX,1,"missing-value","SKU","x"\n');
  });

  test('that fit nothing refuse the file when they are most of it', async () => {
    const { refused } = await readCsv('Z,1\n'.repeat(30), options);
    expect(refused).toMatchObject({ code: 'wrong-delimiter', expected: 'most records as the mapping says' });
    expect((await readCsv('', options)).refused?.expected).toBe('records');
  });

  test('of a file nobody here made', async () => {
    const folder = join(import.meta.dirname, '../../support/testdata/fixed-width');
    const golden = JSON.parse(readFileSync(join(folder, 'csv-h-d.golden.json.txt')).toString()) as {
      RawRecord: string;
    }[];
    const { records, issues } = await readCsv(readFileSync(join(folder, 'csv-h-d.input.csv')), {
      records: {
        wire: { is: 'H', columns: ['T', 'WIRE_NUM', 'DATE', 'TIME'] },
        item: { is: 'D', columns: ['T', 'W', 'ITEM_ID', 'N', 'DESTINATION', 'EVENT_LOCATION', 'EVENT_CODE'] },
      },
    });
    expect(issues).toEqual([]);
    const expected = golden.flatMap(({ RawRecord }) => {
      const { D: items, ...wire } = JSON.parse(RawRecord) as { D: Record<string, string>[] } & Record<string, unknown>;
      return [
        ['wire', wire['WIRE_NUM'], wire['DATE'], wire['TIME']],
        ...items.map((item) => [
          'item',
          item['ITEM_ID'],
          item['DESTINATION'],
          item['EVENT_LOCATION'],
          item['EVENT_CODE'],
        ]),
      ];
    });
    expect(
      records.map(({ type, cells = [] }) => [
        type,
        ...(type === 'wire' ? cells.slice(1) : [cells[2], ...cells.slice(4)]),
      ]),
    ).toEqual(expected);
  });
});

describe('a last record without its line end', () => {
  test('that has too few values refuses the file: it is cut off', async () => {
    const { refused, issues } = await readCsv('Id,Sku,Qty\n1,A,2\n2,B');
    expect(refused).toMatchObject({ code: 'file-cut-off', where: { line: 3 } });
    expect([said(refused), issues]).toEqual([
      'orders.csv line 3: the file ends in the middle of this record; expected 3 values, one per column, got "2". The file is cut off: export it again, or write it under a temporary name and rename it.',
      [],
    ]);
  });

  test('whose quotes make no sense refuses the file', async () => {
    const { refused } = await readCsv('Id,Sku\n1,A\n2,"B" x');
    expect(refused).toMatchObject({ code: 'file-cut-off', where: { line: 3, column: 'Sku' } });
  });

  test.each([
    ['complete', 'Id,Sku\n1,A\n2,B', {}],
    ['trimmed as declared', 'Id,Sku\n1,A\n2,B,,', { ragged: 'trim' }],
    ['of a reject sheet', 'Id,Sku\n1,A\n2,B,not-a-number,Sku,why', {}],
  ])('is a notice when it is %s', async (_name, text, options) => {
    const { refused, issues, notes } = await readCsv(text, options);
    expect([refused, issues, notes.map(({ code }) => code)]).toEqual([undefined, [], ['no-final-newline']]);
  });

  test('that has too many values is wrong by itself: no cut adds any', async () => {
    const { refused, issues } = await readCsv('Id,Sku\n1,A\n2,B,C');
    expect([refused, issues.map(({ code }) => code)]).toEqual([undefined, ['wrong-column-count']]);
  });
});

test("a spreadsheet's formula that keeps zeros is called by its name", async () => {
  const { issues } = await readCsv('Id,Zip\n1,="01067"\n');
  expect(issues.map(said)).toEqual([
    'orders.csv line 2 column Zip: a spreadsheet formula that keeps zeros; got "="01067"". Write 01067 without the equals sign and the quotes.',
  ]);
});

test('a delimiter that nobody can see is set in the mapping, not in a line of the file', async () => {
  const { refused } = await readCsv('Id\tSku\tQty\n1\tA\t2\n');
  expect(said(refused)).toContain(String.raw`set delimiter: "\t" in the mapping`);
  expect(said(refused)).not.toContain('sep=');
});
