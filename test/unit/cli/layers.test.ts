import { expect, test } from 'vitest';
import { describeLayers, layersOf } from '../../../src/cli/layers.ts';
import { createBench, endAll, required, sheet, type Bench } from '../inbound/support.ts';

const HEADER = 'Id,Name,Sku,Qty';

const layers = async ({ ledger }: Bench, key: string) =>
  layersOf(ledger, required((await ledger.documents({ key, limit: 1 }))[0]));

/** A file of an outbound flow that tells of items. */
async function tell({ ledger, clock }: Bench, path: string, items: readonly number[], isOut: boolean): Promise<void> {
  const { fileId } = await ledger.beginFile('shipped');
  await ledger.assignFacts(
    fileId,
    items.map((id) => `${path} ${id}`),
    items,
  );
  const content = { folder: 'erp', path, temporaryPath: `.${path}`, hash: '', size: 1, rows: items.length, spool: '' };
  await ledger.completeRun('shipped', [{ fileId, content }], { position: 9, deferred: [], at: clock.now() });
  if (!isOut) return;
  await ledger.markWritten(fileId);
  await ledger.markPublished(fileId, clock.now());
}

test('a document is followed from its drop to the files that told of it, layer by layer', async () => {
  const bench = await createBench();
  const { ledger, clock, flow } = bench;
  await bench.put('in/a.csv', sheet(HEADER, 'A,Ann,S1,1', 'B,Bob,S1,x'));
  await bench.take('a.csv');
  const at = (ms: number): string => new Date(ms).toISOString();
  const receivedAt = clock.now();
  const received = { at: at(receivedAt), drop: 1, file: 'in/a.csv' };
  expect(await layers(bench, 'A')).toEqual({
    received: { ...received, line: 2 },
    readable: { is: true },
    accepted: { is: false, status: 'waiting', provider: 'test' },
    done: [],
  });
  expect(await layers(bench, 'B')).toEqual({
    received: { ...received, line: 3 },
    readable: { is: false, why: [expect.stringContaining('not a number')] },
    accepted: { is: false, status: 'rejected' },
    done: [],
  });

  clock.advance(1000);
  await endAll(bench);
  const item = (index: string, documentKey: string) => ({ index, identity: index, documentKey, body: '{}' });
  const page = { provider: flow.provider, feed: 'shipments', items: [item('1', 'A'), item('2', 'Z')], cursor: '3' };
  await ledger.storePage(page);
  const [ours = 0, others = 0] = (await ledger.itemsAfter(flow.provider, 'shipments', 0, 9)).map(({ id }) => id);
  clock.advance(1000);
  await tell(bench, 'S_1.csv', [ours, others], true);
  await tell(bench, 'S_2.csv', [others], true);
  await tell(bench, 'S_3.csv', [ours], false);
  const followed = await layers(bench, 'A');
  expect(followed).toMatchObject({
    accepted: { is: true, status: 'accepted', reference: 'R-A', at: at(receivedAt + 1000) },
    done: [
      { flow: 'shipped', path: 'S_1.csv', at: at(receivedAt + 2000), isPublished: true },
      { path: 'S_3.csv', at: undefined, isPublished: false },
    ],
  });
  expect(describeLayers(followed)).toEqual([
    `  received: ${at(receivedAt)}, drop 1 line 2`,
    '  readable: yes',
    `  accepted: by test as R-A, ${at(receivedAt + 1000)}`,
    `  done: told in S_1.csv (shipped), ${at(receivedAt + 2000)}`,
    '  done: told in S_3.csv (shipped), not out yet',
  ]);
});
