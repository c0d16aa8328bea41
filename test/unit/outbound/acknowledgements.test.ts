import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OUR_FILES } from '../../../src/core/acknowledgement.ts';
import { createAjv } from '../../../src/core/shape.ts';
import type { Folder } from '../../../src/core/folder.ts';
import type { Outcome } from '../../../src/core/provider.ts';
import { createAnswerWatch } from '../../../src/outbound/acknowledge/ack-watch.ts';
import type { Guarded } from '../../../src/outbound/deliver/deliver-all.ts';
import { acknowledgementSchema, createAcknowledger, type OutboundFlow } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, type Desk } from './support.ts';

const HOUR = 3_600_000;

interface Scene {
  readonly desk: Desk;
  readonly flow: OutboundFlow;
  /** What people are told, in order. */
  readonly told: string[];
  readonly troubles: string[];
  /** Publishes a file, which lies there until somebody removes it. */
  publish(path: string): Promise<number>;
  look(): Promise<void>;
  /** A document as a mapping makes it. */
  say(payload: object, at?: number): Promise<Outcome>;
  open(): Promise<(readonly [string, string])[]>;
}

async function createScene(own: Partial<OutboundFlow> = {}): Promise<Scene> {
  const desk = await createDesk();
  const { ledger, clock } = desk;
  const told: string[] = [];
  const troubles: string[] = [];
  const awaited = { collected: { withinMs: 4 * HOUR, base: 'out' }, acknowledged: { withinMs: 24 * HOUR } };
  const flow = desk.flow(createShelf('stream'), { ...awaited, ...own });
  const folders = new Map<string, Folder>([['erp', flow.folder]]);
  const onIncident = (text: string, isOpen: boolean): void => void told.push(`${isOpen ? 'open' : 'over'} ${text}`);
  const guarded: Guarded = async (name, work) => {
    try {
      await work();
      return undefined;
    } catch (error) {
      troubles.push(`${name}: ${(error as Error).message}`);
      return error as never;
    }
  };
  const watch = createAnswerWatch([flow], { ...desk.parts, folders, onIncident }, guarded);
  await watch.begin();
  let now = clock.now();
  const provider = createAcknowledger({
    flows: new Map([['acks', [flow.name]]]),
    ledger,
    clock: { now: () => now },
    onRecorded: watch.judge,
  });
  const operation = required(provider.operations.get('acknowledge.acks'));
  return {
    desk,
    flow,
    told,
    troubles,
    async publish(path) {
      const { fileId } = await ledger.beginFile(flow.name);
      const content = { folder: 'erp', path, temporaryPath: 't', hash: '', size: 1, rows: 1, spool: '', keepMs: HOUR };
      const end = { position: 0, deferred: [], at: clock.now() };
      await ledger.completeRun(flow.name, [{ fileId, content }], end);
      await ledger.markWritten(fileId);
      await ledger.markPublished(fileId, clock.now());
      await mkdir(dirname(desk.path(path)), { recursive: true });
      await writeFile(desk.path(path), 'x');
      return fileId;
    },
    look: watch.look,
    async say(payload, at = clock.now()) {
      now = at;
      return operation.send(operation.freeze('key', payload as never));
    },
    open: async () =>
      (await ledger.incidents({ isOpen: true, limit: 9 })).map(({ code, subject }) => [code, subject] as const),
  };
}

