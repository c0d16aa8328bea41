import { describe, expect, it } from 'vitest';
import { type Client, DAY, HOUR, MINUTE, order, type OrderInfo, readAll, startClient } from './client.ts';

interface Transaction {
  UpdateIndex: number;
  ProductId: string;
  Quantity: number;
  TransactionType: string;
}
interface Receipt {
  UpdateIndex: number;
  PurchaseOrderId: string;
  Items: { Quantity: number; UnitOfMeasure: string }[];
  VendorScorecard: { BoxDamaged: boolean };
}
interface Asn {
  Id: string;
  UpdateIndex: number;
  PurchaseDate: string;
  Items: { PostedReceiptDate: string | null; SerialLotLow?: string }[];
}
interface Change {
  Id: string;
  UpdateIndex: number;
  Status: string;
  ResultMessage: string | null;
}
interface Product {
  Id: string;
  QuantityOnHand: number;
  QuantityAvailable: number;
}

const PURCHASE = { VendorName: 'Porto Metals', Items: [{ Sku: 'BTL-750-SLATE', Quantity: 20, UnitOfMeasure: 'CASE' }] };
const OVERWRITE = { 'X-Ctl-Overwrite': 'true' };

async function readProducts(ctl: Client): Promise<Product[]> {
  const first = await ctl.get<{ CollectionKey: string; TotalPages: number; Items: Product[] }>('Products/');
  const products = [...first.Items];
  for (let page = 1; page < first.TotalPages; page += 1) {
    products.push(...(await ctl.get<{ Items: Product[] }>(`Products?pageKey=${first.CollectionKey}-${page}`)).Items);
  }
  return products;
}

describe('purchase orders', () => {
  it('can be overwritten until they are processed, and are received in parts that add up', async () => {
    const ctl = await startClient();
    expect((await ctl.put('PurchaseOrders/P1', { ...PURCHASE, ReadyForProcessing: false })).status).toBe(201);
    expect((await ctl.put('PurchaseOrders/P1', PURCHASE)).status).toBe(409);
    ctl.advance(DAY);
    expect(await ctl.get('PurchaseReceipts/?fromUpdateId=0')).toEqual([]);
    expect((await ctl.put('PurchaseOrders/P1', PURCHASE, OVERWRITE)).status).toBe(201);
    ctl.advance(10 * MINUTE);
    expect((await ctl.put('PurchaseOrders/P1', PURCHASE, OVERWRITE)).status).toBe(409);
    ctl.advance(DAY);
    const receipts = await readAll<Receipt>(ctl, 'PurchaseReceipts');
    expect(receipts.flatMap(({ Items }) => Items).reduce((sum, { Quantity }) => sum + Quantity, 0)).toBe(20);
    expect((await ctl.put('PurchaseOrders/P1', PURCHASE, { 'X-Ctl-Overwrite': 'maybe' })).status).toBe(400);
  });

  it('arrive in one to three parts, and sometimes damaged', async () => {
    const ctl = await startClient();
    for (let number = 0; number < 30; number += 1) await ctl.put(`PurchaseOrders/P${number}`, PURCHASE);
    ctl.advance(DAY);
    const receipts = await readAll<Receipt>(ctl, 'PurchaseReceipts');
    const parts = new Map<string, number>();
    for (const { PurchaseOrderId: id } of receipts) parts.set(id, (parts.get(id) ?? 0) + 1);
    expect(new Set(parts.values())).toEqual(new Set([1, 2, 3]));
    expect(new Set(receipts.map(({ VendorScorecard }) => VendorScorecard.BoxDamaged))).toEqual(new Set([true, false]));
  });

  it('bring nothing once they are closed, which can be said twice', async () => {
    const ctl = await startClient();
    await ctl.put('PurchaseOrders/P1', PURCHASE);
    expect((await ctl.put('PurchaseOrders/P1/close')).status).toBe(204);
    expect((await ctl.put('PurchaseOrders/P1/close')).status).toBe(204);
    expect((await ctl.put('PurchaseOrders/none/close')).status).toBe(404);
    ctl.advance(DAY);
    expect(await ctl.get('PurchaseReceipts/?fromUpdateId=0')).toEqual([]);
  });
});

