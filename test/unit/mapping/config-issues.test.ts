import { describe, expect, it } from 'vitest';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import type { JsonSchema } from '../../../src/core/json.ts';
import { mistakes } from './read-support.ts';
import { compile, mappingText, placed, schemaOf } from './support.ts';

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    zip: { type: 'string', maxLength: 5 },
    count: { type: 'integer' },
    isHome: { type: 'boolean' },
    address: { $ref: '#/$defs/address' },
    items: { type: 'array', items: schemaOf({ sku: { type: 'string' }, quantity: { type: 'number' } }, ['sku']) },
    uoms: { type: 'object', additionalProperties: schemaOf({ base: { type: 'integer' } }) },
  },
  $defs: { address: schemaOf({ city: { type: 'string' }, state: { enum: ['OH', 'TX'] } }, ['city']) },
};
const items = 'items: [{ sku: A }]';
const found = (map: string, rest = ''): string[] =>
  placed(compile(mappingText(`${items}\n${map}`, rest), schema).issues);
const said = (map: string, rest = ''): string[] =>
  compile(mappingText(`${items}\n${map}`, rest), schema).issues.map(describeConfigIssue);

describe('a map is checked against the schema', () => {
  it('a property the provider does not have, with the one that is near', () => {
    expect(said('adress: { city: A }')).toEqual([
      'm.yaml:5:3 not-in-schema the provider has no property "adress". Did you mean "address"?',
    ]);
    expect(found('address: { city: A, town: B }')).toEqual(['5:23 not-in-schema']);
  });

  it('a required property that nothing maps', () => {
    expect(placed(compile(mappingText('zip: A'), schema).issues)).toEqual(['3:1 missing-property']);
    expect(said('address: { state: A }')[0]).toContain(
      'm.yaml:5:3 missing-property the provider requires "city", and nothing maps it',
    );
  });

  it('names that reach behind objects', () => {
    for (const name of ['__proto__', 'prototype', 'constructor']) {
      expect(found(`uoms: { ${name}: { base: A } }`)).toEqual(['5:11 not-in-schema']);
    }
    expect(({} as Record<string, unknown>)['base']).toBeUndefined();
  });

  it('a free object takes any name', () => {
    expect(found('uoms: { EACH: { base: A } }')).toEqual([]);
    expect(found('uoms: { EACH: { bass: A } }')).toEqual(['5:19 not-in-schema']);
  });

  it('a name in a schema that does not close its objects is a warning', () => {
    const open: JsonSchema = { type: 'object', properties: { colour: { type: 'string' } } };
    const { mapping, issues } = compile(mappingText('color: A'), open);
    expect(issues.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['not-in-schema warning']);
    expect(mapping).toBeDefined();
  });

  it('values where objects or lists belong, and the other way round', () => {
    expect(said('address: A')[0]).toContain('wants object here, not a single value. Map its properties one by one.');
    expect(placed(compile(mappingText('items: A'), schema).issues)).toEqual(['4:10 wrong-type']);
    expect(placed(compile(mappingText('items: { sku: A }'), schema).issues)).toEqual(['4:10 wrong-type']);
    expect(found('zip: [A]')).toEqual(['5:8 wrong-type']);
    expect(found('zip: { $each: lines, $from: A }')).toEqual(['5:17 wrong-type']);
  });

  it('a schema that cannot be compiled', () => {
    expect(compile(mappingText('v: A'), { type: 'nonsense' }).issues.map(({ code }) => code)).toEqual(['bad-schema']);
  });
});

