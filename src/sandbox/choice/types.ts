/** Request bodies as they are after validation, named as on the wire. */
export type RequestType = 'OUTBOUND' | 'INBOUND' | 'TRANSFER';

interface Address {
  name: string;
  address1: string;
  city: string;
  state: string;
  postalCode: string;
  country: string;
}

export interface TicketLine {
  partNumber: string;
  quantity: number;
  serialized?: boolean;
  serialNumbers?: string[];
}

export interface TicketBody {
  requestType: RequestType;
  clientRef: string;
  idempotencyKey: string;
  subaccount: string;
  ssl: string;
  shipTo?: Address;
  lines: TicketLine[];
}

export interface ProductBody {
  partNumber: string;
  description: string;
  serialized?: boolean;
  active?: boolean;
}
