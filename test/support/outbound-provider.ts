import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';

/** A shipment as the small provider tells it. */
export interface Shipment {
  readonly Id: number;
  readonly Order: string;
  readonly Sku: string;
  readonly Name: string;
  readonly Qty: string;
}

export interface StockRow {
  readonly Sku: string;
  readonly OnHand: string;
}

export interface FeedProvider {
  readonly url: string;
  shipments: readonly Shipment[];
  stock: readonly StockRow[];
  close(): Promise<void>;
}

const STOCK_PAGE = 100;

/** A provider on loopback with a stream of shipments and a stock that is read whole, page by page. */
export async function startFeedProvider(): Promise<FeedProvider> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const send = (body: unknown): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (pathname === '/shipments') {
      const from = Number(searchParams.get('from'));
      send(provider.shipments.filter(({ Id }) => Id >= from).slice(0, 50));
    } else if (pathname === '/stock') {
      const at = Number(searchParams.get('offset'));
      send(provider.stock.slice(at, at + STOCK_PAGE));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: FeedProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shipments: [],
    stock: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}

const definition = {
  summary: 'A provider with two feeds',
  auth: { headers: {} },
  limits: { rate: '1000/s', concurrency: 4, connect: '5s', answer: '10s' },
  outcomes: [{ status: [200], class: 'ACCEPTED' }],
  operations: {},
  feeds: {
    shipments: {
      summary: 'What was shipped',
      path: '/shipments',
      paging: { index: { parameter: 'from', field: 'Id', start: '0', gapChecks: [] } },
      items: '$',
      document: 'Order',
    },
    stock: {
      summary: 'What is in stock',
      path: '/stock',
      paging: { offset: { parameter: 'offset', limit: 'limit', size: STOCK_PAGE } },
      items: '$',
      identity: 'Sku',
    },
  },
};

export const shipmentMapping = {
  fact: '{Id}',
  map: { Order: 'Order', Sku: 'Sku', Name: 'Name', Qty: 'Qty' },
};

export const stockMapping = {
  fact: '{Sku}',
  map: { Sku: 'Sku', OnHand: 'OnHand' },
};

/** Writes definition, mappings and configuration of outbound flows into a directory. */
export async function writeOutboundProject(
  directory: string,
  url: string,
  flows: Readonly<Record<string, { flow: object; mapping: object; feed: 'shipments' | 'stock' }>>,
): Promise<string> {
  await writeFile(join(directory, 'provider.yaml'), stringify(definition));
  const outbound: Record<string, object> = {};
  for (const [name, { flow, mapping, feed }] of Object.entries(flows)) {
    await writeFile(join(directory, `${name}.yaml`), stringify(mapping));
    outbound[name] = {
      collect: { provider: 'small', feed, every: '1s' },
      mapping: `${name}.yaml`,
      folder: 'erp',
      file: 'out/S_{seq:6}.csv',
      ...flow,
    };
  }
  const config = {
    folders: { erp: { path: 'erp' } },
    providers: { small: { definition: 'provider.yaml', baseUrl: url } },
    outbound,
  };
  const path = join(directory, 'config.yaml');
  await writeFile(path, stringify(config));
  return path;
}
