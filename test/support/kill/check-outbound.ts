import { parse } from 'csv-parse/sync';
import type { OutboundFile } from '../../../src/core/ledger.ts';
import { differences, type Report, type Settled } from './checker.ts';
import type { SeenFile } from './consumer.ts';
import type { LedgerDump } from './evidence.ts';
import type { StreamEntry } from './provider.ts';

/** I5 to I8: what was written back, what is left over, what was read, and whether it all stays as it is. */
export function checkOutbound(settled: Settled, report: Report): void {
  const seen = seenFiles(settled);
  checkFiles(settled, seen, report);
  checkRows(seen, 'ship-confirmations', shippedRows(settled.provider.orders), shipmentRow, settled, report);
  checkRows(seen, 'receipts', receivedRows(settled.provider.receipts), receiptRow, settled, report);
  checkLeftovers(settled, report);
  checkStreams(settled, report);
  checkIdle(settled, report);
}

const OUTBOUND = /^(shipconf|receipts|inventory|orders\/results|purchase-orders\/results)\/[^.]/;

/** Every outbound file anybody ever saw: taken by the consumer, or still there. */
function seenFiles({ taken, idle }: Settled): SeenFile[] {
  return [...taken, ...idle.folder.filter(({ path }) => OUTBOUND.test(path))];
}

/** I5: each name seen once, whole, and in the book. */
function checkFiles({ idle, phases }: Settled, seen: readonly SeenFile[], report: Report): void {
  const { files } = idle.dump;
  const describe = (path: string, hash: string): string => `${path} ${hash.slice(0, 12)}`;
  differences(
    files.map(({ path, hash }) => describe(path, hash)),
    seen.map(({ path, hash }) => describe(path, hash)),
    (file, wanted, got) => report('I5', `${file} was seen ${got} times; the ledger has it ${wanted} times`),
  );
  for (const { path, state } of files) if (state !== 'published') report('I5', `${path} is ${state} in the end`);
  // Once it has a name, a file keeps its bytes.
  const known = new Map<string, OutboundFile>();
  for (const file of phases.flatMap(({ dump }) => dump?.files ?? [])) {
    const before = known.get(file.path);
    if (before !== undefined && before.hash !== file.hash)
      report('I5', `${file.path} changed its content in the ledger`);
    known.set(file.path, file);
  }
}

/** I5: each fact of the provider in exactly one file of the flow. */
function checkRows(
  seen: readonly SeenFile[],
  flow: string,
  expected: readonly string[],
  rowOf: (row: Record<string, string>) => string,
  { idle }: Settled,
  report: Report,
): void {
  const paths = new Set(idle.dump.files.filter((file) => file.flow === flow).map(({ path }) => path));
  const found = seen.filter(({ path }) => paths.has(path)).flatMap(({ content }) => rowsOf(content).map(rowOf));
  differences(expected, found, (row, wanted, got) =>
    report('I5', `${flow}: the row ${row} was written ${got} times; the provider has it ${wanted} times`),
  );
}

function rowsOf(content: string): Record<string, string>[] {
  return parse(content, { columns: true, bom: true });
}

interface Shipment {
  readonly Id: string;
  readonly Packages: readonly { TrackingNumber?: string; Items: readonly OrderItem[] }[];
}
interface OrderItem {
  readonly Sku: string;
  readonly Quantity: number;
  readonly Variables?: readonly { Key: string; Value: string }[];
}

function shippedRows(orders: readonly StreamEntry[]): string[] {
  return orders.flatMap((order) => {
    const { Variables, Shipments } = order as unknown as {
      Variables: OrderItem['Variables'];
      Shipments: readonly Shipment[];
    };
    const key = valueOf(Variables, 'BridgeOrderId');
    return Shipments.flatMap(({ Id, Packages }) =>
      Packages.flatMap(({ Items }) =>
        Items.map(({ Sku, Quantity, Variables: own }) => [key, Id, Sku, valueOf(own, 'LineNo'), Quantity].join(' ')),
      ),
    );
  });
}

function valueOf(variables: OrderItem['Variables'], key: string): string {
  return variables?.find(({ Key }) => Key === key)?.Value ?? '';
}

