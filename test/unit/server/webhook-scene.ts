import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { createFeedBell, type FeedBell } from '../../../src/core/feed-bell.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import type { Log, LogFields } from '../../../src/core/log.ts';
import { openLedger } from '../../../src/ledger/index.ts';
import { createProvider, parseProvider } from '../../../src/providers/index.ts';
import {
  createWebhooks,
  type Bounds,
  type ThrottleRule,
  type WebhookSetup,
} from '../../../src/server/webhooks/index.ts';

export const SECRET = 'new secret';
export const FORMER = 'old secret';

const SIGNED = 'hmac: { header: X-Signature, prefix: "sha256=", secret: ["{settings.secret}", "{settings.former}"] }';

/** A provider with a feed of records, one of changes and one of everything; `verify` is YAML. */
export function definitionText(verify = `{ ${SIGNED} }`): string {
  return `
summary: A provider for tests
settings:
  secret: { summary: one, secret: true, default: "" }
  former: { summary: the one before, secret: true, default: "" }
operations:
  order.create: { method: POST, path: /orders, key: { from: "{document.key}" }, repeat: none, summary: order }
feeds:
  orders:
    summary: one by one
    track: { operations: [order.create], path: "/orders/{key}" }
  changes:
    summary: all
    path: /changes
    identity: id
    changes: { since: { parameter: after, field: time } }
webhooks:
  verify: ${verify}
  bodyBytes: 2048
  identity: id
  type: type
  types: [shipped]
  time: at
  document: order
  wakes:
    orders: { key: order }
    changes: { when: { type: changed } }
`;
}

export interface RecordedLine {
  readonly level: string;
  readonly fields: LogFields;
  readonly message: string;
}

export interface WebhookScene {
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** What the endpoint was made of. */
  readonly setup: WebhookSetup;
  readonly bells: ReadonlyMap<string, FeedBell>;
  readonly lines: readonly RecordedLine[];
  stored(): Promise<number>;
}

interface EndpointOptions {
  readonly verify?: string;
  readonly settings?: Record<string, string>;
  readonly bounds?: Bounds;
  readonly throttle?: ThrottleRule;
  readonly proxies?: readonly string[];
}

/** An endpoint on loopback with a real ledger. */
export async function startEndpoint({
  verify,
  settings = { secret: SECRET, former: FORMER },
  bounds,
  throttle,
  proxies = [],
}: EndpointOptions = {}): Promise<WebhookScene> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-webhooks-'));
  const lines: RecordedLine[] = [];
  const at = (level: string) => (fields: LogFields, message: string) => void lines.push({ level, fields, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const ledger = await openLedger({ path: join(directory, 'dray.db'), clock: systemClock, log });
  const { definition, issues } = parseProvider(definitionText(verify), 'provider.yaml', () => undefined);
  if (definition === undefined) throw new Error(issues.map(({ what }) => what).join('; '));
  const options = { name: 'acme', baseUrl: 'http://127.0.0.1:9', settings, clock: systemClock, log };
  const provider = createProvider(definition, options);
  const bells = new Map(['orders', 'changes'].map((feed) => [feed, createFeedBell(systemClock)]));
  const stop = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  const setup: WebhookSetup = {
    address: { host: '127.0.0.1', port: 0 },
    providers: new Map([['acme', provider]]),
    ledger,
    clock: systemClock,
    log,
    bellsOf: (_provider, feed) => [bells.get(feed) ?? []].flat(),
    proxies,
    ...(bounds === undefined ? {} : { bounds }),
    ...(throttle === undefined ? {} : { throttle }),
  };
  const url = await new Promise<string>((resolve, reject) => {
    const webhooks = createWebhooks({ ...setup, onListening: resolve });
    ended = webhooks.run(stop.signal);
    ended.catch(reject);
  });
  onTestFinished(async () => {
    stop.abort();
    await ended;
    await provider.close();
    await ledger.close();
    await rm(directory, { recursive: true, force: true });
  });
  const stored = async (): Promise<number> => (await ledger.overview()).webhooks[0]?.stored ?? 0;
  return { url, port: Number(new URL(url).port), ledger, setup, bells, lines, stored };
}

export function sign(body: string | Uint8Array, secret = SECRET): Record<string, string> {
  return { 'x-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

/** One post with a connection of its own; the status of its answer. */
export async function post(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string | string[]> = {},
  method = 'POST',
): Promise<number> {
  return (await postFrom('127.0.0.1', url, body, headers, method)).status;
}

/** The same from an address of this machine. */
export function postFrom(
  localAddress: string,
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string | string[]> = {},
  method = 'POST',
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, localAddress }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
