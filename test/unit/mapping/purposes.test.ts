import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import type { JsonSchema } from '../../../src/core/json.ts';
import type { Purposes } from '../../../src/mapping/index.ts';
import { mistakes, readDrop, realMapping } from './read-support.ts';
import { schemaOf } from './support.ts';

const create = schemaOf({ Name: { type: 'string' }, Qty: { type: 'integer' } }, ['Qty']);
const cancel = schemaOf({ Cancel: { const: true } }, ['Cancel']);
const purposes = (
  more: Partial<Purposes> = {},
  schemas: readonly (readonly [string, JsonSchema])[] = [],
): Purposes => ({
  from: 'Action',
  table: new Map([
    ['N', 'order.create'],
    ['C', 'order.cancel'],
  ]),
  schemas: new Map([['order.create', create], ['order.cancel', cancel], ...schemas]),
  ...more,
});
const text = `
read: { format: csv }
document: { type: order, key: No, group: [No, Action] }
map: { Name: Name, Qty: Qty }
operations:
  order.cancel: { map: { Cancel: { $value: true } } }
`;
const HEADER = 'No,Action,Name,Qty\n';

async function told(given: string, own: Purposes = purposes()): Promise<string[]> {
  const { documents } = await readDrop(realMapping(text, { purposes: own }), given);
  return documents.map(({ key, operation, payload, issues }) =>
    payload === undefined
      ? `${key}: ${issues.map(describeIssue).join(' ')}`
      : `${key} ${operation ?? '-'} ${JSON.stringify(payload)}`,
  );
}

describe('what is to be done with a document', () => {
  it('is what its head says, and each operation has its own payload and schema', async () => {
    expect(await told(`${HEADER}1,N,Ann,2\n1,C,,\n2,N,Bob,3\n`)).toEqual([
      '1 order.create {"Name":"Ann","Qty":2}',
      '1 order.cancel {"Cancel":true}',
      '2 order.create {"Name":"Bob","Qty":3}',
    ]);
  });

  it('is an issue at its cell when nobody knows it, or nothing is said', async () => {
    expect(await told(`${HEADER}1,X,Ann,2\n2,,Bob,3\n`)).toEqual([
      '1: picked line 2 column Action: what is to be done with the document is not known; expected one of N, C, got "X".',
      '2: picked line 3 column Action: a value is missing. Fill in the cell.',
    ]);
  });

  it('has a default only for what is empty, never for what is unknown', async () => {
    const own = purposes({ otherwise: 'order.create' });
    const [empty, unknown] = await told(`${HEADER}1,,Ann,2\n2,X,Bob,3\n`, own);
    expect(empty).toBe('1 order.create {"Name":"Ann","Qty":2}');
    expect(unknown).toContain('column Action');
  });

  it('is refused when the rows of one document disagree', async () => {
    const mapping = realMapping(text.replace('[No, Action]', 'No'), { purposes: purposes() });
    const { documents } = await readDrop(mapping, `${HEADER}1,N,Ann,2\n1,C,,\n`);
    expect(documents[0]?.issues.map(({ code, where }) => `${where.line}:${where.column} ${code}`)).toEqual([
      '3:Action conflicting-values',
    ]);
  });

  it('makes documents of record types with one key two, without a group being said', async () => {
    const mapping = realMapping(
      `
read: { format: csv, records: { order: { is: H, columns: [T, No, Action, Name, Qty] }, line: { is: D, columns: [T, Sku] } } }
document: { type: order, key: No, begins: order }
map: { Name: Name, Qty: Qty, Items: { $each: line, $from: Sku } }
operations: { order.cancel: { map: { Cancel: { $value: true } } } }
`,
      {
        purposes: purposes({
          schemas: new Map([
            ['order.create', {}],
            ['order.cancel', cancel],
          ]),
        }),
      },
    );
    const { documents } = await readDrop(mapping, 'H,1,N,Ann,2\nD,a\nH,1,C,,\nH,1,N,Ann,2\nD,a\n');
    expect(documents.map(({ key, operation, issues }) => [key, operation, issues.map(({ code }) => code)])).toEqual([
      ['1', undefined, ['repeated-head']],
      ['1', 'order.cancel', []],
    ]);
  });

  it('is shown beside the values it decides about', async () => {
    const { bound, groups } = await readDrop(realMapping(text, { purposes: purposes() }), `${HEADER}1,C,,\n`);
    expect(await bound.explain(groups[0] ?? [])).toEqual([
      {
        pointer: 'document.key',
        value: '1',
        sources: [{ file: 'picked', line: 2, column: 'No', text: '1' }],
        steps: [],
      },
      {
        pointer: 'document.operation',
        value: 'order.cancel',
        sources: [{ file: 'picked', line: 2, column: 'Action', text: 'C' }],
        steps: [],
      },
      { pointer: '/Cancel', value: true, sources: [], steps: [] },
    ]);
  });

  it('may be one for all: then its own map counts', async () => {
    const mapping = realMapping(text, { schema: cancel, operation: 'order.cancel' });
    const { documents } = await readDrop(mapping, `${HEADER}1,N,Ann,2\n`);
    expect(documents.map(({ operation, payload }) => [operation, payload])).toEqual([
      ['order.cancel', { Cancel: true }],
    ]);
  });
});

describe('mistakes in what is built for an operation', () => {
  it('name the operation whose schema is broken', () => {
    const own = purposes({}, [['order.cancel', create]]);
    expect(mistakes(text, { purposes: own })).toEqual([
      '6:26 not-in-schema order.cancel: the provider has no property "Cancel"',
      '6:19 missing-property order.cancel: the provider requires "Qty", and nothing maps it',
    ]);
  });

  it('are found in maps no flow uses, whose columns no file needs', async () => {
    const unused = text.replace('Cancel: { $value: true }', 'Cancel: { $from: Reason, $as: nothing }');
    expect(mistakes(unused)[0]).toContain('wrong-value');
    const { documents } = await readDrop(
      realMapping(text.replace('{ $value: true }', '{ $from: Reason, $required: true }')),
      `${HEADER}1,N,Ann,2\n`,
    );
    expect(documents.map(({ payload }) => payload)).toEqual([{ Name: 'Ann', Qty: '2' }]);
  });
});
