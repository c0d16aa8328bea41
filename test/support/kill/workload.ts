import { createHash } from 'node:crypto';
import { createRandom, type Random } from './random.ts';

/** One document of a file, and what must become of it. */
export interface ExpectedDocument {
  readonly key: string;
  readonly records: number;
  readonly outcome: 'accepted' | 'rejected';
  /** `SKU quantity` of each line, in order; of accepted documents. */
  readonly items: readonly string[];
}

/** A file as a sender places it, and what must become of it. */
export interface PlacedFile {
  readonly flow: 'orders' | 'purchase-orders';
  readonly name: string;
  readonly content: string;
  readonly hash: string;
  readonly end: 'done' | 'failed';
  readonly documents: readonly ExpectedDocument[];
}

/** Everything that happens around the program in one scenario. */
export interface Workload {
  readonly seed: number;
  /** There before the first start. */
  readonly files: readonly PlacedFile[];
  /** Placed after the first kill when its name is free then. */
  readonly later: readonly PlacedFile[];
  /** Orders and purchase orders that another program of the client made. */
  readonly foreign: { readonly orders: number; readonly purchaseOrders: number };
  /** Whether outbound files are taken and deleted as soon as they appear. */
  readonly isConsumed: boolean;
  readonly hasInventory: boolean;
  readonly concurrency: number;
  /** Faults of the provider, as its administration takes them. */
  readonly faults: readonly object[];
}

const SKUS = ['BTL-750-SLATE', 'CAP-STD', 'MUG-350', 'TEE-M-BLK'] as const;
const ORDER_HEADER = 'OrderNo,OrderDate,CustomerPO,ShipName,Address1,City,State,Zip,Country,LineNo,SKU,Qty,UOM';
const PURCHASE_HEADER = 'PONumber,ExpectedDate,Vendor,Invoice,Ready,SKU,Qty,UOM';

/** The workload of a seed: small, so that many can be run, and with everything that makes recovery hard. */
export function createWorkload(seed: number): Workload {
  const random = createRandom(seed);
  const keys = keySource(seed);
  const plain = Array.from({ length: 2 }, () => order(keys('S'), random));
  const files = [
    file('orders', 'a-plain.csv', plain),
    file('purchase-orders', 'p-one.csv', purchaseOrders(keys, random)),
  ];
  if (random.chance(0.7)) files.push(mixedFile(keys, random));
  if (random.chance(0.6)) files.push(repeatFile(plain, keys, random));
  if (random.chance(0.5)) files.push(file('orders', 'd-twin.csv', plain));
  if (random.chance(0.4)) files.push(brokenFile(keys, random));
  const later = random.chance(0.5) ? [file('orders', 'a-plain.csv', [order(keys('L'), random)])] : [];
  return {
    seed,
    files,
    later,
    foreign: { orders: 1 + random.below(2), purchaseOrders: 1 },
    isConsumed: random.chance(0.6),
    hasInventory: random.chance(0.4),
    concurrency: random.pick([1, 4]),
    faults: random.chance(0.35) ? [fault(random)] : [],
  };
}

interface Document extends ExpectedDocument {
  readonly rows: readonly string[];
}

type KeySource = (letter: string) => string;

function keySource(seed: number): KeySource {
  let count = 0;
  return (letter) => `${letter}${seed % 1_000_000}-${++count}`;
}

function order(key: string, random: Random, lines = 1 + random.below(3)): Document {
  const items = Array.from({ length: lines }, () => ({ sku: random.pick(SKUS), quantity: 1 + random.below(9) }));
  return {
    key,
    records: lines,
    outcome: 'accepted',
    items: items.map(({ sku, quantity }) => `${sku} ${quantity}`),
    rows: items.map(({ sku, quantity }, index) => orderRow(key, 10 * (index + 1), sku, String(quantity))),
  };
}

function orderRow(key: string, line: number, sku: string, quantity: string): string {
  return `${key},2026-05-04,PO-88,Okafor Studio,18 Harbor Lane,Dayton,OH,45402,US,${line},${sku},${quantity},EACH`;
}

function rejected(document: Document, rows = document.rows): Document {
  return { ...document, rows, outcome: 'rejected', items: [] };
}

/** Rows of two documents in turn, and a third whose quantity is a word. */
function mixedFile(keys: KeySource, random: Random): PlacedFile {
  const [first, second] = [order(keys('M'), random, 2), order(keys('M'), random, 2)];
  const key = keys('B');
  const bad = rejected(order(key, random, 1), [orderRow(key, 10, 'CAP-STD', 'two')]);
  const rows = [first.rows[0], second.rows[0], ...bad.rows, first.rows[1], second.rows[1]].filter(
    (row) => row !== undefined,
  );
  return placed('orders', 'b-mixed.csv', [ORDER_HEADER, ...rows], [first, second, bad], 'done');
}

/** A document that came before, one that came before with other content, and a new one. */
function repeatFile(known: readonly Document[], keys: KeySource, random: Random): PlacedFile {
  const [same, other] = known;
  if (same === undefined || other === undefined) throw new RangeError('two documents are needed');
  const changed = rejected(other, [orderRow(other.key, 10, 'MUG-350', '99')]);
  return file('orders', 'c-repeat.csv', [same, { ...changed, records: 1 }, order(keys('N'), random)]);
}

/** A file that is refused as a whole, for its key column is missing. */
function brokenFile(keys: KeySource, random: Random): PlacedFile {
  const { rows } = order(keys('X'), random);
  const lines = [ORDER_HEADER, ...rows].map((line) => line.slice(line.indexOf(',') + 1));
  return placed('orders', 'e-broken.csv', lines, [], 'failed');
}

function purchaseOrders(keys: KeySource, random: Random): Document[] {
  return Array.from({ length: 1 + random.below(2) }, () => {
    const key = keys('P');
    const [sku, quantity] = [random.pick(SKUS), 5 + random.below(20)];
    const rows = [`${key},2026-05-20,Porto Metals Lda,PM-118,Y,${sku},${quantity},EACH`];
    return { key, records: 1, outcome: 'accepted', items: [`${sku} ${quantity}`], rows };
  });
}

function file(flow: PlacedFile['flow'], name: string, documents: readonly Document[]): PlacedFile {
  const header = flow === 'orders' ? ORDER_HEADER : PURCHASE_HEADER;
  return placed(flow, name, [header, ...documents.flatMap(({ rows }) => rows)], documents, 'done');
}

function placed(
  flow: PlacedFile['flow'],
  name: string,
  lines: readonly string[],
  documents: readonly Document[],
  end: PlacedFile['end'],
): PlacedFile {
  const content = `${lines.join('\n')}\n`;
  const expected = documents.map(({ key, records, outcome, items }) => ({ key, records, outcome, items }));
  return { flow, name, content, hash: hashOf(content), end, documents: expected };
}

function fault(random: Random): object {
  const action = random.pick([
    { drop: 'after-commit' },
    { drop: 'before-commit' },
    { status: 503 },
    { drop: 'mid-body' },
  ]);
  return { match: { provider: 'ctl', method: 'PUT', every: 2, times: 2 }, action };
}

/** SHA-256, hex. */
export function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
