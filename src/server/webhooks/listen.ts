import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Failure, systemCode } from '../../core/failure.ts';
import type { Sources } from './source.ts';
import type { Reply, Take } from './take.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Bounds {
  readonly connections: number;
  /** How many of them one source may hold. */
  readonly connectionsPerSource: number;
  readonly headerBytes: number;
  /** Longest time for the header fields, and for a whole post, in milliseconds. */
  readonly headersMs: number;
  readonly postMs: number;
  /** How long a connection may be silent between two posts. */
  readonly idleMs: number;
}

export const defaultBounds: Bounds = {
  connections: 256,
  connectionsPerSource: 128,
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

interface ListenParts {
  readonly take: Take;
  readonly sources: Pick<Sources, 'ofConnection'>;
}

/** @throws Failure bad-config when the address cannot be listened on. */
export async function listen(
  { host, port }: Address,
  { take, sources }: ListenParts,
  bounds: Bounds = defaultBounds,
): Promise<Listener> {
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
  limitEach(server, sources, bounds.connectionsPerSource);
  // Who asks before sending is answered by what the header fields say.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, take, () => response.writeContinue());
  });
  await bind(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => stop(server, postMs) };
}

/** Whoever holds many connections must leave some to others. */
function limitEach(server: Server, { ofConnection }: Pick<Sources, 'ofConnection'>, most: number): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const source = ofConnection(socket);
    if (source === undefined) return;
    const count = (counts.get(source) ?? 0) + 1;
    counts.set(source, count);
    socket.on('close', () => {
      const left = (counts.get(source) ?? 1) - 1;
      if (left === 0) counts.delete(source);
      else counts.set(source, left);
    });
    if (count > most) socket.destroy();
  });
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
  const { status, isUnread, retryAfterMs } = reply;
  const headers: OutgoingHttpHeaders = { 'content-length': 0 };
  if (isUnread) headers['connection'] = 'close';
  if (status === 405) headers['allow'] = 'POST, PUT';
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  response.writeHead(status, headers);
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
