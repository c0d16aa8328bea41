import { describe, expect, test } from 'vitest';

import { issueCatalogue } from '../../../src/core/issue-catalogue.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { read, readRaw, rejectSheet, valuesOf } from './fixed-help.ts';

const fields = { OrderNo: [1, 6], Qty: [7, 4], Note: [11, 5] };
const options = { fields };
const content = 'A1       2hello\r\nA2       x\r\nA3      10bye\r\n';

describe('a reject sheet', () => {
  test('holds each record as it came, with its reasons behind it', async () => {
    const sheet = await rejectSheet(content, [1, 2], options, ['not-a-number', 'Qty', 'not a number; got "x".']);
    expect(sheet.toString()).toBe(
      'A2       x      #dray not-a-number|Qty|not a number; got "x".\r\nA3      10bye   #dray not-a-number|Qty|not a number; got "x".\r\n',
    );
  });

  test('read again says what the records said, whatever the reasons', async () => {
    const sheet = await rejectSheet(content, [0, 1, 2], options, ['too-long', 'a|b\nc', 'x | y\r\nz #dray too-long|']);
    expect(sheet.toString().split('\r\n')).toHaveLength(4);
    expect(valuesOf(await read(sheet, options))).toEqual(valuesOf(await read(content, options)));
    expect((await read(sheet, options)).issues).toEqual([]);
  });

  test('keeps what stands above the records, the byte order mark too', async () => {
    const titled = { fields, header: { lines: 1 } };
    const sheet = await rejectSheet(`\ufeffTITLE\n${content}`, [1], titled);
    expect(sheet.toString()).toBe('\ufeffTITLE\nA2       x      #dray not-a-number|Qty|not a number\r\n');
    expect(valuesOf(await read(sheet, titled))).toEqual([{ OrderNo: 'A2', Qty: 'x', Note: '' }]);
  });

  test('made of a reject sheet has the new reasons alone', async () => {
    const first = await rejectSheet(content, [1, 2], options);
    const second = await rejectSheet(first, [0], options, ['too-long', 'Note', 'too long']);
    expect(second.toString()).toBe('A2       x      #dray too-long|Note|too long\r\n');
  });

  test('gives the last record the line end it lacks', async () => {
    expect((await rejectSheet('A1       2hello', [0], options)).toString()).toMatch(/not a number\r\n$/);
    expect((await rejectSheet('A1       2hello\nA2       xhello', [0, 1], options)).toString()).not.toContain('\r');
  });

  test('of records without line ends holds the records alone, and can be dropped as it is', async () => {
    const blocks = { fields, lineEnds: 'none' };
    const bytes = 'A1       2helloA2       x     A3      10bye  ';
    const sheet = await rejectSheet(bytes, [1, 2], blocks);
    expect(sheet.toString()).toBe('A2       x     A3      10bye  ');
    expect((await read(sheet, blocks)).issues).toEqual([]);
  });
});

describe('the reasons behind a short line', () => {
  const named = { fields: { OrderNo: [1, 6], SKU: [7, 6], Qty: [13, 3], Name: [16, 10] } };
  const short = 'A2    CAP   x  Bo\n';
  const reasons = ['not-a-number', 'Qty', 'not a number'];

  test('stand beyond its last field', async () => {
    const line = (await rejectSheet(short, [0], named, reasons)).toString();
    expect(line.slice(15, 25)).toBe('Bo        ');
    expect(line.slice(25)).toBe(' #dray not-a-number|Qty|not a number\n');
  });

  test('stand beyond the end of its own record type', async () => {
    const records = {
      head: { is: 'H', fields: { No: [2, 4] } },
      line: { is: 'D', fields: { No: [2, 4], Text: [6, 8] } },
    };
    const sheet = await rejectSheet('H1\nD1   ab\n', [0, 1], { records }, reasons);
    expect(
      sheet
        .toString()
        .split('\n')
        .map((line) => line.indexOf('#dray')),
    ).toEqual([6, 14, -1]);
  });

  test.each(['ebcdic-037', 'utf-16le', 'utf-16be', 'utf-8', 'shift_jis'])(
    'leave every value as it was, in %s',
    async (encoding) => {
      for (const unit of ['characters', 'bytes']) {
        const width = unit === 'bytes' && encoding.startsWith('utf-16') ? 2 : 1;
        const wide = Object.fromEntries(
          Object.entries(named.fields).map(([name, [at = 0, length = 0]]) => [
            name,
            [(at - 1) * width + 1, length * width],
          ]),
        );
        const options = { fields: wide, unit, encoding };
        const bytes = Buffer.from(createTextWriter(encoding)(short, () => '?'));
        const sheet = await rejectSheet(bytes, [0], options, reasons);
        const reading = await read(sheet, options);
        expect(reading.issues).toEqual([]);
        expect(valuesOf(reading)).toEqual(valuesOf(await read(bytes, options)));
        const asText = { fields: { ...wide, Rest: [25 * width + 1, 60 * width] }, unit, encoding };
        expect((await readRaw(sheet, asText))[0]?.text.indexOf(' #dray')).toBe(25);
      }
    },
  );

  test('follow at once where the shortness is what is wrong: blanks would make the record whole', async () => {
    const broken = 'A2    CAP   1\n';
    const right = { fields: { ...named.fields, Qty: { at: 13, length: 3, align: 'right' } } };
    for (const options of [{ ...named, short: 'reject' }, right]) {
      const sheet = await rejectSheet(broken, [0], options, ['wrong-length', 'Qty', 'too short']);
      expect((await read(sheet, options)).issues).toEqual((await read(broken, options)).issues);
      expect((await read(sheet, options)).issues).toHaveLength(1);
    }
  });
});

