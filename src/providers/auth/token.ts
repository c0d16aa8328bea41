import { parseDuration } from '../../core/duration.ts';
import type { Clock } from '../../core/clock.ts';
import { scalarText, type Json } from '../../core/json.ts';
import { parsePath, selectFirst } from '../../core/path.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import type { TokenDefinition } from '../definition.ts';
import { isHeaderText } from '../request/header-text.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import { fillTemplate } from '../request/template.ts';
import { stopped, type Answer, type Exchange, type NotSent, type Transport } from '../request/transport.ts';

/** The token that proves who we are. It is held in memory alone. */
export interface TokenSource {
  /** A token that is good for now, asked for when there is none. `refused`: one the provider did not take any more. */
  token(signal: AbortSignal | undefined, refused?: string): Promise<string | NotSent>;
  close(): void;
}

export interface TokenParts {
  readonly settings: ReadonlyMap<string, string>;
  /** Sends without a token. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** Learns of every token: it must never be shown. */
  readonly onToken: (token: string) => void;
}

interface Token {
  readonly text: string;
  readonly renewAt: number;
  readonly deadAt: number;
}

// The rest of its life is for requests under way and for a token endpoint that is away for a while.
const USED_LIFE = 0.8;
const LONGEST_LIFE_MS = parseDuration('365d') ?? Infinity;

/** OAuth 2 client credentials: asked for before the first use and at 80 % of its life, by one request at a time. */
export function createTokenSource(definition: TokenDefinition, parts: TokenParts): TokenSource {
  const { transport, clock, onToken } = parts;
  const closing = new AbortController();
  const request = tokenRequest(definition, parts.settings);
  let current: Token | undefined;
  let underWay: Promise<string | NotSent> | undefined;
  const ask = async (): Promise<string | NotSent> => {
    const exchange = await transport.exchange(request, closing.signal);
    const now = clock.monotonic();
    const granted = exchange.kind === 'answer' ? readToken(exchange, definition, now) : undefined;
    if (granted !== undefined) {
      current = granted;
      onToken(granted.text);
      return granted.text;
    }
    const failure = failureOf(exchange, clock);
    if (current === undefined || now >= current.deadAt) return failure;
    // Still good: renewed later, not before every single request.
    current = { ...current, renewAt: now + (current.deadAt - now) / 2 };
    return current.text;
  };
  return {
    async token(signal, refused) {
      if (refused !== undefined && current?.text === refused) current = undefined;
      if (current !== undefined && clock.monotonic() < current.renewAt) return current.text;
      underWay ??= ask().finally(() => (underWay = undefined));
      return raced(underWay, signal);
    },
    close: () => closing.abort(),
  };
}

/** A transport that sends the token along, and asks for a new one when it is not taken any more: once. */
export function withToken(transport: Transport, tokens: TokenSource): Transport {
  const send = (request: FrozenRequest, token: string, signal?: AbortSignal): Promise<Exchange> =>
    transport.exchange({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
  return {
    async exchange(request, signal) {
      const token = await tokens.token(signal);
      if (typeof token !== 'string') return token;
      const exchange = await send(request, token, signal);
      if (exchange.kind !== 'answer' || exchange.status !== 401) return exchange;
      const renewed = await tokens.token(signal, token);
      return typeof renewed === 'string' ? send(request, renewed, signal) : renewed;
    },
    upload: (upload, signal) => transport.upload(upload, signal),
    close() {
      tokens.close();
      return transport.close();
    },
  };
}

/** Whoever stops waiting leaves the others their answer. */
async function raced<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value | NotSent> {
  if (signal === undefined) return work;
  if (signal.aborted) return stopped;
  let stop: () => void = () => undefined;
  const aborted = new Promise<NotSent>((resolve) => {
    stop = () => resolve(stopped);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What a provider could quote of our token requests. */
export function tokenSecrets(definition: TokenDefinition, settings: ReadonlyMap<string, string>): readonly string[] {
  const { secret, basic } = credentials(definition, settings);
  return [secret, basic];
}

function credentials(definition: TokenDefinition, settings: ReadonlyMap<string, string>) {
  const id = fillTemplate(definition.id, { settings }) ?? '';
  const secret = fillTemplate(definition.secret, { settings }) ?? '';
  // RFC 6749 §2.3.1: both are form-encoded before they are put together.
  const basic = Buffer.from(`${formText(id)}:${formText(secret)}`).toString('base64');
  return { id, secret, basic };
}

function tokenRequest(definition: TokenDefinition, settings: ReadonlyMap<string, string>): FrozenRequest {
  const { client, format, fields } = definition;
  const { id, secret, basic } = credentials(definition, settings);
  const own = fields.flatMap(({ name, value }) => {
    const text = fillTemplate(value, { settings });
    return text === undefined ? [] : [[name, text] as const];
  });
  const body = Object.fromEntries([
    ['grant_type', 'client_credentials'],
    ...(client === 'body' ? [['client_id', id] as const, ['client_secret', secret] as const] : []),
    ...own,
  ]) as Record<string, string>;
  return {
    method: 'POST',
    path: fillTemplate(definition.path, { settings }, encodeURIComponent) ?? '/',
    headers: {
      accept: 'application/json',
      'content-type': format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(client === 'basic' ? { authorization: `Basic ${basic}` } : {}),
    },
    body: format === 'json' ? JSON.stringify(body) : new URLSearchParams(body).toString(),
  };
}

function formText(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice(2);
}

const field = (name: string) => (body: Json | undefined) =>
  scalarText(selectFirst(body, parsePath(name) ?? { text: name, steps: [] }));
const tokenOf = field('access_token');
const lifeOf = field('expires_in');

function readToken({ status, body }: Answer, { lifetimeMs }: TokenDefinition, now: number): Token | undefined {
  const text = tokenOf(body) ?? '';
  if (status < 200 || status > 299 || text === '' || !isHeaderText(text)) return undefined;
  const life = lifeOf(body)?.trim() ?? '';
  const told = /^\d{1,12}(\.\d+)?$/.test(life) ? Number(life) * 1000 : 0;
  const livesMs = Math.min(told > 0 ? told : lifetimeMs, LONGEST_LIFE_MS);
  return { text, renewAt: now + livesMs * USED_LIFE, deadAt: now + livesMs };
}

const TRANSIENT = new Set([408, 425, 429]);

/** Why there is no token. Says nothing of what was answered: it may hold what we sent. */
function failureOf(exchange: Exchange, clock: Clock): NotSent {
  if (exchange.kind === 'not-sent') return exchange;
  if (exchange.kind === 'no-answer')
    return { kind: 'not-sent', reason: `no token: ${exchange.reason}`, isStopped: exchange.isStopped };
  const { status, headers } = exchange;
  const isRefused = status >= 300 && status < 500 && !TRANSIENT.has(status);
  const retryAfterMs = isRefused ? undefined : readRetryAfter(headers, clock.now());
  const what = status < 300 ? 'an answer without a token' : isRefused ? 'refused' : 'no token';
  return {
    kind: 'not-sent',
    reason: `token endpoint: ${what} (${status})`,
    isStopped: false,
    isRefused,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
