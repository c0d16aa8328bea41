import type { Clock } from '../../core/clock.ts';

/** How many posts that prove nothing one source may send. */
export interface ThrottleRule {
  readonly perSecond: number;
  /** Sources that are remembered at once, and as many again that have proved something. Default: 10,000. */
  readonly sources?: number;
}

/**
 * Who posts what is not the provider's pays for it, and is put off once there is nothing left to pay with. A source that
 * has proved to be a provider is always looked at: behind a proxy, or on a shared machine, others may post beside it.
 */
export interface Throttle {
  /** Lets a post of a source in, or answers how many milliseconds it has to wait. */
  enter(source: string): number | undefined;
  /** The post that was let in was the provider's: it costs nothing. */
  prove(source: string): void;
  /** It was not; answers the time to wait when the source has nothing left. */
  fail(source: string): number | undefined;
}

interface Source {
  tokens: number;
  /** Monotonic time at which `tokens` was right. */
  at: number;
  provedAt: number;
}

const MOST_SOURCES = 10_000;
// Providers post in bursts, and the first post of one proves nothing yet.
const BURST_SECONDS = 10;
// Long enough for a quiet week, short enough that an address which changes hands is a stranger again.
const PROVED_MS = 7 * 86_400_000;

export function createThrottle({ perSecond, sources = MOST_SOURCES }: ThrottleRule, clock: Clock): Throttle {
  const burst = Math.max(1, perSecond * BURST_SECONDS);
  const unknown = new Map<string, Source>();
  // Apart from the others: whoever posts from many addresses must not push a provider out.
  const proved = new Map<string, Source>();
  const isProved = (name: string): boolean => {
    const source = proved.get(name);
    return source !== undefined && clock.monotonic() - source.provedAt <= PROVED_MS;
  };
  const pay = (source: Source): number | undefined => {
    const now = clock.monotonic();
    source.tokens = Math.min(burst, source.tokens + ((now - source.at) / 1000) * perSecond);
    source.at = now;
    if (source.tokens < 1) return ((1 - source.tokens) / perSecond) * 1000;
    source.tokens--;
    return undefined;
  };
  const fresh = (): Source => ({ tokens: burst, at: clock.monotonic(), provedAt: 0 });
  return {
    enter(name) {
      if (isProved(name)) return undefined;
      return pay(touch(unknown, name, fresh, sources));
    },
    prove(name) {
      unknown.delete(name);
      touch(proved, name, fresh, sources).provedAt = clock.monotonic();
    },
    fail(name) {
      return isProved(name) ? pay(touch(proved, name, fresh, sources)) : undefined;
    },
  };
}

/** The entry of a name, which is the last to be forgotten from now on. */
function touch(map: Map<string, Source>, name: string, fresh: () => Source, most: number): Source {
  const source = map.get(name) ?? fresh();
  map.delete(name);
  map.set(name, source);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
  return source;
}
