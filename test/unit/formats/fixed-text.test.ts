import { performance } from 'node:perf_hooks';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { defaultLimits } from '../../../src/core/limits.ts';
import { fixed } from '../../../src/formats/fixed/fixed.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { read, readRaw, rejectSheet, said, valuesOf, type Content } from './fixed-help.ts';

const fields = { OrderNo: [1, 4], Name: [5, 6], Qty: [11, 3] };
const encode = (text: string, encoding: string): Uint8Array => createTextWriter(encoding)(text, () => '?');

describe('positions', () => {
  test('count characters, also those outside the basic plane', async () => {
    const reading = await read('A1  Zoë😀ä 12\nA2  René    7\n', { fields });
    expect(valuesOf(reading)).toEqual([
      { OrderNo: 'A1', Name: 'Zoë😀ä', Qty: '12' },
      { OrderNo: 'A2', Name: 'René', Qty: '7' },
    ]);
  });

  test.each(['utf-8', 'shift_jis', 'gb18030', 'euc-jp', 'big5'])(
    'count bytes of %s where they are counted',
    async (encoding) => {
      const bytes = encode('A1  東京     12\nA2  大  Z   7\nA3  abcdef 13\n', encoding);
      const width = Buffer.from(encode('東', encoding)).length;
      const counted = { OrderNo: [1, 4], Name: [5, 7 + 2 * (width - 1)], Qty: [12 + 2 * (width - 1), 3] };
      const reading = await read(bytes, { fields: counted, encoding, unit: 'bytes' });
      expect(valuesOf(reading)[0]).toEqual({ OrderNo: 'A1', Name: '東京', Qty: '12' });
      expect(reading.issues).toEqual([]);
    },
  );

  test('count two bytes for each character of UTF-16', async () => {
    const layout = { OrderNo: [1, 8], Qty: [9, 4] };
    const reading = await read(encode('A1  12\nÄ2   7\n', 'utf-16le'), {
      fields: layout,
      encoding: 'utf-16le',
      unit: 'bytes',
    });
    expect(valuesOf(reading)).toEqual([
      { OrderNo: 'A1', Qty: '12' },
      { OrderNo: 'Ä2', Qty: '7' },
    ]);
  });

  test('that lie inside a character are issues, and the character stands in one field only', async () => {
    const reading = await read('A1  abcdeé12\n', { fields, unit: 'bytes' });
    expect(reading.issues).toEqual(['1 wrong-length Name']);
    expect(said(reading.records[0]?.issues?.[0])).toContain('a character lies across the border of positions 5 to 10');
    expect(reading.records[0]?.cells).toEqual(['A1  ', 'abcde', 'é12']);
  });

  test('are shifted by no character when bytes are counted', async () => {
    const lines = ['A1  Müller 12', 'A2  Muller  3'].map((line) => iconv.encode(line, 'utf8'));
    const padded = lines.map((line) => line.subarray(0, line.length)).join('\n');
    const reading = await read(`${padded}\n`, { fields: { ...fields, Name: [5, 8], Qty: [13, 2] }, unit: 'bytes' });
    expect(valuesOf(reading).map(({ Qty }) => Qty)).toEqual(['12', '3']);
  });
});

