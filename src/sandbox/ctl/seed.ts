import { Big } from 'big.js';
import { DAY_MS, type Desk, schedule } from './desk.ts';
import { DEFAULT_ADDRESS_SIZES } from './references.ts';
import { type Book, type CtlState, type ProductRecord } from './state.ts';
import { post, saveProduct } from './stock.ts';
import { type Address, type Carrier, type ProductBody, type UnitOfMeasure } from './types.ts';

const SIZES = { ...DEFAULT_ADDRESS_SIZES, Address3: 35, Ref1: 25, Ref2: 25, Ref3: 25, Ref4: 25, Ref5: 25 };

/** The first one is the default carrier. */
const CARRIERS: readonly Carrier[] = [
  {
    Id: '5d0a6d55-6a53-4b0e-9a8f-0a4f5c1f9b10',
    Name: 'UPS Ground',
    StandardAlphaCode: 'UPSN',
    AddressFieldSizes: SIZES,
  },
  {
    Id: '7e1b2c66-1f04-4c7d-8b21-3c5d7e9f0a21',
    Name: 'UPS 2nd Day Air',
    StandardAlphaCode: 'UPSN',
    AddressFieldSizes: SIZES,
  },
  {
    Id: '2c9f4e80-83b7-4d16-a5c2-6f8091b3d432',
    Name: 'FedEx Ground',
    StandardAlphaCode: 'FDEG',
    AddressFieldSizes: { ...SIZES, Name: 30, Attention: 30, Address1: 30, Address2: 30, City: 20, PhoneNumber: 15 },
  },
  {
    Id: '91d3a7f4-5e28-4f6b-b0d9-8a1c2e4f6543',
    Name: 'Old Harbor Freight LTL',
    StandardAlphaCode: 'OHFL',
    AddressFieldSizes: { ...SIZES, Attention: 25, City: 25 },
  },
];

interface SeedProduct {
  body: ProductBody;
  stock: number;
  tracking?: ProductRecord['tracking'];
}

function unit(BaseQuantity: number, WeightInPounds: number): UnitOfMeasure {
  return { BaseQuantity, WeightInPounds };
}

function product(id: string, description: string, stock: number, pounds: number, perCase: number): SeedProduct {
  const UnitsOfMeasure = { EACH: unit(1, pounds), CASE: unit(perCase, pounds * perCase) };
  return { body: { ProductId: id, Description: description, UnitsOfMeasure }, stock };
}

const PRODUCTS: readonly SeedProduct[] = [
  withDetails(product('BTL-750-SLATE', 'Insulated bottle 750 ml slate', 4800, 0.91, 12), 'lot', [
    'BTL750S',
    '0036000291452',
  ]),
  product('BTL-500-SAND', 'Insulated bottle 500 ml sand', 2400, 0.7, 12),
  withRoll(product('CAP-STD', 'Standard cap', 9600, 0.05, 48)),
  product('CAP-SPORT', 'Sport cap', 3600, 0.07, 48),
  product('MUG-350', 'Stoneware mug 350 ml', 1800, 0.8, 6),
  product('TEE-S-BLK', 'T-shirt black S', 900, 0.35, 24),
  withDetails(product('TEE-M-BLK', 'T-shirt black M', 1500, 0.37, 24), 'none', ['TEEMBLK']),
  product('TEE-L-BLK', 'T-shirt black L', 1200, 0.4, 24),
  product('TOTE-NAT', 'Cotton tote natural', 2200, 0.3, 20),
  withDetails(product('SCALE-PRO', 'Kitchen scale with display', 350, 2.4, 4), 'serial', []),
  product('LID-SILICONE', 'Silicone lid', 5000, 0.1, 50),
  withComponents(product('KIT-STARTER', 'Starter kit: bottle and cap', 0, 1.1, 6)),
];

function withDetails(seed: SeedProduct, tracking: ProductRecord['tracking'], Aliases: string[]): SeedProduct {
  return { ...seed, tracking, body: { ...seed.body, Aliases } };
}

function withRoll(seed: SeedProduct): SeedProduct {
  const UnitsOfMeasure = { ...seed.body.UnitsOfMeasure, ROLL: unit(200, 10) };
  return { ...seed, body: { ...seed.body, UnitsOfMeasure } };
}

function withComponents(seed: SeedProduct): SeedProduct {
  const BillOfMaterialEntries = ['BTL-750-SLATE', 'CAP-STD'].map((ProductId) => {
    return { ProductId, UnitOfMeasure: 'EACH', Quantity: 1 };
  });
  return { ...seed, body: { ...seed.body, BillOfMaterialEntries } };
}

const ADDRESSES: readonly (readonly [string, Address])[] = [
  [
    'STORE-001',
    {
      Name: 'Riverside Store',
      Address1: '200 River Road',
      City: 'Columbus',
      StateOrProvince: 'OH',
      PostalCode: '43215',
      CountryCode: 'US',
    },
  ],
];

/** What CTL knows before anybody wrote to it: user and client `demo`. */
export function createState(): CtlState {
  return {
    users: new Map([['demo', ['demo']]]),
    clients: new Map([['demo', { name: 'Demo Company' }]]),
    carriers: structuredClone([...CARRIERS]),
    books: new Map(),
  };
}

export function createBook(): Book {
  return {
    lastIndex: 0n,
    counters: new Map(),
    queue: [],
    orders: new Map(),
    purchaseOrders: new Map(),
    asns: new Map(),
    changes: new Map(),
    receipts: new Map(),
    returns: new Map(),
    transactions: new Map(),
    products: new Map(),
    aliases: new Map(),
    addresses: new Map(structuredClone([...ADDRESSES])),
    streams: new Map(),
    snapshots: new Map(),
  };
}

/** Fills a new client's book with products and stock, and starts its days. */
export function stockBook(desk: Desk): void {
  for (const seed of PRODUCTS) {
    const saved = saveProduct(desk.book, structuredClone(seed.body));
    saved.tracking = seed.tracking ?? 'none';
    if (seed.stock > 0) post(desk, saved, 'Adjustment', 'INITIAL', new Big(seed.stock));
  }
  schedule(desk, DAY_MS, 'day', '', 1);
}
