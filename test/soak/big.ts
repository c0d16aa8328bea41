import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'yaml';
import { ZipFile } from 'yazl';
import { repository } from '../support/dray.ts';
import { ctlConfig, inboundFlow } from '../support/workspace.ts';
import { describeRefusal, endless, refuse } from './bounds.ts';
import { measureDray, type Measured } from './measure.ts';
import { keyMapping, orderMapping, writeCsvOrders, writeJsonOrders, type Written } from './orders.ts';

const MOST_MEGABYTES = 250;
const MOST_MS = 1000;
/** What the ledger and the spool take beside a file. */
const ROOM = 8;
const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9 };

/** Sizes as fractions of that of the CSV file: 2 GB, and with it 500 MB of JSON, a line of 1 GB, a cell of 100 MB. */
const shares = { json: 1 / 4, line: 1 / 2, cell: 1 / 20 } as const;

interface Workplace {
  readonly directory: string;
  readonly bytes: number;
}

const suites: Readonly<Record<string, (place: Workplace) => Promise<boolean>>> = {
  csv: csvOrders,
  json: jsonOrders,
  bounds: boundsInProcess,
  files: boundsOfFiles,
};

/** Files larger than memory: what they cost, and how soon what has no end is refused. Answers whether all is well. */
export async function runBig(size = '2GB', only = Object.keys(suites).join(',')): Promise<boolean> {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(MB|GB)$/.exec(size) ?? [];
  const chosen = only.split(',').map((name) => suites[name]);
  const bytes = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(bytes > 0) || chosen.includes(undefined)) {
    print(`usage: npm run soak -- big [--size 100MB|2GB] [--only ${Object.keys(suites).join(',')}]`);
    return false;
  }
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < bytes * ROOM) {
    print(`${tmpdir()} has no room for ${ROOM} times ${size}`);
    return false;
  }
  const directory = await mkdtemp(join(tmpdir(), 'dray-soak-'));
  try {
    await writeFile(join(directory, 'config.yaml'), stringify(configOf()));
    await writeFile(join(directory, 'json.yaml'), orderMapping('{ format: json, path: data.Orders }'));
    let isWell = true;
    for (const suite of chosen) isWell = ((await suite?.({ directory, bytes })) ?? false) && isWell;
    return isWell;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Nothing answers at the provider's address: what is measured ends when the drop is received. */
function configOf(): object {
  const json = inboundFlow('json', 'json.yaml', 'order.create', { pick: 'json/in/*.json' });
  const inbound = { orders: inboundFlow('orders', 'order', 'order.create'), json };
  return ctlConfig('http://127.0.0.1:9', { inbound });
}

async function csvOrders({ directory, bytes }: Workplace): Promise<boolean> {
  const file = await writeCsvOrders(join(directory, 'orders.csv'), bytes);
  return mapAndRun(directory, file, join(repository, 'mappings/ctl/order.yaml'), 'orders');
}

async function jsonOrders({ directory, bytes }: Workplace): Promise<boolean> {
  const file = await writeJsonOrders(join(directory, 'orders.json'), bytes * shares.json);
  return mapAndRun(directory, file, 'json.yaml', 'json');
}

async function mapAndRun(directory: string, file: Written, mapping: string, flow: string): Promise<boolean> {
  const megabytes = Math.round(file.bytes / 1e6);
  const called = `${flow === 'json' ? 'JSON' : 'CSV'} of ${megabytes} MB, ${file.orders} orders`;
  const target = ['--provider', 'ctl', '--operation', 'order.create'];
  const mapped = await measureDray(['map', file.path, '--mapping', mapping, ...target], directory);
  const isMapped = mapped.code === 0 && mapped.lines === file.orders;
  const isLight = tell(`map, ${called}`, mapped, isMapped, file);
  const folder = join(directory, 'erp', flow, 'in');
  await mkdir(folder, { recursive: true });
  await rename(file.path, join(folder, `drop.${flow === 'json' ? 'json' : 'csv'}`));
  const received = await measureDray(['run', '--once', '--json'], directory, 'drop received');
  const isReceived = received.said.includes('drop received') && received.said.includes('"refused":false');
  const isLightToo = tell(`run to received, ${called}`, received, isReceived, file);
  for (const part of ['erp', 'data']) await rm(join(directory, part), { recursive: true, force: true });
  return isLight && isLightToo;
}

function tell(called: string, measured: Measured, isDone: boolean, file: Written): boolean {
  const { seconds, peakMegabytes, said } = measured;
  const isWell = isDone && peakMegabytes < MOST_MEGABYTES;
  const speed = file.bytes / 1e6 / seconds;
  print(
    `${isWell ? 'ok    ' : 'FAILED'} ${called}: peak ${peakMegabytes.toFixed(0)} MB, ${seconds.toFixed(0)} s, ${speed.toFixed(0)} MB/s`,
  );
  if (!isDone) print(`exit ${measured.code}, ${measured.lines} lines; it said: ${said.slice(-1500)}`);
  return isWell;
}

async function boundsInProcess({ bytes }: Workplace): Promise<boolean> {
  let isWell = true;
  for (const record of endless) {
    const refusal = await refuse(record, bytes * shares.line);
    const { issue, delayMs } = refusal;
    const isRefused = issue?.where.line === record.line && delayMs < MOST_MS;
    print(`${isRefused ? 'ok    ' : 'FAILED'} ${record.name}: ${describeRefusal(refusal)}`);
    isWell &&= isRefused;
  }
  return isWell;
}

/** The same with files at rest and the real program, whose start counts as well. */
async function boundsOfFiles({ directory, bytes }: Workplace): Promise<boolean> {
  const line = join(directory, 'line.csv');
  await writeRepeated(line, 'OrderNo,SKU\r\n1,', 'abcdefgh', '\r\n', bytes * shares.line);
  const cell = join(directory, 'cell.csv');
  await writeRepeated(cell, 'OrderNo,SKU\r\n1,"', 'abc\r\ndef', '"\r\n', bytes * shares.cell);
  const book = join(directory, 'cell.xlsx');
  await writeBook(book, bytes * shares.cell);
  for (const format of ['csv', 'xlsx']) await writeFile(join(directory, `${format}.yaml`), keyMapping(format));
  let isWell = true;
  for (const path of [line, cell, book]) {
    const mapping = path.endsWith('.xlsx') ? 'xlsx.yaml' : 'csv.yaml';
    const measured = await measureDray(['map', path, '--mapping', mapping], directory);
    const isPlaced = /line \d+|cell [A-Z]+\d+/.test(measured.said);
    const isRefused = measured.code === 1 && isPlaced && measured.peakMegabytes < MOST_MEGABYTES;
    const cost = `${measured.seconds.toFixed(1)} s with its start, peak ${measured.peakMegabytes.toFixed(0)} MB`;
    print(
      `${isRefused ? 'ok    ' : 'FAILED'} map, ${path.slice(directory.length + 1)}: ${cost}: ${measured.said.trim().slice(-300)}`,
    );
    isWell &&= isRefused;
    await rm(path);
  }
  return isWell;
}

async function writeRepeated(
  path: string,
  opening: string,
  filling: string,
  closing: string,
  bytes: number,
): Promise<void> {
  await pipeline(Readable.from(repeated(opening, filling, closing, bytes)), createWriteStream(path));
}

function* repeated(opening: string, filling: string, closing: string, bytes: number): Generator<Buffer, void, void> {
  const piece = Buffer.alloc(1024 * 1024, filling);
  yield Buffer.from(opening);
  for (let written = 0; written < bytes; written += piece.length) yield piece;
  yield Buffer.from(closing);
}

/** A workbook with one cell of so many bytes, not packed, so that it is no bomb. */
async function writeBook(path: string, bytes: number): Promise<void> {
  const { makeWorkbook, unzip } = await import('../support/workbook.ts');
  const parts = await unzip(await makeWorkbook({ sheets: { Orders: '@@' } }));
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) {
    const [before = '', after] = content.split('@@');
    if (after === undefined) zip.addBuffer(Buffer.from(content), name);
    else {
      const row =
        '<row r="1"><c r="A1" t="inlineStr"><is><t>OrderNo</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>';
      const pieces = repeated(before + row, 'abcdefgh', `</t></is></c></row>${after}`, bytes);
      zip.addReadStream(Readable.from(pieces), name, { compress: false });
    }
  }
  zip.end();
  await pipeline(zip.outputStream as Readable, createWriteStream(path));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
