import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sshd } from './sshd.ts';

/** A folder of a configuration that lies on the test's server, with its keys beside the configuration. */
export async function remoteFolder(sshd: Sshd, directory: string, more: object = {}): Promise<object> {
  await mkdir(join(directory, 'erp'), { recursive: true });
  await writeFile(join(directory, 'partner_key'), sshd.privateKey, { mode: 0o600 });
  return {
    path: join(directory, 'erp'),
    sftp: {
      host: sshd.host,
      port: sshd.port,
      username: sshd.username,
      hostKey: sshd.hostKey,
      privateKey: '${file:partner_key}',
      poll: '100ms',
      ...more,
    },
  };
}
