import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xlsx } from '../../../src/formats/xlsx/xlsx.ts';
import { unzip } from '../../support/workbook.ts';
import { collect, each, readWorkbook, writeWorkbook } from './xlsx-help.ts';

const COLUMNS = ['Order', 'Qty', 'Shipped'];
const ROWS = [
  ['SO-1', '2', '2026-05-04'],
  ['0002', '2.5', '2026-05-04T13:30:00'],
  ['=1+1', 'two', 'soon'],
  ['', '007', '2026-05-04T13:30:00Z'],
];

describe('a workbook', () => {
  test('that was written reads back the same, all of it text unless somebody says otherwise', async () => {
    const { columns, cells, issues, header } = await readWorkbook(
      await writeWorkbook(ROWS, COLUMNS, { sheet: 'May & June' }),
    );
    expect(columns).toEqual(COLUMNS);
    expect(cells).toEqual(ROWS);
    expect(issues).toEqual([]);
    expect(header?.sheet?.name).toBe('May & June');
  });

  test('holds numbers and dates where columns are declared so, and text where a value is none', async () => {
    const bytes = await writeWorkbook(ROWS, COLUMNS, { numbers: ['Qty'], dates: { Shipped: 'dd/mm/yyyy' } });
    expect((await readWorkbook(bytes)).cells).toEqual(ROWS);
    const sheet = (await unzip(bytes))['xl/worksheets/sheet1.xml'] ?? '';
    expect(sheet).toContain('<c r="B2"><v>2</v></c>');
    expect(sheet).toMatch(/<c r="C2" s="\d+"><v>46146<\/v><\/c>/);
    expect(sheet).toMatch(/<c r="C3" s="\d+"><v>46146\.5625<\/v><\/c>/);
    for (const cell of ['B4', 'B5', 'C4', 'C5'])
      expect(sheet).toMatch(new RegExp(`<c r="${cell}"[^>]* t="inlineStr">`));
  });

  test('has no formula, whatever the values say', async () => {
    const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")', '<f>1</f>'];
    const bytes = await writeWorkbook(
      [evil],
      evil.map((_, index) => `C${index}`),
      { numbers: ['C1'] },
    );
    expect((await readWorkbook(bytes)).cells).toEqual([evil]);
    expect(Object.values(await unzip(bytes)).join('')).not.toMatch(/<f[ >]/);
  });

  test('is made of the same bytes every time', async () => {
    const first = await writeWorkbook(ROWS, COLUMNS, { numbers: ['Qty'] });
    expect(await writeWorkbook(ROWS, COLUMNS, { numbers: ['Qty'] })).toEqual(first);
    expect(xlsx.ending(first.subarray(-64), first.length, {})).toBe('complete');
  });

  test('keeps its header bold and in view, and its columns wide enough to read', async () => {
    const parts = await unzip(await writeWorkbook([['x'.repeat(30), '1', '']], COLUMNS));
    const sheet = parts['xl/worksheets/sheet1.xml'] ?? '';
    expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(sheet).toContain(
      '<col min="1" max="1" width="32" customWidth="1"/><col min="2" max="2" width="9" customWidth="1"/>',
    );
    expect(sheet).toContain('<c r="A1" s="1" t="inlineStr">');
    expect(parts['xl/styles.xml']).toContain('<font><b/>');
  });

  test('without rows has its header', async () => {
    expect(await readWorkbook(await writeWorkbook([], COLUMNS))).toMatchObject({ columns: COLUMNS, cells: [] });
  });

  test('is not written when something would have to be cut', async () => {
    await expect(writeWorkbook([['x'.repeat(32_768)]], ['A'])).rejects.toMatchObject({ code: 'bad-config' });
    await expect(writeWorkbook([], Array<string>(16_385).fill('A'))).rejects.toMatchObject({ code: 'bad-config' });
    expect((await readWorkbook(await writeWorkbook([['x'.repeat(32_767)]], ['A']))).cells).toEqual([
      ['x'.repeat(32_767)],
    ]);
  });

  test('hands on what its rows throw, and lets go of them', async () => {
    let isClosed = false;
    async function* broken(): AsyncGenerator<readonly string[]> {
      try {
        for (let count = 0; count < 500; count++) yield await Promise.resolve(['x']);
        throw new Error('the ledger is gone');
      } finally {
        isClosed = true;
      }
    }
    await expect(collect(xlsx.write(broken(), ['A'], {}) as AsyncIterable<Uint8Array>)).rejects.toThrow(
      'the ledger is gone',
    );
    expect(isClosed).toBe(true);
    isClosed = false;
    for await (const _ of xlsx.write(broken(), ['A'], {})) break;
    expect(isClosed).toBe(true);
  });

  test('of many rows is written in pieces', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [`SO-${index}`, String(index)]);
    let pieces = 0;
    for await (const _ of xlsx.write(each(rows), ['A', 'B'], {})) pieces++;
    expect(pieces).toBeGreaterThan(10);
  });
});

describe('options for writing', () => {
  const check = (options: object, columns?: readonly string[]): unknown =>
    xlsx.check?.('write', options as Record<string, unknown>, columns)?.map(({ code, path }) => [code, ...path]);

  test('that name no column, or no way to show a date, are findings', () => {
    expect(
      check({ numbers: ['Qty', 'Qyt'], dates: { Shipped: 'dd/mm/yyyy', Ship: 'd', Order: '0.00' } }, COLUMNS),
    ).toEqual([
      ['unknown-reference', 'numbers', 1],
      ['unknown-reference', 'dates', 'Ship'],
      ['wrong-value', 'dates', 'Order'],
    ]);
    expect(check({ numbers: ['Qty'] })).toEqual([]);
  });
});

/** Any text, also what XML and spreadsheets treat in their own way. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '_x000D_',
    '_x0041_x',
    ' a ',
    '\r\n',
    '\u0000',
    '\ud800',
    '0012',
    '1e5',
    '=A1',
    ']]>',
    '&amp;',
    '<v>',
  ),
);

test('random tables come back as they were written', async () => {
  const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
    fc.record({
      names: fc.uniqueArray(
        fc.string({ unit: fc.constantFrom('a', 'b', 'X', 'Y', ' ', 'ä', '_'), minLength: 1, maxLength: 8 }),
        {
          minLength: width,
          maxLength: width,
          selector: (name) => name.toLowerCase().replaceAll(/\s/g, ''),
        },
      ),
      rows: fc.array(fc.array(text, { minLength: width, maxLength: width }), { maxLength: 8 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(table, async ({ names, rows }) => {
      const folded = (cell: string): string => cell.trim().replaceAll(/\s+/g, ' ');
      const columns = names.map((name, index) => (name.trim() === '' ? `column ${index}` : folded(name)));
      // A row of nothing is no record, and one that says the header again neither.
      const sound = rows
        .filter((row) => row.some((cell) => cell !== ''))
        .filter((row) => row.some((cell, index) => folded(cell) !== columns[index]));
      const { cells, columns: read, refused } = await readWorkbook(await writeWorkbook(sound, columns));
      expect(refused).toBeUndefined();
      expect(read).toEqual(columns);
      expect(cells).toEqual(sound);
    }),
    { numRuns: 150 },
  );
});
