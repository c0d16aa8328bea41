import { parseDuration } from '../core/duration.ts';
import type { OutboundConfig, Schedule } from './config.ts';

/** An outbound flow as it stands in the file. */
export interface RawOutbound {
  collect: { provider: string; feed: string; every?: string; at?: string; zone?: string };
  mapping: string;
  folder: string;
  file: string;
  empty?: 'skip' | 'header' | 'trailer';
  per?: 'run' | 'document' | { rows: number };
  snapshot?: 'full' | 'changes';
  site?: string;
  marker?: string;
  replace?: 'archive' | 'wait';
  archive?: string;
  keep?: string;
  collected?: { within: string };
  acknowledged?: { within: string };
}

// A month: long enough for a reader to notice that a file got lost.
const KEPT_MS = 30 * 86_400_000;

/** Defaults filled in; `path` makes paths absolute. */
export function outboundConfig(raw: RawOutbound, path: (relative: string) => string): OutboundConfig {
  const { provider, feed, every, at = '', zone = 'UTC' } = raw.collect;
  const everyMs = milliseconds(every);
  const schedule: Schedule = everyMs === undefined ? { cron: at, zone } : { everyMs };
  return {
    provider,
    feed,
    schedule,
    mapping: path(raw.mapping),
    folder: raw.folder,
    file: raw.file,
    empty: raw.empty ?? 'skip',
    per: raw.per ?? 'run',
    snapshot: raw.snapshot ?? 'full',
    site: raw.site,
    marker: raw.marker,
    replace: raw.replace,
    archive: raw.archive,
    keepMs: milliseconds(raw.keep) ?? KEPT_MS,
    collectedMs: milliseconds(raw.collected?.within),
    acknowledgedMs: milliseconds(raw.acknowledged?.within),
  };
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
