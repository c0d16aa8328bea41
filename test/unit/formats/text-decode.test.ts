import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import { decode } from '../../../src/formats/text/decode.ts';
import { tailText } from '../../../src/formats/text/ending.ts';
import type { TextOptions } from '../../../src/formats/text/options.ts';
import { inPieces, type Content } from './csv-help.ts';

interface Reading {
  readonly encoding: string | undefined;
  readonly hasMark: boolean;
  readonly text: string;
  readonly notices: readonly string[];
  readonly refused: Issue | undefined;
}

async function read(content: Content, options: Partial<TextOptions> = {}, size = 64 * 1024): Promise<Reading> {
  const events = await Array.fromAsync(
    decode(
      inPieces(content, size),
      { encoding: 'utf-8', onBad: 'fail', ...options },
      { file: 'a.txt', called: 'JSON' },
    ),
  );
  const first = events.find((event) => event.kind === 'encoding');
  const text = events.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('');
  const last = events.find((event) => event.kind === 'refused');
  if (last !== undefined) expect(events.at(-1)).toBe(last);
  return {
    encoding: first?.encoding,
    hasMark: first?.hasMark === true,
    text,
    notices: events.flatMap((event) => (event.kind === 'notice' ? [describeIssue(event.issue)] : [])),
    refused: last?.issueAt({ file: 'a.txt', line: 1 + text.split('\n').length - 1 }),
  };
}

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('what is no text', () => {
  test.each([
    ['PK\u0003\u0004rest', /Excel workbook or another zip archive, not JSON; |format: xlsx/],
    ['%PDF-1.7', /PDF document, not JSON\. Export the data itself as JSON/],
  ])('%j is refused in the words of its format', async (text, message) => {
    const { refused, encoding } = await read(text);
    expect(refused?.code).toBe('not-text');
    expect(refused && describeIssue(refused)).toMatch(message);
    expect(encoding).toBeUndefined();
  });

  test.each([
    [[0xff, 0xd8, 0xff, 0xe0], 'JPEG'],
    [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard'],
    [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7z'],
  ])('%j is refused as what it is', async (head, name) => {
    expect((await read(Buffer.from(head))).refused?.what).toContain(name);
  });

  test('a file without bytes is a text without characters', async () => {
    expect(await read('')).toMatchObject({ encoding: 'utf-8', text: '', notices: [], refused: undefined });
  });
});

describe('the byte order mark', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be'])('of %s wins over what is declared, and is said', async (encoding) => {
    const content = iconv.encode('\ufeffä', encoding);
    const { text, notices, hasMark, ...rest } = await read(content, { encoding: 'ebcdic-037' }, 1);
    expect([rest.encoding, text, hasMark]).toEqual([encoding, 'ä', true]);
    expect(notices[0]).toContain(`read as ${encoding.toUpperCase()} because of its byte order mark`);
    expect((await read(content, { encoding })).notices).toEqual([]);
  });
});

