import type { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { systemCode } from '../../core/failure.ts';
import { parseExact } from '../../core/json.ts';
import type { Answer, Exchange, TransportOptions } from './transport.ts';

/** Connections to one address, within the limits of a provider. */
export function openPool({ baseUrl, limits, tls }: TransportOptions, origin: string): Pool {
  return new Pool(origin, {
    connections: limits.concurrency,
    pipelining: 1,
    allowH2: false,
    // Our certificate, and whom we trust instead of the usual authorities, are for the provider's own address.
    connect: { timeout: limits.connectMs, ...(origin === baseUrl.origin ? tls : {}) },
    maxResponseSize: limits.answerBytes,
    // The deadline below bounds the whole answer; these would only bound the silence between two bytes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** A request as it goes out, and where to. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable | null;
}

/** Sends a request and reads its whole answer. */
export async function perform(
  pool: Pool,
  { method, path, headers, body }: Sent,
  attempt: Attempt,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  try {
    const response = await pool.compose(onWrite(attempt.write)).request({
      method,
      path,
      headers: { 'user-agent': 'dray', ...headers },
      body,
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
  /** A large file may take its time, as long as it moves. */
  progress(this: void): void;
  end(): void;
}

// Not `AbortSignal.any`: it would hang one more signal on the program's stop signal for each request.
export function createAttempt(answerMs: number, stop: AbortSignal | undefined): Attempt {
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
    progress: () => void timer?.refresh(),
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

/** Only the code: messages of HTTP libraries quote headers and addresses. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  if (code !== undefined) return REASONS[code] ?? code;
  return error instanceof Error ? error.name : 'failed';
}
