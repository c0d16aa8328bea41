import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { buildFile } from '../../../src/outbound/file/build.ts';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { accepted, document, ended, receive } from '../../contract/support-ledger.ts';
import { liveFeed, storedBodies, type Handler } from './live-support.ts';
import { createDesk, mapping, type Desk } from './support.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

const track =
  'track: { operations: [order.create], path: "/orders/{reference}", every: 5m, until: { state.status: [DELIVERED, CANCELLED] }, for: 60d }';

async function createScene(handler: Handler, definition = track) {
  const desk = await createDesk();
  const live = await liveFeed(definition, handler, desk.clock);
  const flow = desk.flow(live.feed, { provider: 'ctl' });
  return {
    desk,
    live,
    run: () => collectFeed(flow, desk.parts, desk.never),
    bodies: () => storedBodies(desk, 'ctl'),
    asked: () =>
      live.received
        .splice(0)
        .map(({ url }) => url)
        .sort(),
  };
}

/** Submits documents that the provider takes under the references R-<key>. */
async function submit(desk: Desk, keys: readonly string[], operation = 'order.create'): Promise<void> {
  await receive(
    desk.ledger,
    `${keys[0]}.csv`,
    keys.map((key) => document(key, { operation, line: 2 })),
  );
  const claims = await desk.ledger.claimSubmissions('ctl', keys.length, desk.clock.now());
  await Promise.all(claims.map((claim) => desk.ledger.endAttempt(accepted(claim, `R-${claim.key}`))));
}

