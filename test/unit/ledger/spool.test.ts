import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSpool } from '../../../src/ledger/index.ts';

describe('the spool', () => {
  let root: string;
  let directory: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'dray-spool-'));
    directory = join(root, 'data', 'spool');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('keeps bytes exactly and says their hash and size', async () => {
    const spool = createSpool(directory);
    const bytes = Buffer.from('a\0\xff\r\n'.repeat(100_000), 'latin1');
    const kept = await spool.keep(chunks(bytes, 70_001));
    expect(kept).toEqual({
      spool: kept.spool,
      size: bytes.length,
      hash: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(Buffer.concat(await all(spool.read(kept.spool)))).toEqual(bytes);
  });

  test('reads what it keeps from any place, and says when that is gone', async () => {
    const spool = createSpool(directory);
    const bytes = Buffer.from('0123456789'.repeat(50_000));
    const kept = spool.read((await spool.keep(chunks(bytes, 70_001))).spool);
    const access = await kept.openRandom?.();
    expect(access?.size).toBe(bytes.length);
    expect(Buffer.from((await access?.read(499_995, 5)) ?? []).toString()).toBe('56789');
    expect(Buffer.from((await access?.read(499_998, 100)) ?? []).toString()).toBe('89');
    expect(await access?.read(600_000, 10)).toHaveLength(0);
    expect(Buffer.from((await access?.read(3, 200_000)) ?? []).equals(bytes.subarray(3, 200_003))).toBe(true);
    await access?.close();
    await rm(directory, { recursive: true });
    await expect(kept.openRandom?.()).rejects.toMatchObject({ code: 'file-gone' });
  });

  test('lets nobody but the owner look in', async () => {
    const { spool } = await createSpool(directory).keep(chunks(Buffer.from('x'), 1));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, spool))).mode & 0o777).toBe(0o600);
  });

  test('leaves nothing behind when the source breaks off', async () => {
    await expect(createSpool(directory).keep(broken())).rejects.toThrow('the line is dead');
    expect(await readdir(directory)).toEqual([]);
  });

  test('removes a file once or twice with the same result', async () => {
    const spool = createSpool(directory);
    const kept = await spool.keep(chunks(Buffer.from('x'), 1));
    await spool.remove(kept.spool);
    await spool.remove(kept.spool);
    await expect(all(spool.read(kept.spool))).rejects.toMatchObject({ code: 'file-gone' });
  });

  test('sweeps what nothing needs and touches no file that is not its own', async () => {
    const spool = createSpool(directory);
    expect(await spool.sweep(new Set())).toBe(0);
    const [needed, orphan] = [
      await spool.keep(chunks(Buffer.from('x'), 1)),
      await spool.keep(chunks(Buffer.from('y'), 1)),
    ];
    await writeFile(join(directory, 'notes.txt'), 'mine');
    expect(await spool.sweep(new Set([needed.spool]))).toBe(1);
    expect((await readdir(directory)).sort()).toEqual([needed.spool, 'notes.txt'].sort());
    await expect(all(spool.read(orphan.spool))).rejects.toMatchObject({ code: 'file-gone' });
  });

  test('makes no path of a name it did not give', async () => {
    const spool = createSpool(directory);
    expect(() => spool.read('../../etc/passwd')).toThrow('not a name of the spool');
    await expect(spool.remove('../x')).rejects.toMatchObject({ code: 'file-gone' });
  });
});

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('the line is dead');
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return parts;
}
