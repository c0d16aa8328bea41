import { Failure } from '../core/failure.ts';
import { isRawNumber, scalarText, type Json } from '../core/json.ts';
import { selectFirst, type JsonPath } from '../core/path.ts';
import type { IndexPaging, NumberedKeyPaging, Paging } from './definition.ts';

/** How one kind of paging asks for a page and finds the next one. */
export interface Pager {
  readonly start: string;
  /** Query parameters of the page at a cursor. */
  query(cursor: string): readonly (readonly [name: string, value: string])[];
  /** The index of an item; undefined where items have none. */
  index(item: Json): string | undefined;
  /** Cursor of the page after this one; undefined after the last. */
  next(cursor: string, page: { readonly body: Json; readonly indexes: readonly string[] }): string | undefined;
  /** Whether the cursor stands inside a walk that the provider may forget. */
  isInside(cursor: string): boolean;
  /** Whether the provider says that it cut the result. */
  isCut(body: Json): boolean;
}

export function createPager(paging: Paging): Pager {
  if (paging.kind === 'index') return createIndexPager(paging);
  return paging.kind === 'numberedKey' ? createNumberedKeyPager(paging) : onePage;
}

const onePage: Pager = {
  start: '',
  query: () => [],
  index: () => undefined,
  next: () => undefined,
  isInside: () => false,
  isCut: () => false,
};

function createIndexPager({ parameter, field, start }: IndexPaging): Pager {
  return {
    ...onePage,
    start,
    query: (cursor) => [[parameter, cursor]],
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
    query: (cursor) => {
      const place = parsePlace(cursor);
      return place === undefined ? [] : [[paging.parameter, `${place.key}-${place.page}`]];
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

function readCount(body: Json, path: JsonPath): number {
  const value = selectFirst(body, path);
  const text = isRawNumber(value) ? value.rawJSON : '';
  if (!/^\d{1,9}$/.test(text)) throw new Failure('bad-answer', `no usable ${path.text}`);
  return Number(text);
}
