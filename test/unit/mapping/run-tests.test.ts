import { describe, expect, it } from 'vitest';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import type { JsonSchema } from '../../../src/core/json.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { compileMapping, parseMapping, runMappingTests, type MappingTestResult } from '../../../src/mapping/index.ts';
import { schemaOf } from './support.ts';

async function run(text: string, schema?: JsonSchema): Promise<readonly Omit<MappingTestResult, 'actual'>[]> {
  const { definition, yaml, issues } = parseMapping(text, 'm.yaml', formats);
  if (definition === undefined) throw new Error(issues.map(describeConfigIssue).join('\n'));
  const compiled = compileMapping(definition, yaml, {
    ...(schema === undefined ? {} : { schema }),
    tables: new Map(),
    limits: defaultLimits,
  });
  if (compiled.mapping === undefined) throw new Error(compiled.issues.map(describeConfigIssue).join('\n'));
  const results = await runMappingTests(compiled.mapping, { yaml, formats, limits: defaultLimits });
  return results.map(({ actual: _actual, ...told }) => told);
}

const schema = schemaOf({
  items: { type: 'array', items: schemaOf({ n: { type: 'number' }, s: { type: 'string' } }) },
});

describe('tests of an inbound mapping', () => {
  it('compare payloads by value and issues by place and code', async () => {
    const results = await run(
      `
read: { format: csv, delimiter: ";", encoding: windows-1252 }
document: { type: order, key: Id, group: Id }
map: { items: { $each: lines, n: N, s: S } }
tests:
  - name: passes
    given: |
      Id;N;S
      1;2.50;ä
      1;3;"a;b"
    expect: [{ items: [{ s: ä, n: 2.5 }, { n: 3, s: "a;b" }] }]
  - name: an issue that is expected
    given: |
      Id;N;S
      1;x;
    issues: [{ line: 2, column: N, code: not-a-number }]
  - name: another value
    given: |
      Id;N;S
      1;4;
    expect: [{ items: [{ n: 5 }] }]
  - name: an issue that is not expected
    given: |
      Id;N;S
      1;x;
    expect: []
  - name: an issue that does not come
    given: |
      Id;N;S
      1;5;
    issues: [{ line: 2, column: N, code: not-a-number }]
  - name: expects nothing
    given: |
      Id;N;S
      1;5;
`,
      schema,
    );
    expect(results).toEqual([
      { name: 'passes', line: 6, passed: true },
      { name: 'an issue that is expected', line: 12, passed: true },
      { name: 'another value', line: 17, passed: false, difference: '/0/items/0/n: expected 5, got 4' },
      {
        name: 'an issue that is not expected',
        line: 22,
        passed: false,
        difference: expect.stringContaining('not expected: not-a-number at line 2 column N: not a number') as string,
      },
      {
        name: 'an issue that does not come',
        line: 27,
        passed: false,
        difference: 'expected not-a-number at line 2 column N, and it did not come',
      },
      {
        name: 'expects nothing',
        line: 32,
        passed: false,
        difference: 'the test expects nothing: add expect: or issues:',
      },
    ]);
  });

  it('name a header that does not fit', async () => {
    const text = `
read: { format: csv }
document: { type: order, key: Id }
map: { v: A }
tests:
  - name: no key column
    given: |
      A
      1
    issues: [{ line: 1, column: Id, code: missing-column }]
`;
    expect((await run(text)).map(({ passed }) => passed)).toEqual([true]);
  });

  it('give several files by name', async () => {
    const text = `
read: { format: csv, name: "a{rest}.csv", with: { items: { name: "b{rest}.csv", by: Order } } }
document: { type: order, key: Id, group: Id }
map: { name: Name, items: { $each: items, s: S } }
tests:
  - name: two files
    given:
      picked: |
        Id,Name
        1,Ann
      items: |
        Order,S
        1,x
        1,y
    expect: [{ name: Ann, items: [{ s: x }, { s: y }] }]
`;
    expect(await run(text)).toEqual([{ name: 'two files', line: 6, passed: true }]);
  });
});

