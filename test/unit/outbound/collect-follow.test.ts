import { describe, expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { liveFeed, storedBodies, type Handler } from './live-support.ts';
import { createDesk } from './support.ts';

const events =
  'identity: id, changes: { since: { parameter: after, field: time } }, ' +
  'follow: [{ when: { type: [shipped, delivered] }, path: "/orders/{item.payload.order}", as: order, missing: [404, 410] }], ' +
  'document: [order.key]';

const event = (id: number, type: string, order?: string | number): string =>
  JSON.stringify({ id, type, time: '2026-05-04T10:00:00Z', payload: order === undefined ? {} : { order } });

async function createScene(list: () => string, orders: Handler) {
  const desk = await createDesk();
  const live = await liveFeed(events, (request, response, position) =>
    request.url.startsWith('/orders/') ? orders(request, response, position) : response.end(list()),
  );
  return {
    desk,
    live,
    run: () => collectFeed(desk.flow(live.feed), desk.parts, desk.never),
    asked: () => live.received.flatMap(({ url }) => (url.startsWith('/orders/') ? [url] : [])).sort(),
  };
}

const anyOrder: Handler = ({ url }, response) => response.end(`{"key":"SO${url.slice(8)}","weight":2.50}`);

describe('a record that an item names', () => {
  test('is read once a page and put into each item, digit by digit; its key tells the document', async () => {
    const list = `[${event(1, 'shipped', 'a/b')},${event(2, 'delivered', 'a/b')},${event(3, 'created', 'c')},${event(4, 'shipped', 7)}]`;
    const { desk, run, asked } = await createScene(() => list, anyOrder);
    expect(await run()).toBe(4);
    expect(asked()).toEqual(['/orders/7', '/orders/a%2Fb']);
    const items = await desk.ledger.itemsAfter('test', 'things', 0, 9);
    expect(items.map(({ documentKey }) => documentKey)).toEqual(['SOa%2Fb', 'SOa%2Fb', '', 'SO7']);
    expect(items[0]?.body).toContain('"order":{"key":"SOa%2Fb","weight":2.50}');
    expect(items[2]?.body).not.toContain('"weight"');
  });

  test('is not read for items that are stored already', async () => {
    let list = `[${event(1, 'shipped', 'a')}]`;
    const { run, asked } = await createScene(() => list, anyOrder);
    await run();
    list = `[${event(1, 'shipped', 'a')},${event(2, 'shipped', 'b')}]`;
    expect(await run()).toBe(1);
    expect(asked()).toEqual(['/orders/a', '/orders/b']);
  });

  test('may be missing, or not be named: the item is kept without it', async () => {
    const list = `[${event(1, 'shipped', 'gone')},${event(2, 'shipped')}]`;
    const { desk, run, live } = await createScene(
      () => list,
      (_request, response) => response.writeHead(404).end(),
    );
    expect(await run()).toBe(2);
    expect((await storedBodies(desk)).some((body) => 'order' in body)).toBe(false);
    expect(live.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test.each([
    ['an error', 500, '{}', 'provider-unreachable'],
    ['refused credentials', 401, '{}', 'credentials-refused'],
    ['a page of something in between', 404, '<html>', 'bad-answer'],
    ['no JSON', 200, '<html>', 'bad-answer'],
  ])(
    'that cannot be read for %s fails the page: nothing is stored, and all of it comes the next time',
    async (_what, status, body, code) => {
      const list = `[${Array.from({ length: 12 }, (_, index) => event(index, 'shipped', `o${index}`)).join(',')}]`;
      let isBroken = true;
      const { desk, run, live } = await createScene(
        () => list,
        (request, response, position) =>
          isBroken && request.url === '/orders/o6'
            ? response.writeHead(status).end(body)
            : anyOrder(request, response, position),
      );
      await expect(run()).rejects.toMatchObject({ code });
      expect(await storedBodies(desk)).toEqual([]);
      isBroken = false;
      live.received.length = 0;
      expect(await run()).toBe(12);
    },
  );

  test('is read together with few others at once, and a wait the provider asks for is passed on', async () => {
    const list = `[${Array.from({ length: 20 }, (_, index) => event(index, 'shipped', `o${index}`)).join(',')}]`;
    let open = 0;
    let most = 0;
    const { run } = await createScene(
      () => list,
      ({ url }, response) => {
        most = Math.max(most, ++open);
        setImmediate(() => {
          open--;
          if (url === '/orders/o15') response.writeHead(429, { 'retry-after': '3' }).end('{}');
          else response.end('{}');
        });
      },
    );
    await expect(run()).rejects.toMatchObject({ code: 'provider-unreachable', retryAfterMs: 3000 });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});
