import type { IncomingMessage } from 'node:http';
import type { Log } from '../../core/log.ts';
import type { Webhook, WebhookLedger } from '../../core/webhook.ts';
import { announcesTooMuch, readBytes } from './body.ts';
import type { Sources } from './source.ts';
import type { Throttle } from './throttle.ts';

/** What a post is answered with. */
export interface Reply {
  readonly status: 200 | 401 | 404 | 405 | 413 | 429 | 503;
  /** Whether bytes of the post may still be on their way: then the connection is of no further use. */
  readonly isUnread: boolean;
  /** When a source that was put off may come again. */
  readonly retryAfterMs?: number;
}

export interface TakeParts {
  /** By provider: the endpoint of each is its name. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly ledger: Pick<WebhookLedger, 'storeWebhook'>;
  readonly log: Log;
  readonly sources: Pick<Sources, 'ofPost'>;
  readonly throttle: Throttle;
  /** There is a new event to work on. */
  onStored(): void;
}

// What providers use; whatever else comes is no event.
const METHODS = new Set(['POST', 'PUT']);

/** Answers a post. `beforeReading` is called when its body is wanted. Rejects when the sender goes away. */
export type Take = (request: IncomingMessage, beforeReading: () => void) => Promise<Reply>;

/** Takes posts: an event is stored for good before 200 says so, and whatever is not the provider's leaves no trace. */
export function createTaker(parts: TakeParts): Take {
  const { webhooks, log, sources, throttle } = parts;
  const refusals = createTally();
  const told = new Set<string>();
  const tell = (provider: string, reply: Reply): Reply => {
    const { status } = reply;
    const times = webhooks.has(provider) ? refusals(`${provider} ${status}`) : undefined;
    if (times !== undefined && status !== 405)
      log.warn({ provider, status, times }, 'posts to a webhook endpoint were refused');
    return reply;
  };
  return async (request, beforeReading) => {
    const source = sources.ofPost(request);
    const provider = endpointOf(request.url) ?? '';
    const waitMs = throttle.enter(source);
    if (waitMs !== undefined) return tell(provider, putOff(waitMs, true));
    const seen = await lookAt(request, webhooks.get(provider), beforeReading);
    if ('body' in seen && seen.webhook.isVerified) throttle.prove(source);
    else {
      const longerMs = throttle.fail(source);
      if (longerMs !== undefined) return tell(provider, putOff(longerMs, 'status' in seen && seen.isUnread));
    }
    return 'status' in seen ? tell(provider, seen) : store(provider, seen.webhook, seen.body, parts, told);
  };
}

/** A post that is the provider's, or may be where anybody can post. */
interface Genuine {
  readonly webhook: Webhook;
  readonly body: Buffer;
}

function putOff(retryAfterMs: number, isUnread: boolean): Reply {
  return { status: 429, isUnread, retryAfterMs };
}

async function lookAt(
  request: IncomingMessage,
  webhook: Webhook | undefined,
  beforeReading: () => void,
): Promise<Genuine | Reply> {
  if (webhook === undefined) return { status: 404, isUnread: true };
  if (!METHODS.has(request.method ?? '')) return { status: 405, isUnread: true };
  if (announcesTooMuch(request, webhook.bodyBytes)) return { status: 413, isUnread: true };
  if (webhook.isForeign(request.headersDistinct)) return { status: 401, isUnread: true };
  beforeReading();
  const body = await readBytes(request, webhook.bodyBytes);
  if (body === undefined) return { status: 413, isUnread: true };
  return webhook.isGenuine(request.headersDistinct, body) ? { webhook, body } : { status: 401, isUnread: false };
}

async function store(
  provider: string,
  webhook: Webhook,
  body: Buffer,
  { ledger, log, onStored }: TakeParts,
  told: Set<string>,
): Promise<Reply> {
  const { identity, type, isKnownType, documentKey, timeMs } = webhook.read(body);
  try {
    const document = documentKey === undefined ? {} : { documentKey };
    const time = timeMs === undefined ? {} : { timeMs };
    const isNew = await ledger.storeWebhook({ provider, identity, type, body, ...document, ...time });
    if (isNew) onStored();
  } catch (error) {
    // No 200: the provider sends it again, or the poll finds what it is about.
    const detail = error instanceof Error ? error.message : '';
    log.error({ provider, detail }, 'an event could not be stored; its sender was told so');
    return { status: 503, isUnread: false };
  }
  tellUnknown(provider, type, isKnownType, log, told);
  return { status: 200, isUnread: false };
}

// A type is a word of the provider; anything longer is not shown.
const LONGEST_TYPE = 80;
const MOST_TOLD = 1_000;

function tellUnknown(provider: string, type: string, isKnown: boolean, log: Log, told: Set<string>): void {
  const key = `${provider} ${type}`;
  if (isKnown || told.has(key) || told.size >= MOST_TOLD) return;
  told.add(key);
  log.warn({ provider, type: type.slice(0, LONGEST_TYPE) }, 'an event of a type the definition does not know; kept');
}

/** The one segment of a path without its query. */
function endpointOf(url = ''): string | undefined {
  return /^\/([a-z0-9-]+)\/?(?:\?.*)?$/.exec(url)?.[1];
}

/** Counts by name; answers the count when it is worth telling: whoever floods the port must not flood the log. */
function createTally(): (name: string) => number | undefined {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return /^10*$/.test(String(count)) ? count : undefined;
  };
}