describe('files that nobody takes', () => {
  test('are one incident, which names the oldest, and closes when they are gone', async () => {
    const { desk, publish, look, open, told } = await createScene();
    await publish('out/S_1.csv');
    desk.clock.advance(HOUR);
    await publish('out/S_2.csv');
    desk.clock.advance(3 * HOUR - 1);
    await look();
    expect(await open()).toEqual([]);
    desk.clock.advance(1);
    await look();
    const since = new Date(desk.clock.now() - 4 * HOUR).toISOString();
    expect(await open()).toEqual([['file-uncollected', `out/S_1.csv, out since ${since}`]]);
    desk.clock.advance(HOUR);
    await look();
    expect(await open()).toEqual([['file-uncollected', `out/S_1.csv, out since ${since}, and 1 more`]]);
    await rm(desk.path('out/S_1.csv'));
    await look();
    expect(await open()).toMatchObject([['file-uncollected', expect.stringContaining('out/S_2.csv')]]);
    await rm(desk.path('out/S_2.csv'));
    await look();
    expect(await open()).toEqual([]);
    expect(told).toEqual([
      `open shipped: nobody took out/S_1.csv, out since ${since}`,
      'over shipped: nobody took its files',
    ]);
    expect(desk.log.lines.map(({ message }) => message)).toContain('files that went out were not taken in time');
  });

  test('that were taken in time are none, and coming back under the name changes nothing', async () => {
    const { desk, publish, look, open } = await createScene();
    await publish('out/S_1.csv');
    await rm(desk.path('out/S_1.csv'));
    await look();
    await writeFile(desk.path('out/S_1.csv'), 'somebody else');
    desk.clock.advance(5 * HOUR);
    await look();
    expect(await open()).toEqual([]);
  });

  test('are not said to be taken, nor not to be, while their folder cannot be listed', async () => {
    const { desk, publish, look, open, troubles } = await createScene();
    const id = await publish('out/S_1.csv');
    desk.clock.advance(5 * HOUR);
    await rm(desk.path('out'), { recursive: true });
    await look();
    expect(await open()).toEqual([]);
    expect(troubles).toEqual([expect.stringMatching(/^files of shipped: .*out/)]);
    expect((await desk.ledger.outboundFiles({ limit: 1 }))[0]).not.toHaveProperty('leftAt');
    await mkdir(desk.path('out'));
    await look();
    expect((await desk.ledger.outboundFiles({ limit: 1 }))[0]).toMatchObject({ id, leftAt: desk.clock.now() });
  });

  test('may be taken away with the directory that was made for them', async () => {
    const { desk, publish, look, open, troubles } = await createScene();
    await publish('out/2026-05-04/S_1.csv');
    await publish('out/2026-05-05/S_2.csv');
    await rm(desk.path('out/2026-05-04'), { recursive: true });
    desk.clock.advance(5 * HOUR);
    await look();
    expect([troubles, await open()]).toMatchObject([
      [],
      [['file-uncollected', expect.stringMatching(/S_2\.csv[^&]*Z$/)]],
    ]);
  });

  test('and were replaced under their name are not awaited any more', async () => {
    const { desk, publish, look, open } = await createScene();
    await publish('out/STOCK.csv');
    desk.clock.advance(5 * HOUR);
    await publish('out/STOCK.csv');
    await look();
    expect(await open()).toEqual([]);
    desk.clock.advance(5 * HOUR);
    await look();
    expect(await open()).toMatchObject([['file-uncollected', expect.not.stringContaining('more')]]);
  });

  test('in very many directories are looked for some directories at a time', async () => {
    const { desk, publish, look } = await createScene();
    for (let day = 0; day < 50; day++) await publish(`out/${day}/S_${day}.csv`);
    for (let day = 40; day < 50; day++) await rm(desk.path(`out/${day}/S_${day}.csv`));
    const left = async (): Promise<number> => (await desk.ledger.lyingFiles('shipped', 0, 99)).length;
    await look();
    expect(await left()).toBe(50);
    await look();
    expect(await left()).toBe(40);
  });

  test('in very many directories are not awaited before they were looked for', async () => {
    const { desk, publish, look, open } = await createScene();
    for (let day = 0; day < 50; day++) {
      await publish(`out/${day}/S_${day}.csv`);
      desk.clock.advance(1);
    }
    for (let day = 20; day < 50; day++) await rm(desk.path(`out/${day}/S_${day}.csv`));
    desk.clock.advance(5 * HOUR);
    await look();
    expect(await open()).toMatchObject([['file-uncollected', expect.stringMatching(/S_0\.csv.*and 19 more$/)]]);
    await rm(desk.path('out'), { recursive: true });
    await mkdir(desk.path('out'));
    await look();
    expect(await open()).toEqual([]);
    expect(await desk.ledger.lyingFiles('shipped', 0, 99)).toEqual([]);
  });
});

