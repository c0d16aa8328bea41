import { describe, expect, it } from 'vitest';
import { createIssue, describeIssue } from '../../../src/core/issue.ts';
import type { BuiltDocument, SourceRecord } from '../../../src/mapping/index.ts';
import {
  bind,
  brief,
  build,
  buildAll,
  buildOne,
  described,
  inbound,
  json,
  mappingText,
  schemaOf,
  sheet,
} from './support.ts';

const head = (document: string): string => `read: { format: csv }\ndocument: ${document}\nmap: { v: A }`;

describe('records become documents', () => {
  it('brings rows with the same value together, neighbours or not', async () => {
    const documents = await build('items: { $each: lines, s: S }', 'Id,S\n1,a\n2,b\n1,c');
    expect(documents.map(({ key, line, payload }) => [key, line, JSON.stringify(payload)])).toEqual([
      ['1', 2, '{"items":[{"s":"a"},{"s":"c"}]}'],
      ['2', 3, '{"items":[{"s":"b"}]}'],
    ]);
  });

  it('makes each row a document of its own without a group', async () => {
    const documents = await buildAll(inbound(head('{ type: product, key: Id }')), { '': sheet('Id,A\n1,a\n1,b') });
    expect(documents.map(json)).toEqual(['{"v":"a"}', '{"v":"b"}']);
    expect(documents.map(({ type }) => type)).toEqual(['product', 'product']);
  });

  it('groups by several columns without mixing up where one ends', async () => {
    const mapping = inbound(head('{ type: order, key: [Site, No], group: [Site, No] }'));
    const documents = await buildAll(mapping, { '': sheet('Site,No,A\na-b,c,1\na,b-c,2') });
    expect(documents.map(({ key }) => key)).toEqual(['a-b-c', 'a-b-c']);
  });

  it('makes keys and groups by templates', async () => {
    const mapping = inbound(head('{ type: order, key: "{Site}/{No}", group: "{Site}{No}" }'));
    const documents = await buildAll(mapping, { '': sheet('Site,No,A\nx,1,1\nx,1,\nx,2,2') });
    expect(documents.map(({ key }) => key)).toEqual(['x/1', 'x/2']);
  });

  it.each(['"{Site}-{No}"', '[Site, No]', '"{Site}{No}"'])(
    'takes no key %s of which a part is empty: two documents could share it',
    async (key) => {
      const mapping = inbound(head(`{ type: order, key: ${key}, group: [Site, No] }`));
      const documents = await buildAll(mapping, { '': sheet('Site,No,A\na,,1\n,b,2\n,,3\na,b,4') });
      expect(documents.map((document) => [document.key === '', brief(document.issues).join()])).toEqual([
        [true, '2:No no-key'],
        [true, '3:Site no-key,4:- unclear-document'],
        [false, ''],
      ]);
      expect(described(documents[0] ?? never())).toEqual([
        'orders.csv line 2 column No: "No", a part of the key, is empty. Fill in the key column.',
      ]);
      expect(described(documents[1] ?? never()).slice(1)).toEqual([
        'orders.csv line 4: it cannot be told whose line this is; it may belong to -b above, so neither is sent. Mend the line that names no document, and drop it with those beside it.',
      ]);
    },
  );

  it('wants every column of a key', () => {
    const mapping = inbound(head('{ type: order, key: "{Site}-{No}" }'));
    const headers = new Map([['', { columns: ['No', 'A'], line: 1 }]]);
    expect(brief(mapping.bind(headers, new Map()).issues)).toEqual(['1:Site missing-column']);
  });

  it('gives a row without a group value a document of its own', async () => {
    const documents = await build('v: A', 'Id,A\n,x\n,y');
    expect(documents.map(({ issues }) => brief(issues))).toEqual([['2:Id no-key'], ['3:Id no-key']]);
  });

  it('shows an invisible character in a key', async () => {
    const document = await buildOne('v: A', 'Id,A\nSO\u200b1,x');
    expect(described(document)).toEqual([
      'orders.csv line 2 column Id: an invisible character (U+200B) inside an identifier; got "SO\\u200b1". Type the value anew.',
    ]);
  });

  it('refuses a key that a spreadsheet shortened', async () => {
    expect(brief((await buildOne('v: A', 'Id,A\n1.2E+11,x')).issues)).toEqual(['2:Id scientific-notation']);
  });

  it('refuses more lines than a document may have', async () => {
    const records = Array.from({ length: 10_001 }, (_row, seq): SourceRecord => ({
      part: '',
      record: { seq, line: seq + 2, cells: ['1', 'x'] },
    }));
    const built = await bind(inbound(mappingText('v: A')), { '': sheet('Id,A\n') }).build(records);
    expect(built.payload).toBeUndefined();
    expect(brief(built.issues)).toEqual(['2:- too-many-lines']);
  });
});

