import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FormatOptions } from '../../../src/core/format.ts';
import { readWorkbook } from './xlsx-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata');
const bytesOf = (name: string): Buffer => readFileSync(join(corpus, name));

interface Expected {
  readonly options?: FormatOptions;
  readonly columns: readonly string[];
  /** Cells of the records by row of the sheet. */
  readonly rows: Readonly<Record<number, readonly string[]>>;
  readonly issues?: readonly string[];
  readonly notes?: readonly RegExp[];
}

const nothing = { columns: { names: ['A', 'B'] } };
const inline: Expected['rows'] = {
  2: ['12', 'A', '1st Inline String', '12'],
  3: ['32', 'B', '2nd Inline String', '44'],
  4: ['43', 'C', 'More', '31'],
  5: ['42', 'ABCDE', 'B', '30'],
  6: ['22', 'Long Text', 'And More', '10'],
  7: ['21', 'Longer Text', 'The End', '9'],
};

const workbooks: Record<string, Expected | readonly Expected[]> = {
  'exceljs-1904.xlsx': { options: nothing, columns: ['A', 'B'], rows: { 4: ['', '1904-01-01'] } },
  'exceljs-formulas.xlsx': {
    options: nothing,
    columns: ['A', 'B'],
    rows: {
      1: ['someone@example.com', '(formula with hyperlink)'],
      2: ['someone@example.com', '(formula without link)'],
    },
  },
  'exceljs-hidden-rows-cols.xlsx': [
    {
      columns: ['BEGIN', 'HIDDEN', 'VISIBLE'],
      rows: { 2: ['HIDDEN', '', ''], 3: ['VISIBLE', '', ''] },
      notes: [/1 hidden row \(first: 2\) and 1 hidden column \(B\) read like the others/],
    },
    {
      options: { hidden: 'skip' },
      columns: ['BEGIN', 'VISIBLE'],
      rows: { 3: ['VISIBLE', ''] },
      notes: [/line 2: 1 hidden row; skipped/, /1 hidden column \(B\); skipped/],
    },
  ],
  'frictionless-cast-int-to-string-issue-1251.xlsx': {
    columns: ['A', 'B', 'C', 'D', 'E'],
    rows: { 2: ['001', 'b', '1', 'a', '1'], 3: ['002', 'c', '1', '1', '1'] },
  },
  'frictionless-merged-cells.xlsx': [
    { columns: ['data'], rows: {}, notes: [/no records/] },
    { options: { merged: 'fill', columns: { names: ['A', 'B'] } }, columns: ['A', 'B'], rows: { 1: ['data', 'data'] } },
  ],
  'frictionless-multiline-headers.xlsx': [
    {
      options: { header: { line: 5 }, merged: 'fill' },
      columns: ['Region', '(%)', 'from previous quarter', 'from baseline (%)'],
      rows: { 6: ['A', 'B', 'C', 'D'] },
    },
    {
      options: { header: { has: ['region'], within: 3 } },
      columns: ['Region', 'Caloric contribution', 'Cumulative impact of changes on cost of food basket'],
      rows: { 4: ['', '', 'from previous quarter'], 5: ['', '(%)', ''], 6: ['A', 'B', 'C'] },
      issues: ['D4 wrong-column-count', 'D6 wrong-column-count'],
    },
  ],
  'frictionless-preserve-formatting.xlsx': {
    columns: [
      'empty',
      '0',
      '0.00',
      '0.0000',
      '0.00000',
      '0.0000#',
      'm/d/yy',
      'd-mmm',
      'mm/dd/yy',
      'mmddyy',
      'mmddyyam/pmdd',
    ],
    rows: {
      2: ['', ...Array<string>(5).fill('1000.5577'), ...Array<string>(4).fill('2040-05-20'), '2040-05-20T00:00:00'],
    },
  },
  'frictionless-sheets.xlsx': [
    { columns: ['id', 'name'], rows: { 2: ['1', 'london'] } },
    { options: { sheet: 2 }, columns: ['id', 'name'], rows: { 2: ['2', 'paris'] } },
    { options: { sheet: 'sheet3' }, columns: ['id', 'name'], rows: { 2: ['3', 'rome'] } },
  ],
  'frictionless-skip-rows.xlsx': {
    options: { header: { line: 2 }, ignore: ['TOTAL'] },
    columns: ['A', 'B'],
    rows: { 3: ['8', '9'] },
    notes: [/line 4: 1 row that read\.ignore names; skipped/],
  },
  'nifi-dates.xlsx': {
    options: nothing,
    columns: ['A', 'B'],
    rows: Object.fromEntries([1, 2, 3, 4, 5, 6].map((line) => [line, ['2017-01-01T12:00:00', '']])),
  },
  'nifi-numbers.xlsx': {
    options: nothing,
    columns: ['A', 'B'],
    rows: { 1: ['1234.46', ''], 2: ['1234.45', ''], 3: ['987654321', ''], 4: ['987654321', ''], 5: ['987654321', ''] },
  },
  'poi-Formatting.xlsx': {
    options: { columns: { names: ['shown as', 'value'] } },
    columns: ['shown as', 'value'],
    rows: {
      1: ['Dates, all 24th November 2006', ''],
      2: ['dd/mm/yyyy', '2006-11-24'],
      3: ['yyyy/mm/dd', '2006-11-24'],
      4: ['yyyy-mm-dd', '2006-11-24'],
      5: ['yy/mm/dd', '2006-11-24'],
      6: ['dd/mm/yy', '2006-11-24'],
      7: ['dd-mm-yy', '2006-11-24'],
      9: ['Numbers, all 10.52', ''],
      10: ['nn.nn', '10.52'],
      11: ['nn.nnn', '10.52'],
      12: ['nn.n', '10.52'],
      13: ['£nn.nn', '10.52'],
    },
  },
  'poi-InlineStrings.xlsx': { columns: ['Numbers', 'Strings', 'Inline Strings', 'Formulas'], rows: inline },
};

const cases = Object.entries(workbooks).flatMap(([name, expected]) =>
  [expected].flat().map((each: Expected) => [name, JSON.stringify(each.options ?? {}), each] as const),
);

describe('workbooks of others', () => {
  test('every file has an expectation', () => {
    expect(readdirSync(join(corpus, 'xlsx')).sort()).toEqual(Object.keys(workbooks).sort());
    expect(readdirSync(join(corpus, 'security')).filter((name) => name.endsWith('.xlsx'))).toEqual([
      'poc-xmlbomb-empty.xlsx',
    ]);
  });

  test.each(cases)('%s with %s', async (name, _, expected) => {
    const reading = await readWorkbook(bytesOf(`xlsx/${name}`), expected.options);
    expect(reading.refused).toBeUndefined();
    expect(reading.columns).toEqual(expected.columns);
    expect(Object.fromEntries(reading.records.map(({ line, cells }) => [line, cells]))).toEqual(expected.rows);
    const issues = reading.records.flatMap(({ issues: own = [] }) => own);
    expect(issues.map(({ code, where }) => `${where.cell ?? ''} ${code}`)).toEqual(expected.issues ?? []);
    expect(reading.notes).toEqual((expected.notes ?? []).map((note): unknown => expect.stringMatching(note)));
  });

  test('entities that explode are refused before they are looked at', async () => {
    const before = process.memoryUsage.rss();
    const { refused, records } = await readWorkbook(bytesOf('security/poc-xmlbomb-empty.xlsx'));
    expect(refused?.code).toBe('damaged-workbook');
    expect(refused?.what).toMatch(/declares a document type \(in xl\/sharedStrings\.xml\)/);
    expect(records).toEqual([]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });
});
