import { openLocalFolder } from './local.ts';

export { openLocalFolder };

/** How each kind of folder is opened. Every one passes the contract suite of folders. */
export const folderKinds = { local: openLocalFolder } as const;
