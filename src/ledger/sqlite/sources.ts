import type { RememberedFile, SourceLedger, SourceReader } from '../../core/ledger.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { sourceSql } from './sql/sources.ts';

interface RememberedRow {
  readonly path: string;
  readonly fingerprint: string;
  readonly hash: string;
  readonly is_sure: number;
  readonly read_at: number;
  readonly gone_at: number | null;
  readonly marker: string | null;
}

/** What the owner of the ledger remembers of files that stay where they are. */
export interface Sources extends SourceLedger {
  /** Remembers files inside a transaction; answers what is to be done when it is committed. */
  remember(folder: string, files: readonly RememberedFile[]): () => void;
}

/**
 * A directory is read from the book once and then kept in memory: every look at a folder asks for all of it, and nobody
 * else writes to a ledger that is open.
 */
export function createSources(connection: Connection): Sources {
  const known = new Map<string, Map<string, RememberedFile>>();
  const ofDirectory = (folder: string, directory: string): Map<string, RememberedFile> => {
    const key = JSON.stringify([folder, directory]);
    const files = known.get(key) ?? readRemembered(connection, folder, directory);
    known.set(key, files);
    return files;
  };
  const remember = (folder: string, files: readonly RememberedFile[]): (() => void) => {
    for (const { path, fingerprint, hash, isSure, readAt, goneAt, marker } of files) {
      const place = [folder, storable(directoryOf(path)), storable(path)] as const;
      const times = [readAt, goneAt ?? null, marker ?? null] as const;
      connection.run(sourceSql.remember, ...place, fingerprint, hash, isSure ? 1 : 0, ...times);
    }
    return () => {
      for (const file of files) ofDirectory(folder, directoryOf(file.path)).set(file.path, file);
    };
  };
  return {
    remember,
    async rememberedFiles(folder, directory) {
      return ofDirectory(folder, directory);
    },
    async rememberFiles(folder, files) {
      connection.write(() => remember(folder, files))();
    },
    async forgetFiles(folder, paths) {
      const forget = (path: string): number =>
        connection.run(sourceSql.forget, folder, storable(directoryOf(path)), storable(path));
      const known = connection.write(() => paths.map(forget));
      for (const path of paths) ofDirectory(folder, directoryOf(path)).delete(path);
      return known.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** For a process that looks in. */
export function sourceReader(connection: Connection): SourceReader {
  return {
    async rememberedFiles(folder, directory) {
      return readRemembered(connection, folder, directory);
    },
  };
}

function readRemembered(connection: Connection, folder: string, directory: string): Map<string, RememberedFile> {
  const rows = connection.all<RememberedRow>(sourceSql.remembered, folder, storable(directory));
  return new Map(
    rows.map(({ path, fingerprint, hash, is_sure, read_at, gone_at, marker }) => {
      const file = { path: restored(path), fingerprint, hash, isSure: is_sure === 1, readAt: read_at };
      const rest = { ...(gone_at === null ? {} : { goneAt: gone_at }), ...(marker === null ? {} : { marker }) };
      return [file.path, { ...file, ...rest }];
    }),
  );
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
