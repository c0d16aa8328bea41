import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, build, buildAll, buildOne, described, inbound, json, mappingText, schemaOf } from './support.ts';

const one = (type: string) => schemaOf({ v: { type } });

async function converted(text: string, type: string): Promise<string> {
  const document = await buildOne('v: V', `Id,V\n1,${text}`, one(type));
  return document.payload === undefined ? brief(document.issues).join() : json(document);
}

describe('text becomes what the schema asks for', () => {
  it('keeps zeros and digits exactly where the schema says string', async () => {
    for (const text of ['00123', '90.750', '123456789012345678901234567890', '1.10', '+5', 'true']) {
      expect(await converted(text, 'string')).toBe(`{"v":"${text}"}`);
    }
  });

  it('removes only outer space', async () => {
    expect(await converted('  a  b ', 'string')).toBe('{"v":"a  b"}');
  });

  it('sends a number exactly as the file wrote it', async () => {
    for (const text of ['2.50', '0', '-7', '0.10', '123456789012345', '2.00000000000000000000']) {
      expect(await converted(text, 'number')).toBe(`{"v":${text}}`);
    }
  });

  it('drops leading zeros, which JSON does not allow, and the sign of zero', async () => {
    expect(await converted('007', 'integer')).toBe('{"v":7}');
    expect(await converted('-007.50', 'number')).toBe('{"v":-7.50}');
    expect(await converted('-0', 'integer')).toBe('{"v":0}');
  });

  it.each(['1.000.00', '1e3', '0x10', '５', '+3', '1_000', 'Infinity', 'NaN', '.5', '5.', '--1', '1 000'])(
    'refuses %s as a number',
    async (text) => {
      expect(await converted(text, 'number')).toBe('2:V not-a-number');
    },
  );

  it('says how to mend a number with a decimal comma or thousands marks', async () => {
    const document = await buildOne('v: { $join: { of: [V, W], with: "," } }', 'Id,V,W\n1,12,50', one('number'));
    expect(described(document)[0]).toContain('Write "12.50"');
  });

  it.each([
    ['1,200', 'If it means 1200, write 1200; if it means 1.2, write 1.2; or declare $format: "0,000.00" or "0,00".'],
    [
      '-12,340',
      'If it means -12340, write -12340; if it means -12.34, write -12.34; or declare $format: "0,000.00" or "0,00".',
    ],
    ['1,000', 'If it means 1000, write 1000; if it means 1, write 1; or declare $format: "0,000.00" or "0,00".'],
    ['0,125', 'Write "0.125", or declare the comma with $format.'],
    ['1,234,567', 'Write "1234567" instead.'],
    ['1,200.50', 'Write "1200.50" instead.'],
  ])('says every number that %s may mean', async (text, hint) => {
    const schema = schemaOf({ v: { type: 'number' } });
    const records = [{ seq: 0, line: 2, cells: ['1', text] }];
    const [document] = await buildAll(inbound(mappingText('v: V'), schema), {
      '': { columns: ['Id', 'V'], records: records.map((record) => ({ part: '', record })) },
    });
    expect(document?.issues.map((issue) => issue.hint)).toEqual([hint]);
  });

  it('takes only whole numbers for an integer and says what to write instead', async () => {
    const document = await buildOne('v: V', 'Id,V\n1,3.0', one('integer'));
    expect(described(document)).toEqual([
      'orders.csv line 2 column V: not a whole number; expected a whole number, got "3.0". Write "3" instead.',
    ]);
  });

  it('refuses more digits than a number can carry', async () => {
    expect(await converted('9007199254740993', 'integer')).toBe('2:V number-too-precise');
    expect(await converted('0.1234567890123456', 'number')).toBe('2:V number-too-precise');
  });

  it('carries every number of up to fifteen digits to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9_999_999 }), fc.stringMatching(/^\d{0,8}$/)),
        async ([isNegative, whole, decimals]) => {
          const text = `${isNegative && whole > 0 ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
          expect(await converted(text, 'number')).toBe(`{"v":${text}}`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads true and false in any case, and nothing else', async () => {
    expect(await converted('TRUE', 'boolean')).toBe('{"v":true}');
    expect(await converted('false', 'boolean')).toBe('{"v":false}');
    for (const text of ['Y', '1', 'yes', '0']) expect(await converted(text, 'boolean')).toBe('2:V not-a-boolean');
  });

  it('finds the type behind $ref, allOf and anyOf', async () => {
    const schema = {
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/count' },
        b: { allOf: [{ $ref: '#/$defs/count' }] },
        c: { anyOf: [{ type: 'number' }, { type: 'null' }] },
      },
      $defs: { count: { type: 'integer' } },
    };
    expect(json(await buildOne('a: V\nb: V\nc: V', 'Id,V\n1,5', schema))).toBe('{"a":5,"b":5,"c":5}');
  });

  it('checks the number that $as asks for and still sends text where the schema says string', async () => {
    const map = 'v: { $from: V, $as: number }';
    expect(json(await buildOne(map, 'Id,V\n1,2.50', one('string')))).toBe('{"v":"2.50"}');
    expect(brief((await buildOne(map, 'Id,V\n1,x', one('string'))).issues)).toEqual(['2:V not-a-number']);
  });
});

describe('what spreadsheets do to values', () => {
  it('reports a number that a spreadsheet shortened, in text and in numbers', async () => {
    expect(await converted('1.23E+12', 'string')).toBe('2:V scientific-notation');
    expect(await converted('1.23E+12', 'number')).toBe('2:V scientific-notation');
  });

  it('takes such a text when $as says that it is meant', async () => {
    expect(json(await buildOne('v: { $from: V, $as: string }', 'Id,V\n1,1E+5', one('string')))).toBe('{"v":"1E+5"}');
  });

  it('lets text pass that only looks similar', async () => {
    for (const text of ['1E5', 'A1E+5', '12E+5', '1.2E+3 mm'])
      expect(await converted(text, 'string')).toBe(`{"v":"${text}"}`);
  });

  it.each(['#REF!', '#N/A', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!', '########'])(
    'reports %s',
    async (text) => {
      expect(await converted(text, 'string')).toBe('2:V spreadsheet-error');
    },
  );

  it.each([
    ['#BEZUG!'],
    ['#NV'],
    ['#WERT!'],
    ['#ZAHL!'],
    ['#ÜBERLAUF!'],
    ['#VALEUR!'],
    ['#NOM?'],
    ['#NOMBRE!'],
    ['#N/D'],
    ['#VALOR!'],
    ['#¡VALOR!'],
    ['#¡REF!'],
    ['#¿NOMBRE?'],
    ['#RIF!'],
    ['#WAARDE!'],
    ['#SPILL!'],
    ['#CALC!'],
    ['#GETTING_DATA'],
    ['#U\u0308BERLAUF!'],
  ])('reports %s, whatever language the spreadsheet speaks', async (text) => {
    expect(await converted(text, 'string')).toBe('2:V spreadsheet-error');
  });

  it.each(['#4711', '#', '#NVIDIA', '#nv', '#A', '#NEW!'])(
    'lets the text %s pass though it begins with a hash',
    async (text) => {
      expect(await converted(text, 'string')).toBe(`{"v":"${text}"}`);
    },
  );
});

describe('empty means absent', () => {
  it('leaves out empty properties, objects and lists', async () => {
    const document = await buildOne('a: A\nb: { c: A, d: { e: A } }\nf: [A, A]\ng: Id', 'Id,A\n1,  ');
    expect(json(document)).toBe('{"g":"1"}');
  });

  it('leaves out an object that would hold constants and defaults alone', async () => {
    const map = 'a: { k: { $value: Ref }, v: A }\nb: { c: { $from: A, $default: US }, d: A }\ng: Id';
    expect(json(await buildOne(map, 'Id,A\n1,'))).toBe('{"g":"1"}');
  });

  it('keeps an object that is made of constants only', async () => {
    expect(json(await buildOne('a: { k: { $value: Ref } }\ng: Id', 'Id\n1'))).toBe('{"a":{"k":"Ref"},"g":"1"}');
  });

  it('never drops a record: an empty line of a document is an issue of its required fields', async () => {
    const schema = schemaOf({
      items: { type: 'array', items: schemaOf({ sku: { type: 'string' }, uom: { type: 'string' } }, ['sku']) },
    });
    const map = 'items: { $each: lines, sku: S, uom: { $from: U, $default: EACH } }';
    const [document] = await build(map, 'Id,S,U\n1,A,\n1,,', schema);
    expect(brief(document?.issues ?? [])).toEqual(['3:S missing-value']);
  });
});
