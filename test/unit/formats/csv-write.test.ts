import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csv } from '../../../src/formats/csv/csv.ts';
import { collect, each, readCsv, readRaw, rejectSheet } from './csv-help.ts';

const write = (rows: readonly (readonly string[])[], columns: readonly string[], options = {}): Promise<Buffer> =>
  collect(csv.write(each(rows), columns, options));

describe('writing', () => {
  test('quotes what needs it, ends every line, names the columns', async () => {
    const text = await write(
      [
        ['1', 'a,b'],
        ['', 'say "x"'],
      ],
      ['A', 'B'],
    );
    expect(text.toString()).toBe('A,B\r\n1,"a,b"\r\n,"say ""x"""\r\n');
  });

  test('obeys its options', async () => {
    const options = { delimiter: ';', quote: 'all', lineEnd: 'lf', header: false, bom: true, encoding: 'utf-16le' };
    expect(await write([['1', 'é']], ['A', 'B'], options)).toEqual(Buffer.from('\ufeff"1";"é"\n', 'utf16le'));
  });

  test('another quote, escape and line end', async () => {
    const rows = [
      ["it's", 'a,b', 'c\\d'],
      ['', '"', ''],
    ];
    const options = { quoteMark: "'", escape: '\\', lineEnd: 'cr', header: false };
    expect((await write(rows, ['A', 'B', 'C'], options)).toString()).toBe("'it\\'s','a,b',c\\d\r,\",\r");
  });

  test('quote: none writes values as they are, and stops at one that would be read as something else', async () => {
    const options = { quote: 'none', lineEnd: 'lf', delimiter: '|' };
    const good = [
      ['5" pipe', ' x '],
      ['', ''],
    ];
    const bytes = await write(good, ['A', 'B'], options);
    expect(bytes.toString()).toBe('A|B\n5" pipe| x \n|\n');
    expect((await readCsv(bytes, { quote: 'none', delimiter: '|' })).cells).toEqual(good);
    for (const bad of ['a|b', 'a\nb', 'a\rb', '\u001a']) {
      await expect(write([['x', bad]], ['A', 'B'], options)).rejects.toMatchObject({
        code: 'bad-config',
        message: expect.stringContaining('cannot be written with quote: none') as string,
      });
    }
    for (const blank of ['', ' ']) await expect(write([[blank]], ['A'], options)).rejects.toThrow('quote: none');
  });

  test('EBCDIC with the line end that is asked for', async () => {
    const options = { encoding: 'ebcdic-037', header: false };
    const write15 = (lineEnd: string): Promise<Buffer> => write([['A', '1']], ['A', 'B'], { ...options, lineEnd });
    expect(await write15('nel')).toEqual(Buffer.from([0xc1, 0x6b, 0xf1, 0x15]));
    expect(await write15('lf')).toEqual(Buffer.from([0xc1, 0x6b, 0xf1, 0x25]));
    expect(await write15('crlf')).toEqual(Buffer.from([0xc1, 0x6b, 0xf1, 0x0d, 0x25]));
  });

  test('a declared replacement stands for what the encoding lacks, but not for a byte order mark', async () => {
    const options = { encoding: 'iso-8859-2', replacement: '?', lineEnd: 'lf', header: false };
    expect((await write([['5 €']], ['A'], options)).toString('latin1')).toBe('5 ?\n');
    await expect(write([['x']], ['A'], { ...options, bom: true })).rejects.toMatchObject({ code: 'bad-config' });
  });

  test('no rows: a header, or nothing', async () => {
    expect((await write([], ['A'])).toString()).toBe('A\r\n');
    expect((await write([], ['A'], { header: false })).toString()).toBe('');
  });

  test('a character the encoding lacks stops the file', async () => {
    await expect(write([['ok'], ['€']], ['A'], { encoding: 'iso-8859-2' })).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('U+20AC') as string,
    });
    await expect(write([['\ud800']], ['A'])).rejects.toMatchObject({ code: 'bad-config' });
  });

  test('takes rows only as fast as its bytes are taken', async () => {
    let given = 0;
    async function* rows(): AsyncGenerator<readonly string[], void, void> {
      for (;;) yield await Promise.resolve([String(given++)]);
    }
    for await (const bytes of csv.write(rows(), ['A'], {})) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    expect(given).toBeLessThan(2000);
  });
});

