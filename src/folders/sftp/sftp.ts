import type { Folder } from '../../core/folder.ts';
import type { Log } from '../../core/log.ts';
import { checkPath, parentPath } from '../names.ts';
import { absentAsUndefined, openRemoteFile } from './file.ts';
import { isRegular, toEntry } from './kinds.ts';
import { listRemote } from './list.ts';
import { createRemoteMoves } from './moves.ts';
import { createRemotePaths } from './paths.ts';
import type { Server } from './server.ts';

export interface SftpFolderOptions {
  readonly name: string;
  /** Directory on the server, absolute or from where a login begins. It is never created. */
  readonly path: string;
  readonly server: Server;
  /** How often to wake who watches: a server sends no events. */
  readonly pollMs: number;
  readonly log: Log;
}

// Senders write in place and pause: two looks half a minute apart.
const QUIET_MS = 30_000;

/**
 * A directory of a server. Opening it reaches for nothing: a server that is down keeps no other folder from working.
 * Names that are not UTF-8 are listed as unusable; what is no name of a file is left out and told once.
 */
export function openSftpFolder({ name, path: root, server, pollMs, log }: SftpFolderOptions): Folder {
  const paths = createRemotePaths(root);
  const moves = createRemoteMoves(server, paths);
  /** Files of the last listing of each directory. */
  const listed = new Map<string, Set<string>>();
  /** Names that were claimed and not opened since. */
  const claimed = new Set<string>();
  let told = '';
  const onOddNames = (directory: string, count: number): void => {
    if (told === `${directory} ${count}`) return;
    told = `${directory} ${count}`;
    log.warn({ folder: name, names: count }, 'the server lists names that can be no names of files; they are left out');
  };
  return {
    name,
    location: `${server.address}/${root.replace(/^\//, '')}`,
    defaultQuietMs: QUIET_MS,
    async *list(directory, options = {}) {
      checkPath(directory);
      const entries = await server.useAgain((session) =>
        listRemote(session, paths, directory, { ...options, onOddNames }),
      );
      listed.set(directory, new Set(entries.map(({ path }) => path)));
      yield* entries;
    },
    async open(path) {
      checkPath(path);
      const wasListed = claimed.delete(path) || listed.get(parentPath(path))?.has(path);
      return server.useAgain((session) => openRemoteFile(session, paths, path, wasListed));
    },
    async stat(path) {
      checkPath(path);
      return server.useAgain((session) =>
        paths.onFile(session, path, async (full) => {
          const [found] = await Promise.all([absentAsUndefined(() => session.lstat(full)), paths.ensureRoot(session)]);
          return found !== undefined && isRegular(found) ? toEntry(path, found) : undefined;
        }),
      );
    },
    async claim(path, claimedPath) {
      await moves.rename(checkPath(path), checkPath(claimedPath), { isOneStep: true, mayCreate: false });
      // What was renamed was looked at: opening it needs no look of its own before.
      claimed.add(claimedPath);
    },
    async place(path, target) {
      // In two steps a name that is taken meanwhile stays safe; in one it would be replaced without a word.
      await moves.rename(checkPath(path), checkPath(target), { isOneStep: false, mayCreate: true });
    },
    async writeTemporary(path, bytes) {
      await moves.write(checkPath(path), bytes);
    },
    async publish(temporaryPath, finalPath) {
      await moves.rename(checkPath(temporaryPath), checkPath(finalPath), { isOneStep: true, mayCreate: true });
    },
    async remove(path) {
      await moves.remove(checkPath(path));
    },
    watch(_directories, wake) {
      const timer = setInterval(wake, pollMs);
      return Promise.resolve({ close: () => Promise.resolve(clearInterval(timer)) });
    },
  };
}
