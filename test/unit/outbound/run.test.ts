import { mkdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { OutboundFile } from '../../../src/core/ledger.ts';
import { at, createOutbound, fileNameTemplate, type Outbound, type OutboundFlow } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, item, type Desk } from './support.ts';

interface Leg {
  readonly outbound: Outbound;
  readonly published: OutboundFile[];
  /** Starts it; answers what ends it. */
  start(): { stop: () => Promise<void>; saw: (files: number) => Promise<void> };
}

function createLeg(desk: Desk, flows: readonly OutboundFlow[]): Leg {
  const published: OutboundFile[] = [];
  const folder = required(flows[0]).folder;
  let tell: () => void = () => undefined;
  const outbound = createOutbound({
    flows,
    folders: new Map([['erp', folder]]),
    parts: desk.parts,
    events: {
      published(file) {
        published.push(file);
        tell();
      },
    },
  });
  return {
    outbound,
    published,
    start() {
      const stop = new AbortController();
      const run = outbound.run(stop.signal);
      const end = async (): Promise<void> => {
        stop.abort();
        await run;
      };
      onTestFinished(end);
      return {
        stop: end,
        async saw(files) {
          while (published.length < files) await new Promise<void>((resolve) => (tell = resolve));
        },
      };
    },
  };
}

const other = { name: 'other', fileName: required(fileNameTemplate('other/O_{seq:2}.csv').name) };

describe('a run that ends', () => {
  test('collects, builds and delivers once', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    const { outbound, published } = createLeg(desk, [desk.flow(shelf)]);
    await outbound.runOnce(desk.never);
    expect([published.map(({ path }) => path), outbound.troubles()]).toEqual([['out/S_001.csv'], []]);
    await outbound.runOnce(desk.never);
    expect(published).toHaveLength(1);
  });

  test('tells which flow could not be read, and runs the others', async () => {
    const desk = await createDesk();
    const silent = createShelf('stream');
    silent.before = () => {
      throw new Failure('provider-unreachable', 'connection refused');
    };
    const shelf = { ...createShelf('stream'), name: 'receipts' };
    shelf.readPage = (cursor) => Promise.resolve(cursor === '0' ? { items: [item(0, 'A')], next: '1' } : { items: [] });
    const { outbound, published } = createLeg(desk, [desk.flow(silent), desk.flow(shelf, other)]);
    await outbound.runOnce(desk.never);
    expect(published.map(({ path }) => path)).toEqual(['other/O_01.csv']);
    expect(outbound.troubles()).toEqual(['flow shipped: the provider cannot be reached: connection refused']);
    silent.before = () => undefined;
    await outbound.runOnce(desk.never);
    expect(outbound.troubles()).toEqual([]);
  });

  test('delivers what an earlier one could not, and tells it as long as it cannot', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    const { outbound, published } = createLeg(desk, [desk.flow(shelf)]);
    await mkdir(desk.path('out'));
    await writeFile(desk.path('out/S_001.csv'), 'in the way');
    await outbound.runOnce(desk.never);
    expect([published, outbound.troubles().length]).toEqual([[], 1]);
    await rm(desk.path('out/S_001.csv'));
    await outbound.runOnce(desk.never);
    expect([published.map(({ path }) => path), outbound.troubles()]).toEqual([['out/S_001.csv'], []]);
  });

  test('leaves a flow with a time of its own alone until its time has come', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    await desk.ledger.recordRun('shipped', desk.clock.now());
    const flow = desk.flow(shelf, { schedule: at('0 6 * * *', 'UTC'), runsOnDemand: false });
    const { outbound, published } = createLeg(desk, [flow]);
    await outbound.runOnce(desk.never);
    expect(published).toEqual([]);
    desk.clock.advance(86_400_000);
    await outbound.runOnce(desk.never);
    expect(published).toHaveLength(1);
  });

  test('runs a flow with a time of its own for the first time when that time comes after it was first seen', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    const flow = desk.flow(shelf, { schedule: at('0 6 * * *', 'UTC'), runsOnDemand: false });
    const { outbound, published } = createLeg(desk, [flow]);
    await outbound.runOnce(desk.never);
    expect(published).toEqual([]);
    desk.clock.advance(86_400_000);
    await outbound.runOnce(desk.never);
    expect(published).toHaveLength(1);
  });

  test('tells of a file it cannot deliver although others are delivered after it', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    const { outbound, published } = createLeg(desk, [desk.flow(shelf), desk.flow(shelf, other)]);
    await mkdir(desk.path('out'), { recursive: true });
    await writeFile(desk.path('out/S_001.csv'), 'somebody else’s');
    await outbound.runOnce(desk.never);
    expect(published.map(({ path }) => path)).toEqual(['other/O_01.csv']);
    expect(outbound.troubles()).toEqual([expect.stringContaining('out/S_001.csv')]);
  });

  test('surfaces a ledger that cannot be trusted any more', async () => {
    const desk = await createDesk();
    const recordRun = (): Promise<never> => Promise.reject(new Failure('ledger-damaged'));
    const parts = { ...desk.parts, ledger: { ...desk.ledger, recordRun } };
    const flow = desk.flow(createShelf('stream'));
    const outbound = createOutbound({
      flows: [flow],
      folders: new Map(),
      parts,
      events: { published: () => undefined },
    });
    await expect(outbound.runOnce(desk.never)).rejects.toMatchObject({ code: 'ledger-damaged' });
  });
});

describe('a run that goes on', () => {
  test('collects again and again, each time after its interval', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A')];
    const { start, published } = createLeg(desk, [desk.flow(shelf)]);
    const { saw, stop } = start();
    await saw(1);
    shelf.items.push(item(1, 'B'));
    while (shelf.asked.length < 3) {
      desk.clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await saw(2);
    await stop();
    expect(published.map(({ path }) => path)).toEqual(['out/S_001.csv', 'out/S_002.csv']);
  });

  test('lets two flows on one snapshot walk it one after the other', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot', 1);
    shelf.items = [item(0, 'A'), item(1, 'B'), item(2, 'C')];
    const { start, published } = createLeg(desk, [desk.flow(shelf), desk.flow(shelf, other)]);
    const { saw, stop } = start();
    await saw(2);
    await stop();
    expect(published.map(({ path, rows }) => `${path} ${rows}`).sort()).toEqual([
      'other/O_01.csv 3',
      'out/S_001.csv 3',
    ]);
    expect(shelf.asked).toEqual(['0', '1', '2', '0', '1', '2']);
  });

  test('waits as long as the provider asks, and each flow for itself', async () => {
    const desk = await createDesk();
    const busy = createShelf('stream');
    busy.before = () => {
      throw new Failure('provider-unreachable', '429', { retryAfterMs: 90_000 });
    };
    const broken = { ...createShelf('stream'), name: 'receipts' };
    broken.readPage = () => {
      broken.asked.push('');
      return Promise.reject(new Failure('provider-unreachable', '503'));
    };
    const { stop } = createLeg(desk, [desk.flow(busy), desk.flow(broken, other)]).start();
    while (busy.asked.length === 0 || broken.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let second = 0; second < 89; second++) {
      await new Promise((resolve) => setImmediate(resolve));
      desk.clock.advance(1_000);
    }
    expect(busy.asked).toHaveLength(1);
    expect(broken.asked.length).toBeGreaterThan(2);
    while (busy.asked.length < 2) {
      desk.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stop();
  });

  test('ends while it waits', async () => {
    const desk = await createDesk();
    const { stop } = createLeg(desk, [desk.flow(createShelf('stream'))]).start();
    await desk.clock.asleep();
    await stop();
  });
});
