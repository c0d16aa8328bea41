/** Request bodies as they are after validation, named as on the wire. */
interface Variable {
  Key: string;
  Value: string;
}

export interface Address {
  Attention?: string;
  Name: string;
  Address1: string;
  Address2?: string;
  City: string;
  StateOrProvince: string;
  PostalCode: string;
  CountryCode?: string;
  Email?: string;
  PhoneNumber?: string;
  IsResidential?: boolean;
}

export interface OrderItem {
  Sku: string;
  Quantity: number;
  Description?: string;
  UnitOfMeasure?: string;
  DeclaredValuePerUOM?: number;
  Variables?: Variable[];
}

export interface OrderBody {
  CarrierId?: string;
  DateOrdered?: string;
  ShipByDate?: string;
  ShipToAddressId?: string;
  ShipTo?: Address;
  BillTo?: Address;
  ThirdPartyShipAccount?: string;
  PurchaseNumber?: string;
  Items: OrderItem[];
  Variables?: Variable[];
}

export interface PurchaseItem {
  Sku: string;
  Quantity: number;
  UnitOfMeasure?: string;
}

export interface PurchaseOrderBody {
  ReadyForProcessing?: boolean;
  Items: PurchaseItem[];
}

export interface AsnBody {
  PurchaseDate?: string;
  ExpectedReceiptDate?: string;
  VendorName?: string;
  VendorInvoiceNumber?: string;
  JobNumber?: string;
  Items: PurchaseItem[];
}

export interface UnitOfMeasure {
  BaseQuantity: number;
  LengthInInches?: number;
  WidthInInches?: number;
  HeightInInches?: number;
  WeightInPounds?: number;
}

export interface Component {
  ProductId: string;
  UnitOfMeasure: string;
  Quantity: number;
}

export interface ProductBody {
  ProductId: string;
  Description: string;
  Aliases?: string[];
  UnitsOfMeasure?: Record<string, UnitOfMeasure>;
  BillOfMaterialEntries?: Component[];
  SalesUnitOfMeasure?: string;
  PurchaseUnitOfMeasure?: string;
  PutAwayUnitOfMeasure?: string;
  SpecialEquipmentCode?: string;
  Enabled?: boolean;
}

export interface Carrier {
  Id: string;
  Name: string;
  StandardAlphaCode: string;
  AddressFieldSizes: Record<string, number>;
}
