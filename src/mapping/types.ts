import type { FormatOptions, RecordColumns } from '../core/format.ts';
import type { Issue, Place } from '../core/issue.ts';
import type { Json, JsonSchema } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';
import type { DataRecord, SheetPlace } from '../core/record.ts';
import type { InboundDefinition, MappingDefinition, OutboundDefinition } from './definition/definition.ts';

export type * from './definition/definition.ts';

export interface ParsedMapping {
  readonly definition?: MappingDefinition;
  readonly yaml: PositionedYaml;
  readonly issues: readonly Issue[];
}

/** A look-up table that lies in a file of its own; the path is relative to the mapping. */
export interface TableFile {
  readonly name: string;
  readonly file: string;
  readonly key: string;
  readonly value?: string;
  readonly format: string;
  readonly options: FormatOptions;
  /** Where the mapping names the file. */
  readonly place: Place;
}

export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Which operation a document is for, where its head says so. */
export interface Purposes {
  /** Column of the head. */
  readonly from: string;
  /** Operations by what the column says. */
  readonly table: ReadonlyMap<string, string>;
  /** Operation of documents whose column is empty. */
  readonly otherwise?: string;
  /** Schemas of the payloads, by operation. */
  readonly schemas: ReadonlyMap<string, JsonSchema | undefined>;
}

export interface CompileContext {
  /** Schema of the operation's payload. Without it nothing is known of types and requirements. */
  readonly schema?: JsonSchema;
  /** Name of that operation, for mappings that build some operations differently. */
  readonly operation?: string;
  /** Instead of one operation: each document says its own. */
  readonly purposes?: Purposes;
  /** Content of the tables named by `tableFiles`. */
  readonly tables: ReadonlyMap<string, TableData>;
  readonly limits: Limits;
  /** Wall clock in milliseconds, for rules about today. Left out: the system's. */
  readonly now?: () => number;
}

export interface CompiledMapping {
  readonly mapping?: InboundMapping | OutboundMapping;
  readonly issues: readonly Issue[];
}

/** Part name of the file that was picked. Companions are parts under their own names. */
export const PICKED_PART = '';

export interface Header {
  readonly columns: readonly string[];
  /** Line of the header. */
  readonly line: number;
  /** Of a workbook: where the columns stand. */
  readonly sheet?: SheetPlace;
}

/** A record and the file of the drop it stands in. */
export interface SourceRecord {
  readonly part: string;
  readonly record: DataRecord;
  /** Envelope records that stand above it; on records with which a document begins. */
  readonly above?: readonly DataRecord[];
}

/** A record of a document that is too long anyway, which stands for others of its kind: they are only counted. */
export interface CountedRecord extends DataRecord {
  /** How many records it stands for, besides itself. */
  readonly more: number;
}

/** A record that belongs to a document. */
export interface PlacedRecord extends SourceRecord {
  /** Records with the same text are one document. */
  readonly group: string;
}

/** Tells for the records of a drop, given in their order, whose they are. */
export interface Sorting {
  /**
   * Undefined: it belongs to no document (envelope, trailer, ignored). A record whose document cannot be told gets one of its
   * own, so that a broken row becomes a refused document and not a lost one. Never throws.
   */
  place(part: string, record: DataRecord): PlacedRecord | undefined;
}

/** Files of a drop that `$table` looks up; filled before the first document is built. */
export interface LookUps {
  /** Whether the records of a file are looked up and belong to no document. */
  has(part: string): boolean;
  /** Trees have no header. */
  header(part: string, header: Header): void;
  /** Keeps what the mapping needs of the records; answers why the file cannot be used. */
  add(part: string, records: readonly DataRecord[], file: string): Issue | undefined;
  /** Undefined when there is no entry; `lines` when two rows say different things. */
  find(part: string, column: string, text: string): { text: string; lines?: readonly [number, number] } | undefined;
  /** Name of a file as issues show it. */
  fileOf(part: string): string;
}

