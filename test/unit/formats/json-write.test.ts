import { describe, expect, test } from 'vitest';

import type { Format, FormatOptions } from '../../../src/core/format.ts';
import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { createTextReader } from '../../../src/formats/text/encodings.ts';
import { collect, each } from './csv-help.ts';

async function written(
  format: Format,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  options: FormatOptions = {},
): Promise<string> {
  return (await collect(format.write(each(rows), columns, options))).toString();
}

const columns = ['OrderNo', 'Qty', 'Note'];
const rows = [
  ['A1', '2.50', ''],
  ['007', '', 'say "hi"\n'],
];

describe('rows of text', () => {
  test('become an array of objects, their members in the order of the columns', async () => {
    expect(await written(json, columns, rows)).toBe(
      `[
  {
    "OrderNo": "A1",
    "Qty": "2.50",
    "Note": ""
  },
  {
    "OrderNo": "007",
    "Qty": "",
    "Note": "say \\"hi\\"\\n"
  }
]
`,
    );
  });

  test('become one object on each line', async () => {
    expect(await written(ndjson, columns, rows, { lineEnd: 'crlf' })).toBe(
      String.raw`{"OrderNo": "A1", "Qty": "2.50", "Note": ""}` +
        '\r\n' +
        String.raw`{"OrderNo": "007", "Qty": "", "Note": "say \"hi\"\n"}` +
        '\r\n',
    );
  });

  test('stand on one line each without indentation, inside the objects asked for', async () => {
    expect(await written(json, ['a'], [['1'], ['2']], { indent: 0, wrap: 'data.Orders' })).toBe(
      '{"data": {"Orders": [\n{"a": "1"},\n{"a": "2"}\n]}}\n',
    );
  });

  test('that are none are an empty array, or nothing', async () => {
    expect(await written(json, columns, [])).toBe('[]\n');
    expect(await written(json, columns, [], { wrap: 'Orders', bom: true })).toBe('\ufeff{"Orders": []}\n');
    expect(await written(ndjson, columns, [])).toBe('');
  });

  test('give numbers digit for digit where numbers are asked for', async () => {
    const text = await written(
      ndjson,
      ['Qty', 'B'],
      [
        ['9007199254740993', '1'],
        ['-0.50', '2'],
        ['1E+400', '3'],
        ['', '4'],
      ],
      { numbers: ['Qty'] },
    );
    expect(text.match(/"Qty": [^,]+/g)).toEqual([
      '"Qty": 9007199254740993',
      '"Qty": -0.50',
      '"Qty": 1E+400',
      '"Qty": null',
    ]);
  });

  test.each(['007', '1,5', ' 1', 'x', '.5', 'NaN', '1e', '+1'])(
    'stop at %j where a number is asked for',
    async (text) => {
      await expect(written(json, ['Qty'], [[text]], { numbers: ['Qty'] })).rejects.toMatchObject({
        code: 'bad-config',
        message: expect.stringContaining('a text in the column "Qty" is no JSON number') as string,
      });
    },
  );

  test('become nested objects where dots are asked to mean that', async () => {
    const dotted = ['ShipTo.City', 'OrderNo', 'ShipTo.Geo.Lat', '__proto__.x'];
    const row = [['Dayton', 'A1', '39.7', 'y']];
    expect(await written(ndjson, dotted, row)).toContain('{"ShipTo.City": "Dayton", "OrderNo"');
    expect(await written(ndjson, dotted, row, { nested: true, numbers: ['ShipTo.Geo.Lat'] })).toBe(
      '{"ShipTo": {"City": "Dayton", "Geo": {"Lat": 39.7}}, "OrderNo": "A1", "__proto__": {"x": "y"}}\n',
    );
    expect(await written(json, ['a.b', 'c'], [['1', '2']], { nested: true, indent: 1 })).toBe(
      '[\n {\n  "a": {\n   "b": "1"\n  },\n  "c": "2"\n }\n]\n',
    );
  });

  test('keep names that look like positions where they are', async () => {
    expect(await written(ndjson, ['b', '2', '1'], [['x', 'y', 'z']])).toBe('{"b": "x", "2": "y", "1": "z"}\n');
  });

  test.each([
    [['a', 'a'], {}, 'the column "a"'],
    [['a', 'a.b'], { nested: true }, 'the column "a.b"'],
    [['a.b', 'a'], { nested: true }, 'the column "a"'],
    [['a'], { numbers: ['Qty'] }, 'numbers: names "Qty", which is no column'],
  ])('under %j with %j are not written', async (names, options, words) => {
    await expect(written(json, names, [], options)).rejects.toThrow(words);
  });

  test('are escaped where the encoding lacks a character', async () => {
    for (const encoding of ['windows-1252', 'ebcdic-500', 'utf-16be']) {
      const bytes = await collect(json.write(each([['日é😀\ud800']]), ['a'], { encoding, indent: 0 }));
      const text = createTextReader(encoding).decode(bytes);
      expect(JSON.parse(text)).toEqual([{ a: '日é😀\ud800' }]);
    }
  });

  test('come in flat memory however many there are', async () => {
    let asked = 0;
    async function* many(): AsyncGenerator<readonly string[], void, void> {
      for (; asked < 1e6; asked++) yield await Promise.resolve(['x'.repeat(100)]);
    }
    for await (const bytes of json.write(many(), ['a'], {})) {
      expect(bytes.length).toBeLessThan(128 * 1024);
      break;
    }
    expect(asked).toBeLessThan(2000);
  });
});
