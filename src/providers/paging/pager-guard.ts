import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import type { Pager } from './pager-parts.ts';

/**
 * Notices a provider that ignores where a page was asked for: the same items twice in a row, or the same next page again,
 * would go on for ever. A cursor is `<digest of the items before>:<cursor>`, so that a walk that goes on after a restart
 * notices too.
 */
export function guardedPager(pager: Pager): Pager {
  return {
    ...pager,
    start: `:${pager.start}`,
    request: (cursor) => pager.request(parse(cursor).inner),
    isInside: (cursor) => pager.isInside(parse(cursor).inner),
    smaller: (cursor, status) => {
      const { before, inner } = parse(cursor);
      const smaller = pager.smaller(inner, status);
      return smaller === undefined ? undefined : `${before}:${smaller}`;
    },
    next: (cursor, page) => {
      const { before, inner } = parse(cursor);
      const items = digestOf(page.identities);
      if (items !== '' && items === before) throw new Failure('bad-answer', 'the same page again');
      const next = pager.next(inner, page);
      if (next === undefined) return undefined;
      if (next === inner) throw new Failure('bad-answer', 'a page that names itself as the next one');
      return `${items}:${next}`;
    },
  };
}

function parse(cursor: string): { before: string; inner: string } {
  const end = cursor.indexOf(':');
  return { before: cursor.slice(0, end), inner: cursor.slice(end + 1) };
}

function digestOf(identities: readonly string[]): string {
  if (identities.length === 0) return '';
  return createHash('sha256').update(JSON.stringify(identities)).digest('hex').slice(0, 16);
}
