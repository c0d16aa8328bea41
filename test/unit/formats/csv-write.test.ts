import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csv } from '../../../src/formats/csv/csv.ts';
import { collect, each, readCsv, readRaw } from './csv-help.ts';

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
const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '\u0001'),
  quote: fc.constantFrom('minimal', 'all'),
  lineEnd: fc.constantFrom('lf', 'crlf'),
  encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'gb18030'),
  bom: fc.boolean(),
  header: fc.boolean(),
});

test('what is written is read again, whatever the values and the dialect', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      dialect,
      fc.integer({ min: 1, max: 50 }),
      async (rows, { bom, header, ...options }, size) => {
        const columns = Array.from({ length: rows[0]?.length ?? 1 }, (_, index) => `column ${index}`);
        const hasMark = bom && options.encoding.startsWith('utf');
        const bytes = await write(rows, columns, { ...options, bom: hasMark, header });
        const { delimiter, encoding } = options;
        const reading = await readCsv(
          bytes,
          { delimiter, encoding, ...(header ? {} : { columns: { names: columns } }) },
          {},
          size,
        );
        expect(reading.cells).toEqual(rows);
        expect(reading.issues).toEqual([]);
      },
    ),
    { numRuns: 400 },
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
      async (changes, encoding) => {
        const bytes = Buffer.from(sound);
        for (const [at, byte] of changes) bytes[at] = byte;
        const reading = await readCsv(bytes, { encoding }, {}, 5);
        expect(reading.refused !== undefined || reading.records.length > 0 || reading.notes.length > 0).toBe(true);
        const raw = await readRaw(bytes, { encoding });
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
