import { describe, expect, test } from 'vitest';

import { readCsv, said } from './csv-help.ts';

const rows = (count: number, row: string): string => `${row}\n`.repeat(count);

describe('line ends and lead-in', () => {
  test('LF first and CRLF later leave no carriage return in a value', async () => {
    const { cells } = await readCsv('A,B\n1,2\r\n3,4\r5,6\n');
    expect(cells).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  test('a first line sep= sets the delimiter and is no header', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { columns, records, cells } = await readCsv(`sep=;${end}A;B${end}1;2${end}`, {}, {}, 1);
      expect(columns).toEqual(['A', 'B']);
      expect(cells).toEqual([['1', '2']]);
      expect(records[0]?.line).toBe(3);
    }
  });

  test('Ctrl-Z at the end and blank lines between are passed over, and lines are counted', async () => {
    const { records, notes } = await readCsv('A,B\r\n\r\n1,2\r\n  \r\n3,4\r\n\u001a');
    expect(records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 3],
      [1, 5],
    ]);
    expect(notes).toEqual([]);
  });
});

describe('limits', () => {
  test('a record that is too long is refused within the bound, complete or not', async () => {
    for (const tail of ['', '\n']) {
      const { refused, records } = await readCsv(
        `A,B\n1,2\n${','.repeat(5000)}${tail}`,
        {},
        { recordCharacters: 1000 },
      );
      expect(said(refused)).toBe(
        'orders.csv line 3: the record is longer than the limit; expected at most 1000 characters. Is a quote missing, or is this the right file?',
      );
      expect(records).toHaveLength(1);
    }
  });

  test('an endless line does not fill the memory', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, void> {
      for (;;) {
        given += 65_536;
        yield await Promise.resolve(Buffer.alloc(65_536, ','));
      }
    }
    const { csv } = await import('../../../src/formats/csv/csv.ts');
    const { defaultLimits } = await import('../../../src/core/limits.ts');
    for await (const event of csv.read(endless(), {}, { file: 'x', limits: defaultLimits }))
      expect(event.kind).toBe('refused');
    expect(given).toBeLessThan(2 * defaultLimits.recordCharacters);
  });

  test('too long a value is an issue of its record', async () => {
    const { records, refused } = await readCsv(`A,B\n1,${'x'.repeat(101)}\n2,3\n`, {}, { fieldCharacters: 100 });
    expect(refused).toBeUndefined();
    expect(records[0]?.issues?.[0]).toMatchObject({ code: 'field-too-long', where: { line: 2, column: 'B' } });
    expect(records[1]?.issues).toBeUndefined();
  });

  test('too many columns refuse the file', async () => {
    const { refused } = await readCsv('A,B,C,D\n', {}, { columns: 3 });
    expect(said(refused)).toBe('orders.csv line 1: more columns than the limit; expected at most 3 columns, got "4".');
  });
});

describe('quotes', () => {
  test('a quote that is never closed is named where it was opened', async () => {
    const body = `A,B,Name\n1,2,x\n3,"y\nz",w\n4,5,"open\n${rows(9000, '6,7,8')}`;
    const { refused, records } = await readCsv(body);
    expect(said(refused)).toBe(
      'orders.csv line 5 column Name: a quote is opened here and never closed. Close it, or double it if it belongs to the text.',
    );
    expect(records).toHaveLength(2);
  });

  test('also when the limit of a record is met first', async () => {
    const { refused } = await readCsv(`A,B\n1,"open\n${rows(9000, '6,7')}`, {}, { recordCharacters: 10_000 });
    expect(refused).toMatchObject({ code: 'quote-not-closed', where: { line: 2, column: 'B' } });
  });

  test('in the header and without one, the column goes by number', async () => {
    expect((await readCsv('A,"B\n1,2\n')).refused?.where).toEqual({ file: 'orders.csv', line: 1, column: '2' });
    const headerless = await readCsv('1,"2\n', { columns: { names: ['A', 'B'] } });
    expect(headerless.refused?.where.column).toBe('B');
  });

  test('a stray quote costs its own record only, which keeps what stands before it', async () => {
    const { records, cells } = await readCsv('A,B\n1,x\n2,5" pipe\n3,"a" b\n4,y\n');
    expect(cells).toEqual([['1', 'x'], ['2'], ['3'], ['4', 'y']]);
    expect(said(records[1]?.issues?.[0])).toBe(
      'orders.csv line 3 column B: a quote inside an unquoted value; got "5" pipe". Write "5"" pipe", or set quote: none if quotes mean nothing in these files.',
    );
    expect(said(records[2]?.issues?.[0])).toMatch(
      /^orders.csv line 4 column B: text after a closing quote; got ""a" b"\./,
    );
  });

  test('quote: none reads quotes as text', async () => {
    expect((await readCsv('A,B\n1,5" pipe\n"2,"\n', { quote: 'none' })).cells).toEqual([
      ['1', '5" pipe'],
      ['"2', '"'],
    ]);
  });

  test('another escape', async () => {
    expect((await readCsv('A;B\n"x \\"y\\"";"a;b"\n', { delimiter: ';', escape: '\\' })).cells).toEqual([
      ['x "y"', 'a;b'],
    ]);
    expect((await readCsv('A,B\n1,"x \\"y\\" z"\n')).issues[0]?.hint).toContain('escape: "\\\\"');
  });

  test('a space around quotes is named as what is wrong', async () => {
    const hint = (place: string): string =>
      `Remove the space ${place} the quote, or set trim: true if these files are written so.`;
    expect((await readCsv('A,B\n1, "x"\n')).issues[0]?.hint).toBe(hint('before'));
    expect((await readCsv('A,B\n1,"x" \n')).issues[0]?.hint).toBe(hint('after'));
  });

  test('a bad quote in the header refuses the file', async () => {
    expect((await readCsv('A,B"C\n1,2\n')).refused).toMatchObject({
      code: 'bad-quote',
      where: { line: 1, column: '2' },
    });
  });
});

