import { expect, test } from 'vitest';

import { formats } from '../../src/formats/index.ts';
import { describeFormat, type FormatCase } from './format-contract.ts';

const cases: Record<string, Omit<FormatCase, 'format'>> = {
  csv: {
    options: { delimiter: ';', encoding: 'utf-8', columns: { aliases: { Qty: ['Quantity'] }, unknown: 'warn' } },
    sample: Buffer.from('OrderNo;Qty;Note\r\n\r\nA1;2;"two\r\nlines"\r\nA2;5" pipe;x\r\nA3;4\r\nÄ4;5;"last; one"\r\n'),
    refused: Buffer.from('OrderNo;Qty\r\nA1;2\r\nA2;"never closed\r\n'),
  },
};

test('every format has a case', () => {
  expect([...formats.keys()]).toEqual(Object.keys(cases));
});

for (const [name, format] of formats) {
  const sample = cases[name];
  if (sample !== undefined) describeFormat({ format, ...sample });
}
