import { createUpload } from './attachments.ts';
import { createWebhook, deleteWebhook, getWebhook, listEvents, listWebhooks } from './feeds.ts';
import { createInbound, getInbound, listInbounds, updateInbound } from './inbounds.ts';
import { type Operation } from './intake.ts';
import { getInventory, listInventory, listWarehouses, listWarehouseStock } from './inventory.ts';
import { cancel, createOrder, findOrder, getOrder, retry } from './orders.ts';
import { addBarcode, createProduct, findProducts, getProduct, listProducts } from './products.ts';
import { createReport, getReport } from './reports.ts';
import { cancelReturn, createReturn, getReturn, listReturns } from './returns.ts';
import { cancelOne, createWholesale, findWholesale, getWholesale } from './wholesale.ts';

interface Route {
  method: string;
  /** Matches the path behind the version; its group is the record's id. */
  path: RegExp;
  scope: string;
  operation: Operation;
}

/** `/orders/{}/cancel` as a pattern; `{}` is the id. */
function route(method: string, path: string, scope: string, operation: Operation): Route {
  return { method, path: new RegExp(`^${path.replace('{}', '([^/]+)')}$`), scope, operation };
}

/** The first that fits counts. */
export const ROUTES: readonly Route[] = [
  route('GET', '/warehouses/active', 'read_logistics_warehouses', listWarehouses),
  route('POST', '/products', 'write_logistics_products', createProduct),
  route('GET', '/products', 'read_logistics_products', listProducts),
  route('GET', '/products/inventory/all', 'read_logistics_products', listInventory),
  route('POST', '/products/warehouse', 'read_logistics_products', listWarehouseStock),
  route('GET', '/products/merchant_sku/{}', 'read_logistics_products', findProducts),
  route('GET', '/products/{}/inventory', 'read_logistics_products', getInventory),
  route('POST', '/products/{}/barcode', 'write_logistics_products', addBarcode),
  route('GET', '/products/{}', 'read_logistics_products', getProduct),
  route('POST', '/orders/rs', 'write_logistics_orders_b2b', createWholesale),
  route('GET', '/orders/rs/external_id/{}', 'read_logistics_orders_b2b', findWholesale),
  route('POST', '/orders/rs/{}/cancel', 'write_logistics_orders_b2b', cancelOne),
  route('POST', '/orders/rs/{}/attachments', 'write_logistics_orders_b2b', createUpload),
  route('GET', '/orders/rs/{}', 'read_logistics_orders_b2b', getWholesale),
  route('POST', '/orders', 'write_logistics_orders', createOrder),
  route('GET', '/orders/external_id/{}', 'read_logistics_orders', findOrder),
  route('POST', '/orders/{}/cancel', 'write_logistics_orders', cancel),
  route('POST', '/orders/{}/retry', 'write_logistics_orders', retry),
  route('GET', '/orders/{}', 'read_logistics_orders', getOrder),
  route('POST', '/inbounds/shipments', 'write_logistics_inbounds', createInbound),
  route('GET', '/inbounds/shipments', 'read_logistics_inbounds', listInbounds),
  route('PATCH', '/inbounds/shipments/{}/update', 'write_logistics_inbounds', updateInbound),
  route('GET', '/inbounds/shipments/{}', 'read_logistics_inbounds', getInbound),
  route('GET', '/events', 'read_logistics_events', listEvents),
  route('POST', '/webhooks', 'write_logistics_webhooks', createWebhook),
  route('GET', '/webhooks', 'read_logistics_webhooks', listWebhooks),
  route('GET', '/webhooks/{}', 'read_logistics_webhooks', getWebhook),
  route('DELETE', '/webhooks/{}', 'write_logistics_webhooks', deleteWebhook),
  route('POST', '/returns', 'write_logistics_returns', createReturn),
  route('GET', '/returns', 'read_logistics_returns', listReturns),
  route('POST', '/returns/{}/cancel', 'write_logistics_returns', cancelReturn),
  route('GET', '/returns/{}', 'read_logistics_returns', getReturn),
  route('POST', '/reports', 'write_logistics_reports', createReport),
  route('GET', '/reports/{}', 'read_logistics_reports', getReport),
];
