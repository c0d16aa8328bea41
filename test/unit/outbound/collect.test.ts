import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { createDesk, createShelf, item, type Desk } from './support.ts';

const MINUTE = 60_000;
const stored = async (desk: Desk): Promise<string[]> =>
  (await desk.ledger.itemsAfter('test', 'shipments', 0, 100)).map(
    ({ body }) => (JSON.parse(body) as { Id: string }).Id,
  );

describe('a stream', () => {
  test('is read page by page from its start to its end, and from there on next time', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0), item(1), item(2)];
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(3);
    expect(shelf.asked).toEqual(['0', '2', '3']);
    shelf.items.push(item(3));
    shelf.asked.length = 0;
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(1);
    expect(shelf.asked).toEqual(['3', '4']);
    expect(await stored(desk)).toEqual(['I0', 'I1', 'I2', 'I3']);
  });

  test('has indexes of any length', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item('9007199254740993'), item('9007199254740994'), item('123456789012345678901234567890')];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect(await desk.ledger.feedCursor('test', 'shipments')).toBe('123456789012345678901234567891');
  });

  test('that fails in the middle keeps what was read and goes on behind it', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0), item(1), item(2)];
    shelf.before = (cursor) => {
      if (cursor === '2') throw new Failure('provider-unreachable');
    };
    await expect(collectFeed(desk.flow(shelf), desk.parts, desk.never)).rejects.toMatchObject({
      code: 'provider-unreachable',
    });
    expect(await stored(desk)).toEqual(['I0', 'I1']);
    shelf.before = () => undefined;
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(1);
    expect(await stored(desk)).toEqual(['I0', 'I1', 'I2']);
  });

  test('is not read on once the work is stopped', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 1);
    shelf.items = [item(0), item(1), item(2)];
    const stop = new AbortController();
    shelf.before = (cursor) => cursor === '1' && stop.abort();
    await collectFeed(desk.flow(shelf), desk.parts, stop.signal);
    expect(shelf.asked).toEqual(['0', '1']);
    expect(await stored(desk)).toEqual(['I0', 'I1']);
  });
});

describe('an index that was missing', () => {
  test('is read again when its time has come, and the item is found though the cursor has passed it', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 10, [MINUTE, 10 * MINUTE]);
    shelf.items = [item(0), item(1), item(4)];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    shelf.items.push(item(3));
    shelf.asked.length = 0;
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect([shelf.asked, await stored(desk)]).toEqual([['5'], ['I0', 'I1', 'I4']]);
    desk.clock.advance(MINUTE);
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(1);
    expect(shelf.asked).toContain('2');
    expect(await stored(desk)).toEqual(['I0', 'I1', 'I4', 'I3']);
    expect(desk.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ items: 1 }) }),
    );
  });

  test('is asked for as often as the definition says and then no more', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 10, [MINUTE, 10 * MINUTE]);
    shelf.items = [item(0), item(2)];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    const rounds: number[] = [];
    for (const wait of [MINUTE, MINUTE, 9 * MINUTE, 100 * MINUTE]) {
      desk.clock.advance(wait);
      shelf.asked.length = 0;
      await collectFeed(desk.flow(shelf), desk.parts, desk.never);
      rounds.push(shelf.asked.filter((cursor) => cursor === '1').length);
    }
    expect(rounds).toEqual([1, 0, 1, 0]);
  });

  test('is watched across the border of two pages', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 2, [MINUTE]);
    shelf.items = [item(0), item(1), item(3), item(4)];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    shelf.items.push(item(2));
    desk.clock.advance(MINUTE);
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect(await stored(desk)).toEqual(['I0', 'I1', 'I3', 'I4', 'I2']);
  });

  test('of a stream without gaps is not asked for', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 2, [MINUTE]);
    shelf.items = [item(0), item(1), item(2)];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect(await desk.ledger.dueGaps('test', 'shipments', desk.clock.now() + 100 * MINUTE)).toEqual([]);
  });

  test('keeps being watched when the work is stopped while it is read again', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 1, [MINUTE]);
    shelf.items = [item(0), item(9)];
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    shelf.items.push(item(3), item(5));
    desk.clock.advance(MINUTE);
    const stop = new AbortController();
    shelf.before = () => stop.abort();
    await collectFeed(desk.flow(shelf), desk.parts, stop.signal);
    shelf.before = () => undefined;
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect(await stored(desk)).toEqual(['I0', 'I9', 'I3', 'I5']);
  });
});

describe('a snapshot', () => {
  const sku = (id: string) => ({ identity: id, body: JSON.stringify({ Id: id }) });

  test('replaces the one before, and only when it is whole', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot');
    shelf.items = [sku('A'), sku('B'), sku('C')];
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(3);
    shelf.items = [sku('A'), sku('D'), sku('E')];
    shelf.before = (cursor) => {
      if (cursor === '2') throw new Failure('provider-unreachable');
    };
    await expect(collectFeed(desk.flow(shelf), desk.parts, desk.never)).rejects.toMatchObject({
      code: 'provider-unreachable',
    });
    expect(await stored(desk)).toEqual(['A', 'B', 'C']);
    shelf.before = () => undefined;
    await collectFeed(desk.flow(shelf), desk.parts, desk.never);
    expect(await stored(desk)).toEqual(['A', 'D', 'E']);
  });

  test('that expires while it is read is read anew from its first page', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot');
    shelf.items = [sku('A'), sku('B'), sku('C')];
    let expiries = 2;
    shelf.before = (cursor) => {
      if (cursor === '2' && expiries-- > 0) throw new Failure('snapshot-expired');
    };
    expect(await collectFeed(desk.flow(shelf), desk.parts, desk.never)).toBe(3);
    expect(shelf.asked).toEqual(['0', '2', '0', '2', '0', '2']);
    expect(await stored(desk)).toEqual(['A', 'B', 'C']);
  });

  test('that expires every time is given up until the next run', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot');
    shelf.items = [sku('A'), sku('B'), sku('C')];
    shelf.before = (cursor) => {
      if (cursor === '2') throw new Failure('snapshot-expired');
    };
    await expect(collectFeed(desk.flow(shelf), desk.parts, desk.never)).rejects.toMatchObject({
      code: 'snapshot-expired',
    });
    expect(shelf.asked).toHaveLength(6);
    expect(await stored(desk)).toEqual([]);
  });

  test('that is stopped in the middle counts for nothing', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot');
    shelf.items = [sku('A'), sku('B'), sku('C')];
    const stop = new AbortController();
    shelf.before = () => stop.abort();
    expect(await collectFeed(desk.flow(shelf), desk.parts, stop.signal)).toBe(0);
    expect(await stored(desk)).toEqual([]);
  });
});
