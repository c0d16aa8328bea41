import type { StoredItem, OutboundFile, FileContent } from './ledger-types.ts';

/** What becomes of a file that still has the name of a new one: it is in the way, it is waited for, or archived. */
export type Replacing = 'wait' | 'archive';

/** What a file says beyond its content; what is left out is not asked for. */
export interface FileExtras {
  /** Key of the document that the file is about. */
  readonly document?: string;
  readonly replaces?: Replacing;
  /** Where the file goes when the next one takes its name. */
  readonly archivePath?: string;
  /** Cursor from which a person had it collected again. */
  readonly repeatsFrom?: string;
  /** How long its bytes are kept after it was published. */
  readonly keepMs?: number;
}

/** A file that stands beside a published one and says so. */
export interface Marker {
  readonly fileId: number;
  readonly flow: string;
  readonly folder: string;
  readonly path: string;
  readonly temporaryPath: string;
  readonly state: 'built' | 'written';
}

/** A file of a run, as it becomes `built`. */
export interface RunFile {
  readonly fileId: number;
  readonly content: FileContent;
}

/** How a run ends. */
export interface RunEnd {
  readonly position: number;
  /** Items with rows that could not be written: they replace those of the last run. */
  readonly deferred: readonly number[];
  readonly at: number;
  /** What a person asked for and is done with this run. */
  readonly recollection?: number;
  /** File whose compared rows are the delivered ones from now on. */
  readonly comparedBy?: number;
  /** Whether delivered rows stay that were not compared: some could not be made. */
  readonly keepsGone?: boolean;
}

/** A row of a snapshot, for comparing it with the last delivered one. */
export interface ComparedRow {
  readonly fact: string;
  readonly cells: readonly string[];
}

/** What the ledger knows of files beyond one after the other. */
export interface OutboundLedger {
  /** A further file of a run that {@link beginFile} began, with the next number. */
  beginNextFile(fileId: number): Promise<{ fileId: number; sequence: number }>;
  /** Gives up the last file of a run, which got no rows; its number is free again. */
  dropFile(fileId: number): Promise<void>;
  /** All files of a run and the flow's new position in one transaction. */
  completeRun(flow: string, files: readonly RunFile[], end: RunEnd): Promise<void>;

  /** Forgets facts of the flow's files before one, at most so many; answers how many. */
  forgetFacts(flow: string, beforeFile: number, limit: number): Promise<number>;

  /** The highest item that {@link itemsAfter} shows; 0 when there is none. */
  lastItem(provider: string, feed: string): Promise<number>;
  /** Documents of items above `position` up to `upTo`, in the order of their first item. */
  documentsAfter(provider: string, feed: string, position: number, upTo: number): Promise<readonly string[]>;
  itemsOfDocument(
    provider: string,
    feed: string,
    document: string,
    position: number,
    upTo: number,
    limit: number,
  ): Promise<readonly StoredItem[]>;
  /** When the walk began whose items {@link itemsAfter} shows; undefined when that is not known. */
  snapshotTime(provider: string, feed: string): Promise<number | undefined>;

  /** Notes rows for a file that is being built; answers which differ from what was last delivered. */
  compareRows(fileId: number, rows: readonly ComparedRow[]): Promise<readonly boolean[]>;
  /** Rows that were delivered and are not among those compared, by their facts above `after`. */
  goneRows(fileId: number, after: string, limit: number): Promise<readonly ComparedRow[]>;

  /** Markers that are not there yet, of files that are. */
  unpublishedMarkers(): Promise<readonly Marker[]>;
  markMarker(fileId: number, state: 'written' | 'published'): Promise<void>;
  /** The file that was last published under the same name before this one. */
  fileBefore(fileId: number): Promise<OutboundFile | undefined>;

  /** Lets go of the bytes of files whose time is over; answers where they lie. */
  releaseKept(now: number, limit: number): Promise<readonly string[]>;
  /**
   * Has a published file written again with the bytes that were kept. Answers false when there are none, or when a later
   * file has its name.
   */
  rewriteFile(fileId: number): Promise<boolean>;
  /** Has a flow collect again from a cursor, into a file of its own. */
  askRecollection(flow: string, from: string, at: number): Promise<void>;
  openRecollection(flow: string): Promise<{ id: number; from: string } | undefined>;
  /**
   * Withdraws a file that is not out yet: its number is recorded as void, its items come again. Answers whether it could.
   */
  voidFile(fileId: number, at: number): Promise<boolean>;
}

export interface OutboundFlowView {
  readonly flow: string;
  readonly lastRunAt: number | undefined;
  readonly sequence: number;
  readonly cursor: string;
  /** Items that no run has looked at, items that wait for a mended mapping, files that are not out. */
  readonly items: number;
  readonly deferred: number;
  readonly unpublished: number;
  readonly voids: number;
  /** Files that nobody took yet, or said nothing of; undefined where that is not awaited. */
  readonly uncollected: number | undefined;
  readonly unacknowledged: number | undefined;
  /** Files that their reader cannot use. */
  readonly declined: number;
  readonly lastFile: OutboundFile | undefined;
  /** Cursor of a collection that a person asked for and that is still to come. */
  readonly recollectsFrom: string | undefined;
}
