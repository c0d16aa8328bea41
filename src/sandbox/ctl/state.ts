import { type Address, type AsnBody, type Carrier, type Component, type OrderBody } from './types.ts';
import { type ProductBody, type PurchaseOrderBody, type UnitOfMeasure } from './types.ts';

/** Everything CTL knows. Decimals are kept as text, so that sums are exact. */
export interface CtlState {
  users: Map<string, string[]>;
  clients: Map<string, { name: string }>;
  carriers: Carrier[];
  books: Map<string, Book>;
}

/** What belongs to one client. */
export interface Book {
  lastIndex: bigint;
  counters: Map<string, number>;
  queue: ScheduledEvent[];
  orders: Map<string, OrderRecord>;
  purchaseOrders: Map<string, PurchaseOrderRecord>;
  asns: Map<string, AsnRecord>;
  changes: Map<string, ChangeRecord>;
  receipts: Map<string, ReceiptRecord>;
  returns: Map<string, ReturnRecord>;
  transactions: Map<string, TransactionRecord>;
  products: Map<string, ProductRecord>;
  /** Alias to product id. */
  aliases: Map<string, string>;
  addresses: Map<string, Address>;
  streams: Map<StreamName, Stream>;
  snapshots: Map<string, PagedSnapshot>;
}

export type StreamName = 'Orders' | 'ProductChanges' | 'ProductTransactions' | 'PurchaseReceipts' | 'ASNs' | 'Returns';

/** Indexes in ascending order; an entry whose record carries another index is outdated. */
export interface Stream {
  entries: { index: bigint; id: string; position: number }[];
  published: number;
  outdated: number;
  highestRead: bigint;
  emptyReads: number;
}

export type EventKind =
  | 'order-process'
  | 'order-ship'
  | 'order-rest'
  | 'return'
  | 'purchase-order-process'
  | 'purchase-order-receive'
  | 'asn-process'
  | 'asn-receive'
  | 'change-decide'
  | 'day'
  | 'write-off';

export interface ScheduledEvent {
  at: number;
  /** Breaks ties between events of one moment. */
  order: number;
  kind: EventKind;
  id: string;
  /** Version or part of the record that the event is meant for. */
  turn: number;
}

/** A record that is listed in a stream under its latest index. */
export interface Listed {
  id: string;
  updateIndex: bigint;
}

export interface OrderRecord extends Listed {
  status: 'received' | 'processing' | 'closed' | 'cancelled';
  body: OrderBody;
  shipTo: Address | undefined;
  receivedAt: number;
  /** Unshipped quantity per item, in the item's unit of measure. */
  open: string[];
  shipments: ShipmentRecord[];
}

export interface ShipmentRecord {
  id: string;
  carrierId: string;
  shipTo: Address;
  masterTrackingNumber: string;
  billOfLadingNumber: string | undefined;
  shippedAt: number;
  packages: PackageRecord[];
}

export interface PackageRecord {
  id: string;
  trackingNumber: string | undefined;
  serialShippingCode: string;
  cartonSku: string;
  weightInPounds: number;
  /** Height, width, thickness. */
  inches: [number, number, number];
  items: { line: number; quantity: string; metadata: { Key: string; Value: string }[] }[];
}

export interface PurchaseOrderRecord {
  id: string;
  status: 'draft' | 'ready' | 'processed' | 'received' | 'closed';
  body: PurchaseOrderBody;
  version: number;
  receivedParts: number;
}

export interface AsnRecord extends Listed {
  status: 'ready' | 'processed' | 'received';
  body: AsnBody;
  version: number;
  /** When each item was received, in ms. */
  postedAt: (number | null)[];
}

export interface ChangeRecord extends Listed {
  status: 'Pending' | 'Accepted' | 'Denied';
  body: ProductBody;
  resultMessage: string | null;
  createdAt: number;
  processedAt: number | null;
  cancelsDisabledItems: boolean;
}

export interface ReceiptRecord extends Listed {
  purchaseOrderId: string;
  receivedAt: number;
  items: { productId: string; quantity: string; unitOfMeasure: string }[];
  isDamaged: boolean;
}

export interface ReturnRecord extends Listed {
  orderId: string;
  createdAt: number;
  notes: string;
  items: { productId: string; quantity: string; reasonCode: string; notes: string }[];
}

export interface TransactionRecord extends Listed {
  at: number;
  type: string;
  sourceId: string;
  productId: string;
  /** In EACH, signed. */
  quantity: string;
}

export interface ProductRecord {
  id: string;
  description: string;
  aliases: string[];
  units: Map<string, UnitOfMeasure>;
  components: Component[];
  salesUnit: string;
  purchaseUnit: string;
  isEnabled: boolean;
  /** Known only from a document, not from master data: takes any unit of measure. */
  isMakeshift: boolean;
  tracking: 'none' | 'lot' | 'serial';
  onHand: string;
  quarantined: string;
  /** Needed by open orders. */
  allocated: string;
}

export interface PagedSnapshot {
  resource: 'Orders' | 'Products';
  /** Whole answers, as text. */
  pages: string[];
  expiresAt: number;
}
