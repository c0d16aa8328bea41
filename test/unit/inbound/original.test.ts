import { rm, utimes } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { FileEntry } from '../../../src/core/folder.ts';
import { createScanner } from '../../../src/inbound/source/scan.ts';
import { settleDrop } from '../../../src/inbound/source/settle.ts';
import { createBench, required, sheet, twoFiles, type Bench } from './support.ts';

const HEADER = 'Id,Name,Sku,Qty';
const first = sheet(HEADER, 'A,Ann,S1,1');
const second = sheet(HEADER, 'B,Bob,S1,3');
const DAY_MS = 86_400_000;
const QUIET_MS = 5000;

/** A flow that leaves its files, on a clock that goes with the times of files. */
async function leaving(flow: NonNullable<Parameters<typeof createBench>[0]>['flow'] = {}, mapping?: string) {
  const options = { flow: { original: 'leave' as const, done: '', failed: '', ...flow } };
  const bench = await createBench(mapping === undefined ? options : { ...options, mapping });
  bench.clock.setWall(Date.now() + DAY_MS);
  const scanner = createScanner(bench.flow, bench.parts);
  /** Names that are ready once the quiet time has passed. */
  const ready = async (): Promise<string[]> => {
    await scanner.scan();
    bench.clock.advance(QUIET_MS);
    const found = await scanner.scan();
    return found.ready.flatMap((picked) => [...picked.values()].map(({ path }) => path));
  };
  return { bench, scanner, ready };
}

async function remembered(bench: Bench) {
  return [...(await bench.ledger.rememberedFiles('erp', 'in')).values()];
}

describe('an original that stays', () => {
  test('is taken once, by a dray that starts anew as well', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', first);
    expect(await ready()).toEqual(['in/a.csv']);
    expect(await bench.take('a.csv')).toBe('received');
    expect(await ready()).toEqual([]);
    const again = createScanner(bench.flow, bench.parts);
    bench.clock.advance(QUIET_MS);
    expect(await again.scan()).toEqual({ ready: [], waiting: [], againMs: undefined });
    expect(await bench.names('in')).toEqual(['a.csv']);
    expect(await bench.names('done')).toEqual([]);
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
  });

  test('with other content under its name is taken as new', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', first);
    await bench.take('a.csv');
    await bench.put('in/a.csv', second);
    expect(await ready()).toEqual(['in/a.csv']);
    expect(await bench.take('a.csv')).toBe('received');
    expect((await bench.drop()).id).toBe(2);
    expect(await ready()).toEqual([]);
  });

  test('that was only touched is not taken again, and is known as it is now', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', first);
    await bench.take('a.csv');
    await utimes(bench.path('in/a.csv'), 1, 1);
    expect(await ready()).toEqual(['in/a.csv']);
    expect(await bench.take('a.csv')).toBe('known');
    expect(await bench.ledger.drops({ limit: 9 })).toHaveLength(1);
    expect(await ready()).toEqual([]);
    expect((await bench.ledger.neededSpool()).size).toBe(1);
  });

  test('is not refused anew each time it is seen', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', 'nothing of use\n');
    expect(await bench.take('a.csv')).toBe('refused');
    expect(await ready()).toEqual([]);
    expect(await bench.names('failed')).toEqual([]);
    expect(await bench.names('in')).toEqual(['a.csv']);
  });

  test('of two files is new when one of them is', async () => {
    const { bench, ready } = await leaving({}, twoFiles);
    await bench.put('in/heads1.csv', sheet('Id,Name', 'A,Ann'));
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'A,S1,1'));
    expect(await bench.take('heads1.csv', 'items1.csv')).toBe('received');
    expect(await ready()).toEqual([]);
    await bench.put('in/items1.csv', sheet('Id,Sku,Qty', 'A,S1,2'));
    expect(await ready()).toEqual(['in/heads1.csv', 'in/items1.csv']);
    expect(await bench.take('heads1.csv', 'items1.csv')).toBe('received');
    await rm(bench.path('in/items1.csv'));
    expect(await ready()).toEqual([]);
  });

  test('is remembered when the program ended before it could be', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', first);
    const drop = await bench.receive('a.csv');
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await remembered(bench)).toMatchObject([{ path: 'in/a.csv', isSure: false }]);
    expect(await ready()).toEqual([]);
  });

  test('goes back from the name it was claimed under before the flow was told to leave it', async () => {
    const { bench, ready } = await leaving();
    await bench.put('in/a.csv', first);
    const { id } = await bench.receive('a.csv');
    await bench.ledger.beginSettling(id, new Map([['', 'done/a.csv']]));
    await bench.flow.folder.claim('in/a.csv', `in/.dray-${id}.claim`);
    await settleDrop(required(await bench.ledger.drop(id)), bench.flow, bench.parts);
    expect(await bench.names('in')).toEqual(['a.csv']);
    expect(await ready()).toEqual(['in/a.csv']);
    expect(await bench.take('a.csv')).toBe('known');
  });
});

