/** What becomes of an original once its drop is received: it goes to `done`, it is deleted, or it stays where it is. */
export type Original = 'move' | 'delete' | 'leave';

/** A file that stays in its folder after it was taken. */
export interface RememberedFile {
  /** Path inside its folder. */
  readonly path: string;
  readonly fingerprint: string;
  /** SHA-256 of its bytes, hex. */
  readonly hash: string;
  /**
   * Whether the fingerprint stands for these bytes. A file that was written shortly before it was read may change again and
   * look the same: then it has to be read once more.
   */
  readonly isSure: boolean;
  /** When it was read last, wall clock. */
  readonly readAt: number;
  /** Fingerprint of the marker that announced these bytes; undefined where none did. */
  readonly marker?: string | undefined;
  /** Since when no listing shows it, wall clock; undefined while it is there. */
  readonly goneAt?: number | undefined;
}

export interface SourceReader {
  /** The files of a directory that were taken and stay there, by path. */
  rememberedFiles(folder: string, directory: string): Promise<ReadonlyMap<string, RememberedFile>>;
}

/** What the ledger knows of files that are not moved away. */
export interface SourceLedger extends SourceReader {
  /** Remembers files, replacing what was known of their paths. */
  rememberFiles(folder: string, files: readonly RememberedFile[]): Promise<void>;
  /** Answers how many of them were known. */
  forgetFiles(folder: string, paths: readonly string[]): Promise<number>;
}
