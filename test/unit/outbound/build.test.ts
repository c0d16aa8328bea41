import { describe, expect, test } from 'vitest';
import { buildFile } from '../../../src/outbound/file/build.ts';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { fileNameTemplate, type OutboundFlow } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, item, mapping, type Desk } from './support.ts';

async function text(desk: Desk, spool: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of desk.spool.read(spool)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Everything that is built and not published, with its text. */
async function built(desk: Desk): Promise<string[]> {
  const files = await desk.unpublished();
  return Promise.all(
    files.map(async (file) => `${file.path}: ${(await text(desk, file.spool)).trim().replaceAll('\r\n', ' ')}`),
  );
}

async function run(desk: Desk, flow: OutboundFlow): Promise<void> {
  await collectFeed(flow, desk.parts, desk.never);
  await buildFile(flow, desk.parts);
}

describe('a file', () => {
  test('has each fact once, however often the provider tells it', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const flow = desk.flow(shelf);
    shelf.items = [item(0, 'A'), item(1, 'B', 'C')];
    await run(desk, flow);
    // The same order again with one more line, as a stream of changes tells it.
    shelf.items.push({ ...item(2, 'B', 'C', 'D'), body: item(1, 'B', 'C', 'D').body });
    await run(desk, flow);
    expect(await built(desk)).toEqual([
      'out/S_001.csv: Id,Sku,Qty I0,A,1 I1,B,1 I1,C,1',
      'out/S_002.csv: Id,Sku,Qty I1,D,1',
    ]);
  });

  test('has each fact once within itself', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A', 'A'), { ...item(1), body: item(0, 'A').body }];
    await run(desk, desk.flow(shelf));
    expect(await built(desk)).toEqual(['out/S_001.csv: Id,Sku,Qty I0,A,1']);
  });

  test('lacks a row that cannot be written until the mapping is mended, and then holds just that row', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [item(0, 'A'), { ...item(1), body: '{"Id":"I1","Lines":[{"Sku":"B","Qty":"two"}]}' }, item(2, 'C')];
    const strict = mapping(
      'rows: Lines[]\nfact: "{$.Id}/{Lines.Sku}"\nwrite: { format: csv }\nmap: { Id: $.Id, Qty: { $from: Qty, $as: number } }\n',
    );
    await run(desk, desk.flow(shelf, { mapping: strict }));
    await run(desk, desk.flow(shelf, { mapping: strict }));
    await run(desk, desk.flow(shelf));
    expect(await built(desk)).toEqual(['out/S_001.csv: Id,Qty I0,1 I2,1', 'out/S_002.csv: Id,Sku,Qty I1,B,two']);
    await run(desk, desk.flow(shelf));
    expect(await built(desk)).toHaveLength(2);
  });

  test('is not begun when nothing is new, and its number is not used up', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const flow = desk.flow(shelf);
    await run(desk, flow);
    shelf.items = [item(0, 'A')];
    await run(desk, flow);
    shelf.items.push(item(1), { ...item(2), body: item(0, 'A').body });
    await run(desk, flow);
    await run(desk, flow);
    shelf.items.push(item(3, 'B'));
    await run(desk, flow);
    expect(await built(desk)).toEqual(['out/S_001.csv: Id,Sku,Qty I0,A,1', 'out/S_002.csv: Id,Sku,Qty I3,B,1']);
    expect((await desk.ledger.neededSpool()).size).toBe(2);
  });

  test('has only its header when nothing is new and that is asked for', async () => {
    const desk = await createDesk();
    const flow = desk.flow(createShelf('stream'), { empty: 'header' });
    await run(desk, flow);
    await run(desk, flow);
    expect(await built(desk)).toEqual(['out/S_001.csv: Id,Sku,Qty', 'out/S_002.csv: Id,Sku,Qty']);
  });

  test('of many items is one file in the order in which they were learnt of', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream', 100);
    shelf.items = Array.from({ length: 450 }, (_, index) => item(index, 'A'));
    await run(desk, desk.flow(shelf));
    const [only, other] = await desk.unpublished();
    expect(other).toBeUndefined();
    const rows = (await text(desk, required(only).spool)).trim().split('\r\n').slice(1);
    expect(rows).toEqual(shelf.items.map((_, index) => `I${index},A,1`));
    expect(only).toMatchObject({ rows: 450, sequence: 1 });
  });

  test('that was begun and never finished leaves nothing behind', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    const flow = desk.flow(shelf);
    shelf.items = [item(0, 'A')];
    await collectFeed(flow, desk.parts, desk.never);
    const completeRun = (): Promise<never> => Promise.reject(new Error('killed here'));
    await expect(buildFile(flow, { ...desk.parts, ledger: { ...desk.ledger, completeRun } })).rejects.toThrow('killed');
    expect(await built(desk)).toEqual([]);
    await buildFile(flow, desk.parts);
    expect(await built(desk)).toEqual(['out/S_001.csv: Id,Sku,Qty I0,A,1']);
  });

  test('has its cells quoted where they need it, and every digit as it came', async () => {
    const desk = await createDesk();
    const shelf = createShelf('stream');
    shelf.items = [{ ...item(0), body: '{"Id":"a,\\"b\\"\\nc","Lines":[{"Sku":"007","Qty":2.500}]}' }];
    await run(desk, desk.flow(shelf));
    const [file] = await desk.unpublished();
    expect(await text(desk, required(file).spool)).toBe('Id,Sku,Qty\r\n"a,""b""\nc",007,2.500\r\n');
  });
});