describe('values that all lines share', () => {
  it('takes the first that is not empty', async () => {
    expect(json(await buildOne('v: A', 'Id,A\n1,\n1,x\n1,x'))).toBe('{"v":"x"}');
  });

  it('names lines and values that disagree', async () => {
    const document = await buildOne('v: A', 'Id,A\n1,x\n1,\n1,y');
    expect(described(document)).toEqual([
      'orders.csv line 4 column A: lines 2 and 4 of one document disagree; expected "x" as on line 2, got "y". Make the lines agree, or give them different keys.',
    ]);
  });
});

describe('records that could not be read', () => {
  const issue = createIssue('wrong-column-count', { file: 'orders.csv', line: 3 });

  it('refuse their document, and what else is wrong in it is said as well', async () => {
    const schema = schemaOf({ items: { type: 'array', items: schemaOf({ n: { type: 'integer' } }) } });
    const mapping = inbound(mappingText('items: { $each: lines, n: N }'), schema);
    const { columns, records } = sheet('Id,N\n1,x\n1,y');
    const broken = records.map(({ part, record }) => ({
      part,
      record: record.line === 3 ? { ...record, issues: [issue] } : record,
    }));
    const bound = bind(mapping, { '': { columns, records } });
    const sorting = bound.startSorting();
    expect(broken.map(({ part, record }) => sorting.place(part, record)?.group)).toEqual(['1', '1']);
    const built = await bound.build(broken);
    expect(built.key).toBe('1');
    expect(brief(built.issues)).toEqual(['2:N not-a-number', '3:- wrong-column-count']);
  });

  it('keep their warnings beside the payload', async () => {
    const warning = createIssue('no-final-newline', { file: 'orders.csv', line: 2 });
    const { columns, records } = sheet('Id,A\n1,x');
    const noted = records.map(({ part, record }) => ({ part, record: { ...record, issues: [warning] } }));
    const built = await bind(inbound(mappingText('v: A')), { '': { columns, records } }).build(noted);
    expect([json(built), brief(built.issues)]).toEqual(['{"v":"x"}', ['2:- no-final-newline']]);
  });

  it('get a document of their own when their group cannot be told', () => {
    const bound = bind(inbound(mappingText('v: A')), { '': sheet('Id,A\n') });
    const sorting = bound.startSorting();
    const group = (seq: number): string | undefined => sorting.place('', { seq, line: 1, issues: [issue] })?.group;
    expect(group(1)).not.toBe(group(2));
    expect(group(1)?.trim()).not.toBe(group(1));
  });
});

