import { describe, expect, test } from 'vitest';
import { describeIssue, isError } from '../../../src/core/issue.ts';
import { parseExact, type Json } from '../../../src/core/json.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { compileMapping, parseMapping, runMappingTests } from '../../../src/mapping/index.ts';
import { brief, buildAll, buildTree, compile, inbound, placed, sheet } from './support.ts';

const table = (rule: string): string => `read: { format: csv }
document: { type: order, key: Id, group: Id }
map: { Items: { $each: lines, Sku: Sku } }
controls: { document: ${rule} }
`;

/** What is wrong with each document of a sheet. */
async function outcome(rule: string, text: string): Promise<string[]> {
  const documents = await buildAll(inbound(table(rule)), { '': sheet(text) });
  return documents.map(({ key, payload, issues }) =>
    [key, ...(payload === undefined ? issues.map(describeIssue) : ['sound'])].join(': '),
  );
}

/** `column got/expected` of the totals of a tree that do not agree. */
async function treeOutcome(rules: string, tree: Json): Promise<string[]> {
  const document = `{ type: order, key: id }\ncontrols: { document: { ${rules} } }`;
  const { issues } = await buildTree('Name: id', tree, undefined, document);
  return issues.map(({ where, got, expected }) => `${where.column ?? ''} ${got ?? ''}/${expected ?? ''}`);
}