test('two flows on one feed each have every fact, with numbers of their own', async () => {
  const desk = await createDesk();
  const shelf = createShelf('stream');
  const first = desk.flow(shelf);
  const second = desk.flow(shelf, {
    name: 'other',
    mapping: mapping('fact: "{Id}"\nwrite: { format: csv }\nmap: { Id: Id }\n'),
    fileName: required(fileNameTemplate('other/O_{seq:2}.csv').name),
  });
  shelf.items = [item(0, 'A'), item(1, 'B')];
  await run(desk, first);
  await run(desk, second);
  shelf.items.push(item(2, 'C'));
  await run(desk, second);
  await run(desk, first);
  expect((await built(desk)).sort()).toEqual([
    'other/O_01.csv: Id I0 I1',
    'other/O_02.csv: Id I2',
    'out/S_001.csv: Id,Sku,Qty I0,A,1 I1,B,1',
    'out/S_002.csv: Id,Sku,Qty I2,C,1',
  ]);
});

test('a snapshot that is taken twice is two files, each with everything', async () => {
  const desk = await createDesk();
  const shelf = createShelf('snapshot');
  const flow = desk.flow(shelf);
  shelf.items = [item(0, 'A'), item(1, 'B'), item(2, 'C')];
  await run(desk, flow);
  await run(desk, flow);
  const all = 'Id,Sku,Qty I0,A,1 I1,B,1 I2,C,1';
  expect(await built(desk)).toEqual([`out/S_001.csv: ${all}`, `out/S_002.csv: ${all}`]);
});

test('an item whose row cannot be written is told, and the other rows are written', async () => {
  const desk = await createDesk();
  const shelf = createShelf('stream');
  const strict = mapping(
    'rows: Lines[]\nfact: "{$.Id}/{Lines.Sku}"\nwrite: { format: csv }\nmap: { Id: $.Id, Sku: Sku, Qty: { $from: Qty, $as: integer } }\n',
  );
  const flow = desk.flow(shelf, { mapping: strict });
  shelf.items = [item(0, 'A'), { ...item(1), body: '{"Id":"I1","Lines":[{"Sku":"B","Qty":"canary"}]}' }, item(2, 'C')];
  await collectFeed(flow, desk.parts, desk.never);
  expect(await buildFile(flow, desk.parts)).toEqual({ rows: 2, deferred: 1 });
  expect(await built(desk)).toEqual(['out/S_001.csv: Id,Sku,Qty I0,A,1 I2,C,1']);
  const errors = desk.log.lines.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toContain('canary');
  // Mended: the fact comes in the next file, and the others do not come again.
  expect(await buildFile(desk.flow(shelf), desk.parts)).toEqual({ rows: 1, deferred: 0 });
  expect((await built(desk))[1]).toBe('out/S_002.csv: Id,Sku,Qty I1,B,canary');
});