describe('constants are checked', () => {
  it('digits without quotes where text belongs', () => {
    expect(said('zip: { $value: 07102 }')).toEqual([
      'm.yaml:5:18 unquoted-number digits without quotes lose zeros or precision; got "07102". Put the value in quotes.',
    ]);
    expect(found('zip: { $from: A, $default: 0 }')).toEqual(['5:30 unquoted-number']);
    expect(found('zip: 07102')).toEqual(['5:8 unquoted-number']);
  });

  it('by type, length and list', () => {
    expect(found('zip: { $value: "123456" }')).toEqual(['5:18 wrong-value']);
    expect(found('count: { $value: "1.5" }')).toEqual(['5:20 wrong-value']);
    expect(found('count: { $value: "7" }')).toEqual([]);
    expect(found('isHome: { $value: maybe }')).toEqual(['5:21 wrong-type']);
    expect(found('zip: { $value: true }')).toEqual(['5:18 wrong-type']);
    expect(found('address: { city: A, state: { $value: XX } }')).toEqual(['5:40 wrong-value']);
  });

  it('written without $value', () => {
    expect(said('count: 5')[0]).toContain('Write { $value: 5 } for a constant');
    expect(found('isHome: false')).toEqual(['5:11 wrong-type']);
  });
});

describe('directives are checked', () => {
  it.each([
    ['zip: { $form: A }', '5:10 unknown-key'],
    ['zip: { $from: A, from: B }', '5:26 wrong-value'],
    ['zip: { $from: A, $value: B }', '5:8 wrong-value'],
    ['zip: { $table: t }', '5:8 missing-key'],
    ['zip: { $from: A, $table: nope }', '5:28 unknown-reference'],
    ['zip: { $from: A, $table: [t, nope] }', '5:32 unknown-reference'],
    ['zip: { $from: A, $format: yyyy }', '5:29 missing-key'],
    ['zip: { $from: A, $zone: UTC }', '5:27 wrong-value'],
    ['count: { $from: A, $format: "#,##0" }', '5:31 wrong-value'],
    ['zip: { $value: a, $table: t }', '5:29 wrong-value'],
    ['zip: { $expr: "A +" }', '5:17 bad-expression'],
    ['zip: { $first: [{ $expr: A }] }', '5:28 wrong-value'],
    ['zip: "{A}-{B}"', '5:8 wrong-value'],
    ['address: { city: A, $table: t }', '5:31 wrong-value'],
    ['zip: { $from: A, $padStart: [5] }', '5:31 wrong-value'],
    ['zip: { $from: A, $as: day }', '5:25 wrong-value'],
  ])('%s', (map, issue) => {
    expect(found(map, 'tables: { t: { a: b } }').at(0)).toBe(issue);
  });

  it('$each over something that does not exist, or inside another', () => {
    const each = (node: string): string[] => placed(compile(mappingText(node), schema).issues);
    expect(each('items: { $each: line, sku: A }')).toEqual(['4:19 unknown-reference']);
    const nested = { type: 'object', properties: { a: { type: 'array', items: { type: 'array' } } } };
    expect(placed(compile(mappingText('a: [{ $each: lines, $from: A }]'), nested).issues)).toEqual([]);
  });

  it('a misspelt directive gets the right one as a hint', () => {
    expect(said('zip: { $padstart: A }')[0]).toContain('Did you mean "$padStart"?');
  });
});

