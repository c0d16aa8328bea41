import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import SftpClient from 'ssh2-sftp-client';
import type { Folder } from '../../src/core/folder.ts';
import { createSpool } from '../../src/ledger/index.ts';
import { openRoom, settingsFor } from '../support/sftp-folder.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';

const MEGABYTE = 1024 * 1024;
/** `DRAY_MEGABYTES=1024 DRAY_FILES=20000 npm run bench -- sftp` measures at the size of the promises. */
const MEGABYTES = Number(process.env['DRAY_MEGABYTES'] ?? 256);
const FILES = Number(process.env['DRAY_FILES'] ?? 5000);
/** Each side runs so often, in turns, and its best time counts: other work of the machine only ever adds. */
const ROUNDS = 3;

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A folder on a server against the client library alone, both without Nagle's delay, on a real server on loopback. */
export async function benchSftp(): Promise<readonly Figure[]> {
  const sshd = await startSshd();
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  const room = await openRoom(settingsFor(sshd));
  try {
    await fill(room.path());
    const bare = await connectBare(sshd);
    try {
      return [
        ...(await benchLarge(bare, room.folder, room.path('large.csv'), directory)),
        ...(await benchMany(bare, room.folder, room.path('in'))),
      ];
    } finally {
      await bare.end();
    }
  } finally {
    await room.close();
    await sshd.close();
    await rm(directory, { recursive: true });
  }
}

async function fill(root: string): Promise<void> {
  await mkdir(join(root, 'in'));
  const piece = Buffer.alloc(MEGABYTE, 'SO-700151,10,BTL-750-SLATE,2,EACH\n');
  const large = await open(join(root, 'large.csv'), 'w');
  for (let i = 0; i < MEGABYTES; i++) await large.write(piece);
  await large.close();
  const small = piece.subarray(0, 1800);
  for (let i = 0; i < FILES; i++) await writeFile(join(root, 'in', `orders-${i}.csv`), small);
}

async function connectBare(sshd: Sshd): Promise<SftpClient> {
  const client = new SftpClient('bare', { error: () => undefined, end: () => undefined, close: () => undefined });
  const { host, port, username, privateKey = '' } = settingsFor(sshd);
  await client.connect({ host, port, username, privateKey });
  (client as unknown as { client: { setNoDelay(isOn: boolean): void } }).client.setNoDelay(true);
  return client;
}

async function benchLarge(bare: SftpClient, folder: Folder, path: string, directory: string): Promise<Figure[]> {
  const spool = createSpool(join(directory, 'spool'));
  let peak = 0;
  const bareMs: number[] = [];
  const ourMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const file = join(directory, 'bare');
    // Flushed to disk, as the spool is.
    bareMs.push(await timed(() => pipeline(bare.createReadStream(path), createWriteStream(file, { flush: true }))));
    await rm(file);
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
    const before = process.memoryUsage.rss();
    peak = before;
    ourMs.push(
      await timed(async () => {
        const opened = await folder.open('large.csv');
        const kept = await spool.keep(opened.bytes());
        if (kept.size !== MEGABYTES * MEGABYTE || !(await opened.isUnchanged()))
          throw new Error('it was not read whole');
        await opened.close();
        await spool.remove(kept.spool);
      }),
    );
    clearInterval(watch);
    peak -= before;
  }
  const [bareBest, ourBest] = [Math.min(...bareMs), Math.min(...ourMs)];
  return [
    { name: `sftp: ${MEGABYTES} MB into the spool, client alone`, value: MEGABYTES / (bareBest / 1000), unit: 'MB/s' },
    { name: `sftp: ${MEGABYTES} MB into the spool, folder`, value: MEGABYTES / (ourBest / 1000), unit: 'MB/s' },
    { name: 'sftp: throughput, folder to client alone (at least 0.8)', value: bareBest / ourBest, unit: '' },
    { name: 'sftp: memory above the start while it is read', value: peak / MEGABYTE, unit: 'MB' },
  ];
}

async function benchMany(bare: SftpClient, folder: Folder, path: string): Promise<Figure[]> {
  const bareMs: number[] = [];
  const ourMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bareMs.push(
      await timed(async () => {
        for (const { name } of await bare.list(path)) await bare.get(`${path}/${name}`);
      }),
    );
    ourMs.push(await timed(() => takeAll(folder)));
  }
  const [bareBest, ourBest] = [Math.min(...bareMs), Math.min(...ourMs)];
  return [
    { name: `sftp: ${FILES} files listed and read, client alone`, value: bareBest / 1000, unit: 's' },
    { name: `sftp: ${FILES} files listed and read, folder`, value: ourBest / 1000, unit: 's' },
    { name: 'sftp: time, folder to client alone (at most 1.3)', value: ourBest / bareBest, unit: '' },
  ];
}

/** What intake does with a folder, without the ledger. */
async function takeAll(folder: Folder): Promise<void> {
  let taken = 0;
  for await (const entry of folder.list('in')) {
    const file = await folder.open(entry.path);
    let size = 0;
    for await (const piece of file.bytes()) size += piece.length;
    if (size !== entry.size || !(await file.isUnchanged())) throw new Error('it changed');
    await file.close();
    taken++;
  }
  if (taken !== FILES) throw new Error(`${taken} files were listed`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
