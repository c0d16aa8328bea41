import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeIssue } from '../../../src/core/issue.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import { createControlCheck, parseMapping } from '../../../src/mapping/index.ts';
import { repository } from '../../support/dray.ts';
import { told } from './controls-support.ts';

const BATCHES = `read:
  format: fixed
  records:
    batch: { is: H1, role: envelope, fields: { Id: [2, 1] } }
    file: { is: H, role: envelope }
    detail: { is: D, fields: { Id: [2, 1] } }
    batchEnd: { is: T1, role: trailer, fields: { Id: [2, 1] } }
    fileEnd: { is: T, role: trailer }
document: { type: order, key: Id, begins: detail }
map: { Id: Id }
controls: { trailer: [{ record: batchEnd, since: batch }, { record: fileEnd }] }
`;
const ORDERS = `read:
  format: csv
  records:
    header: { is: header, role: envelope, columns: [Type, Batches] }
    order: { is: order, columns: [Type, Id, Date] }
    customer: { is: customer, columns: [Type, First, Last] }
    item: { is: item, columns: [Type, Name, Qty] }
document: { type: order, key: Id, begins: order }
map: { Id: Id }
controls: { header: { record: header, count: Batches, of: documents } }
`;
const SUBTOTALS = `read:
  format: fixed
  header: { lines: 1 }
  records:
    total: { is: Total, role: trailer, fields: { Description: [1, 12], Amount: [13, 7] } }
    item: { is: Item, fields: { Description: [1, 12], Amount: [13, 7] } }
document: { type: order, key: Description, begins: item }
map: { Id: Description }
controls: { trailer: { record: total, since: total, sums: { Amount: Amount } } }
`;

const real = (name: string): string =>
  readFileSync(join(repository, 'test/support/testdata/fixed-width', name), 'latin1');

/** What the controls of a mapping say of the text of a file. */
async function findings(mapping: string, text: string): Promise<string[]> {
  const { definition, issues } = parseMapping(mapping, 'm.yaml', formats);
  if (definition?.kind !== 'inbound') throw new Error(issues.map(describeIssue).join('\n'));
  const check = createControlCheck(definition, () => 'a');
  const { format, options } = definition.read;
  const bytes = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  let documents = 0;
  for await (const event of formats.get(format)?.read(bytes, options, { file: 'a', limits: defaultLimits }) ?? []) {
    if (event.kind === 'header') check.header('', event, event.type);
    if (event.kind !== 'records') continue;
    check.pass(event.records);
    documents += event.records.filter(({ type }) => type === definition.document.begins).length;
  }
  return told(check.findings(documents));
}

describe('batches with trailers of their own', () => {
  const name = 'beanio-groups_g1_threeBatch.txt';

  test('agree in a file that is whole', async () => {
    expect(await findings(BATCHES, real(name))).toEqual([]);
  });

  test('are found when the trailer of one is missing', async () => {
    expect(await findings(BATCHES, real('beanio-groups_g1_missingBatchTrailer.txt'))).toEqual([
      '2:- trailer-missing /a record of type "batchEnd" at its end the batch that begins here has no trailer',
    ]);
  });

  test('are found to be cut off, wherever the file ends', async () => {
    const lines = real(name).split(/(?<=\n)/);
    for (let count = 1; count < lines.length; count++) {
      expect(await findings(BATCHES, lines.slice(0, count).join(''))).not.toEqual([]);
    }
  });
});

describe('headers that say how many orders follow', () => {
  const text = real('beanio-multiline_ml2.txt');

  test('agree in a file that is whole', async () => {
    expect(await findings(ORDERS, text)).toEqual([]);
  });

  test('are found when an order is missing or one too many', async () => {
    expect(await findings(ORDERS, text.replace(/^order,101.*\r?\n/m, ''))).toEqual([
      '1:Batches control-total 2/1 the record "header" does not agree with the documents of what follows it',
    ]);
    expect(await findings(ORDERS, text.replace(/^order,103.*\r?\n/m, '$&$&'))).toEqual([
      '9:Batches control-total 1/2 the record "header" does not agree with the documents of what follows it',
    ]);
  });
});

describe('totals of what came since the one before', () => {
  const text = real('master_detail.txt');

  test('agree in a file that is whole', async () => {
    expect(await findings(SUBTOTALS, text)).toEqual([]);
  });

  test('are found when an amount is another, or a line is missing', async () => {
    const scope = 'the sum of Amount of the records since the one before';
    expect(await findings(SUBTOTALS, text.replace('40 ', '41 '))).toEqual([
      `6:Amount control-total 100/101 the trailer does not agree with ${scope}`,
    ]);
    expect(await findings(SUBTOTALS, text.replace(/^Item1 {7}170.*\n/m, ''))).toEqual([
      `10:Amount control-total 200/30 the trailer does not agree with ${scope}`,
    ]);
  });

  test('are found when the last one is missing, or all of them', async () => {
    expect(await findings(SUBTOTALS, text.replace(/^Total {7}200.*$/m, ''))).toEqual([
      '9:- trailer-missing /a last record of type "total" no trailer follows the records that begin here',
    ]);
    expect(await findings(SUBTOTALS, 'Description Amount \n')).toEqual([
      '-:- trailer-missing /a last record of type "total" the trailer record is missing',
    ]);
  });
});
