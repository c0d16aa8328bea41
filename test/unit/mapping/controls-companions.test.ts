import { describe, expect, test } from 'vitest';
import { createControlCheck } from '../../../src/mapping/index.ts';
import { mistakes, realMapping } from './read-support.ts';

const head = `read:
  format: csv
  name: "orders{rest}.csv"
  with:
    items: { name: "items{rest}.csv", by: No }
    places: { name: "places{rest}.csv", key: Id }
document: { type: order, key: No, group: No }
map: { Items: { $each: items, Sku: { $from: Sku, $table: places.City } } }
`;
const mapping = (controls: string): string => `${head}controls: ${controls}\n`;

/** Findings of a drop whose companion is read after the picked file, as it always is. */
function findings(controls: string, trailer: readonly string[]): string[] {
  const { definition } = realMapping(mapping(controls));
  const check = createControlCheck(definition, (part) => (part === '' ? 'orders.csv' : `${part}.csv`));
  check.header('', { columns: ['No', 'Name', 'Total'], line: 1 });
  check.header('items', { columns: ['No', 'Sku', 'Qty'], line: 1 });
  check.pass([
    { seq: 0, line: 2, cells: ['A', 'Ann', ''] },
    { seq: 1, line: 3, cells: [...trailer] },
  ]);
  const items = [
    ['A', 'S-1', '2'],
    ['A', 'S-2', '3.5'],
  ];
  check.pass(
    items.map((cells, seq) => ({ seq, line: seq + 2, cells })),
    'items',
  );
  return check.findings(1).map(({ code, got, expected }) => `${code} ${got ?? ''}/${expected ?? ''}`);
}

describe('the trailer of the picked file', () => {
  test('counts and adds up the files that belong to it, which are read after it', () => {
    const controls = '{ trailer: { starts: T, count: { 2: items }, sums: { 3: items.Qty } } }';
    expect(findings(controls, ['T', '2', '5.5'])).toEqual([]);
    expect(findings(controls, ['T', '3', '6'])).toEqual(['control-total 3/2', 'control-total 6/5.5']);
  });

  test('adds up their identifiers', () => {
    const controls = '{ trailer: { starts: T, hash: { 2: items.Sku } } }';
    expect(findings(controls, ['T', '3', ''])).toEqual([]);
    expect(findings(controls, ['T', '4', ''])).toEqual(['control-total 4/3']);
  });

  test('still counts nothing of the picked file behind itself', () => {
    const { definition } = realMapping(mapping('{ trailer: { starts: T, count: 2 } }'));
    const check = createControlCheck(definition, () => 'orders.csv');
    check.header('', { columns: ['No', 'Name', 'Total'], line: 1 });
    check.pass([
      { seq: 0, line: 2, cells: ['A', 'Ann', ''] },
      { seq: 1, line: 3, cells: ['T', '1', ''] },
      { seq: 2, line: 4, cells: ['B', 'Ben', ''] },
    ]);
    expect(check.findings(1).map(({ what }) => what)).toEqual(['records follow the trailer']);
  });
});

describe('a mapping is told of controls that can prove nothing', () => {
  const types = `read:
  format: csv
  name: "a{rest}.csv"
  records: { batch: { is: B, role: envelope, columns: [K] }, order: { is: H, columns: [K, No] }, end: { is: E, role: trailer, columns: [K, N] } }
  with: { items: { name: "b{rest}.csv", by: No } }
document: { type: order, key: No, begins: order }
map: { Items: { $each: items, Sku: Sku } }
`;

  test.each([
    ['a companion counted by batch', 'trailer: { record: end, since: batch, count: N, of: items }'],
    ['a companion added up by batch', 'trailer: { record: end, since: batch, sums: { N: items.Qty } }'],
    ['a companion hashed by batch', 'trailer: { record: end, since: end, hash: { N: items.Sku } }'],
  ])('%s', (_name, controls) => {
    expect(mistakes(`${types}controls: { ${controls} }\n`)).toEqual([
      expect.stringMatching(/^8:\d+ wrong-value the records of "items" stand in a file of their own, in no batch$/),
    ]);
  });

  test.each([
    ['count: { 2: places }', 'wrong-value "places" is looked up: its records belong to no document'],
    ['sums: { 2: places.Lat }', 'wrong-value "places" is looked up: its records belong to no document'],
    ['of: records', 'missing-key "count" is missing: where does the number of "of" stand?'],
    ['count: { 2: records }, of: lines', 'wrong-value each place under "count" says itself what is counted'],
  ])('%s', (rule, told) => {
    expect(mistakes(mapping(`{ trailer: { starts: T, ${rule} } }`))).toEqual([expect.stringContaining(told)]);
  });

  test('of a header too: of without count', () => {
    expect(mistakes(mapping('{ header: { sums: { Total: Qty }, of: lines } }'))).toEqual([
      expect.stringContaining('missing-key "count" is missing'),
    ]);
  });
});
