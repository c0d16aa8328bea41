import { closePurchaseOrder, getAsn, putAsn, putProductChange, putPurchaseOrder } from './documents.ts';
import { type Operation } from './intake.ts';
import { getOrder, putCancelled, putOrder, putShipTo } from './orders.ts';
import { listProducts, searchOrders } from './snapshots.ts';
import { type StreamName } from './state.ts';
import { STREAMS } from './streams.ts';

interface Route {
  method: 'GET' | 'PUT';
  /** Matches the path below the mount; its group is the record's id. */
  path: RegExp;
  operation: Operation;
}

function streamRoute(name: StreamName): Route {
  return { method: 'GET', path: new RegExp(`^/v1/${name}/?$`), operation: STREAMS[name] };
}

/** Everything that needs both id headers, except the carriers. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/v1\/Orders\/?$/,
    operation: (call) => (call.request.query.has('fromUpdateId') ? STREAMS.Orders(call) : searchOrders(call)),
  },
  { method: 'GET', path: /^\/v1\/Orders\/([^/]+)\/?$/, operation: getOrder },
  { method: 'PUT', path: /^\/v1\/Orders\/([^/]+)\/?$/, operation: putOrder },
  { method: 'PUT', path: /^\/v1\/Orders\/([^/]+)\/ShipTo\/?$/, operation: putShipTo },
  { method: 'PUT', path: /^\/v1\/Orders\/([^/]+)\/IsCancelled\/?$/, operation: putCancelled },
  { method: 'GET', path: /^\/v1\/Products\/?$/, operation: listProducts },
  streamRoute('ProductChanges'),
  { method: 'PUT', path: /^\/v1\/ProductChanges\/([^/]+)\/?$/, operation: putProductChange },
  streamRoute('ProductTransactions'),
  { method: 'PUT', path: /^\/v1\/PurchaseOrders\/([^/]+)\/?$/, operation: putPurchaseOrder },
  { method: 'PUT', path: /^\/v1\/PurchaseOrders\/([^/]+)\/close\/?$/, operation: closePurchaseOrder },
  streamRoute('PurchaseReceipts'),
  streamRoute('ASNs'),
  { method: 'GET', path: /^\/v1\/ASNs\/([^/]+)\/?$/, operation: getAsn },
  { method: 'PUT', path: /^\/v1\/ASNs\/([^/]+)\/?$/, operation: putAsn },
  streamRoute('Returns'),
];
