/** Request bodies as they are after validation, named as on the wire; null was taken away. */
export interface Address {
  street1: string;
  street2?: string;
  apartmentNumber?: string;
  city?: string;
  state?: string;
  postalCode: string;
  countryCode?: string;
  latitude?: number;
  longitude?: number;
}

export interface Contact {
  name: string;
  phone: string;
  email?: string;
  userExternalId?: string;
}

export interface TimeWindow {
  startsAt?: number;
  endsAt?: number;
}

interface Item {
  sku: string;
  quantity?: number;
}

export interface ShipmentBody {
  orderExternalId: string;
  locationExternalId?: string;
  pickup?: { name?: string; locationExternalId?: string; address: Address; contact: Contact };
  deliveryAddress: Address;
  deliveryContact: Contact;
  groupId?: string;
  pickupTime?: TimeWindow;
  deliveryTime?: TimeWindow;
  itemList?: Item[];
  package?: { name: string; content?: string[]; itemList?: Item[] };
  signature?: 'unattended' | 'required_recipient' | 'required' | 'not_required';
  deliveryInstructions?: string;
  orderValue?: number;
  locale?: string;
  createdDate?: number;
  orderAttributes?: Record<string, unknown>;
  proposedProviders?: { name: string }[];
}

export interface ListBody {
  limit?: number;
  paginationToken?: string;
  lastUpdatedAt?: TimeWindow;
  createdAt?: TimeWindow;
  pickupTime?: TimeWindow;
  deliveryTime?: TimeWindow;
  orderExternalIds?: string[];
  locationExternalIds?: string[];
  groupId?: string;
  status?: string[];
}

export interface LocationBody {
  locationExternalId: string;
  name: string;
  address: Address;
  contact: Contact;
}

export const STATUSES = [
  'REQUEST_RECEIVED',
  'PENDING_DISPATCH',
  'PENDING_RELEASE',
  'PENDING_AUTORETRY',
  'ESTIMATES_RECEIVED',
  'ESTIMATES_FAILED',
  'ORDER_DISPATCHED',
  'STAGED',
  'ORDER_FAILED',
  'ORDER_ASSIGNED',
  'ORDER_UNASSIGNED',
  'PICKUP_STARTED',
  'PICKUP_COMPLETED',
  'IN_TRANSIT',
  'OUT_FOR_DELIVERY',
  'ORDER_AT_LOCATION',
  'ORDER_DELAYED',
  'ORDER_REDELIVERY',
  'ORDER_DELIVERED',
  'ORDER_UNDELIVERABLE',
  'ERROR_EXCEPTION',
  'ORDER_CANCELLED',
] as const;

export type Status = (typeof STATUSES)[number];
