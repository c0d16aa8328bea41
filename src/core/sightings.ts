import type { Clock } from './clock.ts';
import type { FileEntry } from './folder.ts';
import type { Ending } from './format.ts';

/** Whether a file is finished, as far as can be told by looking at it. */
export type Verdict =
  /** It rests. `isOpen`: its structure has not ended, and waiting longer did not end it. */
  | { readonly kind: 'take'; readonly ending: Ending }
  /** Not yet; look again after `forMs` at the latest. */
  | { readonly kind: 'wait'; readonly forMs: number; readonly why: 'quiet' | 'no-final-newline' | 'empty' };

export interface Sightings {
  /**
   * Notes a look at a file. `ending` is asked only once the file was unchanged for the quiet time; it may read.
   */
  see(entry: FileEntry, ending: () => Promise<Ending>): Promise<Verdict>;
  /** Forgets the files that a full listing no longer showed; a file that comes back starts afresh. */
  forgetAbsent(paths: ReadonlySet<string>): void;
}

export interface SightingsOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** How long a file must be unchanged, in milliseconds. */
  readonly quietMs: number;
}

/** How many quiet times a file is given whose structure has not ended: it may be cut off, its reader will say so. */
const OPEN_QUIET_TIMES = 12;
/** How many an empty file is given: some senders create the file long before they fill it. */
const EMPTY_QUIET_TIMES = 6;

interface Sighting {
  readonly fingerprint: string;
  readonly sinceMs: number;
}

/**
 * Tells finished files from those still being written. Counts by our own monotonic clock from our own first sighting: the
 * times a file carries may lie. Whatever changes in the fingerprint starts the count again.
 */
export function createSightings({ clock, quietMs }: SightingsOptions): Sightings {
  const seen = new Map<string, Sighting>();
  const needed = { complete: quietMs, open: quietMs * OPEN_QUIET_TIMES, empty: quietMs * EMPTY_QUIET_TIMES };
  const reasons = { complete: 'quiet', open: 'no-final-newline', empty: 'empty' } as const;
  return {
    async see(entry, ending) {
      const nowMs = clock.monotonic();
      const before = seen.get(entry.path);
      const isUnchanged = before?.fingerprint === entry.fingerprint;
      const sinceMs = isUnchanged ? before.sinceMs : nowMs;
      if (!isUnchanged) seen.set(entry.path, { fingerprint: entry.fingerprint, sinceMs });
      const restedMs = nowMs - sinceMs;
      if (restedMs < quietMs) return { kind: 'wait', forMs: quietMs - restedMs, why: 'quiet' };
      const found = entry.size === 0 ? 'empty' : await ending();
      const leftMs = needed[found] - restedMs;
      return leftMs > 0 ? { kind: 'wait', forMs: leftMs, why: reasons[found] } : { kind: 'take', ending: found };
    },
    forgetAbsent(paths) {
      for (const path of seen.keys()) if (!paths.has(path)) seen.delete(path);
    },
  };
}
