import type { FormatOptions } from '../core/format.ts';
import type { Issue, Place } from '../core/issue.ts';
import type { Json, JsonSchema } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';
import type { DataRecord } from '../core/record.ts';

/** A value as YAML gives it. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlObject;
export interface YamlObject {
  readonly [name: string]: YamlValue;
}

/** One column, several joined with `-`, or a template `{Site}-{OrderNo}`. */
export type KeySpec = string | readonly string[];

/** A mapping file whose keys and types are right; what it says is not yet checked against anything else. */
export type MappingDefinition = InboundDefinition | OutboundDefinition;

export interface InboundDefinition {
  readonly kind: 'inbound';
  readonly file: string;
  readonly summary?: string;
  readonly read: ReadDefinition;
  readonly document: { readonly type: string; readonly key: KeySpec; readonly group?: KeySpec };
  readonly map: YamlObject;
  readonly tables: YamlObject;
  readonly controls?: Controls;
  readonly tests: readonly YamlObject[];
}

export interface ReadDefinition {
  readonly format: string;
  readonly shape: 'table' | 'tree';
  /** Options of the format alone: what `Format.read` takes. */
  readonly options: FormatOptions;
  /** Pattern the picked file's name must fit: `SalesOrders{rest}.csv`. */
  readonly name?: string;
  /** Files that belong to the picked one, by part name. */
  readonly with: Readonly<Record<string, CompanionDefinition>>;
}

export interface CompanionDefinition {
  /** Name of the file, made from what `read.name` captured. */
  readonly name: string;
  /** Which head a record belongs to: the same value as the head's `document.group`. */
  readonly by: KeySpec;
  /** Options of the format for this file; what is left out is as in `read`. */
  readonly options: FormatOptions;
}

/** Totals a file states about itself. */
export interface Controls {
  readonly trailer?: {
    /** Text the trailer record starts with. */
    readonly starts: string;
    /** Position of the value that counts, from 1. */
    readonly count?: number;
    readonly of?: 'records' | 'documents';
  };
}

export interface OutboundDefinition {
  readonly kind: 'outbound';
  readonly file: string;
  readonly summary?: string;
  readonly write: { readonly format: string; readonly options: FormatOptions };
  /** `Shipments[].Packages[].Items[]`: one row per what. Left out: one row per feed item. */
  readonly rows?: string;
  /** Template of a row's identity. */
  readonly fact: string;
  readonly when?: YamlValue;
  readonly map: YamlObject;
  readonly tables: YamlObject;
  readonly tests: readonly YamlObject[];
}

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

export interface CompileContext {
  /** Schema of the operation's payload. Without it nothing is known of types and requirements. */
  readonly schema?: JsonSchema;
  /** Content of the tables named by `tableFiles`. */
  readonly tables: ReadonlyMap<string, TableData>;
  readonly limits: Limits;
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
}

/** A record and the part of the drop it stands in. */
export interface SourceRecord {
  readonly part: string;
  readonly record: DataRecord;
}

export interface InboundMapping {
  readonly kind: 'inbound';
  readonly definition: InboundDefinition;
  /** What `document.key` reads, for messages about the key. */
  readonly keyColumn: string;
  /** Names of the companion files by part; undefined when the picked name does not fit `read.name`. */
  companions(pickedName: string): ReadonlyMap<string, string> | undefined;
  /** Finds the columns. `headers` and `files` (names shown in issues) by part; trees have no header. */
  bind(
    headers: ReadonlyMap<string, Header>,
    files: ReadonlyMap<string, string>,
  ): { readonly bound?: BoundMapping; readonly issues: readonly Issue[] };
}

export interface BoundMapping {
  /** Whether `build` answers a promise: only mappings that use `$expr`. */
  readonly isAsync: boolean;
  /**
   * Records with the same value are one document. Never throws. A record whose value cannot be told gets one of its own,
   * so that a broken row becomes a refused document and not a lost one.
   */
  group(part: string, record: DataRecord): string;
  /** Makes the document of records that share a group. */
  build(records: readonly SourceRecord[]): BuiltDocument | Promise<BuiltDocument>;
  /** Where each value of the document came from and what was done to it. */
  explain(records: readonly SourceRecord[]): Promise<readonly Explanation[]>;
}

export interface BuiltDocument {
  readonly key: string;
  readonly type: string;
  /** Line of its first record. */
  readonly line: number;
  /** Left out when an issue is an error. */
  readonly payload?: Json;
  readonly issues: readonly Issue[];
}

/** A value and its history, for `dray map --explain`. */
export interface Explanation {
  /** JSON pointer of the payload property. */
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
  readonly columns: readonly string[];
  /** Rows of one feed item. A promise only for mappings that use `$expr`. */
  rows(item: Json): OutboundRows | Promise<OutboundRows>;
}

export interface OutboundRow {
  /** Identity of what the row states. */
  readonly fact: string;
  readonly cells: readonly string[];
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
}
