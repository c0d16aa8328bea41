import { describe, expect, test, vi } from 'vitest';
import { Failure, type FailureCode } from '../../../src/core/failure.ts';
import { createFiling } from '../../../src/inbound/source/filing.ts';
import { createWatch } from '../../../src/inbound/source/watch.ts';
import { createBench, sheet } from './support.ts';

const order = (id: string): string => sheet('Id,Name,Sku,Qty', `${id},Ann,S1,1`);

describe('filing beside other work', () => {
  test('goes on with eight at a time and waits for room', async () => {
    const filing = createFiling();
    const works = Array.from({ length: 9 }, () => Promise.withResolvers<void>());
    let begun = 0;
    const all = (async () => {
      for (const [index, { promise }] of works.entries()) {
        await filing.wait([`${index}`]);
        begun++;
        filing.begin([`${index}`], () => promise);
      }
    })();
    await new Promise(setImmediate);
    expect(begun).toBe(8);
    works[3]?.resolve();
    await all;
    expect(begun).toBe(9);
    for (const { resolve } of works) resolve();
    await filing.end();
    expect(filing.failure()).toBeUndefined();
  });

  test('lets nobody at a file that is being filed', async () => {
    const filing = createFiling();
    const work = Promise.withResolvers<void>();
    filing.begin(['in/heads1.csv', 'in/items.csv'], () => work.promise);
    let isFree = false;
    const waiting = filing.wait(['in/heads2.csv', 'in/items.csv']).then(() => (isFree = true));
    await filing.wait(['in/heads2.csv']);
    await new Promise(setImmediate);
    expect(isFree).toBe(false);
    work.resolve();
    await waiting;
    expect(isFree).toBe(true);
  });

  test('survives what may pass, and nothing else goes on after what may not', async () => {
    const failing = (code: FailureCode) => (): Promise<void> => Promise.reject(new Failure(code));
    const filing = createFiling();
    filing.begin(['a'], failing('no-permission'));
    await filing.end();
    expect(filing.failure()).toMatchObject({ code: 'no-permission' });
    filing.begin(['b'], failing('disk-error'));
    await expect(filing.end()).rejects.toMatchObject({ code: 'disk-error' });
    await expect(filing.wait(['c'])).rejects.toMatchObject({ code: 'disk-error' });
  });
});

describe('originals that may not be moved away', () => {
  test('are one trouble, taken once, tried again a few at a time, and filed when they may be', async () => {
    const bench = await createBench({ flow: { quietMs: 0 } });
    const { folder } = bench.flow;
    let mayRename = false;
    let tries = 0;
    const claim: typeof folder.claim = (path, claimed) => {
      tries++;
      return mayRename ? folder.claim(path, claimed) : Promise.reject(new Failure('no-permission', path));
    };
    const taken: string[] = [];
    const flow = { ...bench.flow, folder: { ...folder, claim } };
    const watch = createWatch(flow, bench.parts, (name, how) => taken.push(`${name} ${how}`));
    const run = async (): Promise<void> => watch.run({ signal: new AbortController().signal, untilIdle: true });
    const names = Array.from({ length: 30 }, (_, i) => `${10 + i}.csv`);
    for (const name of names) await bench.put(`in/${name}`, order(name));
    await run();
    expect(taken).toEqual(names.map((name) => `${name} received`));
    expect(watch.trouble()).toMatch(
      /^permission denied \(.*\): files that were received cannot be moved away; .*leave$/,
    );
    tries = 0;
    await run();
    expect(tries).toBe(20);
    expect(taken).toHaveLength(30);
    expect(await bench.names('in')).toEqual(names);
    mayRename = true;
    await run();
    expect(watch.trouble()).toBeUndefined();
    expect(await bench.names('done')).toEqual(names);
    expect(await bench.ledger.drops({ limit: 99 })).toHaveLength(30);
  });
});

test('files are received in the order of their names, whatever their filing takes', async () => {
  const bench = await createBench({ flow: { quietMs: 0 } });
  const { folder } = bench.flow;
  const names = Array.from({ length: 12 }, (_, i) => `${10 + i}.csv`);
  for (const name of names.toReversed()) await bench.put(`in/${name}`, order(name));
  // The first to be filed takes longest.
  const claim: typeof folder.claim = async (path, claimed) => {
    for (let turn = 0; turn < 50 - Number(/\d+/.exec(path)?.[0]); turn++) await new Promise(setImmediate);
    await folder.claim(path, claimed);
  };
  const watch = createWatch({ ...bench.flow, folder: { ...folder, claim } }, bench.parts, () => undefined);
  await watch.run({ signal: new AbortController().signal, untilIdle: true });
  const drops = (await bench.ledger.drops({ limit: 99 })).toReversed();
  expect(drops.map(({ files }) => files[0]?.path)).toEqual(names.map((name) => `in/${name}`));
  expect(await bench.names('done')).toEqual(names);
});

test('events that come all the time lead to a look once in a while', async () => {
  const bench = await createBench();
  const { folder } = bench.flow;
  let looks = 0;
  const list: typeof folder.list = (...place) => (looks++, folder.list(...place));
  const watch = createWatch({ ...bench.flow, folder: { ...folder, list } }, bench.parts, () => undefined);
  const stop = new AbortController();
  const running = watch.run({ signal: stop.signal, untilIdle: false });
  await vi.waitFor(() => expect(looks).toBe(2));
  for (let i = 0; i < 20; i++) {
    watch.wake();
    await new Promise(setImmediate);
  }
  await vi.waitFor(async () => expect(await bench.clock.asleep()).toBe(200));
  expect(looks).toBe(2);
  bench.clock.advance(200);
  await vi.waitFor(() => expect(looks).toBe(3));
  stop.abort();
  await running;
});
