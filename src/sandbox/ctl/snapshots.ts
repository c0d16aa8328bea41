import { type Answer } from '../frame.ts';
import { renderJson } from '../json.ts';
import { hashOf } from '../random.ts';
import { invalidField, refused, text } from './answers.ts';
import { countUp, type Desk } from './desk.ts';
import { type Call } from './intake.ts';
import { readMoment, searchText } from './orders.ts';
import { type PagedSnapshot } from './state.ts';
import { viewOrder, viewProduct } from './views.ts';

/** GET /v1/Orders without fromUpdateId: a search. */
export function searchOrders(call: Call): Answer {
  const { desk, request } = call;
  const later = readLaterPage(call, 'Orders');
  if (later !== undefined) return later;
  const [from, to] = [readMoment(call, 'fromDate'), readMoment(call, 'toDate')];
  if (typeof from === 'object') return from;
  if (typeof to === 'object') return to;
  const most = request.query.get('maxResults');
  if (most !== null && !/^[1-9][0-9]{0,8}$/.test(most)) {
    return invalidField('maxResults', 'maxResults must be a whole number of 1 or more.', desk.switches);
  }
  const words = request.query.get('query')?.toLowerCase() ?? '';
  const found = [...desk.book.orders.values()].filter(
    (order) =>
      order.receivedAt >= (from ?? -Infinity) &&
      order.receivedAt < (to ?? Infinity) &&
      (words === '' || searchText(order).includes(words)),
  );
  const limit = Math.min(desk.switches.snapshotMaxRows, Number(most ?? Infinity));
  const items = found.slice(0, limit).map((order) => viewOrder(order, desk.switches));
  return takeSnapshot(desk, 'Orders', items, found.length > limit);
}

/** GET /v1/Products/ */
export function listProducts(call: Call): Answer {
  const { desk } = call;
  const later = readLaterPage(call, 'Products');
  if (later !== undefined) return later;
  const products = [...desk.book.products.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return takeSnapshot(desk, 'Products', products.map(viewProduct), false);
}

function readLaterPage({ desk, request }: Call, resource: PagedSnapshot['resource']): Answer | undefined {
  const pageKey = request.query.get('pageKey');
  if (pageKey === null || pageKey === '') return undefined;
  const [, key = '', page = ''] = /^(.+)-([0-9]{1,9})$/.exec(pageKey) ?? [];
  const snapshot = desk.book.snapshots.get(key);
  const isAlive = snapshot !== undefined && snapshot.resource === resource && snapshot.expiresAt > desk.at;
  const body = isAlive ? snapshot.pages[Number(page)] : undefined;
  return body === undefined ? refused(404, `There is no page ${pageKey}.`) : text(200, body);
}

function takeSnapshot(
  desk: Desk,
  resource: PagedSnapshot['resource'],
  items: readonly unknown[],
  isTruncated: boolean,
): Answer {
  const { book, seed, switches } = desk;
  if (items.length === 0 && switches.streamEnd === '404') return refused(404, `No ${resource} match.`);
  for (const [key, { expiresAt }] of book.snapshots) if (expiresAt <= desk.at) book.snapshots.delete(key);
  const number = countUp(book, 'snapshot');
  const key = `S${number}${hashOf(seed, 'snapshot', number).toString(16)}`;
  const size = switches.snapshotPageSize;
  const totalPages = Math.max(1, Math.ceil(items.length / size));
  const pages = Array.from({ length: totalPages }, (_none, page) =>
    renderJson({
      IsTruncated: isTruncated,
      TotalItems: items.length,
      TotalPages: totalPages,
      CollectionKey: key,
      Items: items.slice(page * size, (page + 1) * size),
    }),
  );
  const expiresAt = desk.at + switches.snapshotTtlSeconds * 1000;
  if (totalPages > 1) book.snapshots.set(key, { resource, pages, expiresAt });
  return text(200, pages[0] ?? '');
}
