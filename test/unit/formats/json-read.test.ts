import { setTimeout as pause } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { defaultLimits } from '../../../src/core/limits.ts';
import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { brief, described, readRawTrees, readTrees } from './json-help.ts';

describe('a document', () => {
  test('that is an array holds a record in each element, with the line it begins on', async () => {
    const { records, trees, refused } = await readTrees(json, '[\n  {"a": 1},\r\n\r\n  {\n"a": 2}, 3,\r null\n]\n');
    expect(trees).toEqual(['{"a":1}', '{"a":2}', '3', 'null']);
    expect(records.map(({ seq, line }) => [seq, line])).toEqual([
      [0, 2],
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(refused).toBeUndefined();
  });

  test('that is an object is one record', async () => {
    const { trees, records } = await readTrees(json, '\n\n{"OrderNo": "A1", "Items": [{}]}');
    expect(trees).toEqual(['{"OrderNo":"A1","Items":[{}]}']);
    expect(records[0]?.line).toBe(3);
  });

  test.each([
    ['Orders', '{"Orders": [{"a":1}, {"a":2}]}', ['{"a":1}', '{"a":2}']],
    ['data.Orders', '{"n": 1, "data": {"x": {"Orders": 5}, "Orders": [{"a":1}]}, "Orders": [7]}', ['{"a":1}']],
    ['$.data.Order', '{"data": {"Order": {"a":1}}}', ['{"a":1}']],
    ['__proto__', '{"__proto__": [1]}', ['1']],
  ])('with path %s holds its records there', async (path, text, expected) => {
    const { trees, refused } = await readTrees(json, text, { options: { path }, size: 3 });
    expect([trees, refused]).toEqual([expected, undefined]);
  });

  test.each([
    [
      '',
      '"abc"',
      '1:1 wrong-root',
      'the file holds a text; expected an array of records, or an object that is one record',
    ],
    ['', '12', '1:1 wrong-root', 'the file holds a number'],
    ['', 'null', '1:1 wrong-root', 'the file holds null'],
    [
      'Orders',
      ' [1]',
      '1:2 wrong-root',
      'holds an array; expected an object with Orders in it. If the file itself is the array of records, remove path:',
    ],
    [
      'Orders',
      '{"a": 1,\n"orders": []}',
      '2:13 wrong-root',
      'the file has no "Orders"; expected the records under Orders, got "a, orders". Did you mean "orders"?',
    ],
    ['data.Orders', '{"data": [1]}', '1:10 wrong-root', 'data holds an array; expected an object with Orders in it'],
    [
      'data.Orders',
      '{"data": {}}',
      '1:11 wrong-root',
      'data has no "Orders"; expected the records under data.Orders, got "{}"',
    ],
    [
      'data.Orders',
      '{"data": {"Orders": "x"}}',
      '1:21 wrong-root',
      'data.Orders holds a text; expected an array of records',
    ],
  ])('with path "%s" that is %s is refused as %s', async (path, text, place, words) => {
    const { refused, records } = await readTrees(json, text, { options: path === '' ? {} : { path } });
    expect(refused && brief(refused)).toBe(place);
    expect(described(refused === undefined ? [] : [refused])[0]).toContain(words);
    expect(records).toEqual([]);
  });

  test('that is an empty array has no records and says so; without anything in it, it is refused', async () => {
    const empty = await readTrees(json, ' [ ]\n');
    expect(empty.events.map(({ kind }) => kind)).toEqual(['header', 'notice']);
    expect(described(empty.notes)).toEqual(['orders.json: no records: the array is empty.']);
    for (const nothing of ['', ' \r\n\t']) expect((await readTrees(json, nothing)).refused?.code).toBe('empty-file');
  });

  test('may end with the end mark of DOS, and with nothing else', async () => {
    expect((await readTrees(json, '[1]\r\n\u001a')).refused).toBeUndefined();
    const { refused, trees } = await readTrees(json, '{"a":1}\n{"a":2}\n');
    expect(trees).toEqual(['{"a":1}']);
    expect(described(refused === undefined ? [] : [refused])[0]).toMatch(
      /line 2: something follows the end.*format: ndjson/,
    );
  });

  test('keeps every digit and every name', async () => {
    const text =
      '{"a":9007199254740993,"b":1e400,"c":-0.50,"d":1.0E+2,"__proto__":{"x":1},"constructor":2,"":3,"2":4,"1":5}';
    const { records, trees } = await readTrees(json, text);
    expect(trees[0]).toContain('"a":9007199254740993,"b":1e400,"c":-0.50,"d":1.0E+2,"__proto__":{"x":1}');
    expect(Object.getPrototypeOf(records[0]?.tree)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('keeps escapes as what they mean', async () => {
    const { trees } = await readTrees(json, String.raw`["\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t", "\u0000"]`);
    expect(trees).toEqual([JSON.stringify('é😀"\\/\b\f\n\r\t'), String.raw`"\u0000"`]);
  });

  test.each(['utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'ebcdic-037'])('is read in %s', async (encoding) => {
    const text = encoding === 'shift_jis' ? '[{"a":"ソ表"}]' : '[{"a":"x|y"}]';
    const content = createTextWriter(encoding)(text, () => '?');
    const { trees, refused } = await readTrees(json, content, { options: { encoding }, size: 1 });
    expect([trees, refused]).toEqual([[text.slice(1, -1)], undefined]);
  });

  test('in another encoding than declared is refused at its place, or read with marks', async () => {
    const content = Buffer.from('[{"a":"x"},\n {"a":"Ren\xe9"}]', 'latin1');
    const { refused, trees } = await readTrees(json, content);
    expect(trees).toEqual(['{"a":"x"}']);
    expect(refused && brief(refused)).toBe('2:11 invalid-encoding');
    expect(refused?.hint).toContain('"René"');
    const replaced = await readTrees(json, content, { options: { onBad: 'replace' } });
    expect([replaced.trees[1], replaced.notes.map(brief)]).toEqual(['{"a":"Ren\ufffd"}', ['2:- bytes-replaced']]);
  });

  test.each([
    ['\ufeff[1]', 'complete'],
    ['{}\n \n', 'complete'],
    ['[1]\u001a', 'complete'],
    ['[1', 'open'],
    ['[1],', 'open'],
    [' ', 'open'],
  ])('%j is %s', (text, expected) => {
    const bytes = Buffer.from(text);
    expect(json.ending(bytes.subarray(-64), bytes.length, {})).toBe(expected);
  });

  test('under a path ends with the bracket of an object', () => {
    const ending = (text: string): string => json.ending(Buffer.from(text), text.length, { path: 'a' });
    expect([ending('{"a":[1]'), ending('{"a":[1]}')]).toEqual(['open', 'complete']);
    expect(json.ending(iconv.encode('{"a":[]}\n', 'utf-16le'), 18, { encoding: 'utf-16le' })).toBe('complete');
  });
});

describe('lines', () => {
  test('hold a value each; blank ones are none', async () => {
    const { trees, records, refused } = await readTrees(ndjson, '{"a":1}\r\n\n \t\n{"a":2}\r[3]\n', { size: 1 });
    expect([trees, refused]).toEqual([['{"a":1}', '{"a":2}', '[3]'], undefined]);
    expect(records.map(({ line }) => line)).toEqual([1, 4, 5]);
  });

  test('that are no JSON are records of their own, and the others go on', async () => {
    const lines = ['{"a":1}', '{"a":', '{"a":2}x', "{'a':3}", 'OrderNo,Qty', '{"a":1}{"b"', '{"a":4} // x', '{"a":5}'];
    const { trees, issues, refused } = await readTrees(ndjson, `${lines.join('\n')}\n`);
    expect(refused).toBeUndefined();
    expect(trees).toEqual(['{"a":1}', ...lines.slice(1, -1).map(() => undefined), '{"a":5}']);
    expect(described(issues).map((text) => text.replace(/^orders.ndjson /, ''))).toEqual([
      'line 2 column /a: the line ends before its value does (character 6). Is a bracket missing, or is the line cut off?',
      'line 3: something follows the value (character 8); got "x".',
      'line 4: a single quote (character 2). Put texts and names in straight double quotes: "Qty".',
      expect.stringContaining('line 5: not a JSON value (character 1)'),
      expect.stringContaining('line 6 column /b: the line ends before its value does (character 12)'),
      'line 7: a comment (character 9). Remove it: JSON has no comments.',
    ]);
  });

  test('may hold several objects, which are records of one line', async () => {
    const raw = await readRawTrees(ndjson, ' {"a":1}{"a":2} [3]\r\n{"a":4}');
    expect(raw.map(({ seq, line, text, lineEnd }) => [seq, line, text, lineEnd])).toEqual([
      [0, 1, '{"a":1}', '\r\n'],
      [1, 1, '{"a":2}', '\r\n'],
      [2, 1, '[3]', '\r\n'],
      [3, 2, '{"a":4}', ''],
    ]);
  });

  test('of one document over several lines are refused', async () => {
    const { refused } = await readTrees(ndjson, '\n{\n  "a": 1\n}\n');
    expect(described(refused === undefined ? [] : [refused])[0]).toMatch(
      /line 2: the first line is only.*format: json/,
    );
  });

  test('without a final line end are read, with a warning; a cut one refuses the file', async () => {
    const { notes } = await readTrees(ndjson, '{"a":1}\n{"a":2}');
    expect(notes.map(brief)).toEqual(['2:- no-final-newline']);
    const cut = ['{"a":1}\n{"a":"x', '{"a":1}\n{"a":', '{"a":1}\n{"a":1} {"b":[1,', '{"a":1}\n{"a":tru'];
    const refusals = await Promise.all(cut.map(async (text) => (await readTrees(ndjson, text)).refused));
    expect(refusals.map((refused) => refused && brief(refused))).toEqual([
      '2:6 file-cut-off',
      '2:6 file-cut-off',
      '2:17 file-cut-off',
      '2:9 file-cut-off',
    ]);
    const broken = await readTrees(ndjson, '{"a":1}\n{"a":,"b":1}');
    expect([broken.refused, broken.issues.length]).toEqual([undefined, 1]);
    expect((await readTrees(ndjson, '{"a":1}\n\u001a')).notes).toEqual([]);
    const ending = (text: string): string => ndjson.ending(Buffer.from(text), text.length, {});
    expect(['{}', '{}\n', '{}\r\n\u001a', '{}\r'].map(ending)).toEqual(['open', 'complete', 'complete', 'complete']);
  });

  test('that are all blank are an empty file', async () => {
    expect((await readTrees(ndjson, '\r\n \n')).refused?.code).toBe('empty-file');
  });
});

/** A file of any size, which counts how much of it was asked for. */
function endless(lead: string, filler: string): { bytes: AsyncGenerator<Uint8Array, void, void>; asked: () => number } {
  let asked = 0;
  const block = Buffer.from(filler.repeat(64 * 1024));
  async function* produce(): AsyncGenerator<Uint8Array, void, void> {
    yield Buffer.from(lead);
    for (;;) {
      asked += block.length;
      if (asked % (64 * block.length) === 0) await pause(0);
      yield block;
    }
  }
  return { bytes: produce(), asked: () => asked };
}

describe('a file without end', () => {
  const MOST = 4 * 1024 * 1024;

  test.each([
    [
      json,
      '[{"a":1},\n {"Note":"',
      'x',
      '2:10 line-too-long',
      'a text that begins here is longer than the limit (character 10)',
    ],
    [
      json,
      '[\n{"a":',
      '1',
      '2:1 line-too-long',
      'the record is longer than the limit (character 1); expected at most 1048576 characters',
    ],
    [json, '[', '7', '1:2 line-too-long', 'the record is longer than the limit'],
    [json, '[[', ' ', '1:2 line-too-long', 'the record is longer than the limit'],
    [json, '[', '[', '1:66 too-deep', 'nested deeper than the limit'],
    [json, '{"a":[', '{},', '1:1 line-too-long', 'set path: in the mapping'],
    [json, '["a', '\\"', '1:2 line-too-long', 'a text that begins here'],
    [json, '', 'a', '1:1 line-too-long', 'the record is longer than the limit'],
    [
      ndjson,
      '{"a":1}\n{"Note":"',
      'x',
      '2:9 line-too-long',
      'a text that begins here is longer than the limit (character 9)',
    ],
    [ndjson, '{"a":1}\n', 'x', '2:1 line-too-long', 'the record is longer than the limit'],
  ])('%$ is refused once the bound is reached', async (format, lead, filler, place, words) => {
    const { bytes, asked } = endless(lead, filler);
    const { refused } = await readTrees(format, bytes);
    expect(refused && brief(refused).split(' /')[0]).toBe(place);
    expect(described(refused === undefined ? [] : [refused])[0]).toContain(words);
    expect(asked()).toBeLessThan(MOST);
  });

  test('of good records is read in batches, long before its end', async () => {
    const { bytes, asked } = endless('[0', ',{"a":1}');
    let count = 0;
    for await (const event of json.read(
      bytes,
      {},
      {
        file: 'x',
        limits: { ...defaultLimits, recordCharacters: 50 },
      },
    )) {
      if (event.kind === 'records') count += event.records.length;
      if (count > 200_000) break;
    }
    expect(asked()).toBeLessThan(MOST);
  });
});

describe('the limits of a record', () => {
  test('bound it however its file is cut', async () => {
    const text = `[{"a":1},{"a":"${'x'.repeat(40)}"}]`;
    for (const size of [1, 1000]) {
      const { trees, refused } = await readTrees(json, text, { limits: { recordCharacters: 30 }, size });
      expect([trees, refused && brief(refused)]).toEqual([['{"a":1}'], '1:10 line-too-long']);
      const lines = await readTrees(ndjson, text.slice(1, -1).replace('},{', '}\n{'), {
        limits: { recordCharacters: 30 },
        size,
      });
      expect([lines.trees, lines.refused && brief(lines.refused)]).toEqual([['{"a":1}'], '2:1 line-too-long']);
    }
  });

  test('say of a long text which one it is, and leave the other records alone', async () => {
    const { trees, issues, refused } = await readTrees(
      json,
      String.raw`[{"a":["x","\u0061bcdef"]},{"abcdefg":2},{"a":12345678}, 1]`,
      { limits: { fieldCharacters: 5 } },
    );
    expect(issues.map(brief)).toEqual(['1:12 field-too-long /a/1', '1:29 field-too-long', '1:47 field-too-long /a']);
    expect([trees[3], refused]).toEqual(['1', undefined]);
  });

  test('hold 64 levels and no more', async () => {
    const nested = (depth: number): string => `[${'['.repeat(depth)}${']'.repeat(depth)}]`;
    expect((await readTrees(json, nested(64))).refused).toBeUndefined();
    expect((await readTrees(json, nested(65))).refused?.code).toBe('too-deep');
    expect((await readTrees(ndjson, `1\n${nested(64)}\n2\n`)).issues.map(({ code }) => code)).toEqual(['too-deep']);
  });
});
