import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { parseExact } from '../../../src/core/json.ts';
import type { OutboundRows } from '../../../src/mapping/index.ts';
import { codesOf, outbound } from './support-outbound.ts';
import { buildTree } from './support.ts';

const item = parseExact(`{ "Id": "O1",
  "Lines": [
    { "Sku": "A", "No": 10, "Kind": "x", "Tax": { "Code": "T1" }, "Parts": [{ "Sku": "A1", "Name": "bolt" }] },
    { "Sku": "B", "No": 20, "Kind": "x" }, { "Sku": "B", "No": 30, "Kind": "x" }, { "Sku": 7.0, "No": 40 }, 5, null ],
  "Boxes": [
    { "Of": { "Sku": "A" }, "Part": "A1" }, { "Of": { "Sku": "B" } }, { "Of": { "Sku": "7.0" } }, { "Of": { "Sku": "?" } },
    { "Of": { "Sku": "" } }, {} ] }`);

/** The cells of one column, box by box; an issue where a row could not be made. */
function cells(node: string): string[] {
  const text = `write: { format: csv }\nrows: Boxes[]\nfact: "{$.Id}/{Boxes.#}"\nmap: { v: ${node} }`;
  const { rows, issues } = outbound(text).rows(item) as OutboundRows;
  return [...rows.map((row) => row.cells[0] ?? ''), ...issues.map(describeIssue)];
}

describe('an element that a row finds by a value of its own', () => {
  it('is that with the same text; nothing is found for what is not there, or not told', () => {
    expect(cells('"$.Lines[Sku={Of.Sku}].Kind"')).toEqual(['x', 'x', '', '', '', '']);
    expect(cells('"$.Lines[Sku={Of.Sku}].Tax.Code"')).toEqual(['T1', '', '', '', '', '']);
  });

  it('may be one of several that say the same; where they do not, the row waits', () => {
    expect(cells('"$.Lines[Sku={Of.Sku}].No"')).toEqual([
      '10',
      '40',
      '',
      '',
      '',
      expect.stringContaining(
        'several elements fit $.Lines[Sku={Of.Sku}].No, and they say different things; got "20, 30". Put [0] behind the brackets',
      ),
    ]);
    expect(cells('"$.Lines[Sku={Of.Sku}][0].No"').slice(0, 3)).toEqual(['10', '20', '40']);
    expect(cells('"$.Lines[Sku={Of.Sku}][1].No"').slice(0, 3)).toEqual(['', '30', '']);
  });

  it('is an issue where a value is required, one when it is an object, and a text in templates and lists', () => {
    expect(cells('{ $from: "$.Lines[Sku={Of.Sku}].Kind", $required: true }').slice(-1)[0]).toContain(
      'a value is missing',
    );
    expect(cells('"$.Lines[Sku={Of.Sku}].Tax"').slice(-1)[0]).toContain('an object instead of a value');
    expect(cells('{ $value: "<{$.Lines[Sku={Of.Sku}].Kind}>" }').slice(0, 3)).toEqual(['<x>', '<x>', '']);
    expect(cells('{ $first: ["$.Lines[Sku={Of.Sku}].Kind", Of.Sku] }').slice(2, 4)).toEqual(['7.0', '?']);
    expect(cells('{ $value: y, $when: { "$.Lines[Sku={Of.Sku}].Kind": x } }')).toEqual(['y', 'y', '', '', '', '']);
  });

  it('may lie in one that was found, and be named by a path with brackets', () => {
    expect(cells('"$.Lines[Sku={Of.Sku}].Parts[Sku={Part}].Name"').slice(0, 2)).toEqual(['bolt', '']);
    expect(cells('"$.Lines[Sku={$.Boxes[0].Of.Sku}].No"')[3]).toBe('10');
  });

  it('is found at once in a list of ten thousand', () => {
    const length = 10_000;
    const many = {
      Lines: Array.from({ length }, (_, index) => ({ Sku: `K${index}`, No: index })),
      Boxes: Array.from({ length }, (_, index) => ({ Sku: `K${length - index}` })),
    };
    const text = 'write: { format: csv }\nrows: Boxes[]\nfact: "{Boxes.#}"\nmap: { v: "$.Lines[Sku={Sku}].No" }';
    const start = performance.now();
    const { rows } = outbound(text).rows(many) as OutboundRows;
    expect([rows[0]?.cells, rows[1]?.cells, rows.length]).toEqual([[''], ['9999'], length]);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it.each([
    ['rows: "Lines[Sku={Id}][]"\nmap: { v: Id }', ['wrong-value']],
    ['map: { v: "Lines[Sku={a..b}].No" }', ['wrong-value']],
    ['map: { v: "Lines[Sku={Id].No" }', ['wrong-value']],
  ])('cannot be %s', (rest, codes) => {
    expect(codesOf(`write: { format: csv }\nfact: "{Id}"\n${rest}`)).toEqual(codes);
  });

  it('is looked up in what is read, too', async () => {
    const tree = parseExact(
      '{ "id": 1, "to": "b", "parties": [{ "id": "a", "name": "Ann" }, { "id": "b", "name": "Bo" }], "lines": [{ "for": "a" }] }',
    );
    const map = 'Name: "parties[id={to}].name"\nItems: { $each: lines, For: "$.parties[id={for}].name" }';
    const { payload, issues } = await buildTree(map, tree);
    expect([payload, issues]).toEqual([{ Name: 'Bo', Items: [{ For: 'Ann' }] }, []]);
  });
});
