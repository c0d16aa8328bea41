import { type Answer } from '../frame.ts';
import { isObject } from '../json.ts';
import { invalid, isoTime, json, type Problem } from './answers.ts';
import { type Desk, stockAt } from './desk.ts';
import { badCursor, type Call, malformed, pageBody, parseBody, takePage } from './intake.ts';
import { type StockRecord } from './state.ts';
import { type ProductBody } from './types.ts';

/** GET /v2/inventory */
export function listInventory(call: Call): Answer {
  const { desk, request } = call;
  const [ssl, part] = [request.query.get('ssl') ?? '', request.query.get('partNumber') ?? ''];
  const found = [...desk.state.stock.values()]
    .filter((stock) => (ssl === '' || stock.ssl === ssl) && (part === '' || stock.partNumber === part))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const taken = takePage(call, found, keyOf, desk.switches.inventoryPageSize);
  if (taken === undefined) return badCursor();
  const items = taken.page.map((stock) => viewStock(desk, stock));
  return json(200, pageBody(items, taken.next, desk.switches.lastCursor));
}

function keyOf({ ssl, partNumber }: StockRecord): string {
  return `${ssl}\n${partNumber}`;
}

function viewStock({ state, at }: Desk, { ssl, partNumber, onHand, allocated }: StockRecord): unknown {
  const serialized = state.parts.get(partNumber)?.serialized ?? false;
  return { ssl, partNumber, onHand, available: Math.max(0, onHand - allocated), serialized, asOf: isoTime(at) };
}

/** POST /v2/products/bulk: each product is taken or refused for itself. */
export function updateProducts(call: Call): Answer {
  const { desk, request } = call;
  const { bulkMaxItems, bulkStatus, bulkErrors } = desk.switches;
  const body = parseBody(request);
  if (!isObject(body)) return malformed();
  const { products } = body;
  if (!Array.isArray(products) || products.length === 0 || products.length > bulkMaxItems) {
    return invalid([{ field: 'products', message: `products must list 1 to ${bulkMaxItems} products.` }]);
  }
  const seen = new Set<unknown>();
  const results = (products as unknown[]).map((product, place) => {
    const problems = checkProduct(call, product, place, seen);
    const partNumber = isObject(product) ? product['partNumber'] : undefined;
    seen.add(partNumber);
    if (problems.length === 0) saveProduct(desk, product as ProductBody);
    const errors = bulkErrors === 'text' ? problems.map(({ message }) => message) : problems;
    return { partNumber: partNumber ?? null, status: problems.length === 0 ? 'ACCEPTED' : 'REJECTED', errors };
  });
  const accepted = results.filter(({ status }) => status === 'ACCEPTED').length;
  return json(Number(bulkStatus), { accepted, rejected: results.length - accepted, results });
}

function checkProduct(
  { desk, checkSchema }: Call,
  product: unknown,
  place: number,
  seen: ReadonlySet<unknown>,
): Problem[] {
  const ignores = desk.switches.unknownProperties === 'ignore';
  const at = `products[${place}]`;
  const problems = checkSchema('product-bulk', { products: [product] }, ignores).map(({ field, message }) => {
    return { field: field.replace('products[0]', at), message: message.replace('products[0]', at) };
  });
  if (problems.length > 0) return problems;
  const { partNumber, serialized = false } = product as ProductBody;
  if (seen.has(partNumber)) return [{ field: `${at}.partNumber`, message: `Part ${partNumber} is listed twice.` }];
  const known = desk.state.parts.get(partNumber);
  if (known === undefined || known.serialized === serialized || !hasStock(desk, partNumber)) return [];
  return [{ field: `${at}.serialized`, message: `serialized cannot change while part ${partNumber} is in stock.` }];
}

function hasStock(desk: Desk, partNumber: string): boolean {
  return [...desk.state.locations.keys()].some((ssl) => stockAt(desk, ssl, partNumber).onHand > 0);
}

function saveProduct(
  { state }: Desk,
  { partNumber, description, serialized = false, active = true }: ProductBody,
): void {
  state.parts.set(partNumber, { partNumber, description, serialized, active });
}
