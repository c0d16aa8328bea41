import { describe, expect, test } from 'vitest';

import { describeConfigIssue } from '../../../src/core/issue.ts';
import { fixed } from '../../../src/formats/fixed/fixed.ts';
import { parseMapping } from '../../../src/mapping/index.ts';

const tail = 'document: { type: order, key: OrderNo }\nmap:\n  Number: OrderNo\n';
/** `line:column severity code message` of every finding of a mapping. */
function findings(yaml: string): readonly string[] {
  const { issues } = parseMapping(yaml, 'order.yaml', new Map([['fixed', fixed]]));
  return issues.map((issue) => `${issue.severity} ${describeConfigIssue(issue).replace('order.yaml:', '')}`);
}
const reading = (lines: string): readonly string[] => findings(`read:\n  format: fixed\n${lines}\n${tail}`);
const writing = (lines: string): readonly string[] =>
  findings(`write:\n  format: fixed\n${lines}\nfact: "{Id}"\nmap:\n  OrderNo: Id\n  Qty: Quantity\n`);

describe('what is read', () => {
  test('needs a layout, and one only', () => {
    expect(reading('')).toEqual(['error 1:1 missing-key "fields" is missing: nothing says where the values stand.']);
    expect(reading('  fields: { OrderNo: [1, 6] }\n  records: { a: { is: H, fields: { OrderNo: [1, 6] } } }')).toEqual([
      'error 3:3 wrong-value "fields" and "records" cannot both be given. Give each record type its own fields.',
    ]);
    expect(reading('  fields: { OrderNo: [1, 6], Qty: [7, 4] }')).toEqual([]);
  });

  test.each([
    ['{ OrderNo: [0, 6] }', /read\.fields\.OrderNo\.0 must be >= 1/],
    ['{ OrderNo: [1, 0] }', /read\.fields\.OrderNo\.1 must be >= 1/],
    ['{ OrderNo: [1] }', /read\.fields\.OrderNo must NOT have fewer than 2 items/],
    ['{ OrderNo: [1, 2, 3] }', /read\.fields\.OrderNo must NOT have more than 2 items/],
    ['{ OrderNo: { at: 1, lenght: 3 } }', /unknown key "lenght"\. Did you mean "length"\?/],
    ['{ OrderNo: 6 }', /read\.fields\.OrderNo has the wrong type/],
    ['{ OrderNo: { at: 1, length: 3, pad: "00" } }', /read\.fields\.OrderNo\.pad must match/],
    ['{}', /read\.fields must NOT have fewer than 1 properties/],
  ])('has no place for %s', (fields, message) => {
    expect(reading(`  fields: ${fields}`).join('\n')).toMatch(message);
  });

  test('has no fields that overlap; one inside another is worth a warning', () => {
    expect(reading('  fields:\n    OrderNo: [1, 10]\n    Qty: [10, 4]\n    Year: [10, 2]')).toEqual([
      'error 5:5 wrong-value the field Qty (10 to 13) overlaps OrderNo (1 to 10).',
      'warning 6:5 wrong-value the field Year (10 to 11) lies inside Qty (10 to 13).',
    ]);
  });

  test('has no field behind the end of its record', () => {
    expect(reading('  fields: { OrderNo: [1, 10], Qty: [11, 4] }\n  length: 12')).toEqual([
      'error 3:31 wrong-value the field Qty ends at 14, behind the end of the record at 12.',
    ]);
  });

  test('has no record type that an earlier one hides, and one length without line ends', () => {
    const records =
      '  records:\n    file: { is: H }\n    batch: { is: [H1, { at: 5, text: X }], length: 4, fields: { A: [2, 1] } }';
    expect(reading(`${records}\n  lineEnds: none`)).toEqual([
      'error 5:44 wrong-value without line ends all records are of one length. Give it once, as read.length.',
      'error 5:14 wrong-value no record is ever batch: all of them fit file, which stands above it. Move batch up.',
    ]);
    expect(reading('  records:\n    batch: { is: H1 }\n    file: { is: H }')).toEqual([]);
  });

  test('has no record type with a name that means something else', () => {
    expect(reading('  records:\n    head: { is: H }')).toEqual([
      'error 4:5 wrong-value "head" cannot be a name in read.records. Choose another name.',
    ]);
  });

  test('cannot count bytes that were replaced', () => {
    expect(reading('  fields: { OrderNo: [1, 10] }\n  unit: bytes\n  onBad: replace')).toEqual([
      'error 5:3 wrong-value bytes of utf-8 cannot be counted where bad ones are replaced. Set onBad: fail, or count characters.',
    ]);
    expect(reading('  fields: { OrderNo: [1, 10] }\n  unit: bytes\n  onBad: replace\n  encoding: cp850')).toEqual([]);
  });

  test('is checked in companions too', () => {
    const yaml = `read:\n  format: fixed\n  name: "O{rest}.txt"\n  fields: { OrderNo: [1, 6] }\n  with:\n    items: { name: "I{rest}.txt", by: OrderNo, fields: { OrderNo: [1, 6], Sku: [6, 4] } }\n${tail.replace('key: OrderNo', 'key: OrderNo, group: OrderNo')}`;
    expect(findings(yaml)).toEqual(['error 6:75 wrong-value the field Sku (6 to 9) overlaps OrderNo (1 to 6).']);
  });
});

