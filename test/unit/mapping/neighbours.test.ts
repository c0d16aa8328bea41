import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { brief } from './support.ts';
import { readDrop, realMapping } from './read-support.ts';

const HEADER = 'OrderNo,Name,SKU,Qty';
const text = (document = '{ type: o, key: OrderNo, group: OrderNo }', format = 'csv'): string =>
  `read: { format: ${format} }\ndocument: ${document}\nmap: { items: { $each: lines, sku: SKU } }\n`;

async function outcome(rows: readonly string[], mapping = text()): Promise<string[]> {
  const { documents } = await readDrop(realMapping(mapping), `${rows.join('\n')}\n`);
  return documents.map(
    ({ key, payload, issues }) => `${key} ${payload === undefined ? brief(issues).join(' ') : 'sent'}`,
  );
}

describe('a line whose document cannot be told', () => {
  it('refuses the one above, when its key is empty', async () => {
    const rows = [HEADER, 'SO-1,A,CAP,1', ',,MUG,2', 'SO-2,B,CAP,1'];
    expect(await outcome(rows)).toEqual(['SO-1 3:OrderNo no-key', 'SO-2 sent']);
    const { documents } = await readDrop(realMapping(text()), `${rows.join('\n')}\n`);
    expect(documents[0]?.issues.map(describeIssue)).toEqual([
      'picked line 3 column OrderNo: this line has no OrderNo; it may belong to SO-1 above, so neither is sent. Fill in OrderNo, or leave such lines out with read.ignore.',
    ]);
  });

  it('refuses the one above and the one below, when it cannot be read', async () => {
    const json = (number: string): string => `{"OrderNo":"${number}","SKU":"CAP"}`;
    expect(
      await outcome([json('1'), json('2'), '{"OrderNo":"2', json('3'), json('4')], text(undefined, 'ndjson')),
    ).toEqual(['1 sent', '2 3:/OrderNo broken-json 3:- unclear-document', '3 4:- unclear-document', '4 sent']);
  });

  it('refuses the one below alone, when it comes first', async () => {
    expect(await outcome([HEADER, '5" PIPE,A,CAP,1', 'SO-1,A,CAP,1', 'SO-2,B,CAP,1'])).toEqual([
      ' 2:OrderNo bad-quote',
      'SO-1 3:- unclear-document',
      'SO-2 sent',
    ]);
  });

  it('refuses nothing around it where each line is a document', async () => {
    expect(
      await outcome([HEADER, 'SO-1,A,CAP,1', ',,MUG,2', 'SO-2,B,CAP,1'], text('{ type: o, key: OrderNo }')),
    ).toEqual(['SO-1 sent', ' 3:OrderNo no-key', 'SO-2 sent']);
  });
});

describe('a damaged line', () => {
  it('refuses the document it names before the damage, wherever that stands', async () => {
    const rows = [HEADER, 'SO-1,A,CAP,1', 'SO-2,B,CAP,1', 'SO-1,A,5" PIPE,2', 'SO-3,C,CAP,1'];
    const [first, ...others] = await outcome(rows);
    expect(first).toMatch(/^SO-1 4:SKU bad-quote$/);
    expect(others).toEqual(['SO-2 sent', 'SO-3 sent']);
  });
});

describe('two files joined', () => {
  it('refuse the documents that stand in both, and no other', async () => {
    const first = [HEADER, 'SO-1,A,CAP,1', 'SO-2,B,CAP,1'];
    expect(await outcome([...first, HEADER, 'SO-3,B,CAP,1', 'SO-1,A,CAP,1', 'SO-3,B,MUG,1'])).toEqual([
      'SO-1 6:- joined-files',
      'SO-2 sent',
      'SO-3 sent',
    ]);
  });
});
