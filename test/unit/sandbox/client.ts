import { afterEach } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';

interface Reply {
  status: number;
  body: string;
  json: unknown;
}

/** A stand-in and a caller that CTL knows. */
export interface Client extends Sandbox {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  get<Shape>(path: string): Promise<Shape>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  admin(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** Any fixed moment, so that a run does not depend on today. */
export const START = Date.parse('2026-05-04T14:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const started: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.close();
});

/** Starts a stand-in whose time stands still, and stops it after the test. */
export async function startClient(options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await startSandbox({ now: () => START, ...options });
  started.push(sandbox);
  return connect(sandbox);
}

export function connect(sandbox: Sandbox): Client {
  const ids = { 'x-ctl-clientid': 'demo', 'x-ctl-userid': 'demo', 'content-type': 'application/json; charset=utf-8' };
  const send: Client['send'] = async (method, path, body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { ...ids, ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, body: answer, json: readJson(answer) };
  };
  return {
    ...sandbox,
    send,
    get: async <Shape>(path: string) => (await send('GET', `/ctl/v1/${path}`)).json as Shape,
    put: (path, body, headers) => send('PUT', `/ctl/v1/${path}`, body, headers),
    admin: (method, path, body) => send(method, `/__admin/${path}`, body),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const UPS_GROUND = '5d0a6d55-6a53-4b0e-9a8f-0a4f5c1f9b10';
export const FREIGHT = '91d3a7f4-5e28-4f6b-b0d9-8a1c2e4f6543';
export const FEDEX = '2c9f4e80-83b7-4d16-a5c2-6f8091b3d432';

export const SHIP_TO = {
  Name: 'Okafor Studio',
  Address1: '18 Harbor Lane',
  City: 'Dayton',
  StateOrProvince: 'OH',
  PostalCode: '45402-1187',
};

export function order(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    CarrierId: UPS_GROUND,
    DateOrdered: '2026-05-04T09:15:00-05:00',
    ShipTo: SHIP_TO,
    Items: [
      { Sku: 'BTL-750-SLATE', Quantity: 2, UnitOfMeasure: 'EACH', Variables: [{ Key: 'LineNo', Value: '10' }] },
      { Sku: 'CAP-STD', Quantity: 1, UnitOfMeasure: 'CASE' },
    ],
    Variables: [{ Key: 'BridgeOrderId', Value: 'SO-1' }],
    ...changes,
  };
}

interface Shipment {
  Id: string;
  CarrierId: string;
  ShipTo: Record<string, string>;
  MasterTrackingNumber: string;
  BillOfLadingNumber?: string;
  Packages: { TrackingNumber?: string; Items: { Sku: string; UnitsShipped: number; Metadata: unknown[] }[] }[];
}

export interface OrderInfo {
  Id?: string;
  UpdateIndex: number;
  IsClosed: boolean;
  ShipTo: Record<string, string> | null;
  Items: { Sku: string }[];
  Variables: { Key: string; Value: string }[];
  Shipments: Shipment[];
}

/** Units of a product in all shipments, in the unit ordered. */
export function shippedUnits(info: OrderInfo, sku: string): number {
  const items = info.Shipments.flatMap(({ Packages }) => Packages.flatMap(({ Items }) => Items));
  return items.filter(({ Sku }) => Sku === sku).reduce((sum, { UnitsShipped }) => sum + UnitsShipped, 0);
}

/** Everything a stream has to say, page by page. */
export async function readAll<Shape extends { UpdateIndex: number }>(client: Client, stream: string): Promise<Shape[]> {
  const all: Shape[] = [];
  for (let from = 0; ;) {
    const page = await client.get<Shape[]>(`${stream}/?fromUpdateId=${from}`);
    if (page.length === 0) return all;
    all.push(...page);
    from = Math.max(...page.map(({ UpdateIndex }) => UpdateIndex)) + 1;
  }
}
