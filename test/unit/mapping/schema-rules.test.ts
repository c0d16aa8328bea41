import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/core/json.ts';
import { createAjv } from '../../../src/core/shape.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { compileMapping, groupRecords, parseMapping, runMappingTests } from '../../../src/mapping/index.ts';
import { repository } from '../../support/dray.ts';
import { bind, build, described, inbound, mappingText, placed, compile, schemaOf, sheet } from './support.ts';

const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'number' };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const list = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...more });

async function messages(map: string, rows: string, schema: JsonSchema): Promise<string[]> {
  const documents = await build(map, rows, schema);
  return documents.flatMap((document) => described(document));
}

/** What is said of documents made at a certain time. */
async function messagesAt(now: string, map: string, rows: string, schema: JsonSchema): Promise<string[]> {
  const mapping = inbound(mappingText(map), schema);
  const { columns, records } = sheet(rows);
  const headers = new Map([['', { columns, line: 1 }]]);
  const { bound } = mapping.bind(headers, new Map([['', 'orders.csv']]), undefined, () => Date.parse(now));
  if (bound === undefined) throw new Error('not bound');
  const documents = await Promise.all(groupRecords(bound, records).map(async (group) => bound.build(group)));
  return documents.flatMap((document) => described(document));
}

describe('uniqueBy', () => {
  const schema = schemaOf({
    items: list(schemaOf({ sku: text, data: schemaOf({ code: text }) }), { uniqueBy: ['sku', 'data.code'] }),
  });
  const map = 'items: { $each: lines, sku: Sku, data: { code: Code } }';

  it('blames the second cell and names the line of the first', async () => {
    expect(await messages(map, 'Id,Sku,Code\n1,A,\n1,B,\n1,A,\n2,A,', schema)).toEqual([
      'orders.csv line 4 column Sku: the same value stands on line 2; got "A". Remove one of them if it came twice, put the two together, or correct one of them.',
    ]);
  });

  it('compares by the first path that both have', async () => {
    const rows = (...cells: string[]): string => `Id,Sku,Code\n${cells.map((cell) => `1,${cell}`).join('\n')}`;
    expect(await messages(map, rows('A,X', 'B,X'), schema)).toEqual([]);
    expect(await messages(map, rows('A,X', 'B,Y', ',X', ',Z'), schema)).toEqual([
      'orders.csv line 4 column Code: the same value stands on line 2; got "X". Remove one of them if it came twice, put the two together, or correct one of them.',
    ]);
    expect(await messages(map, rows(',X', 'B,Y', 'A,X'), schema)).toHaveLength(1);
    expect(await messages(map, rows('A,X', 'B,X', 'C,Y', ',Q', ',X'), schema)).toEqual([
      'orders.csv line 6 column Code: the same value stands on line 2; got "X". Remove one of them if it came twice, put the two together, or correct one of them.',
    ]);
  });

  it('names the column when both stand on one line', async () => {
    const both = schemaOf({ ids: list(schemaOf({ id: text }), { uniqueBy: ['id'] }) });
    expect((await messages('ids: [{ id: A }, { id: B }]', 'Id,A,B\n1,x,x', both))[0]).toBe(
      'orders.csv line 2 column B: the same value stands in A; got "x". Remove one of them if it came twice, put the two together, or correct one of them.',
    );
  });

  it('compares values of lists in all elements, and leaves the other paths their rule', async () => {
    const parts = schemaOf({
      items: list(schemaOf({ sku: text, serials: list(text) }), { uniqueBy: ['serials[]', 'sku'] }),
    });
    const one = 'items: { $each: lines, sku: Sku, serials: [A, B] }';
    expect(await messages(one, 'Id,Sku,A,B\n1,P,S1,S2\n1,Q,S3,S1\n1,R,,', parts)).toEqual([
      'orders.csv line 3 column B: the same value stands on line 2; got "S1". Remove one of them if it came twice, put the two together, or correct one of them.',
    ]);
    expect(await messages(one, 'Id,Sku,A,B\n1,P,S1,\n1,P,S2,', parts)).toHaveLength(1);
  });

  it('goes through thousands of lines at once', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `1,S${index},same`).join('\n');
    expect(await messages(map, `Id,Sku,Code\n${rows}\n1,S77,other`, schema)).toEqual([
      expect.stringContaining('line 5002 column Sku: the same value stands on line 79'),
    ]);
  });
});