describe('bytes that are no text', () => {
  test('are refused by default, in whatever pieces they come', async () => {
    const content = bytes('{"Name": "x"}\n{"Name": "Ren', [0xe9], '"}\n');
    for (const size of [1, 5, 1000]) {
      const { text, refused } = await read(content, {}, size);
      expect(text).toBe('{"Name": "x"}\n{"Name": "Ren');
      expect(refused && describeIssue(refused)).toBe(
        'a.txt line 2: byte E9 is not valid utf-8. It looks like windows-1252 ("René"). Save the file as JSON in UTF-8, or set encoding: windows-1252 in the mapping.',
      );
    }
  });

  test('in UTF-16 are found at their place in any block', async () => {
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const sound = iconv.encode(`${'zeile ਊ\n'.repeat(20_001)}x`, encoding);
      const lone = encoding === 'utf-16le' ? [0x00, 0xd8] : [0xd8, 0x00];
      const content = Buffer.concat([sound, Buffer.from(lone), iconv.encode('y\n', encoding)]);
      for (const size of [65_537, 1_000_000]) {
        const { text, refused } = await read(content, { encoding }, size);
        expect(text.length).toBe(8 * 20_001 + 1);
        expect(text.endsWith('zeile ਊ\nx')).toBe(true);
        expect(refused?.code).toBe('invalid-encoding');
      }
    }
  });

  test('are found in a long line too, where a block begins inside a character', async () => {
    const content = bytes('€'.repeat(50_000), [0xc3], 'x');
    const { text, refused } = await read(content);
    expect([text.length, /^€+$/.test(text)]).toEqual([50_000, true]);
    expect(refused?.what).toBe('byte C3 is not valid utf-8');
  });

  test('stand as U+FFFD when that is declared, with one notice of the first place and the count', async () => {
    const content = bytes('a\r\nb\rc\n', [0xe9], 'd\n', [0xc3], '\n\ufffd\n');
    for (const size of [1, 2, 3, 1000]) {
      const { text, notices, refused } = await read(content, { onBad: 'replace' }, size);
      expect(refused).toBeUndefined();
      expect(text).toBe('a\r\nb\rc\n\ufffdd\n\ufffd\n\ufffd\n');
      expect(notices).toEqual([
        'a.txt line 4: bytes in 2 places are not valid utf-8, the first of them here; they stand as \ufffd. Look at the values with \ufffd in them, and have the sender mend the export.',
      ]);
    }
  });

  test('that the file itself holds as U+FFFD are not counted', async () => {
    const { text, notices } = await read('a\ufffdb\ufffd\n', { onBad: 'replace' }, 2);
    expect(text).toBe('a\ufffdb\ufffd\n');
    expect(notices).toEqual([]);
  });

  test('at the very end are replaced as well', async () => {
    const { text, notices } = await read(bytes('a', [0xe2, 0x82]), { onBad: 'replace' });
    expect(text).toBe('a\ufffd');
    expect(notices).toHaveLength(1);
  });

  test.each(['windows-1252', 'shift_jis', 'gb18030', 'utf-16le'])(
    'in %s never stop a replacing reader',
    async (encoding) => {
      const content = Buffer.from(Array.from({ length: 601 }, (_, index) => (index * 7) % 256));
      const { refused } = await read(content, { encoding, onBad: 'replace' }, 10);
      expect(refused).toBeUndefined();
    },
  );
});

describe('NUL characters', () => {
  test('are refused, or stand as U+FFFD when that is declared', async () => {
    expect((await read('a\nb\0c')).refused).toMatchObject({ code: 'contains-nul', where: { line: 2 } });
    const { text, notices } = await read('a\nb\0c', { onBad: 'replace' });
    expect(text).toBe('a\nb\ufffdc');
    expect(notices[0]).toContain('a.txt line 2: bytes here are not valid utf-8');
  });

  test('in every second place are UTF-16, which no replacing makes readable', async () => {
    const { refused } = await read(iconv.encode('{"a": 1}\n', 'utf-16le'), { onBad: 'replace' });
    expect(refused).toMatchObject({
      code: 'contains-nul',
      hint: 'Save the file as JSON in UTF-8, or set encoding: utf-16le in the mapping.',
    });
  });
});

describe('EBCDIC', () => {
  test('the line end a file uses decides how it is written back', async () => {
    const nel = await read(Buffer.from([0xc1, 0x15, 0xc2, 0x25]), { encoding: 'ebcdic-037' });
    expect([nel.encoding, nel.text]).toEqual(['ebcdic-037-nel', 'A\nB\n']);
    expect((await read(Buffer.from([0xc1, 0x25, 0xc2, 0x15]), { encoding: 'ebcdic-037' })).encoding).toBe('ebcdic-037');
    expect(nel.notices).toEqual([]);
  });
});

describe('the end of a file', () => {
  test.each([
    ['ebcdic-037', [0xc1, 0x15], 'A\n'],
    ['ebcdic-500', [0xc1, 0x0d, 0x25, 0x3f], 'A\r\n\u001a'],
    ['utf-16be', [0x41, 0x00, 0x41, 0x00, 0x0a], 'A\n'],
    ['utf-8', [0x41, 0x00, 0x0a, 0x00], 'A\n'],
    ['utf-8', [0x82, 0xac, 0x0a], '\ufffd\ufffd\n'],
  ] as const)('in %s of %j is %j', (encoding, tail, text) => {
    const size = encoding === 'utf-16be' ? 1000 : 100;
    expect(tailText(Uint8Array.from(tail), size, encoding)).toBe(text);
  });
});

