import { Failure } from '../../core/failure.ts';
import { scalarText } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { IndexPaging, NumberedKeyPaging, Paging } from '../feed/feed-definition.ts';
import { guardedPager } from './pager-guard.ts';
import { createLinkPager } from './pager-link.ts';
import { inQuery, onePage, readCount, type Pager } from './pager-parts.ts';
import { createOffsetPager, createPagePager, createTokenPager } from './pager-walks.ts';

export function createPager(paging: Paging, baseUrl: URL): Pager {
  switch (paging.kind) {
    case 'index':
      return createIndexPager(paging);
    case 'numberedKey':
      return createNumberedKeyPager(paging);
    case 'offset':
      return guardedPager(createOffsetPager(paging));
    case 'page':
      return guardedPager(createPagePager(paging));
    case 'link':
      return guardedPager(createLinkPager(paging, baseUrl));
    case 'token':
      return guardedPager(createTokenPager(paging));
    case 'none':
      return onePage;
  }
}

function createIndexPager({ parameter, field, start }: IndexPaging): Pager {
  return {
    ...onePage,
    start,
    request: (cursor) => ({ values: [[inQuery(parameter), cursor]] }),
    index: (item) => {
      const text = scalarText(selectFirst(item, field)) ?? '';
      if (!/^\d{1,40}$/.test(text)) throw new Failure('bad-answer', `an item without a usable ${field.text}`);
      return BigInt(text).toString();
    },
    next: (cursor, { indexes }) => {
      if (indexes.length === 0) return undefined;
      // The highest, not the last: a page need not be in order.
      const highest = indexes.map(BigInt).reduce((a, b) => (a > b ? a : b));
      if (highest < BigInt(cursor)) throw new Failure('bad-answer', `only items below the asked ${field.text}`);
      return (highest + 1n).toString();
    },
  };
}

/** A cursor is `page/pages/key`; the key is the provider's and may hold anything. */
function createNumberedKeyPager(paging: NumberedKeyPaging): Pager {
  return {
    ...onePage,
    request: (cursor) => {
      const place = parsePlace(cursor);
      return { values: place === undefined ? [] : [[inQuery(paging.parameter), `${place.key}-${place.page}`]] };
    },
    next: (cursor, { body }) => {
      const place = parsePlace(cursor);
      const page = (place?.page ?? 0) + 1;
      const key = place?.key ?? scalarText(selectFirst(body, paging.key)) ?? '';
      const pages = place?.pages ?? readCount(body, paging.pages);
      if (page >= pages) return undefined;
      if (key === '') throw new Failure('bad-answer', `no ${paging.key.text}`);
      return `${page}/${pages}/${key}`;
    },
    isInside: (cursor) => parsePlace(cursor) !== undefined,
    isCut: (body) => paging.truncated !== undefined && selectFirst(body, paging.truncated) === true,
  };
}

function parsePlace(cursor: string): { page: number; pages: number; key: string } | undefined {
  const [, page = '', pages = '', key = ''] = /^(\d+)\/(\d+)\/(.+)$/s.exec(cursor) ?? [];
  return key === '' ? undefined : { page: Number(page), pages: Number(pages), key };
}
