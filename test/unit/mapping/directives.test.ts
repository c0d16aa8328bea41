import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/mapping/compile/template.ts';
import { brief, buildOne, compile, described, json, mappingText, placed, schemaOf } from './support.ts';

const value = async (node: string, text: string, rest = ''): Promise<string> => {
  const document = await buildOne(`v: ${node}`, text, undefined, rest);
  return document.payload === undefined ? brief(document.issues).join() : json(document);
};

describe('sources', () => {
  it('takes a column by its bare name or by $from', async () => {
    expect(await value('A', 'Id,A\n1,x')).toBe('{"v":"x"}');
    expect(await value('{ $from: A }', 'Id,A\n1,x')).toBe('{"v":"x"}');
  });

  it('takes the first that is not empty, also of values with steps of their own', async () => {
    const node = '{ $first: [A, { $from: B, $padStart: [3, "0"] }, { $value: none }] }';
    expect(await value(node, 'Id,A,B\n1,x,7')).toBe('{"v":"x"}');
    expect(await value(node, 'Id,A,B\n1,,7')).toBe('{"v":"007"}');
    expect(await value(node, 'Id,A,B\n1,,')).toBe('{"v":"none"}');
  });

  it('joins with a space, or with what is said, and leaves empty parts out', async () => {
    expect(await value('{ $join: [A, B, C] }', 'Id,A,B,C\n1,x,,z')).toBe('{"v":"x z"}');
    expect(await value('{ $join: { of: [A, B], with: ", " } }', 'Id,A,B\n1,x,y')).toBe('{"v":"x, y"}');
    expect(await value('{ $join: [A, B] }', 'Id,A,B\n1,,')).toBe('{}');
  });

  it('takes constants and templates, with braces doubled for themselves', async () => {
    expect(await value('{ $value: x }', 'Id\n1')).toBe('{"v":"x"}');
    expect(await value('{ $value: "{{{A}}}-{document.key}" }', 'Id,A\n1,x')).toBe('{"v":"{x}-1"}');
    expect(await value('{ $value: [1, { a: b }] }', 'Id\n1')).toBe('{"v":[1,{"a":"b"}]}');
  });

  it('leaves a template out when everything it names is empty', async () => {
    expect(await value('{ $value: "{A}-{B}" }', 'Id,A,B\n1,,')).toBe('{}');
    expect(await value('{ $value: "{A}-{B}" }', 'Id,A,B\n1,x,')).toBe('{"v":"x-"}');
  });

  it('reads back any text as a template once its braces are doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = text.replaceAll('{', '{{').replaceAll('}', '}}');
        expect(parseTemplate(escaped)).toEqual({ parts: text === '' ? [] : [{ kind: 'text', text }] });
      }),
    );
  });

  it.each([
    ['{', 'never closed'],
    ['a}', 'never opened'],
    ['{}', 'without a name'],
  ])('refuses the template %s', (text) => {
    const { issues } = compile(mappingText(`v: { $value: "${text}" }`));
    expect(placed(issues)).toEqual(['4:16 bad-template']);
  });
});

