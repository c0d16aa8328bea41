import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRawNumber, parseExact, type Json } from '../../../src/core/json.ts';

/** As plain values, numbers as the texts they were read from. */
function plain(value: Json | undefined): unknown {
  if (isRawNumber(value)) return `number ${value.rawJSON}`;
  if (Array.isArray(value)) return value.map((inner: Json) => plain(inner));
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, inner]) => [name, plain(inner as Json)]);
}

describe('JSON read exactly', () => {
  it('keeps numbers as they were written', () => {
    const text = '{"a":2.00000000000000000000,"b":[9007199254740993,-0,1e400]}';
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });

  it('keeps escaped names apart, whatever names were read before', () => {
    parseExact('{"h":[],"\\\\":0}');
    parseExact('{"h":[],"a\\\\":0}');
    expect(plain(parseExact('{"h":1,"\\"":2.50}'))).toEqual([
      ['h', 'number 1'],
      ['"', 'number 2.50'],
    ]);
    expect(plain(parseExact('{"h":1,"a\\n" :{"\\u0041":0.10},"x":"\\u0041\\\\"}'))).toEqual([
      ['h', 'number 1'],
      ['a\n', [['A', 'number 0.10']]],
      ['x', 'A\\'],
    ]);
  });

  it('agrees with the names and values of any object', () => {
    const name = fc.string({
      unit: fc.constantFrom('\\', '"', 'a', '\n', '\u0001', '\uE000', ':', ',', '{', '\uD800'),
    });
    const tree = fc.array(fc.tuple(name, fc.oneof(name, fc.constant('7'))), { maxLength: 6 });
    fc.assert(
      fc.property(tree, (members) => {
        const unique = [...new Map(members)];
        const text = `{${unique.map(([key, value]) => `${JSON.stringify(key)} : ${JSON.stringify(value)}`).join(', ')}}`;
        expect(plain(parseExact(text))).toEqual(unique);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes an own property of every name, and lets the last of two win', () => {
    expect(plain(parseExact('{"\\u005f_proto__":1,"A":1,"\\u0041":2}'))).toEqual([
      ['__proto__', 'number 1'],
      ['A', 'number 2'],
    ]);
  });

  it('refuses what is no JSON', () => {
    for (const text of ['{"a\\x":1}', '{"a\\":1}', '{"\\u00g0":1}', '["\\" :]', '{"a\nb\\n":1}']) {
      expect(() => parseExact(text)).toThrow(SyntaxError);
    }
  });

  it('reads long texts with escapes', () => {
    const long = 'x\\n'.repeat(4_000_000);
    const read = parseExact(`{"a\\n":"${long}"}`) as { 'a\n': string };
    expect(read['a\n']).toHaveLength(8_000_000);
  });
});
