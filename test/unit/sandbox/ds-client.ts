import { connect, startClient } from './client.ts';
import { type Sandbox, type SandboxOptions } from '../../../src/sandbox/index.ts';

export type Fields = Record<string, unknown>;

interface Reply {
  status: number;
  headers: Headers;
  json: Fields;
}

type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

/** A stand-in and a caller with a token of its own; paths begin below `/shipping/v1`. */
export interface DsClient {
  readonly admin: ReturnType<typeof connect>['admin'];
  readonly url: string;
  advance(milliseconds: number): void;
  send: Send;
  /** The shipment of an external id, from the list. */
  find(orderExternalId: string): Promise<Fields>;
}

// The token of a caller lives through the days that a test lets pass.
export const STEADY = {
  tokenSeconds: 10_000_000,
  delayEvery: 0,
  redeliverEvery: 0,
  undeliverableEvery: 0,
  unassignEvery: 0,
  requestsPerSecond: 0,
};

/** Starts a stand-in whose time stands still and where every shipment goes the straight way. */
export async function startDs(options: SandboxOptions = {}): Promise<DsClient> {
  return connectDs(await startClient({ ...options, switches: { ds: { ...STEADY, ...options.switches?.ds } } }));
}

export async function connectDs(sandbox: Sandbox): Promise<DsClient> {
  const { access_token: token } = (await askToken(sandbox.url)).json;
  const send: Send = (method, path, body, headers = {}) =>
    call(`${sandbox.url}/ds/shipping/v1${path}`, method, body, {
      authorization: `Bearer ${String(token)}`,
      ...headers,
    });
  return {
    admin: connect(sandbox).admin,
    url: sandbox.url,
    advance: (milliseconds) => sandbox.advance(milliseconds),
    send,
    async find(orderExternalId) {
      const { json } = await send('POST', '/shipments/list', { orderExternalIds: [orderExternalId] });
      const [found] = json['data'] as Fields[];
      if (found === undefined) throw new Error(`${orderExternalId} is not listed`);
      return found;
    },
  };
}

export async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...sent });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Fields };
}

export function askToken(url: string, credentials = 'demo:demo-secret', form = 'grant_type=client_credentials') {
  return call(`${url}/ds/ent-services/security/v1/oauth/token`, 'POST', form, {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  });
}

export function shipment(changes: Fields = {}): Fields {
  return {
    orderExternalId: 'SO-1',
    locationExternalId: 'STORE-014',
    deliveryContact: { name: 'Mina Okafor', phone: '+1 937-555-0142', email: 'mina@example.test' },
    deliveryAddress: { street1: '18 Harbor Lane', city: 'Dayton', state: 'OH', postalCode: '45402', countryCode: 'US' },
    itemList: [
      { sku: 'BTL-750-SLATE', quantity: 2, price: 29 },
      { sku: 'CAP-STD', quantity: 1 },
    ],
    package: { name: 'custom', itemQuantity: 3, weight: { value: 3.4, unit: 'lb' } },
    signature: 'required',
    ...changes,
  };
}

/** Type, and parameters of the findings, of a refusal. */
export function refusal({ status, json }: Reply): [number, unknown, unknown[]] {
  const errors = json['errors'] as Fields[];
  return [status, json['type'], errors.map(({ parameter }) => parameter)];
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
