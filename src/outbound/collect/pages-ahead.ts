import type { FeedPage } from '../../core/feed.ts';

/**
 * Pages one after the other, each asked for while the one before is stored: the provider need not wait for our disk, nor
 * our disk for the provider. Never more than one is under way. @throws Failure as `read`.
 */
export async function* pagesAhead(
  start: string,
  read: (cursor: string) => Promise<FeedPage>,
): AsyncGenerator<FeedPage, void, void> {
  let coming: Promise<FeedPage> | undefined = read(start);
  while (coming !== undefined) {
    const page: FeedPage = await coming;
    coming = page.next === undefined ? undefined : read(page.next);
    // Whoever stops here does not want to know how it ended; who goes on is told above.
    coming?.catch(() => undefined);
    yield page;
  }
}
