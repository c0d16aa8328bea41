import type { ChangeReading, FeedItem } from '../core/feed.ts';

/** How far a stream of changes was read. */
export interface Position {
  /** By the provider's clock: what changed before was read. */
  readonly atMs: number;
  /** The walk under way. */
  readonly walk?: Walk;
}

export interface Walk {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Cursor of the next page. */
  readonly cursor: string;
  /** First and latest time seen in it. */
  readonly firstMs?: number;
  readonly highMs?: number;
  /** Whether the provider gives the oldest changes first; unknown until the times tell. */
  readonly order: 'unknown' | 'rising' | 'mixed';
}

// The provider's clock may be ahead of ours; no clock that is looked after is wrong by more.
const SKEW_MS = 86_400_000;
// One change stamped by a clock that is ahead must not hide what others, whose clocks are behind, are about to write.
const DOUBT_MS = 3_600_000;

/** A time without a walk, or with one as JSON: readable in `status`. */
export function writePosition({ atMs, walk }: Position): string {
  const at = new Date(atMs).toISOString();
  return walk === undefined ? at : `${at} ${JSON.stringify(walk)}`;
}

/** Undefined when nothing was read yet, or the feed was read in another way before. */
export function readPosition(cursor: string | undefined): Position | undefined {
  const [, at = '', walk] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)(?: (\{.*\}))?$/s.exec(cursor ?? '') ?? [];
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return undefined;
  return walk === undefined ? { atMs } : { atMs, walk: JSON.parse(walk) as Walk };
}

export function beginWalk(atMs: number, start: string, reading: ChangeReading, now: number): Walk {
  return {
    ...slice(Math.max(0, atMs - reading.overlapMs), reading, Math.max(now, atMs)),
    cursor: start,
    order: firstOrder(reading),
  };
}

// A second round begins where the first did: how far the first has come says nothing of it.
function firstOrder({ hasRounds }: ChangeReading): Walk['order'] {
  return hasRounds ? 'mixed' : 'unknown';
}

// Beyond our now: a provider whose clock is ahead has changes there.
function slice(fromMs: number, { sliceMs }: ChangeReading, now: number): Pick<Walk, 'fromMs' | 'untilMs'> {
  const farMs = now + SKEW_MS;
  return { fromMs, untilMs: sliceMs === undefined ? farMs : Math.min(fromMs + sliceMs, farMs) };
}

/** The position after a page of its walk. `next`: cursor of the following page. */
export function advance(
  { atMs, walk }: Required<Position>,
  items: readonly FeedItem[],
  next: string | undefined,
  { reading, start, now }: { readonly reading: ChangeReading; readonly start: string; readonly now: number },
): Position {
  const seen = observe(walk, items, reading.overlapMs, now);
  if (next !== undefined) return { atMs, walk: { ...seen, cursor: next } };
  // What lies so far back that no clock can still write into it was read, even where nothing was found.
  const passedMs = seen.untilMs <= now - SKEW_MS ? seen.untilMs : 0;
  const position = { atMs: Math.max(atMs, settledMs(seen.highMs, now), passedMs) };
  if (seen.untilMs >= now) return position;
  const following = slice(seen.untilMs - reading.overlapMs, reading, now);
  return { ...position, walk: { ...following, cursor: start, order: firstOrder(reading) } };
}

export function isUpToDate({ walk }: Position): boolean {
  return walk === undefined;
}

/** The provider has forgotten the walk: where changes came oldest first, what was seen of it counts. */
export function restart({ atMs }: Position, walk: Walk, now: number): Position {
  return { atMs: walk.order === 'rising' ? Math.max(atMs, settledMs(walk.highMs, now)) : atMs };
}

function settledMs(highMs: number | undefined, now: number): number {
  if (highMs === undefined) return 0;
  return highMs <= now ? highMs : now - DOUBT_MS;
}

function observe(walk: Walk, items: readonly FeedItem[], overlapMs: number, now: number): Walk {
  let { firstMs, highMs, order } = walk;
  for (const { timeMs } of items) {
    // A time in the far future is a mistake: the position would pass everything up to there.
    if (timeMs === undefined || timeMs > now + SKEW_MS) continue;
    firstMs ??= timeMs;
    highMs ??= timeMs;
    if (timeMs < highMs - overlapMs) order = 'mixed';
    highMs = Math.max(highMs, timeMs);
    // Times a little out of order prove nothing; a rise beyond the overlap does.
    if (order === 'unknown' && highMs - firstMs > overlapMs) order = 'rising';
  }
  return { ...walk, order, ...(firstMs === undefined ? {} : { firstMs }), ...(highMs === undefined ? {} : { highMs }) };
}
