import type { ConfigCode, IssueCode } from './issue-catalogue.ts';
import type { ConfigDetails, IssueDetails } from './issue.ts';
import type { JsonSchema } from './json.ts';
import type { Limits } from './limits.ts';
import type { RawRecord, ReadEvent } from './record.ts';

/** Bytes of a file, as they come; of a file at rest also from any place. */
export interface Bytes extends AsyncIterable<Uint8Array> {
  /** Left out where bytes only come once, in order. */
  openRandom?(): Promise<RandomAccess>;
}

/** A file that is read here and there, as archives are. */
export interface RandomAccess {
  readonly size: number;
  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Options of a format as the mapping gives them, already checked against the format's schema. */
export type FormatOptions = Readonly<Record<string, unknown>>;

export interface ReadContext {
  /** Name shown in issues. */
  readonly file: string;
  readonly limits: Limits;
}

/** `complete`: the structure has ended. `open`: it may go on (no final line end). `empty`: no bytes at all. */
export type Ending = 'complete' | 'open' | 'empty';

/** Bytes ⇄ records. Streams both ways; owns positions. */
export interface Format {
  readonly name: string;
  /** `table`: records are rows of named columns. `tree`: records are JSON values. */
  readonly shape: 'table' | 'tree';
  /** Extension without the dot. */
  readonly extension: string;
  /** Nothing is written in it, and nothing looked up. */
  readonly isReadOnly?: true;
  /** Schema of the properties this format adds to `read:` and `write:`. */
  readonly readOptions: JsonSchema;
  readonly writeOptions: JsonSchema;
  /**
   * What a schema cannot say: findings in options that fit theirs. `columns`: those that rows to be written have, where
   * they are known.
   */
  check?(use: 'read' | 'write', options: FormatOptions, columns?: readonly string[]): readonly OptionFinding[];
  /** Whether the structure of a file has ended, judged by its size and its last bytes (at most 64). */
  ending(tail: Uint8Array, size: number, options: FormatOptions): Ending;
  /** Reads records. Never throws for what is in the file: it says `refused` and ends. */
  read(bytes: Bytes, options: FormatOptions, context: ReadContext): AsyncIterable<ReadEvent>;
  /** The same records as {@link read}, same `seq`, as text exactly as received. */
  readRaw(bytes: Bytes, options: FormatOptions, context: ReadContext): AsyncIterable<RawRecord>;
  /** Turns kept raw records into a sheet: same dialect and encoding, with reason columns appended. */
  writeRejects(rows: AsyncIterable<RejectRow>, options: FormatOptions, reasons: readonly string[]): Bytes;
  /** Compiles a look at a row before it is written: what `write` could not put into the file. Left out: it can put all. */
  rowCheck?(columns: readonly string[], options: FormatOptions): (row: readonly string[]) => readonly CellFinding[];
  /** Writes files that mix record types. Left out: all records of a file are of one kind. */
  readonly mixed?: MixedWriting;
  /** Writes rows of text under the given columns. `facts` fills the places in records around them. */
  write(
    rows: AsyncIterable<readonly string[]>,
    columns: readonly string[],
    options: FormatOptions,
    facts?: FileFacts,
  ): Bytes;
}

/** Columns of what is written, by record type, in the order of the types; under '' where all are of one kind. */
export type RecordColumns = ReadonlyMap<string, readonly string[]>;

/** A record of one of the types that a file mixes. */
export interface TypedRow {
  readonly type: string;
  readonly cells: readonly string[];
}

/** How a format writes files whose records are of several types; as the members of {@link Format} of the same names. */
export interface MixedWriting {
  check(options: FormatOptions, types: RecordColumns): readonly OptionFinding[];
  rowCheck(types: RecordColumns, options: FormatOptions): (row: TypedRow) => readonly CellFinding[];
  write(rows: AsyncIterable<TypedRow>, types: RecordColumns, options: FormatOptions, facts?: FileFacts): Bytes;
}

/** What a file that is written knows of itself. */
export interface FileFacts {
  /** Text for a place such as `date:yyyyMMdd`, `seq:6` or `site`, without its braces. */
  fill(place: string): string;
  /** Whether a file without rows has its trailer. */
  readonly hasEmptyTrailer: boolean;
}

/** A value that cannot be written. */
export interface CellFinding extends IssueDetails {
  readonly code: IssueCode;
  readonly column: string;
}

/** A finding in options; `path` leads to the place below `read:` or `write:`. */
export interface OptionFinding extends ConfigDetails {
  readonly code: ConfigCode;
  readonly path: readonly (string | number)[];
}

/** A raw record and the text of its reason columns; the header has none. */
export interface RejectRow {
  readonly raw: RawRecord;
  readonly reasons?: readonly string[];
  /** The cells to mend, for formats that can point at a cell. */
  readonly marks?: readonly CellMark[];
}

export interface CellMark {
  /** Column name, or JSON pointer of a tree, as issues name it. */
  readonly column: string;
  /** Of a workbook, where it is known: `C14`. */
  readonly cell?: string;
  readonly message: string;
}