describe('a mended line', () => {
  const marked = (text: string, reasons = ' #dray not-a-number|Qty|not a number'): string => `${text}${reasons}\n`;

  test('may have become longer or shorter: the reasons are found where they stand', async () => {
    const reading = await read(
      marked('A2       5') + marked('A2      12hello   ') + marked('A2') + marked('A2       5', '#dray too-long||x'),
      options,
    );
    expect(reading.issues).toEqual([]);
    expect(valuesOf(reading).map(({ Qty }) => Qty)).toEqual(['5', '12', '', '5']);
  });

  test('whose values were shifted is told so by the lengths of the record, not of the reasons', async () => {
    const reading = await read(marked('A2       512345hello'), options);
    expect(reading.records[0]?.issues).toMatchObject([{ code: 'wrong-length', expected: '15 characters', got: '20' }]);
  });

  test('may have lost part of its reasons', async () => {
    const reading = await read(
      marked('A2       5hello', ' #dray not-a-number') + marked('A2       5hello', ' #dray not-a-number|'),
      options,
    );
    expect(reading.issues).toEqual([]);
  });

  test('with what is no code of ours is a record with text behind it', async () => {
    for (const text of [' #dray', ' #dray sails|a|b', ' #dray too-longish|x']) {
      expect((await read(marked('A2       5hello', text), options)).issues).toEqual(['1 wrong-length']);
    }
  });

  test('with the reasons of any code is recognised', async () => {
    const lines = Object.keys(issueCatalogue).map((code) => marked('A2       5hello', ` #dray ${code}|Qty|why`));
    expect((await read(lines.join(''), options)).issues).toEqual([]);
  });
});

describe('a record that was cut off', () => {
  test('stays refused until it is whole, however often its sheet is dropped', async () => {
    const cut = 'A1       2hello\nA2      1\n';
    const sheet = await rejectSheet(cut, [1], options, ['cut-off', 'Qty', 'the file ends inside this record']);
    const mended = (text: string): string => sheet.toString().replace('      1 #dray', `${text} #dray`);
    expect((await read(sheet, options)).issues).toEqual(['1 cut-off Qty']);
    const unended = await read(sheet.toString().trimEnd(), options);
    expect([unended.issues, unended.refused]).toEqual([['1 cut-off Qty'], undefined]);
    expect((await read(mended('      12'), options)).issues).toEqual(['1 cut-off Note']);
    expect((await read(mended('      12     '), options)).issues).toEqual([]);
    expect((await read(mended('      12hello'), options)).issues).toEqual([]);
  });

  test('leaves the other records of its document as they are', async () => {
    const sheet = await rejectSheet('A1       2\nA1      1', [0], options, [
      'cut-off',
      '',
      'Refused with document A1.',
    ]);
    expect((await read(sheet, options)).issues).toEqual([]);
  });
});

test('raw records are numbered as the records are, ignored lines too', async () => {
  const text = '* note\n\nA1       2hello\nsomething else that is too long\n';
  const some = { fields, ignore: '*' };
  expect((await readRaw(text, some)).map(({ seq, line, lineEnd }) => [seq, line, lineEnd])).toEqual([
    [0, 1, '\n'],
    [1, 3, '\n'],
    [2, 4, '\n'],
  ]);
  expect((await read(text, some)).records.map(({ seq, line }) => [seq, line])).toEqual([
    [1, 3],
    [2, 4],
  ]);
});
