import { describe, expect, test } from 'vitest';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { createTestClock } from '../core/support.ts';
import { createRecordedLog, feedOf, findings, open, serve, things } from '../providers/support.ts';
import { queryOf, storedBodies } from './live-support.ts';
import { createDesk } from './support.ts';

const MINUTE_MS = 60_000;
const follow = 'follow: [{ list: products, by: ["sku", "lines[].sku"], as: known, take: [sku, ours], remember: 1h }]';
const products =
  '  products: { summary: p, path: /products, paging: { offset: { parameter: offset, limit: limit, size: 2 } }, identity: sku }\n';
const stock = things(`identity: id, ${follow}`) + products;

/** A provider with stock, a list of products in pages of two, and single orders. */
async function createScene(definition: string) {
  const clock = createTestClock();
  const names = new Map([
    ['A', 'CAP'],
    ['B', 'MUG'],
    ['C', 'TEE'],
  ]);
  const state = { stock: [{ id: 1, sku: 'A' }] as object[], failures: 0 };
  const { url, received } = await serve((request, response) => {
    if (!request.url.startsWith('/products')) return response.end(JSON.stringify(state.stock));
    if (state.failures-- > 0) return response.writeHead(503).end();
    const offset = Number(queryOf(request).get('offset'));
    const all = [...names].map(([sku, ours]) => ({ sku, ours, weight: 1.5 }));
    return response.end(JSON.stringify(all.slice(offset, offset + 2)));
  });
  const desk = await createDesk();
  const own = { ...clock, sleep: () => Promise.resolve() };
  const feed = feedOf(open(definition, url, { log: createRecordedLog(), clock: own }), 'things');
  return {
    names,
    state,
    clock,
    run: () => collectFeed(desk.flow(feed), desk.parts, desk.never),
    known: async () => (await storedBodies(desk)).map(({ known }) => known),
    listReads: () => received.filter((request) => request.url.includes('offset=0')).length,
  };
}

describe('a list that items only name', () => {
  test('is read once, whole, and put into each item as far as it is named and wanted', async () => {
    const { state, run, known, listReads } = await createScene(stock);
    state.stock = [{ id: 1, sku: 'A' }, { id: 2, lines: [{ sku: 'C' }, { sku: 'B' }, { sku: 'C' }] }, { id: 3 }];
    await run();
    expect(await known()).toEqual([
      [{ sku: 'A', ours: 'CAP' }],
      [
        { sku: 'C', ours: 'TEE' },
        { sku: 'B', ours: 'MUG' },
      ],
      undefined,
    ]);
    await run();
    expect(listReads()).toBe(1);
  });

  test('is read again when its time is over, and soon for what it does not have, but not all the time', async () => {
    const { names, state, clock, run, known, listReads } = await createScene(stock);
    await run();
    state.stock = [
      { id: 1, sku: 'A' },
      { id: 2, sku: 'NEW' },
    ];
    names.set('NEW', 'POT');
    await run();
    expect([await known(), listReads()]).toEqual([[[{ sku: 'A', ours: 'CAP' }], undefined], 1]);
    clock.advance(15 * MINUTE_MS);
    await run();
    expect([(await known())[1], listReads()]).toEqual([[{ sku: 'NEW', ours: 'POT' }], 2]);
    clock.advance(59 * MINUTE_MS);
    await run();
    expect(listReads()).toBe(2);
    clock.advance(MINUTE_MS);
    await run();
    expect(listReads()).toBe(3);
  });

  test('that cannot be read fails the walk, and the one before stays', async () => {
    const { state, clock, run, known } = await createScene(stock);
    await run();
    clock.advance(60 * MINUTE_MS);
    Object.assign(state, { failures: 1, stock: [{ id: 2, sku: 'B' }] });
    await expect(run()).rejects.toMatchObject({ code: 'provider-unreachable' });
    expect(await known()).toEqual([[{ sku: 'A', ours: 'CAP' }]]);
    await run();
    expect(await known()).toEqual([[{ sku: 'B', ours: 'MUG' }]]);
  });

  test.each([
    ['a feed that is not there', stock.replace('list: products', 'list: product'), 'there is no feed "product"'],
    ['itself', stock.replace('list: products', 'list: things'), 'a feed cannot follow itself'],
    [
      'a stream',
      stock.replace(
        'paging: { offset: { parameter: offset, limit: limit, size: 2 } }',
        'changes: { since: { parameter: a, field: t } }',
      ),
      'is no list that is read whole',
    ],
    ['nothing it is named by', stock.replace('by: ["sku", "lines[].sku"], ', ''), ''],
    ['a path as well', stock.replace('list: products', 'list: products, path: /x'), ''],
  ])('cannot be %s', (_what, text, words) => {
    const found = findings(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(words);
  });
});