describe('lengthOf', () => {
  const line = {
    ...schemaOf({ quantity: number, serials: list(text) }),
    lengthOf: { array: 'serials', equals: 'quantity' },
  };
  const map = 'lines: [{ quantity: Qty, serials: [S1, S2] }]';

  it('blames the cell of the entries and names the column of the number', async () => {
    expect(await messages(map, 'Id,Qty,S1,S2\n1,3,,x9', schemaOf({ lines: list(line) }))).toEqual([
      'orders.csv line 2 column S2: the number of entries is wrong; expected 3 as Qty says, found 1. Add what is missing, remove what is too much, or mend the quantity.',
    ]);
  });

  it('does not count what could not be read', async () => {
    const numbers = {
      ...schemaOf({ quantity: number, serials: list(number) }),
      lengthOf: { array: 'serials', equals: 'quantity' },
    };
    expect(await messages(map, 'Id,Qty,S1,S2\n1,2,x,7', schemaOf({ lines: list(numbers) }))).toEqual([
      expect.stringContaining('column S1: not a number'),
    ]);
  });

  it('is kept by the right number, however it is written, and by an absent list', async () => {
    expect(await messages(map, 'Id,Qty,S1,S2\n1,2.0,a,b', schemaOf({ lines: list(line) }))).toEqual([]);
    expect(await messages(map, 'Id,Qty,S1,S2\n1,2.5,a,b', schemaOf({ lines: list(line) }))).toHaveLength(1);
    expect(await messages('lines: [{ quantity: Qty }]', 'Id,Qty\n1,2', schemaOf({ lines: list(line) }))).toEqual([]);
  });
});

describe('rules about today', () => {
  const monday = '2026-05-04T00:00:00Z';
  const ahead = schemaOf({ by: { ...time, businessDaysAhead: 3 } });
  const holidays = schemaOf({ by: { ...time, businessDaysAhead: 1, holidays: ['2026-05-05'] } });
  const future = schemaOf({ by: { ...time, inFuture: true } });

  it('businessDaysAhead takes exactly the midnight so many business days ahead, and not the second before it', async () => {
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-07T00:00:00Z', ahead)).toEqual([]);
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-06T23:59:59Z', ahead)).toEqual([
      'orders.csv line 2 column By: the date is too early; expected 2026-05-07 or later, 3 business days ahead, got "2026-05-06T23:59:59Z". Enter a later date.',
    ]);
    expect(await messagesAt('2026-05-04T23:59:59.999Z', 'by: By', 'Id,By\n1,2026-05-07T00:00:00Z', ahead)).toEqual([]);
    expect(await messagesAt('2026-05-05T00:00:00Z', 'by: By', 'Id,By\n1,2026-05-07T00:00:00Z', ahead)).toHaveLength(1);
  });

  it.each([
    ['a Friday, over the weekend', '2026-05-08T10:00:00Z', '2026-05-13T00:00:00Z', true],
    ['a Friday, one second before', '2026-05-08T10:00:00Z', '2026-05-12T23:59:59Z', false],
    ['a Saturday', '2026-05-09T10:00:00Z', '2026-05-13T00:00:00Z', true],
    ['a Sunday', '2026-05-10T23:00:00Z', '2026-05-13T00:00:00Z', true],
    ['an offset: the same instant', monday, '2026-05-06T19:00:00-05:00', true],
    ['an offset: two hours too early', monday, '2026-05-07T00:00:00+02:00', false],
    ['a fraction of a second too early', monday, '2026-05-06T23:59:59.9999999Z', false],
    ['a leap second', monday, '2026-06-30T23:59:60Z', true],
  ])('businessDaysAhead on %s', async (_name, now, by, isRight) => {
    expect(await messagesAt(now, 'by: By', `Id,By\n1,${by}`, ahead)).toHaveLength(isRight ? 0 : 1);
  });

  it('businessDaysAhead leaves holidays out', async () => {
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-06T00:00:00Z', holidays)).toEqual([]);
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-05T00:00:00Z', holidays)).toEqual([
      expect.stringContaining('expected 2026-05-06 or later, 1 business day ahead, got'),
    ]);
  });

  it('inFuture refuses now and all before it', async () => {
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-04T00:00:00.001Z', future)).toEqual([]);
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,2026-05-04T00:00:00Z', future)).toEqual([
      'orders.csv line 2 column By: the date is too early; expected a time after now, 2026-05-04T00:00:00Z, got "2026-05-04T00:00:00Z". Enter a later date.',
    ]);
  });

  it('read numbers as milliseconds, and leave what is no time to the format', async () => {
    const ms = schemaOf({ by: { type: 'integer', inFuture: true } });
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,1777903200000', ms)).toEqual([]);
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,1777800000000', ms)).toHaveLength(1);
    expect(await messagesAt(monday, 'by: By', 'Id,By\n1,soon', future)).toEqual([
      expect.stringContaining('this value is not allowed; expected the format date-time'),
    ]);
  });

  it('do not look at the clock for a constant while the mapping is compiled', () => {
    expect(compile(mappingText('by: { $value: "2026-05-01T00:00:00Z" }'), future).issues).toEqual([]);
    expect(compile(mappingText('by: { $value: soon }'), future).issues).toHaveLength(1);
  });
});

