import { Failure } from '../../core/failure.ts';
import { isJsonObject, scalarText } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { OffsetPaging, PagePaging, TokenPaging } from '../feed/feed-definition.ts';
import { FORGOTTEN, inQuery, onePage, readCount, sizeValue, type Pager } from './pager-parts.ts';
import { hasStatus } from '../outcome/verdict.ts';

/** A cursor is `offset/size`: a size that was made smaller stays so for the rest of the walk. */
export function createOffsetPager({ parameter, limit, size, smallest, shrinkOn }: OffsetPaging): Pager {
  const read = (cursor: string): [offset: number, size: number] => {
    const [offset = '0', own = String(size)] = cursor.split('/');
    return [Number(offset), Number(own)];
  };
  return {
    ...onePage,
    start: `0/${size}`,
    request: (cursor) => {
      const [offset, own] = read(cursor);
      return { values: [...sizeValue({ parameter: limit, size: own }), [inQuery(parameter), String(offset)]] };
    },
    next: (cursor, { count }) => {
      const [offset, own] = read(cursor);
      return count === 0 ? undefined : `${offset + count}/${own}`;
    },
    smaller: (cursor, status) => {
      const [offset, own] = read(cursor);
      const next = Math.max(smallest, Math.floor(own / 2));
      return hasStatus(shrinkOn, status) && next < own ? `${offset}/${next}` : undefined;
    },
  };
}

/** A cursor is the number of the page. */
export function createPagePager({ parameter, size, first, pages }: PagePaging): Pager {
  return {
    ...onePage,
    start: String(first),
    request: (cursor) => ({ values: [...sizeValue(size), [inQuery(parameter), cursor]] }),
    next: (cursor, { body, count }) => {
      const next = Number(cursor) + 1;
      const isEnd = pages === undefined ? count === 0 : next >= first + readCount(body, pages);
      return isEnd ? undefined : String(next);
    },
  };
}

/** A cursor is the token, empty for the first page. */
export function createTokenPager({ field, target }: TokenPaging): Pager {
  return {
    ...onePage,
    request: (cursor) => ({ values: cursor === '' ? [] : [[target, cursor]] }),
    next: (_cursor, { body }) => {
      const value = selectFirst(body, field);
      if (isJsonObject(value) || Array.isArray(value)) throw new Failure('bad-answer', `${field.text} is no token`);
      return scalarText(value) || undefined;
    },
    isInside: (cursor) => cursor !== '',
    forgotten: FORGOTTEN,
  };
}
