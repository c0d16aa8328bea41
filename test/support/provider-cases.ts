import { join } from 'node:path';
import type { JournalEntry, Sandbox } from '../../src/sandbox/index.ts';
import { repository } from './dray.ts';

/** How one provider takes an order, for tests that hold for all of them. */
export interface ProviderCase {
  readonly name: 'choice' | 'ctl' | 'ds' | 'flexport';
  readonly settings: Readonly<Record<string, string>>;
  readonly operation: string;
  readonly header: string;
  /** Lines of an order of two pieces, or of another quantity. */
  order(key: string, quantity?: string): string;
  /** The request that makes an order. */
  readonly create: { readonly method: string; readonly path: RegExp };
  /** What makes a repeated request harmless; undefined where nothing in it does. */
  key(entry: JournalEntry): string | undefined;
  /** Kind of the records of orders in the stand-in, and the field that holds our number. */
  readonly records: { readonly kind: string; readonly field: string };
  /** A refusal of one field in the provider's own words: status, body, our column. */
  readonly refusal: { readonly status: number; readonly body: object; readonly column: string; readonly text: string };
  /** Whether an expired token is renewed. */
  readonly renews: boolean;
}

type Body = Readonly<Record<string, unknown>>;

const bodyOf = ({ body }: JournalEntry): Body => JSON.parse(body) as Body;

export const providerCases: readonly ProviderCase[] = [
  {
    name: 'choice',
    settings: { clientId: 'demo', clientSecret: 'demo-secret' },
    operation: 'ticket.outbound',
    header: 'OrderNo,Account,Warehouse,ShipName,Address1,City,State,Zip,Country,SKU,Qty',
    order: (key, quantity = '2') =>
      `${key},NORDIC-FIELD,ORD-SSL-004,Field Depot,210 Foundry Row,Milwaukee,WI,53202,US,FAN-TRAY-2U,${quantity}`,
    create: { method: 'POST', path: /^\/choice\/v2\/tickets$/ },
    key: (entry) => String(bodyOf(entry)['idempotencyKey']),
    records: { kind: 'tickets', field: 'clientRef' },
    refusal: {
      status: 422,
      body: {
        code: 'VALIDATION_ERROR',
        message: 'the ticket is not valid',
        errors: [{ field: 'lines[0].partNumber', message: 'part is retired' }],
      },
      column: 'SKU',
      text: 'part is retired',
    },
    renews: true,
  },
  {
    name: 'ctl',
    settings: { clientId: 'demo', userId: 'demo' },
    operation: 'order.create',
    header: 'OrderNo,ShipName,Address1,City,State,Zip,LineNo,SKU,Qty',
    order: (key, quantity = '2') => `${key},Field Depot,210 Foundry Row,Milwaukee,WI,53202,10,CAP-STD,${quantity}`,
    create: { method: 'PUT', path: /^\/ctl\/v1\/Orders\/[^/]+$/ },
    key: ({ path }) => path,
    records: { kind: 'orders', field: '' },
    refusal: {
      status: 400,
      body: { Message: 'The request is invalid.', ModelState: { 'Items[0].Sku': 'part is retired' } },
      column: 'SKU',
      text: 'part is retired',
    },
    renews: false,
  },
  {
    name: 'ds',
    settings: { clientId: 'demo', clientSecret: 'demo-secret' },
    operation: 'order.create',
    header: 'OrderNo,Location,ShipName,Phone,Address1,City,State,Zip,Country,SKU,Qty',
    order: (key, quantity = '2') =>
      `${key},STORE-014,Mina Okafor,+1 937-555-0142,18 Harbor Lane,Dayton,OH,45402,US,CAP-STD,${quantity}`,
    create: { method: 'POST', path: /^\/ds\/shipping\/v1\/shipments$/ },
    key: () => undefined,
    records: { kind: 'shipments', field: 'orderExternalId' },
    refusal: {
      status: 400,
      body: {
        type: 'VALIDATION_ERROR',
        message: 'the shipment is not valid',
        errors: [{ type: 'VALIDATION_ERROR', message: 'part is retired', parameter: 'itemList[0].sku' }],
      },
      column: 'SKU',
      text: 'part is retired',
    },
    renews: true,
  },
  {
    name: 'flexport',
    settings: { token: 'demo' },
    operation: 'order.create',
    header: 'OrderNo,ShipName,Address1,City,State,Zip,Country,LineNo,SKU,Qty',
    order: (key, quantity = '2') => `${key},Mina Okafor,18 Harbor Lane,Dayton,OH,45402,US,10,CAP-STD,${quantity}`,
    create: { method: 'POST', path: /^\/flexport\/logistics\/api\/2026-02\/orders$/ },
    key: ({ headers }) => headers['idempotency-key'],
    records: { kind: 'orders', field: 'externalOrderId' },
    refusal: {
      status: 422,
      body: { type: 'about:blank', title: 'Unprocessable', status: 422, detail: 'part is retired' },
      column: '',
      text: 'part is retired',
    },
    renews: false,
  },
];

/** The provider at a stand-in, quick to try again. */
export function providerConfig({ name, settings }: ProviderCase, sandbox: Sandbox, more: object = {}): object {
  return {
    definition: join(repository, 'mappings', name, 'provider.yaml'),
    baseUrl: `${sandbox.url}/${name}`,
    settings,
    limits: { rate: '1000/s' },
    retry: { base: '20ms', cap: '200ms' },
    ...more,
  };
}

/** Requests that would make an order, in their sequence. */
export function creates({ create }: ProviderCase, sandbox: Sandbox): readonly JournalEntry[] {
  return sandbox.journal().filter(({ method, path }) => method === create.method && create.path.test(path));
}

/** Our numbers of the orders the stand-in holds, sorted; one that it holds twice stands there twice. */
export async function ordersAt({ name, records }: ProviderCase, sandbox: Sandbox): Promise<readonly string[]> {
  const read = async (id: string): Promise<Body> =>
    (await (
      await fetch(`${sandbox.url}/__admin/state/${name}/${records.kind}/${encodeURIComponent(id)}`)
    ).json()) as Body;
  const { ids } = (await read('')) as { ids: string[] };
  if (records.field === '') return ids.sort();
  const found = await Promise.all(
    ids.map(async (id) => {
      const record = await read(id);
      return String(((record['body'] ?? record) as Body)[records.field]);
    }),
  );
  return found.sort();
}
