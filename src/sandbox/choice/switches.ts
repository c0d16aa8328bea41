import { type SwitchKind } from '../switches.ts';
import { usualWebhooks, type WebhookSwitches } from '../webhooks.ts';

/** Behaviours of Choice no document settles, or that a test wants to provoke. */
export interface ChoiceSwitches extends WebhookSwitches {
  /** Life of a token in seconds. */
  tokenSeconds: number;
  /** How the answer tells the life of a token. */
  expiresIn: 'number' | 'text' | 'absent';
  /** Requests are refused that come with no client certificate, as a server in front would see it. */
  mutualTls: boolean;
  /** Requests a second above which 429 is answered; 0 = no bound. */
  ratePerSecond: number;
  /** Status of a new ticket. */
  created: '201' | '200' | '202';
  /** Answer to a key that came before, with the same body. */
  sameKey: '200' | '409';
  /** Answer to a key that came before, with another body. */
  otherBody: '409' | '422';
  /** Answer to a second ticket with a client reference in use, under another key. */
  sameReference: 'allow' | '409';
  unknownProperties: 'refuse' | 'ignore';
  knownSubaccountsOnly: boolean;
  knownLocationsOnly: boolean;
  knownPartsOnly: boolean;
  /** Serialized lines must list a serial number for each piece. */
  serialsRequired: boolean;
  /** Whether tickets can be listed by client reference. */
  ticketList: boolean;
  ticketPageSize: number;
  inventoryPageSize: number;
  /** How the last page says that it is the last. */
  lastCursor: 'null' | 'absent' | 'empty';
  /** Life of a cursor in seconds; 0 = for good. */
  cursorSeconds: number;
  /** Status of a bulk update, whatever became of its items. */
  bulkStatus: '200' | '207';
  /** What the errors of a refused product are. */
  bulkErrors: 'object' | 'text';
  bulkMaxItems: number;
  /** One ticket in so many gets a new ETA; 0 = never. The same holds for the other rates. */
  etaEvery: number;
  exceptionEvery: number;
  /** Tickets that are packed in two parts. */
  splitEvery: number;
  /** Inbound tickets of which a piece is missing on arrival. */
  shortEvery: number;
}

const DEFAULTS: Readonly<ChoiceSwitches> = {
  ...usualWebhooks,
  tokenSeconds: 3600,
  expiresIn: 'number',
  mutualTls: false,
  ratePerSecond: 0,
  created: '201',
  sameKey: '200',
  otherBody: '409',
  sameReference: 'allow',
  unknownProperties: 'refuse',
  knownSubaccountsOnly: true,
  knownLocationsOnly: true,
  knownPartsOnly: true,
  serialsRequired: true,
  ticketList: true,
  ticketPageSize: 50,
  inventoryPageSize: 100,
  lastCursor: 'null',
  cursorSeconds: 0,
  bulkStatus: '200',
  bulkErrors: 'object',
  bulkMaxItems: 500,
  etaEvery: 10,
  exceptionEvery: 0,
  splitEvery: 0,
  shortEvery: 0,
};

export const choiceSwitches: SwitchKind<ChoiceSwitches> = {
  defaults: DEFAULTS,
  choices: {
    expiresIn: /^(number|text|absent)$/,
    created: /^(201|200|202)$/,
    sameKey: /^(200|409)$/,
    otherBody: /^(409|422)$/,
    sameReference: /^(allow|409)$/,
    unknownProperties: /^(refuse|ignore)$/,
    lastCursor: /^(null|absent|empty)$/,
    bulkStatus: /^(200|207)$/,
    bulkErrors: /^(object|text)$/,
  },
};
