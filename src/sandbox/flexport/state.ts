import { type Answer } from '../frame.ts';
import { type Bucket } from '../throttle.ts';
import { type OwedPost } from '../webhooks.ts';
import { type InboundBody, type OrderBody, type ProductBody, type ReturnBody, type WholesaleBody } from './types.ts';

/** Everything Flexport knows. */
export interface FlexportState {
  /** By the text of the token. */
  tokens: Map<string, TokenRecord>;
  accounts: Map<string, Book>;
}

export interface TokenRecord {
  account: string;
  /** Null: every scope. */
  scopes: string[] | null;
  /** Null: never; otherwise ms. */
  endsAt: number | null;
  bucket: Bucket;
}

/** What belongs to one account. */
export interface Book {
  isFrozen: boolean;
  counters: Map<string, number>;
  /** Ascending by moment, then by order. */
  queue: ScheduledEvent[];
  products: Map<string, ProductRecord>;
  /** Merchant SKU to logistics SKU. */
  skus: Map<string, string>;
  /** By pool and logistics SKU. */
  stock: Map<string, StockRecord>;
  orders: Map<string, OrderRecord>;
  wholesale: Map<string, WholesaleRecord>;
  inbounds: Map<string, InboundRecord>;
  returns: Map<string, ReturnRecord>;
  /** Kind and external id to id. */
  externalIds: Map<string, string>;
  events: EventRecord[];
  reports: Map<string, ReportRecord>;
  webhooks: Map<string, WebhookRecord>;
  deliveries: DeliveryRecord[];
  posts: OwedPost[];
  uploads: Map<string, UploadRecord>;
  /** By operation and idempotency key. */
  replays: Map<string, ReplayRecord>;
}

export type EventKind =
  | 'order-route'
  | 'order-pick'
  | 'order-ship'
  | 'order-rest'
  | 'order-deliver'
  | 'wholesale-book'
  | 'wholesale-start'
  | 'wholesale-part'
  | 'wholesale-tender'
  | 'wholesale-complete'
  | 'inbound-move'
  | 'inbound-receive'
  | 'return-move';

export interface ScheduledEvent {
  at: number;
  order: number;
  kind: EventKind;
  id: string;
  /** Version or part of the record that the event is meant for. */
  turn: number;
}

export interface ProductRecord {
  logisticsSku: string;
  body: ProductBody;
  barcodes: string[];
  dimsLocked: boolean;
  lot: { lotNumber: string; expirationDate: string } | null;
  createdAt: number;
  updatedAt: number;
}

export interface StockRecord {
  onHand: number;
  available: number;
  unavailable: number;
}

export interface Parcel {
  id: string;
  items: { logisticsSku: string; quantity: number; lotNumber: string | null; expirationDate: string | null }[];
  carrier: string;
  method: string;
  trackingCode: string;
  labelId: string;
  createdAt: number;
  shippedAt: number | null;
  deliveredAt: number | null;
}

export interface OrderShipment {
  id: string;
  status: string;
  items: { logisticsSku: string; quantity: number }[];
  packages: Parcel[];
  createdAt: number;
  shippedAt: number | null;
}

export interface OrderError {
  type: string;
  code: number;
  message: string;
  retriable: boolean;
  logisticsSkus: string[];
}

export interface OrderRecord {
  id: string;
  status: 'CREATED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'ERROR';
  body: OrderBody;
  /** Counts retries, so that steps of an earlier try do nothing. */
  turn: number;
  wasHeld: boolean;
  error: OrderError | null;
  shipments: OrderShipment[];
  createdAt: number;
  updatedAt: number;
  shippedAt: number | null;
  deliveredAt: number | null;
}

export interface WholesaleShipment {
  id: string;
  status: string;
  items: { line: number; logisticsSku: string; quantity: number }[];
  carrier: string;
  trackingNumbers: string[];
}

export interface WholesaleRecord {
  id: string;
  status: string;
  body: WholesaleBody;
  /** Logistics SKU of each line once it is resolved. */
  resolved: string[];
  shipments: WholesaleShipment[];
  createdAt: number;
}

export interface InboundCount {
  itemId: string;
  logisticsSku: string;
  lineItemId: string | undefined;
  expected: number;
  sellable: number;
  damaged: number;
}

export interface InboundRecord {
  id: string;
  receivingId: string;
  status: string;
  body: InboundBody;
  counts: InboundCount[];
  arrivedAt: number | null;
  completedAt: number | null;
  createdAt: number;
}

export interface ReturnRecord {
  id: number;
  status: string;
  body: ReturnBody;
  createdAt: number;
  shippedAt: number | null;
  receivedAt: number | null;
  inspectedAt: number | null;
}

export interface EventRecord {
  id: string;
  type: string;
  at: number;
  payload: Record<string, unknown>;
}

export interface ReportRecord {
  reference: string;
  type: string;
  /** When it can be fetched, in ms. */
  readyAt: number;
  /** Null: it cannot be made. */
  content: string | null;
  /** Addresses given out for it. */
  links: { signature: string; endsAt: number }[];
}

export interface WebhookRecord {
  id: number;
  body: Record<string, unknown>;
}

/** An event a webhook was owed; the post itself stands in `posts`. */
export interface DeliveryRecord {
  webhookId: number;
  eventId: string;
  at: number;
}

export interface UploadRecord {
  id: string;
  shipmentId: string;
  attachmentType: string;
  /** What its address is signed with. */
  signature: string;
  endsAt: number;
  /** Bytes that arrived, and their SHA-256; null until then. */
  bytes: number | null;
  sha256: string | null;
}

export interface ReplayRecord {
  bodyHash: string;
  answer: Answer;
  endsAt: number;
}
