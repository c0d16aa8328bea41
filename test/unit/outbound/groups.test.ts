import { describe, expect, test } from 'vitest';
import type { FeedItem } from '../../../src/core/provider.ts';
import { createOutbound, fileNameTemplate, type OutboundFlow } from '../../../src/outbound/index.ts';
import { formats } from '../../../src/formats/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, mapping, type Desk, type Shelf } from './support.ts';

const groups = `fact: "{Id}"
write: { format: csv }
records:
  order: { map: { T: { $value: H }, Id: Id } }
  line: { rows: "Lines[]", map: { T: { $value: L }, Sku: Sku, Qty: { $from: Qty, $as: integer } } }
`;

const growing = `fact: "{Id}"
write: { format: csv }
records:
  head: { map: { T: { $value: H }, Id: Id } }
  item: { rows: "Lines[]", map: { T: { $value: I }, Sku: Sku, Qty: { $delta: Qty, $per: "{$.Id}/{Sku}" } } }
  serial: { rows: "Lines[].Serials[]", map: { T: { $value: S }, No: No } }
`;

const order = (index: number, Id: string, ...quantities: readonly (number | string)[]): FeedItem => ({
  index: String(index),
  identity: String(index),
  body: JSON.stringify({
    Id,
    Lines: quantities.map((Qty, at) => ({ Sku: `K${at}`, Qty, Serials: [{ No: `${Id}${at}` }] })),
  }),
});

async function createScene(text: string, own: Partial<OutboundFlow> = {}, kind: Shelf['kind'] = 'stream') {
  const desk: Desk = await createDesk();
  const shelf = createShelf(kind, 3);
  const flow = desk.flow(shelf, { mapping: mapping(text), format: required(formats.get('csv')), ...own });
  const run = async (): Promise<string[]> => {
    const published: string[] = [];
    const events = { published: ({ path }: { path: string }) => published.push(path) };
    await createOutbound({
      flows: [flow],
      folders: new Map([['erp', flow.folder]]),
      parts: desk.parts,
      events,
    }).runOnce(desk.never);
    return Promise.all(published.map(async (path) => (await desk.read(path)).trim().replaceAll('\r\n', ' ')));
  };
  return { desk, shelf, flow, run };
}

describe('groups of records in files', () => {
  test('of at most so many records are never cut; one that is larger has a file of its own', async () => {
    const { shelf, run } = await createScene(groups, { per: { rows: 4 } });
    shelf.items = [
      order(0, 'A', 1),
      order(1, 'B', 1, 2),
      order(2, 'C', 1, 2, 3, 4, 5),
      order(3, 'D', 1),
      order(4, 'E', 1),
    ];
    expect(await run()).toEqual([
      'H,A L,K0,1',
      'H,B L,K0,1 L,K1,2',
      'H,C L,K0,1 L,K1,2 L,K2,3 L,K3,4 L,K4,5',
      'H,D L,K0,1 H,E L,K0,1',
    ]);
    expect(await run()).toEqual([]);
  });

  test('wait whole for a mended mapping, and each is written once', async () => {
    const { desk, shelf, flow, run } = await createScene(groups);
    shelf.items = [order(0, 'A', 1, 'x', 3), order(1, 'B', 1)];
    expect(await run()).toEqual(['H,B L,K0,1']);
    expect(await desk.ledger.deferredItems(flow.name)).toHaveLength(1);
    const mended = mapping(groups.replace(', $as: integer', ''));
    Object.assign(flow, { mapping: mended });
    expect(await run()).toEqual(['H,A L,K0,1 L,K1,x L,K2,3']);
    shelf.items.push({ ...order(2, 'A', 9), identity: 'again' });
    expect(await run()).toEqual([]);
  });

  test('one for each document', async () => {
    const fileName = required(fileNameTemplate('out/{document}_{seq:3}.csv', { isPerDocument: true }).name);
    const { shelf, run } = await createScene(groups, { per: 'document', fileName });
    shelf.items = [order(0, 'A', 1), order(1, 'B', 1), order(2, 'C', 1)].map((one, index) => ({
      ...one,
      documentKey: index === 1 ? 'P2' : 'P1',
    }));
    expect(await run()).toEqual(['H,A L,K0,1 H,C L,K0,1', 'H,B L,K0,1']);
  });

  test('hold the growth of counts: what has not grown is left out with what is below it, and a group of such', async () => {
    const { desk, shelf, run } = await createScene(growing);
    shelf.items = [order(0, 'A', 5, 2), order(1, 'B', 1)];
    expect(await run()).toEqual(['H,A I,K0,5 S,A0 I,K1,2 S,A1 H,B I,K0,1 S,B0']);
    shelf.items.push(order(2, 'A', 5, 6), order(3, 'B', 1), order(4, 'A', 5, 6));
    expect(await run()).toEqual(['H,A I,K1,4 S,A1']);
    shelf.items.push(order(5, 'A', 4, 7));
    expect(await run()).toEqual(['H,A I,K1,1 S,A1']);
    expect(desk.log.lines.filter(({ message }) => message.includes('lower'))).toHaveLength(1);
  });

  test('of a snapshot are compared as a whole where only changes are written', async () => {
    const { desk, shelf, run } = await createScene(groups, { snapshot: 'changes' }, 'snapshot');
    shelf.items = [order(0, 'A', 1, 2), order(1, 'B', 1)];
    expect(await run()).toEqual(['H,A L,K0,1 L,K1,2 H,B L,K0,1']);
    desk.clock.advance(60_000);
    shelf.items = [order(0, 'A', 1, 3), order(1, 'B', 1)];
    expect(await run()).toEqual(['H,A L,K0,1 L,K1,3']);
  });
});
