import { type Answer } from '../frame.ts';
import { gatewayTimeout, json, refused } from './answers.ts';
import { countUp } from './desk.ts';
import { type Call } from './intake.ts';
import { shown } from './shown.ts';

interface Size {
  usual: number;
  most: number;
}

/** A list of the one that is there, if any. */
export function listed<Item>(item: Item | undefined): Item[] {
  return item === undefined ? [] : [item];
}

/** One page of `records` by `limit` and `offset`; what lies behind the end is an empty page. */
export function offsetPage<Item>(
  call: Call,
  records: readonly Item[],
  view: (record: Item) => unknown,
  size: Size,
): Answer {
  const limit = readCount(call, 'limit', size.usual);
  const offset = readCount(call, 'offset', 0);
  if (limit === undefined || offset === undefined) return refused(400, 'limit and offset must be whole numbers');
  if (limit > call.desk.switches.gatewayPageSize) return gatewayTimeout();
  const rows = rowsOf(call, Math.min(limit, size.most));
  return json(200, shown(call.desk, records.slice(offset, offset + rows).map(view)));
}

/** Pages that are short although more follow. */
function rowsOf({ desk }: Call, limit: number): number {
  return desk.switches.shortPages ? Math.max(1, Math.floor(limit * 0.7)) : limit;
}

function readCount({ request }: Call, name: string, usual: number): number | undefined {
  const text = request.query.get(name) ?? String(usual);
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A page of `records` behind a `page_info`, with the address of the next one in the header `Link`. */
export function linkPage<Item>(call: Call, records: readonly Item[], view: (record: Item) => unknown): Answer {
  const { desk, request } = call;
  const limit = readCount(call, 'limit', 100);
  if (limit === undefined || limit < 1 || limit > 100) return refused(400, 'limit must be a number from 1 to 100');
  if (limit > desk.switches.gatewayPageSize) return gatewayTimeout();
  const pageInfo = request.query.get('page_info');
  const place = pageInfo === null ? { turn: 0, offset: 0 } : readPageInfo(pageInfo);
  if (place === undefined) return refused(400, 'page_info is not valid');
  const [deadTurn = '', deadStatus = ''] = desk.switches.deadPageInfo.split(':');
  if (place.turn > 0 && place.turn === Number(deadTurn)) return refused(Number(deadStatus), 'page_info is not valid');
  const end = place.offset + rowsOf(call, limit);
  const page = records.slice(place.offset, end);
  return json(200, shown(desk, page.map(view)), end < records.length ? { link: nextLink(call, end) } : {});
}

function readPageInfo(text: string): { turn: number; offset: number } | undefined {
  const match = /^([0-9]{1,9})\.([0-9]{1,9})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  return match === null ? undefined : { turn: Number(match[1]), offset: Number(match[2]) };
}

function nextLink({ desk, request, origin }: Call, offset: number): string {
  const query = new URLSearchParams(request.query);
  const turn = countUp(desk.book, 'page');
  query.set('page_info', Buffer.from(`${turn}.${offset}`).toString('base64url'));
  return `<${origin}${request.path}?${query.toString()}>; rel="next"`;
}
