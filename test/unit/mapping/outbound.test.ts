import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { parseExact, type Json } from '../../../src/core/json.ts';
import type { OutboundRows } from '../../../src/mapping/index.ts';
import { compile, outbound, placed } from './support.ts';

const item = parseExact(`{
  "UpdateIndex": 90412,
  "Variables": [{ "Key": "BridgeOrderId", "Value": "SO-1" }],
  "Shipments": [
    { "Id": "s1", "ShipDate": "2026-05-05T00:00:00-05:00", "Packages": [
      { "Id": "p1", "TrackingNumber": "1Z", "Items": [
        { "Sku": "A", "UnitsShipped": 2.00000000000000000000, "Variables": [{ "Key": "LineNo", "Value": "10" }] },
        { "Sku": "A", "Quantity": 1e1 } ] },
      { "Id": "p2", "Items": [] } ] },
    { "Id": "s2", "ShipDate": "2026-05-06T22:30:00Z", "Packages": [{ "Id": "p3", "Items": [{ "Sku": "B", "Quantity": 0.5 }] }] }
  ]
}`);

const text = `
write: { format: csv }
rows: Shipments[].Packages[].Items[]
fact: "{Shipments.Id}/{Packages.Id}/{Sku}/{Items.#}"
map:
  Order: $.Variables[Key=BridgeOrderId].Value
  Line: Variables[Key=LineNo].Value
  Sku: Sku
  Qty: { $first: [UnitsShipped, Quantity], $as: number }
  Tracking: Packages.TrackingNumber
  Shipped: { $from: Shipments.ShipDate, $as: date, $format: MM/dd/yyyy, $zone: America/Chicago }
  "2": { $value: x }
`;

function rows(mapping: string, feedItem: Json = item): OutboundRows {
  return outbound(mapping).rows(feedItem) as OutboundRows;
}

const cell = (node: string, feedItem: Json): string => {
  const { rows: made, issues } = rows(`write: { format: csv }\nfact: "{Id}"\nmap: { v: ${node} }`, feedItem);
  return made[0]?.cells[0] ?? issues.map(describeIssue).join();
};

describe('rows of a feed item', () => {
  it('are one per innermost element, every outer level reachable by its name', () => {
    expect(rows(text)).toEqual({
      issues: [],
      rows: [
        { fact: 's1/p1/A/1', cells: ['SO-1', '10', 'A', '2', '1Z', '05/05/2026', 'x'] },
        { fact: 's1/p1/A/2', cells: ['SO-1', '', 'A', '10', '1Z', '05/05/2026', 'x'] },
        { fact: 's2/p3/B/1', cells: ['SO-1', '', 'B', '0.5', '', '05/06/2026', 'x'] },
      ],
    });
  });

  it('keep the columns in the order of the file, also those that look like numbers', () => {
    expect(outbound(text).columns).toEqual(['Order', 'Line', 'Sku', 'Qty', 'Tracking', 'Shipped', '2']);
  });

  it('are one per item when nothing else is said, and none where a level is missing', () => {
    expect(rows('write: { format: csv }\nfact: "{UpdateIndex}"\nmap: { v: UpdateIndex }').rows).toEqual([
      { fact: '90412', cells: ['90412'] },
    ]);
    expect(rows(text, { Shipments: null }).rows).toEqual([]);
  });

  it('are left out where `when` does not hold', () => {
    const mapping = text.replace('map:', 'when: { Sku: { not: B } }\nmap:');
    expect(rows(mapping).rows.map(({ fact }) => fact)).toEqual(['s1/p1/A/1', 's1/p1/A/2']);
  });

  it('that cannot be made are left out, and the issue says why', () => {
    const broken = parseExact(
      '{ "Shipments": [{ "Id": "s", "ShipDate": "soon", "Packages": [{ "Id": "p", "Items": [{ "Sku": "A", "Quantity": 1 }] }] }] }',
    );
    const made = rows(text, broken);
    expect(made.rows).toEqual([]);
    expect(made.issues.map(describeIssue)).toEqual([
      'column /Shipments/0/ShipDate: this date does not exist or is written in another way; expected an ISO 8601 date, got "soon".',
    ]);
  });

  it('need an identity', () => {
    expect(
      rows('write: { format: csv }\nfact: "{Nope}"\nmap: { v: Id }', { Id: 1 }).issues.map(({ code }) => code),
    ).toEqual(['no-key']);
  });

  it('may be computed by an expression', async () => {
    const mapping = outbound(
      'write: { format: csv }\nrows: "Items[]"\nfact: "{Items.#}"\nmap: { v: { $expr: "q * 2" } }',
    );
    expect(await mapping.rows({ Items: [{ q: 1 }, { q: 2.5 }] })).toEqual({
      issues: [],
      rows: [
        { fact: '1', cells: ['2'] },
        { fact: '2', cells: ['5'] },
      ],
    });
  });
});

