import { expect, test } from 'vitest';
import type { FeedPage } from '../../../src/core/feed.ts';
import { Failure } from '../../../src/core/failure.ts';
import { pagesAhead } from '../../../src/outbound/collect/pages-ahead.ts';

const page = (name: string, next?: string): FeedPage => ({
  items: [{ identity: name, body: '{}' }],
  ...(next === undefined ? {} : { next }),
});

function createReading(pages: Readonly<Record<string, FeedPage | Failure>>) {
  const asked: string[] = [];
  return {
    asked,
    read: async (cursor: string): Promise<FeedPage> => {
      asked.push(cursor);
      const found = pages[cursor];
      if (found === undefined || found instanceof Failure) throw found ?? new Failure('bad-answer');
      return found;
    },
  };
}

test('pages come in their order, the next one asked for meanwhile, and none behind the last', async () => {
  const { asked, read } = createReading({ '1': page('a', '2'), '2': page('b', '3'), '3': page('c') });
  const seen: string[] = [];
  for await (const { items } of pagesAhead('1', read)) seen.push(`${items[0]?.identity} ${asked.join('')}`);
  expect(seen).toEqual(['a 12', 'b 123', 'c 123']);
});

test('a page that cannot be read fails behind those before it, and not at all for who stops there', async () => {
  const pages = { '1': page('a', '2'), '2': new Failure('provider-unreachable') };
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const { items } of pagesAhead('1', createReading(pages).read)) seen.push(items.length);
  };
  await expect(all()).rejects.toMatchObject({ code: 'provider-unreachable' });
  expect(seen).toEqual([1]);
  const { asked, read } = createReading(pages);
  const walk = pagesAhead('1', read);
  await walk.next();
  await walk.return();
  expect(asked).toEqual(['1', '2']);
});
