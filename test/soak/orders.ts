import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PIECE_CHARACTERS = 1024 * 1024;
const LINES = 3;

/** A file of orders, written as it is made. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
  readonly orders: number;
}

/** Order lines of an ERP as `mappings/ctl/order.yaml` reads them, three to an order, at least so many bytes. */
export function writeCsvOrders(path: string, bytes: number): Promise<Written> {
  const header = 'OrderNo,OrderDate,CustomerPO,ShipName,Address1,City,State,Zip,Country,LineNo,SKU,Qty,UOM\r\n';
  return writeOrders(path, bytes, header, csvOrder, '', '');
}

function csvOrder(order: number): string {
  const street = `"${order % 997} Harbor Lane, Suite ${order % 13}"`;
  const head = `SO-${String(order).padStart(9, '0')},2026-05-04,PO-${order % 991},Müller & Söhne ${order % 97},${street},Dayton,OH,45402-1187,USA`;
  let text = '';
  for (let line = 1; line <= LINES; line++)
    text += `${head},${line},SKU-${(order + line) % 500},${(line % 9) + 1},EACH\r\n`;
  return text;
}

/** The same orders as one JSON array under `data.Orders`. */
export function writeJsonOrders(path: string, bytes: number): Promise<Written> {
  return writeOrders(path, bytes, '{ "data": { "Orders": [\n', jsonOrder, ',\n', '\n] } }\n');
}

function jsonOrder(order: number): string {
  const items = Array.from({ length: LINES }, (_, line) => ({
    Sku: `SKU-${(order + line) % 500}`,
    Qty: (line % 9) + 1,
  }));
  return JSON.stringify({
    OrderNo: `SO-${String(order).padStart(9, '0')}`,
    PO: `PO-${order % 991}`,
    ShipTo: {
      Name: `Müller & Söhne ${order % 97}`,
      Street: `${order % 997} Harbor Lane`,
      City: 'Dayton',
      State: 'OH',
      Zip: '45402',
    },
    Items: items,
  });
}

async function writeOrders(
  path: string,
  bytes: number,
  opening: string,
  textOf: (order: number) => string,
  between: string,
  closing: string,
): Promise<Written> {
  let written = 0;
  let orders = 0;
  function* pieces(): Generator<Buffer, void, void> {
    let text = opening;
    while (written + text.length < bytes) {
      text += (orders === 0 ? '' : between) + textOf(orders++);
      if (text.length < PIECE_CHARACTERS) continue;
      const piece = Buffer.from(text);
      written += piece.length;
      text = '';
      yield piece;
    }
    const last = Buffer.from(text + closing);
    written += last.length;
    yield last;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  return { path, bytes: written, orders };
}

/** Mapping of the orders for formats that have none of their own. `read`: what stands behind `read:`. */
export function orderMapping(read: string): string {
  return `
read: ${read}
document: { type: order, key: OrderNo }
map:
  PurchaseNumber: PO
  ShipTo:
    Name: ShipTo.Name
    Address1: { $from: ShipTo.Street, $required: true }
    City: ShipTo.City
    StateOrProvince: ShipTo.State
    PostalCode: ShipTo.Zip
    CountryCode: { $value: US }
  Items:
    $each: Items
    Sku: Sku
    Quantity: Qty
  Variables:
    - { Key: { $value: BridgeOrderId }, Value: { $value: "{document.key}" } }
`;
}

/** Mapping that reads one column. */
export function keyMapping(format: string): string {
  return `
read: { format: ${format} }
document: { type: order, key: OrderNo }
map: { PurchaseNumber: OrderNo }
`;
}
