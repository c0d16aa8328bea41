import { mkdir } from 'node:fs/promises';

import { afterAll, beforeAll } from 'vitest';

import { openRoom, settingsFor } from '../support/sftp-folder.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { describeFolder } from './folder-contract.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

describeFolder('sftp', async () => {
  const room = await openRoom(settingsFor(sshd));
  return { ...room, makeDirectory: async (path) => void (await mkdir(room.path(path), { recursive: true })) };
});
