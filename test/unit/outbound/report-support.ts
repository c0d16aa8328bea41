import type { ServerResponse } from 'node:http';
import { formats } from '../../../src/formats/index.ts';
import { collectFeed, type CollectOptions } from '../../../src/outbound/collect/collect.ts';
import type { Feed } from '../../../src/core/feed.ts';
import { createRecordedLog, feedOf, open, serve, type Received, type RecordedLog } from '../providers/support.ts';
import type { TestClock } from '../core/support.ts';
import { createDesk, type Desk } from './support.ts';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

interface Order {
  readonly id: string;
  readonly key: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** A provider that makes reports: a file per order, ready after some questions. */
export interface Press {
  readonly orders: Order[];
  /** Questions about one order that are answered with PENDING. */
  pending: number;
  /** Answers in place of the usual ones, by what was asked. */
  start: ((response: ServerResponse, position: number) => boolean) | undefined;
  poll: ((response: ServerResponse, id: string) => boolean) | undefined;
  file: ((response: ServerResponse, request: Received) => boolean) | undefined;
  /** Address of the file; default below the provider. */
  link: (id: string) => string;
  content: (order: Order) => string;
}

const definition = (own: string, feed: string, answer: string): string => `summary: test
settings:
  token: { summary: the token, secret: true, default: canary-token-4711 }
auth:
  headers: { X-Token: "{settings.token}" }
limits: { rate: 1000/s, answer: ${answer} }
headers: { X-Shared: "yes" }
feeds:
  things:
    summary: things
    report:
      start:
        path: /reports
        headers: { Idempotency-Key: "{key.uuid}" }
        ${own.includes('period:') ? 'body: { kind: moves, from: "{since}", until: "{until}" }' : 'body: { kind: stock }'}
        reference: report.id
      wait:
        path: /reports/{reference}
        every: 10s
        longest: 10m
        until: { state: done }
        failed: { state: failed }
        message: why
      ${own}
    ${feed}
`;

const byDay = 'period: { start: 2d, longest: 1d, lag: 1h, format: date, end: inclusive }';
const csvFile = 'download: { url: links.file, format: csv }';
export const movements = `${csvFile}\n      ${byDay}`;
export const hashed = 'identity: hash\n    add: { Row: "{row}", Day: "{since}" }';

export interface Scene {
  readonly desk: Desk;
  readonly press: Press;
  readonly feed: Feed;
  readonly received: Received[];
  readonly log: RecordedLog;
  readonly clock: TestClock;
  readonly url: string;
  /** Collects once; waits take no time. */
  run(signal?: AbortSignal, options?: CollectOptions): Promise<number>;
  bodies(): Promise<Record<string, unknown>[]>;
  cursor(): Promise<string | undefined>;
  asked(what: RegExp): string[];
}

export async function createScene(own = movements, feed = hashed, answer = '30s'): Promise<Scene> {
  const desk = await createDesk();
  const polls = new Map<string, number>();
  const press: Press = {
    orders: [],
    pending: 1,
    start: undefined,
    poll: undefined,
    file: undefined,
    link: (id) => `/files/${id}.csv?signature=canary-signature`,
    content: ({ from }) => `SKU,Qty\r\nA,1\r\nA,1\r\n${from ?? 'now'},2\r\n`,
  };
  const { url, received } = await serve((request, response) => {
    response.sendDate = false;
    const [, kind, id = ''] = /^\/(reports|files)\/?([^./?]*)/.exec(request.url) ?? [];
    if (kind === 'reports' && request.method === 'POST') return answerStart(press, request, response);
    if (kind === 'reports') return answerPoll(press, id, polls, response);
    if (press.file?.(response, request) === true) return;
    const order = press.orders.find((one) => one.id === id);
    if (order === undefined) return void response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error/>');
    response.writeHead(200, { 'content-type': 'text/csv' }).end(press.content(order));
  });
  const log = createRecordedLog();
  const clock = { ...desk.clock, sleep: async (ms: number) => desk.clock.advance(ms) };
  const provider = open(definition(own, feed, answer), url, { log, clock, formats });
  const things = feedOf(provider, 'things');
  const parts = { ...desk.parts, clock };
  return {
    desk,
    press,
    feed: things,
    received,
    log,
    clock: desk.clock,
    url,
    run: (signal = desk.never, options = {}) => collectFeed(desk.flow(things), parts, signal, options),
    async bodies() {
      const items = await desk.ledger.itemsAfter('test', 'things', 0, 10_000);
      return items.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    },
    cursor: () => desk.ledger.feedCursor('test', 'things'),
    asked: (what) =>
      received.filter(({ method, url: path }) => what.test(`${method} ${path}`)).map(({ url: path }) => path),
  };
}

function answerStart(press: Press, request: Received, response: ServerResponse): void {
  if (press.start?.(response, press.orders.length) === true) return;
  const body = JSON.parse(request.body) as { from?: string; until?: string };
  const key = String(request.headers['idempotency-key']);
  const known = press.orders.find((order) => order.key === key);
  const order = known ?? { id: `R${press.orders.length + 1}`, key, from: body.from, until: body.until };
  if (known === undefined) press.orders.push(order);
  response.end(JSON.stringify({ report: { id: order.id } }));
}

function answerPoll(press: Press, id: string, polls: Map<string, number>, response: ServerResponse): void {
  if (press.poll?.(response, id) === true) return;
  const asked = (polls.get(id) ?? 0) + 1;
  polls.set(id, asked);
  const isDone = asked > press.pending;
  response.end(JSON.stringify(isDone ? { state: 'done', links: { file: press.link(id) } } : { state: 'pending' }));
}

/** Answers with a status and a text. */
export const says =
  (status: number, text: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): true => {
    response.writeHead(status, headers).end(text);
    return true;
  };
