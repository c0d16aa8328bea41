import type { ChangeReading, FeedItem } from '../../core/feed.ts';

/** How far a stream of changes was read. */
export interface Position {
  /** By the provider's clock: what changed before was read. */
  readonly atMs: number;
  /** Latest time seen where it is ahead of us: the provider's clock is at least there. */
  readonly latestMs?: number;
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
  /** Latest time seen in it, however far ahead. */
  readonly latestMs?: number;
  /** Whether the provider gives the oldest changes first; unknown until the times tell. */
  readonly order: 'unknown' | 'rising' | 'mixed';
}

/** What tells how far to read: `now` is ours, `theirNow` the provider's where it says it, and never before ours. */
export interface Reckoning {
  readonly reading: ChangeReading;
  readonly now: number;
  readonly theirNow: number;
}

// The provider's clock may be ahead of ours; no clock that is looked after is wrong by more.
const SKEW_MS = 86_400_000;
// One change stamped by a clock that is ahead must not hide what others, whose clocks are behind, are about to write.
const DOUBT_MS = 3_600_000;

/** A time; the latest one in brackets; a walk as JSON: readable in `status`. */
export function writePosition({ atMs, latestMs, walk }: Position): string {
  const latest = latestMs === undefined ? [] : [`(${new Date(latestMs).toISOString()})`];
  return [new Date(atMs).toISOString(), ...latest, ...(walk === undefined ? [] : [JSON.stringify(walk)])].join(' ');
}

/** Undefined when nothing was read yet, or the feed was read in another way before. */
export function readPosition(cursor: string | undefined): Position | undefined {
  const [, at = '', latest = '', walk] = POSITION.exec(cursor ?? '') ?? [];
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return undefined;
  return { atMs, ...ahead(Date.parse(latest), 0), ...(walk === undefined ? {} : { walk: JSON.parse(walk) as Walk }) };
}

const POSITION = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)(?: \(([-\dT:.]+Z)\))?(?: (\{.*\}))?$/s;

export function beginWalk({ atMs, latestMs = 0 }: Position, start: string, { reading, theirNow }: Reckoning): Walk {
  return {
    ...slice(Math.max(0, atMs - reading.overlapMs), reading, Math.max(theirNow, latestMs, atMs)),
    cursor: start,
    order: firstOrder(reading),
  };
}

// A second round begins where the first did: how far the first has come says nothing of it.
function firstOrder({ hasRounds }: ChangeReading): Walk['order'] {
  return hasRounds ? 'mixed' : 'unknown';
}

// Beyond now: a provider whose clock is ahead has changes there.
function slice(fromMs: number, { sliceMs }: ChangeReading, now: number): Pick<Walk, 'fromMs' | 'untilMs'> {
  const farMs = now + SKEW_MS;
  return { fromMs, untilMs: sliceMs === undefined ? farMs : Math.min(fromMs + sliceMs, farMs) };
}

/** The position after a page of its walk. `next`: cursor of the following page. */
export function advance(
  { atMs, latestMs: before, walk }: Position & { readonly walk: Walk },
  items: readonly FeedItem[],
  next: string | undefined,
  { reading, start, now, theirNow }: Reckoning & { readonly start: string },
): Position {
  const seen = observe(walk, items, reading.overlapMs, theirNow);
  const latest = ahead(Math.max(before ?? 0, seen.latestMs ?? 0), theirNow + DOUBT_MS);
  if (next !== undefined) return { atMs, ...latest, walk: { ...seen, cursor: next } };
  // What lies so far back that no clock can still write into it was read, even where nothing was found.
  const passedMs = seen.untilMs <= now - SKEW_MS ? seen.untilMs : 0;
  const position = { atMs: Math.max(atMs, settledMs(seen.highMs, theirNow), passedMs), ...latest };
  const { latestMs = 0 } = latest;
  // Changes near the end of what was asked for: the provider's clock may be beyond it.
  const reachMs = Math.max(theirNow, latestMs === 0 ? 0 : latestMs + SKEW_MS - DOUBT_MS);
  if (seen.untilMs >= reachMs) return position;
  const following = slice(seen.untilMs - reading.overlapMs, reading, Math.max(theirNow, latestMs));
  return { ...position, walk: { ...following, cursor: start, order: firstOrder(reading) } };
}

export function isUpToDate({ walk }: Position): boolean {
  return walk === undefined;
}

/** The provider has forgotten the walk: where changes came oldest first, what was seen of it counts. */
export function restart({ walk: _gone, ...position }: Position, walk: Walk, theirNow: number): Position {
  if (walk.order !== 'rising') return position;
  return { ...position, atMs: Math.max(position.atMs, settledMs(walk.highMs, theirNow)) };
}

function ahead(latestMs: number, ofMs: number): Pick<Position, 'latestMs'> {
  return latestMs > ofMs ? { latestMs } : {};
}

function settledMs(highMs: number | undefined, now: number): number {
  if (highMs === undefined) return 0;
  return highMs <= now ? highMs : now - DOUBT_MS;
}

function observe(walk: Walk, items: readonly FeedItem[], overlapMs: number, now: number): Walk {
  let { firstMs, highMs, latestMs, order } = walk;
  for (const { timeMs } of items) {
    if (timeMs !== undefined && timeMs <= walk.untilMs) latestMs = Math.max(latestMs ?? 0, timeMs);
    // A time in the far future is a mistake: the position would pass everything up to there.
    if (timeMs === undefined || timeMs > now + SKEW_MS) continue;
    firstMs ??= timeMs;
    highMs ??= timeMs;
    if (timeMs < highMs - overlapMs) order = 'mixed';
    highMs = Math.max(highMs, timeMs);
    // Times a little out of order prove nothing; a rise beyond the overlap does.
    if (order === 'unknown' && highMs - firstMs > overlapMs) order = 'rising';
  }
  return {
    ...walk,
    order,
    ...(firstMs === undefined ? {} : { firstMs }),
    ...(highMs === undefined ? {} : { highMs }),
    ...(latestMs === undefined ? {} : { latestMs }),
  };
}
