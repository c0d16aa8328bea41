import type { Issue } from './issue.ts';
import type { Json } from './json.ts';

/**
 * One row, line or object of a drop.
 * A table's record holds its cells by column position, a tree's record its value.
 */
export interface DataRecord {
  /** Number of the record in its file, from 0, counting every record, good or bad. */
  readonly seq: number;
  /** Physical line on which the record starts, from 1. */
  readonly line: number;
  /** Name of its record type, where the mapping declares several (`read.records`). */
  readonly type?: string;
  readonly cells?: readonly string[];
  readonly tree?: Json;
  /** Whether it came back in a reject sheet, where only the reader can tell: its reasons are cut off. */
  readonly isReturned?: boolean;
  /** How many times the header was repeated above it; left out for none. */
  readonly stretch?: number;
  /** Why this record cannot be used as it stands. It still belongs to its document. */
  readonly issues?: readonly Issue[];
}

/** What a reader of a format says, in the order of the file. */
export type ReadEvent =
  /** Names of the columns; with record types one for each type, all before the first record. */
  | {
      readonly kind: 'header';
      readonly columns: readonly string[];
      readonly line: number;
      readonly type?: string;
      readonly sheet?: SheetPlace;
      /** Whether a reject sheet comes back, where the columns do not show it: those of its reasons are left out. */
      readonly isReturned?: boolean;
    }
  | { readonly kind: 'records'; readonly records: readonly DataRecord[] }
  /** Lines that are no records: skipped, counted, named. */
  | { readonly kind: 'ignored'; readonly records: number; readonly issue: Issue }
  /** A finding about the file that refuses nothing. */
  | { readonly kind: 'notice'; readonly issue: Issue }
  /** The file as a whole cannot be used. Nothing follows. */
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Where the columns of a table stand in a workbook. */
export interface SheetPlace {
  readonly name: string;
  /** Letters of the columns, in their order. */
  readonly letters: readonly string[];
}

/** A record exactly as received, for reject sheets. */
export interface RawRecord {
  /** As in {@link DataRecord}; -1 for the header. */
  readonly seq: number;
  readonly line: number;
  /** The record's text without its line end. */
  readonly text: string;
  readonly lineEnd: string;
  /** What only the format itself understands, for records that are no text: cells of a workbook. */
  readonly native?: unknown;
  /** What the file itself said about how it is written; on every record of a file, the same object. */
  readonly source?: RawSource;
}

/** How a file was in fact read, so that what goes back to its sender is written the same way. */
export interface RawSource {
  readonly encoding: string;
  /** Text before the first record: a byte order mark, a `sep=` line, title rows. */
  readonly lead: string;
}