describe('before', () => {
  const schema = schemaOf({ from: { ...time, before: 'to' }, to: time });

  it('wants a window that has a length', async () => {
    const rows = (from: string, to: string): string => `Id,From,To\n1,2026-05-05T${from}:00Z,2026-05-05T${to}:00Z`;
    expect(await messages('from: From\nto: To', rows('09:00', '10:00'), schema)).toEqual([]);
    expect(await messages('from: From\nto: To', rows('09:00', '09:00'), schema)).toEqual([
      'orders.csv line 2 column From: the dates are not in their order; expected earlier than 2026-05-05T09:00:00Z, as To says, got "2026-05-05T09:00:00Z". Mend one of the two.',
    ]);
    expect(await messages('from: From', rows('09:00', '09:00'), schema)).toEqual([]);
  });
});

describe('notAfter', () => {
  const schema = schemaOf({ from: { ...time, notAfter: 'to' }, to: time });

  it('blames the earlier field and names the column and text of the later', async () => {
    const map = 'from: From\nto: To';
    expect(await messages(map, 'Id,From,To\n1,2026-05-04T00:00:00Z,2026-05-04T00:00:00Z', schema)).toEqual([]);
    expect(await messages(map, 'Id,From,To\n1,2026-05-05T00:00:00Z,2026-05-04T20:00:00-05:00', schema)).toEqual([]);
    expect(await messages(map, 'Id,From,To\n1,2026-05-05T02:00:00Z,2026-05-04T20:00:00-05:00', schema)).toEqual([
      'orders.csv line 2 column From: the dates are not in their order; expected 2026-05-04T20:00:00-05:00 or earlier, as To says, got "2026-05-05T02:00:00Z". Mend one of the two.',
    ]);
    expect(await messages(map, 'Id,From,To\n1,2026-05-05T02:00:00Z,', schema)).toEqual([]);
  });
});

