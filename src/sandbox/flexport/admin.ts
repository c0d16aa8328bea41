import { AdminError, type RecordAddress } from '../frame.ts';
import { readText, seedEntries, type Seeder } from '../seeding.ts';
import { SCOPES } from './access.ts';
import { type Desk } from './desk.ts';
import { moveInbound, receiveUnits } from './inbound-life.ts';
import { cancelOrder, deliverOrder, pickOrder, routeOrder, shipOrder, shipRest, tellOrder } from './order-life.ts';
import { addProduct } from './products.ts';
import { moveReturn } from './returns.ts';
import { type Book, type FlexportState } from './state.ts';
import { adjust, findBySku, POOLS } from './stock.ts';
import { type ProductBody } from './types.ts';
import {
  bookWholesale,
  cancelWholesale,
  completeWholesale,
  startWholesale,
  tenderWholesale,
} from './wholesale-life.ts';

const KINDS: Readonly<Record<string, (book: Book) => ReadonlyMap<string, unknown>>> = {
  orders: ({ orders }) => orders,
  'b2b-orders': ({ wholesale }) => wholesale,
  inbounds: ({ inbounds }) => inbounds,
  returns: ({ returns }) => returns,
  products: ({ products }) => products,
  stock: ({ stock }) => stock,
  reports: ({ reports }) => reports,
  webhooks: ({ webhooks }) => webhooks,
  uploads: ({ uploads }) => uploads,
  deliveries: ({ deliveries }) => new Map(deliveries.map((delivery, place) => [String(place + 1), delivery])),
};

/** One record, or all ids of a kind. Throws `AdminError` for an unknown kind. */
export function inspectBook(book: Book, { kind, id }: RecordAddress): unknown {
  const records = KINDS[kind]?.(book);
  if (records === undefined) throw new AdminError(`kind must be one of ${Object.keys(KINDS).join(', ')}`);
  return id === '' ? { ids: [...records.keys()] } : records.get(id);
}

type Force = (desk: Desk, id: string) => void;

const turnOf = ({ book }: Desk, id: string): number => book.orders.get(id)?.turn ?? 0;
const bookOrder: Force = (desk, id) => routeOrder(desk, id, turnOf(desk, id));
const sendOrder: Force = (desk, id) => {
  bookOrder(desk, id);
  pickOrder(desk, id, turnOf(desk, id));
  shipOrder(desk, id, turnOf(desk, id));
  shipRest(desk, id, turnOf(desk, id));
};
const tender: Force = (desk, id) => {
  bookWholesale(desk, id);
  startWholesale(desk, id);
  tenderWholesale(desk, id);
};

const TRANSITIONS: Readonly<Record<string, Force>> = {
  'orders routed': bookOrder,
  'orders held': (desk, id) => {
    const order = desk.book.orders.get(id);
    if (order !== undefined) tellOrder(desk, order, 'Order.Held');
  },
  'orders shipped': sendOrder,
  'orders delivered': (desk, id) => {
    sendOrder(desk, id);
    deliverOrder(desk, id, turnOf(desk, id));
  },
  'orders cancelled': (desk, id) => {
    const order = desk.book.orders.get(id);
    if (order !== undefined) cancelOrder(desk, order);
  },
  'b2b-orders booked': (desk, id) => bookWholesale(desk, id),
  'b2b-orders tendered': tender,
  'b2b-orders completed': (desk, id) => {
    tender(desk, id);
    completeWholesale(desk, id);
  },
  'b2b-orders cancelled': (desk, id) => {
    const order = desk.book.wholesale.get(id);
    if (order !== undefined) cancelWholesale(desk, order);
  },
  'inbounds received': (desk, id) => {
    for (const turn of [0, 1, 2, 3]) moveInbound(desk, id, turn);
    for (const turn of [0, 1]) receiveUnits(desk, id, turn);
  },
  'returns processed': (desk, id) => {
    for (const turn of [0, 1, 2]) moveReturn(desk, id, turn);
  },
};

/** Forces a record into a state, through the steps that lead there. Throws `AdminError` for an unknown record or state. */
export function forceState(desk: Desk, { kind, id }: RecordAddress, state: string): void {
  const force = TRANSITIONS[`${kind} ${state}`];
  if (force === undefined) throw new AdminError(`no transition of ${kind} to ${state}`);
  if (KINDS[kind]?.(desk.book).has(id) !== true) throw new AdminError(`no ${kind} ${id}`);
  force(desk, id);
}

interface SeedContext {
  readonly state: FlexportState;
  readonly desk: Desk;
}

const SEEDERS: Readonly<Record<string, Seeder<SeedContext>>> = {
  products: ({ desk }, { dimsLocked, ...body }) => {
    const typed = { ...body, name: readText(body, 'name'), merchantSku: readText(body, 'merchantSku') };
    addProduct(desk, typed satisfies ProductBody).dimsLocked = dimsLocked !== false;
  },
  stock: ({ desk }, entry) => {
    const product = findBySku(desk.book, readText(entry, 'merchantSku'));
    const { pool = 'DEFAULT', units } = entry;
    if (product === undefined || typeof units !== 'number' || !POOLS.includes(String(pool))) {
      throw new AdminError('stock needs a known merchantSku, units and a pool');
    }
    const { logisticsSku } = product;
    adjust(desk, { pool: String(pool), logisticsSku, available: units, unavailable: 0, reason: 'ADJUSTMENT' });
  },
  tokens: ({ state: { tokens }, desk }, entry) => {
    const { scopes = null, expires = null, account = desk.account } = entry;
    const isList = Array.isArray(scopes) && scopes.every((scope) => SCOPES.includes(String(scope)));
    if (scopes !== null && !isList) throw new AdminError('scopes holds an unknown scope');
    const endsAt = expires === null ? null : typeof expires === 'string' ? Date.parse(expires) : NaN;
    if (Number.isNaN(endsAt)) throw new AdminError('expires is no date');
    tokens.set(readText(entry, 'token'), {
      account: String(account),
      scopes: scopes === null ? null : (scopes as string[]),
      endsAt,
      bucket: { level: Number.MAX_SAFE_INTEGER, at: 0 },
    });
  },
  accounts: ({ state: { accounts } }, entry) => {
    const book = accounts.get(readText(entry, 'id'));
    if (book === undefined) throw new AdminError('no such account');
    book.isFrozen = entry['frozen'] === true;
  },
};

/** Adds `{products, stock, tokens}` and sets `{accounts}`, each a list. Throws `AdminError` when something is malformed. */
export function seedState(state: FlexportState, desk: Desk, data: unknown): void {
  seedEntries(data, SEEDERS, { state, desk });
}
