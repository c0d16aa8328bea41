import { type Desk } from './desk.ts';
import { addProduct } from './products.ts';
import { type Book, type FlexportState } from './state.ts';
import { stockOf } from './stock.ts';

/** Name, merchant SKU, pounds, units in the sellable pool, units in storage. */
const PRODUCTS: readonly (readonly [name: string, sku: string, pounds: number, units: number, stored: number])[] = [
  ['Insulated bottle 750 ml, slate', 'BTL-750-SLATE', 0.91, 4800, 12_000],
  ['Insulated bottle 500 ml, sand', 'BTL-500-SAND', 0.7, 2400, 0],
  ['Standard cap', 'CAP-STD', 0.05, 9600, 4800],
  ['Sport cap', 'CAP-SPORT', 0.07, 3600, 0],
  ['Stoneware mug 350 ml', 'MUG-350', 0.8, 1800, 0],
  ['T-shirt black M', 'TEE-M-BLK', 0.37, 1500, 0],
  ['Cotton tote natural', 'TOTE-NAT', 0.3, 2200, 6000],
  ['Kitchen scale with display', 'SCALE-PRO', 2.4, 0, 0],
];

/** Products whose lots are tracked. */
const LOTS: Readonly<Record<string, { lotNumber: string; expirationDate: string }>> = {
  'BTL-750-SLATE': { lotNumber: 'L2409', expirationDate: '2049-09-30T00:00:00Z' },
};

/** What Flexport knows before anybody wrote to it: the account `demo`, whose token `demo` may do everything. */
export function createState(): FlexportState {
  const demo = { account: 'demo', scopes: null, endsAt: null, bucket: { level: Number.MAX_SAFE_INTEGER, at: 0 } };
  return { tokens: new Map([['demo', demo]]), accounts: new Map() };
}

export function createBook(): Book {
  return {
    isFrozen: false,
    counters: new Map(),
    queue: [],
    products: new Map(),
    skus: new Map(),
    stock: new Map(),
    orders: new Map(),
    wholesale: new Map(),
    inbounds: new Map(),
    returns: new Map(),
    externalIds: new Map(),
    events: [],
    reports: new Map(),
    webhooks: new Map(),
    deliveries: [],
    posts: [],
    uploads: new Map(),
    replays: new Map(),
  };
}

/** Fills a new account's book with products and stock; nothing of it is an event. */
export function stockBook(desk: Desk): void {
  for (const [name, merchantSku, weight, units, stored] of PRODUCTS) {
    const dimensions = { weight, weightUnit: 'lb', length: 4, width: 4, height: 10, lengthUnit: 'in' };
    const product = addProduct(desk, { name, merchantSku, dimensions });
    product.dimsLocked = true;
    product.lot = LOTS[merchantSku] ?? null;
    for (const [pool, count] of [
      ['DEFAULT', units],
      ['STORAGE', stored],
    ] as const) {
      Object.assign(stockOf(desk.book, pool, product.logisticsSku), { onHand: count, available: count });
    }
  }
}