describe('sumAtMost', () => {
  const item = schemaOf({ sku: text, quantity: number });
  const schema = {
    ...schemaOf({ lines: list(item), packed: list(schemaOf({ items: list(item) })) }),
    sumAtMost: { of: 'packed[].items[].quantity', by: 'sku', list: 'lines[].quantity' },
  };
  const map =
    'lines: { $each: lines, sku: Sku, quantity: Qty }\npacked: [{ items: { $each: lines, sku: PSku, quantity: PQty } }]';

  it('blames the cell with which the sum of a key goes beyond, in exact decimals', async () => {
    const rows = (last: string): string => `Id,Sku,Qty,PSku,PQty\n1,A,0.3,A,0.1\n1,B,5,B,5\n1,,,A,${last}`;
    expect(await messages(map, rows('0.2'), schema)).toEqual([]);
    expect(await messages(map, rows('0.21'), schema)).toEqual([
      'orders.csv line 4 column PQty: more than there is in the document; expected at most 0.3 of A together, found 0.31, got "0.21". Lower a quantity here, or raise the one it is taken from.',
    ]);
  });

  it('is not judged while a quantity cannot be read', async () => {
    expect(await messages(map, 'Id,Sku,Qty,PSku,PQty\n1,A,x,A,1', schema)).toEqual([
      expect.stringContaining('column Qty: not a number'),
    ]);
  });

  it('counts a key the other list does not have as nothing, and everything together without a key', async () => {
    expect((await messages(map, 'Id,Sku,Qty,PSku,PQty\n1,A,3,C,1', schema))[0]).toContain(
      'expected at most 0 of C together, found 1',
    );
    const whole = { ...schema, sumAtMost: { of: 'packed[].items[].quantity', list: 'lines[].quantity' } };
    expect(await messages(map, 'Id,Sku,Qty,PSku,PQty\n1,A,3,C,3', whole)).toEqual([]);
    expect((await messages(map, 'Id,Sku,Qty,PSku,PQty\n1,A,3,C,4', whole))[0]).toContain(
      'expected at most 3 together, found 4',
    );
  });
});

describe('exactlyOneOf', () => {
  const schema = { ...schemaOf({ place: text, pickup: schemaOf({ name: text }) }), exactlyOneOf: ['place', 'pickup'] };
  const map = 'place: Place\npickup: { name: Name }';

  it('asks for one, at the cells that could give it', async () => {
    expect(await messages(map, 'Id,Place,Name\n1,,', schema)).toEqual([
      'orders.csv line 2 column Place: one of these is needed: Place and Name. Fill in the cell.',
    ]);
    expect(await messages('place: Place', 'Id,Place\n1,', schema)).toEqual([
      'orders.csv line 2 column Place: one of these is needed: place and pickup. Fill in the cell.',
    ]);
    expect(await messages(map, 'Id,Place,Name\n1,x,\n2,,y', schema)).toEqual([]);
  });

  it('refuses the second', async () => {
    expect(await messages(map, 'Id,Place,Name\n1,x,y', schema)).toEqual([
      'orders.csv line 2 column Name: breaks a rule of the provider; expected only one of Place and Name. Keep Place or Name and empty the rest.',
    ]);
  });

  it('does not say that a value is missing which could not be read', async () => {
    const dated = { ...schemaOf({ a: number, b: number }), exactlyOneOf: ['a', 'b'] };
    expect(await messages('a: A\nb: B', 'Id,A,B\n1,x,', dated)).toEqual([expect.stringContaining('not a number')]);
  });
});

describe('a rule that is written wrong', () => {
  const closed = schemaOf({ a: list(text), n: number });

  it.each([
    [list(text, { uniqueBy: 'sku' }), '#/uniqueBy: must be a list of paths into an element, such as ["sku"]'],
    [list(text, { uniqueBy: [] }), '#/uniqueBy: must be a list of paths'],
    [list(text, { uniqueBy: ['a..b'] }), '#/uniqueBy: must be a path such as items[].sku'],
    [{ ...text, uniqueBy: ['a'] }, '#/uniqueBy: is about values of type array, and the type here is string'],
    [{ ...closed, lengthOf: { array: 'a' } }, '#/lengthOf: must be an object of array, equals'],
    [{ ...closed, lengthOf: { array: 'a', equals: 'm' } }, '#/lengthOf: "m" is no property of this object'],
    [{ ...time, businessDaysAhead: 0 }, '#/businessDaysAhead: must be a whole number of days from 1 to 366'],
    [{ ...time, businessDaysAhead: 1, holidays: ['25.12.'] }, 'holidays must be a list of dates such as 2026-12-25'],
    [{ ...time, holidays: ['2026-12-25'] }, '#/holidays: stands beside businessDaysAhead'],
    [{ ...time, inFuture: false }, '#/inFuture: must be true'],
    [{ ...time, notAfter: 5 }, '#/notAfter: must be a path'],
    [{ ...closed, sumAtMost: { of: 'a[].q', to: 'n' } }, '#/sumAtMost: must be an object of of, list, by (if wanted)'],
    [{ ...closed, exactlyOneOf: ['a'] }, '#/exactlyOneOf: must be a list of two or more property names'],
    [{ ...closed, exactlyOneOf: ['a', 'x'] }, '#/exactlyOneOf: "x" is no property of this object'],
    [{ ...closed, uniqueby: ['a'] }, 'unknown keyword: "uniqueby"'],
  ] as [JsonSchema, string][])('%j', (schema, message) => {
    expect(() => createAjv().compile(schema)).toThrow(message);
    const { issues } = compile(mappingText('a: Id'), schema);
    expect(issues[0]).toMatchObject({ code: 'bad-schema', what: expect.stringContaining(message) });
  });

  it('holds nothing against a value where no rules are given', () => {
    const validate = createAjv().compile({ ...closed, exactlyOneOf: ['a', 'n'], 'x-broken': [] });
    expect(validate({})).toBe(true);
  });
});

