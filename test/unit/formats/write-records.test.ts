import { describe, expect, test } from 'vitest';
import type { FileFacts, FormatOptions } from '../../../src/core/format.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { required } from '../inbound/support.ts';
import { collect, each } from './csv-help.ts';

const columns = ['Sku', 'Name', 'Qty'];
const rows = [
  ['A1', 'Bolt', '10.50'],
  ['A2', 'Łódź – ß', '-3.5'],
];

const facts = (hasEmptyTrailer = true): FileFacts => ({
  hasEmptyTrailer,
  fill: (place) =>
    ({ 'seq:6': '000007', 'date:yyyyMMdd': '20260504', site: 'BER', document: '{rows}' })[place] ?? `?${place}`,
});

async function write(name: string, options: FormatOptions, given = rows, known = facts()): Promise<string> {
  const format = required(formats.get(name));
  expect(format.check?.('write', options, columns) ?? []).toEqual([]);
  return (await collect(format.write(each(given), columns, options, known))).toString();
}

const findings = (name: string, options: FormatOptions, row: readonly string[]): string[] =>
  required(required(formats.get(name)).rowCheck)(columns, options)(row).map(({ code, column }) => `${code} ${column}`);

const wrong = (name: string, options: FormatOptions): string[] =>
  (required(formats.get(name)).check?.('write', options, columns) ?? []).map(
    ({ code, path, what }) => `${code} ${path.join('.')}: ${String(what)}`,
  );

describe('records around the rows', () => {
  const records = {
    header: ['H', '{date:yyyyMMdd}', '{seq:6}', '{site}'],
    trailer: ['T', '{rows}', '{records:4}', '{sum:Qty}'],
  };

  test('of CSV stand above the names and below the rows, with exact sums', async () => {
    expect(await write('csv', { records, lineEnd: 'lf' })).toBe(
      'H,20260504,000007,BER\nSku,Name,Qty\nA1,Bolt,10.50\nA2,Łódź – ß,-3.5\nT,2,0004,7.00\n',
    );
  });

  test('count and add beyond what a binary number holds', async () => {
    const many = [
      ['A', '', '9007199254740993.1'],
      ['B', '', '0.05'],
      ['C', '', ''],
    ];
    const text = await write('csv', { records, header: false, lineEnd: 'lf' }, many);
    expect(text.split('\n').at(-2)).toBe('T,3,0005,9007199254740993.15');
  });

  test('of a file without rows are left out where only its header is wanted', async () => {
    const options = { records, header: false, lineEnd: 'lf' };
    expect(await write('csv', options, [], facts(false))).toBe('H,20260504,000007,BER\n');
    expect(await write('csv', options, [], facts(true))).toBe('H,20260504,000007,BER\nT,0,0002,0\n');
  });

  test('take a value with braces as it is', async () => {
    const text = await write('csv', { records: { header: ['{document}'] }, header: false, lineEnd: 'lf' }, []);
    expect(text).toBe('{rows}\n');
  });

  test('of fixed width have fields of their own and the length of the others', async () => {
    const options = {
      fields: { Sku: 5, Name: 10, Qty: { length: 8, align: 'right' } },
      transliterate: 'latin',
      encoding: 'windows-1252',
      lineEnd: 'lf',
      records: {
        header: { Type: { length: 1, value: 'H' }, Number: { at: 11, length: 6, value: '{seq:6}' } },
        trailer: {
          Type: { length: 1, value: 'T' },
          Count: { length: 6, pad: '0', value: '{rows}' },
          Sum: { length: 12, pad: '0', value: '{sum:Qty}' },
        },
      },
    };
    const bytes = await collect(required(formats.get('fixed')).write(each(rows), columns, options, facts()));
    // In windows-1252 the dash is 96.
    expect(bytes.toString('latin1').split('\n')).toEqual([
      'H         000007       ',
      'A1   Bolt         10.50',
      'A2   Lódz \u0096 ß      -3.5',
      'T000002000000007.00    ',
      '',
    ]);
  });

  test('of JSON are members beside the array, totals as numbers', async () => {
    const options = {
      wrap: 'Stock',
      indent: 0,
      records: { header: { File: '{seq:6}' }, trailer: { Count: '{rows}', Sum: '{sum:Qty}' } },
    };
    expect(JSON.parse(await write('json', options))).toEqual({
      File: '000007',
      Stock: rows.map(([Sku, Name, Qty]) => ({ Sku, Name, Qty })),
      Count: 2,
      Sum: 7,
    });
    expect(wrong('json', { records: { trailer: { Count: '{rows}' } } })).toEqual([
      'missing-key records: a bare array has no place for a header or a trailer',
    ]);
    expect(
      wrong('json', { wrap: 'A.B', records: { header: { B: 'x', C: 'y' }, trailer: { C: 'z', A: 'a' } } }),
    ).toEqual([
      'wrong-value records.header.B: another member of the object has this name',
      'wrong-value records.trailer.C: another member of the object has this name',
    ]);
  });

  test('of NDJSON are lines', async () => {
    const options = { records: { header: { File: '{seq:6}' }, trailer: { Count: '{rows}' } } };
    const lines = (await write('ndjson', options)).trim().split('\n');
    expect([lines[0], lines.at(-1), lines.length]).toEqual(['{"File": "000007"}', '{"Count": 2}', 4]);
  });

  test('of a workbook are rows, read again as they are', async () => {
    const xlsx = required(formats.get('xlsx'));
    const bytes = await collect(xlsx.write(each(rows), columns, { records }, facts()));
    const file = { [Symbol.asyncIterator]: () => each([bytes])[Symbol.asyncIterator]() };
    const events = await Array.fromAsync(xlsx.read(file, {}, { file: 'f', limits: defaultLimits }));
    const cells = events.flatMap((event) => (event.kind === 'records' ? event.records : []));
    expect(cells.map((record) => ('cells' in record ? record.cells.join() : ''))).toEqual([
      'Sku,Name,Qty,',
      'A1,Bolt,10.50,',
      'A2,Łódź – ß,-3.5,',
      // A number cell holds a number.
      'T,2,0004,7',
    ]);
  });

  test('that cannot be are told where they stand', () => {
    expect(wrong('csv', { records: { header: ['{rows}'], trailer: ['{sum:Qt}', '{when}', '{rows'] } })).toEqual([
      'bad-template records.header.0: totals are known at the end only',
      'bad-template records.trailer.0: no column is called "Qt"',
      expect.stringContaining('bad-template records.trailer.1: {when} is no place'),
      'bad-template records.trailer.2: a brace without its partner',
    ]);
  });
});

