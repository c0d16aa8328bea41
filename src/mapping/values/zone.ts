import { civilTime, localMs, type CivilTime } from './civil-time.ts';

/** What a wall clock in a zone means. `gap`: the clock was put forward over it. `twice`: it was put back over it. */
interface ResolvedTime {
  readonly kind: 'once' | 'twice' | 'gap';
  /** Minutes east of UTC; of the first occurrence when there are two. */
  readonly offset: number;
}

export interface Zone {
  readonly name: string;
  /** Minutes east of UTC at an instant. */
  offsetAt(instantMs: number): number;
  resolve(time: CivilTime): ResolvedTime;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Answers undefined for a zone that does not exist. */
export function createZone(name: string): Zone | undefined {
  const format = formatter(name);
  if (format === undefined) return undefined;
  const years = new Map<number, readonly Change[]>();
  const offsetAt = (instantMs: number): number => {
    const year = new Date(instantMs).getUTCFullYear();
    let changes = years.get(year);
    // Asking the engine takes microseconds; a year's changes are found once.
    if (changes === undefined) years.set(year, (changes = changesOf(year, format)));
    let offset = 0;
    for (const change of changes) if (change.from <= instantMs) offset = change.offset;
    return offset;
  };
  return { name, offsetAt, resolve: (time) => resolve(localMs(time), offsetAt) };
}

function resolve(local: number, offsetAt: (instantMs: number) => number): ResolvedTime {
  const before = offsetAt(local - DAY_MS);
  const after = offsetAt(local + DAY_MS);
  const isBefore = offsetAt(local - before * MINUTE_MS) === before;
  const isAfter = offsetAt(local - after * MINUTE_MS) === after;
  if (isBefore) return { kind: isAfter && before !== after ? 'twice' : 'once', offset: before };
  return isAfter ? { kind: 'once', offset: after } : { kind: 'gap', offset: before };
}

/** The wall clock of a zone at an instant. */
export function inZone(instantMs: number, zone: Zone): CivilTime {
  const offset = zone.offsetAt(instantMs);
  return { ...civilTime(instantMs + offset * MINUTE_MS), offset };
}

interface Change {
  readonly from: number;
  readonly offset: number;
}

function changesOf(year: number, format: Intl.DateTimeFormat): readonly Change[] {
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const changes: Change[] = [{ from: start, offset: askOffset(start, format) }];
  for (let day = start; day < end; day += DAY_MS) {
    const offset = askOffset(Math.min(day + DAY_MS, end), format);
    if (offset === changes.at(-1)?.offset) continue;
    changes.push({ from: changeWithin(day, day + DAY_MS, format), offset });
  }
  return changes;
}

/** The minute at which the offset changes between two instants. */
function changeWithin(from: number, to: number, format: Intl.DateTimeFormat): number {
  const before = askOffset(from, format);
  let [low, high] = [from, to];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (askOffset(middle, format) === before) low = middle;
    else high = middle;
  }
  return high;
}

function askOffset(instantMs: number, format: Intl.DateTimeFormat): number {
  const part = (type: string): number => Number(parts.find((found) => found.type === type)?.value);
  const parts = format.formatToParts(instantMs);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local - instantMs) / MINUTE_MS);
}

function formatter(timeZone: string): Intl.DateTimeFormat | undefined {
  // Bare offsets such as "+01:00" are no places: they know no summer time, and a typo would pass as one.
  if (!/^(?:UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}
