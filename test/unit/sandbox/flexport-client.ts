import { type SandboxOptions, type SwitchChanges } from '../../../src/sandbox/index.ts';
import { type Client, startClient } from './client.ts';

interface Answered<Shape> {
  status: number;
  headers: Headers;
  json: Shape;
}

/** A stand-in of Flexport with a caller that has a token. */
export interface Flexport extends Client {
  call<Shape = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answered<Shape>>;
  /** The logistics SKU of a seeded product. */
  skuOf(merchantSku: string): Promise<string>;
}

/** Without the rarer things of life, and without a limit of requests, unless a test asks for them. */
const STEADY: SwitchChanges['flexport'] & {} = {
  requestsPerSecond: 0,
  holdEvery: 0,
  splitEvery: 0,
  damageEvery: 0,
};

const API = '/flexport/logistics/api/2026-02';

export async function startFlexport(
  switches: SwitchChanges['flexport'] & {} = {},
  options: SandboxOptions = {},
): Promise<Flexport> {
  const client = await startClient({ ...options, switches: { flexport: { ...STEADY, ...switches } } });
  const call: Flexport['call'] = async <Shape>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered<Shape>> => {
    const url = path.startsWith('http') ? path : `${client.url}${API}${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: 'Bearer demo', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as Shape,
    };
  };
  const skuOf = async (merchantSku: string): Promise<string> => {
    const found = await call<{ logisticsSku: string }[]>('GET', `/products/merchant_sku/${merchantSku}`);
    return found.json[0]?.logisticsSku ?? '';
  };
  return { ...client, call, skuOf };
}

const ADDRESS = {
  name: 'Mina Okafor',
  address1: '18 Harbor Lane',
  city: 'Dayton',
  provinceCode: 'OH',
  zip: '45402',
  countryCode: 'US',
};

/** A consumer order for two of a product. */
export function consumerOrder(logisticsSku: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    externalOrderId: 'SO-1',
    address: ADDRESS,
    lineItems: [{ logisticsSku, quantity: 2, lineItemId: '10' }],
    ...changes,
  };
}

/** A wholesale order for two cases of twelve. */
export function wholesaleOrder(logisticsSku: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'B2B',
    externalId: 'B2B-1',
    orderItems: [{ logisticsSku, quantity: 2, quantityUOM: 'CASE', quantityPerPack: 12, lineItemId: '1' }],
    shipToAddress: {
      name: 'Receiving',
      street1: '4400 Logistics Pkwy',
      city: 'Omaha',
      state: 'NE',
      zip: '68138',
      country: 'US',
    },
    transportationDetails: { shippingPartner: 'FLEXPORT', shippingType: 'PARCEL' },
    ...changes,
  };
}

/** Events of the list, oldest first, page by page. */
export async function readEvents(flexport: Flexport, query = ''): Promise<ListedEvent[]> {
  const all: ListedEvent[] = [];
  for (let path: string | undefined = `/events?${query}`; path !== undefined;) {
    const page: Answered<ListedEvent[]> = await flexport.call<ListedEvent[]>('GET', path);
    if (page.status !== 200) throw new Error(`events answered ${page.status}`);
    all.push(...page.json);
    path = nextOf(page.headers);
  }
  return all;
}

export function nextOf(headers: Headers): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
}

interface ListedEvent {
  id: string;
  type: string;
  time: string;
  payload: Record<string, unknown>;
}
