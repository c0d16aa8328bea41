import { Pool, type Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { systemCode } from '../core/failure.ts';
import { parseExact, type Json } from '../core/json.ts';
import type { FrozenRequest } from '../core/provider.ts';
import type { Limits } from './definition.ts';
import { createGate } from './gate.ts';
import { createPace } from './pace.ts';

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
  close(): Promise<void>;
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
  return {
    async exchange(request, signal) {
      const leave = await gate.enter(signal);
      if (leave === undefined) return stopped;
      try {
        await pace.wait(signal);
        if (isClosed || signal?.aborted === true) return stopped;
        pool ??= openPool(options);
        return await perform(pool, options, request, signal);
      } finally {
        leave();
      }
    },
    async close() {
      isClosed = true;
      const closing = pool;
      pool = undefined;
      await closing?.close();
    },
  };
}

export const stopped = { kind: 'not-sent', reason: 'stopped', isStopped: true } as const satisfies Exchange;

function openPool({ baseUrl, limits, tls }: TransportOptions): Pool {
  return new Pool(baseUrl.origin, {
    connections: limits.concurrency,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: limits.connectMs, ...tls },
    maxResponseSize: limits.answerBytes,
    // The deadline below bounds the whole answer; these would only bound the silence between two bytes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

async function perform(
  pool: Pool,
  options: TransportOptions,
  request: FrozenRequest,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const attempt = createAttempt(options.limits.answerMs, signal);
  try {
    const response = await pool.compose(onWrite(attempt.write)).request({
      method: request.method,
      path: options.baseUrl.pathname.replace(/\/+$/, '') + request.path,
      headers: { 'user-agent': 'dray', ...request.headers, ...options.headers },
      body: request.body === '' ? null : request.body,
      signal: attempt.signal,
    });
    attempt.status = response.statusCode;
    const text = await response.body.text();
    return { kind: 'answer', status: response.statusCode, headers: response.headers, text, ...readBody(text) };
  } catch (error) {
    const isStopped = signal?.aborted === true;
    const reason = isStopped ? 'stopped' : attempt.signal.aborted ? 'timeout' : reasonOf(error);
    if (!attempt.isWritten) return { kind: 'not-sent', reason, isStopped };
    const { status } = attempt;
    return { kind: 'no-answer', reason, isStopped, ...(status === undefined ? {} : { status }) };
  } finally {
    attempt.end();
  }
}

/** How far an exchange came: what a failure means depends on nothing else. */
interface Attempt {
  isWritten: boolean;
  status: number | undefined;
  /** Aborts when the work is stopped, or when the answer is late. */
  readonly signal: AbortSignal;
  write(this: void): void;
  end(): void;
}

// Not `AbortSignal.any`: it would hang one more signal on the program's stop signal for each request.
function createAttempt(answerMs: number, stop: AbortSignal | undefined): Attempt {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer: NodeJS.Timeout | undefined;
  stop?.addEventListener('abort', abort, { once: true });
  const attempt: Attempt = {
    isWritten: false,
    status: undefined,
    signal: controller.signal,
    write: () => {
      attempt.isWritten = true;
      timer = setTimeout(abort, answerMs);
    },
    end: () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', abort);
    },
  };
  return attempt;
}

// undici tells a handler that its request starts just before the first byte goes to an open connection: whatever
// fails earlier (name, connection, certificate) has sent nothing, whichever error it is.
function onWrite(notify: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      notify();
      start?.(controller, context);
    };
    return dispatch(options, handler);
  };
}

function readBody(text: string): Pick<Answer, 'body' | 'bodyKind'> {
  if (text.trim() === '') return { body: undefined, bodyKind: 'empty' };
  try {
    return { body: parseExact(text), bodyKind: 'json' };
  } catch {
    return { body: undefined, bodyKind: 'other' };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'answer longer than the limit',
  UND_ERR_SOCKET: 'connection lost',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'unknown host',
};

// Only the code: messages of HTTP libraries quote headers and addresses.
function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code !== undefined) return REASONS[code] ?? code;
  return error instanceof Error ? error.name : 'failed';
}