describe('the rest of the file is checked', () => {
  it.each([
    ['read: { format: csv }\ndocument: { type: o, key: A }\nmapp: { v: A }', '3:1 unknown-key'],
    ['read: { format: csv, delimeter: ";" }\ndocument: { type: o, key: A }\nmap: { v: A }', '1:22 unknown-key'],
    ['read: { format: csw }\ndocument: { type: o, key: A }\nmap: { v: A }', '1:17 wrong-value'],
    ['write: { format: csv, delimeter: ";" }\nfact: "{A}"\nmap: { v: A }', '1:23 unknown-key'],
    ['write: { format: csv }\nmap: { v: A }', '1:1 missing-key'],
    ['a: [', '1:5 bad-yaml'],
  ])('%s', (text, issue) => {
    expect(placed(compile(text).issues)).toContain(issue);
  });

  it('a misspelt option of a format gets the right one as a hint', () => {
    const { issues } = compile('read: { format: csv, delimeter: ";" }\ndocument: { type: o, key: A }\nmap: { v: A }');
    expect(issues.map(({ hint }) => hint)).toEqual(['Did you mean "delimiter"?']);
  });

  it('tables that lose zeros, contradict themselves, or lack a column', () => {
    expect(found('', 'tables: { t: { "1": 01 } }')).toEqual(['5:21 unquoted-number']);
    expect(found('', 'tables: { t: { 01: a } }')).toEqual(['5:16 unquoted-number']);
    const rest = 'tables: { t: { file: t.csv, key: K, value: V } }';
    const text = mappingText(`${items}\nzip: { $from: A, $table: t }`, rest);
    const data = (
      columns: string[],
      ...rows: string[][]
    ): ReadonlyMap<string, { columns: string[]; rows: string[][] }> => new Map([['t', { columns, rows }]]);
    expect(placed(compile(text, schema, data(['K', 'W'])).issues)).toEqual(['6:22 unknown-reference']);
    expect(placed(compile(text, schema, data(['K', 'V'], ['a', '1'], ['a', '2'])).issues)).toEqual([
      '6:22 wrong-value',
    ]);
    expect(placed(compile(text, schema).issues)).toEqual(['6:22 missing-file']);
  });

  it('one name that stands for two columns', () => {
    const told = (aliases: string): string[] =>
      mistakes(`read: { format: csv, columns: { aliases: ${aliases} } }\ndocument: { type: o, key: A }\nmap: { v: A }`);
    const twice = 'the alias "Ref" is given to "A" and to "B": of which column is it?';
    expect(told('{ A: [No, Ref], B: [Ref] }')).toEqual([`1:62 wrong-value ${twice}`]);
    expect(told('{ A: [Ref], B: ["r e f"] }')).toEqual([
      '1:58 wrong-value the alias "r e f" is given to "A" and to "B": of which column is it?',
    ]);
    expect(told('{ A: [B], B: [C] }')).toEqual(['1:48 wrong-value the alias "B" of "A" is the name of another column']);
    expect(told('{ A: [Ref, ref, a], B: [No] }')).toEqual([]);
  });

  it('one name that stands for two columns of a companion or of a table', () => {
    const aliases = 'columns: { aliases: { A: [X], B: [X] } }';
    expect(
      mistakes(
        `read: { format: csv, name: "a{rest}", ${aliases}, with: { b: { name: "b{rest}", by: A }, c: { name: "c{rest}", by: A, ${aliases} } } }\ndocument: { type: o, key: A, group: A }\nmap: { v: A, w: { $each: b, x: A }, y: { $each: c, x: A } }`,
      ).map((text) => text.split(' ')[1]),
    ).toEqual(['wrong-value', 'wrong-value']);
    expect(
      mistakes(
        `read: { format: csv }\ndocument: { type: o, key: A }\nmap: { v: A }\ntables: { t: { file: t.csv, key: A, read: { format: csv, ${aliases} } } }`,
      ).map((text) => text.split(' ')[0]),
    ).toEqual(['4:92']);
  });

  it('companions need a name, a group, and what their own name refers to', () => {
    const text = (read: string, document: string): string => `read: ${read}\ndocument: ${document}\nmap: { v: A }`;
    const companion = 'with: { items: { name: "b{rest}", by: K } }';
    expect(
      placed(compile(text(`{ format: csv, ${companion} }`, '{ type: o, key: A }')).issues).map(
        (issue) => issue.split(' ')[1],
      ),
    ).toEqual(['missing-key', 'missing-key']);
    expect(
      compile(text(`{ format: csv, name: "a{other}", ${companion} }`, '{ type: o, key: A, group: A }')).issues.map(
        ({ code }) => code,
      ),
    ).toEqual(['bad-template']);
  });
});
