import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import process from 'node:process';

/** What a caller sent, in the order of arrival. */
export interface WarehouseCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
}

export interface Warehouse {
  /** Without a slash at the end. */
  readonly url: string;
  readonly calls: readonly WarehouseCall[];
  /** Breaks the connection of the next request of a method after it was performed. */
  loseAnswer(method: string): void;
  close(): Promise<void>;
}

export interface WarehouseOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** The time in ms; default Date.now. */
  readonly now?: () => number;
  /** Where events are posted to, and what they are signed with. */
  readonly hook?: Hook;
}

export interface Hook {
  readonly url: string;
  readonly secret: string;
}

interface Line {
  readonly item: string;
  readonly pieces: number;
}

interface Order {
  readonly id: string;
  readonly number: string;
  readonly lines: readonly Line[];
  readonly shippedAt: string;
  readonly parcel: string;
}

interface Job {
  readonly job: string;
  readonly order: { readonly number: string; readonly lines: readonly Line[] };
  /** How often somebody has to ask for it before it is settled. */
  left: number;
  result: { readonly state: string; readonly [name: string]: unknown };
}

interface Books {
  readonly stock: Map<string, number>;
  readonly orders: Map<string, Order>;
  readonly jobs: Map<string, Job>;
  readonly now: () => number;
  /** Tells that an order was shipped. */
  readonly announce: (order: Order) => void;
}

type Reply = readonly [status: number, body: unknown];

const KEY = 'demo-key';
const STOCK: readonly (readonly [item: string, pieces: number])[] = [
  ['KETTLE-1L', 120],
  ['LAMP-DESK', 40],
  ['MUG-350', 900],
  ['TEAPOT-2L', 65],
  ['TRAY-OAK', 0],
];
const QUESTIONS_PER_JOB = 2;
// Whoever ordered knows by then that it was taken.
const EVENT_AFTER_MS = 1_000;

/**
 * Plays a warehouse of the page docs/new-provider.md: an API key in a header, orders that are answered with a job to ask
 * for, stock in numbered pages, signed events. It shares no code with dray.
 */
export async function startWarehouse({ port = 0, now = Date.now, hook }: WarehouseOptions = {}): Promise<Warehouse> {
  const announce = (order: Order): void => {
    if (hook !== undefined) setTimeout(() => void postEvent(hook, order), EVENT_AFTER_MS).unref();
  };
  const books: Books = { stock: new Map(STOCK), orders: new Map(), jobs: new Map(), now, announce };
  const calls: WarehouseCall[] = [];
  let lost: string | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const { method = '', url: path = '' } = request;
    const [status, shown] = reply(books, request, body);
    calls.push({ method, path, body, status });
    if (lost !== method) return send(response, status, shown);
    lost = undefined;
    response.destroy();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    loseAnswer(method) {
      lost = method;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function postEvent({ url, secret }: Hook, { id, number, shippedAt }: Order): Promise<void> {
  const body = JSON.stringify({ id: `E-${id}`, event: 'order.shipped', number, at: shippedAt });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-kestrel-signature': `sha256=${signature}` };
  // A receiver that is not there finds out when it asks.
  await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function reply(books: Books, { method, url = '', headers }: IncomingMessage, body: string): Reply {
  if (headers['x-api-key'] !== KEY) return [401, { errors: [{ text: 'unknown API key' }] }];
  const { pathname, searchParams } = new URL(url, 'http://warehouse.test');
  const id = decodeURIComponent(pathname.split('/')[2] ?? '');
  if (method === 'POST' && pathname === '/orders') return takeOrder(books, body);
  if (method !== 'GET') return [405, { errors: [{ text: `${method} is not possible here` }] }];
  if (pathname === '/orders') return [200, { orders: ordersOf(books, searchParams.get('number')) }];
  if (pathname === `/orders/${id}`) return found(books.orders.get(id), viewOrder);
  if (pathname === `/jobs/${id}`) return found(books.jobs.get(id), (job) => viewJob(books, job));
  if (pathname === '/stock') return stockPage(books, searchParams);
  return [404, { errors: [{ text: 'nothing here' }] }];
}

function found<Record>(record: Record | undefined, view: (record: Record) => unknown): Reply {
  return record === undefined ? [404, { errors: [{ text: 'unknown' }] }] : [200, view(record)];
}

function takeOrder({ orders, jobs }: Books, text: string): Reply {
  const order = parseOrder(text);
  if (order === undefined) return [400, { errors: [{ text: 'an order has a number, ship_to and lines' }] }];
  const open = [...jobs.values()].filter(({ result }) => result.state !== 'failed');
  const isTaken = [...orders.values(), ...open.map((job) => job.order)].some(({ number }) => number === order.number);
  if (isTaken) return [409, { errors: [{ field: 'number', text: 'this order number is in use' }] }];
  const job = `J${jobs.size + 1}`;
  jobs.set(job, { job, order, left: QUESTIONS_PER_JOB, result: { state: 'running' } });
  return [202, { job }];
}

function parseOrder(text: string): Job['order'] | undefined {
  try {
    const { number, ship_to: shipTo, lines } = JSON.parse(text) as Record<string, unknown>;
    if (typeof number !== 'string' || typeof shipTo !== 'object' || !Array.isArray(lines)) return undefined;
    return { number, lines: lines as Line[] };
  } catch {
    // Whatever is wrong with the body, the answer is the same.
    return undefined;
  }
}

function viewJob(books: Books, job: Job): unknown {
  job.left -= 1;
  if (job.left <= 0) finish(books, job);
  return { job: job.job, ...job.result };
}

function finish(books: Books, job: Job): void {
  if (job.result.state === 'running') job.result = settle(books, job.order);
}

function settle({ stock, orders, now, announce }: Books, { number, lines }: Job['order']): Job['result'] {
  const errors = lines.flatMap(({ item }, line) =>
    stock.has(item) ? [] : [{ field: `lines[${line}].item`, text: `no item ${item}` }],
  );
  if (errors.length > 0) return { state: 'failed', errors };
  const place = String(orders.size + 1).padStart(6, '0');
  for (const { item, pieces } of lines) stock.set(item, (stock.get(item) ?? 0) - pieces);
  // Packed and handed over at once.
  const shippedAt = new Date(now()).toISOString();
  const order = { id: `W-${place}`, number, lines, shippedAt, parcel: `PX${place}` };
  orders.set(order.id, order);
  announce(order);
  return { state: 'done', order: `W-${place}` };
}

/** Who asks by number gets an answer that holds: what is still to be looked at is looked at first. */
function ordersOf(books: Books, number: string | null): unknown[] {
  for (const job of books.jobs.values()) finish(books, job);
  return [...books.orders.values()].filter((order) => order.number === number).map(viewOrder);
}

function viewOrder({ id, number, lines, shippedAt, parcel }: Order): unknown {
  const parcels = [{ tracking: parcel, carrier: 'PARCELEX', shipped_at: shippedAt, lines }];
  return { id, number, state: 'shipped', lines, parcels };
}

function stockPage({ stock }: Books, query: URLSearchParams): Reply {
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 50)];
  const rows = [...stock].map(([item, pieces]) => ({ item, pieces }));
  return [200, { pages: Math.ceil(rows.length / size), rows: rows.slice((page - 1) * size, page * size) }];
}

// For a reader of the page who wants a warehouse to follow it with.
if (import.meta.main) {
  const [hookUrl = '', secret = ''] = process.argv.slice(2);
  const { url } = await startWarehouse({ port: 4600, hook: { url: hookUrl, secret } });
  process.stdout.write(`the warehouse listens at ${url}, its API key is ${KEY}\n`);
}