describe('totals that a document states about itself', () => {
  test('refuse it alone when a sum does not agree, at the cell of the total', async () => {
    const text = 'Id,Sku,Qty,Total\nA,S1,1.5,3.50\nA,S2,2,3.50\nB,S1,1,7\nB,S2,1,7\nC,S1,2,2';
    expect(await outcome('{ Total: { sum: Qty } }', text)).toEqual([
      'A: sound',
      'B: orders.csv line 4 column Total: the total in Total does not agree with the sum of Qty of the document; expected 2, got "7". Mend the lines or the total; a line may be missing.',
      'C: sound',
    ]);
  });

  test('may count lines and add up identifiers', async () => {
    const text = 'Id,Sku,Lines,Hash\nA,100,2,300\nA,X-200,2,300\nB,1,2,1\nC,7,1,8';
    expect(await outcome('{ Lines: { count: lines }, Hash: { hash: Sku } }', text)).toEqual([
      'A: sound',
      expect.stringContaining('B: orders.csv line 4 column Lines: the total in Lines does not agree with the lines'),
      expect.stringContaining(
        'C: orders.csv line 5 column Hash: the total in Hash does not agree with the hash total of Sku',
      ),
    ]);
  });

  test.each([
    ['stand in one record only', 'A,S1,1,\nA,S2,2,3', 'A: sound'],
    ['are not there', 'A,S1,1,\nA,S2,2,', /line 2 column Total: .*expected 3, got ""/],
    [
      'differ from record to record',
      'A,S1,1,3\nA,S2,2,4',
      /line 3 column Total: .*different totals; expected 3, as in line 2, got "4"/,
    ],
    ['are no number', 'A,S1,1,three\nA,S2,2,three', /line 2 column Total: .*expected 3, got "three"/],
    [
      'add up what is no number',
      'A,S1,one,3\nA,S2,2,3',
      /line 2 column Qty: the sum of Qty of the document cannot be proved: .*got "one"/,
    ],
  ])('that %s', async (_name, rows, expected) => {
    const [told] = await outcome('{ Total: { sum: Qty } }', `Id,Sku,Qty,Total\n${rows}`);
    expect(told).toMatch(expected);
  });

  test('read numbers as the file writes them', async () => {
    const text = 'Id,Sku,Qty,Total\nA,S1,1 000.5,1.0';
    const rule = '{ Total: { sum: { of: Qty, format: "0 000.0", stated: "0.0" } } }';
    expect((await outcome(rule, text))[0]).toContain('expected 1000.5, got "1.0"');
  });

  test('say nothing more about a record that is wrong by itself', async () => {
    const mapping = inbound(table('{ Total: { sum: Qty } }'));
    const records = sheet('Id,Sku,Qty,Total\nA,S1,1,3\nA,S2,2,3');
    const issue = { code: 'wrong-column-count', severity: 'error', where: { line: 3 }, what: '' } as const;
    const second = records.records[1];
    if (second !== undefined) records.records[1] = { ...second, record: { ...second.record, issues: [issue] } };
    const [document] = await buildAll(mapping, { '': records });
    expect(brief(document?.issues ?? [])).toEqual(['3:- wrong-column-count']);
  });

  test('are found in trees by their paths', async () => {
    const tree = {
      id: 'A',
      total: '5.0',
      items: [
        { qty: '2', sku: 'X-1' },
        { qty: '3', sku: '20' },
      ],
      count: 2,
      hash: '21',
    };
    const rules = 'total: { sum: "items[].qty" }, count: { count: "items[]" }, hash: { hash: "items[].sku" }';
    expect(await treeOutcome(rules, tree)).toEqual([]);
    expect(await treeOutcome(rules, { ...tree, items: tree.items.slice(1) })).toEqual([
      'total 5.0/3',
      'count 2/1',
      'hash 21/20',
    ]);
  });

  test.each([
    ['items', 2],
    ['items[].qty', 2],
    ['lots[].parts[]', 3],
    ['lots[].parts', 3],
    ['none', 0],
    ['id', 1],
    ['lines', 1],
  ])('count what the path %s of a tree leads to', async (path, count) => {
    const tree = { id: 'A', items: [{ qty: 1 }, { qty: 2 }], lots: [{ parts: [1, 2] }, { parts: [3] }] };
    const rule = `count: { count: "${path}" }`;
    expect(await treeOutcome(rule, { ...tree, count: String(count) })).toEqual([]);
    expect(await treeOutcome(rule, { ...tree, count: '9' })).toEqual([`count 9/${count}`]);
  });

  test('cannot be proved where the path of a tree leads to lists or objects', async () => {
    const tree = { id: 'A', total: 0, items: [{ qty: [1] }] };
    for (const rule of ['sum: "items[].qty"', 'hash: items']) {
      const document = `{ type: order, key: id }\ncontrols: { document: { total: { ${rule} } } }`;
      const { issues } = await buildTree('Name: id', tree, undefined, document);
      expect(issues.map(({ what }) => what)).toEqual([
        expect.stringMatching(/of the document cannot be proved: the path leads to a list or an object$/),
      ]);
    }
  });

  test('read JSON numbers with an exponent as what they are', async () => {
    const tree = parseExact('{ "id": "A", "total": 1E+3, "items": [{ "qty": 1E+3 }] }');
    expect(await treeOutcome('total: { sum: "items[].qty" }', tree)).toEqual([]);
  });

  test('name columns that must be there', () => {
    const mapping = inbound(table('{ Total: { sum: Qty } }'));
    const headers = new Map([['', { columns: ['Id', 'Sku'], line: 1 }]]);
    expect(brief(mapping.bind(headers, new Map()).issues)).toEqual(['1:Total missing-column', '1:Qty missing-column']);
  });
});

