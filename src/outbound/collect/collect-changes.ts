import { Failure, isFailure } from '../../core/failure.ts';
import type { ChangeReading, FeedPage } from '../../core/feed.ts';
import {
  advance,
  beginWalk,
  isUpToDate,
  readPosition,
  restart,
  writePosition,
  type Position,
  type Reckoning,
} from './change-position.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { MOST_PAGES, MOST_WALKS } from '../file/most.ts';

/**
 * Reads a stream of changes from where the last walk ended: each page and how far the walk has come in one transaction, so
 * that a crash loses nothing and a walk goes on where it stood. Answers how many items were new.
 */
export async function collectChanges(
  flow: OutboundFlow,
  parts: OutboundParts,
  reading: ChangeReading,
  signal: AbortSignal,
): Promise<number> {
  const { provider, feed } = flow;
  const stored = await parts.ledger.feedCursor(provider, feed.name);
  let position = readPosition(stored) ?? { atMs: parts.clock.now() - reading.startMs };
  // How far the provider's clock is ahead of ours, as its answers say.
  let aheadMs = 0;
  const reckon = (): Reckoning => {
    const now = parts.clock.now();
    return { reading, now, theirNow: now + aheadMs };
  };
  let found = 0;
  let walks = 1;
  for (let page = 0; !signal.aborted; page++) {
    if (page >= MOST_PAGES) throw new Failure('bad-answer', 'pages without end');
    const walk = position.walk ?? beginWalk(position, feed.start, reckon());
    const read = await readOn(flow, parts, walk, signal);
    if (read === undefined) {
      if (walks++ >= MOST_WALKS) throw new Failure('snapshot-expired');
      const label = { provider, feed: feed.name, walk: walks };
      parts.log.warn(label, 'the provider has forgotten the walk over its changes; walking anew');
      position = restart(position, walk, reckon().theirNow);
      continue;
    }
    const { items, next, dateMs } = read;
    aheadMs = Math.max(aheadMs, clockAhead(dateMs, parts.clock.now()));
    position = advance({ ...position, walk }, items, next, { ...reckon(), start: feed.start });
    found += await parts.ledger.storePage({ provider, feed: feed.name, items, cursor: writePosition(position) });
    if (isUpToDate(position)) return found;
  }
  return found;
}

// A smaller difference is what clocks that are looked after have.
const LEAST_AHEAD_MS = 3_600_000;

function clockAhead(dateMs: number | undefined, now: number): number {
  const differenceMs = (dateMs ?? now) - now;
  return differenceMs > LEAST_AHEAD_MS ? differenceMs : 0;
}

/** Undefined when the provider has forgotten the walk. */
async function readOn(
  { provider, feed }: OutboundFlow,
  { ledger }: OutboundParts,
  { cursor, fromMs, untilMs }: NonNullable<Position['walk']>,
  signal: AbortSignal,
): Promise<FeedPage | undefined> {
  const known = (identities: readonly string[]): Promise<ReadonlySet<string>> =>
    ledger.knownItems(provider, feed.name, identities);
  try {
    return await feed.readPage(cursor, signal, { window: { fromMs, untilMs }, known });
  } catch (error) {
    if (isFailure(error, 'snapshot-expired')) return undefined;
    throw error;
  }
}
