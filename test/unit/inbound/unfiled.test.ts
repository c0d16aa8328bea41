import { utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { InboundFlow } from '../../../src/inbound/index.ts';
import { lookAt } from '../../../src/inbound/source/look.ts';
import { createWatch } from '../../../src/inbound/source/watch.ts';
import { createBench, sheet, twoFiles } from './support.ts';

const order = (id: string): string => sheet('Id,Name,Sku,Qty', `${id},Ann,S1,1`);

/** A flow on a server that lets nobody do what is named. */
async function barred(right: 'claim' | 'remove', own: Partial<Omit<InboundFlow, 'limits'>> = {}, mapping?: string) {
  const flowOptions = { quietMs: 0, ...own };
  const bench = await createBench(mapping === undefined ? { flow: flowOptions } : { flow: flowOptions, mapping });
  const { folder } = bench.flow;
  let isBarred = true;
  const refuse = (path: string): Promise<void> => Promise.reject(new Failure('no-permission', path));
  const flow = {
    ...bench.flow,
    folder: {
      ...folder,
      claim: (path: string, claimed: string) =>
        isBarred && right === 'claim' ? refuse(path) : folder.claim(path, claimed),
      remove: (path: string) => (isBarred && right === 'remove' ? refuse(path) : folder.remove(path)),
    },
  };
  const taken: string[] = [];
  const watch = createWatch(flow, bench.parts, (name, how) => taken.push(`${name} ${how}`));
  return {
    bench,
    watch,
    allow: () => (isBarred = false),
    /** What is taken in a run, and what waits at its end. */
    async run() {
      taken.length = 0;
      await watch.run({ signal: new AbortController().signal, untilIdle: true });
      return { taken: [...taken], waiting: watch.waiting().map(({ path, why }) => `${path}: ${why}`) };
    },
    /** What a look says without a dray that runs. */
    async look() {
      const found = await lookAt(flow, [flow], bench.ledger, bench.clock);
      return found.map(({ path, why }) => `${path}: ${why}`);
    },
  };
}

describe('under the name of an original that cannot be filed', () => {
  test('the next file is a drop of its own, and each is filed as it was read once that may be', async () => {
    const { bench, watch, run, look, allow } = await barred('claim');
    await bench.put('in/a.csv', order('A'));
    expect(await run()).toEqual({ taken: ['a.csv received'], waiting: [] });
    expect(await run()).toEqual({ taken: [], waiting: [] });
    expect(await look()).toEqual(['in/a.csv: was received as drop 1; it is still to be filed']);
    await bench.put('in/a.csv', order('BB'));
    expect(await look()).toEqual(['in/a.csv: dray is not running']);
    expect(await run()).toEqual({ taken: ['a.csv received'], waiting: [] });
    expect(await run()).toEqual({ taken: [], waiting: [] });
    expect(watch.trouble()).toContain('cannot be moved away; give dray the right to rename there');
    allow();
    await run();
    expect(await bench.names('in')).toEqual([]);
    expect([await bench.read('done/a.csv'), await bench.read('done/a.2.csv')]).toEqual([order('A'), order('BB')]);
    expect(await bench.ledger.drops({ limit: 9 })).toHaveLength(2);
  });

  test('the same bytes are no drop of their own, however often the file is touched', async () => {
    const { bench, run } = await barred('claim');
    await bench.put('in/a.csv', order('A'));
    await run();
    for (const seconds of [60, 120]) {
      await utimes(bench.path('in/a.csv'), seconds, seconds);
      expect(await run()).toEqual({ taken: [], waiting: [] });
      expect(await run()).toEqual({ taken: [], waiting: [] });
    }
    expect(await bench.ledger.drops({ limit: 9 })).toHaveLength(1);
  });

  test('a file whose companion was received before waits until that one is filed', async () => {
    const { bench, run, look, allow } = await barred('claim', {}, twoFiles);
    await bench.put('in/heads1.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'A,S1,1'));
    expect(await run()).toEqual({ taken: ['heads1.csv received'], waiting: [] });
    await bench.put('in/heads1.csv', sheet('Id,Name', 'B,Bobby'));
    const why = ['in/heads1.csv: waits until drop 1 is filed, some of whose files are still there'];
    expect(await run()).toEqual({ taken: [], waiting: why });
    expect(await look()).toEqual(why);
    allow();
    expect((await run()).taken).toEqual([]);
    expect(await bench.names('in')).toEqual(['heads1.csv']);
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'B,S1,1'));
    expect((await run()).taken).toEqual(['heads1.csv received']);
  });

  test('any file is new where dray has the original under a name of its own', async () => {
    const { bench, watch, run, look } = await barred('remove', { original: 'delete', done: '' });
    await bench.put('in/a.csv', order('A'));
    expect((await run()).taken).toEqual(['a.csv received']);
    expect(await bench.names('in')).toEqual(['.dray-1.claim']);
    await bench.put('in/a.csv', order('A'));
    expect(await look()).toEqual(['in/a.csv: dray is not running']);
    expect((await run()).taken).toEqual(['a.csv received']);
    expect(await bench.names('in')).toEqual(['.dray-1.claim', '.dray-2.claim']);
    expect(watch.trouble()).toContain('cannot be deleted; give dray the right to rename and to delete there');
  });
});