describe('UTF-8 in a file declared as single bytes', () => {
  test.each(['windows-1252', 'iso-8859-1', 'cp850'])(
    'is refused where its first character stands (%s)',
    async (encoding) => {
      const { refused } = await read('Id;Name\n1;Meier\n2;Müller\n3;Bär\n', { encoding });
      expect(refused).toMatchObject({ code: 'invalid-encoding', where: { line: 3 } });
      expect(refused && describeIssue(refused)).toContain(`the file is UTF-8, not ${encoding}`);
    },
  );

  test.each([1, 3, 64 * 1024])('is told however the file is cut (%d)', async (size) => {
    const { refused } = await read('a\nMüller €\n', { encoding: 'windows-1252' }, size);
    expect(refused).toMatchObject({ code: 'invalid-encoding', where: { line: 2 } });
  });

  test('is told at the end of a long file, at the line where it began', async () => {
    const { refused } = await read(`x\nü${'abcdefg\n'.repeat(40_000)}`, { encoding: 'windows-1252' });
    expect(refused).toMatchObject({ code: 'invalid-encoding', where: { line: 2 } });
  });

  test('is only noted where bad bytes are replaced', async () => {
    const { refused, text, notices } = await read('1\nMüller\n', { encoding: 'windows-1252', onBad: 'replace' });
    expect([refused, text, notices.length]).toEqual([undefined, '1\nMÃ¼ller\n', 1]);
    expect(notices[0]).toContain('a.txt line 2: the file is UTF-8, not windows-1252');
  });

  test.each([
    ['one character that is none', bytes('M', [0xfc], 'ller\n')],
    ['both', bytes('Müller M', [0xfc], 'ller\n')],
    ['none beyond ASCII', bytes('Mueller\n')],
    ['half a character at its end', bytes('Müller ', [0xc3])],
  ])('is not told of a file with %s', async (_name, content) => {
    expect((await read(content, { encoding: 'windows-1252' })).refused).toBeUndefined();
  });

  test('is not looked for in encodings of several bytes, nor below a byte order mark', async () => {
    expect((await read('\ufeffMüller\n', { encoding: 'windows-1252' })).refused).toBeUndefined();
    expect((await read(iconv.encode('漢字\n', 'gb18030'), { encoding: 'gb18030' })).refused).toBeUndefined();
  });
});

describe('ASCII in a file declared as EBCDIC', () => {
  test('is refused as a whole', async () => {
    const { refused, text } = await read('H1000001 ACME\r\nD0001 Bolt\r\n', { encoding: 'ebcdic-037' });
    expect(text).toBe('');
    expect(refused).toMatchObject({ code: 'invalid-encoding' });
    expect(refused && describeIssue(refused)).toContain('the file is ASCII text, not ebcdic-037');
  });

  test('is told from EBCDIC text and from few bytes', async () => {
    const { createTextWriter } = await import('../../../src/formats/text/encodings.ts');
    const ebcdic = createTextWriter('ebcdic-037')('H1 ACME / (Bolt) -/-\nD2 Ö\n', () => '?');
    expect((await read(ebcdic, { encoding: 'ebcdic-037' })).refused).toBeUndefined();
  });

  test('is told from EBCDIC that is nearly all delimiters and line ends', async () => {
    const { createTextWriter } = await import('../../../src/formats/text/encodings.ts');
    for (const encoding of ['ebcdic-037', 'ebcdic-500'])
      for (const text of ['[]\r\n', `7${','.repeat(29)}\r\n`.repeat(50)]) {
        const ebcdic = createTextWriter(encoding)(text, () => '?');
        expect((await read(ebcdic, { encoding })).refused).toBeUndefined();
      }
  });
});
