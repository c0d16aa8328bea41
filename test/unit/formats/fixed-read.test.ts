import { describe, expect, test } from 'vitest';

import { read, readRaw, said, valuesOf } from './fixed-help.ts';

const fields = { OrderNo: [1, 6], Qty: [7, 4], Note: [11, 5] };

describe('a layout', () => {
  test('gives every field the text at its positions', async () => {
    const reading = await read('A1       2hello\nA2      10bye  \n', { fields });
    expect(reading.columns).toEqual({ '': ['OrderNo', 'Qty', 'Note'] });
    expect(reading.records).toEqual([
      { seq: 0, line: 1, cells: ['A1    ', '   2', 'hello'] },
      { seq: 1, line: 2, cells: ['A2    ', '  10', 'bye  '] },
    ]);
    expect(reading.notes).toEqual([]);
  });

  test('keeps the zeros of an identifier, and takes padding away only where it is declared', async () => {
    const padded = {
      Sku: [1, 6],
      Qty: { at: 7, length: 6, pad: '0' },
      Name: { at: 13, length: 6, pad: 'x', align: 'left' },
      Ref: { at: 19, length: 5, pad: '-', align: 'right' },
    };
    const lines = [
      '001200000012abxxxx---R1',
      '000000000000xxxxxx-----',
      '00x1  000.50       ---  ',
      '      -00012xaxbxx--a-b',
    ];
    const reading = await read(`${lines.join('\n')}\n`, { fields: padded });
    expect(valuesOf(reading).map((record) => Object.values(record))).toEqual([
      ['001200', '12', 'ab', 'R1'],
      ['000000', '0', '', ''],
      ['00x1', '0.50', '', ''],
      ['', '-12', 'xaxb', 'a-b'],
    ]);
  });

  test('takes a field inside another, and fields in any order', async () => {
    const nested = { Year: [1, 4], Date: [1, 8], Kind: [9, 1] };
    expect(valuesOf(await read('20260504X\n', { fields: nested }))).toEqual([
      { Year: '2026', Date: '20260504', Kind: 'X' },
    ]);
  });
});

describe('lines', () => {
  test('end in CRLF, LF or CR; blank ones are none but count', async () => {
    const reading = await read('A1       2\r\n\r\n     \rA2       3\n\nA3       4\n', { fields });
    expect(reading.records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 1],
      [1, 4],
      [2, 6],
    ]);
  });

  test('may lack the blanks that editors cut off', async () => {
    const reading = await read('A1       2\nA2\n', { fields });
    expect([valuesOf(reading), reading.issues]).toEqual([
      [
        { OrderNo: 'A1', Qty: '2', Note: '' },
        { OrderNo: 'A2', Qty: '', Note: '' },
      ],
      [],
    ]);
  });

  test('that are short are issues where the mapping says so, with both lengths', async () => {
    const reading = await read('A1       2hello\nA2      10\n', { fields, short: 'reject' });
    expect(said(reading.records[1]?.issues?.[0])).toBe(
      'orders.txt line 2: the line is shorter than its record; expected 15 characters, got "10". Fill it up with blanks; if editors cut them off, set short: pad.',
    );
  });

  test('that break off inside a number aligned right are issues', async () => {
    const aligned = { ...fields, Qty: { at: 7, length: 4, align: 'right' } };
    const reading = await read('A1      12\nA1      1\nA1    \n', { fields: aligned });
    expect(reading.issues).toEqual(['2 wrong-length Qty']);
    expect(said(reading.records[1]?.issues?.[0])).toContain('expected 10 characters up to the end of Qty, got "9"');
  });

  test('may go on with blanks, and not with text', async () => {
    const reading = await read('A1       2hello   \nA2       3hello, you\n', { fields });
    expect(reading.issues).toEqual(['2 wrong-length']);
    expect(said(reading.records[1]?.issues?.[0])).toBe(
      'orders.txt line 2: the line is longer than its record; expected 15 characters, got "20". Was a value made longer? Take out as many blanks behind it as were put in. Too much is ", you".',
    );
    expect((await read('A1       2hello   \n', { fields, long: 'reject' })).issues).toEqual(['1 wrong-length']);
    expect((await read('A1       2hello, you\n', { fields, length: 20 })).issues).toEqual([]);
  });

  test('with a tab are issues at the field it stands in, unless tabs are kept', async () => {
    const content = 'A1\t2\nA2       3a\tb\n';
    const reading = await read(content, { fields });
    expect(reading.issues).toEqual(['1 tab-inside OrderNo', '2 tab-inside Note']);
    expect(said(reading.records[0]?.issues?.[0])).toContain('a tab at position 3 moves what follows');
    expect((await read(content, { fields, tabs: 'keep' })).issues).toEqual([]);
  });

  test('above the records are no records, and are kept for the reject sheet', async () => {
    const content = 'EXPORT 2026\r\n\r\nA1       2\r\n';
    expect((await read(content, { fields, header: { lines: 2 } })).records).toMatchObject([{ seq: 0, line: 3 }]);
    const [raw] = await readRaw(content, { fields, header: { lines: 2 } });
    expect(raw).toMatchObject({ seq: 0, line: 3, source: { lead: 'EXPORT 2026\r\n\r\n' } });
  });

  test('that the mapping ignores are counted and named once', async () => {
    const reading = await read('* by hand\nA1       2\n* again\nTotal   1\nA2       3\n', {
      fields,
      ignore: ['*', 'Total'],
    });
    expect(reading.records.map(({ seq, line }) => [seq, line])).toEqual([
      [1, 2],
      [4, 5],
    ]);
    expect(reading.events.filter(({ kind }) => kind === 'ignored')).toMatchObject([{ records: 3 }]);
    expect(reading.notes.map(said)).toEqual(['orders.txt line 1: 3 lines that begin with "*" or "Total"; skipped.']);
  });
});

