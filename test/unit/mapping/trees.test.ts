import { describe, expect, it } from 'vitest';
import { parseExact } from '../../../src/core/json.ts';
import { groupRecords } from '../../../src/mapping/index.ts';
import { bind, brief, buildTree, described, inbound, json, schemaOf } from './support.ts';

const tree = parseExact(`{
  "id": "7", "ship": { "name": " Ann " }, "total": 12.50, "rush": true, "codes": ["a", "", "b"],
  "refs": [{ "k": "po", "v": "P1" }, { "k": "job", "v": "J1" }],
  "lines": [
    { "sku": "X", "qty": 9007199254740993, "lots": [{ "lot": "L1" }, { "lot": "L2" }] },
    { "sku": "Y", "qty": 2.5, "lots": { "lot": "L3" } }
  ]
}`);

describe('trees', () => {
  it('are read by paths, digit for digit', async () => {
    const map =
      'name: ship.name\ntotal: total\npo: "refs[k=po].v"\nfirst: codes[0]\nlast: lines[1].sku\nqty: lines[0].qty';
    expect(json(await buildTree(map, tree))).toBe(
      '{"name":"Ann","total":"12.50","po":"P1","first":"a","last":"Y","qty":"9007199254740993"}',
    );
  });

  it('give numbers and booleans where the schema wants them', async () => {
    const schema = schemaOf({ total: { type: 'number' }, rush: { type: 'boolean' } });
    expect(json(await buildTree('total: total\nrush: rush', tree, schema))).toBe('{"total":12.50,"rush":true}');
  });

  it('are walked by $each, each level within the one around it', async () => {
    const map = 'items: { $each: lines, n: lines.#, sku: sku, lots: { $each: lots, $from: lot } }';
    expect(json(await buildTree(map, tree))).toBe(
      '{"items":[{"n":"1","sku":"X","lots":["L1","L2"]},{"n":"2","sku":"Y","lots":["L3"]}]}',
    );
  });

  it('let inner levels reach outer ones by name, and the root by $', async () => {
    const map = 'items: { $each: lines, lots: { $each: lots, lot: lot, sku: lines.sku, id: $.id } }';
    expect(json(await buildTree(map, tree))).toContain('{"lot":"L2","sku":"X","id":"7"}');
  });

  it('give single values with $', async () => {
    expect(json(await buildTree('codes: { $each: codes, $from: $ }', tree))).toBe('{"codes":["a","b"]}');
  });

  it('place issues by JSON pointer', async () => {
    const schema = schemaOf({ items: { type: 'array', items: schemaOf({ q: { type: 'integer' } }) } });
    const document = await buildTree('items: { $each: lines, q: qty }', tree, schema);
    expect(brief(document.issues)).toEqual(['1:/lines/0/qty number-too-precise', '1:/lines/1/qty not-a-whole-number']);
  });

  it('without lines are told so by the words of the mapping, not by a cell to fill in', async () => {
    const items = { type: 'array', minItems: 1, items: schemaOf({ sku: { type: 'string' } }) };
    const schema = { ...schemaOf({ Items: items }), required: ['Items'] };
    const map = 'Items: { $each: Lines, $when: { rush: { not: "yes" } }, sku: sku }';
    const told = async (text: string): Promise<readonly string[]> =>
      described(await buildTree(map, parseExact(`{ "id": "7", ${text} }`), schema));
    const line = (words: string): string[] => [`orders.csv line 1: ${words}. Add its lines, or take the document out.`];
    const none = line('the document has no lines; expected at least one of "Lines"');
    expect(await told('"Lines": []')).toEqual(none);
    expect(await told('"name": "Ann"')).toEqual(none);
    expect(await told('"Lines": [{ "sku": "X", "rush": "yes" }]')).toEqual(
      line('the document has no lines; expected at least one of "Lines" that fits its $when'),
    );
    const plain = { ...schemaOf({ Items: { type: 'array', items: { type: 'string' } } }), required: ['Items'] };
    const tree = parseExact('{ "id": "7", "Lines": [{ "sku": "" }, {}] }');
    expect(described(await buildTree('Items: { $each: Lines, $from: sku }', tree, plain))).toEqual(
      line('all lines of the document are empty; expected at least one of "Lines" with values'),
    );
  });

  it('whose inner list must hold something are told which list is empty', async () => {
    const map = 'items: { $each: lines, sku: sku, more: { $each: more, $required: true, $from: x } }';
    expect(described(await buildTree(map, parseExact('{ "id": "7", "lines": [{ "sku": "X", "more": [] }] }')))).toEqual(
      [
        'orders.csv line 1: the list "more" is empty; expected at least one of "more". Add its lines, or take the document out.',
      ],
    );
  });

  it('lose nothing where a path ends at a list or an object: it is told at its pointer', async () => {
    expect(described(await buildTree('sku: lines.sku\nship: ship\ncodes: "lines[0].lots"', tree))).toEqual(
      [
        'line 1 column /ship: an object instead of a value. Name one of its members in the mapping, such as ship.name.',
        'line 1 column /lines/0/lots: a list instead of a value. Name one element in the mapping, such as lines[0].lots[0], or walk through all with $each.',
      ].map((text) => `orders.csv ${text}`),
    );
    const walked = await buildTree('items: { $each: lines, lots: lots }', tree);
    expect(brief(walked.issues)).toEqual(['1:/lines/0/lots not-a-value', '1:/lines/1/lots not-a-value']);
    expect(walked.payload).toBeUndefined();
  });

  it('tell lists and objects in keys, conditions, lists of sources and defaults too', async () => {
    expect(brief((await buildTree('v: id', tree, undefined, '{ type: o, key: ship }')).issues)).toEqual([
      '1:/ship not-a-value',
    ]);
    expect(brief((await buildTree('v: { $from: id, $when: ship }', tree)).issues)).toEqual(['1:/ship not-a-value']);
    expect(brief((await buildTree('v: { $first: [codes, id] }', tree)).issues)).toEqual(['1:/codes not-a-value']);
    expect(brief((await buildTree('v: { $from: codes, $default: x }', tree)).issues)).toEqual(['1:/codes not-a-value']);
  });

  it('say nothing of lists and objects that are empty: nothing is lost', async () => {
    expect(json(await buildTree('v: a\nw: b\nid: id', { id: '7', a: [], b: {} }))).toBe('{"id":"7"}');
    expect(json(await buildTree('v: "a[].x"\nid: id', { id: '7', a: [{}, { x: 'y' }] }))).toBe('{"v":"y","id":"7"}');
  });

  it('may be grouped: then $each: lines walks through their records', async () => {
    const mapping = inbound(
      'read: { format: json }\ndocument: { type: o, key: id, group: id }\nmap: { name: name, items: { $each: lines, sku: sku, id: $.id } }',
    );
    const bound = bind(mapping, { '': { columns: [], records: [] } });
    const records = [
      { part: '', record: { seq: 0, line: 1, tree: { id: '1', name: 'Ann', sku: 'X' } } },
      { part: '', record: { seq: 1, line: 2, tree: { id: '1', sku: 'Y' } } },
      { part: '', record: { seq: 2, line: 3, tree: { id: '1', name: 'Bob', sku: 'Z' } } },
    ];
    expect(groupRecords(bound, records).map(({ length }) => length)).toEqual([3]);
    expect(json(await bound.build(records.slice(0, 2)))).toBe(
      '{"name":"Ann","items":[{"sku":"X","id":"1"},{"sku":"Y","id":"1"}]}',
    );
    expect(brief((await bound.build(records)).issues)).toEqual(['3:/name conflicting-values']);
  });
});

describe('hostile names', () => {
  it('in a tree are plain names and reach nothing', async () => {
    const hostile = parseExact(
      '{ "id": "1", "__proto__": { "polluted": "yes" }, "constructor": { "prototype": { "polluted": "yes" } } }',
    );
    const document = await buildTree(
      'a: __proto__.polluted\nb: constructor.prototype.polluted\nc: toString\nd: id',
      hostile,
    );
    expect(json(document)).toBe('{"a":"yes","b":"yes","d":"1"}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('in a header are plain columns', async () => {
    const mapping = inbound(
      'read: { format: csv }\ndocument: { type: o, key: __proto__, group: __proto__ }\nmap: { a: constructor, b: { $expr: "$lookup($, \'__proto__\')" } }',
    );
    const bound = bind(mapping, { '': { columns: ['__proto__', 'constructor'], records: [] } });
    const built = await bound.build([{ part: '', record: { seq: 0, line: 2, cells: ['1', 'x'] } }]);
    expect([built.key, json(built)]).toEqual(['1', '{"a":"x","b":"1"}']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
