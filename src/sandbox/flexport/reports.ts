import { type Answer, type ProviderRequest } from '../frame.ts';
import { guidOf } from '../random.ts';
import { json, refused } from './answers.ts';
import { countUp, isoTime, MINUTE_MS } from './desk.ts';
import { type Call, readObject } from './intake.ts';
import { type Book, type FlexportState } from './state.ts';
import { stockOf } from './stock.ts';

const READY_AFTER_MS = 2 * MINUTE_MS;
const URL_LIFE_MS = 60 * MINUTE_MS;

/** Reports whose content is known here; the others are taken and end in ERROR. */
const CONTENTS: Readonly<Record<string, (book: Book) => readonly (readonly (string | number)[])[]>> = {
  'Inventory-Levels_Today': (book) => [
    ['DSKU', 'MSKU', 'On Hand', 'Available'],
    ...[...book.products.values()].map(({ logisticsSku, body }) => {
      const { onHand, available } = stockOf(book, 'DEFAULT', logisticsSku);
      return [logisticsSku, body.merchantSku, onHand, available];
    }),
  ],
  'Orders-All_Orders': (book) => [
    ['Order ID', 'External Order ID', 'Status'],
    ...[...book.orders.values()].map(({ id, body, status }) => [id, body.externalOrderId, status]),
  ],
};
const UNKNOWN_HERE = [
  'Inventory-Ecommerce_Transaction_History',
  'Orders-Shipments',
  'Inbounds-Inventory_Reconciliation',
  'Inbounds-Shipping_Plan_Reconciliation',
  'Returns-All_Returns',
  'Reserve-Storage-Orders_And_Transfers',
];

/** POST /reports */
export function createReport(call: Call): Answer {
  const { desk } = call;
  const type = readObject(call)?.['reportType'];
  if (typeof type !== 'string' || !(Object.hasOwn(CONTENTS, type) || UNKNOWN_HERE.includes(type))) {
    return refused(400, 'reportType: is not one of the allowed values');
  }
  const reference = guidOf('report', desk.seed, desk.account, countUp(desk.book, 'report'));
  desk.book.reports.set(reference, { reference, type, readyAt: desk.at + READY_AFTER_MS });
  return json(200, { reportReference: reference });
}

/** GET /reports/{reportReference} */
export function getReport({ desk, id, origin }: Call): Answer {
  const report = desk.book.reports.get(id);
  if (report === undefined) return refused(404, `Report ${id} not found`);
  if (report.readyAt > desk.at) return json(200, { reportReference: id, status: 'PENDING' });
  if (!Object.hasOwn(CONTENTS, report.type)) {
    return json(200, { reportReference: id, status: 'ERROR', errorMessage: 'This report cannot be made here' });
  }
  const urlExpiration = isoTime(report.readyAt + URL_LIFE_MS);
  return json(200, { reportReference: id, status: 'SUCCESS', url: `${origin}/files/${id}.csv`, urlExpiration });
}

/** GET of a finished report, at an address that is its own permission. */
export function downloadReport(request: ProviderRequest, state: FlexportState, now: number): Answer {
  const id = /^\/files\/([^/]+)\.csv$/.exec(request.path)?.[1] ?? '';
  for (const book of state.accounts.values()) {
    const report = book.reports.get(id);
    const rows = CONTENTS[report?.type ?? ''];
    if (report === undefined || rows === undefined || report.readyAt > now) continue;
    if (report.readyAt + URL_LIFE_MS <= now) return { status: 403 };
    const body = rows(book)
      .map((row) => row.map(quote).join(','))
      .join('\r\n');
    return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: `${body}\r\n` };
  }
  return { status: 404 };
}

function quote(value: string | number): string {
  return `"${String(value).replaceAll('"', '""')}"`;
}