describe('a file that was written shortly before it was read', () => {
  /** Changes the bytes and none of what a server tells of a file. */
  function onServer(bench: Bench): Bench['flow'] {
    const { folder } = bench.flow;
    const blunt = <E extends { path: string; size: number; mtimeMs: number }>(entry: E): E => {
      const mtimeMs = Math.floor(entry.mtimeMs / 1000) * 1000;
      return { ...entry, mtimeMs, fingerprint: `${entry.size}:${mtimeMs}` };
    };
    return {
      ...bench.flow,
      folder: {
        ...folder,
        async *list(directory, options) {
          for await (const entry of folder.list(directory, options)) yield blunt(entry);
        },
        async open(path) {
          const file = await folder.open(path);
          return { ...file, entry: blunt(file.entry) };
        },
        async stat(path) {
          const entry = await folder.stat(path);
          return entry === undefined ? undefined : blunt(entry);
        },
      },
    };
  }

  test('is read once more, and then no more', async () => {
    const bench = await createBench({ flow: { original: 'leave' } });
    bench.clock.setWall(Date.now());
    await bench.put('in/a.csv', first);
    await bench.take('a.csv');
    expect(await remembered(bench)).toMatchObject([{ isSure: false }]);
    let opened = 0;
    const { folder } = bench.flow;
    const open: typeof folder.open = (path) => {
      opened++;
      return folder.open(path);
    };
    const scanner = createScanner({ ...bench.flow, folder: { ...folder, open } }, bench.parts);
    await scanner.scan();
    expect(opened).toBe(0);
    bench.clock.advance(2000);
    for (let look = 0; look < 3; look++) expect((await scanner.scan()).ready).toEqual([]);
    expect(opened).toBe(1);
    expect(await remembered(bench)).toMatchObject([{ isSure: true }]);
  });

  test('and once more within the same second is taken for the new one it is', async () => {
    const bench = await createBench({ flow: { original: 'leave' } });
    bench.clock.setWall(Date.now());
    const flow = onServer(bench);
    const scanner = createScanner(flow, bench.parts);
    await bench.put('in/a.csv', first);
    await utimes(bench.path('in/a.csv'), bench.clock.now() / 1000, bench.clock.now() / 1000);
    const before = required(await flow.folder.stat('in/a.csv'));
    const drop = await bench.receive('a.csv');
    const files = drop.files.map((file) => ({ ...file, fingerprint: before.fingerprint }));
    await settleDrop({ ...drop, files }, flow, bench.parts);
    await bench.put('in/a.csv', first.replace('Ann', 'Eve'));
    await utimes(bench.path('in/a.csv'), before.mtimeMs / 1000, before.mtimeMs / 1000);
    expect((await flow.folder.stat('in/a.csv'))?.fingerprint).toBe(before.fingerprint);
    expect((await scanner.scan()).ready).toEqual([]);
    bench.clock.advance(2000);
    await scanner.scan();
    bench.clock.advance(QUIET_MS);
    expect((await scanner.scan()).ready).toHaveLength(1);
  });
});

