import type { Clock } from '../core/clock.ts';
import type { FeedBell } from '../core/feed-bell.ts';
import type { Folder } from '../core/folder.ts';
import type { Format, FormatOptions } from '../core/format.ts';
import type { Ledger, Replacing, Spool } from '../core/ledger.ts';
import type { Log } from '../core/log.ts';
import type { Feed } from '../core/provider.ts';
import type { OutboundMapping } from '../mapping/index.ts';
import type { FileName } from './file/file-name.ts';

/** A configured path from a feed to a folder, with everything it needs. */
export interface OutboundFlow {
  readonly name: string;
  readonly provider: string;
  readonly feed: Feed;
  readonly schedule: RunSchedule;
  /** Whether `run --once` runs it whenever it is called, rather than only when its time has come. */
  readonly runsOnDemand: boolean;
  readonly mapping: OutboundMapping;
  readonly format: Format;
  readonly writeOptions: FormatOptions;
  readonly folder: Folder;
  readonly fileName: FileName;
  readonly empty: 'skip' | 'header' | 'trailer';
  /** What a file is about. Default: all of a run. */
  readonly per?: 'run' | 'document' | { readonly rows: number };
  /** Which rows of a snapshot are written. Default: all. */
  readonly snapshot?: 'full' | 'changes';
  readonly site?: string;
  /** Path of the marker that follows a file. */
  readonly markerPath?: (path: string) => string;
  /** What becomes of a file that still has the name of a new one. */
  readonly replaces?: Replacing;
  readonly archiveName?: FileName;
  /** How long the bytes of files are kept after they were published. */
  readonly keepMs?: number;
  /**
   * How long a file may lie in its folder after it went out, in milliseconds; `base` is the directory above the first one
   * whose name is filled in.
   */
  readonly collected?: { readonly withinMs: number; readonly base: string };
  /** How long an acknowledgement of a file may take. */
  readonly acknowledged?: { readonly withinMs: number };
  /** Ends the wait for the next run. */
  readonly bell?: FeedBell;
}

/** When a flow runs. */
export interface RunSchedule {
  /** Wall-clock time of the next run after the last one; `lastRunAt` is undefined when it never ran. */
  next(lastRunAt: number | undefined, now: number): number;
}

/** What the outbound leg works with. */
export interface OutboundParts {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Log;
}
