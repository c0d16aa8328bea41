import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { order } from './client.ts';

const FOLDER = new URL('../../../mappings/ctl/schemas/', import.meta.url);

function readSchema(name: string): { properties: object; $defs: Record<string, object> } {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as {
    properties: object;
    $defs: Record<string, object>;
  };
}

function compile(name: string) {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(readSchema(name));
}

describe('the schemas', () => {
  it('compile under strict rules', () => {
    const names = readdirSync(FOLDER).sort();
    expect(names).toEqual([
      'asn.json',
      'order-cancel.json',
      'order.json',
      'product-change.json',
      'purchase-order.json',
      'ship-to.json',
    ]);
    for (const name of names) expect(() => compile(name)).not.toThrow();
  });

  it('refuse what they do not name, and null', () => {
    expect(compile('order.json')(order())).toBe(true);
    expect(compile('order.json')(order({ ShippingPaymentType: 'Prepaid' }))).toBe(false);
    expect(compile('order.json')(order({ Comments: null }))).toBe(false);
    expect(compile('order-cancel.json')({ Cancel: true, Reason: 'none' })).toBe(false);
    expect(compile('order.json')(order({ ShipToAddressId: 'STORE-001' }))).toBe(false);
  });

  it('describe the delivery address alike in both places', () => {
    const { properties } = readSchema('ship-to.json');
    expect(readSchema('order.json').$defs['shipTo']).toMatchObject({ properties });
  });

  it('ask for a base quantity of 1 for EACH', () => {
    const body = { ProductId: 'A', Description: 'A', UnitsOfMeasure: { EACH: { BaseQuantity: 2 } } };
    expect(compile('product-change.json')(body)).toBe(false);
    body.UnitsOfMeasure.EACH.BaseQuantity = 1;
    expect(compile('product-change.json')(body)).toBe(true);
  });

  it('take dates with and without time and offset', () => {
    const validate = compile('order.json');
    const good = ['2026-05-04', '2026-05-04T09:15:00', '2026-05-04T09:15:00Z', '2026-05-04T09:15:00.123-05:00'];
    for (const DateOrdered of good)
      expect([DateOrdered, validate(order({ DateOrdered }))]).toEqual([DateOrdered, true]);
    for (const DateOrdered of ['05/04/2026', '2026-02-30', '20260504', '2026-05-04 09:15:00', '']) {
      expect([DateOrdered, validate(order({ DateOrdered }))]).toEqual([DateOrdered, false]);
    }
  });
});
