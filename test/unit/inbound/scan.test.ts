import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createScanner, type Scanner } from '../../../src/inbound/source/scan.ts';
import { createBench, required, sheet, twoFiles, type Bench } from './support.ts';

const text = sheet('Id,Name,Sku,Qty', 'A,Ann,S1,1');
const QUIET = 5000;

/** What is ready, and why the rest is not. */
async function look(scanner: Scanner): Promise<{ ready: string[]; waiting: string[]; againMs: number | undefined }> {
  const { ready, waiting, againMs } = await scanner.scan();
  return {
    ready: ready.map((picked) => [...picked.values()].map(({ path }) => path).join(' + ')),
    waiting: waiting.map(({ path, why }) => `${path}: ${why}`),
    againMs,
  };
}

async function scanned(options?: Parameters<typeof createBench>[0]): Promise<{ bench: Bench; scanner: Scanner }> {
  const bench = await createBench(options);
  return { bench, scanner: createScanner(bench.flow, bench.parts) };
}

const nothing = { ready: [], waiting: [], againMs: undefined };

describe('a file', () => {
  test('is ready when it has rested for the quiet time since we first saw it', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', text);
    expect(await look(scanner)).toEqual({
      ready: [],
      waiting: ['in/a.csv: not yet unchanged for long enough; looks again in 5 s'],
      againMs: QUIET,
    });
    bench.clock.advance(QUIET - 1);
    expect(await look(scanner)).toMatchObject({ ready: [], againMs: 1 });
    bench.clock.advance(1);
    expect(await look(scanner)).toEqual({ ...nothing, ready: ['in/a.csv'] });
  });

  test('that grows starts its quiet time again', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', text);
    await look(scanner);
    bench.clock.advance(QUIET - 1);
    await appendFile(bench.path('in/a.csv'), 'B,Bob,S1,1\n');
    expect(await look(scanner)).toMatchObject({ ready: [], againMs: QUIET });
    bench.clock.advance(QUIET);
    expect(await look(scanner)).toMatchObject({ ready: ['in/a.csv'] });
  });

  test('is not hurried or held up by a wall clock that jumps', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', text);
    await look(scanner);
    bench.clock.setWall(bench.clock.now() + 86_400_000);
    expect(await look(scanner)).toMatchObject({ ready: [] });
    bench.clock.setWall(0);
    bench.clock.advance(QUIET);
    expect(await look(scanner)).toMatchObject({ ready: ['in/a.csv'] });
  });

  test.each([
    ['without a final line end', 'Id,Name,Sku,Qty\nA,Ann,S1,1', 'its last record has no end yet', 12],
    ['that is empty', '', 'still empty', 6],
  ])('%s is given more time, then taken for its reader to judge', async (_name, content, why, times) => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', content);
    await look(scanner);
    bench.clock.advance(QUIET);
    expect((await look(scanner)).waiting[0]).toContain(why);
    bench.clock.advance(QUIET * (times - 1) - 1);
    expect(await look(scanner)).toMatchObject({ ready: [], againMs: 1 });
    bench.clock.advance(1);
    expect(await look(scanner)).toMatchObject({ ready: ['in/a.csv'] });
  });

  test('under another name or under a temporary name is left alone without a word', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.txt', text);
    await bench.put('in/.b.csv', text);
    await bench.put('in/c.csv.part', text);
    await look(scanner);
    bench.clock.advance(100 * QUIET);
    expect(await look(scanner)).toEqual(nothing);
  });

  test('that is none is never taken or followed, but named', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/d.csv/deeper.csv', text);
    await symlink('/etc/hostname', bench.path('in/e.csv'));
    execFileSync('mkfifo', [bench.path('in/f.csv')]);
    await look(scanner);
    bench.clock.advance(100 * QUIET);
    const { ready, waiting } = await look(scanner);
    expect(ready).toEqual([]);
    expect(waiting.sort()).toEqual([
      'in/d.csv: not-a-file: a directory; only files of the inbound directory itself are taken',
      'in/e.csv: not-a-file: a symbolic link; links are not followed',
      'in/f.csv: not-a-file: a pipe, a socket or a device',
    ]);
    const logged = bench.log.lines.filter(({ fields }) => fields['code'] === 'not-a-file');
    expect(logged.map(({ level, fields }) => `${level} ${String(fields['path'])}`).toSorted()).toEqual([
      'warn in/d.csv',
      'warn in/e.csv',
      'warn in/f.csv',
    ]);
  });

  test('that went away and came back starts afresh', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', text);
    await look(scanner);
    await rm(bench.path('in/a.csv'));
    await look(scanner);
    bench.clock.advance(QUIET);
    await bench.put('in/a.csv', text);
    expect(await look(scanner)).toMatchObject({ ready: [], againMs: QUIET });
  });

  test('comes after those whose names come first', async () => {
    const { bench, scanner } = await scanned();
    for (const name of ['b', 'a', 'B', '10', '9']) await bench.put(`in/${name}.csv`, text);
    await look(scanner);
    bench.clock.advance(QUIET);
    expect((await look(scanner)).ready).toEqual(['in/10.csv', 'in/9.csv', 'in/B.csv', 'in/a.csv', 'in/b.csv']);
  });

  test('that is held says so and is not taken, until another takes its place', async () => {
    const { bench, scanner } = await scanned();
    await bench.put('in/a.csv', text);
    const { path, size, fingerprint } = required((await bench.pick('a.csv')).get(''));
    const entry = [{ part: '', path, size, fingerprint, hash: '', spool: '', target: '' }];
    const drop = await bench.ledger.beginDrop('orders', 'erp', entry);
    await bench.ledger.holdDrop(drop.id, { code: 'kills-reader', severity: 'error', where: {}, what: 'held' });
    bench.clock.advance(QUIET);
    expect(await look(scanner)).toEqual({ ...nothing, waiting: ['in/a.csv: held: see dray status'] });
    await appendFile(bench.path('in/a.csv'), 'B,Bob,S1,1\n');
    await look(scanner);
    bench.clock.advance(QUIET);
    expect(await look(scanner)).toMatchObject({ ready: ['in/a.csv'] });
  });
});

