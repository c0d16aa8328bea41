import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/core/json.ts';
import { build, buildOne, described, schemaOf } from './support.ts';

const order = JSON.parse(
  readFileSync(new URL('../../../mappings/ctl/schemas/order.json', import.meta.url), 'utf8'),
) as JsonSchema;

async function messages(node: string, text: string, property: JsonSchema): Promise<string[]> {
  return described(await buildOne(`v: ${node}`, `Id,V\n1,${text}`, schemaOf({ v: property })));
}

describe('a schema issue stands at the cell it came from', () => {
  it('lengths, counted in characters and not in halves of them', async () => {
    expect(await messages('V', 'abcdef', { type: 'string', maxLength: 5 })).toEqual([
      'orders.csv line 2 column V: too long; expected at most 5 characters, found 6, got "abcdef". Shorten the value; nothing is cut for you.',
    ]);
    expect(await messages('V', '😀😀', { type: 'string', maxLength: 2 })).toEqual([]);
    expect((await messages('V', 'a', { type: 'string', minLength: 2 }))[0]).toContain(
      'too short; expected at least 2 characters, found 1',
    );
  });

  it.each([
    [{ type: 'number', minimum: 1 }, '0', 'expected 1 or more, got "0"'],
    [{ type: 'number', maximum: 9 }, '10', 'expected 9 or less, got "10"'],
    [{ type: 'number', exclusiveMinimum: 0 }, '0', 'expected more than 0, got "0"'],
    [{ type: 'number', exclusiveMaximum: 5 }, '5.0', 'expected less than 5, got "5.0"'],
    [{ type: 'number', multipleOf: 0.01 }, '1.005', 'expected a multiple of 0.01, got "1.005"'],
  ] as [JsonSchema, string, string][])('bounds of numbers: %o', async (property, text, expected) => {
    expect(await messages('V', text, property)).toEqual([
      `orders.csv line 2 column V: the number is out of range; ${expected}.`,
    ]);
  });

  it('digits that lack zeros in front, with what they may have been', async () => {
    const zip = { type: 'string', pattern: '^[0-9]{5}(-[0-9]{4})?$', description: 'a ZIP' };
    const told = (zero: string, got: string): string =>
      `orders.csv line 2 column V: a zero in front seems missing; expected a ZIP, got "${got}". If it is ${zero}, format the column as text, write ${zero} and save.`;
    expect(await messages('V', '7102', zip)).toEqual([told('07102', '7102')]);
    expect(await messages('V', '501', zip)).toEqual([told('00501', '501')]);
    expect((await messages('V', '12', zip))[0]).toContain('this value is not allowed; expected a ZIP, got "12"');
    expect((await messages('V', '7102-12', zip))[0]).toContain('this value is not allowed');
  });

  it('lists that are too long at the first of them that is too much', async () => {
    const lines = { type: 'array', maxItems: 2, items: schemaOf({ sku: { type: 'string' } }) };
    const rows = 'Id,Sku\n1,A\n1,B\n1,C\n1,D';
    expect((await build('v: { $each: lines, sku: Sku }', rows, schemaOf({ v: lines }))).flatMap(described)).toEqual([
      'orders.csv line 4 column Sku: more lines than a document may have; expected at most 2 lines, found 4. Split the document: give some of its lines another key.',
    ]);
    const texts = { type: 'array', maxItems: 1, items: { type: 'string' } };
    expect(described(await buildOne('v: [A, B]', 'Id,A,B\n1,x,y', schemaOf({ v: texts })))).toEqual([
      'orders.csv line 2 column B: breaks a rule of the provider; expected at most 1 entries, found 2.',
    ]);
    const none = { type: 'array', maxItems: 0, description: 'no serial number', items: { type: 'string' } };
    expect(described(await buildOne('v: [A]', 'Id,A\n1,x', schemaOf({ v: none })))).toEqual([
      'orders.csv line 2 column A: breaks a rule of the provider; expected no serial number, got "x".',
    ]);
  });

  it('an object that says nothing, with what could be said', async () => {
    const schema = { ...schemaOf({ a: { type: 'string' }, b: { type: 'string' } }), minProperties: 1 };
    expect(described(await buildOne('a: A\nb: B', 'Id,A,B\n1,,', schema))).toEqual([
      'orders.csv line 2: the line has nothing but its key. Fill in what is to be sent: A or B.',
    ]);
  });

  it('rules in the words of the schema where it has words', async () => {
    const described = { type: 'string', pattern: '^[A-Z]{2}$', description: 'two capitals' };
    expect((await messages('V', 'x', described))[0]).toContain(
      'this value is not allowed; expected two capitals, got "x"',
    );
    expect((await messages('V', 'x', { type: 'string', format: 'email' }))[0]).toContain('expected the format email');
    expect((await messages('V', 'x', { enum: ['a', 'b'] }))[0]).toContain('expected one of a, b, got "x"');
    expect((await messages('V', 'x', { const: 'a' }))[0]).toContain('expected one of a, got "x"');
  });

  it('the cell, where a table has made another value of it', async () => {
    const document = await buildOne(
      'v: { $from: V, $table: t }',
      'Id,V\n1,x',
      schemaOf({ v: { type: 'string', maxLength: 1 } }),
      'tables: { t: { x: yy } }',
    );
    expect(described(document)[0]).toContain('column V: too long; expected at most 1 character, found 2, got "x"');
  });

  it('a missing value at every column that could have given it', async () => {
    const schema = schemaOf({ v: { type: 'string', description: 'a name' }, w: {} }, ['v']);
    expect(described(await buildOne('v: { $first: [A, B] }\nw: Id', 'Id,A,B\n1,,', schema))).toEqual([
      'orders.csv line 2 column A: a value is missing: A and B are empty; expected a name. Fill in the cell.',
    ]);
  });

  it('a missing object at the first of its columns', async () => {
    const schema = schemaOf({ o: schemaOf({ a: {}, b: {} }) }, ['o']);
    expect(described(await buildOne('o: { a: A, b: B }', 'Id,A,B\n1,,', schema))[0]).toContain(
      'orders.csv line 2 column A: a value is missing: A',
    );
  });

  it('a list that is too short or too long', async () => {
    const list = (limit: JsonSchema): JsonSchema =>
      schemaOf({ v: { type: 'array', items: { type: 'string' }, ...limit } });
    expect(described(await buildOne('v: { $each: lines, $from: V }', 'Id,V\n1,a', list({ minItems: 2 })))).toEqual([
      'orders.csv line 2: breaks a rule of the provider; expected at least 2 entries.',
    ]);
    expect(
      described(await buildOne('v: { $each: lines, $from: V }', 'Id,V\n1,a\n1,b', list({ maxItems: 1 })))[0],
    ).toContain('at most 1 entries');
  });

  it('says nothing twice: what could not become a value is not missing as well', async () => {
    const schema = schemaOf({ v: { type: 'integer' }, o: schemaOf({ n: { type: 'integer' } }, ['n']) }, ['v', 'o']);
    const document = await buildOne('v: V\no: { n: V }', 'Id,V\n1,x', schema);
    expect(described(document)).toHaveLength(1);
  });
});