describe('two files of one drop', () => {
  const text = `
read:
  format: csv
  name: "SalesOrders{rest}.csv"
  with: { items: { name: "SalesOrderItems{rest}.csv", by: ORDER } }
document: { type: order, key: ID, group: ID }
map:
  name: NAME
  items: { $each: items, n: items.#, sku: SKU, note: head.NOTE, own: NOTE, curr: CURRENCY }
`;
  const heads = sheet('ID,NAME,NOTE,CURRENCY\n1,Ann,hn,EUR\n2,Bob,,USD');
  const lines = (body: string): ReturnType<typeof sheet> => sheet(`ORDER,SKU,NOTE\n${body}`, 'items');

  it('brings lines to their heads, and falls back to the head for what the line does not have', async () => {
    const documents = await buildAll(inbound(text), { '': heads, items: lines('2,b,\n1,a,own\n1,c,') });
    expect(documents.map(json)).toEqual([
      '{"name":"Ann","items":[{"n":"1","sku":"a","note":"hn","own":"own","curr":"EUR"},{"n":"2","sku":"c","note":"hn","curr":"EUR"}]}',
      '{"name":"Bob","items":[{"n":"1","sku":"b","curr":"USD"}]}',
    ]);
  });

  it('refuses lines without a head, in a document under their own key', async () => {
    const documents = await buildAll(inbound(text), { '': heads, items: lines('1,a,\n2,b,\n9,z,') });
    const lost = documents.find(({ key }) => key === '9');
    expect(lost?.issues.map(describeIssue)).toEqual([
      'items.csv line 4: lines without their header record; got "9". Add the header record, or remove the lines.',
    ]);
  });

  it('names the file of lines that disagree', async () => {
    const mapping = inbound(text.replace('NAME\n', 'NAME\n  sku: items.SKU\n').replace(/  items:.*/, ''));
    const [document] = await buildAll(mapping, { '': sheet('ID,NAME\n1,Ann'), items: lines('1,a,\n1,c,') });
    expect(described(document as BuiltDocument)).toEqual([
      'items.csv line 3 column SKU: lines 2 and 3 of items.csv are one document and disagree; expected "a" as on line 2, got "c". Make the lines agree, or give them different keys.',
    ]);
  });

  it('names the file of the line that is wrong', async () => {
    const schema = schemaOf({
      name: {},
      items: { type: 'array', items: { type: 'object', properties: { sku: { maxLength: 1 } } } },
    });
    const mapping = inbound(
      text.replace(', note: head.NOTE, own: NOTE, curr: CURRENCY', '').replace(' n: items.#,', ''),
      schema,
    );
    const [document] = await buildAll(mapping, {
      '': sheet('ID,NAME\n1,Ann'),
      items: sheet('ORDER,SKU\n1,long', 'items'),
    });
    expect(described(document as BuiltDocument)[0]).toContain(
      'items.csv line 2 column SKU: too long; expected at most 1 character, found 4, got "long"',
    );
  });

  it('finds the companion by what the name of the picked file holds', () => {
    const mapping = inbound(text);
    expect([...(mapping.companions('SalesOrders0417.csv') ?? [])]).toEqual([['items', 'SalesOrderItems0417.csv']]);
    expect([...(mapping.companions('SalesOrders.csv') ?? [])]).toEqual([['items', 'SalesOrderItems.csv']]);
    expect(mapping.companions('SalesOrderItems0417.csv')).toBeUndefined();
    expect(mapping.companions('Other.csv')).toBeUndefined();
  });

  it('needs no companion without `with`', () => {
    expect([...(inbound(mappingText('v: A')).companions('any.csv') ?? [])]).toEqual([]);
  });
});

describe('an explanation', () => {
  it('leads from the cell through the steps to the property', async () => {
    const mapping = inbound(
      mappingText('a: { b: { $from: A, $table: t, $padStart: [3, "0"] } }', 'tables: { t: { x: y } }'),
    );
    const { columns, records } = sheet('Id,A\n1,x');
    expect(await bind(mapping, { '': { columns, records } }).explain(records)).toEqual([
      {
        pointer: 'document.key',
        value: '1',
        sources: [{ file: 'orders.csv', line: 2, column: 'Id', text: '1' }],
        steps: [],
      },
      {
        pointer: '/a/b',
        value: '00y',
        sources: [{ file: 'orders.csv', line: 2, column: 'A', text: 'x' }],
        steps: ['$table t: "x" → "y"', '$padStart: "y" → "00y"'],
      },
    ]);
  });
});

function never(): never {
  throw new Error('a document is missing');
}