describe('files that nobody acknowledges', () => {
  test('are one incident until they are, one way or the other', async () => {
    const { desk, publish, look, say, open } = await createScene({ collected: undefined as never });
    await publish('out/S_1.csv');
    await publish('out/S_2.csv');
    desk.clock.advance(24 * HOUR);
    await look();
    expect(await open()).toMatchObject([
      ['file-unacknowledged', expect.stringMatching(/^out\/S_1\.csv, .*, and 1 more$/)],
    ]);
    await say({ file: 'S_1.csv', accepted: true });
    expect(await open()).toMatchObject([['file-unacknowledged', expect.stringMatching(/^out\/S_2\.csv, .*Z$/)]]);
    await say({ sequence: '000002', accepted: false, message: 'no' });
    expect(await open()).toEqual([['file-declined', 'out/S_2.csv: "no"']]);
  });
});

describe('what a reader says', () => {
  test('of a file it cannot use is an incident with its words, until it says better', async () => {
    const { publish, say, open, told, desk } = await createScene();
    await publish('out/S_1.csv');
    await publish('out/S_2.csv');
    const declined = { file: 'S_2.csv', accepted: false, message: 'order 17 is closed' };
    expect(await say(declined)).toMatchObject({ class: 'ACCEPTED', reference: 'out/S_2.csv' });
    await say(declined);
    await say({ file: 'out\\S_1.csv', accepted: false });
    expect(await open()).toEqual([['file-declined', 'out/S_1.csv: without a reason, and 1 more']]);
    await say({ file: 'erp/out/S_1.csv', accepted: true });
    expect(await open()).toEqual([['file-declined', 'out/S_2.csv: "order 17 is closed"']]);
    await say({ file: 'S_2.csv', accepted: true });
    expect(await open()).toEqual([]);
    expect(told.map((text) => text.slice(0, 4))).toEqual(['open', 'over']);
    expect(JSON.stringify(desk.log.lines), 'words of others stay out of the log').not.toContain('order 17');
  });

  test('of a file that never went out, or only later, is refused at the field that names it', async () => {
    const { desk, publish, say } = await createScene();
    await publish('out/S_1.csv');
    const refused = (field: string, unknown: string) => ({
      class: 'FIX_DATA',
      messages: [{ code: 'unknown-file', field, unknown }],
    });
    expect(await say({ file: 'S_9.csv', accepted: true })).toMatchObject(refused('file', 'S_9.csv'));
    expect(await say({ sequence: '7', accepted: true })).toMatchObject(refused('sequence', '7'));
    const before = desk.clock.now() - 1;
    expect(await say({ file: 'S_1.csv', accepted: true }, before)).toMatchObject(refused('file', 'S_1.csv'));
  });

  test('is a request of its own each time it is read: a later file may have the name', async () => {
    const { desk, flow } = await createScene();
    const ours = createAcknowledger({
      flows: new Map([['acks', [flow.name]]]),
      ledger: desk.ledger,
      clock: desk.clock,
      onRecorded: () => Promise.resolve(),
    });
    expect([ours.name, /^[a-z0-9][a-z0-9-]*$/.test(ours.name)]).toEqual([OUR_FILES, false]);
    const operation = required(ours.operations.get('acknowledge.acks'));
    const first = operation.freeze('S', { file: 'STOCK.csv', accepted: true });
    desk.clock.advance(1);
    expect(operation.freeze('S', { file: 'STOCK.csv', accepted: true })).not.toEqual(first);
  });

  test('has the shape that dray ships', () => {
    const check = createAjv().compile(acknowledgementSchema);
    expect(check({ file: 'a', accepted: true, message: '' })).toBe(true);
    expect(check({ sequence: '000007', accepted: false })).toBe(true);
    for (const bad of [
      { file: 'a' },
      { accepted: 'true', file: 'a' },
      { sequence: '7a', accepted: true },
      { accepted: true, file: 'a', x: 1 },
    ])
      expect(check(bad)).toBe(false);
  });
});
