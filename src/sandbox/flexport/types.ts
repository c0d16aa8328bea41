/** Request bodies as they are after validation, named as on the wire. */
export interface Dimensions {
  weight: number;
  weightUnit: string;
  height: number;
  width: number;
  length: number;
  lengthUnit: string;
}

export interface ProductBody {
  name: string;
  merchantSku: string;
  dimensions?: Dimensions;
  customsInformation?: Record<string, unknown>;
}

export interface OrderLine {
  logisticsSku: string;
  quantity: number;
  lineItemId?: string;
}

export interface OrderBody {
  externalOrderId: string;
  address: Record<string, string>;
  lineItems: OrderLine[];
  promisedShipByTime?: string;
  promisedDeliveryByTime?: string;
  shipMethod?: string;
  source?: string;
}

export interface WholesaleLine {
  logisticsSku?: string;
  productData?: { sku: string; upc?: string; gtin?: number; buyerPartNumber?: string };
  quantity: number;
  quantityUOM: 'EACH' | 'CASE';
  quantityPerPack?: number;
  lineItemId?: string;
  lotNumber?: string;
}

export interface Transport {
  shippingPartner: string;
  shippingType: string;
  shippingMethod?: string;
  shippingSpeed?: string;
  carrierAccountDetails?: Record<string, string>;
}

export interface WholesaleBody {
  type: 'B2B';
  externalId?: string;
  shipBy?: string;
  notes?: string;
  orderItems: WholesaleLine[];
  shipToAddress: Record<string, unknown>;
  transportationDetails: Transport;
}

export interface InboundItem {
  logisticsSku: string;
  quantity: number;
  lotNumber?: string;
  expirationDate?: string;
  lineItemId?: string;
}

export interface InboundPackage {
  items: InboundItem[];
  numberOfIdenticalPkgs: number;
}

export interface InboundBody {
  from: Record<string, string>;
  items?: InboundItem[];
  packages?: InboundPackage[];
  prep?: { boxContentLabels?: boolean };
  shippingPlanName?: string;
  shippingPlanExternalId?: string;
  shipmentDestination?: 'NETWORK' | 'STORAGE';
  storageWarehouseId?: string;
  cargoType?: string;
  palletCount?: number;
  bookingId?: string;
}

export interface ReturnBody {
  rma: string;
  externalReturnId: string;
  returnItems: { identifier: string; type: 'LOGISTICS_SKU' | 'SKU'; quantity: number }[];
  sourceAddress?: Record<string, unknown>;
  externalLabel?: { trackingCode: string; carrier: string; trackingUrl?: string; labelUrl?: string };
  logisticsOrderId?: string;
}
