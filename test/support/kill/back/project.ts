import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { PAGE } from './provider.ts';

export const TOKEN = 'a token we agreed on';

/** How a flow of the project goes back; the checks read it. */
export interface BackFlow {
  readonly name: string;
  /** Directory of its files inside the folder. */
  readonly directory: string;
  /** Whether a marker says that a file may be taken. */
  readonly hasMarker: boolean;
  /** Whether its reader takes the files; otherwise the next one has to move them away. */
  readonly isTaken: boolean;
}

/** One for each way back: a stream, one file for each document, a static name that waits, records of ours, counts, snapshots. */
export const backFlows = {
  shipments: { name: 'shipments', directory: 'shipments', hasMarker: false, isTaken: true },
  documents: { name: 'documents', directory: 'documents', hasMarker: true, isTaken: true },
  waiting: { name: 'waiting', directory: 'waiting', hasMarker: true, isTaken: true },
  tracked: { name: 'tracked', directory: 'tracked', hasMarker: false, isTaken: true },
  counts: { name: 'counts', directory: 'counts', hasMarker: false, isTaken: true },
  levels: { name: 'levels', directory: 'levels', hasMarker: false, isTaken: true },
  stock: { name: 'stock', directory: 'stock', hasMarker: true, isTaken: false },
} as const satisfies Record<string, BackFlow>;

export type FlowName = keyof typeof backFlows;

// Long enough that a range is watched through every run of a scenario.
const GAP_CHECKS = Array.from({ length: 100 }, (_, index) => `${index + 1}ms`);

const definition = {
  summary: 'A provider with a feed of each kind',
  settings: { token: { summary: 'proves its posts', secret: true } },
  auth: { headers: {} },
  limits: { rate: '1000/s', concurrency: 4, connect: '5s', answer: '10s' },
  outcomes: [{ status: [200], class: 'ACCEPTED' }],
  operations: {
    'order.create': {
      summary: 'Order',
      method: 'PUT',
      path: '/orders/{key}',
      key: { from: '{document.key}', maxLength: 20 },
      repeat: 'url',
    },
  },
  feeds: {
    shipments: {
      summary: 'What was shipped',
      path: '/shipments',
      paging: { index: { parameter: 'from', field: 'Id', start: '1', gapChecks: GAP_CHECKS } },
      items: '$',
      document: 'Order',
    },
    orders: {
      summary: 'Orders of ours, one by one',
      track: { operations: ['order.create'], path: '/orders/{key}', every: '1ms' },
      document: 'Key',
    },
    stock: {
      summary: 'What is in stock',
      path: '/stock',
      paging: { offset: { parameter: 'offset', limit: 'limit', size: PAGE } },
      items: '$',
      identity: 'Sku',
    },
  },
  webhooks: {
    verify: { header: { name: 'X-Token', value: '{settings.token}' } },
    identity: 'id',
    type: 'type',
    document: 'order',
    wakes: { orders: { key: 'order' } },
  },
};

const write = (place: object = {}): object => ({ format: 'csv', lineEnd: 'lf', ...place });
const numbered = write({ records: { trailer: ['T', '{rows}', '{seq:6}'] } });
const shipment = { fact: '{Id}', map: { Order: 'Order', Sku: 'Sku', Qty: 'Qty', Id: 'Id' }, write: numbered };
const level = { fact: '{Sku}', map: { Sku: 'Sku', OnHand: 'OnHand', Sign: { $value: '.' } } };

const mappings: Readonly<Record<FlowName, object>> = {
  shipments: shipment,
  documents: shipment,
  waiting: shipment,
  tracked: {
    rows: 'Events[]',
    fact: '{$.Key}/{No}',
    map: { Order: '$.Key', No: 'No', Sign: { $value: '.' } },
    write: numbered,
  },
  counts: {
    fact: '{Key}',
    map: { Order: 'Key', Received: { $delta: 'Received', $per: '{Key}' }, Sign: { $value: '.' } },
    write: numbered,
  },
  levels: { ...level, gone: { OnHand: '0' }, write: numbered },
  stock: { ...level, write: numbered },
};

const flows: Readonly<Record<FlowName, { feed: string } & Record<string, unknown>>> = {
  shipments: { feed: 'shipments', file: 'shipments/SHIP_{seq:6}.csv' },
  documents: { feed: 'shipments', per: 'document', file: 'documents/{document}_{seq:6}.csv', marker: '{name}.ok' },
  waiting: { feed: 'shipments', file: 'waiting/LATEST.csv', replace: 'wait', marker: '{stem}.ok' },
  tracked: { feed: 'orders', file: 'tracked/ORDERS_{seq:6}.csv', keep: '0s' },
  counts: { feed: 'orders', file: 'counts/COUNTS_{seq:6}.csv' },
  levels: { feed: 'stock', snapshot: 'changes', file: 'levels/LEVELS_{seq:6}.csv' },
  stock: { feed: 'stock', file: 'stock/STOCK.csv', replace: 'archive', marker: '{stem}.ok', keep: '0s' },
};

export interface BackSettings {
  readonly url: string;
  /** Port where posts are taken; none are when it is left out. */
  readonly listen?: number;
  /** How often records of ours are read unless an event asks for it. */
  readonly trackEvery?: string;
  /** Flows of the project. Default: all. */
  readonly only?: readonly FlowName[];
}

/** Writes definition, mappings and configuration into a directory. */
export async function writeBackProject(directory: string, settings: BackSettings): Promise<void> {
  const { url, listen, trackEvery, only = Object.keys(flows) as FlowName[] } = settings;
  await writeFile(join(directory, 'provider.yaml'), stringify(definition));
  await writeFile(
    join(directory, 'order.yaml'),
    stringify({ read: { format: 'csv' }, document: { type: 'order', key: 'Order' }, map: { Qty: 'Qty' } }),
  );
  for (const name of only) await writeFile(join(directory, `${name}.yaml`), stringify(mappings[name]));
  const every = trackEvery === undefined ? '1s' : trackEvery;
  const config = {
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    ...(listen === undefined ? {} : { webhooks: { listen: String(listen) } }),
    providers: {
      small: {
        definition: 'provider.yaml',
        baseUrl: url,
        settings: { token: TOKEN },
        ...(trackEvery === undefined ? {} : { track: { every: trackEvery } }),
      },
    },
    inbound: {
      orders: {
        folder: 'erp',
        pick: 'orders/in/*.csv',
        mapping: 'order.yaml',
        submit: { provider: 'small', operation: 'order.create' },
        done: 'orders/done',
        failed: 'orders/failed',
        results: 'orders/results',
        quiet: '20ms',
      },
    },
    outbound: Object.fromEntries(only.map((name) => [name, flowOf(name, every)])),
  };
  await writeFile(join(directory, 'config.yaml'), stringify(config));
}

function flowOf(name: FlowName, every: string): object {
  const { feed, ...rest } = flows[name];
  return { collect: { provider: 'small', feed, every }, mapping: `${name}.yaml`, folder: 'erp', ...rest };
}

/** Drops a file with one order for each key. */
export async function dropOrders(directory: string, name: string, keys: readonly string[]): Promise<void> {
  const inbox = join(directory, 'erp/orders/in');
  await mkdir(inbox, { recursive: true });
  await writeFile(join(inbox, `${name}.tmp`), ['Order,Qty', ...keys.map((key) => `${key},1`), ''].join('\n'));
  await rename(join(inbox, `${name}.tmp`), join(inbox, name));
}
