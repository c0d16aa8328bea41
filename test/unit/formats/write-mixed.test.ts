import { describe, expect, test } from 'vitest';
import type { FormatOptions, RecordColumns, TypedRow } from '../../../src/core/format.ts';
import { formats } from '../../../src/formats/index.ts';
import { required } from '../inbound/support.ts';
import { collect, each } from './csv-help.ts';

const types: RecordColumns = new Map([
  ['order', ['Type', 'Id']],
  ['line', ['Type', 'Sku', 'Qty']],
  ['mark', ['Type']],
]);
const rows: TypedRow[] = [
  { type: 'order', cells: ['H', '10'] },
  { type: 'line', cells: ['L', 'A;1', '2.50'] },
  { type: 'line', cells: ['L', 'B', '-1'] },
  { type: 'mark', cells: ['M'] },
  { type: 'order', cells: ['H', '11'] },
];

const mixed = (name: string) => required(required(formats.get(name)).mixed);

async function write(name: string, options: FormatOptions, given = rows): Promise<string> {
  expect(mixed(name).check(options, types)).toEqual([]);
  return (await collect(mixed(name).write(each(given), types, options))).toString();
}

const findings = (name: string, options: FormatOptions, type: string, ...cells: string[]): string[] =>
  mixed(name)
    .rowCheck(
      types,
      options,
    )({ type, cells })
    .map(({ code, column }) => `${code} ${column}`);

describe('records of several types', () => {
  const trailer = ['T', '{rows}', '{rows:line:3}', '{records}', '{sum:line.Qty}', '{sum:Id}'];

  test('of CSV have as many values as their type, no line of names, and totals by type and of all', async () => {
    const options = { delimiter: ';', lineEnd: 'lf', numbers: ['line.Qty'], decimalMark: ',', records: { trailer } };
    expect(await write('csv', options)).toBe('H;10\nL;"A;1";2,50\nL;B;-1\nM\nH;11\nT;5;002;6;1,50;21\n');
  });

  test('of fixed width have the fields and the length of their type', async () => {
    const options = {
      lineEnd: 'lf',
      records: {
        header: { Type: { length: 1, value: 'F' } },
        order: { fields: { Type: 1, Id: [4, 2] } },
        line: { fields: { Type: 1, Sku: 4, Qty: { length: 6, align: 'right' } } },
        mark: { fields: { Type: 1 }, length: 1 },
      },
    };
    expect(await write('fixed', options)).toBe(
      ['F          ', 'H  10      ', 'LA;1   2.50', 'LB       -1', 'M', 'H  11      ', ''].join('\n'),
    );
  });

  test('of JSON are objects of several kinds in their order', async () => {
    const options = { numbers: ['Qty', 'order.Id'], records: { trailer: { Lines: '{rows:line}' } } };
    expect(await write('ndjson', options, rows.slice(0, 2))).toBe(
      '{"Type": "H", "Id": 10}\n{"Type": "L", "Sku": "A;1", "Qty": 2.50}\n{"Lines": 1}\n',
    );
    expect(await write('json', { indent: 0 }, rows.slice(3))).toBe('[\n{"Type": "M"},\n{"Type": "H", "Id": "11"}\n]\n');
  });

  test('are looked at by the rules of their type before they are written', () => {
    const lengths = { 'line.Sku': 2, Type: { length: 1, overflow: 'fail' } };
    expect(findings('csv', { lengths, numbers: ['line.Qty'] }, 'line', 'L', 'ABC', 'x')).toEqual([
      'too-long Sku',
      'not-a-number Qty',
    ]);
    expect(findings('csv', { lengths, numbers: ['line.Qty'] }, 'order', 'H', 'ABC')).toEqual([]);
    expect(findings('ndjson', { numbers: ['Qty'] }, 'line', 'L', 'A', '1,5')).toEqual(['not-a-number Qty']);
    const fields = {
      records: { order: { fields: { Type: 1, Id: 2 } }, line: { fields: { Type: 1, Sku: 2, Qty: 3 } } },
    };
    expect(findings('fixed', fields, 'order', 'H', '123')).toEqual(['too-long Id']);
    expect(findings('fixed', fields, 'line', 'L', 'AB', '123')).toEqual([]);
  });

  test('are not written by formats that hold one kind', () => {
    expect(
      [...formats]
        .filter(([, { mixed: can }]) => can !== undefined)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['csv', 'fixed', 'json', 'ndjson']);
  });
});
