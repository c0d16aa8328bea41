import { rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { FeedItem } from '../../../src/core/provider.ts';
import {
  createOutbound,
  fileNameTemplate,
  markerPath,
  type NameWait,
  type OutboundFlow,
} from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, item, mapping, type Desk } from './support.ts';

const DAY_MS = 86_400_000;

interface Leg {
  run(): Promise<void>;
  published: string[];
  troubles(): readonly string[];
  waiting(): readonly NameWait[];
  withdraw(path: string): Promise<boolean>;
}

function createLeg(desk: Desk, flow: OutboundFlow): Leg {
  const published: string[] = [];
  const outbound = createOutbound({
    flows: [flow],
    folders: new Map([['erp', flow.folder]]),
    parts: desk.parts,
    events: { published: ({ path }) => published.push(path) },
  });
  return {
    run: () => outbound.runOnce(desk.never),
    published,
    troubles: () => outbound.troubles(),
    waiting: () => outbound.waiting(),
    async withdraw(path) {
      const file = (await desk.unpublished()).find((one) => one.path === path);
      return outbound.withdraw(file?.id ?? 0);
    },
  };
}

const named = (template: string, rules = {}): Pick<OutboundFlow, 'fileName'> => ({
  fileName: required(fileNameTemplate(template, rules).name),
});
const of = (document: string, index: number, ...skus: string[]): FeedItem => ({
  ...item(index, ...skus),
  documentKey: document,
});
const line = async (desk: Desk, path: string): Promise<string> =>
  (await desk.read(path)).trim().split('\r\n').slice(1).join(' ');

describe('a file for each document', () => {
  const rules = { isPerDocument: true };

  test('has all rows of its document, however they were mixed, and a number of its own', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 3);
    const flow = desk.flow(shelf, { per: 'document', ...named('out/{document}_{seq:3}.csv', rules) });
    const leg = createLeg(desk, flow);
    shelf.items = [of('PO-1', 0, 'A'), of('PO-2', 1, 'B'), of('', 2, 'C'), of('PO-1', 3, 'D'), of('', 4, 'E')];
    await leg.run();
    expect(leg.published).toEqual(['out/PO-1_001.csv', 'out/PO-2_002.csv', 'out/item-3_003.csv', 'out/item-5_004.csv']);
    expect(await line(desk, 'out/PO-1_001.csv')).toBe('I0,A,1 I3,D,1');
    // Nothing new, then more of one document: facts that are written do not come again.
    await leg.run();
    shelf.items.push({ ...of('PO-2', 5), body: item(1, 'B', 'F').body });
    await leg.run();
    expect(leg.published.slice(4)).toEqual(['out/PO-2_005.csv']);
    expect(await line(desk, 'out/PO-2_005.csv')).toBe('I1,F,1');
  });

  test('is built with the others or not at all', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const flow = desk.flow(shelf, { per: 'document', ...named('out/{document}_{seq:3}.csv', rules) });
    shelf.items = [of('P1', 0, 'A'), of('P2', 1, 'B')];
    const completeRun = (): Promise<never> => Promise.reject(new Error('killed here'));
    const broken = { ...desk.parts, ledger: { ...desk.ledger, completeRun } };
    await expect(createLeg({ ...desk, parts: broken }, flow).run()).rejects.toThrow('killed');
    expect(await desk.unpublished()).toEqual([]);
    const leg = createLeg(desk, flow);
    await leg.run();
    expect(leg.published).toEqual(['out/P1_001.csv', 'out/P2_002.csv']);
  });

  test('is named safely, and never like the file of another document', () => {
    const name = required(fileNameTemplate('out/{document}.csv', { ...rules, isReplaced: true }).name);
    const of = (document: string): string => name({ now: 0, sequence: 1, flow: 'f', document });
    expect(of('PO-1.b_ü')).toBe('out/PO-1.b_ü.csv');
    expect(of('../../etc/passwd')).toMatch(
      /^out\/_\._\._etc_passwd-[0-9a-f]{8}\.csv$|^out\/_[._]+etc_passwd-[0-9a-f]{8}\.csv$/,
    );
    expect(of('.x')).toMatch(/^out\/_x-[0-9a-f]{8}\.csv$/);
    expect(of('a/b')).not.toBe(of('a b'));
    expect(of('con')).toMatch(/^out\/con-[0-9a-f]{8}\.csv$/);
    expect(Buffer.byteLength(of('語'.repeat(300)))).toBeLessThan(280);
  });
});

