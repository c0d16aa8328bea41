import { describe, expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { createDiary, liveFeed, storedBodies, type Change } from './live-support.ts';
import { createDesk } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const text = (since: string): string =>
  `identity: id, paging: { link: {} }, changes: { since: { parameter: after, field: time${since} }, dead: [400] }`;

/** A provider that says its own time, `aheadMs` before ours, where `saysTime`. */
async function createScene(since: string, saysTime: boolean) {
  const desk = await createDesk();
  const diary = createDiary();
  const provider = { aheadMs: 0, now: () => desk.clock.now() + provider.aheadMs };
  const live = await liveFeed(text(since), (request, response, position) => {
    if (saysTime) response.setHeader('date', new Date(provider.now()).toUTCString());
    diary.handler(request, response, position);
  });
  const write = (id: string | number, ms = provider.now()): Change => ({ id, time: new Date(ms).toISOString() });
  return {
    desk,
    provider,
    live,
    write: (id: string | number, ms?: number) => void diary.changes.push(write(id, ms)),
    replace: (id: number, ms: number) => void (diary.changes = [write(id, ms)]),
    run: () => collectFeed(desk.flow(live.feed), desk.parts, desk.never),
    stored: async () => (await storedBodies(desk)).map(({ id }) => id),
    position: () => desk.ledger.feedCursor('test', 'things'),
  };
}

describe('a provider whose clock runs far ahead', () => {
  test.each([[', until: until, slice: 30d'], [', until: until'], ['']])(
    'is read up to the time it says (%s)',
    async (since) => {
      const { desk, provider, live, write, run, stored, position } = await createScene(since, true);
      provider.aheadMs = 400 * DAY;
      write('a');
      expect(await run()).toBe(1);
      expect((await position())?.slice(0, 10)).toBe(new Date(provider.now()).toISOString().slice(0, 10));
      provider.aheadMs += 50 * DAY;
      desk.clock.advance(HOUR);
      write('b');
      live.received.length = 0;
      await run();
      expect(await stored()).toEqual(['a', 'b']);
      expect(live.received.length).toBeLessThanOrEqual(4);
    },
  );

  test('is followed by its changes where it does not say its time', async () => {
    const { desk, provider, write, run, stored } = await createScene(', until: until, slice: 30d', false);
    const written: number[] = [];
    for (let round = 0; round < 120; round++) {
      write(round);
      written.push(round);
      await run();
      // 240 seconds in one of ours.
      desk.clock.advance(MINUTE);
      provider.aheadMs += 239 * MINUTE;
    }
    expect(await stored()).toEqual(written);
  });

  test('is followed from change to change within one run', async () => {
    const { desk, write, run, stored } = await createScene(', until: until, slice: 30d', false);
    for (const days of [0, 1, 2, 3, 4]) write(days, desk.clock.now() + days * 20 * HOUR);
    expect(await run()).toBe(5);
    expect(await run()).toBe(0);
    expect(await stored()).toEqual([0, 1, 2, 3, 4]);
  });

  test('is remembered to be there, where a record shows its last change alone', async () => {
    const { desk, replace, run, stored } = await createScene(', until: until, slice: 30d', false);
    for (const turn of [0, 1, 2, 3, 4]) {
      replace(turn, desk.clock.now() + turn * 20 * HOUR);
      await run();
    }
    expect(await stored()).toEqual([0, 1, 2, 3, 4]);
  });

  test('makes us lose nothing when only some of its times are ahead', async () => {
    const { desk, write, run, stored } = await createScene(', until: until, slice: 30d', false);
    const now = desk.clock.now();
    write('far', now + 20 * HOUR);
    await run();
    write('farther', now + 40 * HOUR);
    await run();
    write('behind', now - 50 * MINUTE);
    write('now', now);
    await run();
    desk.clock.advance(2 * DAY);
    write('later');
    await run();
    expect(new Set(await stored())).toEqual(new Set(['far', 'farther', 'behind', 'now', 'later']));
  });

  test('makes us lose nothing when the time it says is wrong and those of its changes are not', async () => {
    const { desk, provider, write, run, stored } = await createScene(', until: until, slice: 30d', true);
    provider.aheadMs = 300 * DAY;
    for (const id of ['a', 'b', 'c']) {
      write(id, desk.clock.now());
      await run();
      desk.clock.advance(3 * DAY);
    }
    expect(await stored()).toEqual(['a', 'b', 'c']);
  });
});
