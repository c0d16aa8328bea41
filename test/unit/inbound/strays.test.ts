import { mkdir, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createScanner, type Scanner } from '../../../src/inbound/source/scan.ts';
import { createBench, sheet, twoFiles, type Bench } from './support.ts';

const QUIET = 5000;
const text = sheet('Id,Name,Sku,Qty', 'A,Ann,S1,1');

async function waiting(scanner: Scanner, isHurried = false): Promise<string[]> {
  return (await scanner.scan(isHurried)).waiting.map(({ path, why }) => `${path}: ${why}`);
}

describe('a file that no flow picks', () => {
  async function twoFlows(): Promise<{ bench: Bench; scanners: readonly Scanner[] }> {
    const isOwnDirectory = (path: string): boolean => path === 'in/done';
    const bench = await createBench({ flow: { picks: (name) => /^orders.*\.csv$/.test(name), isOwnDirectory } });
    const products = { ...bench.flow, name: 'products', picks: (name: string) => /^products.*\.csv$/.test(name) };
    const neighbours = [bench.flow, products];
    return { bench, scanners: neighbours.map((flow) => createScanner(flow, bench.parts, neighbours)) };
  }

  test('is named once, by the first flow of its directory', async () => {
    const { bench, scanners } = await twoFlows();
    for (const name of ['orders1.csv', 'products1.csv', 'order1.csv', 'orders2.csv.txt'])
      await bench.put(`in/${name}`, text);
    const [first, second] = await Promise.all(scanners.map((scanner) => waiting(scanner)));
    expect(first).toEqual([
      expect.stringContaining('in/orders1.csv: not yet unchanged'),
      'in/order1.csv: no flow picks a file of this name',
      'in/orders2.csv.txt: no flow picks a file of this name',
    ]);
    expect(second).toEqual([expect.stringContaining('in/products1.csv: not yet unchanged')]);
  });

  test('is named as no file when it is none, once, unless a flow works there or the name is temporary', async () => {
    const { bench, scanners } = await twoFlows();
    await bench.put('in/.hidden', text);
    await bench.put('in/upload.part', text);
    await mkdir(bench.path('in/archive'));
    await mkdir(bench.path('in/done'));
    await symlink('/etc/hostname', bench.path('in/link.txt'));
    expect((await Promise.all(scanners.map((scanner) => waiting(scanner)))).map((told) => told.sort())).toEqual([
      [
        'in/archive: not-a-file: a directory; only files of the inbound directory itself are taken',
        'in/link.txt: not-a-file: a symbolic link; links are not followed',
      ],
      [],
    ]);
    expect((await scanners[0]?.scan())?.waiting.every(({ isStray }) => isStray === true)).toBe(true);
  });

  test('does not fill the screen when there are many', async () => {
    const { bench, scanners } = await twoFlows();
    for (let number = 10; number < 45; number++) await bench.put(`in/${number}.txt`, text);
    const told = await waiting(scanners[0] ?? createScanner(bench.flow, bench.parts));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('in/: 15 more files that no flow picks');
  });
});

describe('a companion whose picked file does not come', () => {
  const companion = 'in/items0417.csv: belongs to heads0417.csv, which has not come';

  test('is named after ten quiet times', async () => {
    const bench = await createBench({ mapping: twoFiles });
    const scanner = createScanner(bench.flow, bench.parts);
    await bench.put('in/items0417.csv', text);
    expect(await waiting(scanner)).toEqual([]);
    bench.clock.advance(10 * QUIET - 1);
    expect(await waiting(scanner)).toEqual([]);
    bench.clock.advance(1);
    expect(await waiting(scanner)).toEqual([companion]);
    await bench.put('in/heads0417.csv', text);
    expect(await waiting(scanner)).not.toContain(companion);
  });

  test('is named at once when nobody will look again', async () => {
    const bench = await createBench({ mapping: twoFiles });
    await bench.put('in/items0417.csv', text);
    expect(await waiting(createScanner(bench.flow, bench.parts), true)).toEqual([companion]);
  });

  test('is named too when the glob does not fit it, and is no stray', async () => {
    const bench = await createBench({ mapping: twoFiles, flow: { picks: (name) => name.startsWith('heads') } });
    const scanner = createScanner(bench.flow, bench.parts, [bench.flow]);
    await bench.put('in/items0417.csv', text);
    await bench.put('in/item0417.csv', text);
    expect(await waiting(scanner, true)).toEqual([companion, 'in/item0417.csv: no flow picks a file of this name']);
  });

  test('that went away and came back is given its time again', async () => {
    const bench = await createBench({ mapping: twoFiles });
    const scanner = createScanner(bench.flow, bench.parts);
    await bench.put('in/items0417.csv', text);
    await waiting(scanner);
    await rm(bench.path('in/items0417.csv'));
    await waiting(scanner);
    bench.clock.advance(10 * QUIET);
    await bench.put('in/items0417.csv', text);
    expect(await waiting(scanner)).toEqual([]);
  });
});