describe('the memory of files that stay', () => {
  test('of a large directory costs a listing for each look: no file is opened and the book asked once', async () => {
    const { bench } = await leaving();
    const entries = Array.from({ length: 20_000 }, (_, i): FileEntry => ({
      path: `in/${i}.csv`,
      size: 1,
      mtimeMs: 0,
      fingerprint: `print ${i}`,
    }));
    await bench.ledger.rememberFiles(
      'erp',
      entries.map(({ path, fingerprint }) => ({ path, fingerprint, hash: 'x', isSure: true, readAt: 0 })),
    );
    const asked: string[] = [];
    const { folder } = bench.flow;
    const counted = {
      ...folder,
      list: () => (asked.push('list'), Readable.from(entries) as AsyncIterable<FileEntry>),
      open: (path: string) => (asked.push('open'), folder.open(path)),
      stat: (path: string) => (asked.push('stat'), folder.stat(path)),
    };
    const ledger = {
      ...bench.ledger,
      isHeld: () => (asked.push('isHeld'), Promise.resolve(false)),
      rememberedFiles: (...place: [string, string]) => (asked.push('book'), bench.ledger.rememberedFiles(...place)),
      rememberFiles: () => (asked.push('note'), Promise.resolve()),
    };
    const scanner = createScanner({ ...bench.flow, folder: counted }, { ...bench.parts, ledger });
    for (let look = 0; look < 3; look++)
      expect(await scanner.scan()).toEqual({ ready: [], waiting: [], againMs: undefined });
    expect(asked).toEqual(['list', 'book', 'list', 'book', 'list', 'book']);
  });

  test('lasts while a file is away for a while and ends a month after it is gone, for all of them some at a time', async () => {
    const { bench, scanner } = await leaving();
    const names = Array.from({ length: 1500 }, (_, i) => `in/${i}.csv`);
    const known = { fingerprint: 'x', hash: 'x', isSure: true, readAt: 0 };
    await bench.ledger.rememberFiles(
      'erp',
      names.map((path) => ({ path, ...known })),
    );
    const gone = async (): Promise<number> =>
      (await remembered(bench)).filter(({ goneAt }) => goneAt !== undefined).length;
    await scanner.scan();
    expect(await gone()).toBe(1000);
    await scanner.scan();
    expect(await gone()).toBe(1500);
    await bench.put('in/7.csv', first);
    await scanner.scan();
    expect(await gone()).toBe(1499);
    bench.clock.advance(30 * DAY_MS - 1);
    await scanner.scan();
    expect(await remembered(bench)).toHaveLength(1500);
    bench.clock.advance(1);
    await scanner.scan();
    expect(await remembered(bench)).toHaveLength(500);
    await scanner.scan();
    expect((await remembered(bench)).map(({ path }) => path)).toEqual(['in/7.csv']);
  });
});

describe('an original that is deleted', () => {
  const deleting = { original: 'delete' as const, done: '' };

  test('goes once its drop is received, and a refused one is kept', async () => {
    const bench = await createBench({ flow: deleting });
    await bench.put('in/a.csv', first);
    await bench.put('in/b.csv', 'nothing of use\n');
    expect([await bench.take('a.csv'), await bench.take('b.csv')]).toEqual(['received', 'refused']);
    expect(await bench.names('in')).toEqual([]);
    expect(await bench.names('failed')).toEqual(['b.csv']);
    expect(await bench.names('done')).toEqual([]);
  });

  test('is not the one its sender put there meanwhile', async () => {
    const bench = await createBench({ flow: deleting });
    await bench.put('in/a.csv', first);
    const drop = await bench.receive('a.csv');
    await rm(bench.path('in/a.csv'));
    await bench.put('in/a.csv', second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await bench.read('in/a.csv')).toBe(second);
    expect(await bench.take('a.csv')).toBe('received');
    expect(await bench.names('in')).toEqual([]);
  });

  test.each(['before it was claimed', 'after it was claimed', 'after it was deleted'])(
    'goes when the program ended %s, and nothing else does',
    async (when) => {
      const bench = await createBench({ flow: deleting });
      await bench.put('in/a.csv', first);
      const { id } = await bench.receive('a.csv');
      await bench.ledger.beginSettling(id, new Map([['', '']]));
      const claimed = `in/.dray-${id}.claim`;
      if (when !== 'before it was claimed') await bench.flow.folder.claim('in/a.csv', claimed);
      if (when === 'after it was deleted') {
        await bench.flow.folder.remove(claimed);
        await bench.put('in/a.csv', second);
      }
      await settleDrop(required(await bench.ledger.drop(id)), bench.flow, bench.parts);
      expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
      expect(await bench.names('in')).toEqual(when === 'after it was deleted' ? ['a.csv'] : []);
    },
  );

  test('is moved when that is what the flow says by now', async () => {
    const bench = await createBench();
    await bench.put('in/a.csv', first);
    const { id } = await bench.receive('a.csv');
    await bench.ledger.beginSettling(id, new Map([['', '']]));
    await settleDrop(required(await bench.ledger.drop(id)), bench.flow, bench.parts);
    expect(await bench.names('done')).toEqual(['a.csv']);
  });
});