describe('a test of a mapping', () => {
  const mapping = (now: string): string => `
read: { format: csv }
document: { type: order, key: Id }
map: { by: By }
tests:
  - name: in time
    ${now}
    given: |
      Id,By
      1,2026-05-07T00:00:00Z
    expect: [{ by: "2026-05-07T00:00:00Z" }]
`;
  const schema = schemaOf({ by: { ...time, businessDaysAhead: 3 } });

  async function run(text: string) {
    const { definition, yaml } = parseMapping(text, 'm.yaml', formats);
    if (definition === undefined) throw new Error('not parsed');
    const compiled = compileMapping(definition, yaml, { schema, tables: new Map(), limits: defaultLimits });
    if (compiled.mapping === undefined) throw new Error('not compiled');
    return (await runMappingTests(compiled.mapping, { yaml, formats, limits: defaultLimits }))[0];
  }

  it('says when it happens, and stays true', async () => {
    expect(await run(mapping('now: "2026-05-04T23:00:00Z"'))).toMatchObject({ passed: true });
    expect(await run(mapping('now: 2026-05-05T00:00:00Z'))).toMatchObject({
      passed: false,
      difference: expect.stringContaining('too-early at line 2 column By'),
    });
  });

  it('refuses a time that is none', () => {
    const { issues } = parseMapping(mapping('now: soon'), 'm.yaml', formats);
    expect(placed(issues)).toEqual(['7:10 wrong-value']);
  });
});

it('a bound mapping looks at the clock it was compiled with', async () => {
  const { definition, yaml } = parseMapping(mappingText('by: By'), 'm.yaml', formats);
  if (definition === undefined) throw new Error('not parsed');
  let now = Date.parse('2026-05-04T00:00:00Z');
  const schema = schemaOf({ by: { ...time, inFuture: true } });
  const { mapping } = compileMapping(definition, yaml, {
    schema,
    tables: new Map(),
    limits: defaultLimits,
    now: () => now,
  });
  if (mapping?.kind !== 'inbound') throw new Error('not compiled');
  const own = sheet('Id,By\n1,2026-05-04T12:00:00Z');
  const bound = bind(mapping, { '': own });
  expect((await bound.build(own.records)).issues).toEqual([]);
  now = Date.parse('2026-05-05T00:00:00Z');
  expect((await bound.build(own.records)).issues).toHaveLength(1);
});

it('the page about rules shows schemas that can be used', () => {
  const page = readFileSync(join(repository, 'docs/rules.md'), 'utf8');
  const shown = [...page.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, text = '']) => JSON.parse(text) as JsonSchema);
  expect(shown).toHaveLength(2);
  for (const schema of shown) expect(() => createAjv().compile(schema)).not.toThrow();
  const [first = {}] = shown;
  const keywords = new Set(JSON.stringify(first).match(/"[a-zA-Z]+"(?=:)/g));
  const told = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, keyword]) => `"${keyword}"`);
  expect(told).toHaveLength(8);
  expect(told.filter((keyword) => !keywords.has(keyword))).toEqual([]);
});
