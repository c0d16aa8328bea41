import { describe, expect, it } from 'vitest';
import { isFailure, type Failure } from '../../../src/core/failure.ts';
import type { Feed, FeedItem } from '../../../src/core/provider.ts';
import { answer, createRecordedLog, feedOf, findings, open, serve, things, type Received } from './support.ts';

type Handler = Parameters<typeof serve>[0];

async function connect(text: string, handler: Handler, base = '') {
  const { url, received } = await serve(handler);
  const log = createRecordedLog();
  return { feed: feedOf(open(things(text), url + base, { log }), 'things'), received, log, url };
}

async function walk(feed: Feed, most = 50): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  let cursor: string | undefined = feed.start;
  for (let page = 0; cursor !== undefined && page < most; page++) {
    const read: Awaited<ReturnType<Feed['readPage']>> = await feed.readPage(cursor);
    items.push(...read.items);
    cursor = read.next;
  }
  if (cursor !== undefined) throw new Error('the walk did not end');
  return items;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!isFailure(error)) throw new Error('no failure', { cause: error });
  return error;
}

const ids = (items: readonly FeedItem[]): string[] => items.map(({ identity }) => identity);
const urls = (received: readonly Received[]): string[] => received.map(({ url }) => url);
const queryOf = ({ url }: Received): URLSearchParams => new URL(url, 'http://x').searchParams;
const list = (from: number, count: number): { Id: number }[] =>
  Array.from({ length: count }, (_, index) => ({ Id: from + index }));

/** Answers `count` things from the offset that is asked for. */
const byOffset =
  (count: number): Handler =>
  (request, response) => {
    const from = Number(queryOf(request).get('offset'));
    const size = Number(queryOf(request).get('limit'));
    response.end(JSON.stringify(list(from, Math.max(0, Math.min(size, count - from)))));
  };

describe('paging by offset', () => {
  const offset =
    'paging: { offset: { parameter: offset, limit: limit, size: 4, smallest: 1, shrinkOn: [504] } }, identity: Id';

  it('goes on by the rows that came, until a page is empty', async () => {
    const { feed, received } = await connect(offset, byOffset(6));
    expect(ids(await walk(feed))).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(urls(received)).toEqual([
      '/things?limit=4&offset=0',
      '/things?limit=4&offset=4',
      '/things?limit=4&offset=6',
    ]);
    expect(feed.kind).toBe('snapshot');
  });

  it('asks for half as much where a page is too large, and stays with it', async () => {
    const all = byOffset(5);
    const { feed, received, log } = await connect(offset, (request, response, position) =>
      Number(queryOf(request).get('limit')) > 2 ? response.writeHead(504).end() : all(request, response, position),
    );
    expect(ids(await walk(feed))).toEqual(['0', '1', '2', '3', '4']);
    expect(urls(received).slice(0, 3)).toEqual([
      '/things?limit=4&offset=0',
      '/things?limit=2&offset=0',
      '/things?limit=2&offset=2',
    ]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('gives up where the smallest page is too large', async () => {
    const { feed, received } = await connect(offset, answer(504, '', { 'retry-after': '7' }));
    const failure = await failureOf(walk(feed));
    expect([failure.code, failure.retryAfterMs]).toEqual(['provider-unreachable', 7000]);
    expect(urls(received).map((url) => url.slice(8, 15))).toEqual(['limit=4', 'limit=2', 'limit=1']);
  });

  it('stops at a provider that ignores the offset', async () => {
    const { feed, received } = await connect(offset, answer(200, list(0, 4)));
    expect(await failureOf(walk(feed))).toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('again'),
    });
    expect(received).toHaveLength(2);
  });

  it('passes over what is no object, counts it, and keeps the first of two with one identity', async () => {
    const pages = ['[{"Id":"a"}, null, 7, "x", [1], {"Id":"a","second":true}]', '[{"Id":"b"}]', '[]'];
    const { feed, received, log } = await connect(offset, (_request, response, position) =>
      response.end(pages[position]),
    );
    expect(ids(await walk(feed))).toEqual(['a', 'a', 'b']);
    expect(urls(received)[1]).toContain('offset=6');
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ items: 4 }) }),
    );
  });

  it('takes 404 behind the last page for the end', async () => {
    const all = byOffset(4);
    const { feed } = await connect(`${offset}, empty: 404`, (request, response, position) =>
      Number(queryOf(request).get('offset')) >= 4 ? response.writeHead(404).end() : all(request, response, position),
    );
    expect(await walk(feed)).toHaveLength(4);
  });
});

