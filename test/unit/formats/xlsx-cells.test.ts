import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberText } from '../../../src/formats/xlsx/number-text.ts';
import { parseNumberFormat } from '../../../src/formats/xlsx/number-format.ts';
import { dateText, serialOf } from '../../../src/formats/xlsx/serial-date.ts';
import { makeWorkbook, row, type Made } from '../../support/workbook.ts';
import { readWorkbook } from './xlsx-help.ts';

/** The text of one cell, or what is said of it. */
async function cell(xml: string, more: Omit<Made, 'sheets'> = {}): Promise<string> {
  const sheet = row(1, ['Value', 'Other']) + row(2, [xml, 'x']);
  const { records, refused, issues } = await readWorkbook(await makeWorkbook({ sheets: { Orders: sheet }, ...more }));
  if (refused !== undefined) return `refused: ${refused.what}`;
  return issues[0] ?? records[0]?.cells?.[0] ?? 'nothing';
}

const number = (stored: string, format: number | string, properties?: string): Promise<string> =>
  cell(`<c s="1"><v>${stored}</v></c>`, { formats: [0, format], ...(properties === undefined ? {} : { properties }) });

describe('numbers', () => {
  test.each([
    ['987654321', '987654321'],
    ['0.30000000000000004', '0.3'],
    ['1.1000000000000001', '1.1'],
    ['2.9999999999999996', '3'],
    ['1000.5577', '1000.5577'],
    ['1E+300', `1${'0'.repeat(300)}`],
    ['9.8765432100000003E8', '987654321'],
    ['1.23E-7', '0.000000123'],
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['1234567890123456.7', '1234567890123460'],
    ['00042', '42'],
    ['-0', '0'],
    ['-0.50', '-0.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+7', '7'],
  ])('%s becomes %s', (stored, text) => expect(numberText(stored)).toBe(text));

  test.each(['', 'abc', '1,5', '1e', '--1', '0x10', 'NaN', 'INF', '１', '9'.repeat(400)])('%s is none', (stored) =>
    expect(numberText(stored)).toBeUndefined(),
  );

  test('a number of up to 15 digits comes out digit by digit, however a program stored it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999, max: 999_999_999 }),
        fc.integer({ min: 0, max: 6 }),
        (units, places) => {
          const digits = String(Math.abs(units)).padStart(places + 1, '0');
          const plain = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
          const exact = `${units < 0 ? '-' : ''}${plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain}`;
          expect(numberText(`${units < 0 ? '-' : ''}${plain}`)).toBe(exact);
          expect(numberText(Number(exact).toPrecision(17))).toBe(exact);
          expect(numberText(Number(exact).toExponential())).toBe(exact);
        },
      ),
    );
  });

  test.each(['3.4012345678901E+17', '340123456789012345', '1E+15', '-1234567890123456', '1234567890123456.7'])(
    'of more than 15 digits before the point is named: the spreadsheet did not keep it (%s)',
    async (stored) => {
      const told = `orders.xlsx sheet Orders cell A2 column Value: a spreadsheet keeps 15 digits of a number, and this one is longer; got "${stored}". Format the column as text and enter all digits again.`;
      expect(await cell(`<c><v>${stored}</v></c>`)).toBe(told);
      expect(await number(stored, '0'.repeat(18))).toBe(told);
    },
  );

  test('of 15 digits is kept', async () => {
    expect(await cell('<c><v>1.23456789012345E+14</v></c>')).toBe('123456789012345');
    expect(await cell('<c><v>0.30000000000000004</v></c>')).toBe('0.3');
    expect(await cell('<c t="str"><v>340123456789012345</v></c>')).toBe('340123456789012345');
  });

  test('a cell that shows few digits gives all of them', async () => {
    expect(await number('987654321', '0.00E+00')).toBe('987654321');
    expect(await number('0.155', 10)).toBe('0.155');
    expect(await number('1234.5', '#,##0.00 "days"')).toBe('1234.5');
  });

  test('a format of zeros alone gives an identifier back the zeros it lost', async () => {
    expect(await number('7102', '00000')).toBe('07102');
    expect(await number('123456', '00000')).toBe('123456');
    expect(await number('-5', '000')).toBe('-5');
    expect(await number('1.5', '000')).toBe('1.5');
    expect(await number('7', '0')).toBe('7');
    expect(await number('7', '00.00')).toBe('7');
  });

  test('a cell of numbers that holds none is named', async () => {
    expect(await cell('<c><v>12x</v></c>')).toMatch(/sheet Orders cell A2 column Value: not a number; got "12x"/);
  });
});

