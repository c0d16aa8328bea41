import type { FormatOptions } from '../../core/format.ts';
import type { Controls } from '../controls/types.ts';

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
  readonly document: DocumentDefinition;
  readonly map: YamlObject;
  /** What is built for single operations, where that is not what `map` says. */
  readonly operations: Readonly<Record<string, { readonly map: YamlObject }>>;
  readonly tables: YamlObject;
  readonly controls?: Controls;
  readonly tests: readonly YamlObject[];
}

export interface DocumentDefinition {
  readonly type: string;
  readonly key: KeySpec;
  readonly group?: KeySpec;
  /** Record type with which a document begins; given when `read.records` is. */
  readonly begins?: string;
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
  /** Texts of cells that say nothing, in all columns. */
  readonly empty?: YamlValue;
  /** Kinds of records the picked file mixes, by name, in their order; empty when all are of one kind. */
  readonly records: ReadonlyMap<string, RecordTypeDefinition>;
}

/** What a mapping needs to know of a record type; how its records are told and read is the format's business. */
export interface RecordTypeDefinition {
  readonly role: 'part' | 'envelope' | 'trailer' | 'ignore';
  /** Whose record it is: same value as `document.group`. Left out: of the document before it. */
  readonly by?: KeySpec;
  /** Names of its columns, as far as the mapping lists them. */
  readonly columns?: readonly string[];
}

export interface CompanionDefinition {
  /** Name of the file, made from what `read.name` captured. */
  readonly name: string;
  /** Which head a record belongs to: the same value as the head's `document.group`. Left out for look-ups. */
  readonly by?: KeySpec;
  /** Column that is looked up by `$table`; then its records belong to no document. */
  readonly key?: string;
  /** Options of the format for this file; what is left out is as in `read`. */
  readonly options: FormatOptions;
}

export interface OutboundDefinition {
  readonly kind: 'outbound';
  readonly file: string;
  readonly summary?: string;
  readonly write: { readonly format: string; readonly options: FormatOptions };
  /** `Shipments[].Packages[].Items[]`: one row, or one group of records, per what. Left out: one per feed item. */
  readonly rows?: string;
  /** Template of the identity of a row, or of a group. */
  readonly fact: string;
  /** What the columns of a row say once it is in a snapshot no more, where only changes are written. */
  readonly gone?: Readonly<Record<string, string>>;
  readonly when?: YamlValue;
  /** The columns; empty where files mix record types. */
  readonly map: YamlObject;
  /** Record types that files mix, by name, in their order. */
  readonly records?: Readonly<Record<string, WrittenRecord>>;
  readonly tables: YamlObject;
  readonly tests: readonly YamlObject[];
}

/** A type of records that are written. */
export interface WrittenRecord {
  /** One record per what in the element of its group. Left out: one for each group. */
  readonly rows?: string;
  readonly when?: YamlValue;
  readonly map: YamlObject;
}
