import { describe, expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { createDiary, liveFeed, queryOf, storedBodies, type Change, type Diary, type Live } from './live-support.ts';
import { createDesk, type Desk } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const text = (since = '', more = ''): string =>
  `identity: id, paging: { link: {} }, changes: { since: { parameter: after, field: time${since} }, dead: [400] }${more}`;

interface Scene {
  readonly desk: Desk;
  readonly diary: Diary;
  readonly live: Live;
  run(): Promise<number>;
  stored(): Promise<unknown[]>;
}

async function createScene(definition = text()): Promise<Scene> {
  const desk = await createDesk();
  const diary = createDiary();
  const live = await liveFeed(definition, (...given) => diary.handler(...given));
  return {
    desk,
    diary,
    live,
    run: () => collectFeed(desk.flow(live.feed), desk.parts, desk.never),
    stored: async () => (await storedBodies(desk)).map(({ id }) => id),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const change = (id: string | number, ms: number): Change => ({ id, time: iso(ms) });
const afters = ({ received }: Live): string[] => received.map((request) => queryOf(request).get('after') ?? '');

describe('a stream of changes', () => {
  test('is read from its start, and from the last change seen the next time', async () => {
    const { desk, diary, live, run, stored } = await createScene();
    const now = desk.clock.now();
    diary.changes = [change('a', now - 3 * DAY), change('b', now - HOUR), change(3, now - 30 * MINUTE)];
    expect(await run()).toBe(3);
    expect(afters(live)[0]).toBe(iso(now - 30 * DAY - 5 * MINUTE));
    live.received.length = 0;
    diary.changes.push(change('d', now - 20 * MINUTE));
    expect(await run()).toBe(1);
    expect(await stored()).toEqual(['a', 'b', 3, 'd']);
    expect(afters(live)).toEqual([iso(now - 35 * MINUTE)]);
    expect(await desk.ledger.feedCursor('test', 'things')).toBe(iso(now - 20 * MINUTE));
    expect(live.feed.kind).toBe('stream');
  });

  test('finds what becomes visible late, within the overlap', async () => {
    const { desk, diary, run, stored } = await createScene(text(', overlap: 10m'));
    const now = desk.clock.now();
    diary.changes = [change('a', now - HOUR)];
    await run();
    diary.changes.push(change('late', now - HOUR - 9 * MINUTE));
    await run();
    expect(await stored()).toEqual(['a', 'late']);
  });

  test('has times as text, as milliseconds, and none at all: nothing is left out and nothing moves by nonsense', async () => {
    const { desk, diary, live, run, stored } = await createScene();
    const now = desk.clock.now();
    diary.changes = [
      { id: 'iso', time: iso(now - 4 * HOUR) },
      { id: 'number', time: now - 3 * HOUR },
      { id: 'text', time: String(now - 2 * HOUR) },
      { id: 'word', time: 'yesterday' },
      { id: 'null', time: null },
      { id: 'none' },
      { id: 'year 9999', time: '9999-12-31T23:59:59Z' },
    ];
    diary.honoursTimes = false;
    expect(await run()).toBe(7);
    expect(await run()).toBe(0);
    expect(new Set(await stored()).size).toBe(7);
    expect(await desk.ledger.feedCursor('test', 'things')).toBe(iso(now - 2 * HOUR));
    const told = live.log.lines.filter(({ message }) => message.includes('without a usable time'));
    expect(told.reduce((sum, { fields }) => sum + Number(fields['items']), 0)).toBe(3);
  });

  test('whose provider ignores the time is walked whole and stored once', async () => {
    const { desk, diary, run, stored } = await createScene();
    diary.honoursTimes = false;
    diary.changes = Array.from({ length: 9 }, (_, index) => change(index, desk.clock.now() - (20 - index) * HOUR));
    expect(await run()).toBe(9);
    diary.changes.push(change(9, desk.clock.now()));
    expect(await run()).toBe(1);
    expect(await stored()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('goes on with values nobody knows, numbers for text, and two of one identity', async () => {
    const { desk, diary, run, stored } = await createScene();
    const now = desk.clock.now();
    diary.pageSize = 10;
    diary.changes = [
      { id: 1, time: iso(now), type: 'Never.Heard.Of' },
      { id: 1, time: iso(now), type: 'Again' },
      { id: 2, time: iso(now), type: 17 },
    ];
    expect(await run()).toBe(2);
    expect(await stored()).toEqual([1, 2]);
  });
});

describe('a provider whose clock is not ours', () => {
  test.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
    ['a week ahead', 7 * DAY],
    ['a week behind', -7 * DAY],
  ])('%s loses nothing', async (_what, skew) => {
    const { desk, diary, run, stored } = await createScene(text(', until: until, slice: 20d'));
    const written: number[] = [];
    for (let round = 0; round < 40; round++) {
      diary.changes.push(change(round, desk.clock.now() + skew));
      written.push(round);
      await run();
      desk.clock.advance(round % 3 === 0 ? 13 * HOUR : 7 * MINUTE);
    }
    // A clock beyond all reason shows its changes once ours has come near.
    desk.clock.advance(Math.max(0, skew) + HOUR);
    await run();
    expect((await stored()).sort((a, b) => Number(a) - Number(b))).toEqual(written);
  });

  test('one change from the future does not hide what comes before it', async () => {
    const { desk, diary, run, stored } = await createScene();
    const now = desk.clock.now();
    diary.changes = [change('ahead', now + 50 * MINUTE)];
    await run();
    diary.changes.push(change('behind', now - 55 * MINUTE));
    await run();
    expect(await stored()).toEqual(['ahead', 'behind']);
  });

  test('our clock that was ahead for a while loses nothing', async () => {
    const { desk, diary, run, stored } = await createScene(text(', until: until, slice: 20d'));
    const now = desk.clock.now();
    diary.changes = [change('a', now)];
    desk.clock.setWall(now + 12 * HOUR);
    await run();
    desk.clock.setWall(now + HOUR);
    diary.changes.push(change('b', now + HOUR));
    await run();
    expect(await stored()).toEqual(['a', 'b']);
  });
});

describe('a provider that answers for some days at once', () => {
  test('is asked slice by slice, over empty ones, up to now', async () => {
    const { desk, diary, live, run, stored } = await createScene(text(', until: until, slice: 10d, start: 35d'));
    const now = desk.clock.now();
    diary.changes = [change('old', now - 34 * DAY), change('new', now - DAY)];
    expect(await run()).toBe(2);
    const windows = live.received.map((request) => {
      const query = queryOf(request);
      return [Date.parse(query.get('after') ?? ''), Date.parse(query.get('until') ?? '')] as const;
    });
    expect(windows.length).toBeGreaterThanOrEqual(4);
    for (const [from, until] of windows) expect(until - from).toBeLessThanOrEqual(10 * DAY);
    for (const [index, [from]] of windows.entries()) {
      if (index > 0) expect(from).toBeLessThan(windows[index - 1]?.[1] ?? 0);
    }
    expect(windows.at(-1)?.[1]).toBeGreaterThanOrEqual(now);
    expect(await stored()).toEqual(['old', 'new']);
  });

  test('does not walk empty weeks again and again', async () => {
    const { desk, live, run } = await createScene(text(', until: until, slice: 10d, start: 90d'));
    await run();
    const first = live.received.length;
    live.received.length = 0;
    desk.clock.advance(MINUTE);
    await run();
    expect(first).toBeGreaterThanOrEqual(9);
    expect(live.received.length).toBeLessThanOrEqual(2);
  });

  test('gets times in the body, as numbers where it wants those', async () => {
    const desk = await createDesk();
    const definition =
      'identity: id, request: { method: POST, body: { limit: 5 } }, items: data, ' +
      'changes: { since: { body: at.startsAt, until: at.endsAt, format: epoch-ms, field: time, start: 1d, overlap: 0s } }';
    const { feed, received } = await liveFeed(definition, (_request, response) => response.end('{"data":[]}'));
    await collectFeed(desk.flow(feed), desk.parts, desk.never);
    const now = desk.clock.now();
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ limit: 5, at: { startsAt: now - DAY, endsAt: now + DAY } });
  });
});

describe('a walk over changes', () => {
  const fill = ({ desk, diary }: Scene, count = 7): void => {
    diary.changes = Array.from({ length: count }, (_, index) =>
      change(index, desk.clock.now() - (count - index) * HOUR),
    );
  };

  test('that broke off goes on where it stood', async () => {
    const scene = await createScene();
    fill(scene);
    const { diary, live, run, stored } = scene;
    const { handler } = diary;
    let isBroken = true;
    const broken: Diary['handler'] = (request, response, position) =>
      isBroken && request.url.includes('t3') ? response.socket?.destroy() : handler(request, response, position);
    Object.assign(diary, { handler: broken });
    await expect(run()).rejects.toMatchObject({ code: 'no-answer' });
    expect(await stored()).toEqual([0, 1, 2, 3]);
    isBroken = false;
    live.received.length = 0;
    expect(await run()).toBe(3);
    expect(live.received[0]?.url).toContain('page_info=t3');
    expect(await stored()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test.each([
    ['oldest first', false],
    ['newest first', true],
  ])('whose token is gone starts anew and skips what it has (%s)', async (_what, newestFirst) => {
    const scene = await createScene();
    fill(scene);
    const { diary, desk, run, stored } = scene;
    diary.newestFirst = newestFirst;
    let deaths = 0;
    const { handler } = diary;
    Object.assign(diary, {
      handler: ((request, response, position) => {
        if (!request.url.includes('page_info') || deaths++ !== 1) return handler(request, response, position);
        return response.writeHead(400).end('{}');
      }) satisfies Diary['handler'],
    });
    await run();
    expect(new Set(await stored())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(desk.log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  test('passes a token that is bad for ever, where changes come oldest first', async () => {
    const scene = await createScene();
    fill(scene);
    scene.diary.deadTokens.add('t3');
    await scene.run();
    expect(await scene.stored()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('that is forgotten every time is given up until the next run, and nothing of it is passed over', async () => {
    const scene = await createScene();
    fill(scene);
    const { diary, run, stored, live } = scene;
    diary.newestFirst = true;
    diary.deadTokens.add('t5');
    await expect(run()).rejects.toMatchObject({ code: 'snapshot-expired' });
    expect(live.received).toHaveLength(6);
    diary.deadTokens.clear();
    await run();
    expect(new Set(await stored())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });

  test('over several rounds starts all of them anew', async () => {
    const scene = await createScene(
      text('', ', each: { pool: [A, B] }, query: { pool: "{each.pool}" }, add: { pool: "{each.pool}" }'),
    );
    fill(scene, 4);
    const { diary, run, desk } = scene;
    const { handler } = diary;
    let deaths = 0;
    Object.assign(diary, {
      handler: ((request, response, position) => {
        const isDead = request.url.includes('pool=A') && request.url.includes('page_info') && deaths++ === 0;
        return isDead ? response.writeHead(400).end('{}') : handler(request, response, position);
      }) satisfies Diary['handler'],
    });
    await run();
    const bodies = await storedBodies(desk);
    expect(bodies.map(({ id, pool }) => `${String(pool)}${String(id)}`).sort()).toEqual([
      'A0',
      'A1',
      'A2',
      'A3',
      'B0',
      'B1',
      'B2',
      'B3',
    ]);
  });

  test('starts from the beginning where the feed was read in another way before', async () => {
    const scene = await createScene();
    fill(scene, 2);
    await scene.desk.ledger.storePage({ provider: 'test', feed: 'things', items: [], cursor: '4711' });
    expect(await scene.run()).toBe(2);
  });
});