describe('alternatives are reduced to what a person can act on', () => {
  it('of several forms the one that came closest', async () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        p: {
          oneOf: [
            { $ref: '#/$defs/card' },
            {
              type: 'object',
              properties: { kind: { const: 'cash' }, amount: { type: 'number' } },
              required: ['kind', 'amount'],
            },
          ],
        },
      },
      $defs: {
        card: {
          type: 'object',
          properties: { kind: { const: 'card' }, number: { type: 'string', maxLength: 4 } },
          required: ['kind', 'number'],
        },
      },
    };
    const document = await buildOne('p: { kind: K, number: N }', 'Id,K,N\n1,card,12345', schema);
    expect(described(document)).toEqual([
      'orders.csv line 2 column N: too long; expected at most 4 characters, found 5, got "12345". Shorten the value; nothing is cut for you.',
    ]);
  });

  it('the narrowest of several limits', async () => {
    const property = { type: 'string', maxLength: 5, allOf: [{ maxLength: 3 }, { maxLength: 4 }, { minLength: 2 }] };
    expect(await messages('V', 'abcdef', property)).toEqual([
      'orders.csv line 2 column V: too long; expected at most 3 characters, found 6, got "abcdef". Shorten the value; nothing is cut for you.',
    ]);
    const number = { type: 'number', minimum: 1, allOf: [{ minimum: 3 }] };
    expect(await messages('V', '0', number)).toEqual([
      'orders.csv line 2 column V: the number is out of range; expected 3 or more, got "0".',
    ]);
  });

  it('that nothing may stand there', async () => {
    const never = { allOf: [{ properties: { v: false } }], ...schemaOf({ v: { type: 'string' } }) };
    expect(described(await buildOne('v: V', 'Id,V\n1,x', never))).toEqual([
      'orders.csv line 2 column V: breaks a rule of the provider; expected nothing here, got "x".',
    ]);
  });

  it('the rule as a whole when several come equally close', async () => {
    const property = {
      anyOf: [{ format: 'date' }, { format: 'uuid' }],
      type: 'string',
      description: 'a date or an id',
    };
    expect(await messages('V', 'x', property)).toEqual([
      'orders.csv line 2 column V: breaks a rule of the provider; expected a date or an id, got "x".',
    ]);
  });
});

