import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { mistakes, readDrop, realMapping, summary } from './read-support.ts';
import { schemaOf } from './support.ts';

const types = `
    file:  { is: F, role: envelope, columns: [Type, Sender] }
    batch: { is: B, role: envelope, columns: [Type, No] }
    order: { is: H, columns: [Type, OrderNo, Name] }
    line:  { is: D, columns: [Type, Sku, Qty] }
    note:  { is: N, columns: [Type, Text] }
    end:   { is: T, role: trailer, columns: [Type, Count] }
    pause: { is: "*", role: ignore }
`;
const text = (map: string, document = '{ type: order, key: OrderNo, begins: order }', records = types): string =>
  `read:\n  format: csv\n  records:${records}document: ${document}\nmap:\n${map
    .trim()
    .split('\n')
    .map((line) => `  ${line.trim()}`)
    .join('\n')}\n`;
const plain = text(`Name: Name
  Items: { $each: line, Sku: Sku, Qty: Qty }`);

describe('records of several types', () => {
  it('belong to the document begun before them', async () => {
    expect(await summary(realMapping(plain), 'F,ACME\nH,1,Ann\nD,A,1\nD,B,2\nH,2,Bob\nD,C,3\nT,5\n')).toEqual([
      '1 {"Name":"Ann","Items":[{"Sku":"A","Qty":"1"},{"Sku":"B","Qty":"2"}]}',
      '2 {"Name":"Bob","Items":[{"Sku":"C","Qty":"3"}]}',
    ]);
  });

  it('without a line are refused at their header, with the type of record that is missing', async () => {
    const items = { type: 'array', items: schemaOf({ Sku: { type: 'string' }, Qty: { type: 'string' } }) };
    const schema = { ...schemaOf({ Name: { type: 'string' }, Items: items }), required: ['Items'] };
    const { documents } = await readDrop(
      realMapping(plain, { schema }),
      'F,ACME\nH,1,Ann\nH,2,Bob\nD,C,3\nH,3,Cid\nX,what\n',
    );
    expect(
      documents.flatMap(({ issues }) => issues.map(({ code, where, expected }) => [code, where.line, expected])),
    ).toEqual([
      ['no-lines', 2, 'at least one of "line"'],
      ['unknown-record-type', 6, expect.anything()],
    ]);
  });

  it('before any beginning are documents of their own, refused at their lines', async () => {
    expect(await summary(realMapping(plain), 'F,ACME\nD,X,1\nD,Y,1\nH,1,Ann\nD,A,1\n')).toEqual([
      ': 2:- no-head',
      ': 3:- no-head',
      '1 {"Name":"Ann","Items":[{"Sku":"A","Qty":"1"}]}',
    ]);
  });

  it('do not reach across an envelope or a trailer, as when a file was put behind another', async () => {
    expect(await summary(realMapping(plain), 'H,1,Ann\nD,A,1\nT,2\nD,B,1\nF,ACME\nD,C,1\n')).toEqual([
      '1 {"Name":"Ann","Items":[{"Sku":"A","Qty":"1"}]}',
      ': 4:- no-head',
      ': 6:- no-head',
    ]);
  });

  it('of which none fits refuse the document around them', async () => {
    const [one, two] = await summary(realMapping(plain), 'H,1,Ann\nD,A,1\nX,what\nD,B,1\nH,2,Bob\nD,C,1\n');
    expect(one).toBe('1: 3:- unknown-record-type');
    expect(two).toMatch(/^2 \{/);
  });

  it('of which none fits and that stand alone are told once', async () => {
    const [lost] = await summary(realMapping(plain), 'X,what\nH,2,Bob\nD,C,1\n');
    expect(lost).toBe(': 1:- unknown-record-type');
  });

  it('that begin one document twice refuse it whole, wherever they stand', async () => {
    const { documents, groups } = await readDrop(
      realMapping(plain),
      'H,1,Ann\nD,A,1\nH,2,Bob\nD,B,1\nH,1,Ann\nD,A,1\n',
    );
    expect(documents.map(({ key, payload }) => [key, payload === undefined])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    expect(documents[0]?.issues.map(describeIssue)).toEqual([
      'picked line 5: the document of line 1 begins a second time; got "1". Keep one header record for it, or give the other its own key.',
    ]);
    // Every record goes back with the refused document.
    expect(groups.map(({ length }) => length)).toEqual([4, 2]);
  });

  it('that have no key are refused one by one, each with its own lines', async () => {
    const { groups, documents } = await readDrop(realMapping(plain), 'H,,Ann\nD,A,1\nH,,Bob\nD,B,1\nD,C,1\n');
    expect(groups.map(({ length }) => length)).toEqual([2, 3]);
    expect(documents.map(({ issues }) => issues.map(({ code, where }) => `${where.line} ${code}`))).toEqual([
      ['1 no-key'],
      ['3 no-key'],
    ]);
  });

  it('joined by value may lie anywhere', async () => {
    const records = `
    order: { is: H, columns: [Type, OrderNo, Name] }
    line:  { is: D, by: Order, columns: [Type, Order, Sku] }
`;
    const mapping = realMapping(
      text('Name: Name\nItems: { $each: line, Sku: Sku }', '{ type: o, key: OrderNo, begins: order }', records),
    );
    expect(await summary(mapping, 'D,2,C\nH,1,Ann\nH,2,Bob\nD,1,A\nD,9,Z\nD,1,B\n')).toEqual([
      '2 {"Name":"Bob","Items":[{"Sku":"C"}]}',
      '1 {"Name":"Ann","Items":[{"Sku":"A"},{"Sku":"B"}]}',
      '9: 5:- no-head',
    ]);
  });
});

describe('records joined by value among others', () => {
  it('do not change to which document those belong that go by their place', async () => {
    const records = `
    order: { is: H, columns: [Type, OrderNo] }
    line:  { is: D, columns: [Type, Sku] }
    note:  { is: N, by: Order, columns: [Type, Order, Text] }
`;
    const mapping = realMapping(
      text('Text: note.Text\nItems: { $each: line, $from: Sku }', '{ type: o, key: OrderNo, begins: order }', records),
    );
    expect(await summary(mapping, 'H,1\nD,A\nH,2\nN,1,for one\nD,B\n')).toEqual([
      '1 {"Text":"for one","Items":["A"]}',
      '2 {"Items":["B"]}',
    ]);
  });
});

describe('a column of another record', () => {
  it('of an envelope is that of the last one above the beginning', async () => {
    const mapping = realMapping(
      text('From: file.Sender\nBatch: batch.No\nItems: { $each: line, Sku: Sku, From: file.Sender }'),
    );
    expect(await summary(mapping, 'F,ACME\nB,1\nH,1,Ann\nD,A,1\nB,2\nH,2,Bob\nF,OTHER\nH,3,Cid\n')).toEqual([
      '1 {"From":"ACME","Batch":"1","Items":[{"Sku":"A","From":"ACME"}]}',
      '2 {"From":"ACME","Batch":"2"}',
      '3 {"From":"OTHER","Batch":"2"}',
    ]);
  });

  it('of an envelope may tell documents apart', async () => {
    const mapping = realMapping(text('Name: Name', '{ type: o, key: "{batch.No}-{OrderNo}", begins: order }'));
    expect(await summary(mapping, 'B,1\nH,1,Ann\nB,2\nH,1,Bob\n')).toEqual([
      '1-1 {"Name":"Ann"}',
      '2-1 {"Name":"Bob"}',
    ]);
  });

  it('of an envelope that could not be read refuses what stands below it', async () => {
    const mapping = realMapping(text('From: file.Sender'));
    expect(await summary(mapping, 'F,ACME,more,and more\nH,1,Ann\n')).toEqual(['1: 1:- wrong-column-count']);
  });

  it('of a part that comes once is read beside the columns of the head, which has two names', async () => {
    const mapping = realMapping(
      text('Name: order.Name\nText: note.Text\nItems: { $each: line, No: head.OrderNo, N: Name }'),
    );
    expect(await summary(mapping, 'H,1,Ann\nN,call first\nD,A,1\nH,2,Bob\n')).toEqual([
      '1 {"Name":"Ann","Text":"call first","Items":[{"No":"1","N":"Ann"}]}',
      '2 {"Name":"Bob"}',
    ]);
  });

  it('of a part that comes twice and disagrees names both lines', async () => {
    const { documents } = await readDrop(realMapping(text('Text: note.Text')), 'H,1,Ann\nN,left\nN,\nN,right\n');
    expect(documents[0]?.issues.map(describeIssue)).toEqual([
      'picked line 4 column Text: lines 2 and 4 of one document disagree; expected "left" as on line 2, got "right". Make the lines agree, or give them different keys.',
    ]);
  });

  it('inside $each is that of the record that follows the line, or else of one that stands before all lines', async () => {
    const mapping = realMapping(text('Items: { $each: line, Sku: Sku, Text: note.Text }'));
    expect(
      await summary(mapping, 'H,1,Ann\nD,A,1\nN,for A\nD,B,1\nH,2,Bob\nN,for all\nD,C,1\nD,D,1\nN,for D\n'),
    ).toEqual([
      '1 {"Items":[{"Sku":"A","Text":"for A"},{"Sku":"B"}]}',
      '2 {"Items":[{"Sku":"C","Text":"for all"},{"Sku":"D","Text":"for D"}]}',
    ]);
  });
});

describe('records inside records', () => {
  const records = `
    ship:   { is: S, columns: [Type, No] }
    carton: { is: C, columns: [Type, Sscc, Weight] }
    item:   { is: I, columns: [Type, Sku, Qty] }
    lot:    { is: L, columns: [Type, Lot] }
`;
  const asn = (map: string): string => text(map, '{ type: asn, key: No, begins: ship }', records);
  const items = `{ $each: item, Sku: Sku, In: carton.Sscc, N: item.#, C: carton.#, Weight: Weight, Lots: { $each: lot, $from: Lot } }`;
  const mapping = (): string => asn(`Cartons: { $each: carton, Sscc: Sscc, Items: ${items} }`);

  it('are those that follow, up to the next of the outer kind', async () => {
    expect(
      await summary(realMapping(mapping()), 'S,7\nC,c1,5\nI,a,1\nL,l1\nL,l2\nI,b,2\nC,c2,6\nC,c3,7\nI,c,3\nS,8\n'),
    ).toEqual([
      '7 {"Cartons":[{"Sscc":"c1","Items":[{"Sku":"a","In":"c1","N":"1","C":"1","Weight":"5","Lots":["l1","l2"]},{"Sku":"b","In":"c1","N":"2","C":"1","Weight":"5"}]},{"Sscc":"c2"},{"Sscc":"c3","Items":[{"Sku":"c","In":"c3","N":"1","C":"3","Weight":"7"}]}]}',
      '8 {}',
    ]);
  });

  it('that stand before what they belong to are refused, not lost', async () => {
    const { documents } = await readDrop(realMapping(mapping()), 'S,7\nI,a,1\nC,c1,5\nL,l1\nI,b,1\n');
    expect(documents[0]?.issues.map(describeIssue)).toEqual([
      'picked line 2: a record of type "item" before the first of type "carton" it could belong to. Add the header record, or remove the lines.',
      'picked line 4: a record of type "lot" before the first of type "item" it could belong to. Add the header record, or remove the lines.',
    ]);
  });

  it('name the cell that is wrong, however deep', async () => {
    const schema = schemaOf({
      Cartons: {
        type: 'array',
        items: schemaOf({ Items: { type: 'array', items: schemaOf({ Qty: { type: 'integer' } }) } }),
      },
    });
    const deep = asn('Cartons: { $each: carton, Items: { $each: item, Qty: Qty } }');
    const drop = realMapping(deep.replace(/\n {4}lot:.*/, ''), { schema });
    expect(await summary(drop, 'S,7\nC,c1,5\nI,a,1\nC,c2,5\nI,b,x\n')).toEqual(['7: 5:Qty not-a-number']);
  });

  it('are explained with the record they came from', async () => {
    const { bound, groups } = await readDrop(realMapping(mapping()), 'S,7\nC,c1,5\nI,a,1\n');
    const explained = await bound.explain(groups[0] ?? []);
    expect(
      explained.map(
        ({ pointer, sources }) => `${pointer} ${sources.map(({ line, column }) => `${line}:${column}`).join()}`,
      ),
    ).toEqual([
      'document.key 1:No',
      '/Cartons/0/Sscc 2:Sscc',
      '/Cartons/0/Items/0/Sku 3:Sku',
      '/Cartons/0/Items/0/In 2:Sscc',
      '/Cartons/0/Items/0/N ',
      '/Cartons/0/Items/0/C ',
      '/Cartons/0/Items/0/Weight 2:Weight',
    ]);
  });
});

describe('mistakes in a mapping with record types', () => {
  const document = (rest: string): string => text('Name: Name', `{ type: o, key: OrderNo${rest} }`);

  it('are a beginning that is missing, unknown or no part', () => {
    const found = ['', ', begins: ordr', ', begins: file'].map((rest) => mistakes(document(rest))[0]);
    expect(found).toEqual([
      expect.stringContaining('missing-key "begins" is missing') as string,
      expect.stringContaining('unknown-reference no record type "ordr" belongs to documents') as string,
      expect.stringContaining('unknown-reference no record type "file" belongs to documents') as string,
    ]);
    expect(mistakes('read: { format: csv }\ndocument: { type: o, key: A, begins: x }\nmap: { v: A }')).toEqual([
      '2:38 unknown-reference read.records declares no record types',
    ]);
  });

  it('are columns no record has, known without a file', () => {
    expect(mistakes(text('Name: Nam\nItems: { $each: line, Sku: line.Skuu, Qty: note.Text }'))).toEqual([
      expect.stringContaining('unknown-reference no record it could stand in has a column "Nam"') as string,
      expect.stringContaining('unknown-reference no record it could stand in has a column "Skuu"') as string,
    ]);
  });

  it('are walks that cannot be', () => {
    const found = (map: string): string | undefined => mistakes(text(map))[0]?.replace(/^\S+ /, '');
    expect(found('I: { $each: lines, S: Sku }')).toBe('unknown-reference there is no "lines" to walk through');
    expect(found('I: { $each: order, S: Name }')).toBe(
      'unknown-reference a document has one "order": there is nothing to walk'.replace(
        'unknown-reference',
        'wrong-value',
      ),
    );
    expect(found('I: { $each: file, S: Sender }')).toBe('unknown-reference there is no "file" to walk through');
    expect(found('I: { $each: line, J: { $each: line, S: Sku } }')).toContain('"line" cannot be walked inside "line"');
  });

  it('are records nobody reads, as a warning', () => {
    expect(
      mistakes(text('Name: Name\nItems: { $each: line, Sku: Sku }')).map((found) => found.replace(/^\S+ /, '')),
    ).toEqual(['warning unknown-reference nothing in the mapping reads records of type "note"']);
  });

  it('are joins where there is nothing to join', () => {
    const records = `
    order: { is: H, by: OrderNo, columns: [Type, OrderNo] }
    file:  { is: F, role: envelope, by: X, columns: [Type, X] }
`;
    const found = mistakes(text('v: OrderNo', '{ type: o, key: OrderNo, begins: order }', records));
    expect(found.map((each) => each.replace(/^\S+ /, ''))).toEqual([
      'wrong-value what documents have in common says document.group',
      'wrong-value a record type with role envelope belongs to no document',
    ]);
  });
});

describe('whatever the order of the records', () => {
  const mapping = realMapping(plain);
  const kind = fc.constantFrom('F,ACME', 'B,1', 'T,9', '*', 'D,A,1', 'N,x', 'X,what', 'H,1,Ann', 'H,2,Bob', 'H,,Cid');

  it('each that belongs to documents is in one of them, and only whole documents are built', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 25 }), async (records) => {
        const { documents, groups } = await readDrop(mapping, `${records.join('\n')}\n`);
        const placed = groups.flatMap((group) => group.map(({ record }) => record.seq)).sort((a, b) => a - b);
        expect(placed).toEqual(records.flatMap((record, seq) => (/^[DNXH]/.test(record) ? [seq] : [])));
        for (const [at, { payload, issues }] of documents.entries()) {
          expect(payload === undefined).toBe(issues.some(({ severity }) => severity === 'error'));
          if (payload === undefined) continue;
          const own = groups[at]?.map(({ record }) => record.seq) ?? [];
          expect(own).toEqual(stretch(records, own[0] ?? 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  /** The header record and what follows it, as one would cut it out with scissors. */
  function stretch(records: readonly string[], head: number): number[] {
    const end = records.findIndex((record, seq) => seq > head && /^[FBTH]/.test(record));
    const all = records.map((_record, seq) => seq).slice(head, end < 0 ? undefined : end);
    return all.filter((seq) => records[seq] !== '*');
  }
});
