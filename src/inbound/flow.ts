import type { Clock } from '../core/clock.ts';
import type { AnswerRule, ExpectRule, SequenceRule } from '../core/flow-rules.ts';
import type { Folder } from '../core/folder.ts';
import type { Format, FormatOptions } from '../core/format.ts';
import { fillName, fitsTemplate } from '../core/folder-names.ts';
import type { Ledger, Original, Spool } from '../core/ledger.ts';
import type { Limits } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { Operation } from '../core/provider.ts';
import type { Texts } from '../core/text.ts';
import type { InboundMapping } from '../mapping/index.ts';

/** A configured path from a folder to an operation, with everything it needs. */
export interface InboundFlow {
  readonly name: string;
  readonly folder: Folder;
  /** Directory inside the folder that drops arrive in. */
  readonly directory: string;
  /** Whether a file of that directory belongs to this flow. */
  readonly picks: (fileName: string) => boolean;
  readonly quietMs: number;
  readonly format: Format;
  /** Options of the format for the picked file ('') and for companions. */
  readonly readOptions: (part: string) => FormatOptions;
  readonly mapping: InboundMapping;
  readonly provider: string;
  /** What documents are submitted to that do not say it themselves. */
  readonly operation: Operation;
  /** By name, what documents may ask for themselves. */
  readonly operations: ReadonlyMap<string, Operation>;
  readonly accept: 'document' | 'file';
  /** Where drops go that are received, and those that are refused; empty where nothing goes. */
  readonly done: string;
  readonly failed: string;
  /** What becomes of the originals. Default: they are moved. */
  readonly original?: Original | undefined;
  /** Template of the name of the file that says that a drop is whole: `{name}.ok`. */
  readonly marker?: string | undefined;
  readonly results: string;
  /** Folder of `results`. Default: the folder of the drops. */
  readonly resultsFolder?: Folder | undefined;
  /** What result files tell. Default: always one, with a line per document. */
  readonly answers?: AnswerRule | undefined;
  /** Whether some flow takes or puts files there, or below it: nothing to wonder about beside the drops. */
  readonly isOwnDirectory?: ((path: string) => boolean) | undefined;
  /** How result files are written: as the drops themselves, unless the configuration says otherwise. */
  readonly result: {
    readonly format: Format;
    readonly options: FormatOptions;
    /** A text as it may stand in such a file: short enough, and no formula where a spreadsheet would run it. */
    readonly toCell: (text: string) => string;
  };
  /** What answers say in another language than English. */
  readonly texts?: Texts | undefined;
  readonly limits: Limits;
  /** Files carry numbers that follow one another. */
  readonly sequence?: SequenceRule | undefined;
  /** By when files are to be there. */
  readonly expect?: ExpectRule | undefined;
}

/** What is needed of a flow to look at the directory its drops arrive in. */
export type WatchedFlow = Pick<
  InboundFlow,
  'name' | 'folder' | 'directory' | 'picks' | 'quietMs' | 'format' | 'readOptions' | 'mapping'
> &
  Partial<Pick<InboundFlow, 'sequence' | 'isOwnDirectory' | 'original' | 'marker'>>;

/** What the inbound leg works with. */
export interface InboundParts {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Log;
}

/** What staging a drop needs of its flow: a dry run has no more. */
export type StagingFlow = Pick<InboundFlow, 'format' | 'readOptions' | 'mapping' | 'provider' | 'accept' | 'limits'> & {
  readonly operation: StagingOperation;
  readonly operations: { get(name: string): StagingOperation | undefined };
} & Partial<Pick<InboundFlow, 'sequence'>>;
type StagingOperation = Pick<Operation, 'name' | 'key' | 'freeze'> &
  Partial<Pick<Operation, 'prepare' | 'revisions' | 'sendsFile'>>;
export type StagingParts = Pick<InboundParts, 'ledger' | 'spool'>;

/** Whether a flow takes a file of this name as a drop: a marker is none, even where the glob fits it. */
export function isPicked({ picks, marker }: Pick<WatchedFlow, 'picks' | 'marker'>, fileName: string): boolean {
  return picks(fileName) && !isMarker(marker, fileName);
}

/** Whether a name is that of a marker. */
export function isMarker(marker: string | undefined, fileName: string): boolean {
  return marker !== undefined && fitsTemplate(marker, fileName);
}

/** Path of the marker of a file. */
export function markerOf(marker: string, path: string): string {
  return `${directoryOf(path)}${fillName(marker, baseName(path))}`;
}

/** Everything up to the last `/`, with it. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Last component of a path inside a folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

// Bytes a file system gives a name.
const LONGEST_NAME = 255;

/** As much of a text as fits into so many bytes, whole characters only. */
function shorten(text: string, bytes: number): string {
  let left = text;
  while (Buffer.byteLength(left) > bytes) left = Array.from(left).slice(0, -1).join('');
  return left;
}

/**
 * A free name in a directory: the plain one, then with the drop's id, then counted. `orders.csv`, `orders.17.csv`,
 * `orders.17-2.csv`. `suffix` stands before the extension: `orders.17.result.csv`.
 */
export async function freeName(
  directory: string,
  name: string,
  dropId: number,
  isFree: (path: string) => Promise<boolean>,
  suffix = '',
): Promise<string> {
  const { stem, extension } = splitName(name);
  for (let tries = 0; ; tries++) {
    const mark = tries === 0 ? '' : tries === 1 ? `.${dropId}` : `.${dropId}-${tries}`;
    const end = `${mark}${suffix}${extension}`;
    const path = `${directory}/${shorten(stem, LONGEST_NAME - Buffer.byteLength(end))}${end}`;
    if (await isFree(path)) return path;
  }
}

/** `orders.csv` as `orders` and `.csv`. */
export function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot) };
}
