import { describe, expect, it } from 'vitest';
import { isFailure, type FailureCode } from '../../../src/core/failure.ts';
import { answer, createRecordedLog, feedOf, open, serve, things } from './support.ts';

const stream = things(
  'paging: { index: { parameter: from, field: N, gapChecks: [1m, 5m] } }, items: [$, Items], empty: 404, document: ["V[Key=Id].Value", Id]',
);
const snapshot = things(
  'paging: { numberedKey: { parameter: pageKey, key: CollectionKey, pages: TotalPages, truncated: IsTruncated } }, items: Items, empty: 404, identity: Id',
);

async function read(text: string, handler: Parameters<typeof serve>[0], cursor: string) {
  const { url, received } = await serve(handler);
  const log = createRecordedLog();
  const feed = feedOf(open(text, url, { log }), 'things');
  const page = await feed.readPage(cursor);
  return { page, received, log, feed };
}

async function failureOf(text: string, handler: Parameters<typeof serve>[0], cursor: string): Promise<FailureCode> {
  const error: unknown = await read(text, handler, cursor).catch((caught: unknown) => caught);
  if (!isFailure(error)) throw new Error('no failure');
  return error.code;
}

describe('a stream of indexes', () => {
  it('goes on behind the highest index, whatever the order and the gaps', async () => {
    const items = '[{"N":7,"Id":"a"},{"N":12,"Id":"c"},{"N":9,"Id":"b"}]';
    const { page, received, feed } = await read(stream, answer(200, items), '5');
    expect(received[0]?.url).toBe('/things?from=5');
    expect(page.next).toBe('13');
    expect(page.items.map(({ index }) => index)).toEqual(['7', '12', '9']);
    expect(page.items[0]).toEqual({ index: '7', identity: '7', documentKey: 'a', body: '{"N":7,"Id":"a"}' });
    expect(feed).toMatchObject({ kind: 'stream', start: '0', gapChecksMs: [60_000, 300_000] });
  });

  it('counts beyond 2^53 and keeps every digit', async () => {
    const item = '{"N":9007199254740993,"Quantity":2.00000000000000000000}';
    const { page } = await read(stream, answer(200, `[${item}]`), '0');
    expect(page.next).toBe('9007199254740994');
    expect(page.items[0]?.body).toBe(item);
  });

  it('takes a collection for a list', async () => {
    const { page } = await read(stream, answer(200, '{"Items":[{"N":1}]}'), '0');
    expect(page.items).toHaveLength(1);
  });

  it.each([
    ['an empty list', answer(200, '[]')],
    ['404', answer(404, '{"Message":"none"}')],
    ['404 without a body', answer(404)],
  ])('ends with %s', async (_what, handler) => {
    expect((await read(stream, handler, '5')).page).toEqual({ items: [] });
  });

  it('reads the key of our document where it stands', async () => {
    const body = '[{"N":1,"V":[{"Key":"X","Value":"no"},{"Key":"Id","Value":" SO-1 "}],"Id":"other"},{"N":2}]';
    const { page } = await read(stream, answer(200, body), '0');
    expect(page.items.map(({ documentKey }) => documentKey)).toEqual(['SO-1', undefined]);
  });

  it.each<[string, Parameters<typeof serve>[0], FailureCode]>([
    ['an HTML page', answer(200, '<html>'), 'bad-answer'],
    ['an HTML page that says 404', answer(404, '<html>'), 'bad-answer'],
    ['no list', answer(200, '{}'), 'bad-answer'],
    ['an item without an index', answer(200, '[{"N":1},{}]'), 'bad-answer'],
    ['an index that is no whole number', answer(200, '[{"N":1.5}]'), 'bad-answer'],
    ['a server that ignores the index', answer(200, '[{"N":4}]'), 'bad-answer'],
    ['refused credentials', answer(401), 'credentials-refused'],
    ['a broken server', answer(500), 'provider-unreachable'],
    ['a busy server', answer(503), 'provider-unreachable'],
    ['a redirect', answer(302, '', { location: '/login' }), 'unexpected-redirect'],
    ['a cut connection', (_request, response) => response.socket?.destroy(), 'no-answer'],
  ])('fails on %s', async (_what, handler, code) => {
    expect(await failureOf(stream, handler, '5')).toBe(code);
  });

  it('fails when nobody listens, and when it is stopped', async () => {
    const { url, close } = await serve(answer(200, '[]'));
    close();
    const feed = feedOf(open(stream, url), 'things');
    await expect(feed.readPage('0')).rejects.toMatchObject({ code: 'provider-unreachable' });
    await expect(feed.readPage('0', AbortSignal.abort())).rejects.toMatchObject({ code: 'stopped' });
  });
});

describe('a snapshot with numbered keys', () => {
  const page = (items: string, extra = '') =>
    `{"IsTruncated":false,"TotalItems":3,"TotalPages":3,"CollectionKey":"k/1 x"${extra},"Items":[${items}]}`;

  it('walks every page once', async () => {
    const { url, received } = await serve((_request, response, position) =>
      response.end(page(`{"Id":"p${position}","Q":1.50}`)),
    );
    const feed = feedOf(open(snapshot, url), 'things');
    const seen: string[] = [];
    for (let cursor: string | undefined = feed.start; cursor !== undefined;) {
      const { items, next }: Awaited<ReturnType<typeof feed.readPage>> = await feed.readPage(cursor);
      seen.push(...items.map(({ identity, body }) => `${identity} ${body}`));
      cursor = next;
    }
    expect(received.map(({ url: address }) => address)).toEqual([
      '/things',
      '/things?pageKey=k%2F1%20x-1',
      '/things?pageKey=k%2F1%20x-2',
    ]);
    expect(seen).toEqual(['p0 {"Id":"p0","Q":1.50}', 'p1 {"Id":"p1","Q":1.50}', 'p2 {"Id":"p2","Q":1.50}']);
    expect(feed.kind).toBe('snapshot');
  });

  it('is empty when the first page is not found, and expired when a later one is not', async () => {
    expect((await read(snapshot, answer(404), '')).page).toEqual({ items: [] });
    const { url } = await serve(answer(404));
    const feed = feedOf(open(snapshot, url), 'things');
    await expect(feed.readPage('1/3/k')).rejects.toThrow(expect.objectContaining({ code: 'snapshot-expired' }));
  });

  it('warns when the provider cut the result', async () => {
    const body = '{"IsTruncated":true,"TotalPages":1,"CollectionKey":"k","Items":[]}';
    const { log } = await read(snapshot, answer(200, body), '');
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it.each([
    ['no number of pages', '{"CollectionKey":"k","Items":[]}'],
    ['no key for the next page', '{"TotalPages":2,"Items":[]}'],
    ['an item without identity', '{"TotalPages":1,"CollectionKey":"k","Items":[{}]}'],
  ])('fails on %s', async (_what, body) => {
    expect(await failureOf(snapshot, answer(200, body), '')).toBe('bad-answer');
  });
});

it('reads a list that has only one page, with fixed query and headers', async () => {
  const text = things('identity: Id, query: { kind: "a b" }, headers: { X-Kind: full }');
  const { page, received } = await read(text, answer(200, '[{"Id":1}]'), '');
  expect(received[0]).toMatchObject({ url: '/things?kind=a%20b', headers: { 'x-kind': 'full' } });
  expect(page).toEqual({ items: [{ identity: '1', body: '{"Id":1}' }] });
});
