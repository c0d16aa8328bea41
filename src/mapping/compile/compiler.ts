import type { ConfigCode } from '../../core/issue-catalogue.ts';
import { createIssue, type ConfigDetails, type Issue } from '../../core/issue.ts';
import type { Json } from '../../core/json.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import type { DataRecord } from '../../core/record.ts';
import type { ColumnIndex, ColumnUse } from '../records/columns.ts';
import type { Part } from '../records/parts.ts';
import type { PayloadCheck } from '../payload/payload-check.ts';
import type { Table } from '../values/tables.ts';
import type { Zone } from '../values/zone.ts';

/** What compiling one mapping needs and gathers. */
export interface Compiler {
  readonly direction: 'inbound' | 'outbound';
  readonly shape: 'table' | 'tree';
  readonly yaml: PositionedYaml;
  readonly issues: Issue[];
  /** Columns the mapping reads. */
  readonly columns: ColumnUse[];
  /** In the order of `Run.parts`. */
  readonly parts: readonly Part[];
  /** What documents begin with, where the picked file mixes record types. */
  readonly begins: string | undefined;
  /** Names of files that are looked up. */
  readonly lookUps: readonly string[];
  /** Parts that are walked one inside another, by their places in `parts`, the outermost first. */
  readonly nestings: (readonly number[])[];
  /** Parts that `$each` goes through, by their places in `parts`. */
  readonly walked: Set<number>;
  /** Schema of what is being compiled. */
  check: PayloadCheck | undefined;
  /** Whether several records may be one document. */
  readonly isGrouped: boolean;
  /** Texts that say nothing, in all columns. */
  readonly empty: ReadonlySet<string>;
  findTable(reference: string, path: KeyPath): Table | undefined;
  findZone(name: string): Zone | undefined;
  /** What is wrong with a constant, by the schema at a pointer. */
  checkConstant(value: Json, pointer: string): string | undefined;
  /** Number of expressions compiled so far. */
  expressions: number;
}

export function problem(compiler: Compiler, code: ConfigCode, path: KeyPath, details: ConfigDetails = {}): undefined {
  compiler.issues.push(createIssue(code, compiler.yaml.place(path), details));
}

/** What is known when a mapping meets the columns of a file. */
export interface Binding {
  readonly indexes: ReadonlyMap<string, ColumnIndex>;
  /** Column names of a part as its header has them. */
  readonly names: (part: string) => readonly string[];
  /** Gives a slot for a value that all records of a part share. */
  readonly headSlot: (column: HeadColumn) => number;
  /** How a column is read where some texts stand for nothing. */
  readonly adapt?: (column: HeadColumn) => HeadColumn;
}

/** A value read from every record of a part. */
export interface HeadColumn {
  /** Index into `Run.parts`. */
  readonly part: number;
  readonly name: string;
  /** Tells readings of one column apart; its name when left out. */
  readonly slot?: string;
  readonly read: (record: DataRecord) => string;
}

/** Compiled as far as possible without columns. */
export type Bind<T> = (binding: Binding) => T;

/** Where in a mapping a name stands: which records or elements lie around it, the outermost first. */
export interface Scope {
  readonly levels: readonly Level[];
  /** Whether a missing column is an error here. */
  readonly isRequired: boolean;
  /** An optional object around it: a missing column is an error only when the file has something else for that object. */
  readonly within?: KeyPath | undefined;
  /** Whether a condition decides that it is made at all. */
  readonly isConditional?: boolean;
  /** Texts that say nothing here: of `$empty`. */
  readonly empty?: ReadonlySet<string>;
  /** A whole number is wanted, and nothing changes its text on the way: numbers of a tree are judged by their value. */
  readonly isWhole?: boolean;
}

export interface Level {
  readonly name: string;
  /** `groups`: several records at a time, which have a value in common. */
  readonly kind: 'records' | 'groups' | 'elements';
  /** Index into `Run.parts`; for records and groups. */
  readonly part: number;
}
