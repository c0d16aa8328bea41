import { Readable } from 'node:stream';
import type { Pool } from 'undici';
import type { Clock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import type { Limits } from '../definition.ts';
import { createGate } from './gate.ts';
import { createPace } from './pace.ts';
import { createAttempt, openPool, perform } from './perform.ts';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The parsed body; undefined when it is empty or no JSON. */
  readonly body: Json | undefined;
  readonly bodyKind: 'json' | 'empty' | 'other';
}

export type Exchange =
  | Answer
  /** Not one byte of the request left us. */
  | NotSent
  /** The request, or a part of it, left; no whole answer came back. */
  | { readonly kind: 'no-answer'; readonly reason: string; readonly status?: number; readonly isStopped: boolean };

export interface NotSent {
  readonly kind: 'not-sent';
  readonly reason: string;
  readonly isStopped: boolean;
  /** The provider gave us no token: trying again is of no use until somebody mends the credentials. */
  readonly isRefused?: boolean;
  /** Milliseconds the token endpoint asked us to wait. */
  readonly retryAfterMs?: number;
}

/** Sends requests to one provider, within its limits. Follows no redirect, repeats nothing. */
export interface Transport {
  exchange(request: FrozenRequest, signal?: AbortSignal): Promise<Exchange>;
  /** Sends a file to an address of its own, without anything that proves who we are. */
  upload(upload: Upload, signal?: AbortSignal): Promise<Exchange>;
  close(): Promise<void>;
}

export interface Upload {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly limits: Limits;
  /** Added to each request at the last moment. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly tls?: TlsMaterial;
}

/** PEM texts. */
export interface TlsMaterial {
  readonly cert?: string;
  readonly key?: string;
  /** Whose certificates are trusted, instead of the usual ones. */
  readonly ca?: string;
}

export function createTransport(options: TransportOptions): Transport {
  const { limits, clock } = options;
  const gate = createGate(limits.concurrency);
  const pace = createPace(limits.rate, clock);
  let pool: Pool | undefined;
  let isClosed = false;
  const inTurn = async (signal: AbortSignal | undefined, send: () => Promise<Exchange>): Promise<Exchange> => {
    const leave = await gate.enter(signal);
    if (leave === undefined) return stopped;
    try {
      await pace.wait(signal);
      return isClosed || signal?.aborted === true ? stopped : await send();
    } finally {
      leave();
    }
  };
  return {
    exchange: (request, signal) =>
      inTurn(signal, async () => {
        pool ??= openPool(options, options.baseUrl.origin);
        const { method, headers, body } = request;
        const sent = {
          method,
          path: options.baseUrl.pathname.replace(/\/+$/, '') + request.path,
          headers: { ...headers, ...options.headers },
          body: body === '' ? null : body,
        };
        return perform(pool, sent, createAttempt(limits.answerMs, signal), signal);
      }),
    upload: (upload, signal) => inTurn(signal, () => performUpload(upload, options, signal)),
    async close() {
      isClosed = true;
      const closing = pool;
      pool = undefined;
      await closing?.close();
    },
  };
}

export const stopped = { kind: 'not-sent', reason: 'stopped', isStopped: true } as const satisfies Exchange;

/** On a connection of its own, which no later request finds open. */
async function performUpload(
  { method, url, headers, size, bytes }: Upload,
  options: TransportOptions,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const attempt = createAttempt(options.limits.answerMs, signal);
  const pool = openPool(options, url.origin);
  const body = Readable.from(noting(bytes, attempt.progress), { objectMode: false });
  const sent = { method, path: url.pathname + url.search, headers: { ...headers, 'content-length': `${size}` }, body };
  try {
    return await perform(pool, sent, attempt, signal);
  } finally {
    body.destroy();
    await pool.destroy();
  }
}

async function* noting(bytes: AsyncIterable<Uint8Array>, note: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    note();
    yield chunk;
  }
}
