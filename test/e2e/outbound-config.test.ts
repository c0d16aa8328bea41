import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadProject } from '../../src/app/project.ts';
import { describeFinding } from '../../src/core/issue.ts';
import { shipmentMapping, stockMapping, writeOutboundProject } from '../support/outbound-provider.ts';

/** What is told of a flow and its mapping: the key in the file, the code and the words. */
async function findings(feed: 'shipments' | 'stock', flow: object, mapping: object = {}): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-config-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const own = { ...(feed === 'stock' ? stockMapping : shipmentMapping), write: { format: 'csv' }, ...mapping };
  const config = await writeOutboundProject(directory, 'http://127.0.0.1:9', { back: { feed, flow, mapping: own } });
  const { issues } = await loadProject(config);
  return issues.map((issue) => `${issue.code} ${describeFinding(issue)}`);
}

const csv = (more: object): object => ({ write: { format: 'csv', ...more } });

test.each([
  ['shipments', { per: 'document', file: 'out/{document}_{seq:6}.csv', marker: '{name}.ok', keep: '1d' }, {}],
  ['shipments', { per: { rows: 10 }, site: 'A', file: 'out/{site}_{seq:6}.csv' }, {}],
  ['stock', { file: 'STOCK.csv', replace: 'archive', snapshot: 'changes' }, { gone: { OnHand: 0 } }],
  ['stock', { empty: 'trailer' }, csv({ records: { trailer: ['{rows}', '{as-of:yyyyMMdd@Asia/Tehran}'] } })],
] as const)('a flow of %s with %j is right', async (feed, flow, mapping) => {
  expect(await findings(feed, flow, mapping)).toEqual([]);
});

test.each([
  ['shipments', { file: 'out/S.csv' }, {}, 'bad-template the name has no sequence number'],
  ['shipments', { file: 'out/{document}_{seq:6}.csv' }, {}, 'bad-template {document} names the document of a file'],
  ['shipments', { file: 'out/{site}_{seq:6}.csv' }, {}, 'bad-template the flow has no site'],
  ['shipments', { file: 'S.csv', replace: 'wait', per: 'document' }, {}, 'bad-template the files of one run'],
  ['shipments', { archive: 'old/{seq:6}.csv' }, {}, 'wrong-value nothing is archived'],
  [
    'stock',
    { file: 'S.csv', replace: 'archive', archive: 'old.csv' },
    {},
    'bad-template the name has no sequence number',
  ],
  [
    'stock',
    { file: 'S.csv', replace: 'archive', archive: '../{seq:6}.csv' },
    {},
    'wrong-value must stay inside the folder',
  ],
  ['shipments', { snapshot: 'changes' }, {}, 'wrong-value the feed shipments is a stream'],
  ['stock', { snapshot: 'changes', per: 'document' }, {}, 'wrong-value what is gone from a snapshot'],
  ['stock', { empty: 'trailer' }, {}, 'wrong-value the mapping declares no trailer'],
  ['stock', { marker: 'ready/{name}.ok' }, {}, 'wrong-value'],
  ['stock', { keep: 'long' }, {}, 'wrong-value'],
  ['stock', { per: 'row' }, {}, 'wrong-'],
  ['stock', {}, { gone: { OnHnd: 0 } }, 'unknown-reference no column of the mapping is called OnHnd'],
  ['stock', {}, csv({ records: { trailer: ['{date:QQ}'] } }), 'bad-template the date format or the time zone of'],
  ['stock', {}, csv({ records: { trailer: ['{sum:Qty}'] } }), 'bad-template no column is called "Qty"'],
  ['stock', {}, csv({ lengths: { Nam: 3 } }), 'unknown-reference no column is called "Nam"'],
] as const)('a flow of %s with %j and %j is told: %s', async (feed, flow, mapping, told) => {
  expect(await findings(feed, flow, mapping)).toEqual(expect.arrayContaining([expect.stringContaining(told)]));
});
