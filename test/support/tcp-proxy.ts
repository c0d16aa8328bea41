import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What goes wrong with a connection once so many bytes have passed, counted in both directions together. */
export type Cut =
  /** Both ends see the connection reset. */
  | { readonly kind: 'reset'; readonly after: number }
  /** Nothing passes any more, and nobody is told. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The server's side ends in order; what the client still sends gets no answer. */
  | { readonly kind: 'half-close'; readonly after: number }
  /** A kilobyte passes in a second. */
  | { readonly kind: 'slow'; readonly after: number };

/** Stands between a client and a server on loopback. */
export interface TcpProxy {
  readonly port: number;
  /** The next connection to pass so many bytes, one that stands included, meets this; only once. */
  cutNext(cut: Cut): void;
  /** Whether the cut that was asked for has happened. */
  hasCut(): boolean;
  /** Bytes that have passed, in both directions together. */
  passed(): number;
  connections(): number;
  close(): Promise<void>;
}

const SLOW_BYTES = 100;
const SLOW_EVERY_MS = 100;

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let pending: Cut | undefined;
  let startedAt = 0;
  let passed = 0;
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    const upstream = connect({ ...target, noDelay: true });
    client.setNoDelay(true);
    const pair = { state: 'open' as 'open' | 'slow' | 'silent' };
    const pass = (to: Socket, bytes: Buffer): void => {
      if (pair.state === 'silent') return;
      passed += bytes.length;
      if (pair.state === 'slow') trickle(to, bytes);
      else to.write(bytes);
      if (pending === undefined || passed - startedAt < pending.after) return;
      const cut = pending;
      pending = undefined;
      happen(cut, pair, client, upstream);
    };
    client.on('data', (bytes) => pass(upstream, bytes));
    upstream.on('data', (bytes) => pass(client, bytes));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutNext(cut) {
      pending = cut;
      startedAt = passed;
    },
    hasCut: () => pending === undefined,
    passed: () => passed,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function happen(cut: Cut, pair: { state: 'open' | 'slow' | 'silent' }, client: Socket, upstream: Socket): void {
  if (cut.kind === 'slow') {
    pair.state = 'slow';
    return;
  }
  pair.state = 'silent';
  if (cut.kind === 'half-close') client.end();
  if (cut.kind === 'reset') {
    client.resetAndDestroy();
    upstream.resetAndDestroy();
  }
}

/** One queue for each socket, so that the bytes keep their order. */
const queues = new WeakMap<Socket, Buffer[]>();

function trickle(to: Socket, bytes: Buffer): void {
  const waiting = queues.get(to);
  if (waiting !== undefined) {
    waiting.push(bytes);
    return;
  }
  const queue = [bytes];
  queues.set(to, queue);
  const timer = setInterval(() => {
    const [first] = queue;
    if (first === undefined || to.destroyed) {
      if (to.destroyed) clearInterval(timer);
      return;
    }
    to.write(first.subarray(0, SLOW_BYTES));
    if (first.length > SLOW_BYTES) queue[0] = first.subarray(SLOW_BYTES);
    else queue.shift();
  }, SLOW_EVERY_MS);
  to.once('close', () => clearInterval(timer));
}
