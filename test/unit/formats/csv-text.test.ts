import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { defaultLimits } from '../../../src/core/limits.ts';
import { csv } from '../../../src/formats/csv/csv.ts';
import { encodings } from '../../../src/formats/text/encodings.ts';
import { collect, each, inPieces, readCsv, said } from './csv-help.ts';

describe('the end of a file', () => {
  test('a last line without its line end is read and named', async () => {
    const { cells, notes } = await readCsv('OrderNo,Qty\nA,250\nB,25');
    expect(cells).toEqual([
      ['A', '250'],
      ['B', '25'],
    ]);
    expect(notes.map(said)).toEqual([
      'orders.csv line 3: the file does not end with a line end; it may be cut off. Write the file under a temporary name and rename it, or end it with a line end.',
    ]);
  });

  test.each([
    ['a,b\r\n', 'complete'],
    ['a,b\n', 'complete'],
    ['a,b\r', 'complete'],
    ['a,b\r\n\u001a', 'complete'],
    ['a,b\r\n\u001a\r\n', 'complete'],
    ['a,b', 'open'],
    ['', 'empty'],
  ])('%j is %s', (text, ending) => {
    expect(csv.ending(Buffer.from(text).subarray(-64), text.length, {})).toBe(ending);
  });

  test('EBCDIC ends with any of its line ends', () => {
    for (const end of [0x15, 0x25, 0x0d]) {
      expect(csv.ending(Uint8Array.of(0xc1, end), 2, { encoding: 'ebcdic-500' })).toBe('complete');
      expect(csv.ending(Uint8Array.of(0xc1, end, 0x3f), 3, { encoding: 'ebcdic-500' })).toBe('complete');
    }
    expect(csv.ending(Uint8Array.of(0x15, 0xc1), 2, { encoding: 'ebcdic-500' })).toBe('open');
  });

  test('a line of nothing but Ctrl-Z is an end mark, wherever files were joined', async () => {
    const { cells, issues } = await readCsv('A,B\r\n1,2\r\n\u001a\r\n3,4\r\n\u001a\r\n');
    expect([cells, issues]).toEqual([
      [
        ['1', '2'],
        ['3', '4'],
      ],
      [],
    ]);
  });

  test.each(['utf-16le', 'utf-16be'])('%s ends with a whole line end, declared or not', (encoding) => {
    const bytes = (text: string): Buffer => iconv.encode(text, encoding);
    for (const options of [{ encoding }, {}]) {
      expect(csv.ending(bytes('a\r\n'), 6, options)).toBe('complete');
      expect(csv.ending(bytes('a\n\u001a'), 6, options)).toBe('complete');
      expect(csv.ending(bytes('ab'), 4, options)).toBe('open');
    }
    // U+0A0D and U+0D0A hold both bytes and are no line end.
    expect(csv.ending(bytes('a\u0a0d'), 4, { encoding })).toBe('open');
  });
});

describe('files with nothing in them', () => {
  test.each(['', '\r\n\r\n  \n', '\ufeff', 'sep=;\r\n'])('%j is refused as empty', async (text) => {
    expect(said((await readCsv(text)).refused)).toMatch(/^orders.csv: empty file; expected a header line/);
  });

  test('a header alone is noted', async () => {
    const { columns, notes, refused } = await readCsv('OrderNo,Qty\n');
    expect(columns).toEqual(['OrderNo', 'Qty']);
    expect(notes.map(said)).toEqual(['orders.csv: header found, no records.']);
    expect(refused).toBeUndefined();
  });
});

describe('files that are no CSV', () => {
  test.each([
    ['PK\u0003\u0004rest', /Excel workbook or another zip archive/],
    ['%PDF-1.7', /PDF document/],
  ])('%j is refused for what it is', async (text, message) => {
    const { refused, events } = await readCsv(text);
    expect(refused?.code).toBe('not-text');
    expect(said(refused)).toMatch(message);
    expect(events).toHaveLength(1);
  });

  test.each([
    [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], /PNG/],
    [[0x1f, 0x8b, 0x08], /gzip/],
    [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], /OLE/],
  ])('%j is refused for what it is', async (bytes, message) => {
    expect(said((await readCsv(Uint8Array.from(bytes))).refused)).toMatch(message);
  });

  test.each(['<!DOCTYPE html><p>', '\r\n <html lang="en">', '\ufeff<HTML>'])('%j is refused as HTML', async (text) => {
    const { refused } = await readCsv(text);
    expect(refused?.code).toBe('looks-like-html');
    expect(said(refused)).toContain('got "<');
  });

  test('the source is closed when the file is refused at once', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Uint8Array, void, void> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(70_000, '%PDF-'));
      } finally {
        isClosed = true;
      }
    }
    for await (const event of csv.read(
      source(),
      {},
      {
        file: 'x',
        limits: { ...defaultLimits, recordCharacters: 9 },
      },
    )) {
      expect(event.kind).toBe('refused');
    }
    expect(isClosed).toBe(true);
  });
});

