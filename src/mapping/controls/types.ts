/** Totals a file states about itself, and what they must agree with. */
export interface Controls {
  readonly trailer?: TrailerControl | readonly TrailerControl[];
  readonly header?: HeaderControl | readonly HeaderControl[];
  /** Totals each document states about itself, by the column that states them. */
  readonly document?: Readonly<Record<string, DocumentTotal>>;
}

/** Which values of a record are totals, and of what. A place is a position from 1 or the name of a column. */
export interface StatedTotals {
  /** Place of the count of what `of` says; or what is counted, by place. */
  readonly count?: number | string | Readonly<Record<string, string>>;
  /** `records`, `documents`, `lines`, or the name of a record type or a companion. */
  readonly of?: string;
  /** Summed columns, by place of the total. */
  readonly sums?: Readonly<Record<string, SummedSpec>>;
  /** Identifiers whose digits are added up, by place of the total. */
  readonly hash?: Readonly<Record<string, HashedSpec>>;
}

/** Totals of what came before. Told by its first value, or by its record type. */
export interface TrailerControl extends StatedTotals {
  readonly starts?: string;
  readonly record?: string;
  /** Record type with which a batch begins, or the trailer itself: the totals are those since then. */
  readonly since?: string;
}

/** Totals of what follows; without a record type, columns that every record repeats. */
export interface HeaderControl extends StatedTotals {
  readonly record?: string;
}

export type SummedSpec = string | { readonly of: string; readonly format?: string; readonly stated?: string };
export type HashedSpec = string | { readonly of: string; readonly keep?: number };

export interface DocumentTotal {
  /** `lines`, the name of a record type or a companion, or a path of a tree. */
  readonly count?: string;
  readonly sum?: SummedSpec;
  readonly hash?: HashedSpec;
}
