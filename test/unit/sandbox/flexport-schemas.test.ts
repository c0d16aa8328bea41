import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/core/json.ts';
import { createAjv } from '../../../src/core/shape.ts';

const FOLDER = new URL('../../../mappings/flexport/schemas/', import.meta.url);

const schemas = readdirSync(FOLDER).map((name) => {
  const schema = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as JsonSchema & { examples: object[] };
  return { name, schema, isValid: createAjv().compile(schema) };
});

/** The value once for each object in it, with something there that nobody named. */
function withStrangers(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => withStrangers(item).map((changed) => value.with(at, changed)));
  }
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, item]) =>
    withStrangers(item).map((changed) => ({ ...value, [name]: changed })),
  );
  return [{ ...value, stranger: 1 }, ...inner];
}

describe('the schemas of Flexport', () => {
  it('are those of the operations', () => {
    expect(schemas.map(({ name }) => name).sort()).toEqual([
      'attachment.json',
      'b2b-order.json',
      'barcode.json',
      'inbound-shipment.json',
      'order-cancel.json',
      'order.json',
      'product.json',
      'return.json',
    ]);
  });

  it.each(schemas)('$name takes its examples, and nothing beside what it names', ({ schema, isValid }) => {
    expect(schema.examples.length).toBeGreaterThan(0);
    for (const example of schema.examples) {
      expect([example, isValid(example)]).toEqual([example, true]);
      for (const strange of withStrangers(example)) expect([strange, isValid(strange)]).toEqual([strange, false]);
    }
  });

  it('refuse a wholesale order that its carriers would', () => {
    const { schema, isValid } = schemas.find(({ name }) => name === 'b2b-order.json') ?? {};
    const [example] = (schema?.examples ?? []) as { transportationDetails: object }[];
    const by = (transportationDetails: object): unknown => isValid?.({ ...example, transportationDetails });
    const account = { carrierName: 'UPS', carrierAccountId: 'A1', country: 'US', postalCode: '68138' };
    expect(by({ shippingPartner: 'SELLER', shippingType: 'FTL' })).toBe(true);
    expect(by({ shippingPartner: 'FLEXPORT', shippingType: 'PARCEL', shippingSpeed: 'TWO_DAY' })).toBe(true);
    expect(by({ shippingPartner: 'FLEXPORT', shippingType: 'LTL', shippingSpeed: 'TWO_DAY' })).toBe(false);
    expect(by({ shippingPartner: 'SELLER', shippingType: 'PARCEL', shippingSpeed: 'TWO_DAY' })).toBe(false);
    for (const shippingPartner of ['THIRD_PARTY', 'RECEIVER']) {
      const shippingType = 'PARCEL';
      expect(by({ shippingPartner, shippingType, carrierAccountDetails: account })).toBe(true);
      expect(by({ shippingPartner, shippingType: 'LTL', carrierAccountDetails: account })).toBe(false);
      expect(by({ shippingPartner, shippingType })).toBe(false);
      for (const name of Object.keys(account)) {
        const carrierAccountDetails = { ...account, [name]: undefined };
        expect(by(JSON.parse(JSON.stringify({ shippingPartner, shippingType, carrierAccountDetails })) as object)).toBe(
          false,
        );
      }
    }
    const collect = { shippingPartner: 'COLLECT', shippingType: 'PARCEL' };
    expect(by({ ...collect, carrierAccountDetails: { carrierName: 'FEDEX' } })).toBe(true);
    expect(by({ ...collect, carrierAccountDetails: { carrierName: 'UPS' } })).toBe(false);
    expect(by(collect)).toBe(false);
  });
});