describe('steps', () => {
  it('looks up in a table, and in several one after another', async () => {
    const tables = 'tables: { a: { x: y }, b: { y: z } }';
    expect(await value('{ $from: A, $table: a }', 'Id,A\n1,x', tables)).toBe('{"v":"y"}');
    expect(await value('{ $from: A, $table: [a, b] }', 'Id,A\n1,x', tables)).toBe('{"v":"z"}');
    expect(await value('{ $from: A, $table: a }', 'Id,A\n1,q', tables)).toBe('2:A not-in-table');
  });

  it('does not look up what is empty, and does not look up defaults', async () => {
    const tables = 'tables: { a: { x: y } }';
    expect(await value('{ $from: A, $table: a, $default: US }', 'Id,A\n1,', tables)).toBe('{"v":"US"}');
    expect(await value('{ $from: A, $table: a }', 'Id,A\n1,', tables)).toBe('{}');
  });

  it('keeps names such as __proto__ and constructor out of tables unless they are entries', async () => {
    const tables = 'tables: { a: { x: y } }';
    expect(await value('{ $from: A, $table: a }', 'Id,A\n1,constructor', tables)).toBe('2:A not-in-table');
    expect(await value('{ $from: A, $table: a }', 'Id,A\n1,__proto__', tables)).toBe('2:A not-in-table');
  });

  it('finds a column of a table file', async () => {
    const rest = 'tables: { partners: { file: partners.csv, key: Id } }';
    const loaded = new Map([['partners', { columns: ['Id', 'City'], rows: [['7', 'Ulm']] }]]);
    const { mapping, issues } = compile(mappingText('v: { $from: A, $table: partners.City }', rest), undefined, loaded);
    expect(issues).toEqual([]);
    expect(mapping?.kind).toBe('inbound');
  });

  it('pads at the start and at the end, counting characters and never cutting', async () => {
    expect(await value('{ $from: A, $padStart: [5, "0"] }', 'Id,A\n1,7')).toBe('{"v":"00007"}');
    expect(await value('{ $from: A, $padEnd: [3, "."] }', 'Id,A\n1,😀')).toBe('{"v":"😀.."}');
    expect(await value('{ $from: A, $padStart: [2, "0"] }', 'Id,A\n1,1234')).toBe('{"v":"1234"}');
    expect(await value('{ $from: A, $padStart: [2, "0"] }', 'Id,A\n1,')).toBe('{}');
  });

  it('reads numbers as the file writes them when $format says how', async () => {
    const schema = schemaOf({ v: { type: 'number' } });
    const read = async (format: string, text: string): Promise<string> => {
      const document = await buildOne(
        `v: { $first: [A], $format: "${format}" }`,
        'Id;A'.replace(';', ',') + `\n1,${text}`,
        schema,
      );
      return document.payload === undefined ? brief(document.issues).join() : json(document);
    };
    expect(await read('0.000,00', '1.234')).toBe('{"v":1234}');
    expect(await read('0', '12')).toBe('{"v":12}');
    expect(await read('0.000,00', '1.23')).toBe('2:A not-a-number');
  });

  it('reports a required value at its cell even if the schema would not ask', async () => {
    expect(await value('{ $from: A, $required: true }', 'Id,A\n1,')).toBe('2:A missing-value');
  });

  it('gives a default of the right type', async () => {
    const schema = schemaOf({ v: { type: 'integer' } });
    expect(json(await buildOne('v: { $from: A, $default: 1 }', 'Id,A\n1,', schema))).toBe('{"v":1}');
    expect(await value('{ $from: A, $default: "{document.key}" }', 'Id,A\n9,')).toBe('{"v":"9"}');
  });
});

describe('$when', () => {
  it.each([
    ['A', 'x', true],
    ['A', '', false],
    ['{ A: x }', 'x', true],
    ['{ A: x }', 'y', false],
    ['{ A: [x, y] }', 'y', true],
    ['{ A: { not: x } }', 'x', false],
    ['{ A: { not: [x, y] } }', 'z', true],
    ['{ A: { not: "" } }', 'z', true],
    ['{ A: "" }', '', true],
    ['{ A: 5 }', '5', true],
    ['{ A: x, B: "" }', 'x', true],
    ['{ A: x, B: q }', 'x', false],
  ])('%s with "%s" is %s', async (when, text, isKept) => {
    expect(await value(`{ $value: kept, $when: ${when} }`, `Id,A,B\n1,${text},`)).toBe(isKept ? '{"v":"kept"}' : '{}');
  });

  it('leaves out whole objects and single elements', async () => {
    const map = 'o: { $when: A, b: B }\nitems: { $each: lines, $when: { B: { not: x } }, b: B }';
    expect(json(await buildOne(map, 'Id,A,B\n1,,q\n1,,q'))).toBe('{"items":[{"b":"q"},{"b":"q"}]}');
    const document = await buildOne('items: { $each: lines, $when: { B: { not: x } }, b: B }', 'Id,B\n1,x\n1,q');
    expect(json(document)).toBe('{"items":[{"b":"q"}]}');
  });
});

describe('$each', () => {
  it('makes one element per record, with its position', async () => {
    const document = await buildOne('items: { $each: lines, n: lines.#, sku: S }', 'Id,S\n1,A\n1,B');
    expect(json(document)).toBe('{"items":[{"n":"1","sku":"A"},{"n":"2","sku":"B"}]}');
  });

  it('makes single values when it stands beside a source', async () => {
    expect(json(await buildOne('tags: { $each: lines, $from: T }', 'Id,T\n1,a\n1,\n1,b'))).toBe('{"tags":["a","b"]}');
  });

  it('reports an empty list that is required', async () => {
    const map = 'g: Id\nitems: { $each: lines, $required: true, $when: S, sku: S }';
    expect((await buildOne(map, 'Id,S\n1,')).issues.map(({ code }) => code)).toEqual(['no-lines']);
  });

  it('keeps later elements at their places when an earlier one fails', async () => {
    const schema = schemaOf({ n: { type: 'array', items: { type: 'integer', maximum: 5 } } });
    const document = await buildOne('n: { $each: lines, $from: N }', 'Id,N\n1,x\n1,9', schema);
    expect(described(document)[0]).toContain('orders.csv line 2 column N: not a number');
    expect(described(document)[1]).toContain(
      'orders.csv line 3 column N: the number is out of range; expected 5 or less, got "9"',
    );
  });
});
