import { Big } from 'big.js';
import { AdminError, type RecordAddress } from '../frame.ts';
import { isObject } from '../json.ts';
import { readText, seedEntries, type Seeder } from '../seeding.ts';
import { decideChange } from './changes.ts';
import { type Desk } from './desk.ts';
import { cancelOrder, processOrder, shipOrder, shipRest } from './order-life.ts';
import { processAsn, processPurchaseOrder, receiveAsn, receivePurchaseOrder } from './receiving.ts';
import { type Book, type CtlState } from './state.ts';
import { post, saveProduct } from './stock.ts';
import { type Address, type Carrier } from './types.ts';

const KINDS: Readonly<Record<string, (book: Book) => ReadonlyMap<string, unknown>>> = {
  orders: ({ orders }) => orders,
  'purchase-orders': ({ purchaseOrders }) => purchaseOrders,
  asns: ({ asns }) => asns,
  'product-changes': ({ changes }) => changes,
  receipts: ({ receipts }) => receipts,
  returns: ({ returns }) => returns,
  transactions: ({ transactions }) => transactions,
  products: ({ products }) => products,
};

/** One record, or all ids of a kind. Throws `AdminError` for an unknown kind. */
export function inspectBook(book: Book, { kind, id }: RecordAddress): unknown {
  const records = KINDS[kind]?.(book);
  if (records === undefined) throw new AdminError(`kind must be one of ${Object.keys(KINDS).join(', ')}`);
  if (id === '') return { ids: [...records.keys()] };
  const record = records.get(id);
  if (!isObject(record)) return undefined;
  const plain = Object.entries(record).map(([key, value]) => [
    key,
    value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value,
  ]);
  return Object.fromEntries(plain);
}

const TRANSITIONS: Readonly<Record<string, (desk: Desk, id: string) => void>> = {
  'orders processing': processOrder,
  'orders shipped': (desk, id) => {
    processOrder(desk, id);
    shipOrder(desk, id);
  },
  'orders closed': (desk, id) => {
    processOrder(desk, id);
    shipOrder(desk, id);
    shipRest(desk, id);
  },
  'orders cancelled': (desk, id) => {
    const order = desk.book.orders.get(id);
    if (order !== undefined && order.shipments.length === 0 && order.status !== 'cancelled') cancelOrder(desk, order);
  },
  'purchase-orders processed': (desk, id) =>
    processPurchaseOrder(desk, id, desk.book.purchaseOrders.get(id)?.version ?? 0),
  'purchase-orders received': receiveWholePurchaseOrder,
  'purchase-orders closed': (desk, id) => {
    const order = desk.book.purchaseOrders.get(id);
    if (order !== undefined) order.status = 'closed';
  },
  'asns processed': (desk, id) => processAsn(desk, id, desk.book.asns.get(id)?.version ?? 0),
  'asns received': receiveWholeAsn,
  'product-changes accepted': (desk, id) => decideChange(desk, id, null),
  'product-changes denied': (desk, id) => decideChange(desk, id, 'Denied by the account manager.'),
};

/** Parts a purchase order or ASN can have at most. */
const PARTS = [1, 2, 3];

function receiveWholePurchaseOrder(desk: Desk, id: string): void {
  processPurchaseOrder(desk, id, desk.book.purchaseOrders.get(id)?.version ?? 0);
  for (const part of PARTS) receivePurchaseOrder(desk, id, part);
}

function receiveWholeAsn(desk: Desk, id: string): void {
  processAsn(desk, id, desk.book.asns.get(id)?.version ?? 0);
  for (const part of PARTS) receiveAsn(desk, id, part);
}

/** Forces a record into a state, through the steps that lead there. Throws `AdminError` for an unknown record or state. */
export function forceState(desk: Desk, { kind, id }: RecordAddress, state: string): void {
  const force = TRANSITIONS[`${kind} ${state}`];
  if (force === undefined) throw new AdminError(`no transition of ${kind} to ${state}`);
  if (KINDS[kind]?.(desk.book).has(id) !== true) throw new AdminError(`no ${kind} ${id}`);
  force(desk, id);
}

interface SeedContext {
  readonly state: CtlState;
  readonly desk: Desk;
}

const SEEDERS: Readonly<Record<string, Seeder<SeedContext>>> = {
  products: ({ desk }, { stock, ...body }) => {
    const product = saveProduct(desk.book, {
      Description: '',
      ...body,
      ProductId: readText(body, 'ProductId'),
    });
    const units = new Big(typeof stock === 'number' ? stock : 0);
    if (!units.eq(0)) post(desk, product, 'Adjustment', 'SEED', units);
  },
  carriers: ({ state: { carriers } }, carrier) => {
    const AddressFieldSizes = isObject(carrier['AddressFieldSizes']) ? carrier['AddressFieldSizes'] : {};
    const [Id, Name] = [readText(carrier, 'Id'), readText(carrier, 'Name')];
    carriers.push({ StandardAlphaCode: '', ...carrier, Id, Name, AddressFieldSizes } as Carrier);
  },
  clients: ({ state: { clients } }, client) => {
    clients.set(readText(client, 'id'), { name: readText(client, 'name') });
  },
  users: ({ state: { users } }, user) => {
    const clients: unknown = user['clients'];
    users.set(readText(user, 'id'), Array.isArray(clients) ? clients.map(String) : []);
  },
  addresses: ({ desk }, { id, ...address }) => {
    desk.book.addresses.set(readText({ id }, 'id'), address as unknown as Address);
  },
};

/** Adds `{products, carriers, clients, users, addresses}`, each a list. Throws `AdminError` when something is malformed. */
export function seedState(state: CtlState, desk: Desk, data: unknown): void {
  seedEntries(data, SEEDERS, { state, desk });
}
