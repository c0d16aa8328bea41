import type { ServerResponse } from 'node:http';
import type { Feed } from '../../../src/core/provider.ts';
import {
  createRecordedLog,
  feedOf,
  open,
  serve,
  things,
  type Received,
  type RecordedLog,
} from '../providers/support.ts';
import type { TestClock } from '../core/support.ts';
import type { Desk } from './support.ts';

export type Handler = Parameters<typeof serve>[0];

export interface Live {
  readonly feed: Feed;
  readonly received: Received[];
  readonly log: RecordedLog;
  readonly url: string;
}

// Feeds that follow submissions name their operations.
const operation = '{ summary: x, method: POST, path: /x, key: { from: "{document.key}" }, repeat: none }';
const operations = `operations: { order.create: ${operation}, asn.create: ${operation} }\n`;

/** A feed of a provider on loopback that answers as told. */
export async function liveFeed(text: string, handler: Handler, clock?: TestClock, track = {}): Promise<Live> {
  const { url, received } = await serve((request, response, position) => {
    // The time of this machine is not that of the test's clock: a provider says its own, or none.
    response.sendDate = false;
    handler(request, response, position);
  });
  const log = createRecordedLog();
  // Its waits for the rate must not stand still with the test's clock.
  const own = clock === undefined ? {} : { clock: { ...clock, sleep: () => Promise.resolve() } };
  const definition = text.includes('track:')
    ? `${things(text).replace('path: /things,', '')}${operations}`
    : things(text);
  return { feed: feedOf(open(definition, url, { log, track, ...own }), 'things'), received, log, url };
}

/** What is stored of the feed `things`, in the order in which it was learnt of. */
export async function storedBodies(desk: Desk, provider = 'test'): Promise<Record<string, unknown>[]> {
  const items = await desk.ledger.itemsAfter(provider, 'things', 0, 10_000);
  return items.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

export function queryOf({ url }: Received): URLSearchParams {
  return new URL(url, 'http://provider').searchParams;
}

export interface Change {
  readonly id: string | number;
  readonly time?: string | number | null;
  readonly [field: string]: unknown;
}

export interface Diary {
  changes: Change[];
  /** How the provider orders what it lists. */
  newestFirst: boolean;
  /** Whether it looks at the times that are asked for. */
  honoursTimes: boolean;
  /** Page tokens that are gone, by what they begin with. */
  deadTokens: Set<string>;
  pageSize: number;
  readonly handler: Handler;
}

/** A provider that lists changes: `after`, `until` in ISO, pages by a Link header whose token holds the last id. */
export function createDiary(): Diary {
  const diary: Diary = {
    changes: [],
    newestFirst: false,
    honoursTimes: true,
    deadTokens: new Set(),
    pageSize: 2,
    handler: (request, response) => answerPage(diary, request, response),
  };
  return diary;
}

const timeOf = ({ time }: Change): number => (typeof time === 'number' ? time : Date.parse(time ?? ''));

function answerPage(diary: Diary, request: Received, response: ServerResponse): void {
  const query = queryOf(request);
  const token = query.get('page_info') ?? '';
  if (diary.deadTokens.has(token)) return void response.writeHead(400).end('{"error":"bad page_info"}');
  const after = Date.parse(query.get('after') ?? '');
  const until = Date.parse(query.get('until') ?? '');
  const sorted = [...diary.changes].sort((a, b) => (timeOf(a) - timeOf(b)) * (diary.newestFirst ? -1 : 1));
  const wanted = sorted.filter((change) => {
    const time = timeOf(change);
    return !diary.honoursTimes || Number.isNaN(time) || (!(time < after) && !(time > until));
  });
  const from = token === '' ? 0 : wanted.findIndex(({ id }) => `t${id}` === token) + 1;
  const page = wanted.slice(from, from + diary.pageSize);
  if (from + page.length < wanted.length) {
    query.set('page_info', `t${page.at(-1)?.id}`);
    response.setHeader('link', `</things?${String(query)}>; rel="next"`);
  }
  response.end(JSON.stringify(page));
}