describe('rules between fields', () => {
  const rows = (cells: string): string => `Id,Address,Name,Street,City,State,Zip,Country,SKU,Qty,Value\n${cells}`;
  const map = `ShipToAddressId: Address
ShipTo: { Name: Name, Address1: Street, City: City, StateOrProvince: State, PostalCode: Zip, CountryCode: Country }
Items: { $each: lines, Sku: SKU, Quantity: Qty, DeclaredValuePerUOM: Value }`;

  it('a combination that is not allowed', async () => {
    const [document] = await build(map, rows('1,A7,Ann,Street 1,Dayton,OH,45402,US,S,1,'), order);
    expect(described(document as never)).toEqual([
      'orders.csv line 2 column Address: breaks a rule of the provider; expected either ShipTo or ShipToAddressId, not both.',
    ]);
  });

  it('a value that only some documents need, for each line that lacks it', async () => {
    const [document] = await build(
      map,
      rows('1,,Ann,Street 1,Toronto,ON,M5V,CA,S,1,\n1,,Ann,Street 1,Toronto,ON,M5V,CA,T,1,5\n1,,,,,,,,U,1,'),
      order,
    );
    expect(described(document as never)).toEqual([
      'orders.csv line 2 column Value: a value is missing; expected outside the US each item needs DeclaredValuePerUOM. Fill in the cell.',
      'orders.csv line 4 column Value: a value is missing; expected outside the US each item needs DeclaredValuePerUOM. Fill in the cell.',
    ]);
  });

  it('a form that depends on another field', async () => {
    const [document] = await build(map, rows('1,,Ann,Street 1,Dayton,Ohio,4540,US,S,1,'), order);
    expect(described(document as never)).toEqual([
      'orders.csv line 2 column State: this value is not allowed; expected two-letter USPS state code in capitals, such as OH, got "Ohio".',
      'orders.csv line 2 column Zip: a zero in front seems missing; expected 5 digits or ZIP+4, such as 45402 or 45402-1187, got "4540". If it is 04540, format the column as text, write 04540 and save.',
    ]);
  });

  it('everything at once, and no more than the limit', async () => {
    const lines = Array.from({ length: 60 }, () => '1,A7,,,,,,,S,x,').join('\n');
    const [document] = await build(map, rows(lines), order);
    expect(document?.issues).toHaveLength(50);
    expect(document?.payload).toBeUndefined();
  });
});
