import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { FormatOptions } from '../../../src/core/format.ts';
import { csv } from '../../../src/formats/csv/csv.ts';
import { read, valuesOf, type Reading } from './fixed-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata/fixed-width');
const bytesOf = (name: string): Buffer => readFileSync(join(corpus, name));
const golden = (name: string): unknown => JSON.parse(bytesOf(name).toString());

interface Expected {
  readonly format?: typeof csv;
  readonly options: FormatOptions;
  /** Every record, `type: value, value`; without a type the values alone. */
  readonly records?: readonly string[];
  /** `line code column` of every issue. */
  readonly issues?: readonly string[];
  /** Codes of notices and ignored lines. */
  readonly notes?: readonly string[];
  /** Code with which the file ends. */
  readonly refused?: string;
  /** Compares with the golden file beside it. */
  readonly agrees?: (reading: Reading) => void;
}

const f1 = {
  fields: {
    default: [1, 10],
    number: { at: 11, length: 10, pad: '0' },
    padx: { at: 21, length: 10, pad: 'x', align: 'left' },
    pos40: { at: 31, length: 15, pad: '-', align: 'right' },
  },
};
const batches = {
  records: {
    batch: { is: 'H1', role: 'envelope', fields: { Id: [2, 1] } },
    file: { is: 'H', role: 'envelope' },
    detail: { is: 'D', fields: { Id: [2, 1] } },
    batchEnd: { is: 'T1', role: 'trailer', fields: { Id: [2, 1] } },
    fileEnd: { is: 'T', role: 'trailer' },
  },
};
const numbered = (name: string, count: number): object =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name}${index + 1}`, { at: 4 + index * 5, length: 5, pad: '0' }]),
  );
const lettered = (length: number, align: string, count: number): object =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`at${index}`, { at: 4 + index * length, length, pad: ' ', align }]),
  );
const multiline = {
  records: {
    header: { is: 'header', role: 'envelope', columns: ['Type', 'Batches'] },
    order: { is: 'order', columns: ['Type', 'Id', 'Date'] },
    customer: { is: 'customer', columns: ['Type', 'First', 'Last'] },
    item: { is: 'item', columns: ['Type', 'Name', 'Qty'] },
  },
};
const masterDetail = { fields: { Description: [1, 12], Amount: [13, 7] }, header: { lines: 1 } };

const files: Record<string, Expected> = {
  'beanio-fixedlength_f1_valid.txt': {
    options: f1,
    records: ['value, 12345, value, value'],
    notes: ['no-final-newline'],
  },
  'beanio-fixedlength_f1_maxLength.txt': {
    options: f1,
    records: ['value, 12345, value, value'],
    issues: ['1 wrong-length'],
    notes: ['no-final-newline'],
  },
  'beanio-fixedlength_f2_invalid.txt': {
    options: { fields: { field1: [1, 5], field2: [6, 5], field3: [11, 5] }, short: 'reject' },
    records: ['12345, , ', '12345, 67890, 12345'],
    issues: ['1 wrong-length', '2 wrong-length'],
    refused: 'file-cut-off',
  },
  'beanio-fixedlength_f4_padding.txt': {
    options: {
      records: {
        int: { is: 'INT', fields: numbered('n', 7) },
        cha: { is: 'CHA', fields: lettered(1, 'right', 4) },
        stl: { is: 'STL', fields: lettered(3, 'left', 4) },
        str: { is: 'STR', fields: lettered(3, 'right', 4) },
      },
    },
    records: ['int: 0, 1, 10, 100, 1000, 10000, ', 'cha: A, B, , D', 'stl: TXT, TX, T, ', 'str: TXT, TX, T, '],
    notes: ['no-final-newline'],
  },
  'beanio-groups_g1_threeBatch.txt': {
    options: batches,
    records: [
      'file: ',
      'batch: 1',
      'detail: 1',
      'batchEnd: 1',
      'batch: 1',
      'batchEnd: 1',
      'batch: 1',
      'batchEnd: 1',
      'fileEnd: ',
    ],
    notes: ['no-final-newline'],
  },
  'beanio-groups_g1_missingBatchTrailer.txt': {
    options: batches,
    records: ['file: ', 'batch: 1', ...Array.from({ length: 9 }, () => 'detail: 1'), 'fileEnd: '],
    notes: ['no-final-newline'],
  },
  'beanio-multiline_ml2.txt': {
    format: csv,
    options: multiline,
    records: [
      'header: header, 2',
      'order: order, 100, 2012-01-01',
      'customer: customer, George, Smith',
      'item: item, orange, 1',
      'item: item, apple, 2',
      'order: order, 101, 2012-01-01',
      'customer: customer, Joe, Johnson',
      'item: item, banana, 1',
      'header: header, 1',
      'order: order, 103, 2012-01-02',
      'customer: customer, George, Smith',
      'item: item, carrot, 1',
    ],
  },
  'beanio-multiline_ml4.txt': {
    format: csv,
    options: multiline,
    records: [
      'order: order, 100, 2012-01-01',
      'item: item, soda, 2',
      'item: item, carrots, 5',
      'order: order, 101, 2012-01-01',
      'item: item, banana, 1',
      'item: item, apple, 2',
      'item: item, cereal, 3',
    ],
  },
  'csv-h-d.input.csv': {
    format: csv,
    options: {
      records: {
        H: { is: 'H', columns: ['Kind', 'WIRE_NUM', 'DATE', 'TIME'] },
        D: {
          is: 'D',
          columns: ['Kind', 'WIRE_NUM', 'ITEM_ID', 'Empty', 'DESTINATION', 'EVENT_LOCATION', 'EVENT_CODE'],
        },
      },
    },
    agrees: agreesWithWires,
  },
  'delivery-h001-h002.input.txt': {
    options: { records: deliveryTypes() },
    agrees: agreesWithDeliveries,
  },
  'master_detail.txt': {
    options: { ...masterDetail, ignore: 'Total' },
    records: ['Item1, 50', 'Item2, 40', 'Item3, 10', 'Item1, 170', 'Item2, 30'],
    notes: ['line-ignored', 'no-final-newline'],
    agrees: agreesWithTotals,
  },
};

function deliveryTypes(): object {
  // Positions as the layout file beside the data declares them.
  const layout = golden('delivery-h001-h002.layout.json') as {
    file_declaration: {
      envelopes: { columns: { name: string; start_pos: number; length: number; line_pattern: string }[] }[];
    };
  };
  const columns = layout.file_declaration.envelopes[0]?.columns ?? [];
  const fieldsOf = (pattern: string): object =>
    Object.fromEntries(
      columns
        .filter(({ line_pattern: told }) => told === pattern)
        .map(({ name, start_pos: at, length }) => [name, [at, length]]),
    );
  return {
    shipment: { is: 'H001', fields: { ...fieldsOf('^H001') }, length: 1405 },
    tracking: { is: ['H002', { at: 24, text: 'CN' }], fields: fieldsOf('^H002.{19}CN') },
    other: { is: 'H002', role: 'ignore', length: 80 },
  };
}

function agreesWithDeliveries(reading: Reading): void {
  const records = reading.records.map(({ type }, index) => ({ type, ...valuesOf(reading)[index] }));
  const shipments = records.filter(({ type }) => type === 'shipment');
  const trackings = records.filter(({ type }) => type === 'tracking');
  const found = shipments.map(({ type: _type, ...shipment }, index) => {
    const { type: _other, ...tracking } = trackings[index] ?? { type: '' };
    return { ...shipment, ...tracking };
  });
  const known = golden('delivery-h001-h002.golden.json.txt') as { RawRecord: string }[];
  const trimmed = known.map(({ RawRecord: raw }) =>
    Object.fromEntries(
      Object.entries(JSON.parse(raw) as Record<string, string>).map(([name, text]) => [name, text.trim()]),
    ),
  );
  expect(found).toEqual(trimmed);
  expect(records.filter(({ type }) => type === 'other')).toHaveLength(18);
}

function agreesWithWires(reading: Reading): void {
  const values = valuesOf(reading);
  const found = reading.records.flatMap(({ type }, index) => {
    if (type !== 'H') return [];
    const { WIRE_NUM = '', DATE, TIME } = values[index] ?? {};
    const items = values.filter((record, at) => reading.records[at]?.type === 'D' && record['WIRE_NUM'] === WIRE_NUM);
    const D = items.map(({ Kind: _kind, WIRE_NUM: _wire, Empty: _empty, ...item }) => item);
    return [{ D, DATE, TIME, WIRE_NUM }];
  });
  const known = golden('csv-h-d.golden.json.txt') as { RawRecord: string }[];
  expect(found).toEqual(known.map(({ RawRecord: raw }) => JSON.parse(raw) as unknown));
}

function agreesWithTotals(reading: Reading): void {
  // The golden file shows the first total and the records it is of.
  const shown = [
    ...bytesOf('master_detail.expected.txt')
      .toString()
      .matchAll(/^\d \[(.*)\]$/gm),
  ].map(([, row]) => row);
  expect(
    valuesOf(reading)
      .slice(0, 3)
      .map((record) => Object.values(record).join(', ')),
  ).toEqual(shown);
}

test('every file of the corpus has a case', () => {
  const beside = /\.(layout\.json|golden\.json\.txt|expected\.txt)$/;
  expect(
    readdirSync(corpus)
      .filter((name) => !beside.test(name))
      .sort(),
  ).toEqual(Object.keys(files).sort());
});

describe.each(Object.entries(files))(
  '%s',
  (name, { format, options, records, issues = [], notes = [], refused, agrees }) => {
    test('has the records, issues and notices that it should', async () => {
      const reading = await read(bytesOf(name), options, {}, format);
      expect(reading.refused?.code).toBe(refused);
      const values = valuesOf(reading);
      const found = reading.records.map(({ type }, index) => {
        const shown = Object.values(values[index] ?? {}).join(', ');
        return type === undefined ? shown : `${type}: ${shown}`;
      });
      if (records !== undefined) expect(found).toEqual(records);
      expect(reading.issues).toEqual(issues);
      expect(reading.notes.map(({ code }) => code)).toEqual(notes);
      agrees?.(reading);
    });
  },
);

test('totals of a file can be read as records of their own', async () => {
  const { header, fields } = masterDetail;
  const records = { total: { is: 'Total', role: 'trailer', fields }, item: { is: 'Item', fields } };
  const reading = await read(bytesOf('master_detail.txt'), { header, records });
  const totals = valuesOf(reading).filter((_, index) => reading.records[index]?.type === 'total');
  expect(totals.map(({ Amount }) => Amount)).toEqual(['100', '200']);
  expect(bytesOf('master_detail.expected.txt').toString()).toMatch(/^\[Total, 100\]/);
});
