import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { parse } from 'csv-parse';

import { defaultLimits } from '../../src/core/limits.ts';
import { csv } from '../../src/formats/csv/csv.ts';

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const ROWS = 250_000;
const ROUNDS = 3;

/** Our reader beside the bare parser it is built on, on one file of about 50 MB; the best of some alternating rounds. */
export async function benchCsv(): Promise<Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  try {
    const file = join(directory, 'orders.csv');
    await pipeline(Readable.from(orderLines()), createWriteStream(file));
    const megabytes = (await stat(file)).size / 1e6;
    const times = { bare: Infinity, ours: Infinity };
    let peakBytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      times.bare = Math.min(times.bare, await timed(() => readBare(file)));
      times.ours = Math.min(
        times.ours,
        await timed(async () => void (peakBytes = Math.max(peakBytes, await readOurs(file)))),
      );
    }
    return [
      { name: 'csv bare csv-parse', value: megabytes / times.bare, unit: 'MB/s' },
      { name: 'csv read', value: megabytes / times.ours, unit: 'MB/s' },
      { name: 'csv read relative to bare csv-parse', value: times.bare / times.ours, unit: 'ratio' },
      { name: 'csv read peak memory in use', value: peakBytes / 1e6, unit: 'MB' },
    ];
  } finally {
    await rm(directory, { recursive: true });
  }
}

function* orderLines(): Generator<string, void, void> {
  yield 'OrderNo,Line,OrderDate,ShipTo,Street,City,Zip,Country,SKU,Description,Qty,Unit,Price,Note\r\n';
  for (let row = 0; row < ROWS; row++) {
    const order = `SO-${String(Math.floor(row / 3)).padStart(8, '0')}`;
    const address = `"Müller & Söhne ${row % 997}, Tor ${row % 7}",Hafenstraße ${row % 211},Hamburg,${20_000 + (row % 900)},DE`;
    const item = `SKU-${row % 5000},"Pipe ${row % 90}"" galvanised, with thread and sleeve, per metre",${(row % 40) + 1},EA,${row % 500}.90`;
    yield `${order},${(row % 3) + 1},2026-03-${String((row % 28) + 1).padStart(2, '0')},${address},${item},leave at gate ${row % 12} if nobody answers\r\n`;
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

async function readBare(file: string): Promise<void> {
  const parser = parse({ columns: false });
  let rows = 0;
  parser.on('data', () => rows++);
  await pipeline(createReadStream(file), parser);
  if (rows !== ROWS + 1) throw new Error(`${rows} rows`);
}

/** Answers the most memory in use, in bytes. */
async function readOurs(file: string): Promise<number> {
  let rows = 0;
  let peakBytes = 0;
  let events = 0;
  for await (const event of csv.read(createReadStream(file), {}, { file, limits: defaultLimits })) {
    if (event.kind === 'records') rows += event.records.length;
    if (events++ % 50 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }
  if (rows !== ROWS) throw new Error(`${rows} rows`);
  return peakBytes;
}
