import { type Answer } from '../frame.ts';
import { json, refused } from './answers.ts';
import { type Call, readObject } from './intake.ts';
import { offsetPage } from './paging.ts';
import { unknownProduct } from './products.ts';
import { shown } from './shown.ts';
import { type Book, type ProductRecord } from './state.ts';
import { POOLS, stockOf } from './stock.ts';

const WAREHOUSES: readonly { code: string; country: string }[] = [
  { code: 'ATL1', country: 'US' },
  { code: 'LAX2', country: 'US' },
  { code: 'RTM1', country: 'NL' },
];

/** GET /warehouses/active?countryCode= */
export function listWarehouses({ request }: Call): Answer {
  const wanted = request.query.get('countryCode');
  if (wanted !== null && wanted !== 'US' && wanted !== 'NL') return refused(400, 'countryCode must be US or NL');
  return json(
    200,
    WAREHOUSES.filter(({ country }) => wanted === null || country === wanted).map(({ code }) => code),
  );
}

/** GET /products/inventory/all?limit=&offset=&poolName= */
export function listInventory(call: Call): Answer {
  const pool = readPool(call);
  if (pool === undefined) return refused(400, 'poolName is not valid');
  const { book } = call.desk;
  return offsetPage(call, [...book.products.values()], (product) => viewStock(call, product, pool), {
    usual: 20,
    most: 100,
  });
}

/** GET /products/{logisticsSku}/inventory?poolName= */
export function getInventory(call: Call): Answer {
  const { desk, id } = call;
  const pool = readPool(call);
  if (pool === undefined) return refused(400, 'poolName is not valid');
  const product = desk.book.products.get(id);
  if (product === undefined) return unknownProduct(id);
  const stock = viewStock(call, product, pool);
  return json(200, shown(desk, { ...stock, breakdown: [stock] }));
}

/** POST /products/warehouse?poolName= */
export function listWarehouseStock(call: Call): Answer {
  const pool = readPool(call);
  const body = readObject(call);
  // Both spellings are in use.
  const skus: unknown = body?.['logisticsSkus'] ?? body?.['logisticsSKUs'];
  if (pool === undefined || !Array.isArray(skus)) return refused(400, 'logisticsSkus is required');
  const known = skus.map(String).filter((sku) => call.desk.book.products.has(sku));
  const rows = known.map((logisticsSku) => ({
    logisticsSku,
    warehouseDetails: [{ warehouseId: 'LAX2', available: shownUnits(call.desk.book, logisticsSku, pool).available }],
  }));
  return json(200, rows);
}

function readPool({ request }: Call): string | undefined {
  const pool = request.query.get('poolName') ?? 'DEFAULT';
  return POOLS.includes(pool) ? pool : undefined;
}

/** Stock is told only of products whose dimensions are locked. */
function shownUnits(book: Book, logisticsSku: string, pool: string) {
  const isTold = book.products.get(logisticsSku)?.dimsLocked === true;
  return isTold ? stockOf(book, pool, logisticsSku) : { onHand: 0, available: 0, unavailable: 0 };
}

function viewStock({ desk }: Call, { logisticsSku, lot }: ProductRecord, pool: string) {
  const units = shownUnits(desk.book, logisticsSku, pool);
  const hasLot = lot !== null && desk.switches.profile === 'full';
  return {
    logisticsSku,
    onHand: units.onHand,
    available: units.available,
    unavailable: units.unavailable,
    unitsPerPack: 1,
    lotTrackingDetails: hasLot ? [{ expirationDate: lot.expirationDate, available: units.available }] : [],
  };
}