const characters = fc.constantFrom(
  'a',
  '1',
  ',',
  ';',
  '\t',
  '|',
  '"',
  '\r',
  '\n',
  '\\',
  ' ',
  'é',
  '€',
  '𠮷',
  '\ufeff',
  '\u001a',
  "'",
  '=',
  'sep=;',
);
const cell = fc.array(characters, { maxLength: 6 }).map((parts) => parts.join(''));
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
const encoding = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'gb18030');
/** A dialect for writing, and what reads it. */
const dialect = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', '\u0001'),
    quote: fc.constantFrom('minimal', 'all'),
    quoteMark: fc.constantFrom('"', "'"),
    escape: fc.constantFrom(undefined, '\\'),
    lineEnd: fc.constantFrom('lf', 'crlf', 'cr'),
    encoding,
    bom: fc.boolean(),
    header: fc.boolean(),
  })
  .map(({ escape, bom, ...rest }) => ({
    ...rest,
    ...(escape === undefined ? {} : { escape }),
    bom: bom && rest.encoding.startsWith('utf'),
  }));

test('what is written is read again, whatever the values and the dialect', async () => {
  await fc.assert(
    fc.asyncProperty(table, dialect, fc.integer({ min: 1, max: 50 }), async (rows, options, size) => {
      const columns = Array.from({ length: rows[0]?.length ?? 1 }, (_, index) => `column ${index}`);
      const bytes = await write(rows, columns, options);
      const { delimiter, quoteMark, header, encoding: written } = options;
      const reading = await readCsv(
        bytes,
        {
          delimiter,
          quote: quoteMark,
          encoding: written,
          ...('escape' in options ? { escape: options.escape } : {}),
          ...(header ? {} : { columns: { names: columns } }),
        },
        {},
        size,
      );
      expect(reading.cells).toEqual(rows);
      expect(reading.issues).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a reject sheet of all records reads like the file it came from, whatever stands around them', async () => {
  const lead = fc.constantFrom('', 'Title;\r\n\r\n', '"two\nlines",\n#c\n');
  await fc.assert(
    fc.asyncProperty(table, lead, fc.boolean(), fc.constantFrom(0, 1), async (rows, above, isTyped, skip) => {
      const width = rows[0]?.length ?? 1;
      const columns = Array.from({ length: width }, (_, index) => `column ${index}`);
      const kept = rows.map((row) => (isTyped ? ['D', ...row] : row));
      const body = await write(kept, columns, { quote: 'all', header: !isTyped, lineEnd: 'lf' });
      const text = body.toString();
      const headEnd = isTyped ? 0 : text.indexOf('\n') + 1;
      const units = skip === 0 || isTyped ? '' : '(unit)\n';
      const content = isTyped ? text : `${above}${text.slice(0, headEnd)}${units}${text.slice(headEnd)}`;
      const options = {
        comment: '#',
        ...(isTyped
          ? { records: { d: { is: 'D', columns: ['type', ...columns] } } }
          : { header: { has: ['column 0'] }, ...(units === '' ? {} : { skip }) }),
      };
      const direct = await readCsv(content, options);
      const all = kept.map((_, index) => index);
      const sheet = await rejectSheet(content, all, options, ['too-long', 'A', 'why "not"']);
      const again = await readCsv(sheet, options);
      expect(again.cells.map((cells) => cells?.slice(0, kept[0]?.length))).toEqual(kept);
      expect([direct.issues, again.issues]).toEqual([[], []]);
      // A second sheet has the reasons once.
      if (rows.length > 0)
        expect(await rejectSheet(sheet, all, options, ['too-long', 'A', 'why "not"'])).toEqual(sheet);
    }),
    { numRuns: 300 },
  );
});

test('damaged bytes end in records at their true lines, issues or a refusal', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => [
    `A${index}`,
    index % 3 === 0 ? 'two\nlines, "quoted"' : 'é',
    String(index),
  ]);
  const sound = await write(rows, ['K', 'V', 'N']);
  const damages = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      damages,
      fc.constantFrom('utf-8', 'windows-1252', 'shift_jis', 'cp850'),
      fc.constantFrom('fail', 'replace'),
      async (changes, encoding, onBad) => {
        const bytes = Buffer.from(sound);
        for (const [at, byte] of changes) bytes[at] = byte;
        const reading = await readCsv(bytes, { encoding, onBad }, {}, 5);
        expect(reading.refused !== undefined || reading.records.length > 0 || reading.notes.length > 0).toBe(true);
        const raw = await readRaw(bytes, { encoding, onBad });
        const text = bytes.toString('latin1');
        for (const record of reading.records) {
          const source = raw.find(({ seq }) => seq === record.seq);
          expect(source?.line).toBe(record.line);
          // ASCII keys are the same bytes in all of these encodings: a sound record stands on the line it says.
          const key = record.cells?.[0] ?? '';
          const isSound = record.issues === undefined && /^A\d+$/.test(key);
          if (isSound) expect(text.split(/\r\n|\r|\n/)[record.line - 1]).toMatch(new RegExp(`^"?${key}`));
        }
      },
    ),
    { numRuns: 400 },
  );
});
