import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { mistakes, readDrop, realMapping, summary } from './read-support.ts';
import { schemaOf } from './support.ts';

const text = (map: string): string =>
  `read: { format: csv }\ndocument: { type: asn, key: No, group: No }\nmap:\n  ${map}\n`;
const cartons = text(
  'Cartons: { $each: lines, $group: Sscc, Sscc: Sscc, Weight: Weight, N: lines.#, Items: { $each: lines, Sku: Sku, Qty: Qty, In: Sscc } }',
);
const HEADER = 'No,Sscc,Weight,Sku,Qty\n';

describe('rows of one document', () => {
  it('are grouped once more by what they have in common, wherever they stand', async () => {
    expect(await summary(realMapping(cartons), `${HEADER}7,c1,5,a,1\n7,c2,6,b,2\n7,c1,,c,3\n8,c1,9,d,4\n`)).toEqual([
      '7 {"Cartons":[{"Sscc":"c1","Weight":"5","N":"1","Items":[{"Sku":"a","Qty":"1","In":"c1"},{"Sku":"c","Qty":"3","In":"c1"}]},{"Sscc":"c2","Weight":"6","N":"2","Items":[{"Sku":"b","Qty":"2","In":"c2"}]}]}',
      '8 {"Cartons":[{"Sscc":"c1","Weight":"9","N":"1","Items":[{"Sku":"d","Qty":"4","In":"c1"}]}]}',
    ]);
  });

  it('of one group must agree on what is read of the group', async () => {
    const { documents } = await readDrop(realMapping(cartons), `${HEADER}7,c1,5,a,1\n7,c2,6,b,2\n7,c1,8,c,3\n`);
    expect(documents.map(({ issues }) => issues.map(describeIssue))).toEqual([
      [
        'picked line 4 column Weight: lines 2 and 4 of one document disagree; expected "5" as on line 2, got "8". Make the lines agree, or give them different keys.',
      ],
    ]);
  });

  it('without a value are one group, and none of them is lost', async () => {
    expect(await summary(realMapping(cartons), `${HEADER}7,,,a,1\n7,c1,5,b,2\n7,,,c,3\n`)).toEqual([
      '7 {"Cartons":[{"N":"1","Items":[{"Sku":"a","Qty":"1"},{"Sku":"c","Qty":"3"}]},{"Sscc":"c1","Weight":"5","N":"2","Items":[{"Sku":"b","Qty":"2","In":"c1"}]}]}',
    ]);
  });

  it('may be grouped by several columns, and on several levels', async () => {
    const mapping = realMapping(
      text(
        'P: { $each: lines, $group: [Pallet, Site], Id: Pallet, C: { $each: lines, $group: Sscc, Id: Sscc, I: { $each: lines, $from: Sku } } }',
      ),
    );
    expect(
      await summary(mapping, 'No,Pallet,Site,Sscc,Sku\n7,p1,x,c1,a\n7,p1,x,c2,b\n7,p1,y,c1,c\n7,p1,x,c1,d\n'),
    ).toEqual([
      '7 {"P":[{"Id":"p1","C":[{"Id":"c1","I":["a","d"]},{"Id":"c2","I":["b"]}]},{"Id":"p1","C":[{"Id":"c1","I":["c"]}]}]}',
    ]);
  });

  it('name the cell that is wrong, and are explained by their cells', async () => {
    const schema = schemaOf({
      Cartons: {
        type: 'array',
        items: schemaOf({ Items: { type: 'array', items: schemaOf({ Qty: { type: 'integer' } }) } }),
      },
    });
    const mapping = realMapping(text('Cartons: { $each: lines, $group: Sscc, Items: { $each: lines, Qty: Qty } }'), {
      schema,
    });
    expect(await summary(mapping, `${HEADER}7,c1,5,a,1\n7,c1,5,b,two\n`)).toEqual(['7: 3:Qty not-a-number']);
    const { bound, groups } = await readDrop(realMapping(cartons), `${HEADER}7,c1,,a,1\n7,c1,5,b,2\n`);
    const explained = await bound.explain(groups[0] ?? []);
    expect(explained.map(({ pointer, sources }) => `${pointer} ${sources.map(({ line }) => line).join()}`)).toEqual([
      'document.key 2',
      '/Cartons/0/Sscc 2',
      '/Cartons/0/Weight 3',
      '/Cartons/0/N ',
      '/Cartons/0/Items/0/Sku 2',
      '/Cartons/0/Items/0/Qty 2',
      '/Cartons/0/Items/0/In 2',
      '/Cartons/0/Items/1/Sku 3',
      '/Cartons/0/Items/1/Qty 3',
      '/Cartons/0/Items/1/In 3',
    ]);
  });

  it('of a companion file are grouped the same way', async () => {
    const mapping = realMapping(`
read: { format: csv, name: "h{rest}.csv", with: { items: { name: "i{rest}.csv", by: Doc } } }
document: { type: asn, key: No, group: No }
map: { Cartons: { $each: items, $group: Box, Box: Box, By: Carrier, Items: { $each: items, $from: Sku } } }
`);
    const given = { picked: 'No,Carrier\n7,UPS\n', items: 'Doc,Box,Sku\n7,b1,x\n7,b2,y\n7,b1,z\n' };
    expect(await summary(mapping, given)).toEqual([
      '7 {"Cartons":[{"Box":"b1","By":"UPS","Items":["x","z"]},{"Box":"b2","By":"UPS","Items":["y"]}]}',
    ]);
  });

  it('cannot be walked inside themselves without saying what groups them', () => {
    expect(mistakes(text('A: { $each: lines, B: { $each: lines, $from: Sku } }'))).toEqual([
      expect.stringContaining('wrong-value "lines" cannot be walked inside "lines"') as string,
    ]);
    expect(mistakes(text('A: { $from: Sku, $group: No }'))).toEqual([
      expect.stringContaining('wrong-value $group does nothing without $each') as string,
    ]);
    const tree =
      'read: { format: json }\ndocument: { type: o, key: id }\nmap: { a: { $each: items, $group: box, b: sku } }\n';
    expect(mistakes(tree)).toEqual([expect.stringContaining('wrong-value $group is for rows of a table') as string]);
  });
});