export interface InboundMapping {
  readonly kind: 'inbound';
  readonly definition: InboundDefinition;
  /** What `document.key` reads, for messages about the key. */
  readonly keyColumn: string;
  /** Names of the companion files by part; undefined when the picked name does not fit `read.name`. */
  companions(pickedName: string): ReadonlyMap<string, string> | undefined;
  /** Under which name `bind` expects the header of a file, or of a record type of the picked one. */
  headerName(part: string, type: string | undefined): string;
  /** How many headers a drop has. */
  readonly headerCount: number;
  /** For one reading of a drop. */
  lookUps(): LookUps;
  /** Finds the columns. `headers` by name, `files` (names shown in issues) by part; trees have no header. `now`: another clock. */
  bind(
    headers: ReadonlyMap<string, Header>,
    files: ReadonlyMap<string, string>,
    lookUps?: LookUps,
    now?: () => number,
  ): { readonly bound?: BoundMapping; readonly issues: readonly Issue[] };
}

export interface BoundMapping {
  /** Whether `build` answers a promise: only mappings that use `$expr`. */
  readonly isAsync: boolean;
  /** For one reading of a drop, from its first record. */
  startSorting(): Sorting;
  /** Makes the document of records that share a group. `operation`: for this one, whatever the document says. */
  build(records: readonly SourceRecord[], operation?: string): BuiltDocument | Promise<BuiltDocument>;
  /** Where each value of the document came from and what was done to it. */
  explain(records: readonly SourceRecord[]): Promise<readonly Explanation[]>;
}

export interface BuiltDocument {
  readonly key: string;
  readonly type: string;
  /** Operation it is for, where documents say so themselves. */
  readonly operation?: string;
  /** Line of its first record. */
  readonly line: number;
  /** Left out when an issue is an error. */
  readonly payload?: Json;
  readonly issues: readonly Issue[];
}

/** A value and its history, for `dray map --explain`. */
export interface Explanation {
  /** JSON pointer of the payload property, or `document.key`, `document.operation`. */
  readonly pointer: string;
  /** Undefined: nothing was sent. */
  readonly value?: Json;
  readonly sources: readonly SourceCell[];
  readonly steps: readonly string[];
}

export interface SourceCell {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  /** Text of the cell, outer space removed. */
  readonly text: string;
}

export interface OutboundMapping {
  readonly kind: 'outbound';
  readonly definition: OutboundDefinition;
  /** None where files mix record types. */
  readonly columns: readonly string[];
  /** Columns by record type, where files mix them. */
  readonly types?: RecordColumns;
  /** Rows of one feed item. A promise only for mappings that use `$expr`. */
  rows(item: Json): OutboundRows | Promise<OutboundRows>;
}

export interface OutboundRow {
  /** Identity of what the row states. */
  readonly fact: string;
  /** None of a group. */
  readonly cells: readonly string[];
  /** Cells that hold counts of which only the growth is written, and whose counts they are. */
  readonly growth?: CellGrowth;
  /** Of a group: its records, as they stand in the file. */
  readonly records?: readonly OutboundRecord[];
}

export interface OutboundRecord {
  readonly type: string;
  readonly cells: readonly string[];
  readonly growth?: CellGrowth;
  /** How many records behind it are nothing without it. */
  readonly below: number;
}

export interface CellGrowth {
  readonly key: string;
  readonly columns: readonly number[];
}

/** Rows that cannot be made are left out; the issues say why. */
export interface OutboundRows {
  readonly rows: readonly OutboundRow[];
  readonly issues: readonly Issue[];
}

export interface MappingTestResult {
  readonly name: string;
  /** Line of the test in the mapping. */
  readonly line: number;
  readonly passed: boolean;
  readonly difference?: string;
  /** What came, in the form in which a test expects it. */
  readonly actual?: {
    readonly expect: readonly Json[];
    readonly issues: readonly { readonly line?: number; readonly column?: string; readonly code: string }[];
  };
}
