import { describe, expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { liveFeed, queryOf, storedBodies, type Handler } from './live-support.ts';
import { createDesk } from './support.ts';

async function createScene(definition: string, handler: Handler) {
  const desk = await createDesk();
  const live = await liveFeed(definition, handler);
  return {
    desk,
    live,
    run: () => collectFeed(desk.flow(live.feed), desk.parts, desk.never),
    stored: async () => (await storedBodies(desk)).map(({ id }) => id),
  };
}

describe('a snapshot in pages', () => {
  const link = 'paging: { link: {} }, identity: id';
  const token = 'paging: { token: { field: next, parameter: token } }, items: data, identity: id';

  test.each([
    ['link', link, 400],
    ['link', link, 410],
    ['token', token, 404],
    ['token', token, 422],
  ])('whose %s is gone in the middle is read anew, whole (%#)', async (_what, definition, status) => {
    let deaths = 0;
    const { run, stored, live } = await createScene(definition, (request, response) => {
      const page = Number(queryOf(request).get('token') ?? 0);
      if (page === 2 && deaths++ === 0) return response.writeHead(status).end('{}');
      if (page < 3) response.setHeader('link', `</things?token=${page + 1}>; rel="next"`);
      // Before the walk began anew something else was on the first page.
      const data = page === 0 ? [{ id: deaths > 0 ? 'new' : 'old' }] : [{ id: page }];
      const body = definition === link ? data : { data, next: page < 3 ? page + 1 : null };
      return response.end(JSON.stringify(body));
    });
    expect(await run()).toBe(4);
    expect(await stored()).toEqual(['new', 1, 2, 3]);
    expect(live.received).toHaveLength(7);
  });

  test('in which the provider turns in a circle fails, and the one before stays', async () => {
    let isTurning = false;
    const { run, stored, live } = await createScene(
      'paging: { offset: { parameter: offset, limit: limit, size: 1 } }, identity: id',
      (_request, response, position) =>
        response.end(isTurning ? `[{"id":"${'xyz'.charAt(position % 3)}"}]` : position === 0 ? '[{"id":"a"}]' : '[]'),
    );
    await run();
    isTurning = true;
    await expect(run()).rejects.toMatchObject({ code: 'bad-answer' });
    expect(await stored()).toEqual(['a']);
    expect(live.received.length).toBeLessThan(30);
  });

  test('has an item once, whatever is said of it twice, and items that moved to a later page meanwhile', async () => {
    const pages = ['[{"id":"a"},{"id":"b"},{"id":"b","q":2}]', '[{"id":"b"},{"id":"c"}]', '[]'];
    const { run, stored } = await createScene(
      'paging: { page: { parameter: page } }, identity: id',
      (_request, response, position) => response.end(pages[position]),
    );
    expect(await run()).toBe(3);
    expect(await stored()).toEqual(['a', 'b', 'c']);
  });

  test('in rounds is one snapshot of all of them', async () => {
    const { run, stored } = await createScene(
      'each: { pool: [DEFAULT, STORAGE] }, query: { pool: "{each.pool}" }, add: { pool: "{each.pool}" }, identity: sku',
      (request, response) => response.end(`[{"sku":"A","id":"${queryOf(request).get('pool')}"}]`),
    );
    expect(await run()).toBe(2);
    expect(await run()).toBe(2);
    expect(await stored()).toEqual(['DEFAULT', 'STORAGE']);
  });
});
