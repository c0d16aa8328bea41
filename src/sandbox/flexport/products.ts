import { type Answer } from '../frame.ts';
import { isObject } from '../json.ts';
import { guidOf } from '../random.ts';
import { json, refused } from './answers.ts';
import { type Desk, isoTime } from './desk.ts';
import { type Call, readDocument, readObject } from './intake.ts';
import { listed, offsetPage } from './paging.ts';
import { type ProductRecord } from './state.ts';
import { findBySku } from './stock.ts';
import { type ProductBody } from './types.ts';

const BARCODE = /^[0-9A-Za-z-]{6,40}$/;
// Neither which barcodes others hold nor how many a product can have is documented.
const RESERVED = /^X00[0-9A-Z]{7}$/;
const BARCODE_SLOTS = 10;

/** POST /products */
export function createProduct(call: Call): Answer {
  const read = readDocument(call, 'product');
  if (read.refusal !== undefined) return read.refusal;
  const { merchantSku } = read.body;
  if (findBySku(call.desk.book, merchantSku) !== undefined) {
    return refused(409, `A product with merchant SKU ${merchantSku} is already present`);
  }
  return json(201, viewProduct(addProduct(call.desk, read.body)));
}

/** A new product under a logistics SKU of its own. */
export function addProduct(desk: Desk, body: ProductBody): ProductRecord {
  const { book, seed, account, at } = desk;
  const hex = guidOf('product', seed, account, body.merchantSku).replaceAll('-', '');
  const logisticsSku = `D${BigInt(`0x${hex}`).toString(36).toUpperCase().slice(-10)}`;
  const product = { logisticsSku, body, barcodes: [], dimsLocked: false, lot: null, createdAt: at, updatedAt: at };
  book.products.set(logisticsSku, product);
  book.skus.set(body.merchantSku, logisticsSku);
  return product;
}

/** GET /products?limit=&offset= */
export function listProducts(call: Call): Answer {
  return offsetPage(call, [...call.desk.book.products.values()], viewProduct, { usual: 20, most: 100 });
}

/** GET /products/{logisticsSku} */
export function getProduct({ desk, id }: Call): Answer {
  const product = desk.book.products.get(id);
  return product === undefined ? unknownProduct(id) : json(200, viewProduct(product));
}

/** GET /products/merchant_sku/{merchantSku} */
export function findProducts(call: Call): Answer {
  const product = findBySku(call.desk.book, call.id);
  return offsetPage(call, listed(product), viewProduct, { usual: 20, most: 100 });
}

/** POST /products/{logisticsSku}/barcode */
export function addBarcode(call: Call): Answer {
  const { desk, id } = call;
  const body = readObject(call);
  if (body === undefined) return refused(400, 'The body is not a JSON object');
  const product = desk.book.products.get(id);
  if (product === undefined) return unknownProduct(id);
  const { barcode } = body;
  if (typeof barcode !== 'string' || !BARCODE.test(barcode)) return refuseBarcode('INVALID_BARCODE');
  if (isWrongGtin(barcode)) return refuseBarcode('INVALID_BARCODE');
  if (RESERVED.test(barcode)) return refuseBarcode('RESERVED_BY_ANOTHER_SELLER');
  if (product.barcodes.includes(barcode)) return refuseBarcode('DUPLICATE');
  const isTaken = [...desk.book.products.values()].some(({ barcodes }) => barcodes.includes(barcode));
  if (isTaken) return refuseBarcode('ALREADY_ASSIGNED');
  if (product.barcodes.length >= BARCODE_SLOTS) return refuseBarcode('NO_BARCODE_SLOTS_REMAINING');
  product.barcodes.push(barcode);
  product.updatedAt = desk.at;
  return json(201, viewProduct(product));
}

/** Digits as long as a GTIN whose last one does not check the others. */
function isWrongGtin(barcode: string): boolean {
  if (!/^([0-9]{8}|[0-9]{12,14})$/.test(barcode)) return false;
  const digits = Array.from(barcode).toReversed().map(Number);
  return digits.reduce((sum, digit, place) => sum + digit * (place % 2 === 0 ? 1 : 3), 0) % 10 !== 0;
}

function refuseBarcode(reason: string): Answer {
  return refused(422, `barcode: ${reason}`);
}

/** Answered wherever a product is asked for that is not there. */
export function unknownProduct(id: string): Answer {
  return refused(404, `Product ${id} not found`);
}

/** A product as it is read; the customs part has another name here than in the request. */
function viewProduct(product: ProductRecord): unknown {
  const { customsInformation, ...body } = product.body;
  return {
    logisticsSku: product.logisticsSku,
    ...body,
    ...(isObject(customsInformation) ? { international: customsInformation } : {}),
    barcodes: product.barcodes,
    dimsLocked: product.dimsLocked,
    createdAt: isoTime(product.createdAt),
    updatedAt: isoTime(product.updatedAt),
  };
}
