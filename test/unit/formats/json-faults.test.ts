import { describe, expect, test } from 'vitest';

import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { described, readRawTrees, readTrees } from './json-help.ts';

describe('what makes the rest of a file uncertain refuses it, and says where', () => {
  test.each([
    ['[{"a":1,\n {"b":2}]', 'line 2: a name in double quotes is missing (character 2); got "{". Write "Qty": 1.'],
    ['[{"a":1 "b":2}]', 'line 1 column /a: a comma or a closing bracket is missing (character 9); got ""b"".'],
    ['[{"a":1} {"b":2}]', 'line 1: a comma or a closing bracket is missing (character 10); got "{".'],
    ['[{"a":[1}]', 'line 1 column /a/0: the wrong bracket closes (character 9). { is closed by }, and [ by ].'],
    ['[1}', 'line 1: the wrong bracket closes (character 3).'],
    ['[1,\n]', 'line 2: a comma before a closing bracket (character 1). Remove the comma.'],
    ['[1,,2]', 'line 1: a value is missing (character 4); expected a text in double quotes'],
    ['[{"a":}]', 'line 1 column /a: a value is missing (character 7)'],
    ['[{"a",1}]', 'line 1 column /a: a name without a colon behind it (character 6); got ",".'],
    ["[{'a': 1}]", 'line 1: a single quote (character 3). Put texts and names in straight double quotes: "Qty".'],
    ['[{"a": \'x\'}]', 'line 1 column /a: a single quote (character 8).'],
    ['[{“a”: 1}]', 'line 1: a typographic quote (character 3).'],
    ['[{Qty: 1}]', 'line 1: a name in double quotes is missing (character 3); got "Qty".'],
    ['[1, // one\n2]', 'line 1: a comment (character 5). Remove it: JSON has no comments.'],
    ['[1 /* one */]', 'line 1: a comment (character 4).'],
    ['[{"a":1 # one\n}]', 'line 1 column /a: a comment (character 9).'],
    [
      '[{"Name":"x,\n"Qty":1},{"Name":"y"}]',
      'line 1 column /Name: a line break inside a text (character 13). Is a quote missing before it?',
    ],
    [String.raw`[{"dir":"C:\temp\","x":"y"}]`, String.raw`line 1 column /dir: a comma or a closing bracket is missing`],
    [
      String.raw`[{"dir":"C:\data\","x":"y"}]`,
      String.raw`line 1 column /dir: a backslash that means nothing here (character 12); got "\d". Write a backslash that is meant as two: \\.`,
    ],
    ['[{"a":1},\n{"a":', 'line 2: the file ends in the middle of a record (character 6). The file is cut off'],
    ['[{"a":1},\n{"a":"x', 'line 2: the file ends inside a text that begins here (character 6). The file is cut off'],
    [String.raw`["\u00`, 'line 1: the file ends inside a text that begins here (character 2).'],
    ['[{"a":1},\n', 'line 2: the file ends before its structure does. The file is cut off'],
    ['[1', 'line 1: the file ends before its structure does.'],
    ['[{"a":1]', 'line 1 column /a: the wrong bracket closes (character 8).'],
    ['OrderNo;Qty\n1;2\n', 'line 1: a JSON file begins with { or [; got "OrderNo;Qty".'],
    ['<?xml version="1.0"?><a/>', 'line 1: a JSON file begins with { or [; got "<?xml".'],
    ['}', 'line 1: a JSON file begins with { or [; got "}".'],
    [
      '[1]\n[2]',
      'line 2: something follows the end of the document (character 1). If each line is a document of its own, set format: ndjson',
    ],
    ['[\u00a01]', 'line 1: an invisible character (U+00A0) (character 2)'],
    ['[1\u00a0]', 'line 1: an invisible character (U+00A0) (character 3). Put a space in its place.'],
  ])('%j', async (text, words) => {
    for (const size of [1, 1000]) {
      const { refused, issues } = await readTrees(json, text, { size });
      expect(described(refused === undefined ? [] : [refused])[0]).toContain(`orders.json ${words}`);
      expect(issues).toEqual([]);
    }
  });

  test.each([
    ['{"a":[1],"a":[2]}', 'line 1: the name "a" stands twice in one object (character 10)'],
    ['{"b":{"x":01},"a":[]}', 'line 1 column /x: a number with leading zeros (character 11)'],
    ['{"a":[1],}', 'line 1: a comma before a closing bracket (character 10)'],
    ['{"a":[1] "b":2}', 'line 1: a comma or a closing bracket is missing (character 10)'],
    ['{"a":[1]]', 'line 1: the wrong bracket closes (character 9)'],
    ['{"a" [1]}', 'line 1: a name without a colon behind it (character 6)'],
    ['{"a":nul}', 'line 1: not a JSON value (character 6)'],
    ['{"a":[1]', 'line 1: the file ends before its structure does'],
    ['{a:[1]}', 'line 1: a name in double quotes is missing (character 2)'],
  ])('around the records: %j', async (text, words) => {
    const { refused } = await readTrees(json, text, { options: { path: 'a' }, size: 2 });
    expect(described(refused === undefined ? [] : [refused])[0]).toContain(`orders.json ${words}`);
  });
});

