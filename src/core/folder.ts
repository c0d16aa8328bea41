import type { Bytes } from './format.ts';

/** What a folder says of one of its files. */
export interface FileEntry {
  /** Path inside the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Modification time in milliseconds; only ever compared with itself. */
  readonly mtimeMs: number;
  /**
   * Changes whenever the file is another one or was touched, as far as the folder can tell: device, inode, size and times
   * in one text, or what it knows of these.
   */
  readonly fingerprint: string;
  /** Why it can be seen and not be taken, in words for people. */
  readonly unusable?: string;
}

/** Something under a name that is no file. */
export interface NoFile {
  /** As {@link FileEntry.path}. */
  readonly path: string;
  readonly kind: 'directory' | 'link' | 'other';
}

export interface ListOptions {
  /** Told what is there and is no regular file, except under temporary names. */
  readonly onNoFile?: (entry: NoFile) => void;
  /** An absent subdirectory is not created: folder-gone. */
  readonly mustExist?: boolean;
}

/** An opened file: what is read is what {@link stat} describes. */
export interface OpenFile {
  readonly entry: FileEntry;
  /** All of it was read when it was opened: it may be kept for a while and costs nothing but its size. */
  readonly isKept?: boolean;
  /** Reads at most `length` bytes from `position`. */
  read(position: number, length: number): Promise<Uint8Array>;
  bytes(signal?: AbortSignal): Bytes;
  /** Whether neither the file nor the path changed since it was opened. */
  isUnchanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** A directory, local or remote, that files arrive in or leave to. All paths are inside the folder, with `/`. */
export interface Folder {
  readonly name: string;
  /** Shown to people: the local path or the address. */
  readonly location: string;
  /** How long a file must be unchanged by default, in milliseconds. */
  readonly defaultQuietMs: number;
  /**
   * Regular files below `directory`, its own level only, without names that are temporary (`isTemporaryName`).
   * @throws Failure folder-gone, folder-unreachable; for a folder elsewhere also server-unreachable, server-unknown and
   * server-refused, as every other method. An absent subdirectory is created.
   */
  list(directory: string, options?: ListOptions): AsyncIterable<FileEntry>;
  /** @throws Failure file-gone, no-permission, not-a-regular-file (symbolic links, pipes and devices are refused). */
  open(path: string): Promise<OpenFile>;
  /** The entry, or undefined when there is no such file. */
  stat(path: string): Promise<FileEntry | undefined>;
  /**
   * Renames inside one directory onto a name only we use.
   * @throws Failure file-gone, name-taken.
   */
  claim(path: string, claimedPath: string): Promise<void>;
  /**
   * Moves to a final name without ever replacing a file, across devices too. Durable when it returns.
   * @throws Failure file-gone, name-taken.
   */
  place(path: string, target: string): Promise<void>;
  /** Writes a new file under a temporary name of ours, replacing an earlier try, and makes it durable. */
  writeTemporary(path: string, bytes: Bytes): Promise<void>;
  /** Publishes in one step: renames a temporary file to its final name. @throws Failure name-taken, file-gone. */
  publish(temporaryPath: string, finalPath: string): Promise<void>;
  /** Removes a file of ours; an absent file is no error. */
  remove(path: string): Promise<void>;
  /** Calls `wake` when something may have changed below the directories. A hint only: events are lost. */
  watch(directories: readonly string[], wake: () => void): Promise<{ close(): Promise<void> }>;
}
