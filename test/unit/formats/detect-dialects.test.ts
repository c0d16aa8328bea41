import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from './csv-help.ts';
import { detect, told } from './detect-help.ts';

describe('delimited text', () => {
  test.each([
    ['sep= in the first line', 'sep=|\nA|B\n1|2\n', 'csv encoding="utf-8" delimiter="|"'],
    ['decimal commas between semicolons', 'SKU;Price\nA;1,50\nB;2,25\n', 'csv encoding="utf-8" delimiter=";"'],
    [
      'inch marks that quote nothing',
      'SKU,Size,Qty\nA,5" pipe,1\nB,7" pipe,2\n',
      'csv encoding="utf-8" delimiter="," quote="none"',
    ],
    [
      'single quotes around values',
      "SKU,Name,Qty\nA,'Cap, blue',1\nB,'Mug, red',2\n",
      `csv encoding="utf-8" delimiter="," quote="'"`,
    ],
    ['blanks before quotes', '"SKU", "Qty"\n"A", "1"\n"B", "2"\n', 'csv encoding="utf-8" delimiter="," trim=true'],
    ['a delimiter too many on each row', 'SKU;Qty\nA;1;\nB;2;\n', 'csv encoding="utf-8" delimiter=";" ragged="trim"'],
    [
      'rows that are often short',
      'SKU,Qty,Note\nA,1\nB,2,x\nC,3\n',
      'csv encoding="utf-8" delimiter="," ragged="pad" ? format ragged',
    ],
    [
      'titles above the header',
      'Orders of May\n\nSKU,Qty,Note\nA,1,x\nB,2,y\n',
      'csv encoding="utf-8" delimiter="," header={"has":["SKU","Qty","Note"]}',
    ],
    [
      'remarks and a total',
      'SKU,Qty\n# from the shop\nA,1\nB,2\nTotal,3\n',
      'csv encoding="utf-8" delimiter="," comment="#" ignore=["Total"] ? comment ignore',
    ],
    [
      'no header',
      'A-1,2026-05-04,12\nA-2,2026-05-05,3\n',
      'csv encoding="utf-8" delimiter="," columns={"names":["Column1","Column2","Column3"]}',
    ],
    ['nothing but text, above and below', 'Red,Blue\nGreen,Grey\n', 'csv encoding="utf-8" delimiter="," ? header'],
    ['one column', 'OrderNo\nA-1\nA-2\n', 'csv encoding="utf-8" delimiter="," ? format delimiter header'],
  ])('%s', async (_name, text, expected) => {
    expect(told(await detect(text))).toBe(expected);
  });

  test('record types are offered, and a person must look', async () => {
    const found = await detect('H,20260504,9\nO,A-1,Okafor,Dayton\nL,CAP,2\nL,MUG,1\nO,A-2,Lee,Troy\nL,CAP,4\nT,2,3\n');
    expect(found.options['records']).toEqual({
      H: { is: 'H', role: 'envelope', columns: ['H_Type', 'H_2', 'H_3'] },
      O: { is: 'O', columns: ['O_Type', 'O_2', 'O_3', 'O_4'] },
      L: { is: 'L', columns: ['L_Type', 'L_2', 'L_3'] },
      T: { is: 'T', role: 'trailer', columns: ['T_Type', 'T_2', 'T_3'] },
    });
    expect(told(found)).toMatch(/ \? records$/);
  });

  test('a column of few codes does not make record types', async () => {
    expect(told(await detect('Status,Qty\nNEW,1\nOLD,2\nNEW,3\n'))).toBe('csv encoding="utf-8" delimiter=","');
  });

  test('generated tables are read back as they were written, by what was detected', async () => {
    const word = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
    const value = fc.oneof(
      word,
      fc.stringMatching(/^[A-Z]{2}-\d{3}$/),
      fc.constantFrom('a;b', 'x,y', 'say "hi"', 'two\nlines', ''),
    );
    const table = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      names: fc.uniqueArray(word, { minLength: 2, maxLength: 6 }),
      rows: fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), { minLength: 4, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(table, async ({ delimiter, lineEnd, names, rows }) => {
        const columns = ['OrderNo', ...names.map((name) => `${name}Name`), 'Qty'];
        const cells = rows.map((row, index) => [`A-${index}`, ...row.slice(0, names.length), String(index + 1)]);
        const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
        const text = [columns, ...cells].map((row) => row.map(quote).join(delimiter) + lineEnd).join('');
        const { options } = await detect(text);
        const read = await readCsv(text, options);
        expect([read.columns, read.cells]).toEqual([columns, cells]);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

describe('fixed width, JSON and others', () => {
  test('columns that are blank in every line separate fields, and a person must look', async () => {
    const text = 'A-1001    CAP-STD     2\nA-1002    MUG-350    14\nA-1003    BTL         1\n';
    expect(told(await detect(text, 'orders.txt'))).toBe(
      'fixed encoding="utf-8" fields={"Field1":[1,10],"Field2":[11,11],"Field3":[22,2]} ? fields',
    );
  });

  test.each([
    ['an array', '[{"a":1}]', 'json encoding="utf-8"'],
    [
      'an object with one list',
      '{"meta":{"n":2},"data":{"orders":[{"a":1},{"a":2}]}}',
      'json encoding="utf-8" path="data.orders"',
    ],
    [
      'an object with two lists',
      '{"orders":[{"a":1},{"a":2}],"errors":[{"b":1}]}',
      'json encoding="utf-8" path="orders" ? path',
    ],
    ['one object', '{"OrderNo":"A-1","Qty":2}', 'json encoding="utf-8"'],
    [
      'a list inside a list is not where the records are',
      '{"orders":[{"lines":[{"a":1},{"a":2},{"a":3}]}]}',
      'json encoding="utf-8" path="orders" ? path',
    ],
    ['objects on lines', '{"a":1}\n{"a":2}\n', 'ndjson encoding="utf-8"'],
    ['a web page', '<!DOCTYPE html><html><body>502</body></html>', '- looks-like-html'],
    ['a PDF', '%PDF-1.7\n', '- not-text'],
    ['nothing', '', '- empty-file'],
  ])('%s', async (_name, text, expected) => {
    expect(told(await detect(text))).toBe(expected);
  });

  test('any bytes get an answer in bounded time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        const { format, issues } = await detect(bytes);
        expect(format !== undefined || issues.length > 0).toBe(true);
      }),
      { numRuns: 300, seed: 11 },
    );
    const hostile = [
      '['.repeat(200_000),
      '"'.repeat(200_000),
      '{"a":'.repeat(50_000),
      ',;\t|'.repeat(60_000),
      '\\"'.repeat(100_000),
      `["${'a'.repeat(900_000)}"]`,
      `["${'\\\\n'.repeat(300_000)}`,
      `'${"x','".repeat(100_000)}`,
    ];
    for (const text of hostile) {
      const started = performance.now();
      await detect(text);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});
