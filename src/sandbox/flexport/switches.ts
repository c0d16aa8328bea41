import { type SwitchKind } from '../switches.ts';
import { usualWebhooks, type WebhookSwitches } from '../webhooks.ts';

/** Behaviours of Flexport no document settles, or that a test wants to provoke. */
export interface FlexportSwitches extends WebhookSwitches {
  /** `vendor`: only the happy path, everything within an hour, no returns, as in the sandbox Flexport itself offers. */
  profile: 'full' | 'vendor';
  /** What becomes of a create whose external id is taken: refused, or taken as a second order that ends in ERROR. */
  duplicateMode: 'refuse' | 'error-state';
  /** Ids of orders and shipments are JSON numbers. */
  numericIds: boolean;
  /** Answers leave out what a client may not count on. */
  omitOptional: boolean;
  /** Webhooks may have an address without TLS: the receiver is on this machine. */
  plainWebhooks: boolean;
  /** The event list does not honour `after`. */
  ignoreAfter: boolean;
  /** A read that asks for more rows than this is cut by the gateway with 504. */
  gatewayPageSize: number;
  /** Lists give fewer rows than asked for although more follow. */
  shortPages: boolean;
  /** `3:500`: the third page token given out is bad for good and answers 500; empty = none. */
  deadPageInfo: string;
  /** One event read in so many is shed with 400; 0 = never. The same holds for the other rates. */
  shedEvery: number;
  holdEvery: number;
  splitEvery: number;
  damageEvery: number;
  overShipEvery: number;
  lostEvery: number;
  /** How long a report takes. */
  reportMinutes: number;
  /** Reports that are made at once, of which further ones are refused with 429; 0 = no limit. */
  reportLimit: number;
  /** One report in so many ends in ERROR; 0 = never. */
  failReports: number;
  /** Whether a poll gives a new address for one that has expired. */
  renewLinks: boolean;
  unknownProperties: 'refuse' | 'ignore';
  /** Answer to an idempotency key that comes back with another body. */
  reusedKey: '422' | 'replay';
  idempotencyHours: number;
  /** How long the address of an upload is good. */
  uploadMinutes: number;
  /** Requests a second and at once that one token may make; rate 0 = no limit. */
  requestsPerSecond: number;
  burst: number;
}

const DEFAULTS: Readonly<FlexportSwitches> = {
  ...usualWebhooks,
  profile: 'full',
  duplicateMode: 'refuse',
  numericIds: false,
  omitOptional: false,
  plainWebhooks: false,
  ignoreAfter: false,
  gatewayPageSize: 1_000,
  shortPages: false,
  deadPageInfo: '',
  shedEvery: 0,
  holdEvery: 10,
  splitEvery: 5,
  damageEvery: 7,
  overShipEvery: 0,
  lostEvery: 0,
  reportMinutes: 2,
  reportLimit: 0,
  failReports: 0,
  renewLinks: true,
  unknownProperties: 'refuse',
  reusedKey: '422',
  idempotencyHours: 24,
  uploadMinutes: 60,
  requestsPerSecond: 5,
  burst: 20,
};

export const flexportSwitches: SwitchKind<FlexportSwitches> = {
  defaults: DEFAULTS,
  choices: {
    profile: /^(full|vendor)$/,
    duplicateMode: /^(refuse|error-state)$/,
    deadPageInfo: /^(|[1-9][0-9]*:(400|500))$/,
    unknownProperties: /^(refuse|ignore)$/,
    reusedKey: /^(422|replay)$/,
  },
};
