import { describe, expect, test } from 'vitest';

import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { collect, each } from './csv-help.ts';
import { readRawTrees, readTrees, REASONS, sheetOf } from './json-help.ts';

const added = '"dray_code": "too-long", "dray_column": "/Sku", "dray_reason": "why"';

describe('the sheet of refused records', () => {
  test('of an array is an array, each record as it came with the reasons first', async () => {
    const content = '[{"a":1}, {"b" : 2.50,"c":"x"},\r\n[3], 4,{} ]';
    expect((await sheetOf(json, content, [1, 2, 3, 4])).toString()).toBe(
      [
        `[\r\n{${added}, "b" : 2.50,"c":"x"}`,
        `,\r\n{${added}, "dray_value": [3]}`,
        `,\r\n{${added}, "dray_value": 4}`,
        `,\r\n{${added}}\r\n]\r\n`,
      ].join(''),
    );
  });

  test('keeps lines and indentation of what was written over several lines', async () => {
    const content = '\ufeff[\n  {\n    "a": 1\n  },\n  {\n    "b": 2\n  }\n]\n';
    const member = '"dray_code": "too-long",\n    "dray_column": "/Sku",\n    "dray_reason": "why",\n    "b": 2';
    expect((await sheetOf(json, content, [1])).toString()).toBe(`\ufeff[\n  {\n    ${member}\n  }\n]\n`);
  });

  test('of records under a path holds that path alone', async () => {
    const content = '{"n": 1, "data": {"x": [0], "Orders": [{"a":1},{"a":2}]}, "by": "me"}';
    const sheet = await sheetOf(json, content, [1], { path: 'data.Orders' });
    expect(sheet.toString()).toBe(`{"data": {"Orders": [\n{${added}, "a":2}\n]}}\n`);
    expect((await readTrees(json, sheet, { options: { path: 'data.Orders' } })).trees).toEqual(['{"a":2}']);
  });

  test('of one object is that object', async () => {
    expect((await sheetOf(json, ' {"a":1}\r\n', [0])).toString()).toBe(`{${added}, "a":1}\r\n`);
    const under = await sheetOf(json, '{"x{": {"a":1}}', [0], { path: 'x{' });
    expect(under.toString()).toBe(`{"x{": {${added}, "a":1}}\n`);
  });

  test('of lines is lines, those that are no JSON among them', async () => {
    const content = '{"a":1}\r\n{"b":"x}\r\n  7\r\nOrderNo,Qty\r\n{"a":1}{"c":2}';
    expect((await sheetOf(ndjson, content, [1, 2, 3, 5])).toString()).toBe(
      [
        `{${added}, "b":"x}`,
        `{${added}, "dray_value": 7}`,
        `{${added}, "dray_value": OrderNo,Qty}`,
        `{${added}, "c":2}`,
        '',
      ].join('\r\n'),
    );
  });

  test('holds nothing of an earlier sheet but the records', async () => {
    for (const [format, content] of [
      [json, '[{"a":1},2,{}]'],
      [ndjson, '{"a":1}\n2\n{}\n'],
    ] as const) {
      const once = await sheetOf(format, content, [0, 1, 2]);
      const twice = await sheetOf(format, once, [0, 1, 2], {}, ['other', '', 'say "no"\\']);
      expect(twice.toString()).not.toContain('too-long');
      expect((await readTrees(format, twice)).trees).toEqual(['{"a":1}', '2', '{}']);
    }
  });

  test('is mended by mending its records', async () => {
    const content = '[{"a":1},{"Qty":007},{"Qty":1,"Qty":2}, 08]';
    const { issues } = await readTrees(json, content);
    expect(issues).toHaveLength(3);
    const sheet = (await sheetOf(json, content, [1, 2, 3])).toString();
    const mended = sheet.replace('007', '"007"').replace('"Qty":1,', '').replace('08', '8');
    const reading = await readTrees(json, mended);
    expect([reading.trees, reading.issues, reading.refused]).toEqual([
      ['{"Qty":"007"}', '{"Qty":2}', '8'],
      [],
      undefined,
    ]);
  });

  test("reasons may stand anywhere and twice, and are still nobody's data", async () => {
    const text =
      '[{"a":1,"dray_code":"x","DRAY_Reason":"y","dray_code":"z","b":{"dray_code":1}},{"dray_code":"x","dray_value":{"q":01}}]';
    const { trees, issues } = await readTrees(json, text);
    expect(trees).toEqual(['{"a":1,"b":{"dray_code":1}}', '{"q":null}']);
    expect(issues.map(({ where }) => where.column)).toEqual(['/q']);
  });

  test.each(['utf-16le', 'windows-1252', 'shift_jis', 'ebcdic-037'])('is written in %s again', async (encoding) => {
    const write = createTextWriter(encoding);
    const content = write('[{"Name":"x|y"},{"Name":"z"}]\n', () => '?');
    const sheet = await sheetOf(json, content, [1], { encoding }, ['c', 'ł', '日本 — é']);
    const { trees } = await readTrees(json, sheet, { options: { encoding } });
    expect(trees).toEqual(['{"Name":"z"}']);
    const [raw] = await readRawTrees(json, sheet, { options: { encoding } });
    expect(JSON.parse(raw?.text ?? '')).toEqual({
      dray_code: 'c',
      dray_column: 'ł',
      dray_reason: '日本 — é',
      Name: 'z',
    });
  });

  test('is nothing when nothing was refused', async () => {
    expect(await collect(json.writeRejects(each([]), {}, REASONS))).toHaveLength(0);
    expect(await collect(ndjson.writeRejects(each([]), {}, REASONS))).toHaveLength(0);
  });

  test('raw records have the numbers, lines and texts of the file', async () => {
    const raw = await readRawTrees(json, '\ufeff{"o":\r\n[ {"a" : 1},\n"x" ]}', { options: { path: 'o' }, size: 1 });
    const source = { encoding: 'utf-8', lead: '\ufeff{"o": [' };
    expect(raw).toEqual([
      { seq: 0, line: 2, text: '{"a" : 1}', lineEnd: '\r\n', source },
      { seq: 1, line: 3, text: '"x"', lineEnd: '\r\n', source },
    ]);
    expect(raw[0]?.source).toBe(raw[1]?.source);
  });
});
