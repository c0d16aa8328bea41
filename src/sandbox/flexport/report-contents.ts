import { isoTime, isoTimeOrNull } from './desk.ts';
import { type Book } from './state.ts';
import { stockOf } from './stock.ts';

/** What a report is about: from a moment on, before another, as known at a third. */
interface Bounds {
  readonly from: number;
  readonly until: number;
  readonly at: number;
}

type Cell = string | number | null;
type Rows = readonly (readonly Cell[])[];

interface Content {
  readonly columns: readonly string[];
  rows(book: Book, bounds: Bounds): Rows;
}

const within = ({ from, until, at }: Bounds, time: number): boolean => time >= from && time < until && time <= at;

interface Adjustment {
  readonly logisticsSKU: string;
  readonly changes: readonly { readonly state: string; readonly delta: number }[];
}

/** No document says what columns the reports have: these are made up. */
const CONTENTS: Readonly<Record<string, Content>> = {
  'Inventory-Levels_Today': {
    columns: ['DSKU', 'MSKU', 'On Hand', 'Available'],
    rows: (book) =>
      [...book.products.values()].map(({ logisticsSku, body }) => {
        const { onHand, available } = stockOf(book, 'DEFAULT', logisticsSku);
        return [logisticsSku, body.merchantSku, onHand, available];
      }),
  },
  // Nothing tells two movements of one minute apart that are alike.
  'Inventory-Ecommerce_Transaction_History': {
    columns: ['Transaction Time', 'DSKU', 'MSKU', 'Transaction Type', 'State', 'Quantity'],
    rows: (book, bounds) =>
      book.events
        .filter(({ type, at }) => type === 'Inventory.Adjusted' && within(bounds, at))
        .flatMap(({ at, payload }) => {
          const { reason, adjustments } = payload as { reason: string; adjustments: readonly Adjustment[] };
          return adjustments.flatMap(({ logisticsSKU, changes }) => {
            const sku = book.products.get(logisticsSKU)?.body.merchantSku ?? '';
            return changes.map(({ state, delta }) => [isoTime(at), logisticsSKU, sku, reason, state, delta]);
          });
        }),
  },
  'Orders-All_Orders': {
    columns: ['Order ID', 'External Order ID', 'Status'],
    rows: (book, bounds) =>
      [...book.orders.values()]
        .filter(({ createdAt }) => within(bounds, createdAt))
        .map(({ id, body, status }) => [id, body.externalOrderId, status]),
  },
  'Orders-Shipments': {
    columns: ['Order ID', 'Shipment ID', 'Tracking Code', 'Carrier', 'Shipped At'],
    rows: (book, bounds) =>
      [...book.orders.values()].flatMap(({ id, shipments }) =>
        shipments.flatMap(({ id: shipment, packages }) =>
          packages
            .filter(({ shippedAt }) => shippedAt !== null && within(bounds, shippedAt))
            .map(({ trackingCode, carrier, shippedAt }) => [
              id,
              shipment,
              trackingCode,
              carrier,
              isoTimeOrNull(shippedAt),
            ]),
        ),
      ),
  },
  'Returns-All_Returns': {
    columns: ['Return ID', 'External Return ID', 'RMA', 'Status'],
    rows: (book, bounds) =>
      [...book.returns.values()]
        .filter(({ createdAt }) => within(bounds, createdAt))
        .map(({ id, body, status }) => [id, body.externalReturnId, body.rma, status]),
  },
};
/** Taken, and never made. */
const UNKNOWN_HERE = [
  'Inbounds-Inventory_Reconciliation',
  'Inbounds-Shipping_Plan_Reconciliation',
  'Reserve-Storage-Orders_And_Transfers',
];

export function isReportType(type: string): boolean {
  return Object.hasOwn(CONTENTS, type) || UNKNOWN_HERE.includes(type);
}

/** The text of a report; null when it cannot be made here. */
export function contentOf(book: Book, type: string, bounds: Bounds): string | null {
  const content = Object.hasOwn(CONTENTS, type) ? CONTENTS[type] : undefined;
  if (content === undefined) return null;
  const lines = [content.columns, ...content.rows(book, bounds)].map((row) => row.map(quote).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function quote(value: Cell): string {
  return `"${String(value ?? '').replaceAll('"', '""')}"`;
}
