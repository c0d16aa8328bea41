import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { readCsv, readRaw } from './csv-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata');
const bytesOf = (name: string): Buffer => readFileSync(join(corpus, name));

describe('csv-spectrum', () => {
  test.each(readdirSync(join(corpus, 'csv-spectrum/csvs')))('%s gives the values of its golden file', async (name) => {
    const golden: unknown = JSON.parse(bytesOf(`csv-spectrum/golden/${name.replace('.csv', '.json')}`).toString());
    const { columns = [], cells, issues, refused } = await readCsv(bytesOf(`csv-spectrum/csvs/${name}`));
    expect(cells.map((row) => Object.fromEntries(columns.map((column, index) => [column, row?.[index]])))).toEqual(
      golden,
    );
    expect([issues, refused]).toEqual([[], undefined]);
  });
});

interface Expected {
  readonly options?: Record<string, unknown>;
  readonly records: number;
  /** `line code` of every issue of a record. */
  readonly issues?: readonly string[];
  readonly refused?: string;
  /** A value that shows that the file was understood: record, cell, text. */
  readonly value?: readonly [number, number, string];
}

const dialects: Record<string, Expected> = {
  'blank-rows-multiple.csv': { records: 13, value: [12, 0, ''] },
  'cr-line-endings.csv': { records: 2, value: [1, 2, 'Doge'] },
  'duckdb-all_quotes.csv': { records: 5, issues: ['7 bad-quote'], value: [0, 2, 'This is the\nbest chocolate'] },
  'duckdb-auto_duplicate_header_col.csv': { records: 2, value: [1, 2, 'text2'] },
  'duckdb-auto_duplicate_header_collision.csv': { records: 2, value: [0, 3, 'text1'] },
  'duckdb-auto_utf8bom.csv': { records: 2, value: [1, 1, 'Hannes'] },
  'duckdb-bad_escape.csv': { records: 2, options: { escape: '\\' }, value: [1, 1, 'foo ("foo")'] },
  'duckdb-comma_decimal_null.csv': { records: 8, value: [0, 8, '80000000,00'] },
  'duckdb-decimal_separators_decimal_separators.csv': {
    records: 5,
    options: { delimiter: ';' },
    value: [2, 0, '1,53e4'],
  },
  'duckdb-empty_space_start_value.csv': { records: 0, refused: '1 bad-quote' },
  'duckdb-encodings_latin1.csv': { records: 12, options: { encoding: 'iso-8859-1' }, value: [0, 0, 'José Álvarez'] },
  'duckdb-encodings_shift_jis.csv': { records: 20, options: { encoding: 'shift_jis' }, value: [0, 1, '25'] },
  'duckdb-encodings_utf16.csv': { records: 20, value: [0, 0, 'José Álvarez'] },
  'duckdb-evil_nullpadding.csv': {
    records: 3,
    options: { delimiter: ';', columns: { names: ['a', 'b', 'c', 'd'] } },
    issues: ['2 wrong-column-count', '3 wrong-column-count'],
    value: [2, 1, '\npedro;nl;'],
  },
  'duckdb-extra_delimiters.csv': { records: 4, issues: ['4 wrong-column-count'], value: [3, 2, '3'] },
  'duckdb-leading_zeros.csv': { records: 6, value: [0, 0, '09001'] },
  'duckdb-nullbyte.csv': { records: 0, options: { delimiter: '|' }, refused: '2 contains-nul' },
  'duckdb-rejects_frankstein_nightmare.csv': {
    records: 36,
    issues: ['10 wrong-column-count', '14 wrong-column-count', '22 bad-quote'],
    refused: '38 invalid-encoding',
  },
  'duplicate-headers.csv': { records: 2, value: [0, 4, '001101'] },
  'essential-mac.csv': { records: 18, issues: expect.arrayContaining(['4 wrong-column-count']) as string[] },
  'european.csv': {
    records: 5,
    options: { delimiter: ';', escape: '\\' },
    value: [1, 2, 'Venture "Extended Edition"'],
  },
  'excel_pasting.csv': { records: 20, value: [3, 1, '2,666'] },
  'inconsistent-line-endings-unquoted.csv': { records: 2, value: [1, 2, 'Doge'] },
  'invalid_many_rows.csv': { records: 10, issues: ['4 bad-quote'], value: [3, 1, 'two'] },
  'issue-1138.csv': { records: 7, options: { delimiter: ';' }, value: [0, 2, 'nicht qualitätsgesichert'] },
  'multi-bank-account_spec_delimiter.csv': {
    records: 2,
    options: { delimiter: '\u0001' },
    value: [0, 3, '123 My Street'],
  },
  'simple.psv': { records: 28, options: { delimiter: '|' }, value: [0, 0, '1986'] },
  'structure-errors.csv': { records: 4, issues: ['5 wrong-column-count'], value: [2, 0, ''] },
  'title-row.csv': { records: 3, value: [2, 0, 'Qux'] },
};

describe('csv-dialects', () => {
  test('every file has an expectation', () => {
    expect(readdirSync(join(corpus, 'csv-dialects'))).toEqual(Object.keys(dialects));
  });

  test.each(Object.entries(dialects))('%s', async (name, { options = {}, records, issues = [], refused, value }) => {
    const content = bytesOf(`csv-dialects/${name}`);
    const reading = await readCsv(content, options);
    expect(reading.records).toHaveLength(records);
    expect(reading.issues.map(({ code, where }) => `${where.line ?? '?'} ${code}`)).toEqual(issues);
    expect(reading.refused && `${reading.refused.where.line ?? '?'} ${reading.refused.code}`).toBe(refused);
    if (value !== undefined) expect(reading.records[value[0]]?.cells?.[value[1]]).toBe(value[2]);
  });

  test.each(Object.keys(dialects))('%s with other options ends in records or a located issue', async (name) => {
    const content = bytesOf(`csv-dialects/${name}`);
    for (const options of [
      {},
      { delimiter: ';' },
      { quote: 'none' },
      { encoding: 'windows-1252' },
      { encoding: 'utf-16le' },
    ]) {
      const { records, refused, notes } = await readCsv(content, options, {}, 3);
      expect(records.length + notes.length > 0 || refused !== undefined).toBe(true);
      for (const raw of await readRaw(content, options)) expect(raw.line).toBeGreaterThan(0);
    }
  });
});
