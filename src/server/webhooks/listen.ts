import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure, systemCode } from '../../core/failure.ts';
import type { Reply, Take } from './take.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Bounds {
  readonly connections: number;
  readonly headerBytes: number;
  /** Longest time for the header fields, and for a whole post, in milliseconds. */
  readonly headersMs: number;
  readonly postMs: number;
  /** How long a connection may be silent between two posts. */
  readonly idleMs: number;
}

export const defaultBounds: Bounds = {
  connections: 256,
  headerBytes: 16 * 1024,
  headersMs: 5_000,
  postMs: 10_000,
  idleMs: 5_000,
};

/** A port that takes posts. */
export interface Listener {
  /** The port that was taken. */
  readonly port: number;
  /** Takes no more posts, answers those under way, stops. */
  close(): Promise<void>;
}

/** @throws Failure bad-config when the address cannot be listened on. */
export async function listen({ host, port }: Address, take: Take, bounds: Bounds = defaultBounds): Promise<Listener> {
  const { headerBytes, headersMs, postMs, idleMs } = bounds;
  const onPost = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response, take, () => undefined);
  };
  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      headersTimeout: headersMs,
      requestTimeout: postMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: Math.min(1_000, headersMs, postMs),
    },
    onPost,
  );
  server.maxConnections = bounds.connections;
  // Who asks before sending is answered by what the header fields say.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, take, () => response.writeContinue());
  });
  await bind(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => stop(server, postMs) };
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const detail = `webhooks: ${host}:${port} cannot be listened on (${systemCode(error) ?? 'unknown'})`;
      reject(new Failure('bad-config', detail, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

// A sender that is still sending must have the time to read why it is cut off.
const LINGER_MS = 500;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: Take,
  beforeReading: () => void,
): Promise<void> {
  let reply: Reply;
  try {
    reply = await take(request, beforeReading);
  } catch {
    // The sender went away or was too slow: there is nobody to answer, and it sends again.
    request.destroy();
    return;
  }
  const { status, isUnread } = reply;
  const close = isUnread ? { connection: 'close' } : {};
  const allow = status === 405 ? { allow: 'POST, PUT' } : {};
  response.writeHead(status, { 'content-length': 0, ...close, ...allow });
  response.end();
  if (isUnread && !request.complete) setTimeout(() => request.destroy(), LINGER_MS).unref();
}

async function stop(server: Server, longestMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), Math.min(longestMs, LINGER_MS));
  await closed;
  clearTimeout(timer);
}
