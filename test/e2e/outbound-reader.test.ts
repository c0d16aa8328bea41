import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createOutbound, fileNameTemplate, markerPath } from '../../src/outbound/index.ts';
import { required } from '../unit/inbound/support.ts';
import { createDesk, createShelf, item } from '../unit/outbound/support.ts';

const FILES = 200;

/** What the reader saw: each file's size when its name first appeared, and markers that came before their files. */
interface Told {
  readonly seen: readonly (readonly [string, number])[];
  readonly early: readonly string[];
  readonly rounds: number;
}

const READER = `
  const { existsSync, readdirSync, readFileSync } = require('node:fs');
  const { parentPort, workerData: directory } = require('node:worker_threads');
  const seen = new Map();
  const early = [];
  let rounds = 0;
  let isOver = false;
  const look = () => {
    // Once more after the end: then everything is there.
    const isLast = isOver;
    let names = [];
    try { names = readdirSync(directory); } catch {}
    for (const name of names) {
      if (name.startsWith('.') || seen.has(name)) continue;
      seen.set(name, readFileSync(directory + '/' + name).length);
      if (name.endsWith('.ok') && !existsSync(directory + '/' + name.slice(0, -3))) early.push(name);
    }
    rounds++;
    if (isLast) parentPort.postMessage({ seen: [...seen], early, rounds });
    else setImmediate(look);
  };
  parentPort.on('message', () => { isOver = true; });
  look();
`;

test(
  'a reader that looks all the time never sees a short file, nor a marker without its file',
  { timeout: 90_000 },
  async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 50);
    const lines = Array.from({ length: 400 }, (_, index) => `SKU-${index}`);
    shelf.items = Array.from({ length: FILES }, (_, index) => ({
      ...item(index, ...lines),
      documentKey: `PO-${index}`,
    }));
    const flow = desk.flow(shelf, {
      per: 'document',
      fileName: required(fileNameTemplate('out/{document}_{seq:3}.csv', { isPerDocument: true }).name),
      markerPath: (path) => markerPath('{name}.ok', path),
    });
    const worker = new Worker(READER, { eval: true, workerData: desk.path('out') });
    const told = new Promise<Told>((resolve) => worker.once('message', resolve));
    const outbound = createOutbound({
      flows: [flow],
      folders: new Map([['erp', flow.folder]]),
      parts: desk.parts,
      events: { published: () => undefined },
    });
    await outbound.runOnce(desk.never);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of Node has no origin
    worker.postMessage('over');
    const { seen, early, rounds } = await told;
    await worker.terminate();
    const files = await desk.ledger.outboundFiles({ limit: FILES });
    const sizes = new Map(files.map(({ path, size }) => [path.slice('out/'.length), size]));
    expect(rounds).toBeGreaterThan(FILES);
    expect(seen).toHaveLength(2 * FILES);
    expect(seen.filter(([name, size]) => size !== (name.endsWith('.ok') ? 0 : sizes.get(name)))).toEqual([]);
    expect(early).toEqual([]);
  },
);
