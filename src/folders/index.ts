import { openLocalFolder } from './local.ts';
import { createServers, type Servers } from './sftp/server.ts';
import type { ServerSettings } from './sftp/settings.ts';
import { openSftpFolder } from './sftp/sftp.ts';

export { createServers, openLocalFolder, openSftpFolder };
export type { Servers, ServerSettings };

/** How each kind of folder is opened. Every one passes the contract suite of folders. */
export const folderKinds = { local: openLocalFolder, sftp: openSftpFolder } as const;