function shipmentRow(row: Record<string, string>): string {
  return [row['OrderNo'], row['ShipmentId'], row['SKU'], row['LineNo'], row['QtyShipped']].join(' ');
}

function receivedRows(receipts: readonly StreamEntry[]): string[] {
  return receipts.flatMap((receipt) => {
    const { Id, Items } = receipt as unknown as {
      Id: string;
      Items: readonly { ProductId: string; Quantity: number }[];
    };
    return Items.map(({ ProductId, Quantity }) => [Id, ProductId, Quantity].join(' '));
  });
}

function receiptRow(row: Record<string, string>): string {
  return [row['ReceiptId'], row['SKU'], row['QtyReceived']].join(' ');
}

/** I6: nothing temporary, claimed or spooled is left when nothing is under way. */
function checkLeftovers({ idle, spool, hasIdle }: Settled, report: Report): void {
  for (const { path } of idle.folder) {
    if (path.split('/').some((name) => name.startsWith('.') || name.endsWith('.tmp')))
      report('I6', `${path} is left over`);
    else if (!OUTBOUND.test(path) && !/^(orders|purchase-orders)\/(in|done|failed)\//.test(path))
      report('I6', `nobody owns ${path}`);
  }
  // What is filed and published leaves the spool at the next start, but for bytes that are kept to be written again.
  const kept = new Set(idle.dump.files.flatMap((file) => (file.keptUntil === undefined ? [] : [file.spool])));
  if (hasIdle) for (const name of spool) if (!kept.has(name)) report('I6', `${name} is left in the spool`);
}

const FEEDS = { shipments: 'orders', receipts: 'receipts' } as const;

/** I7: the ledger has every entry the provider shows, and no cursor went back or passed one by. */
function checkStreams({ phases, idle, provider }: Settled, report: Report): void {
  for (const [feed, stream] of Object.entries(FEEDS)) {
    const known = new Set(idle.dump.items.filter((item) => item.feed === feed).map(({ index }) => index));
    const shown = provider[stream];
    for (const { UpdateIndex } of shown)
      if (!known.has(String(UpdateIndex))) report('I7', `${feed}: entry ${UpdateIndex} is not in the ledger`);
    const end = (shown.at(-1)?.UpdateIndex ?? 0) + 1;
    let before = 0;
    for (const { name, dump } of phases) {
      const cursor = Number(cursorOf(dump, feed));
      if (cursor < before) report('I7', `${feed}: the cursor went back from ${before} to ${cursor} at ${name}`);
      before = cursor;
    }
    if (before > end) report('I7', `${feed}: the cursor ${before} is beyond the stream, which ends before ${end}`);
  }
}

function cursorOf(dump: LedgerDump | undefined, feed: string): string {
  return dump?.overview.feeds.find((one) => one.feed === feed)?.cursor ?? '';
}

/** I8: a start without work changes neither folders nor ledger. A snapshot states everything anew, so it does not count. */
function checkIdle({ last, idle, workload }: Settled, report: Report): void {
  const folder = (files: readonly SeenFile[]): string[] =>
    files.filter(({ path }) => !path.startsWith('inventory/')).map(({ path, hash }) => `${path} ${hash}`);
  differences(folder(last.folder), folder(idle.folder), (file, before, after) =>
    report('I8', `a start without work changed ${file}: ${before} before, ${after} after`),
  );
  if (idle.taken !== last.taken && !workload.hasInventory)
    report('I8', `a start without work published ${idle.taken - last.taken} files`);
  const [before, after] = [comparable(last.dump), comparable(idle.dump)];
  for (const part of Object.keys(before) as (keyof typeof before)[]) {
    if (JSON.stringify(before[part]) !== JSON.stringify(after[part]))
      report('I8', `a start without work changed the ${part} in the ledger`);
  }
}

function comparable(
  dump: LedgerDump,
): Record<'drops' | 'documents' | 'submissions' | 'items' | 'files' | 'feeds', unknown> {
  const { drops, documents, submissions } = dump;
  return {
    drops,
    documents,
    submissions,
    items: dump.items.filter(({ feed }) => feed !== 'inventory'),
    files: dump.files.filter(({ flow }) => flow !== 'inventory'),
    feeds: dump.overview.feeds.filter(({ feed }) => feed !== 'inventory'),
  };
}
