import { type Dimensions } from './types.ts';
import { isoTime, isoTimeOrNull } from './desk.ts';
import { type OrderError, type OrderRecord, type OrderShipment, type Parcel } from './state.ts';

const PARCEL_DIMENSIONS: Dimensions = {
  length: 12,
  width: 9,
  height: 6,
  lengthUnit: 'in',
  weight: 31,
  weightUnit: 'oz',
};

const FULFILLMENT: Readonly<Record<OrderRecord['status'], string>> = {
  CREATED: 'ROUTING_IN_PROGRESS',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  CANCELLED: 'STOPPED',
  ERROR: 'STOPPED',
};

/** A consumer order as it is read. */
export function viewOrder(order: OrderRecord): unknown {
  const { body, status } = order;
  const isShipped = status === 'SHIPPED' || status === 'DELIVERED';
  return {
    id: order.id,
    externalOrderId: body.externalOrderId,
    address: body.address,
    state: {
      internalStatus: status,
      fulfillmentStatus: FULFILLMENT[status],
      fulfillmentInProgress: status === 'CREATED' || status === 'SHIPPED',
      fulfillmentDelayed: order.wasHeld,
    },
    createdAt: isoTime(order.createdAt),
    updatedAt: isoTime(order.updatedAt),
    shippedAt: isoTimeOrNull(order.shippedAt),
    deliveredAt: isoTimeOrNull(order.deliveredAt),
    promisedShipByTime: body.promisedShipByTime ?? null,
    promisedDeliveryByTime: body.promisedDeliveryByTime ?? null,
    lineItems: body.lineItems,
    source: body.source ?? 'WEBSITE',
    ...(isShipped ? { cost: 6.5 * order.shipments.length, currency: 'USD' } : {}),
    error: order.error === null ? null : viewError(order.error),
    shipments: order.shipments.map((shipment) => viewShipment(shipment)),
  };
}

function viewError({ logisticsSkus, ...error }: OrderError): unknown {
  return { ...error, lineItemErrors: logisticsSkus.map((logisticsSku) => ({ logisticsSku })) };
}

function viewShipment(shipment: OrderShipment): unknown {
  return {
    id: shipment.id,
    status: shipment.status,
    warehouseId: 'LAX2',
    warehouseOrderId: `W-${shipment.id}`,
    createdAt: isoTime(shipment.createdAt),
    shippedAt: isoTimeOrNull(shipment.shippedAt),
    lineItems: shipment.items,
    packages: shipment.packages.map((parcel) => viewParcel(parcel)),
  };
}

function viewParcel(parcel: Parcel): unknown {
  return {
    id: parcel.id,
    lineItems: parcel.items,
    createdAt: isoTime(parcel.createdAt),
    carrierShipTime: isoTimeOrNull(parcel.shippedAt),
    carrierDeliveryTime: isoTimeOrNull(parcel.deliveredAt),
    label: {
      id: parcel.labelId,
      carrier: parcel.carrier,
      shippingMethod: parcel.method,
      trackingCode: parcel.trackingCode,
      trackingUrl: `https://tracker.example.test/${parcel.trackingCode}`,
      packageDimensions: PARCEL_DIMENSIONS,
      createdAt: isoTime(parcel.createdAt),
    },
  };
}
