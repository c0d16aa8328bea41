import type { Clock } from '../../core/clock.ts';
import type { FeedBell } from '../../core/feed-bell.ts';
import type { Log } from '../../core/log.ts';
import type { Provider } from '../../core/provider.ts';
import type { FeedWake, StoredWebhook, WebhookLedger } from '../../core/webhook.ts';

export interface WakeParts {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly ledger: WebhookLedger;
  readonly clock: Clock;
  readonly log: Log;
  /** Bells of the flows of a feed. */
  bellsOf(provider: string, feed: string): readonly FeedBell[];
}

// Bodies that are in memory at once.
const PAGE = 100;
// What one transaction ends: each costs a flush, for which posts have to wait.
const ROUND = 2_000;

/** Wakes the feeds of every stored event that has not woken them; answers how many events that were. */
export async function wakeAll(parts: WakeParts, signal?: AbortSignal): Promise<number> {
  const { ledger, clock, log } = parts;
  let count = 0;
  while (signal?.aborted !== true) {
    const { ids, wakes } = await readRound(parts);
    if (ids.length === 0) break;
    const now = clock.now();
    await ledger.wakeFeeds(ids, wakes, now);
    for (const { provider, feed } of wakes) for (const bell of parts.bellsOf(provider, feed)) bell.ring(now);
    log.debug({ events: ids.length, wakes: wakes.length }, 'feeds were woken');
    count += ids.length;
  }
  return count;
}

/** Events that are open, and what they wake, each once. */
async function readRound({
  ledger,
  providers,
}: WakeParts): Promise<{ ids: readonly number[]; wakes: readonly FeedWake[] }> {
  const ids: number[] = [];
  const wakes = new Map<string, FeedWake>();
  while (ids.length < ROUND) {
    const events = await ledger.openWebhooks(PAGE, ids.at(-1));
    for (const event of events) {
      ids.push(event.id);
      for (const wake of wakesOf(event, providers)) wakes.set(JSON.stringify(wake), wake);
    }
    if (events.length < PAGE) break;
    // Many events must not keep others from the ledger.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ids, wakes: [...wakes.values()] };
}

/** What a feed was woken to before the last stop still counts. */
export async function ringAgain({ ledger, bellsOf }: WakeParts): Promise<void> {
  for (const { provider, feed, wokenAt } of await ledger.wokenFeeds())
    for (const bell of bellsOf(provider, feed)) bell.ring(wokenAt);
}

/** Of a provider that is no longer configured: none. */
function wakesOf({ provider, body }: StoredWebhook, providers: ReadonlyMap<string, Provider>): readonly FeedWake[] {
  const { webhook, feeds } = providers.get(provider) ?? {};
  return (webhook?.read(body).wakes ?? []).map(({ feed, key }) => {
    const operations = feeds?.get(feed)?.tracking?.operations;
    return key === undefined || operations === undefined
      ? { provider, feed }
      : { provider, feed, record: { operations, key } };
  });
}