describe('encodings', () => {
  test('a UTF-8 byte order mark is dropped without a word', async () => {
    const { columns, notes } = await readCsv('\ufeffOrderNo,Qty\nA,1\n');
    expect(columns).toEqual(['OrderNo', 'Qty']);
    expect(notes).toEqual([]);
  });

  test.each(['utf-16le', 'utf-16be'])('%s is read by its byte order mark, and said', async (encoding) => {
    const { cells, notes } = await readCsv(iconv.encode('\ufeffName\r\nRené 🚚\r\n', encoding), {}, {}, 1);
    expect(cells).toEqual([['René 🚚']]);
    expect(said(notes[0])).toContain(`read as ${encoding.toUpperCase()} because of its byte order mark`);
    const declared = await readCsv(iconv.encode('\ufeffName\r\nRené\r\n', encoding), { encoding });
    expect(declared.notes).toEqual([]);
  });

  test('UTF-16 without a byte order mark is refused with its name', async () => {
    const { refused } = await readCsv(iconv.encode('OrderNo,Qty\r\nA,1\r\n', 'utf-16le'));
    expect(said(refused)).toBe(
      'orders.csv line 1 column 1: every second byte is zero; this is UTF-16. Save the file as CSV UTF-8, or set encoding: utf-16le in the mapping.',
    );
    expect((await readCsv(iconv.encode('OrderNo,Qty\r\nA,1\r\n', 'utf-16be'))).refused?.hint).toBe(
      'Save the file as CSV UTF-8, or set encoding: utf-16be in the mapping.',
    );
  });

  test('a NUL is located', async () => {
    const { refused, records } = await readCsv('OrderNo,Name\nA,x\nB,a\0b\n');
    expect(refused).toMatchObject({ code: 'contains-nul', where: { line: 3, column: 'Name' } });
    expect(records).toHaveLength(1);
  });

  test('windows-1252 under UTF-8 is refused at the byte, with the encoding that fits', async () => {
    const content = iconv.encode(
      'OrderNo,ShipName\r\nA,"two\r\nlines"\r\nB,Café René Paris\r\nC,Ü\r\n',
      'windows-1252',
    );
    for (const size of [1, 7, 64_000]) {
      const { refused, cells } = await readCsv(content, {}, {}, size);
      expect(cells).toEqual([['A', 'two\r\nlines']]);
      expect(said(refused)).toBe(
        'orders.csv line 4 column ShipName: byte E9 is not valid utf-8. It looks like windows-1252 ("Café"). Save the file as CSV UTF-8, or set encoding: windows-1252 in the mapping.',
      );
    }
    expect((await readCsv(content, { encoding: 'windows-1252' })).cells.at(-1)).toEqual(['C', 'Ü']);
  });

  test('bytes that no usual encoding has are not explained away', async () => {
    const content = Buffer.concat([Buffer.from('Name\nx'), Buffer.from([0xff, 0x81, 0x0a])]);
    expect((await readCsv(content)).refused?.hint).not.toContain('windows-1252');
  });

  test('a bad byte far into a file is found where it is', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `A${index},René\n`);
    const content = Buffer.concat([
      Buffer.from(`OrderNo,Name\n${lines.join('')}`),
      Buffer.from([0x41, 0x2c, 0xc3]),
      Buffer.from('\nB,y\n'),
    ]);
    const { refused, records } = await readCsv(content);
    expect(refused).toMatchObject({ code: 'invalid-encoding', where: { line: 20_002, column: 'Name' } });
    expect(records).toHaveLength(20_000);
  });

  test('a file that stops inside a character is refused there', async () => {
    const { refused } = await readCsv(Buffer.concat([Buffer.from('Name\nAn\nRen'), Buffer.from([0xc3])]));
    expect(refused).toMatchObject({ code: 'invalid-encoding', where: { line: 3 }, what: 'byte C3 is not valid utf-8' });
  });

  test.each(encodings)('%s writes what it reads, in pieces of any size', async (encoding) => {
    const text =
      {
        shift_jis: '配送',
        'euc-jp': '配送',
        big5: '物流',
        gb18030: '物流𠮷',
        'euc-kr': '배송',
        'windows-1251': 'Доставка',
        'koi8-r': 'Доставка',
      }[encoding as string] ?? 'Ort';
    const bytes = await collect(csv.write(each([[text, '1']]), ['Name', 'Qty'], { encoding }));
    expect((await readCsv(bytes, { encoding }, {}, 1)).cells).toEqual([[text, '1']]);
  });

  test.each(encodings.filter((name) => !/^(utf|shift|euc|gb|big|ebcdic)/.test(name)))(
    'all bytes of %s come back as they were',
    async (encoding) => {
      const bytes = Buffer.from(
        Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => ![0, 10, 13, 26, 34, 44].includes(byte)),
      );
      const content = Buffer.concat([Buffer.from('A,B\n'), bytes, Buffer.from(',1\n')]);
      const { refused, cells } = await readCsv(content, { encoding });
      // Some code pages leave bytes undefined.
      if (refused !== undefined) expect(refused.code).toBe('invalid-encoding');
      else
        expect(await collect(csv.write(each([cells[0] ?? []]), ['A', 'B'], { encoding, lineEnd: 'lf' }))).toEqual(
          content,
        );
    },
  );

  test('a byte order mark inside the text is text', async () => {
    expect((await readCsv('A,B\n\ufeffx,1\n')).cells).toEqual([['\ufeffx', '1']]);
  });

  test('pieces of bytes are joined to blocks without loss', async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => [`A${index}`, 'é']);
    const content = `K,V\n${rows.map((row) => row.join(',')).join('\n')}\n`;
    for (const size of [1000, 65_537, 10_000_000]) expect((await readCsv(content, {}, {}, size)).cells).toEqual(rows);
    expect(await Array.fromAsync(inPieces('abc', 2))).toHaveLength(2);
  });
});
