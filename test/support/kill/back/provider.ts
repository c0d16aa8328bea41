import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackWorkload, OrderEvent, Stage } from './workload.ts';

/** A provider on loopback that shows what its workload says, as far as the stage allows. */
export interface BackProvider {
  readonly url: string;
  stage: Stage;
  /** One more thing happens to an order. */
  happen(order: string): void;
  /** Everything that happened to the orders it was sent. */
  events(): readonly OrderEvent[];
  close(): Promise<void>;
}

/** Small, so that a run reads several pages. */
export const PAGE = 3;
// Longer than a range waits until it is read again: whether it is due must not depend on how fast the machine is.
const SLOW_MS = 10;

export async function startBackProvider(workload: BackWorkload, stage: Stage): Promise<BackProvider> {
  const orders = new Set(stage === 0 ? [] : workload.orders[0]);
  const extra: OrderEvent[] = [];
  const events = (): OrderEvent[] =>
    [...workload.events, ...extra].filter((event) => orders.has(event.Order) && event.stage <= provider.stage);
  const answer = (request: IncomingMessage): unknown => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const [, kind, key = ''] = pathname.split('/');
    if (kind === 'shipments') {
      const from = Number(searchParams.get('from'));
      return workload.shipments.filter(({ Id, stage: at }) => Id >= from && at <= provider.stage).slice(0, PAGE);
    }
    if (kind === 'stock') {
      const at = Number(searchParams.get('offset'));
      return workload.stock[provider.stage].slice(at, at + PAGE);
    }
    if (kind !== 'orders') return undefined;
    if (request.method === 'PUT') orders.add(key);
    if (!orders.has(key)) return undefined;
    const own = events().filter(({ Order }) => Order === key);
    return { Key: key, Received: 10 * own.length, Events: own.map(({ No }) => ({ No })) };
  };
  const server = createServer((request, response) => {
    const body = answer(request);
    request.resume();
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    setTimeout(
      () => response.end(JSON.stringify(body ?? {})),
      request.url?.startsWith('/shipments') === true ? SLOW_MS : 0,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: BackProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stage,
    happen(order) {
      const No = events().filter(({ Order }) => Order === order).length + 1;
      extra.push({ Order: order, No, stage: provider.stage });
    },
    events,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}