describe('paging by number', () => {
  it('counts from the first number until a page is empty', async () => {
    const pages = ['[{"Id":1}]', '[{"Id":2}]', '[]'];
    const text = 'paging: { page: { parameter: page, limit: per_page, size: 1 } }, identity: Id';
    const { feed, received } = await connect(text, (_request, response, position) => response.end(pages[position]));
    expect(ids(await walk(feed))).toEqual(['1', '2']);
    expect(urls(received)).toEqual([
      '/things?per_page=1&page=1',
      '/things?per_page=1&page=2',
      '/things?per_page=1&page=3',
    ]);
  });

  it('ends at the number of pages, and goes on behind an empty one before', async () => {
    const text = 'paging: { page: { parameter: p, first: 0, pages: meta.pages } }, items: data, identity: Id';
    const pages = ['[{"Id":1}]', '[]', '[{"Id":3}]'];
    const { feed, received } = await connect(text, (_request, response, position) =>
      response.end(`{"meta":{"pages":3},"data":${pages[position] ?? '[]'}}`),
    );
    expect(ids(await walk(feed))).toEqual(['1', '3']);
    expect(urls(received)).toEqual(['/things?p=0', '/things?p=1', '/things?p=2']);
  });

  it('fails where the number of pages is missing', async () => {
    const text = 'paging: { page: { parameter: p, pages: pages } }, items: data, identity: Id';
    const { feed } = await connect(text, answer(200, '{"data":[{"Id":1}]}'));
    expect((await failureOf(walk(feed))).code).toBe('bad-answer');
  });
});

describe('paging by link', () => {
  const link = 'paging: { link: { limit: limit, size: 2 } }, query: { kind: x }, identity: Id';

  it('follows rel="next" below the base address, relative or not, over an empty page', async () => {
    let origin = '';
    const links = [
      () => `</api/things?limit=2&kind=x&page_info=a%2Cb>; title="a, b"; rel="last next", <${origin}/api>; rel=prev`,
      () => `<${origin}/api/things?page_info=c>; rel=next`,
      () => `<${origin}/api/things?page_info=a>; rel="prev"`,
    ];
    const pages = ['[{"Id":1}]', '[]', '[{"Id":2}]'];
    const { feed, received, url } = await connect(
      link,
      (_request, response, position) => response.setHeader('link', links[position]?.() ?? '').end(pages[position]),
      '/api',
    );
    origin = url;
    expect(ids(await walk(feed))).toEqual(['1', '2']);
    expect(urls(received)).toEqual([
      '/api/things?kind=x&limit=2',
      '/api/things?limit=2&kind=x&page_info=a%2Cb',
      '/api/things?page_info=c',
    ]);
  });

  it.each([
    ['another host', 'https://elsewhere.example/things?page=2'],
    ['another port', '//127.0.0.1:1/things?page=2'],
    ['a place outside the base address', '/other/things'],
    ['no address at all', 'http://['],
  ])('refuses %s', async (_what, target) => {
    const { feed, received } = await connect(
      link,
      answer(200, '[{"Id":1}]', { link: `<${target}>; rel="next"` }),
      '/api',
    );
    expect((await failureOf(walk(feed))).code).toBe('bad-answer');
    expect(received).toHaveLength(1);
  });

  it('stops at a page that names itself as the next', async () => {
    const { feed } = await connect(link, answer(200, '[]', { link: '</things?page=2>; rel="next"' }));
    expect((await failureOf(walk(feed))).message).toContain('names itself');
  });

  it.each([400, 404, 410])('is expired when the next page answers %d', async (status) => {
    const { feed } = await connect(link, (_request, response, position) =>
      position === 0
        ? response.setHeader('link', '</things?page=2>; rel="next"').end('[{"Id":1}]')
        : response.writeHead(status).end('{}'),
    );
    expect((await failureOf(walk(feed))).code).toBe('snapshot-expired');
  });
});

