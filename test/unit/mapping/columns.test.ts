import { describe, expect, it } from 'vitest';
import { describeIssue, type Issue } from '../../../src/core/issue.ts';
import { brief, buildAll, inbound, json, schemaOf, sheet } from './support.ts';
import type { JsonSchema } from '../../../src/core/json.ts';

const text = (columns: string, map = 'v: Qty'): string =>
  `read: { format: csv, columns: ${columns} }\ndocument: { type: order, key: Id, group: Id }\nmap:\n  ${map}`;

function issuesOf(mapping: string, header: string, schema?: JsonSchema): readonly Issue[] {
  return inbound(mapping, schema).bind(
    new Map([['', { columns: header.split(','), line: 1 }]]),
    new Map([['', 'orders.csv']]),
  ).issues;
}

describe('columns are found', () => {
  it.each(['Qty', 'QTY', ' q t y ', '\ufeffqty', 'Q\u00a0ty'])('by the name "%s"', async (name) => {
    const [document] = await buildAll(inbound(text('{}')), { '': { ...sheet('Id,X\n1,5'), columns: ['Id', name] } });
    expect(json(document as never)).toBe('{"v":"5"}');
  });

  it('by an alias, and messages call them what the file calls them', async () => {
    const schema = schemaOf({ v: { type: 'integer' } });
    const mapping = inbound(text('{ aliases: { Qty: [Quantity, "Qty Ordered"] } }'), schema);
    const [document] = await buildAll(mapping, { '': sheet('Id,qty ordered\n1,x') });
    expect(brief(document?.issues ?? [])).toEqual(['2:qty ordered not-a-number']);
  });
});

describe('a header is refused', () => {
  it('when a column that is read comes twice, naming both places', () => {
    const issues = issuesOf(text('{ aliases: { Qty: [Quantity] } }'), 'Id,Qty,Quantity');
    expect(issues.map(describeIssue)).toEqual([
      'orders.csv line 1 column Qty: a column appears twice: "Qty" is column 2, "Quantity" is column 3. Rename or remove one of them.',
    ]);
    expect(issues[0]?.severity).toBe('error');
  });

  it('only with a warning when nobody reads the column that comes twice, and not for empty names', () => {
    expect(issuesOf(text('{}'), 'Id,Qty,Note,Note,,').map(({ code, severity }) => [code, severity])).toEqual([
      ['duplicate-column', 'warning'],
    ]);
  });

  it('when a required column is missing, with the name that is near', () => {
    const schema = schemaOf({ v: {} }, ['v']);
    expect(issuesOf(text('{}'), 'Id,Qtty', schema).map(describeIssue)).toEqual([
      'orders.csv line 1 column Qty: a column is missing. Did you mean "Qtty"?',
    ]);
    expect(issuesOf(text('{}'), 'No,Qty').map(({ code, where }) => [code, where.column])).toEqual([
      ['missing-column', 'Id'],
    ]);
  });
});

describe('a missing column is no issue', () => {
  const required = schemaOf({ v: {} }, ['v']);
  it.each([
    ['v: Qty', schemaOf({ v: {} })],
    ['v: { $from: Qty, $default: "1" }', required],
    ['v: { $first: [Qty, Other] }', required],
    ['v: { $from: Qty, $when: Other }', required],
    ['o: { v: Qty }', schemaOf({ o: required })],
  ])('for %s', (map, schema) => {
    expect(issuesOf(text('{}', map), 'Id', schema)).toEqual([]);
  });

  const address = schemaOf({ a: schemaOf({ v: {}, n: {}, c: {} }, ['v']) });
  it.each([
    ['is told for the file, because other columns of that object are there', 'v: Qty, n: Note', 'Id,Note', ['Qty']],
    ['is no issue when the file has nothing for the object', 'v: Qty, n: Note', 'Id', []],
    [
      'is no issue when only a condition of the object is there',
      'v: Qty, n: { $from: Other, $when: Note }',
      'Id,Note',
      [],
    ],
    ['is no issue when the object holds a constant beside it', 'v: Qty, c: { $value: DE }', 'Id', []],
    ['is no issue when a condition decides on the object', 'v: Qty, n: Note, $when: Note', 'Id,Note', []],
    ['is no issue when there is a default', 'v: { $from: Qty, $default: "1" }, n: Note', 'Id,Note', []],
  ])('and one that an optional object requires %s', (_name, members, header, missing) => {
    const issues = issuesOf(text('{}', `a: { ${members} }`), header, address);
    expect(issues.map(({ code, where }) => [code, where.column])).toEqual(
      missing.map((name) => ['missing-column', name]),
    );
  });

  it('but it is for an optional object that is made, with the name that is near', () => {
    expect(issuesOf(text('{}', 'a: { v: Street, n: Note }'), 'Id,Streat,Note', address).map(describeIssue)).toEqual([
      'orders.csv line 1 column Street: a column is missing. Did you mean "Streat"?',
    ]);
  });

  it('but it is for $required', () => {
    expect(issuesOf(text('{}', 'v: { $from: Qty, $required: true }'), 'Id').map(({ code }) => code)).toEqual([
      'missing-column',
    ]);
  });
});

describe('unknown columns', () => {
  it.each([
    ['ignore', []],
    ['warn', ['warning']],
    ['reject', ['error']],
  ])('%s', (unknown, severities) => {
    const issues = issuesOf(text(`{ unknown: ${unknown} }`), 'Id,Qty,Note,dray_code,DRAY_message');
    expect(issues.map(({ severity }) => severity)).toEqual(severities);
  });
});
