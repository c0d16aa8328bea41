import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { Issue } from '../../../src/core/issue.ts';
import { dialects, type Expected } from './csv-corpus-cases.ts';
import { commerce } from './csv-corpus-commerce.ts';
import { readCsv, readRaw } from './csv-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata');
const bytesOf = (name: string): Buffer => readFileSync(join(corpus, name));

describe('csv-spectrum', () => {
  const files = readdirSync(join(corpus, 'csv-spectrum/csvs'));

  test('every file has its golden file, and every golden file its file', () => {
    const goldens = readdirSync(join(corpus, 'csv-spectrum/golden'));
    expect(goldens.map((name) => name.replace('.json', '.csv'))).toEqual(files);
  });

  test.each(files)('%s gives the values of its golden file', async (name) => {
    const golden: unknown = JSON.parse(bytesOf(`csv-spectrum/golden/${name.replace('.csv', '.json')}`).toString());
    const { columns = [], cells, issues, refused } = await readCsv(bytesOf(`csv-spectrum/csvs/${name}`));
    expect(cells.map((row) => Object.fromEntries(columns.map((column, index) => [column, row?.[index]])))).toEqual(
      golden,
    );
    expect([issues, refused]).toEqual([[], undefined]);
  });
});

const placed = ({ code, where }: Issue): string => `${where.line ?? '-'} ${code}`;

async function expectReading(content: Buffer, expected: Expected): Promise<void> {
  const { options = {}, columns, records, issues = [], notes = [], refused, values = [] } = expected;
  const reading = await readCsv(content, options);
  expect(reading.records).toHaveLength(records);
  expect(reading.issues.map(placed)).toEqual(issues);
  expect(reading.notes.map(placed)).toEqual(notes);
  expect(reading.refused && placed(reading.refused)).toBe(refused);
  if (columns !== undefined) expect(reading.columns).toEqual(columns);
  for (const [record, cell, text] of values) expect(reading.records[record]?.cells?.[cell]).toEqual(text);
}

describe.each([
  ['csv-dialects', dialects],
  ['commerce', commerce],
])('%s', (folder, expectations) => {
  test('every file has an expectation', () => {
    expect(Object.keys(expectations)).toEqual(readdirSync(join(corpus, folder)));
  });

  const cases = Object.entries(expectations).flatMap(([name, all]) =>
    all.map((expected) => [name, JSON.stringify(expected.options ?? {}), expected] as const),
  );
  test.each(cases)('%s with %s', async (name, _options, expected) => {
    await expectReading(bytesOf(`${folder}/${name}`), expected);
  });

  test.each(Object.keys(expectations))('%s with other options ends in records or a located issue', async (name) => {
    const content = bytesOf(`${folder}/${name}`).subarray(0, 5000);
    for (const options of [
      {},
      { delimiter: ';' },
      { quote: 'none' },
      { encoding: 'windows-1252' },
      { encoding: 'utf-16le' },
      { encoding: 'ebcdic-500' },
      { trim: true, comment: '#', ragged: ['pad', 'trim'], onBad: 'replace' },
      { header: { line: 2 }, skip: 1, ignore: ['T'] },
    ]) {
      const { records, refused, notes } = await readCsv(content, options, {}, 3);
      expect(records.length + notes.length > 0 || refused !== undefined).toBe(true);
      for (const raw of await readRaw(content, options)) expect(raw.line).toBeGreaterThan(0);
    }
  });
});

describe('commerce', () => {
  async function read(name: string): Promise<readonly Record<string, string>[]> {
    const { columns = [], cells } = await readCsv(bytesOf(`commerce/${name}`));
    return cells.map((row) => Object.fromEntries(columns.map((column, index) => [column, row?.[index] ?? ''])));
  }
  const sum = (rows: readonly Record<string, string>[], column: string): number =>
    rows.reduce((total, row) => total + Number(row[column]), 0);

  test('sums and keys of the sales orders and their items are those their source states', async () => {
    const orders = await read('sap-bikes-SalesOrders.csv');
    const items = await read('sap-bikes-SalesOrderItems.csv');
    expect(sum(orders, 'GROSSAMOUNT')).toBe(20_433_877);
    expect(sum(items, 'QUANTITY')).toBe(10_663);
    const keys = orders.map((order) => order['SALESORDERID']);
    expect(keys.every((key) => /^0\d{9}$/.test(key ?? ''))).toBe(true);
    expect(new Set(items.map((item) => item['SALESORDERID']))).toEqual(new Set(keys));
  });
});
