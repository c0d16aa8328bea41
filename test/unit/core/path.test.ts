import { describe, expect, test } from 'vitest';
import { parseExact, type Json } from '../../../src/core/json.ts';
import { parsePath, selectAll, selectFirst, type JsonPath } from '../../../src/core/path.ts';

function path(text: string): JsonPath {
  const found = parsePath(text);
  if (found === undefined) throw new Error(`no path: ${text}`);
  return found;
}

const order: Json = {
  Id: 'SO-1',
  Empty: null,
  'Ship To': { Name: 'Okafor' },
  Items: [
    { Sku: 'A', Lots: [{ No: 'L1' }, { No: 'L2' }] },
    { Sku: 'B', Lots: [] },
    { Sku: 'C', Lots: [{ No: 'L3' }] },
  ],
  Variables: [
    { Key: 'Line.No', Value: '10' },
    { Key: 7, Value: 'seven' },
    { Key: true, Value: 'yes' },
    { Key: 'Eq', Value: 'a=b' },
    'not an object',
  ],
};
const all = (text: string, root: Json = order): readonly Json[] => selectAll(root, path(text));

describe('a path', () => {
  test.each<[string, Json[]]>([
    ['Id', ['SO-1']],
    ['$.Id', ['SO-1']],
    ['Ship To.Name', ['Okafor']],
    ['Items[].Sku', ['A', 'B', 'C']],
    ['Items[].Lots[].No', ['L1', 'L2', 'L3']],
    ['Items[1].Sku', ['B']],
    ['Items[0].Lots[1].No', ['L2']],
    ['Items[9].Sku', []],
    ['Variables[Key=Line.No].Value', ['10']],
    ['Variables[Key=7].Value', ['seven']],
    ['Variables[Key=true].Value', ['yes']],
    ['Variables[Value=a=b].Key', ['Eq']],
    ['Variables[Key=absent].Value', []],
    ['Absent.Deeper[].Still', []],
    ['Id.Length', []],
    ['Id[]', []],
    ['Items.Sku', []],
  ])('%s leads to %j', (text, expected) => {
    expect(all(text)).toEqual(expected);
  });

  test('of $ alone is the value itself, and a leading bracket starts at a list', () => {
    expect(all('$', 'x')).toEqual(['x']);
    expect(all('[].a', [{ a: 1 }, { a: 2 }])).toEqual([1, 2]);
    expect(all('[1]', ['a', 'b'])).toEqual(['b']);
  });

  test.each(['', 'a[', 'a]', 'a]b', 'a[0]b', '[0', '$.', 'a[b=].c'])('is not %j', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  test('finds nothing in an absent value', () => {
    expect(selectAll(undefined, path('Id'))).toEqual([]);
    expect(selectAll(undefined, path('$'))).toEqual([]);
  });

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'Items[].constructor',
    'length',
    'Items.length',
  ])('does not reach what JavaScript hangs on every value: %s', (text) => {
    expect(all(text)).toEqual([]);
  });

  test('reads hostile names when the data has them', () => {
    const hostile = parseExact('{"__proto__":{"a":"own"},"constructor":"c","list":[{"constructor":"k","v":1}]}');
    expect(all('__proto__.a', hostile)).toEqual(['own']);
    expect(all('constructor', hostile)).toEqual(['c']);
    expect(all('list[constructor=k].v', hostile)).toHaveLength(1);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test('compares the digits of a number as they were written', () => {
    const stream = parseExact('[{"i":9007199254740993,"v":"x"},{"i":1.0,"v":"y"}]');
    expect(all('[i=9007199254740993].v', stream)).toEqual(['x']);
    expect(all('[i=9007199254740992].v', stream)).toEqual([]);
    expect(all('[i=1.0].v', stream)).toEqual(['y']);
  });
});

test('the first value is the first that is neither absent nor null', () => {
  expect(selectFirst(order, path('Empty'))).toBeUndefined();
  expect(selectFirst([null, 'x'], path('[]'))).toBe('x');
  expect(selectFirst(['', 'x'], path('[]'))).toBe('');
});
