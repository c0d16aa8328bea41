import { type Bucket } from '../throttle.ts';
import { type TokenBook } from '../tokens.ts';
import { type OwedPost } from '../webhooks.ts';
import { type LocationBody, type ShipmentBody, type Status } from './types.ts';

/** Everything Shipping Order knows. */
export interface DsState {
  clients: Map<string, { secret: string; tenant: string }>;
  tokens: TokenBook;
  tenants: Map<string, Tenant>;
}

/** What belongs to one tenant. Times are the stand-in's, in ms. */
export interface Tenant {
  readonly id: string;
  locations: Map<string, Location>;
  /** By system id, in the order of creation. */
  shipments: Map<string, Shipment>;
  /** External id to system ids; more than one only where ids need not be unique. */
  named: Map<string, string[]>;
  /** Shipments to which something will still happen, and when. */
  travelling: Map<string, number>;
  /** The earliest of these moments. */
  nextAt: number;
  pages: Map<string, Page>;
  /** How often placing an order failed, by external id. */
  failures: Map<string, number>;
  bucket: Bucket;
  /** Pages given out. */
  counter: number;
  /** Set in the portal. State that was kept before there were webhooks has none. */
  webhooks?: WebhookRecord[];
  posts?: OwedPost[];
}

export interface WebhookRecord {
  url: string;
  /** Empty: nothing is signed. */
  secret: string;
  /** Statuses that are posted; empty: every one. */
  statuses: string[];
}

export interface Location extends LocationBody {
  /** Names of the carriers that may be chosen; none makes every order fail. */
  providers: string[];
}

export interface Shipment {
  readonly id: string;
  body: ShipmentBody;
  status: Status;
  createdAt: number;
  lastUpdatedAt: number;
  history: HistoryEntry[];
  provider: { id: string; name: string; serviceType: string; serviceId: string } | undefined;
  trackingId: string | undefined;
  dispatchedAt: number | undefined;
  pickedUpAt: number | undefined;
  deliveredAt: number | undefined;
  /** What will happen, the next first. */
  plan: Step[];
}

export interface HistoryEntry {
  status: Status;
  at: number;
  note?: string;
  subStatus?: string;
  statusUser: string;
  eventReason?: { code: string; title: string; note: string };
}

/** Something that happens to a shipment at its time. */
export interface Step extends Omit<HistoryEntry, 'statusUser'> {}

/** The rest of a list that was begun. */
export interface Page {
  ids: string[];
  from: number;
  limit: number;
  endsAt: number;
}
