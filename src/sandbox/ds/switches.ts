import { type SwitchKind } from '../switches.ts';
import { usualWebhooks, type WebhookSwitches } from '../webhooks.ts';

/** Behaviours of Shipping Order no document settles, or that a test wants to provoke. */
export interface DsSwitches extends WebhookSwitches {
  /** Life of a token in seconds. */
  tokenSeconds: number;
  /** `expires_in` is a text of digits. */
  expiresInText: boolean;
  /** Requests a second of the stand-in's time and tenant; 0 = as many as come. A standing clock never refills them. */
  requestsPerSecond: number;
  /** A 429 says in `Retry-After` when to come again. */
  retryAfter: boolean;
  /** The answer to a create carries `id`. */
  createAnswerId: boolean;
  /** How the answer to something accepted carries warnings: no document shows it. */
  warningsAs: 'objects' | 'texts' | 'errors';
  /** The answer to a create carries `createdAt: ""`. */
  emptyCreatedAt: boolean;
  /** A second shipment under the same `orderExternalId` is refused. */
  uniqueOrderIds: boolean;
  /** Where the documents disagree: the status of INVALID_DATA outside of lists. */
  invalidDataStatus: '400' | '422';
  /** Where the documents disagree: the status of an edit that comes after the dispatch. */
  lateEditStatus: '400' | '422';
  /** How a second cancellation is called. */
  cancelledType: 'ORDER_ALREADY_CANCELED' | 'OrderAlreadyCancelled';
  unknownProperties: 'ignore' | 'refuse';
  /** Rows of a list at most, whatever the request asks for. */
  listPageSize: number;
  listOrder: 'oldest' | 'newest';
  /** What the last page of a list says instead of a token. */
  lastPageToken: 'null' | 'absent';
  /** Life of a page token in the stand-in's seconds. */
  pageTokenSeconds: number;
  /** How `updatedAt` of the history is written. */
  historyTime: 'iso' | 'words';
  /** One shipment in so many goes that way; 0 = none but those whose id says so. */
  delayEvery: number;
  redeliverEvery: number;
  undeliverableEvery: number;
  unassignEvery: number;
}

export const dsSwitches: SwitchKind<DsSwitches> = {
  defaults: {
    ...usualWebhooks,
    tokenSeconds: 3600,
    expiresInText: true,
    requestsPerSecond: 10,
    retryAfter: false,
    createAnswerId: true,
    warningsAs: 'objects',
    emptyCreatedAt: false,
    uniqueOrderIds: true,
    invalidDataStatus: '422',
    lateEditStatus: '422',
    cancelledType: 'ORDER_ALREADY_CANCELED',
    unknownProperties: 'ignore',
    listPageSize: 1000,
    listOrder: 'oldest',
    lastPageToken: 'null',
    pageTokenSeconds: 300,
    historyTime: 'iso',
    delayEvery: 8,
    redeliverEvery: 15,
    undeliverableEvery: 20,
    unassignEvery: 10,
  },
  choices: {
    warningsAs: /^(objects|texts|errors)$/,
    invalidDataStatus: /^(400|422)$/,
    lateEditStatus: /^(400|422)$/,
    cancelledType: /^(ORDER_ALREADY_CANCELED|OrderAlreadyCancelled)$/,
    unknownProperties: /^(ignore|refuse)$/,
    listOrder: /^(oldest|newest)$/,
    lastPageToken: /^(null|absent)$/,
    historyTime: /^(iso|words)$/,
  },
};
