import { isFailure } from '../core/failure.ts';
import type { FeedItem } from '../core/provider.ts';
import type { OutboundFlow, OutboundParts } from './flow.ts';

// A walk over pages ends; this stops one whose provider never says so.
const MOST_PAGES = 100_000;
// A snapshot that expires again and again while it is walked is given up until the next run.
const MOST_WALKS = 3;

/**
 * Reads what is new in a flow's feed into the ledger: items and cursor in one transaction, page by page.
 * Answers how many items were new. @throws Failure when the provider cannot be read; what was read stays.
 */
export async function collectFeed(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  return flow.feed.kind === 'stream' ? collectStream(flow, parts, signal) : collectSnapshot(flow, parts, signal);
}

async function collectStream(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  const { provider, feed } = flow;
  let found = await rereadGaps(flow, parts, signal);
  let cursor = (await parts.ledger.feedCursor(provider, feed.name)) ?? feed.start;
  for (let page = 0; page < MOST_PAGES && !signal.aborted; page++) {
    const { items, next } = await feed.readPage(cursor, signal);
    if (items.length === 0 || next === undefined) break;
    const gap = gapOf(items, cursor);
    const [firstCheckMs] = feed.gapChecksMs;
    const watched =
      gap === undefined || firstCheckMs === undefined
        ? {}
        : { gap: { ...gap, dueAt: parts.clock.now() + firstCheckMs } };
    found += await parts.ledger.storePage({ provider, feed: feed.name, items, cursor: next, ...watched });
    cursor = next;
  }
  return found;
}

/**
 * The range of a page in which indexes are missing. Index order is not commit order: the provider may still be writing a
 * lower index when it shows a higher one, so the range is read again later.
 */
function gapOf(items: readonly FeedItem[], cursor: string): { low: string; high: string } | undefined {
  let expected = BigInt(cursor);
  let low: bigint | undefined;
  let high = expected;
  for (const index of items.map((item) => BigInt(item.index ?? '0')).sort((a, b) => (a < b ? -1 : 1))) {
    if (index > expected) {
      low ??= expected;
      high = index - 1n;
    }
    expected = index + 1n;
  }
  return low === undefined ? undefined : { low: String(low), high: String(high) };
}

async function rereadGaps(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  const { provider, feed } = flow;
  let found = 0;
  for (const gap of await parts.ledger.dueGaps(provider, feed.name, parts.clock.now())) {
    const items: FeedItem[] = [];
    let cursor: string | undefined = gap.low;
    while (cursor !== undefined && BigInt(cursor) <= BigInt(gap.high) && !signal.aborted) {
      const page = await feed.readPage(cursor, signal);
      items.push(...page.items.filter(({ index }) => index !== undefined && BigInt(index) <= BigInt(gap.high)));
      cursor = page.items.length === 0 ? undefined : page.next;
    }
    if (signal.aborted) return found;
    const nextCheckMs = feed.gapChecksMs[gap.checks + 1];
    const nextDueAt = nextCheckMs === undefined ? undefined : parts.clock.now() + nextCheckMs;
    found += await parts.ledger.storeGap(gap.id, provider, feed.name, items, nextDueAt);
  }
  if (found > 0)
    parts.log.warn({ provider, feed: feed.name, items: found }, 'items came late, below the cursor, and were found');
  return found;
}

async function collectSnapshot(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  for (let walk = 1; ; walk++) {
    try {
      return await walkSnapshot(flow, parts, signal);
    } catch (error) {
      // The provider keeps the pages of a snapshot for a limited time: start over from its first page.
      if (!isFailure(error, 'snapshot-expired') || walk >= MOST_WALKS) throw error;
      parts.log.warn(
        { provider: flow.provider, feed: flow.feed.name, walk },
        'the snapshot expired while it was read; reading it anew',
      );
    }
  }
}

async function walkSnapshot(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  const snapshot = await parts.ledger.beginSnapshot(flow.provider, flow.feed.name);
  let cursor: string | undefined = flow.feed.start;
  let found = 0;
  for (let page = 0; cursor !== undefined && page < MOST_PAGES; page++) {
    if (signal.aborted) return 0;
    const { items, next } = await flow.feed.readPage(cursor, signal);
    await parts.ledger.storeSnapshotPage(snapshot, items);
    found += items.length;
    cursor = next;
  }
  await parts.ledger.finishSnapshot(snapshot);
  return found;
}
