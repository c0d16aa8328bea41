import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { InboundFlow } from '../../src/inbound/flow.ts';
import { createWatch } from '../../src/inbound/source/watch.ts';
import { openRoom, settingsFor } from '../support/sftp-folder.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { openFlow } from './intake.ts';

const DROPS = Number(process.env['DRAY_DROPS'] ?? 300);
/** A server somewhere else: what a journey there and back takes besides. */
const AWAY_MS = 10;
/** Every side runs so often, in turns, and the best time counts: other work of the machine only ever adds. */
const ROUNDS = 3;

const HEADER = 'OrderNo,OrderDate,CustomerPO,ShipCompany,Address1,City,State,Zip,LineNo,SKU,Qty,UOM\n';

/** What a drop costs from its folder to `done`: looked at, read, received, filed. On a server and on this machine. */
export async function benchTake(): Promise<readonly { name: string; value: number; unit: string }[]> {
  const sshd = await startSshd();
  const far = await startFarLine(sshd.port);
  const here: number[] = [];
  const there: number[] = [];
  const away: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      here.push(await takeHere());
      there.push(await takeThere(sshd));
      away.push(await takeThere({ ...sshd, port: far.port }));
    }
  } finally {
    far.close();
    await sshd.close();
  }
  const [local, remote, distant] = [Math.min(...here), Math.min(...there), Math.min(...away)];
  return [
    { name: `take: a drop of a local folder, of ${DROPS}`, value: local, unit: 'ms' },
    { name: `take: a drop of a server on loopback`, value: remote, unit: 'ms' },
    { name: 'take: what that server adds to a drop', value: remote - local, unit: 'ms' },
    { name: `take: a drop of a server ${AWAY_MS} ms away`, value: distant, unit: 'ms' },
    { name: 'take: journeys that a drop waits for', value: (distant - remote) / AWAY_MS, unit: '' },
  ];
}

function takeHere(): Promise<number> {
  return inDirectory((directory) => takeAll(directory, join(directory, 'erp')));
}

async function takeThere(sshd: Sshd): Promise<number> {
  const room = await openRoom(settingsFor(sshd));
  try {
    return await inDirectory((directory) => takeAll(directory, room.path(), room.folder));
  } finally {
    await room.close();
  }
}

/** A line on which whatever is sent arrives later, and in its order. */
async function startFarLine(to: number): Promise<{ port: number; close(): void }> {
  const later = (from: Socket, into: Socket): void => {
    from.on('data', (piece: Buffer) => setTimeout(() => into.write(piece), AWAY_MS / 2));
    from.on('close', () => into.destroy());
    from.on('error', () => into.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true });
    later(near, far);
    later(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

async function inDirectory(work: (directory: string) => Promise<number>): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds for each drop. */
async function takeAll(directory: string, root: string, folder?: InboundFlow['folder']): Promise<number> {
  const { flow, parts } = await openFlow(directory, folder);
  try {
    await mkdir(join(root, 'in'), { recursive: true });
    for (let i = 0; i < DROPS; i++) {
      const line = `SO-${i},2026-05-04,PO-${i},Okafor Studio,18 Harbor Lane,Dayton,OH,45402,1,SKU-1,2,EACH\n`;
      await writeFile(join(root, 'in', `orders-${String(i).padStart(5, '0')}.csv`), HEADER + line);
    }
    const watch = createWatch(flow, parts, () => undefined);
    const startedAt = performance.now();
    await watch.run({ signal: new AbortController().signal, untilIdle: true });
    const tookMs = performance.now() - startedAt;
    const done = await readdir(join(root, 'done'));
    if (done.length !== DROPS) throw new Error(`${done.length} of ${DROPS} drops are done: ${watch.trouble()}`);
    return tookMs / DROPS;
  } finally {
    await parts.ledger.close();
  }
}
