import { mkdir, rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { lookForFiles } from '../../../src/outbound/acknowledge/ack-look.ts';
import { openRoom, settingsFor } from '../../support/sftp-folder.ts';
import { startSshd } from '../../support/sshd.ts';
import { createDesk, createShelf } from './support.ts';

test('files on a server are seen to be taken, and a directory that is gone says nothing', async () => {
  const sshd = await startSshd();
  onTestFinished(() => sshd.close());
  const room = await openRoom(settingsFor(sshd));
  onTestFinished(() => room.close());
  const desk = await createDesk();
  const { ledger, clock } = desk;
  const collected = { withinMs: 1000, base: 'out' };
  const flow = desk.flow(createShelf('stream'), { folder: room.folder, collected });
  const parts = { ledger, clock, folders: new Map([['partner', room.folder]]) };
  await ledger.beginAwaiting(flow.name, 'file-uncollected', 0);
  for (const path of ['out/S_1.csv', 'out/S_2.csv']) {
    const { fileId } = await ledger.beginFile(flow.name);
    const content = { folder: 'partner', path, temporaryPath: 't', hash: '', size: 1, rows: 1, spool: '' };
    const end = { position: 0, deferred: [], at: clock.now() };
    await ledger.completeRun(flow.name, [{ fileId, content }], end);
    await ledger.markWritten(fileId);
    await ledger.markPublished(fileId, clock.now());
    await room.put(path, 'x');
  }
  const lying = async (): Promise<string[]> => (await ledger.lyingFiles(flow.name, 0, 9)).map(({ path }) => path);
  await rm(room.path('out/S_1.csv'));
  await lookForFiles(flow, parts, 0);
  expect(await lying()).toEqual(['out/S_2.csv']);
  await rm(room.path('out'), { recursive: true });
  await expect(lookForFiles(flow, parts, 0)).rejects.toMatchObject({ code: 'folder-gone' });
  expect(await lying()).toEqual(['out/S_2.csv']);
  await mkdir(room.path('out'));
  await lookForFiles(flow, parts, 0);
  expect(await lying()).toEqual([]);
});
