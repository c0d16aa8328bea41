import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { folderKinds } from '../../src/folders/index.ts';
import { describeFolder } from './folder-contract.ts';

test('every kind of folder is held to the contract', () => {
  expect(Object.keys(folderKinds)).toEqual(['local', 'sftp']);
});

describeFolder('local', async () => {
  const base = await mkdtemp(join(tmpdir(), 'dray-folder-'));
  const root = join(base, 'erp');
  const folder = await folderKinds.local({ name: 'erp', path: root });
  return {
    folder,
    async put(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    content: (path) => readFile(join(root, path), 'utf8').catch(() => undefined),
    makeDirectory: async (path) => void (await mkdir(join(root, path), { recursive: true })),
    makeLink: (path, target) => symlink(join(root, target), join(root, path)),
    vanish: () => rm(root, { recursive: true }),
    close: () => rm(base, { recursive: true, force: true }),
  };
});
