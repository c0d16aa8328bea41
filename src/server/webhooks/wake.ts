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

// What one transaction holds, and how much memory it takes: bodies are bounded each.
const BATCH = 100;

/** Wakes the feeds of every stored event that has not woken them; answers how many events that were. */
export async function wakeAll(parts: WakeParts, signal?: AbortSignal): Promise<number> {
  const { ledger, clock, log } = parts;
  let count = 0;
  while (signal?.aborted !== true) {
    const events = await ledger.openWebhooks(BATCH);
    if (events.length === 0) break;
    const wakes = withoutRepeats(events.flatMap((event) => wakesOf(event, parts.providers)));
    const now = clock.now();
    await ledger.wakeFeeds(
      events.map(({ id }) => id),
      wakes,
      now,
    );
    for (const { provider, feed } of wakes) for (const bell of parts.bellsOf(provider, feed)) bell.ring(now);
    log.debug({ events: events.length, wakes: wakes.length }, 'feeds were woken');
    count += events.length;
    // Many events must not keep others from the ledger.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
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

function withoutRepeats(wakes: readonly FeedWake[]): readonly FeedWake[] {
  return [...new Map(wakes.map((wake) => [JSON.stringify(wake), wake])).values()];
}