describe('cells', () => {
  const raw = (number: string): Json => parseExact(`{ "Id": 1, "n": ${number} }`);

  it('are text as the provider sent it, without $as', () => {
    expect(cell('n', raw('2.00000000000000000000'))).toBe('2.00000000000000000000');
    expect(cell('n', raw('90071992547409931'))).toBe('90071992547409931');
    expect(cell('n', raw('true'))).toBe('true');
    expect(cell('n', raw('null'))).toBe('');
  });

  it.each([
    ['{ $from: n, $as: number }', '2.00000000000000000000', '2'],
    ['{ $from: n, $as: number }', '1.5e3', '1500'],
    ['{ $from: n, $as: number, $format: "0.00" }', '2.005', '2.01'],
    ['{ $from: n, $as: number, $format: "0.00" }', '-0.001', '0.00'],
    ['{ $from: n, $as: number, $format: "0,00" }', '1234.5', '1234,50'],
    ['{ $from: n, $as: number, $format: "0.000,00" }', '-1234567.5', '-1.234.567,50'],
    ['{ $from: n, $as: integer }', '2.000', '2'],
    ['{ $from: n, $padStart: [5, "0"] }', '12', '00012'],
    ['{ $from: x, $default: 0 }', '12', '0'],
    ['{ $value: "{n}!" }', '12', '12!'],
  ])('%s of %s', (node, number, expected) => {
    expect(cell(node, raw(number))).toBe(expected);
  });

  it('say when a number is none', () => {
    expect(cell('{ $from: n, $as: integer }', raw('2.5'))).toContain('not a whole number');
    expect(cell('{ $from: n, $as: number }', raw('"x"'))).toContain('not a number');
  });

  it.each([
    ['$as: date', '"2026-05-05T23:00:00-05:00"', '2026-05-05'],
    ['$as: date, $zone: UTC', '"2026-05-05T23:00:00-05:00"', '2026-05-06'],
    ['$as: datetime', '"2026-05-05T23:00:00-05:00"', '2026-05-05T23:00:00-05:00'],
    ['$as: datetime, $format: "yyyyMMddHHmmss", $zone: UTC', '1777904100000', '20260504141500'],
    ['$as: datetime, $format: epoch-s', '"2026-05-04T14:15:00Z"', '1777904100'],
    ['$as: date, $format: yyyyMMdd', '"2021-09-21T00:00:00"', '20210921'],
    ['$as: date, $format: excel', '"2026-05-04"', '46146'],
  ])('write dates: %s', (directives, source, expected) => {
    expect(cell(`{ $from: n, ${directives} }`, raw(source))).toBe(expected);
  });
});

describe('an outbound mapping is checked', () => {
  const issues = (mapping: string): string[] => placed(compile(mapping).issues);

  it.each([
    ['write: { format: csv }\nrows: Items\nfact: "{A}"\nmap: { v: A }', '2:7 wrong-value'],
    ['write: { format: csv }\nfact: "{A"\nmap: { v: A }', '2:7 bad-template'],
    ['write: { format: csv }\nfact: "{A}"\nmap: { v: [A, B] }', '3:11 wrong-type'],
    ['write: { format: csv }\nfact: "{A}"\nmap: { v: { a: B } }', '3:11 wrong-type'],
    ['write: { format: csv }\nfact: "{A}"\nmap: { v: { $each: lines, $from: A } }', '3:20 wrong-value'],
    [
      'write: { format: csv }\nfact: "{A}"\nmap: { v: { $from: A, $as: date, $format: [iso, excel] } }',
      '3:43 wrong-value',
    ],
    ['write: { format: csv }\nfact: "{A}"\nmap: { v: { $value: 007 } }', '3:21 unquoted-number'],
  ])('%s', (mapping, expected) => {
    expect(issues(mapping)).toEqual([expected]);
  });
});