describe('encodings', () => {
  test.each(['ebcdic-037', 'ebcdic-500'])(
    '%s is read in lines, and its reject sheet is written in it',
    async (encoding) => {
      const options = { fields, encoding };
      for (const [end, byte] of [
        ['nel', 0x15],
        ['lf', 0x25],
      ] as const) {
        const bytes = Buffer.from(encode('A1  Zoë!   12\nA2  [a]     x\n', encoding)).map((code) =>
          code === 0x25 ? byte : code,
        );
        const reading = await read(bytes, options);
        expect(valuesOf(reading)[1], end).toEqual({ OrderNo: 'A2', Name: '[a]', Qty: 'x' });
        expect(fixed.ending(bytes.subarray(-64), bytes.length, options)).toBe('complete');
        expect(fixed.ending(bytes.subarray(0, -1), bytes.length - 1, options)).toBe('open');
        const sheet = await rejectSheet(bytes, [1], options);
        expect(sheet.subarray(0, 13)).toEqual(Buffer.from(bytes.subarray(14, 27)));
        expect(sheet.at(-1)).toBe(byte);
        expect(valuesOf(await read(sheet, options))).toEqual([{ OrderNo: 'A2', Name: '[a]', Qty: 'x' }]);
      }
    },
  );

  test('of a byte order mark win, and the mark is no text', async () => {
    const reading = await read(Buffer.from('\ufeffA1  Zoë    12\n', 'utf16le'), { fields });
    expect(valuesOf(reading)).toEqual([{ OrderNo: 'A1', Name: 'Zoë', Qty: '12' }]);
    expect(reading.notes.map(({ code }) => code)).toEqual(['encoding-detected']);
    expect(valuesOf(await read('\ufeffA1  Zoë    12\n', { fields }))).toEqual([
      { OrderNo: 'A1', Name: 'Zoë', Qty: '12' },
    ]);
  });

  test('that are not those of the file refuse it at line and field', async () => {
    const reading = await read(iconv.encode('A1  Zoe    12\nA2  Zoë    13\n', 'windows-1252'), { fields });
    expect(reading.records).toHaveLength(1);
    expect(said(reading.refused)).toContain(
      'orders.txt line 2 column Name: byte EB is not valid utf-8. It looks like windows-1252 ("Zoë").',
    );
  });

  test('may let bad bytes stand as such', async () => {
    const bytes = iconv.encode('A1  Zoë    12\n', 'windows-1252');
    const reading = await read(bytes, { fields, onBad: 'replace' });
    expect([valuesOf(reading)[0]?.['Name'], reading.notes.map(({ code }) => code)]).toEqual([
      'Zo\ufffd',
      ['bytes-replaced'],
    ]);
  });

  test.each([
    ['a NUL', Buffer.from('A1  Zoe    12\nA2  \0'), 'contains-nul'],
    ['a workbook', Buffer.from('PK\u0003\u0004'), 'not-text'],
    ['a page', Buffer.from('<!DOCTYPE html><html>'), 'looks-like-html'],
  ])('are no excuse for %s', async (_name, bytes, code) => {
    expect((await read(bytes, { fields })).refused?.code).toBe(code);
  });
});