test('files of at most so many rows have each row once, with numbers without a hole', async () => {
  const desk = await createDesk();
  const shelf = createShelf('stream', 100);
  const flow = desk.flow(shelf, { per: { rows: 3 } });
  const leg = createLeg(desk, flow);
  shelf.items = [item(0, 'A', 'B'), item(1, 'C', 'D', 'A'), item(2, 'E')];
  await leg.run();
  expect(leg.published).toEqual(['out/S_001.csv', 'out/S_002.csv']);
  expect(await line(desk, 'out/S_001.csv')).toBe('I0,A,1 I0,B,1 I1,C,1');
  expect(await line(desk, 'out/S_002.csv')).toBe('I1,D,1 I1,A,1 I2,E,1');
  shelf.items.push(item(3, 'Z'));
  await leg.run();
  expect(leg.published[2]).toBe('out/S_003.csv');
});

describe('a name that comes again', () => {
  const stock = 'fact: "{Id}"\nwrite: { format: csv }\nmap: { Id: Id, Qty: Qty }\n';
  const row = (Id: string, Qty: number): FeedItem => ({ identity: Id, body: JSON.stringify({ Id, Qty }) });
  const replaced = (desk: Desk, replaces: 'wait' | 'archive', own: Partial<OutboundFlow> = {}) => {
    const shelf = createShelf('snapshot');
    const archiveName = required(fileNameTemplate('out/archive/STOCK_{seq:3}.csv').name);
    const flow = desk.flow(shelf, {
      mapping: mapping(stock),
      replaces,
      ...(replaces === 'archive' ? { archiveName } : {}),
      ...named('out/STOCK.csv', { isReplaced: true }),
      markerPath: (path) => markerPath('{stem}.ok', path),
      ...own,
    });
    return { shelf, leg: createLeg(desk, flow) };
  };

  test('is archived under its number before the next file takes it, its marker gone meanwhile', async () => {
    const desk = await createDesk();
    const { shelf, leg } = replaced(desk, 'archive');
    for (const quantity of [1, 2, 3]) {
      shelf.items = [row('A', quantity)];
      await leg.run();
      expect(await desk.names('out')).toEqual(
        ['STOCK.csv', 'STOCK.ok', 'archive'].filter((name) => quantity > 1 || name !== 'archive'),
      );
      expect(await line(desk, 'out/STOCK.csv')).toBe(`A,${quantity}`);
    }
    expect(await desk.names('out/archive')).toEqual(['STOCK_001.csv', 'STOCK_002.csv']);
    expect(await line(desk, 'out/archive/STOCK_002.csv')).toBe('A,2');
    expect(leg.troubles()).toEqual([]);
  });

  test('is never taken from somebody else', async () => {
    const desk = await createDesk();
    const { shelf, leg } = replaced(desk, 'archive');
    shelf.items = [row('A', 1)];
    const folder = desk.flow(shelf).folder;
    await folder.writeTemporary('out/.x.tmp', one('theirs'));
    await folder.publish('out/.x.tmp', 'out/STOCK.csv');
    await leg.run();
    expect(leg.troubles()).toEqual([expect.stringContaining('by a file that is not ours')]);
    expect(await desk.read('out/STOCK.csv')).toBe('theirs');
  });

  test('is waited for without trouble, and files come in their order', async () => {
    const desk = await createDesk();
    const { shelf, leg } = replaced(desk, 'wait');
    for (const quantity of [1, 2, 3]) {
      shelf.items = [row('A', quantity)];
      await leg.run();
    }
    expect([leg.published.length, leg.troubles(), (await desk.unpublished()).length]).toEqual([1, [], 2]);
    expect(leg.waiting()).toEqual([{ flow: 'shipped', path: 'out/STOCK.csv', files: 2 }]);
    await rm(desk.path('out/STOCK.csv'));
    // As long as the marker says that a file is there, it is not free.
    await leg.run();
    expect(leg.published).toHaveLength(1);
    await rm(desk.path('out/STOCK.ok'));
    await leg.run();
    expect(await line(desk, 'out/STOCK.csv')).toBe('A,2');
  });

  test.each(['before', 'after'] as const)('survives a crash %s its rename', async (side) => {
    const desk = await createDesk();
    const { shelf, leg } = replaced(desk, 'archive');
    shelf.items = [row('A', 1)];
    await leg.run();
    shelf.items = [row('A', 2)];
    const { folder } = desk.flow(shelf);
    const publish: typeof folder.publish = async (from, to) => {
      if (side === 'after') await folder.publish(from, to);
      throw new Error('killed here');
    };
    const dying = replaced(desk, 'archive', { folder: { ...folder, publish } });
    dying.shelf.items = shelf.items;
    await expect(dying.leg.run()).rejects.toThrow('killed');
    shelf.items = [];
    await leg.run();
    expect(await line(desk, 'out/STOCK.csv')).toBe('A,2');
    expect(await desk.names('out')).toEqual(['STOCK.csv', 'STOCK.ok', 'archive']);
    expect(await desk.names('out/archive')).toEqual(['STOCK_001.csv']);
  });
});

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('a marker', () => {
  test('comes after its file, and is put there once even when its reader takes it', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const { folder } = desk.flow(shelf);
    const order: string[] = [];
    const publish: typeof folder.publish = async (from, to) => {
      await folder.publish(from, to);
      order.push(to);
      if (to.endsWith('.ok')) throw new Error('killed here');
    };
    const own = { markerPath: (path: string) => markerPath('{name}.ok', path) };
    shelf.items = [item(0, 'A')];
    const dying = createLeg(desk, desk.flow(shelf, { ...own, folder: { ...folder, publish } }));
    await expect(dying.run()).rejects.toThrow('killed');
    expect(order).toEqual(['out/S_001.csv', 'out/S_001.csv.ok']);
    await rm(desk.path('out/S_001.csv'));
    await rm(desk.path('out/S_001.csv.ok'));
    await createLeg(desk, desk.flow(shelf, own)).run();
    expect(await desk.names('out')).toEqual([]);
    expect(await desk.ledger.unpublishedMarkers()).toEqual([]);
  });
});