describe('what is written', () => {
  test('needs a field for every column and a column for every field', () => {
    expect(writing('')).toEqual(['error 1:1 missing-key "fields" is missing: nothing says where the values stand.']);
    expect(writing('  fields: { OrderNo: 6, Quantity: 4 }')).toEqual([
      'error 3:3 missing-key the column Qty has no field.',
      'error 3:25 unknown-reference no column of the mapping is called Quantity.',
    ]);
    expect(writing('  fields: { OrderNo: 6, Qty: { length: 4, pad: "0" } }')).toEqual([]);
  });

  test('has fields beside one another, inside the record', () => {
    expect(writing('  fields: { OrderNo: 6, Qty: [6, 4] }\n  length: 8')).toEqual([
      'error 3:25 wrong-value the field Qty (6 to 9) overlaps OrderNo (1 to 6).',
      'error 3:25 wrong-value the field Qty ends at 9, behind the end of the record at 8.',
    ]);
  });

  test('comes out even in characters of two bytes, and is padded by single ones', () => {
    const wide = '\n  unit: bytes\n  encoding: utf-16le';
    expect(writing(`  fields: { OrderNo: 6, Qty: 5 }${wide}`)).toEqual([
      'error 3:25 wrong-value in utf-16le a character takes 2 bytes, and half of one cannot be written.',
    ]);
    expect(writing(`  fields: { OrderNo: 6, Qty: 4 }${wide}`)).toEqual([]);
    expect(writing('  fields: { OrderNo: 6, Qty: { length: 4, pad: "·" } }\n  unit: bytes')).toEqual([
      'error 3:25 wrong-value the padding "·" takes 2 bytes; expected 1.',
    ]);
  });

  test('has numbers that stay what they are', () => {
    expect(writing('  fields: { OrderNo: 6, Qty: { length: 4, pad: "0", align: left, overflow: cut } }')).toEqual([
      'error 3:25 wrong-value zeros behind a number change it.',
      'error 3:25 wrong-value a number that is cut is another number.',
    ]);
  });

  test('has an order that does not hang on names made of digits', () => {
    const yaml = 'write:\n  format: fixed\n  fields: { b: 2, "1": 3 }\nfact: "{Id}"\nmap:\n  b: Id\n  "1": Quantity\n';
    expect(findings(yaml)).toEqual([
      'error 3:19 wrong-value a column named by digits needs its position. Write "1": [first position, length].',
    ]);
    expect(findings(yaml.replace('{ b: 2, "1": 3 }', '{ b: [1, 2], "1": [3, 3] }'))).toEqual([]);
  });
});