describe('tests of an inbound mapping, in every format', () => {
  it.each([
    [
      'csv with record types',
      `read: { format: csv, records: { order: { is: H, columns: [T, Id] }, line: { is: D, columns: [T, S, N] }, end: { is: T, role: trailer } } }
document: { type: order, key: Id, begins: order }
map: { items: { $each: line, n: N, s: S } }
tests:
  - name: heads and lines
    given: |
      H,1
      D,a,2
      T,1
    expect: [{ items: [{ s: a, n: 2 }] }]
  - name: a line too early
    given: |
      D,a,2
    issues: [{ line: 1, code: no-head }]
`,
    ],
    [
      'fixed width with record types',
      `read: { format: fixed, records: { order: { is: H, fields: { Id: [2, 3] } }, line: { is: D, fields: { S: [2, 3], N: [5, 2] } } } }
document: { type: order, key: Id, begins: order }
map: { items: { $each: line, n: N, s: S } }
tests:
  - name: heads and lines
    given: |
      H1
      Da  2
    expect: [{ items: [{ s: a, n: 2 }] }]
  - name: a word
    given: |
      H1
      Da  x
    issues: [{ line: 2, column: N, code: not-a-number }]
`,
    ],
    [
      'json',
      `read: { format: json }
document: { type: order, key: id }
map: { items: { $each: lines, n: n, s: s } }
tests:
  - name: arrays
    given: |
      [{ "id": 1, "lines": [{ "s": "a", "n": 2.50 }, { "s": "b", "n": 3 }] }]
    expect: [{ items: [{ s: a, n: 2.5 }, { s: b, n: 3 }] }]
  - name: a word, by its pointer
    given: |
      [{ "id": 1, "lines": [{ "n": 1 }] },
       { "id": 2, "lines": [{ "n": 1 }, { "n": "x" }] }]
    issues: [{ line: 2, column: /lines/1/n, code: not-a-number }]
`,
    ],
    [
      'workbooks, as rows',
      `read: { format: xlsx }
document: { type: order, key: Id, group: Id }
map: { items: { $each: lines, n: N, s: S } }
tests:
  - name: rows of cells
    given:
      - [Id, N, S]
      - ["1", "2.5", a]
      - ["", "", ""]
      - ["1", 3, b]
    expect: [{ items: [{ n: 2.5, s: a }, { n: 3, s: b }] }]
  - name: a word
    given: [[Id, N, S], [1, x, a]]
    issues: [{ line: 2, column: N, code: not-a-number }]
`,
    ],
    [
      'two files, one of which is looked up',
      `read: { format: csv, name: "a{rest}.csv", with: { places: { name: "b{rest}.csv", key: Id } } }
document: { type: order, key: Id }
map: { items: [{ s: { $from: Place, $table: places.Name } }] }
tests:
  - name: found
    given:
      picked: |
        Id,Place
        1,p
      places: |
        Id,Name
        p,Ulm
    expect: [{ items: [{ s: Ulm }] }]
`,
    ],
    [
      'one operation of several',
      `read: { format: csv }
document: { type: order, key: Id }
map: { items: [{ s: A }] }
operations: { order.cancel: { map: { Reason: Why } } }
tests:
  - name: the usual
    given: |
      Id,A
      1,a
    expect: [{ items: [{ s: a }] }]
  - name: another
    operation: order.cancel
    given: |
      Id,Why
      1,late
    expect: [{ Reason: late }]
`,
    ],
  ])('%s', async (_name, text) => {
    expect((await run(text, schema)).map(({ difference }) => difference ?? 'passed')).toEqual(
      [...text.matchAll(/- name:/g)].map(() => 'passed'),
    );
  });
});

describe('tests of an outbound mapping', () => {
  const text = (tests: string): string => `
write: { format: csv }
rows: Items[]
fact: "{Id}/{Items.#}"
map: { Sku: Sku, Qty: { $from: Q, $as: number }, Note: Note }
tests:
${tests}`;

  it('compare rows by column, empty cells left out', async () => {
    const results = await run(
      text(`
  - name: list
    given: [{ Id: 1, Items: [{ Sku: A, Q: 2.50 }] }]
    expect: [{ Sku: A, Qty: "2.5", Note: "" }]
  - name: text keeps digits
    given: '[{ "Id": 1, "Items": [{ "Sku": "A", "Q": 2.00000000000000000001 }] }]'
    expect: [{ Sku: A, Qty: "2.00000000000000000001" }]
  - name: differs
    given: [{ Id: 1, Items: [{ Sku: A, Q: 1 }, { Sku: B, Q: 1 }] }]
    expect: [{ Sku: A, Qty: 1 }]
  - name: cannot be made
    given: [{ Id: 1, Items: [{ Sku: A, Q: x }] }]
    expect: []
  - name: no list
    given: 'nonsense'
    expect: []`),
    );
    expect(results.map(({ passed }) => passed)).toEqual([true, true, false, false, false]);
    expect(results[2]?.difference).toBe('/1: expected nothing, got {"Sku":"B","Qty":"1"}');
    expect(results[3]?.difference).toContain('not-a-number');
  });
});