describe('a snapshot of which only changes are written', () => {
  const stock =
    'fact: "{Id}"\ngone: { Qty: 0 }\nwrite: { format: csv }\nmap: { Id: Id, Qty: { $from: Qty, $as: integer } }\n';
  const row = (Id: string, Qty: number | string): FeedItem => ({ identity: Id, body: JSON.stringify({ Id, Qty }) });

  test('has what is new, what differs and what is gone since the last delivered one', async () => {
    const desk = await createDesk();
    const shelf = createShelf('snapshot', 100);
    const flow = desk.flow(shelf, { mapping: mapping(stock), snapshot: 'changes' });
    const leg = createLeg(desk, flow);
    const say = async (...items: FeedItem[]): Promise<string> => {
      shelf.items = items;
      const before = leg.published.length;
      desk.clock.advance(60_000);
      await leg.run();
      const path = leg.published[before];
      return path === undefined ? 'none' : line(desk, path);
    };
    expect(await say(row('A', 1), row('B', 0), row('C', 3))).toBe('A,1 B,0 C,3');
    expect(await say(row('A', 1), row('B', 0), row('C', 3))).toBe('none');
    expect(await say(row('A', 2), row('C', 3), row('D', 4))).toBe('A,2 D,4 B,0');
    // A row that cannot be made is not gone.
    expect(await say(row('A', 'two'), row('C', 3), row('D', 4))).toBe('none');
    expect(await say(row('A', 2), row('C', 3))).toBe('D,0');
    expect(await say()).toBe('A,0 C,0');
    expect(await say()).toBe('none');
    expect(leg.published.at(-1)).toBe('out/S_004.csv');
  });
});

