import type { IssueCode } from '../core/issue-catalogue.ts';
import { createIssue, type Issue, type IssueDetails } from '../core/issue.ts';
import type { Json } from '../core/json.ts';
import type { KeyPath, PositionedYaml } from '../core/positioned-yaml.ts';
import type { DataRecord } from '../core/record.ts';
import type { ColumnIndex, ColumnUse } from './columns.ts';
import type { Table } from './tables.ts';
import type { Zone } from './zone.ts';

/** What compiling one mapping needs and gathers. */
export interface Compiler {
  readonly direction: 'inbound' | 'outbound';
  readonly shape: 'table' | 'tree';
  readonly yaml: PositionedYaml;
  readonly issues: Issue[];
  /** Columns the mapping reads. */
  readonly columns: ColumnUse[];
  /** Part names in the order of `Run.parts`. */
  readonly parts: readonly string[];
  /** Whether several records may be one document. */
  readonly isGrouped: boolean;
  findTable(reference: string, path: KeyPath): Table | undefined;
  findZone(name: string): Zone | undefined;
  /** What is wrong with a constant, by the schema at a pointer. */
  checkConstant(value: Json, pointer: string): string | undefined;
  /** Number of expressions compiled so far. */
  expressions: number;
}

export function problem(compiler: Compiler, code: IssueCode, path: KeyPath, details: IssueDetails = {}): undefined {
  compiler.issues.push(createIssue(code, compiler.yaml.place(path), details));
}

/** What is known when a mapping meets the columns of a file. */
export interface Binding {
  readonly indexes: ReadonlyMap<string, ColumnIndex>;
  /** Column names of a part as its header has them. */
  readonly names: (part: string) => readonly string[];
  /** Gives a slot for a value that all records of the document share. */
  readonly headSlot: (column: HeadColumn) => number;
}

/** A value read from every record of the picked file. */
export interface HeadColumn {
  readonly name: string;
  readonly read: (record: DataRecord) => string;
}

/** Compiled as far as possible without columns. */
export type Bind<T> = (binding: Binding) => T;

/** Where in a mapping a name stands: which records or elements lie around it, the outermost first. */
export interface Scope {
  readonly levels: readonly Level[];
  /** Whether a missing column is an error here. */
  readonly isRequired: boolean;
}

export interface Level {
  readonly name: string;
  readonly kind: 'records' | 'elements';
  /** Index into `Run.parts`; for records. */
  readonly part: number;
}