describe('ASNs', () => {
  it('say item by item when they were received', async () => {
    const ctl = await startClient();
    const asn = {
      PurchaseDate: '2026-05-01T00:00:00Z',
      Items: [
        { Sku: 'BTL-750-SLATE', Quantity: 12, CartonNumber: 'C1' },
        { Sku: 'SCALE-PRO', Quantity: 4, CartonNumber: 'C2' },
      ],
    };
    expect((await ctl.put('ASNs/N1', asn)).status).toBe(201);
    expect((await ctl.put('ASNs/N1', asn)).status).toBe(409);
    expect((await ctl.put('ASNs/N1', asn, OVERWRITE)).status).toBe(201);
    const before = await ctl.get<Asn>('ASNs/N1');
    expect(before).toMatchObject({ Id: 'N1', PurchaseDate: '2026-05-01T00:00:00' });
    expect(before.Items.map((item) => item.PostedReceiptDate)).toEqual([null, null]);
    ctl.advance(10 * MINUTE);
    expect((await ctl.put('ASNs/N1', asn, OVERWRITE)).status).toBe(409);
    ctl.advance(DAY);
    const [after, ...others] = await readAll<Asn>(ctl, 'ASNs');
    expect(others).toEqual([]);
    expect(after?.Items.map((item) => item.PostedReceiptDate)).toEqual(['2026-05-04T00:00:00', '2026-05-04T00:00:00']);
    expect(after?.UpdateIndex).toBeGreaterThan(before.UpdateIndex);
    expect((await ctl.send('GET', '/ctl/v1/ASNs/none')).status).toBe(404);
  });
});

describe('product changes', () => {
  it('are pending at first and decided five minutes later', async () => {
    const ctl = await startClient();
    const body = { ProductId: 'NEW-1', Description: 'New', SpecialEquipmentCode: 'G' };
    const unit = (EACH: number, CASE: number) => ({ EACH: { BaseQuantity: EACH }, CASE: { BaseQuantity: CASE } });
    expect((await ctl.put('ProductChanges/C1', { ...body, UnitsOfMeasure: unit(1, 6) })).status).toBe(201);
    expect((await ctl.put('ProductChanges/C1', body)).status).toBe(409);
    await ctl.put('ProductChanges/C2', { ...body, ProductId: 'DENY-1' });
    await ctl.put('ProductChanges/C3', { ...body, UnitsOfMeasure: unit(2, 6) });
    await ctl.put('ProductChanges/C4', { ...body, UnitsOfMeasure: unit(1, 1) });
    const pending = await readAll<Change>(ctl, 'ProductChanges');
    expect(pending.map(({ Status }) => Status)).toEqual(['Pending', 'Pending', 'Pending', 'Pending']);
    ctl.advance(5 * MINUTE);
    const decided = await readAll<Change>(ctl, 'ProductChanges');
    expect(decided.map(({ Status }) => Status)).toEqual(['Accepted', 'Denied', 'Denied', 'Denied']);
    expect(decided[0]).toMatchObject({ Id: 'C1', SpecialHandlingCode: 'G', ResultMessage: null });
    expect((await readProducts(ctl)).map(({ Id }) => Id)).toContain('NEW-1');
    expect(
      (await ctl.put('Orders/A1', order({ Items: [{ Sku: 'NEW-1', Quantity: 1, UnitOfMeasure: 'PAIR' }] }))).status,
    ).toBe(400);
  });

  it('are refused when they point at nothing', async () => {
    const ctl = await startClient();
    const body = { ProductId: 'KIT-2', Description: 'Kit' };
    const entry = { ProductId: 'MUG-350', UnitOfMeasure: 'EACH', Quantity: 2 };
    const refused = [
      { ...body, SalesUnitOfMeasure: 'BOX' },
      { ...body, BillOfMaterialEntries: [{ ...entry, ProductId: 'NONE' }] },
      { ...body, BillOfMaterialEntries: [{ ...entry, UnitOfMeasure: 'BOX' }] },
    ];
    for (const bad of refused) expect((await ctl.put('ProductChanges/C1', bad)).status).toBe(400);
    expect((await ctl.put('ProductChanges/C1', { ...body, BillOfMaterialEntries: [entry] })).status).toBe(201);
  });

  it('do not disable a product on open orders unless its items may be removed', async () => {
    const ctl = await startClient();
    const disable = { ProductId: 'MUG-350', Description: 'Mug', Enabled: false };
    const mug = { Sku: 'MUG-350', Quantity: 3 };
    await ctl.put('Orders/A1', order({ Items: [mug, { Sku: 'CAP-STD', Quantity: 1 }] }));
    await ctl.put('Orders/A2', order({ Items: [mug] }));
    expect((await ctl.put('ProductChanges/C1', disable)).status).toBe(400);
    const header = { 'X-Ctl-CancelDisabledItems': 'true' };
    expect((await ctl.put('ProductChanges/C1', disable, header)).status).toBe(201);
    ctl.advance(5 * MINUTE);
    expect((await ctl.get<OrderInfo>('Orders/A1')).Items).toMatchObject([{ Sku: 'CAP-STD' }]);
    expect(await ctl.get<OrderInfo>('Orders/A2')).toMatchObject({ IsClosed: true, Items: [] });
    expect((await ctl.put('Orders/A3', order({ Items: [mug] }))).status).toBe(400);
    expect((await ctl.put('Orders/A1', order({ Items: [mug] }))).status).toBe(409);
    await ctl.put('PurchaseOrders/P1', PURCHASE);
    const bottle = { ...disable, ProductId: 'BTL-750-SLATE' };
    expect((await ctl.put('ProductChanges/C2', bottle, header)).status).toBe(400);
  });
});

