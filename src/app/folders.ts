import type { FolderConfig } from '../config/index.ts';
import type { Folder } from '../core/folder.ts';
import type { Log } from '../core/log.ts';
import { openLocalFolder, openSftpFolder, type Servers } from '../folders/index.ts';

/** Opens a folder of any kind. `create`: whether an absent local directory is made; one on a server never is. */
export async function openFolder(
  name: string,
  { path, sftp }: FolderConfig,
  servers: Servers,
  log: Log,
  create: boolean,
): Promise<Folder> {
  if (sftp === undefined) return openLocalFolder({ name, path, create });
  const { pollMs, ...settings } = sftp;
  return openSftpFolder({ name, path, server: servers.get(settings), pollMs, log });
}
