import { readFileSync } from 'node:fs';
import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { parseNumberFormat } from '../../../src/mapping/values/number-format.ts';
import { documentOf, valueOf } from './value-support.ts';

/** Cells of a file of others, split in the plainest way that fits the file. */
function cells(path: string, split: (line: string) => string[]): string[][] {
  const text = readFileSync(new URL(`../../support/testdata/${path}`, import.meta.url), 'utf8').replace(/^\ufeff/, '');
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(split);
}
const quoted = (line: string): string[] =>
  [...line.matchAll(/("([^"]*)"|[^,]*)(?:,|$)/g)].map(([, bare = '', inner]) => inner ?? bare);

function sum(format: string, texts: readonly string[]): string {
  const parsed = parseNumberFormat(format);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return texts.reduce((total, text) => total.plus(parsed.read(text) ?? 'none'), new Big(0)).toFixed();
}

describe('values of files that others wrote', () => {
  it('say the same with a decimal comma and with a point, with signs and exponents', async () => {
    const [, ...rows] = cells('csv-dialects/duckdb-decimal_separators_decimal_separators.csv', (line) =>
      line.split(';'),
    );
    expect(rows.length).toBe(5);
    for (const [comma = '', point = ''] of rows) {
      const one = await valueOf('$format: "+0,00e"', comma, 'number');
      expect(one).toBe(await valueOf('$format: "+0.00e"', point, 'number'));
      expect(Number(one)).toBe(Number(point));
    }
    expect((await documentOf('', '+1,53e4', 'number')).issues.map(({ code }) => code)).toEqual(['not-a-number']);
  });

  it('of an Italian project list are amounts with a comma, numbers with a point, and days', async () => {
    const [header = [], ...rows] = cells('csv-dialects/duckdb-comma_decimal_null.csv', quoted);
    const column = (name: string): string[] =>
      rows.map((row) => row[header.indexOf(name)] ?? '').filter((text) => text !== '');
    const amounts = column('FINANZ_STATO_FSC');
    expect(amounts.length).toBeGreaterThan(3);
    expect(sum('0,00', amounts)).toBe(
      sum(
        '0.00',
        amounts.map((text) => text.replace(',', '.')),
      ),
    );
    for (const amount of amounts) expect(await valueOf('', amount, 'number')).toBe('not-a-number');
    for (const day of column('OC_DATA_INIZIO_PROGETTO'))
      expect(await valueOf('$as: date, $format: yyyyMMdd', day, 'string')).toMatch(/^"20\d\d-\d\d-\d\d"$/);
  });

  it('of a German gauge are days with and without a time', async () => {
    const [, ...rows] = cells('csv-dialects/issue-1138.csv', (line) =>
      line.split(';').map((cell) => cell.replaceAll('"', '')),
    );
    const read = async (text: string): Promise<string> =>
      valueOf('$as: datetime, $format: [dd.MM.yyyy HH:mm:ss, dd.MM.yyyy], $zone: Europe/Berlin', text, 'string');
    expect(await Promise.all(rows.slice(0, 2).map(([text = '']) => read(text)))).toEqual([
      '"2013-07-09T12:00:00+02:00"',
      '"2013-07-10T00:00:00+02:00"',
    ]);
  });

  it('of a pasted spreadsheet are thousands', () => {
    const rows = cells('csv-dialects/excel_pasting.csv', quoted).filter(
      ([name]) => name === 'Timber' || name === 'Chemicals',
    );
    const sums = rows.map(([, ...numbers]) =>
      sum(
        '0,000,000',
        numbers.filter((text) => text !== ''),
      ),
    );
    expect(sums).toEqual(['15941', '149712']);
  });

  it('of SAP add up to what its authors counted, and its last day means for ever', async () => {
    const orders = cells('commerce/sap-bikes-SalesOrders.csv', (line) => line.split(','));
    const at = (name: string): number => (orders[0] ?? []).indexOf(name);
    expect(
      sum(
        '0.00',
        orders.slice(1).map((row) => row[at('GROSSAMOUNT')] ?? ''),
      ),
    ).toBe('20433877');
    const forever = '$as: date, $format: yyyyMMdd, $empty: "99991231"';
    expect(await valueOf(forever, '99991231', 'string')).toBe('absent');
    expect(await valueOf(forever, orders[1]?.[at('CREATEDAT')] ?? '', 'string')).toMatch(/^"\d{4}-\d\d-\d\d"$/);
  });

  it('of a carrier are a time in fourteen digits', async () => {
    const [line = ''] = cells('fixed-width/delivery-h001-h002.input.txt', (own) => [own]).flat();
    const [stamp = ''] = /\d{14}/.exec(line) ?? [];
    expect(await valueOf('$as: datetime, $format: yyyyMMddHHmmss, $zone: America/New_York', stamp, 'string')).toBe(
      '"2019-08-26T12:47:04-04:00"',
    );
  });
});
