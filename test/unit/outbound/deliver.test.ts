import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { OutboundFile } from '../../../src/core/ledger.ts';
import { buildFile } from '../../../src/outbound/file/build.ts';
import { collectFeed } from '../../../src/outbound/collect/collect.ts';
import { deliverFile } from '../../../src/outbound/deliver/deliver.ts';
import type { OutboundFlow } from '../../../src/outbound/index.ts';
import { required } from '../inbound/support.ts';
import { createDesk, createShelf, item, type Desk } from './support.ts';

const TEXT = 'Id,Sku,Qty\r\nI0,A,1\r\n';

async function built(): Promise<{ desk: Desk; flow: OutboundFlow; file: OutboundFile }> {
  const desk = await createDesk();
  const shelf = createShelf('stream');
  shelf.items = [item(0, 'A')];
  const flow = desk.flow(shelf);
  await collectFeed(flow, desk.parts, desk.never);
  await buildFile(flow, desk.parts);
  return { desk, flow, file: required((await desk.unpublished())[0]) };
}

/** As {@link built}, with the temporary file in its place and in the book. */
async function written(): Promise<Awaited<ReturnType<typeof built>>> {
  const { desk, flow, file } = await built();
  await flow.folder.writeTemporary(file.temporaryPath, desk.spool.read(file.spool));
  await desk.ledger.markWritten(file.id);
  return { desk, flow, file: required((await desk.unpublished())[0]) };
}

describe('a file that is built', () => {
  test('appears under its final name complete, and nothing else is left', async () => {
    const { desk, flow, file } = await built();
    await deliverFile(file, flow.folder, desk.parts);
    expect([await desk.names('out'), await desk.read('out/S_001.csv')]).toEqual([['S_001.csv'], TEXT]);
    expect([await desk.unpublished(), (await desk.ledger.neededSpool()).size]).toEqual([[], 0]);
  });

  test('whose temporary file was left half-written by a crash is written again', async () => {
    const { desk, flow, file } = await built();
    await mkdir(desk.path('out'), { recursive: true });
    await writeFile(desk.path(file.temporaryPath), 'Id,Sk');
    await deliverFile(file, flow.folder, desk.parts);
    expect(await desk.read('out/S_001.csv')).toBe(TEXT);
  });

  test('that cannot be written stays built and is delivered later with the same bytes under the same name', async () => {
    const { desk, flow, file } = await built();
    const writeTemporary = (): Promise<never> => Promise.reject(new Failure('disk-full'));
    await expect(deliverFile(file, { ...flow.folder, writeTemporary }, desk.parts)).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(await desk.unpublished()).toMatchObject([{ state: 'built', path: 'out/S_001.csv' }]);
    await deliverFile(file, flow.folder, desk.parts);
    expect(await desk.read('out/S_001.csv')).toBe(TEXT);
  });

  test('whose temporary file vanishes before it is renamed is a failure, not a success', async () => {
    const { desk, flow, file } = await built();
    const publish: typeof flow.folder.publish = async (...given) => {
      await rm(desk.path(file.temporaryPath));
      return flow.folder.publish(...given);
    };
    await expect(deliverFile(file, { ...flow.folder, publish }, desk.parts)).rejects.toMatchObject({
      code: 'file-gone',
    });
  });
});

describe('a file that is written', () => {
  test('is renamed, not written again', async () => {
    const { desk, flow, file } = await written();
    const writeTemporary = (): Promise<never> => Promise.reject(new Error('written twice'));
    await deliverFile(file, { ...flow.folder, writeTemporary }, desk.parts);
    expect([await desk.names('out'), await desk.read('out/S_001.csv')]).toEqual([['S_001.csv'], TEXT]);
  });

  test('whose temporary file is gone was published, and is not published again', async () => {
    const { desk, flow, file } = await written();
    await rename(desk.path(file.temporaryPath), desk.path(file.path));
    await deliverFile(file, flow.folder, desk.parts);
    expect([await desk.names('out'), await desk.unpublished()]).toEqual([['S_001.csv'], []]);
  });

  test('was published even when its reader has taken it already', async () => {
    const { desk, flow, file } = await written();
    await rm(desk.path(file.temporaryPath));
    await deliverFile(file, flow.folder, desk.parts);
    expect([await desk.names('out'), await desk.unpublished()]).toEqual([[], []]);
  });

  test('never replaces a file that has its name: it fails, and is published once the name is free', async () => {
    const { desk, flow, file } = await written();
    await writeFile(desk.path(file.path), 'somebody else’s');
    await expect(deliverFile(file, flow.folder, desk.parts)).rejects.toMatchObject({ code: 'name-taken' });
    expect(await desk.read('out/S_001.csv')).toBe('somebody else’s');
    await rm(desk.path(file.path));
    await deliverFile(required((await desk.unpublished())[0]), flow.folder, desk.parts);
    expect(await desk.read('out/S_001.csv')).toBe(TEXT);
  });
});
