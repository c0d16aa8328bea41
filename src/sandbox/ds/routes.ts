import { type Operation } from './intake.ts';
import { listShipments } from './list.ts';
import { createLocation, getLocation } from './locations.ts';
import { cancelShipment, createShipment, editShipment, getHistory, getShipment, retryShipment } from './shipments.ts';

interface Route {
  method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** Matches the path below the mount; its group is the record's id. */
  path: RegExp;
  operation: Operation;
}

const SHIPMENTS = '^/shipping/v1/shipments';

/** Everything that needs a token. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: new RegExp(`${SHIPMENTS}/?$`), operation: createShipment },
  { method: 'POST', path: new RegExp(`${SHIPMENTS}/list/?$`), operation: listShipments },
  { method: 'GET', path: new RegExp(`${SHIPMENTS}/([^/]+)/?$`), operation: getShipment },
  { method: 'PUT', path: new RegExp(`${SHIPMENTS}/([^/]+)/?$`), operation: editShipment },
  { method: 'DELETE', path: new RegExp(`${SHIPMENTS}/([^/]+)/?$`), operation: cancelShipment },
  { method: 'GET', path: new RegExp(`${SHIPMENTS}/([^/]+)/status-history/?$`), operation: getHistory },
  { method: 'POST', path: new RegExp(`${SHIPMENTS}/([^/]+)/retry/?$`), operation: retryShipment },
  { method: 'POST', path: /^\/location\/v1\/locations\/?$/, operation: createLocation },
  { method: 'GET', path: /^\/location\/v1\/locations\/([^/]+)\/?$/, operation: getLocation },
];
