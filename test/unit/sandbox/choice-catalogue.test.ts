import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAjv } from '../../../src/core/shape.ts';
import { startChoice, type Stock, ticket } from './choice-client.ts';

interface Page {
  items: Stock[];
  nextCursor?: string | null;
}

describe('the stock of Choice', () => {
  it('is read page by page, each part of each location once', async () => {
    const choice = await startChoice({ switches: { choice: { inventoryPageSize: 7 } } });
    const sizes: number[] = [];
    const found: string[] = [];
    for (let cursor: string | null | undefined = ''; typeof cursor === 'string';) {
      const page: Page = await choice.get<Page>(`inventory?cursor=${cursor}`);
      sizes.push(page.items.length);
      found.push(...page.items.map(({ ssl, partNumber }) => `${ssl} ${partNumber}`));
      cursor = page.nextCursor;
    }
    expect(sizes).toEqual([7, 7, 4]);
    expect(new Set(found).size).toBe(18);
    expect(found).toEqual([...found].sort());
  });

  it('is read by location and part', async () => {
    const choice = await startChoice();
    const { items } = await choice.get<Page>('inventory?ssl=JFK-SSL-001&partNumber=CTRL-BRD-7');
    const asOf = '2026-05-04T14:00:00Z';
    const [ssl, partNumber] = ['JFK-SSL-001', 'CTRL-BRD-7'];
    expect(items).toEqual([{ ssl, partNumber, onHand: 40, available: 40, serialized: true, asOf }]);
    expect((await choice.get<Page>('inventory?partNumber=CTRL-BRD-7')).items).toHaveLength(3);
    expect((await choice.get<Page>('inventory?ssl=NONE')).items).toEqual([]);
  });

  it('ends with a cursor as switches have it, and cursors may end', async () => {
    const choice = await startChoice({ switches: { choice: { lastCursor: 'empty', cursorSeconds: 10 } } });
    expect((await choice.get<Page>('inventory')).nextCursor).toBe('');
    await choice.admin('POST', 'switches', { choice: { inventoryPageSize: 10 } });
    const { nextCursor } = await choice.get<Page>('inventory');
    choice.advance(9_999);
    expect((await choice.ask(`inventory?cursor=${nextCursor}`)).status).toBe(200);
    choice.advance(1);
    expect(await choice.ask(`inventory?cursor=${nextCursor}`)).toMatchObject({
      status: 400,
      json: { code: 'INVALID_CURSOR' },
    });
    expect((await choice.ask('inventory?cursor=xyz')).status).toBe(400);
  });
});

describe('the product catalogue of Choice', () => {
  it('takes or refuses each product for itself', async () => {
    const choice = await startChoice();
    const products = [
      { partNumber: 'NEW-1', description: 'New part', serialized: true },
      { partNumber: 'NEW-2' },
      { partNumber: 'NEW-1', description: 'Again' },
      { partNumber: 'FAN-TRAY-2U', description: 'Fan tray 2U', serialized: true },
      { partNumber: 'CBL-QSFP-3M', description: 'Cable', active: false, color: 'red' },
      7,
    ];
    const { status, json } = await choice.post('products/bulk', { products });
    expect([status, json]).toMatchObject([200, { accepted: 1, rejected: 5 }]);
    const { results } = json as { results: { partNumber: unknown; status: string; errors: { field: string }[] }[] };
    expect(results.map(({ partNumber, errors }) => [partNumber, errors.map(({ field }) => field)])).toEqual([
      ['NEW-1', []],
      ['NEW-2', ['products[1].description']],
      ['NEW-1', ['products[2].partNumber']],
      ['FAN-TRAY-2U', ['products[3].serialized']],
      ['CBL-QSFP-3M', ['products[4].color']],
      [null, ['products[5]']],
    ]);
    const lines = [{ partNumber: 'NEW-1', quantity: 1, serialized: true, serialNumbers: ['N1'] }];
    expect((await choice.post('tickets', ticket(1, { lines }))).status).toBe(201);
  });

  it('keeps tickets from parts that are not active', async () => {
    const choice = await startChoice();
    const products = [{ partNumber: 'FAN-TRAY-2U', description: 'Fan tray 2U', active: false }];
    await choice.post('products/bulk', { products });
    expect((await choice.post('tickets', ticket())).json).toMatchObject({ errors: [{ field: 'lines[0].partNumber' }] });
  });

  it('bounds one update, and tells errors as switches have it', async () => {
    const switches = { bulkMaxItems: 1, bulkStatus: '207', bulkErrors: 'text' } as const;
    const choice = await startChoice({ switches: { choice: switches } });
    const product = { partNumber: 'NEW-1', description: 'New part' };
    for (const products of [[], [product, product], 'none']) {
      expect((await choice.post('products/bulk', { products })).status).toBe(422);
    }
    expect((await choice.post('products/bulk', '[')).status).toBe(400);
    expect(await choice.post('products/bulk', { products: [{ partNumber: 'NEW-1' }] })).toMatchObject({
      status: 207,
      json: { results: [{ status: 'REJECTED', errors: ['products[0].description is required.'] }] },
    });
  });
});

describe('webhooks of Choice', () => {
  it('are registered, and kept with what they ask for', async () => {
    const choice = await startChoice();
    const body = { url: 'https://files.example.com/hook', events: ['PACK', 'DLVD'], secret: 's3' };
    const { status, json } = await choice.post('webhooks', body);
    const { webhookId } = json as { webhookId: string };
    expect([status, webhookId]).toEqual([201, expect.stringMatching(/^wh_[0-9a-f]{12}$/)]);
    expect((await choice.admin('GET', `state/choice/webhooks/${webhookId}`)).json).toMatchObject(body);
    const { json: refused } = await choice.post('webhooks', { url: 'ftp://x', events: ['SOLD'] });
    const { errors } = refused as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['url', 'events', 'secret']);
  });
});

describe('the schemas of Choice', () => {
  it('compile under strict rules and take their own examples, but nothing they do not name', () => {
    const folder = new URL('../../../mappings/choice/schemas/', import.meta.url);
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['product-bulk.json', 'ticket-inbound.json', 'ticket-outbound.json', 'ticket-transfer.json']);
    for (const name of names) {
      const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { examples: object[] };
      const validate = createAjv().compile(schema);
      expect(schema.examples.length).toBeGreaterThan(0);
      for (const example of schema.examples) {
        expect([name, validate(example), validate.errors]).toEqual([name, true, null]);
        expect(validate({ ...example, more: 1 })).toBe(false);
      }
    }
  });
});