describe('what leaves the end of a record certain refuses that record', () => {
  test.each([
    [
      '{"Qty":007}',
      'column /Qty: a number with leading zeros (character 9); expected a number without them, or a text, got "007". Put it in double quotes if the zeros count: "007".',
    ],
    [
      '{"Qty":+1}',
      'column /Qty: not a JSON number (character 9); expected digits without a sign +, and a digit on both sides of a point, got "+1".',
    ],
    ['{"Qty":.5}', 'column /Qty: not a JSON number'],
    ['{"Qty":0x1F}', 'column /Qty: not a JSON number'],
    [
      '{"Date":2026-05-04}',
      'column /Date: not a JSON number (character 10); expected digits without a sign +, and a digit on both sides of a point, got "2026-05-04".',
    ],
    [
      '{"Qty":NaN}',
      'column /Qty: not a JSON value (character 9); expected a text in double quotes, a number, true, false or null, got "NaN". Write null, or leave the name out.',
    ],
    ['{"Qty":-Infinity}', 'column /Qty: not a JSON value'],
    [
      '{"Rush":True}',
      'column /Rush: not a JSON value (character 10); expected a text in double quotes, a number, true, false or null, got "True". Write true and false in lower case.',
    ],
    [
      '{"Sku":BTL-750}',
      'column /Sku: not a JSON value (character 9); expected a text in double quotes, a number, true, false or null, got "BTL-750". Put texts in double quotes.',
    ],
    [
      '{"Items":[{"Sku":"A"},{"Sku":"B","Sku":"C"}]}',
      'column /Items/1/Sku: the name "Sku" stands twice in one object (character 35). Remove one of them: which of the two counts cannot be told.',
    ],
    ['{"a/b":{"c~d":01}}', 'column /a~1b/c~0d: a number with leading zeros'],
    ['{"Items":[1,]}', 'column /Items: a comma before a closing bracket (character 14). Remove the comma.'],
    ['{"Note":"a\tb"}', String.raw`column /Note: a tab inside a text (character 12). Write it as \t.`],
    [
      '{"Note":"a\u0007b"}',
      String.raw`column /Note: a control character (U+0007) inside a text (character 12). Remove it, or write it as \u0007.`,
    ],
    [
      '{"Note":"two\nlines"}',
      String.raw`column /Note: a line break inside a text (character 14). Is a quote missing before it? A line break that is meant is written \n.`,
    ],
    [
      String.raw`{"Dir":"C:\new\data"}`,
      String.raw`column /Dir: a backslash that means nothing here (character 16); got "\d". Write a backslash that is meant as two: \\.`,
    ],
    [
      String.raw`{"Name":"\ud83d"}`,
      String.raw`column /Name: half of a character (character 10). Write the character itself, or both halves of it: \ud83d\ude00.`,
    ],
    ['{\n "a": 1,\n "b": 01\n}', 'column /b: a number with leading zeros (line 3, character 7)'],
  ])('%j', async (text, words) => {
    const { trees, issues, refused } = await readTrees(json, `[${text},{"ok":true}]`, { size: 4 });
    expect(refused).toBeUndefined();
    expect(described(issues)).toEqual([expect.stringContaining(`orders.json line 1 ${words}`)]);
    expect(trees).toHaveLength(2);
    expect(trees[1]).toBe('{"ok":true}');
    expect((await readRawTrees(json, `[${text},{"ok":true}]`))[0]?.text).toBe(text);
    if (/[\r\n]/.test(text)) return;
    expect((await readTrees(ndjson, `${text}\n{"ok":true}\n`)).issues).toHaveLength(1);
  });

  test('all of it is told at once, but no more than can be read', async () => {
    const { issues } = await readTrees(json, '[{"a":01,"b":NaN,"b":2,"c":"\t"}]');
    expect(issues.map(({ code }) => code)).toEqual(['broken-json', 'broken-json', 'duplicate-key', 'broken-json']);
    const many = await readTrees(json, `[[${'01,'.repeat(5000)}1]]`);
    expect(many.issues).toHaveLength(50);
  });

  test('the record keeps the line it begins on, where the sheet of refused records looks for it', async () => {
    const { records } = await readTrees(json, '[\n{"a": 1},\n{\n"b":\n02}\n]');
    expect(records[1]?.line).toBe(3);
    expect(records[1]?.issues?.[0]?.where).toEqual({ file: 'orders.json', line: 3, column: '/b' });
  });
});
