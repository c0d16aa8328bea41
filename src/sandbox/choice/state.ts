import { type Bucket } from '../throttle.ts';
import { type TokenBook } from '../tokens.ts';
import { type OwedPost } from '../webhooks.ts';
import { type TicketBody } from './types.ts';

/** Everything Choice knows. */
export interface ChoiceState {
  clients: Map<string, ClientRecord>;
  tokens: TokenBook;
  bucket: Bucket;
  counters: Map<string, number>;
  /** Earliest step first. */
  plan: PlannedStep[];
  tickets: Map<string, TicketRecord>;
  /** Client and idempotency key to ticket. */
  keys: Map<string, string>;
  /** Code to name. */
  locations: Map<string, string>;
  parts: Map<string, PartRecord>;
  /** Stocking location and part to stock. */
  stock: Map<string, StockRecord>;
  webhooks: Map<string, WebhookRecord>;
  posts: OwedPost[];
}

interface ClientRecord {
  secret: string;
  subaccounts: string[];
}

export type EventType = 'POSTACK' | 'NEWETA' | 'STAGE' | 'PACK' | 'DLVD' | 'EXCEPTION';

export interface PlannedStep {
  at: number;
  type: EventType;
  ticketId: string;
}

export interface TicketRecord {
  ticketId: string;
  client: string;
  /** The body in one form, to tell a repetition from other content. */
  content: string;
  body: TicketBody;
  status: 'RECEIVED' | Exclude<EventType, 'NEWETA'>;
  createdAt: number;
  eta: number | null;
  /** Pieces shipped or received, per line. */
  done: number[];
  shipments: ShipmentRecord[];
  events: EventRecord[];
}

export interface ShipmentRecord {
  carrier: string;
  trackingNumber: string;
  shippedAt: number;
}

export interface EventRecord {
  eventId: string;
  eventType: EventType;
  occurredAt: number;
  data: Record<string, unknown>;
}

export interface PartRecord {
  partNumber: string;
  description: string;
  serialized: boolean;
  active: boolean;
}

export interface StockRecord {
  ssl: string;
  partNumber: string;
  onHand: number;
  /** Needed by open tickets. */
  allocated: number;
  /** Set aside for tickets that wait for the carrier. */
  staged: number;
}

export interface WebhookRecord {
  webhookId: string;
  client: string;
  url: string;
  events: string[];
  secret: string;
}
