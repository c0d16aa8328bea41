import iconv from 'iconv-lite';
import { expect, test } from 'vitest';

import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { readCsv, readRaw, rejectSheet } from './csv-help.ts';

test('raw records carry the numbers, lines, texts and line ends of the file', async () => {
  const raw = await readRaw('A,B\r\n\r\n1,"x\ny"\nA,B\r\n2,3');
  expect(raw.map(({ seq, line, text, lineEnd }) => ({ seq, line, text, lineEnd }))).toEqual([
    { seq: -1, line: 1, text: 'A,B', lineEnd: '\r\n' },
    { seq: 0, line: 3, text: '1,"x\ny"', lineEnd: '\n' },
    { seq: 1, line: 5, text: 'A,B', lineEnd: '\r\n' },
    { seq: 2, line: 6, text: '2,3', lineEnd: '' },
  ]);
  expect((await readRaw('1,2\n', { columns: { names: ['A', 'B'] } })).map(({ seq }) => seq)).toEqual([0]);
});

test('refused records stand as they came, padded so that reasons stand under their names', async () => {
  const content = 'A, B ,C\r\n1,"x, y",z\r\n4\r\n5,6" pipe,7\n8,9,10,11\r\n12,"two\r\nlines",13';
  expect((await rejectSheet(content, [0, 1, 2, 3, 4])).toString()).toBe(
    [
      'A, B ,C,dray column,dray code,dray message\r\n',
      '1,"x, y",z,"E","bad-quote","why"\r\n',
      '4,,,"E","bad-quote","why"\r\n',
      '5,6" pipe,7,"E","bad-quote","why"\n',
      '8,9,10,11,"E","bad-quote","why"\r\n',
      '12,"two\r\nlines",13,"E","bad-quote","why"\r\n',
    ].join(''),
  );
});

test('reasons are quoted, on one line, and run no formula', async () => {
  const sheet = await rejectSheet('A\n1\n', [0], {}, ['=1+1', 'say "no"\r\nnow', '-5']);
  expect(sheet.toString()).toBe('A,dray column,dray code,dray message\n1,"\'=1+1","say ""no"" now","-5"\n');
});

test('without a quote character, reasons lose their delimiters', async () => {
  const sheet = await rejectSheet('A,B\n1,2\n', [0], { quote: 'none' }, ['a,b', 'c', 'd "e"']);
  expect(sheet.toString()).toContain('1,2,a b,c,d "e"\n');
});

test('a byte order mark and a sep= line come back too', async () => {
  const sheet = await rejectSheet('\ufeffsep=;\r\nA;B\r\n1;2\r\n', [0]);
  expect(sheet.toString()).toBe(
    '\ufeffsep=;\r\nA;B;dray column;dray code;dray message\r\n1;2;"E";"bad-quote";"why"\r\n',
  );
});

test.each(['utf-16le', 'utf-16be'])('%s known by its byte order mark is written as it came', async (encoding) => {
  const sheet = await rejectSheet(iconv.encode('\ufeffName\r\nRené\r\n', encoding), [0]);
  const text = '\ufeffName,dray column,dray code,dray message\r\nRené,"E","bad-quote","why"\r\n';
  expect(sheet).toEqual(iconv.encode(text, encoding));
});

test('a narrow encoding keeps its bytes; what it lacks in a reason becomes a question mark', async () => {
  const content = Buffer.concat([Buffer.from('Name\n'), Buffer.from([0xe9, 0x81, 0x80]), Buffer.from('\n')]);
  const sheet = await rejectSheet(content, [0], { encoding: 'windows-1252' }, ['ł', 'é', '€']);
  expect(sheet.subarray(sheet.indexOf(0x0a) + 1)).toEqual(
    Buffer.concat([Buffer.from([0xe9, 0x81, 0x80]), iconv.encode(',"?","é","€"\n', 'windows-1252')]),
  );
});

test.each([
  [0x15, 'NEL'],
  [0x25, 'LF'],
])('EBCDIC comes back with the line end %i (%s) it came with', async (lineEnd) => {
  const ebcdic = (text: string): Buffer => {
    const bytes = createTextWriter('ebcdic-037')(text, (character) => {
      throw new RangeError(character);
    });
    return Buffer.from(bytes.map((byte) => (byte === 0x25 ? lineEnd : byte)));
  };
  const sheet = await rejectSheet(ebcdic('A,B\n1,Ü\n'), [0], { encoding: 'ebcdic-037' }, ['E', 'x', 'ł']);
  expect(sheet).toEqual(ebcdic('A,B,dray column,dray code,dray message\n1,Ü,"E","x","?"\n'));
});

test('bytes that were no text stand as U+FFFD, or as a question mark where the encoding has no such character', async () => {
  const utf8 = Buffer.concat([Buffer.from('A,B\n1,x'), Buffer.from([0xe9]), Buffer.from('\n')]);
  expect((await rejectSheet(utf8, [0], { onBad: 'replace' })).toString()).toContain('1,x\ufffd,"E"');
  const narrow = Buffer.concat([Buffer.from('A,B\n1,x'), Buffer.from([0x81, 0xdc]), Buffer.from('\n')]);
  const sheet = await rejectSheet(narrow, [0], { encoding: 'windows-1253', onBad: 'replace' });
  expect(sheet.toString('latin1')).toContain('1,x\u0081\u00dc,"E"');
  const missing = Buffer.concat([Buffer.from('A,B\n1,x'), Buffer.from([0xd2]), Buffer.from('\n')]);
  expect(
    (await rejectSheet(missing, [0], { encoding: 'windows-1253', onBad: 'replace' })).toString('latin1'),
  ).toContain('1,x?,"E"');
});

test('a mended sheet reads like the file it came from, and its reasons are replaced when it is refused again', async () => {
  const first = await rejectSheet('A,B\n1,2\n3\n', [0, 1]);
  const { columns, cells } = await readCsv(first);
  expect(columns).toEqual(['A', 'B', 'dray column', 'dray code', 'dray message']);
  expect(cells[1]).toEqual(['3', '', 'E', 'bad-quote', 'why']);
  const second = await rejectSheet(first, [1], {}, ['F', 'too-long', 'other']);
  expect(second.toString()).toBe('A,B,dray column,dray code,dray message\n3,,"F","too-long","other"\n');
});

test('the sheet of a file without a header has none, and can be dropped again', async () => {
  const options = { columns: { names: ['A', 'B'] } };
  const sheet = await rejectSheet('1,2\n3,4\n', [1], options);
  expect(sheet.toString()).toBe('3,4,"E","bad-quote","why"\n');
  expect((await readCsv(sheet, options)).cells).toEqual([['3', '4']]);
  expect((await rejectSheet(sheet, [0], options, ['F', 'too-long', 'w'])).toString()).toBe('3,4,"F","too-long","w"\n');
});

test('without quotes a reason holds no delimiter, whatever that is', async () => {
  const options = { quote: 'none', delimiter: ' ' };
  const sheet = await rejectSheet('A B\n1 2\n', [0], options, ['A', 'bad-quote', 'not this']);
  expect(sheet.toString()).toBe('A B dray_column dray_code dray_message\n1 2 A bad-quote not_this\n');
  expect((await readCsv(sheet, options)).issues).toEqual([]);
});

test('no rows, no bytes', async () => {
  expect(await rejectSheet('', [])).toHaveLength(0);
});
