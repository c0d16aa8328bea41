import type { Config } from '../config/index.ts';
import type { Clock } from '../core/clock.ts';
import { createFeedBell, type FeedBell } from '../core/feed-bell.ts';
import { createIssue, type Issue } from '../core/issue.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';
import type { Provider } from '../core/provider.ts';
import type { OutboundFlow } from '../outbound/index.ts';
import type { ProviderDefinition } from '../providers/index.ts';
import { createWebhooks, type Webhooks } from '../server/webhooks/index.ts';

export interface WebhookParts {
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
}

// Events come in bursts: one run serves all that came since the last one began.
const LEAST_BETWEEN_MS = 1_000;

/** The posts of providers, and the flows as they run when they are woken by them. */
export function openWebhooks(
  { config, providers, ledger, clock, log }: WebhookParts,
  flows: readonly OutboundFlow[],
): { webhooks: Webhooks; flows: readonly OutboundFlow[] } {
  const bells = new Map<string, FeedBell[]>();
  const woken = flows.map((flow): OutboundFlow => {
    // Files that are due at times of day do not come at others.
    if (!flow.runsOnDemand) return flow;
    const bell = createFeedBell(clock);
    const name = `${flow.provider} ${flow.feed.name}`;
    bells.set(name, [...(bells.get(name) ?? []), bell]);
    return { ...flow, bell, schedule: untilRung(flow.schedule, bell) };
  });
  const webhooks = createWebhooks({
    address: config.webhooks,
    ...(config.webhooks === undefined ? {} : { throttle: config.webhooks, proxies: config.webhooks.proxies }),
    providers,
    ledger,
    clock,
    log,
    bellsOf: (provider, feed) => bells.get(`${provider} ${feed}`) ?? [],
  });
  return { webhooks, flows: woken };
}

/** A run is due when the bell rang since the last one began. */
export function untilRung({ next }: OutboundFlow['schedule'], bell: FeedBell): OutboundFlow['schedule'] {
  return {
    next(lastRunAt, now) {
      const planned = next(lastRunAt, now);
      const rungAt = bell.rungAt(now);
      if (rungAt === undefined || lastRunAt === undefined || rungAt < lastRunAt) return planned;
      return Math.min(planned, Math.max(rungAt, lastRunAt + LEAST_BETWEEN_MS));
    },
  };
}

/** Warns of providers whose posts cannot be told from those of others. */
export function webhookFindings(config: Config, definitions: ReadonlyMap<string, ProviderDefinition>): Issue[] {
  if (config.webhooks === undefined) return [];
  return [...definitions].flatMap(([name, { webhook }]) => {
    if (webhook?.verify.kind !== 'none') return [];
    const what = `anybody who reaches ${config.webhooks?.host ?? ''} can make the feeds of ${name} be read`;
    return [createIssue('unverified-webhook', config.yaml.place(['providers', name, 'definition']), { what })];
  });
}