describe('a delivered file', () => {
  test('is written again byte for byte under its name as long as its bytes are kept', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const leg = createLeg(desk, desk.flow(shelf, { keepMs: 30 * DAY_MS }));
    shelf.items = [item(0, 'A')];
    await leg.run();
    const [file] = await desk.ledger.outboundFiles({ limit: 1 });
    const bytes = await desk.read('out/S_001.csv');
    const again = (): Promise<boolean> => desk.ledger.rewriteFile(required(file).id);
    // Its reader has taken it, or not.
    for (const takes of [true, false]) {
      if (takes) await rename(desk.path('out/S_001.csv'), desk.path('taken.csv'));
      expect(await again()).toBe(true);
      await leg.run();
      expect([await desk.read('out/S_001.csv'), await desk.names('out'), leg.troubles()]).toEqual([
        bytes,
        ['S_001.csv'],
        [],
      ]);
    }
    await writeFile(desk.path('out/S_001.csv'), 'other');
    await again();
    await leg.run();
    expect([await desk.read('out/S_001.csv'), leg.troubles().length]).toEqual(['other', 1]);
    await rm(desk.path('out/S_001.csv'));
    await leg.run();
    desk.clock.advance(31 * DAY_MS);
    await leg.run();
    expect([await again(), (await desk.ledger.neededSpool()).size]).toEqual([false, 0]);
  });

  test('that is not out can be withdrawn: its number is void, and its rows come in the next file', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const leg = createLeg(desk, desk.flow(shelf));
    shelf.items = [item(0, 'A', 'B')];
    await desk.flow(shelf).folder.writeTemporary('out/.x.tmp', one('in the way'));
    await desk.flow(shelf).folder.publish('out/.x.tmp', 'out/S_001.csv');
    await leg.run();
    expect([leg.published, leg.troubles().length]).toEqual([[], 1]);
    expect(await leg.withdraw('out/S_001.csv')).toBe(true);
    shelf.items.push(item(1, 'C'));
    await leg.run();
    expect(leg.published).toEqual(['out/S_002.csv']);
    expect(await line(desk, 'out/S_002.csv')).toBe('I0,A,1 I0,B,1 I1,C,1');
    expect(await desk.names('out')).toEqual(['S_001.csv', 'S_002.csv']);
    expect(await desk.ledger.outboundFlow({ flow: 'shipped', provider: 'test', feed: 'shipments' })).toMatchObject({
      voids: 1,
      sequence: 2,
    });
    expect(await leg.withdraw('out/S_002.csv')).toBe(false);
  });
});

test('a feed that is collected again from a cursor is one file more, and nothing is written twice after it', async () => {
  const desk = await createDesk();
  const shelf = createShelf('stream', 2);
  const leg = createLeg(desk, desk.flow(shelf));
  shelf.items = [item(0, 'A'), item(1, 'B'), item(2, 'C')];
  await leg.run();
  await desk.ledger.askRecollection('shipped', '1', 0);
  shelf.items.push(item(3, 'D'));
  await leg.run();
  expect(leg.published).toEqual(['out/S_001.csv', 'out/S_002.csv', 'out/S_003.csv']);
  expect(await line(desk, 'out/S_002.csv')).toBe('I3,D,1');
  expect(await line(desk, 'out/S_003.csv')).toBe('I1,B,1 I2,C,1 I3,D,1');
  expect((await desk.ledger.outboundFiles({ limit: 1 }))[0]).toMatchObject({ repeatsFrom: '1', sequence: 3 });
  await leg.run();
  expect([leg.published.length, await desk.ledger.openRecollection('shipped')]).toEqual([3, undefined]);
});

test('a row that its file cannot hold waits with its item, and the others are written', async () => {
  const desk = await createDesk();
  const shelf = createShelf('stream');
  const narrow = { encoding: 'windows-1252' };
  const flow = (options: object): OutboundFlow => desk.flow(shelf, { writeOptions: { ...narrow, ...options } });
  shelf.items = [item(0, 'A'), item(1, '語'), item(2, 'C')];
  const leg = createLeg(desk, flow({}));
  await leg.run();
  expect(await line(desk, 'out/S_001.csv')).toBe('I0,A,1 I2,C,1');
  expect(leg.troubles()).toEqual(['flow shipped: 1 items cannot be written as mapped']);
  expect(JSON.stringify(desk.log.lines)).not.toContain('語');
  await createLeg(desk, flow({ replacement: '?' })).run();
  expect(await line(desk, 'out/S_002.csv')).toBe('I1,?,1');
});
