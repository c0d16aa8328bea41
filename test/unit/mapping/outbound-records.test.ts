import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import type { OutboundRows } from '../../../src/mapping/index.ts';
import { codesOf, outbound } from './support-outbound.ts';

const groups = `
rows: Shipments[]
fact: "{Shipments.Id}"
write: { format: csv }
records:
  order: { map: { T: { $value: H }, Id: Id, Order: $.Order } }
  line: { rows: "Lines[]", when: { Sku: { not: FEE } }, map: { T: { $value: L }, No: Lines.#, Sku: Sku, Qty: { $from: Qty, $as: integer } } }
  note: { rows: "Lines[]", when: Note, map: { T: { $value: N }, Text: Note } }
  serial: { rows: "Lines[].Serials[]", map: { T: { $value: S }, Sku: Lines.Sku, Serial: No, Of: Serials.# } }
  box: { rows: "Boxes[]", map: { T: { $value: B }, Box: Id } }
  total: { when: Weight, map: { T: { $value: W }, Weight: Weight } }
`;

function records(text: string, item: Json): string[] {
  const { rows, issues } = outbound(text).rows(item) as OutboundRows;
  return [
    ...rows.map(({ fact, records: own = [] }) => `${fact}: ${own.map(({ cells }) => cells.join(',')).join(' ')}`),
    ...issues.map(({ code }) => code),
  ];
}

const shipment = (Id: string, ...Lines: readonly Json[]): { readonly [name: string]: Json } => ({ Id, Lines });

describe('groups of records', () => {
  it('stand in the order of the types, each list with what lies in its elements', () => {
    const one = {
      ...shipment('S1', { Sku: 'A', Qty: 1, Note: 'n', Serials: [{ No: 'x' }, { No: 'y' }] }, { Sku: 'B', Qty: 2 }),
      Boxes: [{ Id: 'b1' }],
      Weight: 7,
    };
    expect(records(groups, { Order: 'O', Shipments: [one, shipment('S2')] })).toEqual([
      'S1: H,S1,O L,1,A,1 N,n S,A,x,1 S,A,y,2 L,2,B,2 B,b1 W,7',
      'S2: H,S2,O',
    ]);
  });

  it('have nothing below what is left out', () => {
    const one = shipment('S1', { Sku: 'FEE', Qty: 1, Note: 'n', Serials: [{ No: 'x' }] }, { Sku: 'B', Qty: 2 });
    expect(records(groups, { Shipments: [one] })).toEqual(['S1: H,S1, L,2,B,2']);
    const headless = groups.replace('order: {', 'order: { when: Open,');
    expect(records(headless, { Shipments: [one, { ...shipment('S2', { Sku: 'A', Qty: 1 }), Open: 'y' }] })).toEqual([
      'S2: H,S2, L,1,A,1',
    ]);
  });

  it('are made whole or not at all, and say what is wrong', () => {
    const item = {
      Shipments: [
        shipment('S1', { Sku: 'A', Qty: 1 }, { Sku: 'B', Qty: 'x' }, { Sku: 'C', Qty: 'y' }),
        shipment('S2', { Sku: 'D', Qty: 4 }),
        shipment('', { Sku: 'E', Qty: 1 }),
      ],
    };
    expect(records(groups, item)).toEqual(['S2: H,S2, L,1,D,4', 'not-a-number', 'not-a-number', 'no-key']);
  });

  it('with ten thousand lines are made in time that grows with them', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => ({ Sku: `K${index}`, Qty: index % 2 === 0 ? 1 : 'x' }));
    const start = performance.now();
    expect(records(groups, { Shipments: [shipment('S1', ...lines)] })).toHaveLength(5_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('mappings of record types', () => {
  const base = (records: string, write = 'format: csv'): string =>
    `write: { ${write} }\nfact: "{Id}"\nrecords:\n${records}`;
  const head = '  head: { map: { Id: Id } }\n';

  it.each([
    ['a type twice', base(`${head}${head}`), ['bad-yaml']],
    ['a name that is taken', base('  header: { map: { Id: Id } }\n'), ['wrong-value']],
    ['nothing that is written', 'write: { format: csv }\nfact: "{Id}"\n', ['missing-key']],
    ['columns of their own and of all', `${base(head)}map: { Id: Id }\n`, ['wrong-value']],
    ['what is gone', `${base(head)}gone: { Id: "0" }\n`, ['wrong-value']],
    ['a workbook', base(head, 'format: xlsx'), ['wrong-value']],
    ['a line of names', base(head, 'format: csv, header: true'), ['wrong-value']],
    ['a count of another type', base(head, "format: csv, records: { trailer: ['{rows:line}'] }"), ['bad-template']],
    ['a sum of another type', base(head, "format: csv, records: { trailer: ['{sum:line.Id}'] }"), ['bad-template']],
    ['numbers of another type', base(head, 'format: ndjson, numbers: [line.Id]'), ['unknown-reference']],
    ['rows that do not end in a list', base('  head: { rows: Lines, map: { Id: Id } }\n'), ['wrong-value']],
    [
      'a layout for no type',
      base(head, 'format: fixed, records: { had: { fields: { Id: 4 } } }'),
      ['unknown-reference', 'missing-key'],
    ],
    [
      'fields for all',
      base(head, 'format: fixed, fields: { Id: 4 }, records: { head: { fields: { Id: 4 } } }'),
      ['wrong-value'],
    ],
    [
      'a field too few',
      base(head, 'format: fixed, records: { head: { fields: { No: 4 } } }'),
      ['missing-key', 'unknown-reference'],
    ],
    [
      'a field behind the end',
      base(head, 'format: fixed, records: { head: { fields: { Id: 4 }, length: 3 } }'),
      ['wrong-value'],
    ],
    [
      'two lengths without line ends',
      base(head, 'format: fixed, lineEnd: none, records: { head: { fields: { Id: 4 }, length: 8 } }'),
      ['wrong-value'],
    ],
  ])('are refused with %s', (_what, text, codes) => {
    expect(codesOf(text)).toEqual(codes);
  });
});
