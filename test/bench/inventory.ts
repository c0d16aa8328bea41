import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { measureDray } from '../soak/measure.ts';
import {
  startFeedProvider,
  stockMapping,
  writeOutboundProject,
  type FeedProvider,
} from '../support/outbound-provider.ts';

/** `DRAY_ROWS=1000000 npm run bench -- inventory` measures a larger stock; a page has 100 rows. */
const ROWS = Number(process.env['DRAY_ROWS'] ?? 100_000);

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A snapshot of a large stock against a loop that fetches the same pages and writes the same text. */
export async function benchInventory(): Promise<readonly Figure[]> {
  const provider = await startFeedProvider();
  try {
    const small = await snapshot(provider, ROWS / 10);
    const large = await snapshot(provider, ROWS);
    const bare = await bareLoop(provider.url);
    return [
      { name: `inventory of ${ROWS} rows`, value: large.seconds, unit: 's' },
      { name: 'the same pages, fetched and written without more', value: bare, unit: 's' },
      { name: 'ratio', value: large.seconds / bare, unit: 'x' },
      { name: `most memory with ${ROWS / 10} rows`, value: small.peakMegabytes, unit: 'MB' },
      { name: `most memory with ${ROWS} rows`, value: large.peakMegabytes, unit: 'MB' },
    ];
  } finally {
    await provider.close();
  }
}

async function snapshot(provider: FeedProvider, rows: number): Promise<{ seconds: number; peakMegabytes: number }> {
  provider.stock = Array.from({ length: rows }, (_, index) => ({
    Sku: `SKU-${String(index).padStart(7, '0')}`,
    OnHand: index % 5 === 0 ? '0' : `${index % 1000}.5`,
  }));
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  try {
    const write = { format: 'csv', lineEnd: 'lf', records: { trailer: ['{rows}', '{sum:OnHand}'] } };
    await writeOutboundProject(directory, provider.url, {
      stock: { feed: 'stock', flow: {}, mapping: { ...stockMapping, write } },
    });
    await liftRate(join(directory, 'provider.yaml'));
    const measured = await measureDray(['--config', 'config.yaml', 'run', '--once', '--log', 'error'], directory);
    if (measured.code !== 0) throw new Error(`dray ended with ${String(measured.code)}: ${measured.said}`);
    await requireRight(join(directory, 'erp/out'), provider);
    return measured;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A rate would be what is measured: the bare loop keeps none. */
async function liftRate(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const lifted = text.replace('rate: 1000/s', 'rate: 1000000/s');
  if (lifted === text) throw new Error('the provider of the bench has another rate');
  await writeFile(path, lifted);
}

async function requireRight(directory: string, { stock }: FeedProvider): Promise<void> {
  const [name = ''] = await readdir(directory);
  const tenths = stock.reduce((sum, { OnHand }) => sum + Math.round(Number(OnHand) * 10), 0);
  const total = `${Math.floor(tenths / 10)}.${tenths % 10}`;
  const expected = [
    'Sku,OnHand',
    ...stock.map(({ Sku, OnHand }) => `${Sku},${OnHand}`),
    `${stock.length},${total}`,
    '',
  ].join('\n');
  if ((await readFile(join(directory, name), 'utf8')) !== expected)
    throw new Error('the file is not that of the stock');
}

async function bareLoop(url: string): Promise<number> {
  const startMs = performance.now();
  let text = '';
  for (let offset = 0; ; offset += 100) {
    const answer = await fetch(`${url}/stock?offset=${offset}&limit=100`);
    const rows = (await answer.json()) as { Sku: string; OnHand: string }[];
    if (rows.length === 0) break;
    for (const { Sku, OnHand } of rows) text += `${Sku},${OnHand}\n`;
  }
  if (text === '') throw new Error('the provider has no stock');
  return (performance.now() - startMs) / 1000;
}