describe('values', () => {
  test('are spelt with the characters of the encoding where that is declared, and are an issue otherwise', async () => {
    const narrow = { encoding: 'windows-1252', header: false, lineEnd: 'lf' };
    expect(findings('csv', narrow, rows[1] ?? [])).toEqual(['not-allowed Name']);
    expect(findings('csv', { ...narrow, transliterate: 'latin' }, rows[1] ?? [])).toEqual([]);
    expect(findings('csv', { ...narrow, replacement: '?' }, rows[1] ?? [])).toEqual([]);
    expect(
      await write('csv', { ascii: true, transliterate: 'german', header: false, lineEnd: 'lf' }, [
        ['1', 'Müßig Žižka – “x”', '2'],
      ]),
    ).toBe('1,"Muessig Zizka - ""x""",2\n');
    expect(findings('csv', { ascii: true, transliterate: 'latin' }, ['', '日本', ''])).toEqual(['not-allowed Name']);
  });

  test('too long are an issue, or cut where that is declared', async () => {
    const limit = { lengths: { Name: 3 }, header: false, lineEnd: 'lf' };
    expect(findings('csv', limit, ['', 'Bolt', ''])).toEqual(['too-long Name']);
    const cut = { lengths: { Name: { length: 3, overflow: 'cut' } }, header: true, lineEnd: 'lf' };
    expect(await write('csv', cut, [['1', '😀😀😀😀', '2']])).toBe('Sku,Name,Qty\n1,😀😀😀,2\n');
    expect(wrong('csv', { numbers: ['Qty'], lengths: { Qty: { length: 3, overflow: 'cut' } } })).toEqual([
      'wrong-value lengths.Qty: a number that is cut is another number',
    ]);
    const fields = { Sku: 2, Name: 3, Qty: 4 };
    expect(findings('fixed', { fields }, ['A', 'Bolt', '1'])).toEqual(['too-long Name']);
    expect(findings('xlsx', { lengths: { Name: 3 } }, ['', 'Bolt', ''])).toEqual(['too-long Name']);
    expect(findings('json', { lengths: { Name: 3 } }, ['', 'Bolt', ''])).toEqual(['too-long Name']);
  });

  test('that are numbers have the decimal mark of the file, sums too', async () => {
    const options = {
      delimiter: ';',
      numbers: ['Qty'],
      decimalMark: ',',
      header: false,
      lineEnd: 'lf',
      records: { trailer: ['T', '{sum:Qty}'] },
    };
    expect(await write('csv', options)).toBe('A1;Bolt;10,50\nA2;Łódź – ß;-3,5\nT;7,00\n');
    expect(findings('csv', options, ['', '', '1,5'])).toEqual(['not-a-number Qty']);
    expect(findings('csv', { records: { trailer: ['{sum:Qty}'] } }, ['', '', 'two'])).toEqual(['not-a-number Qty']);
    expect(findings('json', { numbers: ['Qty'] }, ['', '', '1,5'])).toEqual(['not-a-number Qty']);
  });

  test('that a spreadsheet would run are guarded for people and untouched for machines', async () => {
    const risky = [
      ['=1+1', '+49 30 1234', '-5'],
      ['@x', '-2+3', '-1.5'],
      ['-AB-1', '\tx', '7'],
    ];
    const options = { header: false, lineEnd: 'lf', numbers: ['Qty'], decimalMark: ',' };
    expect(await write('csv', { ...options, for: 'people' }, risky)).toBe(
      `'=1+1,'+49 30 1234,-5\n'@x,'-2+3,"-1,5"\n-AB-1,'\tx,7\n`,
    );
    expect(await write('csv', options, risky)).toBe(`=1+1,+49 30 1234,-5\n@x,-2+3,"-1,5"\n-AB-1,\tx,7\n`);
  });

  test('without quotes that would be misread are an issue of their row', () => {
    expect(findings('csv', { quote: 'none' }, ['a,b', 'x', '1'])).toEqual(['not-allowed Sku']);
  });
});
