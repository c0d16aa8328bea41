import { link, mkdir, rename, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { settleDrop } from '../../../src/inbound/source/settle.ts';
import type { Drop } from '../../../src/core/ledger.ts';
import { createBench, required, sheet, twoFiles, type Bench } from './support.ts';

const first = sheet('Id,Name,Sku,Qty', 'A,Ann,S1,1');
const second = sheet('Id,Name,Sku,Qty', 'B,Bob,S1,3');

async function received(text = first): Promise<{ bench: Bench; drop: Drop }> {
  const bench = await createBench();
  await bench.put('in/a.csv', text);
  return { bench, drop: await bench.receive('a.csv') };
}

/** As {@link received}, with the target already in the book. */
async function settling(target = 'done/a.csv'): Promise<{ bench: Bench; drop: Drop }> {
  const { bench, drop } = await received();
  await bench.ledger.beginSettling(drop.id, new Map([['', target]]));
  return { bench, drop: required(await bench.ledger.drop(drop.id)) };
}

/** Every file of the folder with its text: where the bytes are, and that there are no others. */
async function everything(bench: Bench): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const directory of ['in', 'done', 'failed']) {
    for (const name of await bench.names(directory))
      found[`${directory}/${name}`] = await bench.read(`${directory}/${name}`);
  }
  return found;
}

describe('filing the original', () => {
  test('moves what was parsed to its place and lets go of the copy once it is reported', async () => {
    const { bench, drop } = await received();
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [], files: [{ target: 'done/a.csv' }] });
    expect((await bench.ledger.neededSpool()).size).toBe(1);
  });

  test('takes a second name when yesterday’s file has the first', async () => {
    const { bench, drop } = await received();
    await bench.put('done/a.csv', second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': second, [`done/a.${drop.id}.csv`]: first });
  });

  test('counts on when the second name is taken too', async () => {
    const { bench, drop } = await received();
    await bench.put('done/a.csv', second);
    await bench.put(`done/a.${drop.id}.csv`, second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await bench.read(`done/a.${drop.id}-2.csv`)).toBe(first);
  });

  test.each(['a', 'a.tar.gz', 'a b é.csv'])('keeps the extension in the second name: %s', async (name) => {
    const bench = await createBench();
    await bench.put(`in/${name}`, first);
    await bench.put(`done/${name}`, second);
    const drop = await bench.receive(name);
    await settleDrop(drop, bench.flow, bench.parts);
    const dot = name.lastIndexOf('.');
    const expected = dot < 0 ? `${name}.${drop.id}` : `${name.slice(0, dot)}.${drop.id}${name.slice(dot)}`;
    expect(await bench.names('done')).toEqual([name, expected].sort());
  });

  test('never replaces a file that took the recorded name meanwhile', async () => {
    const { bench, drop } = await settling();
    await bench.put('done/a.csv', second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': second, [`done/a.${drop.id}.csv`]: first });
  });
});

describe('a sender that puts another file in its place', () => {
  test('between reading and filing has it taken as a drop of its own', async () => {
    const { bench, drop } = await received();
    await rm(bench.path('in/a.csv'));
    await bench.put('in/a.csv', second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'in/a.csv': second, 'done/a.csv': first });
    expect(bench.log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { drop: drop.id } }));
    expect(await bench.take('a.csv')).toBe('received');
    expect(await everything(bench)).toEqual({ 'done/a.csv': first, 'done/a.2.csv': second });
  });

  test('by appending to the old one has the longer file taken again', async () => {
    const { bench, drop } = await received();
    await bench.put('in/a.csv', first + second.split('\n')[1]);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'in/a.csv': first + second.split('\n')[1], 'done/a.csv': first });
  });

  test('and then a third loses neither', async () => {
    const { bench, drop } = await settling();
    // Killed after the claim of the second; meanwhile a third arrived under the name.
    await rm(bench.path('in/a.csv'));
    await bench.put(`in/.dray-${drop.id}.claim`, second);
    await bench.put('in/a.csv', 'third\n');
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({
      'in/a.csv': 'third\n',
      [`in/a.before-${drop.id}.csv`]: second,
      'done/a.csv': first,
    });
  });
});

describe('filing after a crash', () => {
  test('goes on from the claim', async () => {
    const { bench, drop } = await settling();
    await rename(bench.path('in/a.csv'), bench.path(`in/.dray-${drop.id}.claim`));
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
  });

  test('goes on when both names are there', async () => {
    const { bench, drop } = await settling();
    await rename(bench.path('in/a.csv'), bench.path(`in/.dray-${drop.id}.claim`));
    await mkdir(bench.path('done'));
    await link(bench.path(`in/.dray-${drop.id}.claim`), bench.path('done/a.csv'));
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
  });

  test('goes on when a copy was made but the claim not removed', async () => {
    const { bench, drop } = await settling();
    await rename(bench.path('in/a.csv'), bench.path(`in/.dray-${drop.id}.claim`));
    await bench.put('done/a.csv', first);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
  });

  test('finds it done when only the book does not know', async () => {
    const { bench, drop } = await settling();
    await mkdir(bench.path('done'));
    await rename(bench.path('in/a.csv'), bench.path('done/a.csv'));
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
    expect(await bench.drop()).toMatchObject({ state: 'settled', issues: [] });
  });

  test('does not take a new file of the sender for the one that is filed', async () => {
    const { bench, drop } = await settling();
    await mkdir(bench.path('done'));
    await rename(bench.path('in/a.csv'), bench.path('done/a.csv'));
    await bench.put('in/a.csv', second);
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first, 'in/a.csv': second });
  });

  test('brings the bytes back when somebody took the original away', async () => {
    const { bench, drop } = await settling();
    await rm(bench.path('in/a.csv'));
    await settleDrop(drop, bench.flow, bench.parts);
    expect(await everything(bench)).toEqual({ 'done/a.csv': first });
    expect(await bench.drop()).toMatchObject({
      state: 'settled',
      issues: [{ code: 'original-missing', severity: 'warning', where: { file: 'a.csv' } }],
    });
  });
});

test('each file of a drop of two is filed on its own', async () => {
  const bench = await createBench({ mapping: twoFiles });
  await bench.put('in/heads.csv', sheet('Id,Name', 'A,Ann'));
  await bench.put('in/items.csv', sheet('Id,Sku,Qty', 'A,S1,1'));
  await bench.put('done/items.csv', 'older\n');
  const drop = await bench.receive('heads.csv', 'items.csv');
  await rm(bench.path('in/heads.csv'));
  await settleDrop(drop, bench.flow, bench.parts);
  expect(await everything(bench)).toEqual({
    'done/heads.csv': sheet('Id,Name', 'A,Ann'),
    'done/items.csv': 'older\n',
    [`done/items.${drop.id}.csv`]: sheet('Id,Sku,Qty', 'A,S1,1'),
  });
  expect((await bench.drop()).issues.map(({ where }) => where.file)).toEqual(['heads.csv']);
});