describe('controls in a mapping', () => {
  const types = `read: { format: csv, records: { order: { is: H, columns: [K, No, Total] }, line: { is: D, columns: [K, Qty, Total] },
  file: { is: F, role: envelope, columns: [K, Lines] }, end: { is: T, role: trailer, columns: [K, Lines, Qty] } } }
document: { type: order, key: No, begins: order }
map: { Items: { $each: line, Quantity: Qty } }
`;
  const check = (head: string, controls: string): string[] => {
    const { definition, yaml, issues } = parseMapping(`${head}controls: ${controls}\n`, 'm.yaml', formats);
    const found = definition === undefined ? issues : compileMapping(definition, yaml, context).issues;
    return found.filter(isError).map(({ code, what, hint = '' }) => `${code} ${what} ${hint}`);
  };
  const context = { tables: new Map(), limits: defaultLimits };

  test.each([
    [
      '{ trailer: { record: end, count: Lines, of: line, sums: { Qty: Qty } }, header: { record: file, count: Lines, of: lines } }',
    ],
    ['{ document: { order.Total: { sum: line.Qty } } }'],
    ['{ trailer: [{ record: end, since: file, count: { Lines: documents } }, { record: end }] }'],
  ])('that fit are sound: %s', (controls) => {
    expect(check(types, controls)).toEqual([]);
  });

  test.each([
    ['{ trailer: { record: ende } }', 'read.records has no type "ende" Did you mean "end"?'],
    ['{ trailer: { record: line } }', 'the record type "line" has the role part'],
    ['{ trailer: { record: end, since: order } }', 'the record type "order" has the role part'],
    ['{ trailer: { starts: T } }', 'read.records declares the record types, so the trailer is one of them'],
    ['{ trailer: { record: end, starts: T } }', 'a trailer is told by one of "starts" and "record"'],
    ['{ trailer: {} }', 'a trailer is told by one of "starts" and "record"'],
    ['{ trailer: { record: end, count: Line } }', 'the record type "end" has no column "Line" Did you mean "Lines"?'],
    ['{ trailer: { record: end, count: Lines, of: lin } }', 'nothing here is called "lin" Did you mean "line"?'],
    [
      '{ trailer: { record: end, sums: { Qty: Amount } } }',
      'no record type that belongs to documents has a column "Amount"',
    ],
    [
      '{ trailer: { record: end, sums: { Qty: Total } } }',
      'the column "Total" stands in order and line Write the record type before it: order.Total.',
    ],
    ['{ trailer: { record: end, sums: { Qty: { of: Qty, format: "1,5" } } } }', 'the number format cannot be used'],
    ['{ trailer: { record: end, hash: { Qty: { of: Qty, keep: 0 } } } }', 'keep'],
    ['{ trailer: { record: end, count: 0 } }', 'count'],
    ['{ header: { record: file } }', '"count", "sums" or "hash" is missing: nothing is stated'],
    ['{ header: { record: end, count: Lines } }', 'the record type "end" has the role trailer'],
    ['{ document: { Total: { sum: Qty, count: lines } } }', 'document.Total'],
    ['{ document: { order.Total: { count: rows } } }', 'nothing here is called "rows"'],
    ['{ trailer: { record: end, coun: Lines } }', 'unknown key "coun" Did you mean "count"?'],
    ['{ trailers: { record: end } }', 'unknown key "trailers" Did you mean "trailer"?'],
  ])('that do not are told: %s', (controls, told) => {
    const found = check(types, controls);
    expect(found.join('\n')).toContain(told);
    expect(found).toHaveLength(1);
  });

  test('of trees have no trailer', () => {
    const { issues } = compile(
      'read: { format: json }\ndocument: { type: order, key: id }\nmap: { N: id }\ncontrols: { trailer: { starts: T } }\n',
    );
    expect(placed(issues)).toEqual(['4:22 wrong-value']);
  });

  test('of a plain table count documents of the file, and cannot say which are those of a batch', () => {
    const plain = 'read: { format: csv }\ndocument: { type: order, key: No }\nmap: { N: No }\n';
    expect(check(plain, '{ trailer: { starts: T, count: 2, of: documents } }')).toEqual([]);
    expect(check(plain, '{ trailer: { starts: T, count: Lines } }')[0]).toContain('have no names');
  });

  test('hold for the tests of the mapping too', async () => {
    const text = `read: { format: csv }
document: { type: order, key: Id }
map: { Name: Id }
controls: { trailer: { starts: T, count: 2 } }
tests:
  - name: a trailer is no order
    given: |
      Id,Qty
      A,1
      T,1
    expect: [{ Name: A }]
  - name: a file that is cut off is refused whole
    given: |
      Id,Qty
      A,1
      T,2
    expect: []
    issues: [{ line: 3, code: control-total }]
`;
    const { definition, yaml } = parseMapping(text, 'm.yaml', formats);
    const { mapping } = definition === undefined ? { mapping: undefined } : compileMapping(definition, yaml, context);
    if (mapping === undefined) throw new Error('the mapping is not sound');
    const results = await runMappingTests(mapping, { yaml, formats, limits: defaultLimits });
    expect(results.map(({ passed, difference }) => [passed, difference])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });
});
