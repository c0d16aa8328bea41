import { Big } from 'big.js';
import { rawNumber } from '../json.ts';
import { type CtlSwitches } from './switches.ts';
import { availableUnits } from './stock.ts';
import { isoTime } from './desk.ts';
import { type OrderRecord, type PackageRecord, type ProductRecord, type ReceiptRecord } from './state.ts';
import { type ReturnRecord, type ShipmentRecord, type TransactionRecord } from './state.ts';

/** An order as it is read. It does not say its own id unless a switch has it so. */
export function viewOrder(order: OrderRecord, switches: Readonly<CtlSwitches>): unknown {
  const { body } = order;
  return {
    ...(switches.orderStreamIncludesId ? { Id: order.id } : {}),
    UpdateIndex: order.updateIndex,
    IsClosed: order.status === 'closed' || order.status === 'cancelled',
    CarrierId: body.CarrierId ?? null,
    DateOrdered: body.DateOrdered ?? null,
    DateReceived: isoTime(order.receivedAt),
    ShipTo: order.shipTo ?? null,
    Items: body.Items,
    Variables: body.Variables ?? [],
    Shipments: order.shipments.map((shipment) => viewShipment(shipment, order, switches)),
    ShipByDate: body.ShipByDate ?? null,
    ThirdPartyAccountShipNumber: body.ThirdPartyShipAccount ?? null,
  };
}

function viewShipment(shipment: ShipmentRecord, order: OrderRecord, switches: Readonly<CtlSwitches>): unknown {
  return {
    Id: shipment.id,
    CarrierId: shipment.carrierId,
    ShipTo: shipment.shipTo,
    MasterTrackingNumber: shipment.masterTrackingNumber,
    BillOfLadingNumber: shipment.billOfLadingNumber,
    Packages: shipment.packages.map((carton) => viewPackage(carton, order, switches)),
    ShipDate: localDay(shipment.shippedAt),
    ScheduledDeliveryDate: localDay(shipment.shippedAt + 3 * 86_400_000),
  };
}

/** Midnight of the day it is in the warehouse, with its offset. */
function localDay(time: number): string {
  return `${new Date(time - 5 * 3_600_000).toISOString().slice(0, 10)}T00:00:00-05:00`;
}

function viewPackage(carton: PackageRecord, order: OrderRecord, switches: Readonly<CtlSwitches>): unknown {
  const [height, width, thickness] = carton.inches;
  return {
    Id: carton.id,
    TrackingNumber: carton.trackingNumber,
    UniformCommercialCode: carton.serialShippingCode,
    CartonSku: carton.cartonSku,
    WeightInPounds: carton.weightInPounds,
    HeightInInches: height,
    WidthInInches: width,
    ThicknessInInches: thickness,
    Items: carton.items.map(({ line, quantity, metadata }) => {
      const text = rawNumber(switches.longDecimals ? new Big(quantity).toFixed(20) : quantity);
      return { UnitsShipped: text, Metadata: metadata, ...order.body.Items[line], Quantity: text };
    }),
  };
}

export function viewProduct(product: ProductRecord): unknown {
  return {
    Id: product.id,
    Description: product.description,
    QuantityAvailable: rawNumber(availableUnits(product)),
    QuantityOnHand: rawNumber(product.onHand),
    Aliases: product.aliases,
  };
}

export function viewTransaction(transaction: TransactionRecord): unknown {
  return {
    Date: isoTime(transaction.at),
    TransactionType: transaction.type,
    TransactionSourceId: transaction.sourceId,
    ProductId: transaction.productId,
    Quantity: rawNumber(transaction.quantity),
    UnitOfMeasure: 'EACH',
    UpdateIndex: transaction.updateIndex,
  };
}

export function viewReceipt(receipt: ReceiptRecord): unknown {
  return {
    Id: receipt.id,
    PurchaseOrderId: receipt.purchaseOrderId,
    ReceiptDate: isoTime(receipt.receivedAt),
    Items: receipt.items.map(({ productId, quantity, unitOfMeasure }) => ({
      ProductId: productId,
      Quantity: rawNumber(quantity),
      UnitOfMeasure: unitOfMeasure,
    })),
    UpdateIndex: receipt.updateIndex,
    VendorScorecard: {
      BoxLabeledWithQuantity: true,
      BoxLabeledWithItemNumber: true,
      BoxDamaged: receipt.isDamaged,
      ProductLabeledWithItemNumber: true,
    },
  };
}

export function viewReturn(record: ReturnRecord): unknown {
  return {
    Id: record.id,
    DateCreated: isoTime(record.createdAt),
    OrderId: record.orderId,
    Stream: 'ZZ-CO',
    Notes: record.notes,
    Items: record.items.map(({ productId, quantity, reasonCode, notes }) => ({
      ProductId: productId,
      Quantity: rawNumber(quantity),
      ReasonCode: reasonCode,
      Notes: notes,
    })),
    UpdateIndex: record.updateIndex,
  };
}
