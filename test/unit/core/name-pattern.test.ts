import { expect, test } from 'vitest';
import { captureName, fillName, namePlaces, withoutRejectMark } from '../../../src/core/name-pattern.ts';

test.each([
  ['SalesOrders{rest}.csv', 'SalesOrders0417.csv', { rest: '0417' }],
  ['SalesOrders{rest}.csv', 'SalesOrders.csv', { rest: '' }],
  ['{OrderNo}_{Type}.pdf', 'SO-1001_BILL_OF_LADING.pdf', { OrderNo: 'SO-1001', Type: 'BILL_OF_LADING' }],
  ['{OrderNo}_{Type}.pdf', 'SO-1001.pdf', undefined],
  ['{OrderNo}.pdf', 'SO-1001.PDF', undefined],
  ['{a}+{b}(1).pdf', 'x+y(1).pdf', { a: 'x', b: 'y' }],
  ['{OrderNo}.pdf', 'in/SO-1.pdf', undefined],
])('%s of %s', (pattern, name, expected) => {
  const found = captureName(pattern, name);
  expect(found === undefined ? undefined : Object.fromEntries(found)).toEqual(expected);
});

test('a pattern is filled with what was captured', () => {
  expect(namePlaces('{OrderNo}_{Type}.pdf')).toEqual(['OrderNo', 'Type']);
  expect(fillName('{a}-{b}.csv', new Map([['a', '1']]), '*')).toBe('1-*.csv');
});

test.each([
  ['BOL.rejected.pdf', 'BOL.pdf'],
  ['BOL.17.rejected.pdf', 'BOL.pdf'],
  ['BOL.17-2.rejected.pdf', 'BOL.pdf'],
  ['BOL.rejected', 'BOL'],
  ['BOL.v2.rejected.pdf', 'BOL.v2.pdf'],
  ['BOL-rejected.pdf', 'BOL-rejected.pdf'],
  ['rejected.pdf', 'rejected.pdf'],
  ['BOL.17.pdf', 'BOL.17.pdf'],
])('%s came as %s', (name, expected) => {
  expect(withoutRejectMark(name)).toBe(expected);
});