describe('records without line ends', () => {
  const options = { fields, lineEnds: 'none', length: 15 };
  const record = (text: string): string => text.padEnd(15);
  const content = ['A1  Zoe    12', '', 'A2  Max     7'].map(record).join('');

  test('follow one another, and are counted where lines would be', async () => {
    const reading = await read(content, options);
    expect(valuesOf(reading)).toEqual([
      { OrderNo: 'A1', Name: 'Zoe', Qty: '12' },
      { OrderNo: 'A2', Name: 'Max', Qty: '7' },
    ]);
    expect(reading.records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 1],
      [1, 3],
    ]);
    expect(reading.notes).toEqual([]);
  });

  test('are as long as the longest type when no length is given', async () => {
    const records = {
      head: { is: 'H', fields: { OrderNo: [2, 4] } },
      line: { is: 'D', fields: { Sku: [2, 6], Qty: [8, 3] } },
    };
    const reading = await read('HA1       DCAP     2HA2       ', { records, lineEnds: 'none' });
    expect(reading.records.map(({ type }) => type)).toEqual(['head', 'line', 'head']);
  });

  test('are counted in bytes', async () => {
    const bytes = Buffer.from('A1  Zoë    12  A2  Max     7  '.replace('ë ', 'ë'));
    expect(valuesOf(await read(bytes, options)).map(({ Qty }) => Qty)).toEqual(['12', '7']);
    const ebcdic = encode(content, 'ebcdic-037');
    expect(valuesOf(await read(ebcdic, { ...options, encoding: 'ebcdic-037' }))).toHaveLength(2);
  });

  test.each([
    ['\n', []],
    ['\r\n', []],
    ['\u001a', []],
  ])('may be followed by a line end or a Ctrl-Z (%j)', async (tail, issues) => {
    const reading = await read(content + tail, options);
    expect([reading.issues, reading.refused]).toEqual([issues, undefined]);
  });

  test('refuse the file where part of a record follows the last one', async () => {
    const { refused } = await read(`${content}A3  Ma`, options);
    expect(refused).toMatchObject({ code: 'file-cut-off', where: { line: 4, column: 'Name' } });
  });

  test('are complete when they fill the file', () => {
    const ending = (text: Content): string =>
      fixed.ending(Buffer.from(text).subarray(-64), Buffer.from(text).length, options);
    expect([content, `${content}\r\n`, `${content}\u001a`].map(ending)).toEqual(['complete', 'complete', 'complete']);
    expect([content.slice(0, -1), `${content}A3`, 'A'].map(ending)).toEqual(['open', 'open', 'open']);
  });

  test('that turn out to be lines refuse the file', async () => {
    const reading = await read(`${record('A1')}\n${record('A2')}\n`, options);
    expect(said(reading.refused)).toBe(
      'orders.txt line 2: a line end where a record should begin; expected records of 15 bytes. If each record is a line, set lineEnds: any.',
    );
  });

  test('that end inside a character refuse the file', async () => {
    expect((await read(`${'A1'.padEnd(14)}é${' '.repeat(14)}`, options)).refused?.code).toBe('wrong-length');
  });

  test('may have records above them that are none', async () => {
    const titled = await read(record('TITLE') + content, { ...options, header: { lines: 1 } });
    expect(titled.records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 2],
      [1, 4],
    ]);
    const [raw] = await readRaw(record('TITLE') + content, { ...options, header: { lines: 1 } });
    expect(raw?.source?.lead).toBe(record('TITLE'));
  });
});

describe('a bound', () => {
  async function* endless(text: string, pieces: number): AsyncGenerator<Uint8Array, void, void> {
    const piece = Buffer.from(text.repeat(64 * 1024));
    for (let count = 0; count < pieces; count++) yield await Promise.resolve(piece);
  }

  test('refuses a line of a gigabyte within a second, with its position', async () => {
    const start = performance.now();
    const reading = await read(endless('x', 16 * 1024), { fields });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(said(reading.refused)).toBe(
      'orders.txt line 1: the record is longer than the limit; expected at most 1048576 characters. Is this the right file? If its records have no line ends, set lineEnds: none.',
    );
  });

  test('holds for lines above the records and after good ones', async () => {
    expect((await read(endless('x', 64), { fields, header: { lines: 3 } })).refused?.code).toBe('line-too-long');
    const titles = await read(endless('title\n', 1), { fields, header: { lines: 1000 } }, { recordCharacters: 5000 });
    expect(titles.refused?.code).toBe('line-too-long');
    const reading = await read(`A1  Zoe    12\n${'x'.repeat(200)}\n`, { fields }, { recordCharacters: 100 });
    expect([reading.records.length, reading.refused?.where.line]).toEqual([1, 2]);
  });

  test('holds for values', async () => {
    const reading = await read(`A1  ${'x'.repeat(50)}\n`, { fields: { Name: [5, 50] } }, { fieldCharacters: 20 });
    expect(reading.issues).toEqual(['1 field-too-long Name']);
  });

  test('is kept to in flat memory', async () => {
    const context = { file: 'orders.txt', limits: defaultLimits };
    const line = `${'A1  Zoe    12'.padEnd(200)}\n`;
    let records = 0;
    let held = 0;
    for await (const event of fixed.read(endless(line, 4), { fields }, context)) {
      if (event.kind !== 'records') continue;
      records += event.records.length;
      held = Math.max(held, event.records.length);
    }
    expect(records).toBe(4 * 64 * 1024);
    // A block of the file at a time, whatever its size.
    expect(held).toBeLessThanOrEqual((64 * 1024) / 201 + 1);
  });
});