describe('dates', () => {
  test.each([
    ['39045', 14, '2006-11-24'],
    ['42736.5', 22, '2017-01-01T12:00:00'],
    ['42736', 22, '2017-01-01T00:00:00'],
    ['42736.5', 14, '2017-01-01T12:00:00'],
    ['0.5', 20, '12:00:00'],
    ['0.99999999999', 21, '1900-01-01T00:00:00'],
    ['45000.524259259255', 'yyyy\\-mm\\-dd hh:mm:ss', '2023-03-15T12:34:56'],
    ['45000.52425927', 'd.m.yy h:mm', '2023-03-15T12:34:56.001'],
    ['1.5', '[h]:mm:ss', '36:00:00'],
    ['1', 14, '1900-01-01'],
    ['59', 14, '1900-02-28'],
    ['61', 14, '1900-03-01'],
    ['2958465', 14, '9999-12-31'],
    ['39045', '[$-407]DD.MM.YYYY', '2006-11-24'],
    ['39045', '[$-409]d\\-mmm\\-yy;@', '2006-11-24'],
    ['39045', 27, '2006-11-24'],
    ['39045', '"Year" 0', '39045'],
    ['39045', '[Red]0;[Blue]\\-0', '39045'],
  ] as const)('%s shown as %s is %s', async (stored, format, text) => expect(await number(stored, format)).toBe(text));

  test.each(['0', '60', '-1', '2958466', '1E+9'])('%s is no day, and its cell is named', async (stored) => {
    expect(await number(stored, 14)).toMatch(
      /cell A2 column Value: the cell is formatted as a date, and its number is none/,
    );
  });

  test('count from 1904 where the workbook says so', async () => {
    expect(await number('0', 14, 'date1904="1"')).toBe('1904-01-01');
    expect(await number('37583', 14, 'date1904="true"')).toBe('2006-11-24');
    expect(await number('60', 14, 'date1904="1"')).toBe('1904-03-01');
  });

  test('written as ISO text in a cell of dates stay that day, without a zone', async () => {
    const iso = (text: string): Promise<string> => cell(`<c t="d" s="1"><v>${text}</v></c>`, { formats: [0, 14] });
    expect(await iso('2006-11-24T00:00:00Z')).toBe('2006-11-24');
    expect(await iso('2006-11-24')).toBe('2006-11-24');
    expect(await iso('2006-11-24T13:30:00.500')).toBe('2006-11-24T13:30:00.5');
  });

  test('every day there is goes into a sheet and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 2_958_465 }), fc.integer({ min: 1, max: 86_399_999 }), (day, ms) => {
        const date = dateText(day, false, false) ?? '';
        expect(serialOf(date)).toBe(String(day));
        const time = new Date(ms)
          .toISOString()
          .slice(11, 23)
          .replace(/\.000$/, '');
        expect(dateText(Number(serialOf(`${date}T${time}`)), false, true)).toBe(`${date}T${time}`);
      }),
    );
  });

  test.each(['2026-02-30', '1900-02-28', '0099-01-01', '2026-05-04T25:00:00', '2026-05-04T10:00:00Z', 'soon'])(
    '%s has no place in a sheet',
    (text) => expect(serialOf(text)).toBeUndefined(),
  );

  test.each([
    ['General', 'number'],
    ['GENERAL', 'number'],
    ['0.00E+00', 'number'],
    ['#,##0.00\\ [$€-407]', 'number'],
    ['@', 'number'],
    ['mm:ss', 'time'],
    ['[mm]:ss', 'duration'],
    ['mmm', 'date'],
    ['h "Uhr"', 'time'],
    ['[$-411]ggge"年"m"月"d"日"', 'date'],
  ])('the format %s means a %s', (code, kind) => expect(parseNumberFormat(code).kind).toBe(kind));
});