describe('stock', () => {
  it('is the sum of its transactions after days of work, and never below zero', async () => {
    const ctl = await startClient({ switches: { ctl: { snapshotPageSize: 5 } } });
    const skus = ['BTL-750-SLATE', 'CAP-STD', 'UNHEARD-OF', 'KIT-STARTER', 'BTL750S', 'SCALE-PRO', 'TEE-S-BLK'];
    for (let number = 0; number < 150; number += 1) {
      const Items = [0, 1, 2, 3].map((line) => ({
        Sku: skus[(number + line) % skus.length],
        Quantity: 1.5 + line * number,
      }));
      expect((await ctl.put(`Orders/A${number}`, order({ Items }))).status).toBe(201);
      if (number % 5 === 0) await ctl.put(`PurchaseOrders/P${number}`, { Items: Items.slice(0, 2) });
      if (number % 20 === 0) await ctl.put(`Orders/A${number}/IsCancelled`, { Cancel: true });
      if (number % 30 === 0) ctl.advance(7 * HOUR);
    }
    ctl.advance(40 * DAY);
    const sums = new Map<string, number>();
    const transactions = await readAll<Transaction>(ctl, 'ProductTransactions');
    for (const { ProductId, Quantity } of transactions) {
      const sum = (sums.get(ProductId) ?? 0) + Quantity;
      expect(sum).toBeGreaterThanOrEqual(0);
      sums.set(ProductId, sum);
    }
    const types = new Set(transactions.map(({ TransactionType }) => TransactionType));
    expect([...types].sort()).toEqual([
      'Adjustment',
      'Consumption',
      'Output',
      'Purchase Receipt',
      'Quarantine',
      'Sales Shipment',
    ]);
    for (const { Id, QuantityOnHand, QuantityAvailable } of await readProducts(ctl)) {
      expect([Id, QuantityOnHand]).toEqual([Id, sums.get(Id) ?? 0]);
      expect(QuantityAvailable).toBeLessThanOrEqual(QuantityOnHand);
    }
  });

  it('reserves what open orders need', async () => {
    const ctl = await startClient();
    const mugs = async () => (await readProducts(ctl)).find(({ Id }) => Id === 'MUG-350');
    await ctl.put('Orders/A1', order({ Items: [{ Sku: 'MUG-350', Quantity: 2, UnitOfMeasure: 'CASE' }] }));
    expect(await mugs()).toMatchObject({ QuantityOnHand: 1800, QuantityAvailable: 1788 });
    await ctl.put('Orders/A1/IsCancelled', { Cancel: true });
    expect(await mugs()).toMatchObject({ QuantityOnHand: 1800, QuantityAvailable: 1800 });
  });
});
