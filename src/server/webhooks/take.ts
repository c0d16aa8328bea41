import type { IncomingMessage } from 'node:http';
import type { Log } from '../../core/log.ts';
import type { Webhook, WebhookLedger } from '../../core/webhook.ts';
import { announcesTooMuch, readBytes } from './body.ts';

/** What a post is answered with. */
export interface Reply {
  readonly status: 200 | 401 | 404 | 405 | 413 | 503;
  /** Whether bytes of the post may still be on their way: then the connection is of no further use. */
  readonly isUnread: boolean;
}

export interface TakeParts {
  /** By provider: the endpoint of each is its name. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
  readonly ledger: Pick<WebhookLedger, 'storeWebhook'>;
  readonly log: Log;
  /** There is a new event to work on. */
  onStored(): void;
}

// What providers use; whatever else comes is no event.
const METHODS = new Set(['POST', 'PUT']);

/** Answers a post. `beforeReading` is called when its body is wanted. Rejects when the sender goes away. */
export type Take = (request: IncomingMessage, beforeReading: () => void) => Promise<Reply>;

/** Takes posts: an event is stored for good before 200 says so, and whatever is not the provider's leaves no trace. */
export function createTaker(parts: TakeParts): Take {
  const { webhooks, log } = parts;
  const refusals = createTally();
  const refuse = (provider: string, status: Reply['status'], isUnread: boolean): Reply => {
    const times = refusals(`${provider} ${status}`);
    if (times !== undefined) log.warn({ provider, status, times }, 'posts to a webhook endpoint were refused');
    return { status, isUnread };
  };
  const told = new Set<string>();
  return async (request, beforeReading) => {
    const provider = endpointOf(request.url);
    const webhook = provider === undefined ? undefined : webhooks.get(provider);
    if (provider === undefined || webhook === undefined) return { status: 404, isUnread: true };
    if (!METHODS.has(request.method ?? '')) return { status: 405, isUnread: true };
    if (announcesTooMuch(request, webhook.bodyBytes)) return refuse(provider, 413, true);
    if (webhook.isForeign(request.headersDistinct)) return refuse(provider, 401, true);
    beforeReading();
    const body = await readBytes(request, webhook.bodyBytes);
    if (body === undefined) return refuse(provider, 413, true);
    if (!webhook.isGenuine(request.headersDistinct, body)) return refuse(provider, 401, false);
    return store(provider, webhook, body, parts, told);
  };
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