describe('text', () => {
  const shared = (item: string): Promise<string> => cell('<c t="s"><v>0</v></c>', { strings: [item] });

  test('stays as it is', async () => {
    expect(await shared('<t>001</t>')).toBe('001');
    expect(await shared('<t xml:space="preserve"> a\n</t>')).toBe(' a\n');
    expect(await shared('<t>\n  a b\n</t>')).toBe('a b');
    expect(await shared('<t>\u00a0a</t>')).toBe('\u00a0a');
    expect(await shared('<t>=1+1 &lt;&amp;&#x1F600;<![CDATA[ <x> ]]></t>')).toBe('=1+1 <&😀 <x>');
    expect(await cell('<c t="inlineStr"><is><t>0012</t></is></c>')).toBe('0012');
  });

  test('of several runs is joined, readings of Asian characters left out', async () => {
    const runs =
      '<r><rPr><b/></rPr><t>課</t></r><rPh sb="0" eb="1"><t>カ</t></rPh><r><t xml:space="preserve"> 長</t></r>';
    expect(await shared(`${runs}<phoneticPr fontId="1"/>`)).toBe('課 長');
    expect(await cell(`<c t="inlineStr"><is>${runs}</is></c>`)).toBe('課 長');
  });

  test('has its escaped characters back', async () => {
    expect(await shared('<t>a_x000D_\nb_x005F_x000D_</t>')).toBe('a\r\nb_x000D_');
    expect(await shared('<t>_xD83D__xDE00_ _x12_ _xzzzz_</t>')).toBe('😀 _x12_ _xzzzz_');
  });

  test('of a number that is not in the list makes the workbook a damaged one', async () => {
    expect(await cell('<c t="s"><v>7</v></c>', { strings: ['<t>a</t>'] })).toMatch(/^refused: the workbook is damaged/);
    expect(await cell('<c t="s"><v></v></c>', { strings: ['<t>a</t>'] })).toBe('');
  });
});

describe('other cells', () => {
  test('booleans become words', async () => {
    expect(await cell('<c t="b"><v>1</v></c>')).toBe('true');
    expect(await cell('<c t="b"><v>0</v></c>')).toBe('false');
    expect(await cell('<c t="b"><v>FALSE</v></c>')).toBe('false');
    expect(await cell('<c t="b"><v>yes</v></c>')).toMatch(/cell A2 column Value: neither true nor false; got "yes"/);
  });

  test('formulas give the value that was calculated', async () => {
    expect(await cell('<c><f>1+1</f><v>2</v></c>')).toBe('2');
    expect(await cell('<c t="str"><f>A1</f><v> 0012 </v></c>')).toBe(' 0012 ');
    expect(await cell('<c t="str"><f>A9</f><v></v></c>')).toBe('');
  });

  test('a formula without its value is named, not taken for an empty cell', async () => {
    for (const xml of ['<c><f>1+1</f></c>', '<c><f>1+1</f><v/></c>', '<c t="str"><f>A1</f></c>']) {
      expect(await cell(xml)).toMatch(
        /sheet Orders cell A2 column Value: a formula whose result is not in the file\. Open/,
      );
    }
  });

  test('errors are named with what the cell shows', async () => {
    expect(await cell('<c t="e"><f>B9</f><v>#REF!</v></c>')).toMatch(
      /cell A2 column Value: a spreadsheet error instead of a value; got "#REF!"/,
    );
  });

  test('a value longer than the limit is named', async () => {
    const sheet = row(1, ['Value']) + row(2, ['x'.repeat(101)]);
    const { issues } = await readWorkbook(await makeWorkbook({ sheets: { A: sheet } }), {}, { fieldCharacters: 100 });
    expect(issues[0]).toMatch(/cell A2 column Value: the value is longer than the limit; expected at most 100/);
  });
});
