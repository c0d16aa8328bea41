import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import type { Log } from '../core/log.ts';
import type { Provider, RetryPolicy } from '../core/provider.ts';
import { openAccess } from './auth/access.ts';
import { withBatch } from './batch/batch.ts';
import type { Context } from './context.ts';
import type { Limits, ProviderDefinition } from './definition.ts';
import { createFeed } from './feed/feed.ts';
import type { FeedDefinition, TrackDefinition } from './feed/feed-definition.ts';
import { createLists, type KnownLists } from './feed/follow-list.ts';
import { createOperation } from './operation/operation.ts';
import { ratePattern } from './request/pace.ts';
import { resolveSettings } from './settings.ts';
import type { ReadFile } from './auth/tls.ts';
import { createWebhook } from './webhook/webhook.ts';

export interface ProviderOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** Address of the API; a path in it goes before every path of the definition. */
  readonly baseUrl: string;
  /** Values of the definition's settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
  /** Reads the files that settings of `auth.tls` name. */
  readonly readFile?: ReadFile;
  /** Reads the files of reports. Default: none can be read. */
  readonly formats?: Context['formats'];
  /** Replace what the definition says. */
  readonly limits?: Partial<Limits>;
  readonly retry?: Partial<RetryPolicy>;
  readonly track?: Partial<Pick<TrackDefinition, 'everyMs'>>;
}

/**
 * A provider ready for use. Opens nothing before the first request.
 * @throws Failure bad-config when the address, a setting or a limit cannot be used.
 */
export function createProvider(definition: ProviderDefinition, options: ProviderOptions): Provider {
  const settings = resolveSettings(definition, options.settings);
  const limits = checkLimits({ ...definition.limits, ...options.limits });
  const baseUrl = parseBaseUrl(options.baseUrl);
  const context: Context = {
    provider: options.name,
    settings,
    baseUrl,
    clock: options.clock,
    log: options.log,
    formats: options.formats ?? new Map<string, never>(),
    ...openAccess(definition, { ...options, baseUrl, settings, limits }),
  };
  const feeds = new Map([...definition.feeds].map(([name, feed]) => [name, withTrack(feed, options.track)]));
  const lists: KnownLists = createLists(feeds, (feed) => createFeed(feed, context, lists), context);
  return {
    name: options.name,
    retry: { ...definition.retry, ...options.retry },
    concurrency: limits.concurrency,
    operations: mapValues(definition.operations, (operation) =>
      withBatch(createOperation(operation, context), operation, context),
    ),
    webhook: createWebhook(definition.webhook, settings),
    feeds: mapValues(feeds, (feed) => createFeed(feed, context, lists)),
    close: () => context.transport.close(),
  };
}

function withTrack(feed: FeedDefinition, own: ProviderOptions['track']): FeedDefinition {
  return feed.track === undefined ? feed : { ...feed, track: { ...feed.track, ...own } };
}

function checkLimits(limits: Limits): Limits {
  if (!new RegExp(ratePattern).test(limits.rate)) {
    throw new Failure('bad-config', `the rate ${limits.rate} is not of the form 20/s`);
  }
  return limits;
}

// The address may hold a password somebody put there by mistake: it is never quoted.
function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Failure('bad-config', 'baseUrl is not an http or https address');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Failure('bad-config', 'baseUrl has a user, a query or a fragment');
  }
  return url;
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, make: (value: From) => To): ReadonlyMap<string, To> {
  return new Map([...map].map(([name, value]) => [name, make(value)]));
}
