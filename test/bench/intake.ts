import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { loadMapping } from '../../src/app/load-mapping.ts';
import { systemClock } from '../../src/core/clock.ts';
import { defaultLimits } from '../../src/core/limits.ts';
import type { Log } from '../../src/core/log.ts';
import { openLocalFolder } from '../../src/folders/index.ts';
import { formats } from '../../src/formats/index.ts';
import { takeDrop } from '../../src/inbound/source/intake.ts';
import type { InboundFlow, InboundParts } from '../../src/inbound/flow.ts';
import { createSpool, openLedger } from '../../src/ledger/index.ts';
import { createProvider, parseProvider } from '../../src/providers/index.ts';
import { readText } from '../../src/config/index.ts';
import { ctlDefinition } from '../support/workspace.ts';
import { repository } from '../support/dray.ts';

const ORDERS = 50_000;
const LINES = 3;
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A whole drop from the folder to `received`, beside the loop somebody would write in an evening: parse, group, stringify. */
export async function benchIntake(): Promise<{ name: string; value: number; unit: string }[]> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  try {
    const file = join(directory, 'orders.csv');
    await pipeline(Readable.from(orderLines()), createWriteStream(file));
    const bareMs = await timed(() => bareLoop(file));
    const { flow, parts } = await openFlow(directory);
    await pipeline(createReadStream(file), createWriteStream(join(directory, 'erp', 'in', 'orders.csv')));
    const entry = await flow.folder.stat('in/orders.csv');
    if (entry === undefined) throw new Error('the drop is not in its folder');
    const oursMs = await timed(async () => void (await takeDrop(flow, new Map([['', entry]]), parts)));
    await parts.ledger.close();
    const megabytes = (await stat(file)).size / 1e6;
    return [
      { name: 'intake bare parse, group, stringify', value: (ORDERS / bareMs) * 1000, unit: 'orders/s' },
      { name: 'intake folder to received', value: (ORDERS / oursMs) * 1000, unit: 'orders/s' },
      { name: 'intake folder to received', value: (megabytes / oursMs) * 1000, unit: 'MB/s' },
      { name: 'intake relative to the bare loop', value: bareMs / oursMs, unit: 'ratio' },
      { name: 'intake peak memory of the process', value: process.resourceUsage().maxRSS / 1024, unit: 'MB' },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function* orderLines(): Generator<string, void, void> {
  yield 'OrderNo,OrderDate,CustomerPO,ShipCompany,Address1,City,State,Zip,LineNo,SKU,Qty,UOM\n';
  for (let order = 0; order < ORDERS; order++) {
    const head = `SO-${String(order).padStart(8, '0')},2026-05-04,PO-${order % 991},Okafor Studio ${order % 97},${order % 211} Harbor Lane,Dayton,OH,45402`;
    for (let line = 1; line <= LINES; line++)
      yield `${head},${line},SKU-${(order + line) % 500},${(line % 9) + 1},EACH\n`;
  }
}

async function bareLoop(file: string): Promise<void> {
  let order: Record<string, unknown>[] = [];
  let key = '';
  let bytes = 0;
  for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
    const record = row as Record<string, string>;
    if (record['OrderNo'] !== key) {
      bytes += JSON.stringify(order).length;
      order = [];
      key = record['OrderNo'] ?? '';
    }
    order.push({
      Sku: record['SKU'],
      Quantity: Number(record['Qty']),
      ShipTo: { Name: record['ShipCompany'], City: record['City'] },
    });
  }
  if (bytes === 0) throw new Error('nothing was read');
}

/** A flow with a ledger of its own below a directory; its folder lies there too, unless it is given. */
export async function openFlow(
  directory: string,
  remote?: InboundFlow['folder'],
): Promise<{ flow: InboundFlow; parts: InboundParts }> {
  const ledger = await openLedger({ path: join(directory, 'data', 'dray.db'), clock: systemClock, log: silent });
  const folder = remote ?? (await openLocalFolder({ name: 'erp', path: join(directory, 'erp'), create: true }));
  for await (const _ of folder.list('in')) break;
  const { definition } = parseProvider(readText(ctlDefinition) ?? '', 'provider.yaml', (path) => ({
    file: path,
    text: readText(join(repository, 'mappings/ctl', path)) ?? '',
  }));
  if (definition === undefined) throw new Error('the definition cannot be used');
  const settings = { clientId: 'demo', userId: 'demo' };
  const options = { name: 'ctl', baseUrl: 'http://127.0.0.1:9', settings, clock: systemClock, log: silent };
  const operation = createProvider(definition, options).operations.get('order.create');
  const { mapping } = await loadMapping(join(repository, 'mappings/ctl/order.yaml'), 'order.yaml', operation?.schema);
  const format = formats.get('csv');
  if (operation === undefined || mapping?.kind !== 'inbound' || format === undefined)
    throw new Error('the flow cannot be built');
  const flow: InboundFlow = {
    name: 'orders',
    folder,
    directory: 'in',
    picks: () => true,
    quietMs: 0,
    format,
    mapping,
    provider: 'ctl',
    operation,
    operations: new Map(),
    readOptions: () => mapping.definition.read.options,
    accept: 'document',
    limits: defaultLimits,
    done: 'done',
    failed: 'failed',
    results: 'results',
    result: { format, options: {}, toCell: (text) => text },
  };
  const parts = {
    ledger,
    spool: createSpool(join(directory, 'data', 'spool')),
    clock: systemClock,
    log: silent,
  };
  return { flow, parts };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
