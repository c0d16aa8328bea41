import { createSignalBox } from '../../core/signal-box.ts';
import type { Webhook } from '../../core/webhook.ts';
import { listen, type Address, type Bounds, type Listener } from './listen.ts';
import { createSources, type Sources } from './source.ts';
import { createTaker, type Take } from './take.ts';
import { createThrottle, type ThrottleRule } from './throttle.ts';
import { ringAgain, wakeAll, type WakeParts } from './wake.ts';

export type { Address, Bounds } from './listen.ts';
export type { ThrottleRule } from './throttle.ts';

export interface Webhooks {
  /** Takes posts and wakes feeds until the signal aborts. @throws Failure bad-config when the port cannot be had. */
  run(signal: AbortSignal): Promise<void>;
  /** Wakes the feeds of what was stored and did not wake them yet. */
  wakeStored(): Promise<void>;
}

export interface WebhookSetup extends WakeParts {
  /** Undefined: no posts are taken. */
  readonly address: Address | undefined;
  readonly bounds?: Bounds;
  readonly throttle?: ThrottleRule;
  /** Whose X-Forwarded-For is believed. Default: nobody's. */
  readonly proxies?: readonly string[];
  /** The port is open; `url` without a path. */
  onListening?(url: string): void;
}

const DAY_MS = 86_400_000;
// Longer than any provider repeats a post: what is forgotten would wake its feeds again, which changes nothing.
const KEPT_MS = 30 * DAY_MS;
const PRUNE_EVERY_MS = 3_600_000;
// The first event wakes at once; those of a burst share the flush that ends them.
const LEAST_BETWEEN_MS = 200;
// A provider whose secret is wrong tries again in vain for a while; what is far beyond that is no provider.
const USUAL_THROTTLE: ThrottleRule = { perSecond: 100 };

/** Posts of providers: stored when they come, and then the feeds they are about are read at once. */
export function createWebhooks(setup: WebhookSetup): Webhooks {
  const { ledger, clock, log, throttle: rule = USUAL_THROTTLE, proxies = [] } = setup;
  const webhooks = takenOf(setup);
  const box = createSignalBox();
  const prune = async (): Promise<void> => {
    const count = await ledger.pruneWebhooks(clock.now() - KEPT_MS);
    if (count > 0) log.info({ events: count }, 'events of more than 30 days ago were forgotten');
  };
  const wakeOn = async (signal: AbortSignal): Promise<void> => {
    let prunedAt = -Infinity;
    while (!signal.aborted) {
      await wakeAll(setup, signal);
      if (clock.monotonic() - prunedAt >= PRUNE_EVERY_MS) {
        await prune();
        prunedAt = clock.monotonic();
      }
      await clock.sleep(LEAST_BETWEEN_MS, signal);
      await box.wait(PRUNE_EVERY_MS, clock, signal);
    }
  };
  return {
    async run(signal) {
      await ringAgain(setup);
      const sources = createSources(proxies);
      const throttle = createThrottle(rule, clock);
      const take = createTaker({ webhooks, ledger, log, sources, throttle, onStored: box.wake });
      const listener = await open(setup, webhooks, take, sources);
      try {
        await wakeOn(signal);
      } finally {
        await listener?.close();
      }
    },
    async wakeStored() {
      await ringAgain(setup);
      await wakeAll(setup);
    },
  };
}

function takenOf({ address, providers }: WebhookSetup): ReadonlyMap<string, Webhook> {
  if (address === undefined) return new Map();
  return new Map(
    [...providers].flatMap(([name, { webhook }]) => (webhook === undefined ? [] : [[name, webhook] as const])),
  );
}

async function open(
  { address, bounds, log, onListening }: WebhookSetup,
  webhooks: ReadonlyMap<string, Webhook>,
  take: Take,
  sources: Sources,
): Promise<Listener | undefined> {
  if (address === undefined) return undefined;
  const listener = await listen(address, { take, sources }, bounds);
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const url = `http://${host}:${listener.port}`;
  for (const [provider, { isVerified }] of webhooks)
    log.info({ provider, url: `${url}/${provider}`, verified: isVerified }, 'posts of a provider are taken');
  onListening?.(url);
  return listener;
}
