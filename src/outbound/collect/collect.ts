import { Failure, isFailure } from '../../core/failure.ts';
import type { FeedItem, PageContext } from '../../core/feed.ts';
import { collectChanges } from './collect-changes.ts';
import { collectReports } from './collect-reports.ts';
import { collectTracked } from './collect-tracked.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { ITEMS_AT_ONCE, MOST_PAGES, MOST_STALE_PAGES, MOST_WALKS } from '../file/most.ts';
import { pagesAhead } from './pages-ahead.ts';

export interface CollectOptions {
  /** Told of what could not be read while the rest was. */
  readonly tell?: (trouble: string) => void;
  /** How long a report that is still being made is waited for; left out: as long as it may take. */
  readonly patienceMs?: number;
  /** Called when it was left to a later run. */
  readonly onLeft?: () => void;
}

/**
 * Reads what is new in a flow's feed into the ledger: items and cursor in one transaction, page by page.
 * Answers how many items were new.
 * @throws Failure when the provider cannot be read; what was read stays.
 */
export async function collectFeed(
  flow: OutboundFlow,
  parts: OutboundParts,
  signal: AbortSignal,
  { tell, ...patience }: CollectOptions = {},
): Promise<number> {
  const { changes, tracking, reporting, kind } = flow.feed;
  if (changes !== undefined) return collectChanges(flow, parts, changes, signal);
  if (tracking !== undefined) return collectTracked(flow, parts, tracking, signal, tell);
  if (reporting !== undefined) return collectReports({ flow, parts, reporting, signal, ...patience });
  return kind === 'stream' ? collectStream(flow, parts, signal) : collectSnapshot(flow, parts, signal);
}

async function collectStream(flow: OutboundFlow, parts: OutboundParts, signal: AbortSignal): Promise<number> {
  const { provider, feed } = flow;
  let found = await rereadGaps(flow, parts, signal);
  let cursor = (await parts.ledger.feedCursor(provider, feed.name)) ?? feed.start;
  const context = contextOf(flow, parts);
  for (let page = 0; page < MOST_PAGES && !signal.aborted; page++) {
    const { items, next } = await feed.readPage(cursor, signal, context);
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

function contextOf({ provider, feed }: OutboundFlow, { ledger }: OutboundParts): PageContext {
  return { known: (identities) => ledger.knownItems(provider, feed.name, identities) };
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
      const page = await feed.readPage(cursor, signal, contextOf(flow, parts));
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
  const snapshot = await parts.ledger.beginSnapshot(flow.provider, flow.feed.name, parts.clock.now());
  let found = 0;
  let stale = 0;
  let gathered: FeedItem[] = [];
  let pages = 0;
  // A walk that breaks off begins anew, so that a page by itself need not be on the disk.
  const store = async (): Promise<void> => {
    const added = await parts.ledger.storeSnapshotPage(snapshot, gathered);
    stale = added === 0 && gathered.length > 0 ? stale + pages : 0;
    if (stale >= MOST_STALE_PAGES) throw new Failure('bad-answer', 'pages without end');
    found += added;
    gathered = [];
    pages = 0;
  };
  let seen = 0;
  for await (const { items, next } of pagesAhead(flow.feed.start, (cursor) => flow.feed.readPage(cursor, signal))) {
    if (signal.aborted) return 0;
    if (++seen > MOST_PAGES) throw new Failure('bad-answer', 'pages without end');
    // One by one: a page may be too long to be spread into arguments.
    for (const item of items) gathered.push(item);
    pages++;
    if (next === undefined || pages >= MOST_STALE_PAGES || gathered.length >= ITEMS_AT_ONCE) await store();
  }
  await parts.ledger.finishSnapshot(snapshot);
  return found;
}