describe('columns', () => {
  test('another number of values is an issue of the record, with a guess', async () => {
    const { records } = await readCsv('A,B,C\n1,12 Main St, Apt 4,3\n1,2\n1,2,3,4\n4,5,6\n');
    expect(records.map(({ issues }) => issues?.map(said) ?? [])).toEqual([
      [
        'orders.csv line 2: the number of values differs from the number of columns; expected 3 values, one per column, got "4". Is there an unquoted comma in "12 Main St, Apt 4"? Put the value in quotes.',
      ],
      [
        'orders.csv line 3: the number of values differs from the number of columns; expected 3 values, one per column, got "2". Add the missing delimiters; a value with a line break in it must be quoted.',
      ],
      [
        'orders.csv line 4: the number of values differs from the number of columns; expected 3 values, one per column, got "4". Is there an unquoted comma in a value? Put that value in quotes.',
      ],
      [],
    ]);
  });

  test('when most of the first records differ, the file is refused', async () => {
    const { refused, records } = await readCsv(`A,B\n${rows(30, '1,2,3')}`);
    expect(refused?.code).toBe('wrong-delimiter');
    expect(records).toEqual([]);
    expect((await readCsv(`A,B\n${rows(10, '1,2,3')}${rows(10, '1,2')}`)).refused).toBeUndefined();
  });

  test.each([';', '\t', '|'])('a header that %j would split is refused with that name', async (delimiter) => {
    const { refused } = await readCsv(`OrderNo${delimiter}Qty${delimiter}"Name, first"\n1${delimiter}2${delimiter}x\n`);
    expect(refused?.code).toBe('wrong-delimiter');
    expect(refused?.hint).toContain(delimiter === '\t' ? String.raw`"\t"` : delimiter);
  });

  test('a table of one column is a table', async () => {
    expect((await readCsv('OrderNo\nA1\n""\nA2\n')).cells).toEqual([['A1'], [''], ['A2']]);
  });

  test('duplicate, empty, odd and prototype names are handed on as they are, without their outer space', async () => {
    const { columns, cells } = await readCsv(' Qty ,Qty,,"Ship\nTo",__proto__,constructor,toString\n1,2,3,4,5,6,7\n');
    expect(columns).toEqual(['Qty', 'Qty', '', 'Ship\nTo', '__proto__', 'constructor', 'toString']);
    expect(cells).toEqual([['1', '2', '3', '4', '5', '6', '7']]);
  });

  test('the header again is skipped, said, and takes a number', async () => {
    const { records, events } = await readCsv('A,B\n1,2\nA, B\n3,4\n');
    expect(records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 2],
      [2, 4],
    ]);
    const ignored = events.find((event) => event.kind === 'ignored');
    expect(ignored?.records).toBe(1);
    expect(said(ignored?.issue)).toBe('orders.csv line 3: the header again; line skipped.');
    expect(events.map(({ kind }) => kind)).toEqual(['header', 'records', 'ignored', 'records']);
  });
});

describe('a file without a header', () => {
  const options = { columns: { names: ['OrderNo', 'Qty'] } };

  test('takes its names from the mapping', async () => {
    const { columns, records } = await readCsv('A1,2\nB1,3\n', options);
    expect(columns).toEqual(['OrderNo', 'Qty']);
    expect(records.map(({ seq, line, cells }) => [seq, line, cells])).toEqual([
      [0, 1, ['A1', '2']],
      [1, 2, ['B1', '3']],
    ]);
  });

  test('gives back a mended row of a reject sheet without its reasons', async () => {
    const { cells, issues } = await readCsv(
      'A1,2,not-a-number,Qty,why\nB1,3,Qty,my-code,why\nC1,4,Qty,too-long,why\n',
      options,
    );
    expect([cells[0], cells[2]]).toEqual([
      ['A1', '2'],
      ['C1', '4'],
    ]);
    expect(issues.map(({ code, where }) => [code, where.line])).toEqual([['wrong-column-count', 2]]);
  });

  test('is empty without records', async () => {
    expect(said((await readCsv('\n', options)).refused)).toContain('expected records');
  });
});
