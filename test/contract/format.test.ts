import { expect, test } from 'vitest';

import { defaultLimits } from '../../src/core/limits.ts';
import { formats } from '../../src/formats/index.ts';
import { makeWorkbook, row } from '../support/workbook.ts';
import { describeFormat, type FormatCase } from './format-contract.ts';

const cases: Record<string, Omit<FormatCase, 'format'>> = {
  csv: {
    options: {
      delimiter: ';',
      encoding: 'utf-8',
      onBad: 'fail',
      comment: '#',
      header: { has: ['Qty'], within: 5 },
      ragged: ['pad', 'trim'],
      ignore: ['Sum'],
      columns: { aliases: { Qty: ['Quantity'] }, unknown: 'warn' },
    },
    sample: Buffer.from(
      'Orders of May;;\r\n\r\nOrderNo;Qty;Note\r\n\r\nA1;2;"two\r\nlines"\r\n# note\r\nA2;5" pipe;x\r\nA3;4;x;y\r\nÄ4;5;"last; one"\r\n',
    ),
    refused: Buffer.from('OrderNo;Qty\r\nA1;2\r\nA2;"never closed\r\n'),
  },
  file: {
    options: { name: '{OrderNo}_{Type}.pdf' },
    sample: Buffer.from('%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF'),
    refused: Buffer.alloc(0),
    isWhole: true,
  },
  fixed: {
    options: { fields: { OrderNo: [1, 6], Qty: { at: 7, length: 4, pad: '0' }, Note: [11, 8] }, header: { lines: 1 } },
    sample: Buffer.from('EXPORT 1\r\nA1    0002\r\n\r\nA2    0003too long a note\r\nÄ4    0005\tlast\r\n'),
    refused: Buffer.from('EXPORT 1\r\nA1    0002\r\nA2    00\0\r\n'),
  },
  json: {
    options: { path: 'data.Orders', encoding: 'utf-8', onBad: 'fail' },
    sample: Buffer.from(
      '{ "data": { "Orders": [\r\n 7, {"OrderNo": "A1", "Qty": 2},\n\n {\n "OrderNo": "A2", "Qty": 02, "Qty": 3 },\r { "OrderNo": "Ä4" } ], "more": [1] }, "by": "x"}\n',
    ),
    refused: Buffer.from('{ "data": { "Orders": [{ "OrderNo": "A1" }, { "OrderNo": "A2", }, { "OrderNo": A3" }'),
    unbroken: (text) => text.slice(1),
  },
  ndjson: {
    options: { encoding: 'utf-8', onBad: 'fail' },
    sample: Buffer.from(
      '{"OrderNo":"A1","Qty":2}\r\n\r\n{"OrderNo":"A2\n["A3"] {"OrderNo":"Ä4"}\r {"OrderNo":"A5","a":1}\n',
    ),
    refused: Buffer.from('{"OrderNo":"A1"}\n{"OrderNo":"A\xff"}\n', 'latin1'),
    unbroken: (text) => text.slice(1),
  },
  xlsx: {
    options: { sheet: 'Orders', header: { has: ['Qty'], within: 5 }, hidden: 'skip', merged: 'fill' },
    sample: await orders(row(4, ['A1', 2]) + row(5, ['A2', '<c><f>1+1</f></c>']) + row(7, ['Ä4', 5, 'last', 'beside'])),
    refused: await orders(`${row(4, ['A1', 2])}<row r="5"><c r="A5"><v>3</v></row>`),
    sheetText: async (sheet) => {
      const context = { file: 'sheet', limits: defaultLimits };
      async function* bytes(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(sheet);
      }
      const raw = await Array.fromAsync(formats.get('xlsx')?.readRaw(bytes(), {}, context) ?? []);
      return raw.map(({ text }) => text).join('\n');
    },
  },
};

function orders(data: string): Promise<Buffer> {
  const lead = row(1, ['Orders of May']) + row(3, ['OrderNo', 'Qty', 'Note']);
  return makeWorkbook({ sheets: { Cover: row(1, ['dear all']), Orders: lead + data } });
}

test('every format has a case', () => {
  expect([...formats.keys()]).toEqual(Object.keys(cases));
});

for (const [name, format] of formats) {
  const sample = cases[name];
  if (sample !== undefined) describeFormat({ format, ...sample });
}