describe('the end of a file', () => {
  test('is taken for cut off where the last record is short and has no line end', async () => {
    const reading = await read('A1       2hello\nA2      1', { fields });
    expect(reading.refused).toMatchObject({ code: 'file-cut-off', where: { line: 2, column: 'Qty' } });
    expect(reading.issues).toEqual([]);
    expect((await read('A1       2hello\nA2      10hello', { fields })).issues).toEqual([]);
  });

  test('may be a Ctrl-Z', async () => {
    for (const tail of ['\u001a', '\u001a\u001a\u001a']) {
      expect((await read(`A1       2hello\n${tail}`, { fields })).records).toHaveLength(1);
      expect((await read(`A1       2hello${tail}`, { fields })).records[0]?.cells?.[2]).toBe('hello');
    }
  });

  test('comes too early when there is no record', async () => {
    for (const content of ['', '\n\n', '   \r\n']) {
      expect((await read(content, { fields })).refused?.code).toBe('empty-file');
    }
    const titled = await read('EXPORT\n', { fields, header: { lines: 1 } });
    expect([titled.refused, titled.notes.map(({ code }) => code)]).toEqual([undefined, ['no-records']]);
    expect((await read('', { fields, header: { lines: 1 } })).refused?.code).toBe('empty-file');
  });
});

describe('record types', () => {
  const records = {
    order: { is: 'H', fields: { OrderNo: [2, 6] } },
    note: { is: ['D', { at: 8, text: 'TX' }], fields: { Text: [10, 20] } },
    line: { is: 'D', fields: { Sku: [2, 6], Qty: [8, 4] } },
    end: { is: 'T', role: 'trailer' },
  };

  test('are told by their signs, the first that fits', async () => {
    const reading = await read('HA1\nDCAP      2\nD      TXby sea\nT0003\n', { records });
    expect(reading.columns).toEqual({ order: ['OrderNo'], note: ['Text'], line: ['Sku', 'Qty'], end: [] });
    expect(reading.records.map(({ type, cells }) => [type, cells?.map((cell) => cell.trim())])).toEqual([
      ['order', ['A1']],
      ['line', ['CAP', '2']],
      ['note', ['by sea']],
      ['end', ['T0003']],
    ]);
  });

  test('that nobody declared are issues that say what was expected', async () => {
    const reading = await read('HA1\nX what is this\n', { records });
    expect(reading.records[1]?.type).toBeUndefined();
    expect(said(reading.records[1]?.issues?.[0])).toBe(
      'orders.txt line 2: no record type of the mapping fits this record; expected order ("H") or note ("D", "TX" at 8) or line ("D") or end ("T"), got "X what is this". Is it damaged? Otherwise declare its type under read.records.',
    );
  });

  test('have lengths of their own', async () => {
    const own = { ...records, order: { ...records.order, length: 40 } };
    expect(
      (await read(`HA1${' '.repeat(10)}text of no field\nDCAP      2too much\n`, { records: own })).issues,
    ).toEqual(['2 wrong-length']);
  });
});

describe('a file as a whole', () => {
  const good = 'A1       2hello\n'.repeat(10);

  test('is refused when most of its first records do not fit the layout', async () => {
    const reading = await read(good + 'order no. A1, two pieces\n'.repeat(11), { fields });
    expect(said(reading.refused)).toBe(
      'orders.txt line 1: 11 of the first 21 records do not fit the layout; expected records as the mapping says. Is this the right file? Otherwise mend the layout in the mapping.',
    );
    expect((await read(good + 'order no. A1, two pieces\n'.repeat(9), { fields })).refused).toBeUndefined();
  });

  test('is not refused for that when it is a reject sheet, which holds nothing but bad records', async () => {
    const marked = 'order no. A1, two pieces #dray wrong-length||the line is longer\n'.repeat(30);
    const reading = await read(marked, { fields });
    expect([reading.refused, reading.issues.length]).toEqual([undefined, 30]);
  });
});
