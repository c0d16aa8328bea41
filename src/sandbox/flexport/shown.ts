import { isObject } from '../json.ts';
import { type Desk } from './desk.ts';

const NUMERIC = new Set(['id', 'orderId', 'shipmentId', 'shippingPlanId', 'receivingId']);
/** What older answers of the API do not carry. */
const OPTIONAL = new Set([
  'lineItemId',
  'merchantSku',
  'trackingUrl',
  'lotTrackingDetails',
  'lotNumber',
  'expirationDate',
  'warehouseOrderId',
  'source',
  'cost',
  'currency',
  'carrierName',
  'updatedAt',
  'deliveredAt',
]);

/** An answer as the switches want it: ids as numbers, without what need not be there. */
export function shown({ switches }: Desk, value: unknown): unknown {
  const { numericIds, omitOptional } = switches;
  return numericIds || omitOptional ? change(value, { numericIds, omitOptional }) : value;
}

/** A product always tells its SKU, an item of an inbound shipment need not. */
function isOptional(name: string, { shipmentItemId }: Record<string, unknown>): boolean {
  return OPTIONAL.has(name) && (name !== 'merchantSku' || shipmentItemId !== undefined);
}

function change(value: unknown, how: { numericIds: boolean; omitOptional: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => change(item, how));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([name]) => !how.omitOptional || !isOptional(name, value));
  return Object.fromEntries(
    entries.map(([name, item]) => {
      const isId = how.numericIds && NUMERIC.has(name) && typeof item === 'string' && /^[0-9]{1,15}$/.test(item);
      return [name, isId ? Number(item) : change(item, how)];
    }),
  );
}