describe('a file with a companion', () => {
  const heads = sheet('Id,Name', 'A,Ann');
  const items = sheet('Id,Sku,Qty', 'A,S1,1');

  test('waits for it by name, and for both to rest', async () => {
    const { bench, scanner } = await scanned({ mapping: twoFiles });
    await bench.put('in/heads0417.csv', heads);
    await look(scanner);
    bench.clock.advance(QUIET);
    expect(await look(scanner)).toEqual({ ...nothing, waiting: ['in/heads0417.csv: waits for items0417.csv'] });
    await bench.put('in/items0417.csv', items);
    expect(await look(scanner)).toMatchObject({ ready: [], againMs: QUIET });
    bench.clock.advance(QUIET);
    expect((await look(scanner)).ready).toEqual(['in/heads0417.csv + in/items0417.csv']);
  });

  test('whose name does not fit says so', async () => {
    const { bench, scanner } = await scanned({ mapping: twoFiles });
    await bench.put('in/orders.csv', heads);
    expect((await look(scanner)).waiting).toEqual(['in/orders.csv: its name does not fit read.name of the mapping']);
  });

  test('is not paired with that of another', async () => {
    const { bench, scanner } = await scanned({ mapping: twoFiles });
    await bench.put('in/heads1.csv', heads);
    await bench.put('in/items2.csv', items);
    expect((await look(scanner)).waiting).toContain('in/heads1.csv: waits for items1.csv');
  });
});

test('a folder that is gone is a failure, not an empty folder', async () => {
  const { bench, scanner } = await scanned();
  await rm(bench.path('.'), { recursive: true });
  await expect(scanner.scan()).rejects.toMatchObject({ code: 'folder-gone' });
});

describe('the directory that drops arrive in', () => {
  test('is created at first, and missed when it is gone later', async () => {
    const { bench, scanner } = await scanned();
    expect(await look(scanner)).toEqual(nothing);
    await rm(bench.path('in'), { recursive: true });
    const gone = { code: 'folder-gone', message: expect.stringMatching(/: in$/) };
    await expect(scanner.scan()).rejects.toMatchObject(gone);
    // A later start knows it, too, and the directory is not made behind its owner's back.
    await expect(createScanner(bench.flow, bench.parts).scan()).rejects.toMatchObject(gone);
    expect(await bench.names('')).not.toContain('in');
    await mkdir(bench.path('in'));
    expect(await look(scanner)).toEqual(nothing);
  });

  test('is another one at another place', async () => {
    const { bench, scanner } = await scanned();
    await look(scanner);
    expect(await look(createScanner({ ...bench.flow, directory: 'new' }, bench.parts))).toEqual(nothing);
    expect(await bench.names('')).toContain('new');
  });
});
