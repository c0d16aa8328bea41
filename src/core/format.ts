import type { JsonSchema } from './json.ts';
import type { Limits } from './limits.ts';
import type { RawRecord, ReadEvent } from './record.ts';

/** Bytes of a file, as they come. */
export type Bytes = AsyncIterable<Uint8Array>;

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
  /** Schema of the properties this format adds to `read:` and `write:`. */
  readonly readOptions: JsonSchema;
  readonly writeOptions: JsonSchema;
  /** Whether the structure of a file has ended, judged by its size and its last bytes (at most 64). */
  ending(tail: Uint8Array, size: number, options: FormatOptions): Ending;
  /** Reads records. Never throws for what is in the file: it says `refused` and ends. */
  read(bytes: Bytes, options: FormatOptions, context: ReadContext): AsyncIterable<ReadEvent>;
  /** The same records as {@link read}, same `seq`, as text exactly as received. */
  readRaw(bytes: Bytes, options: FormatOptions, context: ReadContext): AsyncIterable<RawRecord>;
  /** Turns kept raw records into a sheet: same dialect and encoding, with reason columns appended. */
  writeRejects(rows: AsyncIterable<RejectRow>, options: FormatOptions, reasons: readonly string[]): Bytes;
  /** Writes rows of text under the given columns. */
  write(rows: AsyncIterable<readonly string[]>, columns: readonly string[], options: FormatOptions): Bytes;
}

/** A raw record and the text of its reason columns; the header has none. */
export interface RejectRow {
  readonly raw: RawRecord;
  readonly reasons?: readonly string[];
}