describe('paging by token', () => {
  it('sends the token of an answer with the next request, as a parameter', async () => {
    const text = 'paging: { token: { field: next, parameter: cursor } }, items: data, identity: Id';
    const pages = ['{"data":[{"Id":1}],"next":"t/1"}', '{"data":[],"next":22}', '{"data":[{"Id":3}],"next":null}'];
    const { feed, received } = await connect(text, (_request, response, position) => response.end(pages[position]));
    expect(ids(await walk(feed))).toEqual(['1', '3']);
    expect(urls(received)).toEqual(['/things', '/things?cursor=t%2F1', '/things?cursor=22']);
  });

  it('asks by POST with a body of templates, and puts the token into it', async () => {
    const text =
      'request: { method: POST, body: { limit: 2, status: [NEW, "{settings.token2}"] } }, ' +
      'paging: { token: { field: paging.next, body: paging.token } }, items: data, identity: Id';
    const pages = ['{"data":[{"Id":1}],"paging":{"next":"t1"}}', '{"data":[{"Id":2}],"paging":{"next":""}}'];
    const { feed, received } = await connect(
      text.replace('"{settings.token2}"', 'OLD'),
      (_request, response, position) => response.end(pages[position]),
    );
    expect(ids(await walk(feed))).toEqual(['1', '2']);
    expect(received.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"limit":2,"status":["NEW","OLD"]}'],
      ['POST', '{"limit":2,"status":["NEW","OLD"],"paging":{"token":"t1"}}'],
    ]);
    expect(received[0]?.headers['content-type']).toContain('application/json');
  });

  it.each([
    ['the same token for ever', '{"data":[],"next":"t"}'],
    ['an object for a token', '{"data":[],"next":{"a":1}}'],
    ['the same items under ever new tokens', undefined],
  ])('stops at %s', async (_what, body) => {
    const text = 'paging: { token: { field: next, parameter: cursor } }, items: data, identity: Id';
    const { feed } = await connect(text, (_request, response, position) =>
      response.end(body ?? `{"data":[{"Id":1}],"next":"t${position}"}`),
    );
    expect((await failureOf(walk(feed))).code).toBe('bad-answer');
  });
});

describe('a feed in rounds', () => {
  const text =
    'paging: { offset: { parameter: offset, limit: limit, size: 2 } }, each: { pool: [DEFAULT, 7] }, ' +
    'query: { poolName: "{each.pool}" }, add: { pool: "{each.pool}" }, empty: 404, identity: Id';

  it('is walked once for each value, and its items say which', async () => {
    const { feed } = await connect(text, byOffset(3));
    const items = await walk(feed);
    expect(ids(items)).toEqual(['DEFAULT/0', 'DEFAULT/1', 'DEFAULT/2', '7/0', '7/1', '7/2']);
    expect(items.at(-1)?.body).toBe('{"Id":2,"pool":"7"}');
  });

  it('goes on to the next value where there is nothing for one', async () => {
    const all = byOffset(1);
    const { feed, received } = await connect(text, (request, response, position) =>
      queryOf(request).get('poolName') === 'DEFAULT' ? response.writeHead(404).end() : all(request, response, position),
    );
    expect(ids(await walk(feed))).toEqual(['7/0']);
    expect(received).toHaveLength(3);
  });
});

describe('identity', () => {
  it('is several values together, numbers or text', async () => {
    const { feed } = await connect('identity: [Id, At]', answer(200, '[{"Id":7,"At":"a/b"},{"Id":"7","At":"c"}]'));
    expect(ids(await walk(feed))).toEqual(['7/a%2Fb', '7/c']);
  });

  it('is the content where nothing else tells, whatever the order of its properties', async () => {
    const { feed } = await connect(
      'identity: hash',
      answer(200, '[{"a":1,"b":2.50},{"b":2.50,"a":1},{"a":1,"b":2.5}]'),
    );
    const [first, second, third] = ids(await walk(feed));
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });
});

describe('a feed is checked', () => {
  it.each([
    ['identity: Id, paging: { token: { field: a } }', 'fewer than 2'],
    ['identity: Id, paging: { token: { field: a, body: b } }', 'only a POST has a body'],
    ['identity: Id, request: { method: GET, body: { a: 1 } }', 'a GET has no body'],
    ['identity: Id, add: { a: "{each.pool}" }', 'there is no "pool" in each'],
    ['identity: Id, paging: { page: { parameter: p, limit: l } }', '"limit" and "size" belong together'],
    ['each: { a: [1] }, paging: { index: { parameter: p, field: N } }', 'cannot be read in rounds'],
    ['identity: Id, changes: { since: { field: t } }', 'exactly one of "parameter" and "body"'],
    ['identity: Id, changes: { since: { parameter: a, field: t, slice: 30d } }', '"until" is missing'],
    [
      'identity: Id, changes: { since: { parameter: a, until: b, field: t, slice: 5m } }',
      'longer than twice the overlap',
    ],
    ['paging: { index: { parameter: p, field: N } }, changes: { since: { parameter: a, field: t } }', 'not by both'],
    ['identity: Id, follow: [{ path: "/x/{payload.a}", as: a }]', '{payload} cannot be used here'],
  ])('%s', (text, expected) => {
    expect(findings(things(text)).join('\n')).toContain(expected);
  });

  it('is read by path or record by record, not in both ways', () => {
    const track = 'track: { operations: [a.b], path: "/x/{key}" }';
    expect(findings(things(track)).join('\n')).toContain('exactly one');
    const alone = findings(things(track).replace('path: /things,', ''));
    expect(alone).toEqual([expect.stringContaining('there is no operation "a.b"')]);
    expect(findings(things(`${track}, query: { a: b }`).replace('path: /things,', '')).join()).toContain('no meaning');
  });
});