describe('records of ours that no list holds', () => {
  test('are read one by one, not more often than asked, and only what changed becomes an item', async () => {
    const states: Record<string, string> = { 'R-A': 'CREATED', 'R-B': 'CREATED' };
    const { desk, run, asked, bodies, live } = await createScene(({ url }, response) =>
      response.end(`{"id":${url.length},"of":"${url.slice(8)}","state":{"status":"${states[url.slice(8)]}"}}`),
    );
    await submit(desk, ['A', 'B']);
    await submit(desk, ['C'], 'product.upsert');
    expect(await run()).toBe(2);
    expect(asked()).toEqual(['/orders/R-A', '/orders/R-B']);
    expect(await run()).toBe(0);
    expect(asked()).toEqual([]);
    desk.clock.advance(5 * MINUTE);
    states['R-B'] = 'SOMETHING_NEW';
    expect(await run()).toBe(1);
    expect(asked()).toEqual(['/orders/R-A', '/orders/R-B']);
    const items = await desk.ledger.itemsAfter('ctl', 'things', 0, 9);
    expect(items.map(({ documentKey }) => documentKey)).toEqual(['A', 'B', 'B']);
    expect((await bodies()).at(-1)).toMatchObject({ state: { status: 'SOMETHING_NEW' } });
    expect(live.feed.kind).toBe('stream');
  });

  test('are read as often as the configuration says, and no more often, whatever the flow does', async () => {
    const { desk } = await createScene((_request, response) => response.end('{"id":1}'));
    const live = await liveFeed(track, (_request, response) => response.end('{"id":1}'), desk.clock, {
      everyMs: 5_000,
    });
    await submit(desk, ['A']);
    const flow = desk.flow(live.feed, { provider: 'ctl' });
    for (let second = 0; second < 11; second++) {
      await collectFeed(flow, desk.parts, desk.never);
      desk.clock.advance(1_000);
    }
    expect(live.received).toHaveLength(3);
  });

  test('are left alone once they are done, or their time has passed', async () => {
    let status = 'CREATED';
    const { desk, run, asked } = await createScene((_request, response) =>
      response.end(`{"state":{"status":"${status}"}}`),
    );
    await submit(desk, ['A']);
    await run();
    status = 'DELIVERED';
    desk.clock.advance(DAY);
    expect(await run()).toBe(1);
    status = 'CREATED';
    await submit(desk, ['B']);
    desk.clock.advance(DAY);
    expect(await run()).toBe(1);
    expect(asked()).toEqual(['/orders/R-A', '/orders/R-A', '/orders/R-B']);
    desk.clock.advance(60 * DAY);
    expect(await run()).toBe(0);
    expect(asked()).toEqual([]);
  });

  describe('that give nothing', () => {
    const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
      'R-A': (response) => void response.end('{"id":"A","ours":"A"}'),
      'R-B': (response) => void response.writeHead(500).end(),
      'R-C': (response) => void response.writeHead(404).end('{}'),
      'R-D': (response) => void response.end('{"status":"ok"}'),
      'R-E': (response) => void response.end('{}'),
    };
    const keys = ['A', 'B', 'C', 'D', 'E'];
    const create = async (isUp = (): boolean => false) => {
      const scene = await createScene(({ url }, response) => {
        const reference = url.slice('/orders/'.length);
        if (isUp()) response.end(`{"id":"${reference}","ours":"x"}`);
        else answers[reference]?.(response);
      }, `${track}, document: ours`);
      await submit(scene.desk, keys);
      const told: string[] = [];
      const flow = scene.desk.flow(scene.live.feed, { provider: 'ctl' });
      const collect = () =>
        collectFeed(flow, scene.desk.parts, scene.desk.never, { tell: (trouble) => void told.push(trouble) });
      const open = async () =>
        (await scene.desk.ledger.incidents({ isOpen: true, limit: 9 })).map((one) => one.subject);
      return { ...scene, told, collect, open };
    };

    test('are no items; a failure is told by name, and each is said once in the log', async () => {
      const { desk, collect, told, bodies } = await create();
      expect(await collect()).toBe(1);
      expect(await bodies()).toEqual([{ id: 'A', ours: 'A' }]);
      expect(told).toEqual(['records could not be read: B (R-B): 500']);
      desk.clock.advance(5 * MINUTE);
      expect(await collect()).toBe(0);
      expect(desk.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(4);
    });

    test('for long are an incident, the first of them named, until they can be read; they are read on', async () => {
      let isUp = false;
      const { desk, collect, open, asked } = await create(() => isUp);
      for (let round = 0; round < 3; round++) {
        await collect();
        desk.clock.advance(5 * MINUTE);
      }
      expect(await open()).toEqual([]);
      asked();
      await collect();
      expect(asked()).toHaveLength(keys.length);
      expect(await open()).toEqual([
        'B (R-B): 500, C (R-C): 404, D (R-D): 200, and the answer does not name the record, and 1 more',
      ]);
      expect(desk.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
      isUp = true;
      desk.clock.advance(5 * MINUTE);
      await collect();
      expect(await open()).toEqual([]);
    });

    test('one after the other end a run in which nothing could be read, with one of them named', async () => {
      const { desk, run } = await createScene((_request, response) => void response.writeHead(500).end());
      await submit(desk, ['A']);
      await expect(run()).rejects.toMatchObject({ code: 'provider-unreachable', detail: 'A (R-A): 500' });
    });
  });

  test('are tried again while they are missing', async () => {
    let isThere = false;
    const { desk, run, asked } = await createScene((_request, response) =>
      isThere ? response.end('{"id":1}') : response.writeHead(404).end(),
    );
    await submit(desk, ['A']);
    expect(await run()).toBe(0);
    isThere = true;
    desk.clock.advance(5 * MINUTE);
    expect(await run()).toBe(1);
    expect(asked()).toHaveLength(2);
  });

  test('look alike and are told apart', async () => {
    const { desk, run } = await createScene((_request, response) => response.end('{"state":{"status":"CREATED"}}'));
    await submit(desk, ['A', 'B']);
    expect(await run()).toBe(2);
  });

  test('are taken up in the order in which they were accepted, and when another operation is followed too', async () => {
    const { desk, run, asked, live } = await createScene((_request, response) => response.end('{"id":1}'));
    await receive(desk.ledger, 'late.csv', [document('LATE')]);
    const [late] = await desk.ledger.claimSubmissions('ctl', 1, desk.clock.now());
    await submit(desk, ['EARLY']);
    await submit(desk, ['OTHER'], 'asn.create');
    await run();
    expect(asked()).toEqual(['/orders/R-EARLY']);
    if (late === undefined) throw new Error('nothing was claimed');
    await desk.ledger.endAttempt(accepted(late, 'R-LATE'));
    await run();
    expect(asked()).toEqual(['/orders/R-LATE']);
    const both = await liveFeed(track.replace('[order.create]', '[asn.create, order.create]'), (_request, response) =>
      response.end('{"id":1}'),
    );
    await collectFeed(desk.flow(both.feed, { provider: 'ctl' }), desk.parts, desk.never);
    expect(both.received.map(({ url }) => url)).toEqual(['/orders/R-OTHER']);
    expect(live.received).toEqual([]);
  });

  test('that were refused are not read', async () => {
    const { desk, run, asked } = await createScene((_request, response) => response.end('{"id":1}'));
    await receive(desk.ledger, 'a.csv', [document('A')]);
    const [claim] = await desk.ledger.claimSubmissions('ctl', 1, desk.clock.now());
    if (claim === undefined) throw new Error('nothing was claimed');
    await desk.ledger.endAttempt(ended(claim, 'rejected', { outcome: 'FIX_DATA' }));
    expect([await run(), asked()]).toEqual([0, []]);
  });

  test('do not hold each other up: one that cannot be read is tried again later', async () => {
    const { desk, run, asked, bodies } = await createScene(({ url }, response) =>
      url.endsWith('R-B') ? response.writeHead(500).end() : response.end(`{"url":"${url}"}`),
    );
    await submit(desk, ['A', 'B', 'C', 'D']);
    expect(await run()).toBe(3);
    expect(asked()).toHaveLength(4);
    expect(await bodies()).toHaveLength(3);
    expect(desk.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    desk.clock.advance(MINUTE);
    await run();
    expect(asked()).toEqual([]);
  });

  test.each([
    ['a silent provider', 500, {}, 'provider-unreachable', undefined],
    ['a busy provider', 429, { 'retry-after': '90' }, 'provider-unreachable', 90_000],
    ['refused credentials', 401, {}, 'credentials-refused', undefined],
  ])(
    'are left at %s, and what was not read is read the next time',
    async (_what, status, headers, code, retryAfterMs) => {
      let isUp = false;
      const { desk, run, asked, bodies } = await createScene(({ url }, response) =>
        isUp ? response.end(`{"url":"${url}"}`) : response.writeHead(status, headers).end('{}'),
      );
      const keys = Array.from({ length: 30 }, (_, index) => `K${index}`);
      await submit(desk, keys);
      await expect(run()).rejects.toMatchObject({ code, retryAfterMs });
      expect(asked().length).toBeLessThan(10);
      isUp = true;
      desk.clock.advance(5 * MINUTE);
      await run();
      expect(await bodies()).toHaveLength(30);
    },
  );

  test('are read on after a restart', async () => {
    const { desk, run, asked, live } = await createScene((_request, response) => response.end('{"id":1}'));
    await submit(desk, ['A', 'B']);
    const stop = new AbortController();
    stop.abort();
    await collectFeed(desk.flow(live.feed, { provider: 'ctl' }), desk.parts, stop.signal);
    expect(asked()).toEqual([]);
    await run();
    expect(asked()).toHaveLength(2);
  });

  test('are so many that a run ends before their end, and the next goes on behind them', async () => {
    let pass: () => void = () => undefined;
    const { desk, run, asked } = await createScene((_request, response) => {
      pass();
      response.end('{"id":1}');
    });
    pass = () => desk.clock.advance(2_000);
    const keys = Array.from({ length: 250 }, (_, index) => `K${index}`);
    await submit(desk, keys);
    await run();
    const first = asked();
    expect(first).toHaveLength(200);
    pass = () => undefined;
    await run();
    expect(asked().filter((url) => !first.includes(url))).toHaveLength(50);
  });

  test('are many and never all in memory', async () => {
    const { desk, run } = await createScene((_request, response) => response.end('{"id":1}'));
    const keys = Array.from({ length: 2_300 }, (_, index) => `K${index}`);
    await submit(desk, keys);
    const asked: number[] = [];
    const { ledger } = desk;
    const dueRecords: typeof ledger.dueRecords = async (...given) => {
      const records = await ledger.dueRecords(...given);
      asked.push(records.length);
      return records;
    };
    const parts = { ...desk.parts, ledger: { ...ledger, dueRecords } };
    const live = await liveFeed(track, (_request, response) => response.end('{"id":1}'), desk.clock);
    expect(await collectFeed(desk.flow(live.feed, { provider: 'ctl' }), parts, desk.never)).toBe(2_300);
    expect(Math.max(...asked)).toBeLessThanOrEqual(100);
    expect(await run()).toBe(0);
  });
});

describe('an item that cannot be written', () => {
  const strict = `fact: "{id}/{n}"\nwrite: { format: csv }\nmap: { Id: id, N: { $from: n, $as: number } }\n`;

  test('is replaced by a later one of the same record that can, and by no other', async () => {
    const answers: Record<string, string> = { 'R-A': '"x"', 'R-B': '"x"', 'R-C': '1' };
    const { desk, live, run } = await createScene(({ url }, response) => {
      const reference = url.slice('/orders/'.length);
      response.end(`{"id":"${reference}","n":${answers[reference]}}`);
    });
    await submit(desk, ['A', 'B', 'C']);
    const flow = desk.flow(live.feed, { provider: 'ctl', mapping: mapping(strict) });
    await run();
    expect(await buildFile(flow, desk.parts)).toMatchObject({ rows: 1, deferred: 2 });
    answers['R-A'] = '2';
    answers['R-C'] = '3';
    desk.clock.advance(5 * MINUTE);
    await run();
    expect(await buildFile(flow, desk.parts)).toMatchObject({ rows: 2, deferred: 1 });
    const waiting = await desk.ledger.deferredItems(flow.name);
    expect(waiting.map(({ documentKey }) => documentKey)).toEqual(['B']);
  });
});
